"""A "done" button asks for one sentence; the sentence ticks the task off; photos become its evidence."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, TrackerError
from tracker.line import messages
from tracker.line.answer import Answer, IncomingEvent
from tracker.line.linking import linked_members
from tracker.models import LineConversation, Member, Task
from tracker.services.access import may_tick, viewer_for
from tracker.services.audit import Actor
from tracker.services.tasks.progress import add_evidence, tick_off

SENTENCE_WITHIN = timedelta(hours=1)
PHOTOS_WITHIN = timedelta(minutes=30)
MOST_FILES = 20


def going_on(session: Session, user_id: str, at: datetime) -> LineConversation | None:
    """What the LINE user was being asked at that instant."""
    return session.scalar(
        select(LineConversation).where(LineConversation.user_id == user_id, LineConversation.expires_at > at)
    )


def begin(session: Session, arrived: IncomingEvent, task_id: int) -> Answer:
    """The "done" button: asks for a sentence, where the task is open and the person's to tick off."""
    task = session.get(Task, task_id)
    member = _who_may_tick(session, arrived.user_id, task)
    if task is None or member is None:
        return Answer("not_yours", (messages.text(messages.NOT_YOURS),))
    if not task.is_open:
        return Answer("closed_already", (messages.text(messages.state_of(task)),), task.agency_id)
    _end(session, arrived.user_id)
    session.add(
        LineConversation(
            agency_id=task.agency_id,
            user_id=arrived.user_id,
            member_id=member.id,
            task_id=task.id,
            expires_at=arrived.happened_at + SENTENCE_WITHIN,
        )
    )
    return Answer("asked", (messages.ask_sentence(task),), task.agency_id)


def say(
    session: Session, talk: LineConversation, arrived: IncomingEvent, words: str, base_url: str, at: datetime
) -> Answer:
    """A text within a conversation: the sentence asked for, or the end of the photos."""
    folded = words.casefold()
    url = f"{base_url}/tasks/{talk.task_id}"
    if talk.completion is not None:
        if folded in messages.CANCEL_WORDS:
            _end(session, arrived.user_id)
            return Answer("kept", (messages.recorded_already(url),), talk.agency_id)
        if folded not in messages.ENOUGH_WORDS:
            return Answer("hinted", (messages.photos_or_enough(),), talk.agency_id)
        count = len(talk.completion.evidence)
        _end(session, arrived.user_id)
        return Answer("closed", (messages.closed(count, url),), talk.agency_id)
    if folded in messages.CANCEL_WORDS:
        _end(session, arrived.user_id)
        return Answer("cancelled", (messages.text(messages.CANCELLED),), talk.agency_id)
    if folded in messages.ENOUGH_WORDS:
        return Answer("hinted", (messages.text(messages.SAY_WHAT),), talk.agency_id)
    return _tick(session, talk, arrived, words, at)


def show(session: Session, talk: LineConversation, arrived: IncomingEvent, at: datetime) -> Answer:
    """A photo or file within a conversation becomes evidence of what was recorded."""
    completion = talk.completion
    if completion is None:
        return Answer("hinted", (messages.text(messages.SENTENCE_FIRST),), talk.agency_id)
    if arrived.problem or arrived.file is None:
        return Answer("refused", (messages.text(arrived.problem or messages.ONLY_PHOTOS),), talk.agency_id)
    if _who_may_tick(session, arrived.user_id, talk.task) is None:
        return Answer("not_yours", (messages.text(messages.NOT_YOURS),), talk.agency_id)
    if len(completion.evidence) >= MOST_FILES:
        return Answer("refused", (messages.text(messages.ENOUGH_FILES),), talk.agency_id)
    try:
        add_evidence(session, talk.task, completion, arrived.file, by=_actor(talk.member), at=at)
    except TrackerError as error:
        _end(session, arrived.user_id)
        return Answer("refused", (messages.text(error.sentence_th),), talk.agency_id)
    said = (messages.kept(len(completion.evidence)),) if arrived.is_last_of_set else ()
    return Answer("evidence", said, talk.agency_id, keeps_file=True)


def _tick(session: Session, talk: LineConversation, arrived: IncomingEvent, words: str, at: datetime) -> Answer:
    task, by = talk.task, _actor(talk.member)
    if _who_may_tick(session, arrived.user_id, task) is None:
        _end(session, arrived.user_id)
        return Answer("not_yours", (messages.text(messages.NOT_YOURS),), talk.agency_id)
    try:
        talk.completion = tick_off(session, task, result=words, done_on=arrived.day, today=arrived.day, by=by, at=at)
    except ConflictError as error:
        _end(session, arrived.user_id)
        return Answer("closed_already", (messages.text(error.sentence_th),), talk.agency_id)
    except TrackerError as error:
        return Answer("refused", (messages.text(error.sentence_th),), talk.agency_id)
    talk.expires_at = arrived.happened_at + PHOTOS_WITHIN
    minutes = int(PHOTOS_WITHIN.total_seconds() // 60)
    return Answer("ticked_off", (messages.ticked(task, minutes),), talk.agency_id)


def _who_may_tick(session: Session, user_id: str, task: Task | None) -> Member | None:
    """The member of the task's agency whom this LINE account is, if the task is that person's to tick off."""
    if task is None:
        return None
    members = [member for member in linked_members(session, user_id) if member.agency_id == task.agency_id]
    return next((member for member in members if may_tick(viewer_for(session, member), task)), None)


def _end(session: Session, user_id: str) -> None:
    session.execute(delete(LineConversation).where(LineConversation.user_id == user_id))


def _actor(member: Member) -> Actor:
    return Actor(member.name, "line", member.id)
