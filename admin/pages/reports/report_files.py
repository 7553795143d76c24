"""The files of a report on the web: made at once where that is quick, else by a worker, and sent from disk."""

from collections.abc import Iterable
from datetime import timedelta

from flask import Response
from sqlalchemy import select

from admin.web import queue
from admin.web.context import db, now, site
from tracker.broker import Work
from tracker.kinds import FileState
from tracker.models import Heartbeat, Plan, ReportFile
from tracker.services.reports import report_files

ALIVE_WITHIN = timedelta(minutes=5)


def start(plan: Plan, files: Iterable[ReportFile]) -> None:
    """Commits what was asked for and has it made; those of a large plan by the workers, where one lives."""
    waiting = [one.id for one in files if one.state == FileState.ASKED]
    by_workers = bool(waiting) and left_to_workers(plan)
    db().commit()  # nothing is written to disk while the database is locked
    if by_workers and all(queue.send(site().settings, Work.REPORT_FILE, one) for one in waiting):
        return
    for one in waiting:
        report_files.make(site().database, site().evidence, one, now(), site().settings.zone)


def left_to_workers(plan: Plan) -> bool:
    """Whether the plan is so large that its files are made in the background."""
    heard = select(Heartbeat.at).where(Heartbeat.name.startswith("worker "), Heartbeat.at > now() - ALIVE_WITHIN)
    return report_files.is_large(db(), plan) and db().scalar(heard.limit(1)) is not None


def attachment(content: bytes, name: str, content_type: str) -> Response:
    """A file under its name, which no browser runs in our origin."""
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
