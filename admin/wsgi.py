"""The application as a production WSGI server loads it: ``gunicorn admin.wsgi:app``."""

from admin.app import create_app

app = create_app()
