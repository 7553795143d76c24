"""The application as a production WSGI server loads it: ``gunicorn admin.wsgi:app``."""

import gc

from admin.app import create_app
from admin.web import logs
from admin.web import watchdog_thread as watch
from admin.web.context import site
from tracker.settings import load

logs.init(load())
app = create_app()
with app.app_context():
    watch.start(site())
gc.collect()
gc.freeze()  # what was loaded stays loaded: no collection looks at it again while somebody waits for a page
gc.set_threshold(10_000, 20, 20)  # nor at a page's own things at every seventh hundred of them
