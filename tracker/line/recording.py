"""Records what a receipt shows once its person says so, and takes it back: the only writes of a conversation."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.kinds import TaskState
from tracker.line.draft import Draft
from tracker.models import Completion, Member, Task
from tracker.services.audit import Actor
from tracker.services.tasks import progress
from tracker.store.storage import NewEvidence

UNDO_WITHIN = timedelta(hours=1)
"""A slip is seen at once; later the button in an old chat would take back what others have read."""
PHOTOS_WITHIN = timedelta(minutes=30)
"""A photo that follows a saved answer within it belongs to that answer; a later one is asked about."""
_CLOSED = (TaskState.DONE, TaskState.SUBMITTED)


def save(session: Session, draft: Draft, tasks: Sequence[Task], member: Member, today: date, at: datetime) -> Draft:
    """Records the draft for all of its tasks or, raising what the services raise, for none; gives it as saved."""
    by = _actor(member)
    form_key = _form_key(draft, member, at)
    rows: list[int] = []
    with session.begin_nested():
        for task in tasks:
            match draft.mode:
                case "done":
                    row: int | None = _save_done(session, draft, task, by, today, at, form_key)
                case "progress":
                    note = progress.note_progress(
                        session, task, text=draft.words, noted_on=today, evidence=draft.evidence(), by=by, at=at
                    )
                    session.flush()
                    row = note.id
                case "cannot":
                    progress.not_possible(
                        session, task, reason=draft.reason, text=draft.words or None, declared_on=today, by=by, at=at
                    )
                    row = None
            rows += [row] if row else []
    return replace(draft, state="saved", pending="", replaces=False, saved_at=at.isoformat(), completions=tuple(rows))


def _save_done(session: Session, draft: Draft, task: Task, by: Actor, today: date, at: datetime, form_key: str) -> int:
    evidence = draft.evidence()
    before = task.completion if task.state in _CLOSED else None
    if draft.replaces and before is not None:
        known = {piece.stored_name for piece in evidence}
        evidence = [*(piece for piece in _pieces(before) if piece.stored_name not in known), *evidence]
        progress.withdraw(session, task, by=by, at=at)
    completion = progress.tick_off(
        session,
        task,
        result=draft.words,
        done_on=draft.day_of(task.id),
        today=today,
        evidence=evidence,
        by=by,
        at=at,
        form_key=form_key,
    )
    session.flush()
    return completion.id


def undo(session: Session, draft: Draft | None, task: Task, member: Member, at: datetime) -> list[Task] | None:
    """Takes back what this person saved by LINE within the hour, of the task and of what was saved with it.

    Gives the tasks, None where the hour is over or nothing of this person's is there to be taken back.
    """
    by = _actor(member)
    if draft is not None and draft.state == "saved" and draft.mode != "done":
        return _undo_other(session, draft, by, at)
    completion = task.completion
    if task.state not in _CLOSED or completion is None:
        return None
    if (
        completion.entered_by_id != member.id
        or completion.form_key is None
        or completion.entered_at <= at - UNDO_WITHIN
    ):
        return None
    together = session.scalars(
        select(Task)
        .join(Completion, Completion.task_id == Task.id)
        .where(
            Completion.form_key == completion.form_key,
            Completion.entered_by_id == member.id,
            Completion.withdrawn_at.is_(None),
        )
        .order_by(Task.scheduled_on, Task.id)
    ).all()
    return [one for one in together if _withdrawn(session, one, by, at)]


def _undo_other(session: Session, draft: Draft, by: Actor, at: datetime) -> list[Task] | None:
    if datetime.fromisoformat(draft.saved_at) <= at - UNDO_WITHIN:
        return None
    tasks = session.scalars(select(Task).where(Task.id.in_(draft.tasks)).order_by(Task.scheduled_on, Task.id)).all()
    if draft.mode == "cannot":
        return [one for one in tasks if one.state == TaskState.NOT_POSSIBLE and _withdrawn(session, one, by, at)]
    for task in tasks:
        note = next((one for one in task.notes if one.id in draft.completions), None)
        if note is not None and task.is_open:
            progress.withdraw_note(session, task, note, by=by, at=at)
    return list(tasks)


def add_photo(
    session: Session, draft: Draft, tasks: Sequence[Task], pieces: Sequence[NewEvidence], member: Member, at: datetime
) -> None:
    """Adds photos that came after saving to what was saved; raises what ``add_evidence`` raises."""
    for task in tasks:
        if draft.mode == "progress":
            _add_to_note(session, draft, task, pieces, member, at)
            continue
        completion = task.completion
        if completion is None or completion.id not in draft.completions:
            raise ConflictError("What was recorded was withdrawn meanwhile.", "ผลของงานนี้ถูกถอนไปแล้ว กรุณาบันทึกใหม่")
        for piece in pieces:
            progress.add_evidence(session, task, completion, piece, by=_actor(member), at=at)


def _add_to_note(
    session: Session, draft: Draft, task: Task, pieces: Sequence[NewEvidence], member: Member, at: datetime
) -> None:
    note = next((one for one in task.notes if one.id in draft.completions), None)
    if note is None:
        raise ConflictError("The note was taken back meanwhile.", "ความคืบหน้านี้ถูกถอนไปแล้ว กรุณาบันทึกใหม่")
    for piece in pieces:
        progress.add_note_evidence(session, task, note, piece, by=_actor(member), at=at)


def _withdrawn(session: Session, task: Task, by: Actor, at: datetime) -> bool:
    progress.withdraw(session, task, by=by, at=at)
    return True


def _pieces(completion: Completion) -> list[NewEvidence]:
    return [
        NewEvidence(one.original_name, one.stored_name, one.media_type, one.size, one.sha256, one.url)
        for one in completion.evidence
    ]


def _form_key(draft: Draft, member: Member, at: datetime) -> str:
    """One for all completions of a save: what is taken back together."""
    return hashlib.sha256(f"line {member.id} {draft.number} {at.isoformat()}".encode()).hexdigest()[:32]


def _actor(member: Member) -> Actor:
    return Actor(member.name, "line", member.id)
