"""What each kind of event means: one decision per event, made in the transaction that marks the event as worked off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.channels.line.postback import done_task
from tracker.line import conversation, messages
from tracker.line import link_notice as letter
from tracker.line.answer import Answer, IncomingEvent
from tracker.line.linking import linked_members, read_code, unlink, use_code
from tracker.line.own_tasks import own_tasks
from tracker.models import LineEvent, Member, Notice
from tracker.services.audit import Actor, record
from tracker.settings import Settings

BLOCKED = "เลิกติดตามหรือบล็อกบัญชีทางการใน LINE"
_MOST_AGENCIES = 5


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """What every decision needs: settings, the secret key, and the instant of the decision."""

    settings: Settings
    key: str
    at: datetime


def handle(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """Does what the event asks for and gives the answer; changes nothing where it means nothing to us."""
    match arrived.kind:
        case "message":
            return _message(session, desk, arrived)
        case "postback":
            return _postback(session, desk, arrived)
        case "follow":
            return _follow(session, desk, arrived)
        case "unfollow":
            return _unfollow(session, desk, arrived)
        case _:
            return Answer("ignored")


def _message(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    if arrived.text is not None:
        return _text(session, desk, arrived, arrived.text)
    if talk := conversation.going_on(session, arrived.user_id, arrived.happened_at):
        if arrived.is_file:
            return conversation.show(session, talk, arrived, desk.at)
        return Answer("refused", (messages.text(messages.ONLY_PHOTOS),), talk.agency_id)
    if arrived.is_file and (members := linked_members(session, arrived.user_id)):
        return Answer("ignored", (messages.text(messages.PRESS_FIRST),), _agency(members))
    return _help(session, arrived)


def _text(session: Session, desk: HandlerContext, arrived: IncomingEvent, words: str) -> Answer:
    folded = " ".join(words.casefold().split())
    if folded in messages.UNLINK_WORDS:
        return _unlink(session, desk, arrived)
    if folded in messages.TASKS_WORDS:
        return _own_tasks(session, desk, arrived)
    if code := read_code(words):
        return _code(session, desk, arrived, code)
    if talk := conversation.going_on(session, arrived.user_id, arrived.happened_at):
        return conversation.say(session, talk, arrived, words, desk.settings.base_url, desk.at)
    if folded in messages.CANCEL_WORDS:
        return Answer("ignored", (messages.text(messages.NOTHING_TO_CANCEL),))
    return _help(session, arrived)


def _postback(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    pressed = arrived.payload.get("postback")
    data = pressed.get("data") if isinstance(pressed, dict) else None
    task_id = done_task(desk.key, data) if isinstance(data, str) else None
    if task_id is None:
        return Answer("not_ours")
    return conversation.begin(session, arrived, task_id)


def _code(session: Session, desk: HandlerContext, arrived: IncomingEvent, code: str) -> Answer:
    attempt = use_code(
        session, arrived.user_id, code, desk.key, arrived.line_name, typed_at=arrived.happened_at, at=desk.at
    )
    member = attempt.member
    if member is None:
        words = messages.TOO_MANY_CODES if attempt.outcome == "too_many" else messages.WRONG_CODE
        return Answer(attempt.outcome, (messages.text(words),))
    if attempt.outcome == "taken":
        return Answer("taken", (messages.taken(member),), member.agency_id)
    written = letter.write(session, desk.settings, member, arrived.event_id, desk.at)
    return Answer("linked", (messages.linked(member, member.agency),), member.agency_id, letter=written)


def _unlink(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    members = linked_members(session, arrived.user_id)
    for member in members:
        unlink(session, member, Actor(member.name, "line", member.id), desk.at)
    said = messages.UNLINKED if members else messages.NOT_LINKED
    return Answer("unlinked" if members else "ignored", (messages.text(said),), _agency(members))


def _own_tasks(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    members = linked_members(session, arrived.user_id)
    if not members:
        return _help(session, arrived)
    found = [
        own_tasks(session, member, arrived.day, desk.settings.base_url, desk.key) for member in members[:_MOST_AGENCIES]
    ]
    shown = tuple(message for message in found if message)
    return Answer("tasks_shown", shown or (messages.text(messages.NO_TASKS),), _agency(members))


def _follow(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    if _is_stale(session, arrived):
        return Answer("stale")
    members = linked_members(session, arrived.user_id)
    for member in members:
        if member.line_failed:
            member.line_failed = None
            by = Actor(member.name, "line", member.id)
            record(session, member.agency_id, "line_followed", by, desk.at, member=member.id)
    said = messages.welcome_back(members) if members else messages.text(messages.GREETING)
    return Answer("followed", (said,), _agency(members))


def _unfollow(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """Blocked: LINE would accept pushes and deliver none of them, so messages go another way; the coordinator hears."""
    if _is_stale(session, arrived):
        return Answer("stale")
    members = linked_members(session, arrived.user_id)
    for member in members:
        if member.line_failed:
            continue
        member.line_failed = BLOCKED
        by = Actor(member.name, "line", member.id)
        record(session, member.agency_id, "line_unfollowed", by, desk.at, member=member.id)
        words = f"{member.name} {BLOCKED} จากนี้ระบบจะแจ้งทางช่องทางอื่นแทน"
        session.add(
            Notice(
                agency_id=member.agency_id,
                kind="undelivered",
                text=words,
                path="/people/line",
                created_at=desk.at,
            )
        )
    return Answer("unfollowed", agency_id=_agency(members))


def _help(session: Session, arrived: IncomingEvent) -> Answer:
    members = linked_members(session, arrived.user_id)
    said = messages.help_() if members else messages.text(messages.GREETING)
    return Answer("helped", (said,), _agency(members))


def _is_stale(session: Session, arrived: IncomingEvent) -> bool:
    """Whether the event came late: an unfollow after this follow, or anything else after this unfollow."""
    unfollowed = LineEvent.kind == "unfollow"
    later = exists().where(
        LineEvent.user_id == arrived.user_id,
        LineEvent.happened_at > arrived.happened_at,
        unfollowed if arrived.kind == "follow" else ~unfollowed,
    )
    return bool(session.scalar(select(later)))


def _agency(members: Sequence[Member]) -> int | None:
    return members[0].agency_id if len(members) == 1 else None
