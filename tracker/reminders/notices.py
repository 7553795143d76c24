"""What people are told once in their next digest, beside the reminders: sent in, returned, reassigned."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.kinds import NoticeKind
from tracker.models import Notice, Task

TO_OWNERS = (NoticeKind.RETURNED, NoticeKind.REASSIGNED)
"""Kinds that go to whoever is responsible for the task when the digest is made; the others to the coordinators."""


def goes_at_once(notice: Notice) -> bool:
    """Whether it was sent to one person on purpose, such as a report to be signed: that person's digest of today, if
    it has not gone out, goes for it alone."""
    return notice.kind == NoticeKind.OTHER and notice.member_id is not None


def notify(session: Session, task: Task, kind: NoticeKind, text: str, at: datetime) -> None:
    """Tells the task's people (``returned``, ``reassigned``) or the coordinators in their next digest."""
    session.add(
        Notice(agency_id=task.agency_id, task_id=task.id, kind=kind, text=text, path=f"/tasks/{task.id}", created_at=at)
    )


def tell_unstarted(session: Session, task: Task, who: str, at: datetime) -> None:
    """Tells the coordinators, once a digest, that a task has not been begun; the report says nothing of it."""
    text = f"{who}แจ้งว่ายังไม่เริ่ม: {task.title}"
    waits = exists().where(Notice.task_id == task.id, Notice.text == text, Notice.taken_at.is_(None))
    if not session.scalar(select(waits)):
        notify(session, task, NoticeKind.OTHER, text, at)
