"""gunicorn's settings: ``gunicorn --config python:admin.web.server admin.wsgi:app``.

The application is made once, in gunicorn's own process, and every web process is a copy of it: it starts at once, and
what nobody changes lies in memory once for all.
"""

from gunicorn.workers.base import Worker

from admin.web import watchdog_thread
from admin.web.context import site

preload_app = True
worker_class = "admin.web.buffering_worker.BufferingWorker"
logger_class = "admin.web.logs.ServerLog"
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """What a copied process has to begin itself: no thread is copied with it."""
    with worker.wsgi.app_context():
        watchdog_thread.start(site())
