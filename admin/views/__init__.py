"""The pages, each group in a file of its own, in the order of the menu."""

from flask import Flask
from flask_admin import Admin

from admin.views import evidence
from admin.views.account import AccountPage
from admin.views.operations import OperationsPage
from admin.views.tasks import TasksPage


def add_views(app: Flask, frame: Admin) -> None:
    """Registers every page."""
    for page in (TasksPage(), AccountPage(), OperationsPage()):
        frame.add_view(page)
    app.add_url_rule("/evidence/<int:evidence_id>", "evidence", evidence.download)
