"""Beat's application: the schedule alone. It sends tasks by their names, and loads neither them nor the database."""

from celery import Celery

from tracker.settings import load
from workers.app import configuration

app = Celery("workers", include=["workers.logs"])
app.add_defaults(lambda: configuration(load()))
