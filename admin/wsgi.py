"""The application as a production WSGI server loads it: ``gunicorn admin.wsgi:app``."""

from admin import watch
from admin.app import create_app
from admin.context import site

app = create_app()
with app.app_context():
    watch.start(site())
