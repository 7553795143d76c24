"""What each kind of event means: one decision per event, made in the transaction that marks the event as worked off."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.channels.line.postback import read_button
from tracker.kinds import NoticeKind, RoleName
from tracker.line import link_notice as letter
from tracker.line import messages, prompting
from tracker.line.answer import Answer, HandlerContext, IncomingEvent
from tracker.line.conversation import Conversation
from tracker.line.linking import linked_members, read_code, unlink, use_code
from tracker.line.own_tasks import own_tasks, superior_s_view
from tracker.models import LineEvent, Member, Notice, Role
from tracker.services.audit import Actor, record

BLOCKED = "เลิกติดตามหรือบล็อกบัญชีทางการใน LINE"
_MOST_AGENCIES = 5
"""Agencies of one person that are listed: LINE takes five messages in a reply."""


def handle(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """Does what the event asks for and gives the answer; changes nothing where it means nothing to us."""
    if arrived.is_in_group:
        return Answer("in_group", (messages.text(messages.NOT_IN_GROUPS),))
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
    members = linked_members(session, arrived.user_id)
    if not members:
        return _help(session, arrived)
    if arrived.is_file:
        return Conversation(session, desk, arrived).photo()
    return Answer("refused", (messages.text(messages.ONLY_PHOTOS),), _agency(members))


def _text(session: Session, desk: HandlerContext, arrived: IncomingEvent, words: str) -> Answer:
    folded = messages.folded(words)
    for command, does in _COMMANDS:
        if folded in command:
            return does(session, desk, arrived)
    if code := read_code(words):
        return _code(session, desk, arrived, code)
    if answer := Conversation(session, desk, arrived).say(words):
        return answer
    if folded in messages.CANCEL_WORDS or folded == messages.UNDO:
        return Answer("ignored", (messages.text(messages.NOTHING_TO_CANCEL),))
    return _help(session, arrived)


def _postback(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    pressed = arrived.payload.get("postback")
    data = pressed.get("data") if isinstance(pressed, dict) else None
    button = read_button(desk.key, data) if isinstance(data, str) else None
    if button is None:
        return Answer("not_ours")
    if button.value == "picked":
        picked = pressed.get("params") if isinstance(pressed, dict) else None
        button = replace(button, value=str(picked.get("date", "")) if isinstance(picked, dict) else "")
    if button.act in prompting.ACTS:
        members = linked_members(session, arrived.user_id)
        reply = prompting.prompt(session, desk, list(members), button)
        return Answer(reply.outcome, (reply.message,), _agency(members))
    if button.act == "unlink":
        return _unlink(session, desk, arrived)
    if button.act == "more":
        return _own_tasks(session, desk, arrived, skip=int(button.value or 0) if button.value.isdigit() else 0)
    return Conversation(session, desk, arrived).press(button)


def _coordinators(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """Whom a person may ask; what was typed so far is kept."""
    members = linked_members(session, arrived.user_id)
    if not members:
        return _help(session, arrived)
    found = session.scalars(
        select(Member)
        .join(Role)
        .where(Role.role == RoleName.COORDINATOR, Member.agency_id == members[0].agency_id, Member.active)
        .order_by(Member.id)
    ).all()
    said = messages.coordinators(found)
    note = Conversation(session, desk, arrived).pause()
    return Answer("helped", (said, note) if note else (said,), _agency(members))


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


def _not_me(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """Somebody else was linked: parted at once, and the coordinators hear of it, for the code went astray."""
    members = linked_members(session, arrived.user_id)
    for member in members:
        unlink(session, member, Actor(member.name, "line", member.id), desk.at)
        words = f"ผู้ใช้ LINE ที่เชื่อมไว้กับ{member.name}แจ้งว่าไม่ใช่คนนี้ จึงยกเลิกการเชื่อมแล้ว โปรดออกรหัสใหม่ให้ตัวจริง"
        session.add(
            Notice(
                agency_id=member.agency_id, kind=NoticeKind.OTHER, text=words, path="/people/line", created_at=desk.at
            )
        )
    said = messages.WAS_NOT_ME if members else messages.NOT_LINKED
    return Answer("unlinked" if members else "ignored", (messages.text(said),), _agency(members))


def _own_tasks(session: Session, desk: HandlerContext, arrived: IncomingEvent, skip: int = 0) -> Answer:
    members = linked_members(session, arrived.user_id)
    if not members:
        return _help(session, arrived)
    note = Conversation(session, desk, arrived).pause()
    found = [
        own_tasks(session, member, arrived.day, desk.settings.base_url, desk.key, skip=skip)
        for member in members[:_MOST_AGENCIES]
    ]
    shown = [message for message in found if message] or [messages.text(messages.NO_TASKS)]
    said = (*shown[: _MOST_AGENCIES - 1], note) if note else tuple(shown)
    return Answer("tasks_shown", said, _agency(members))


def _standing(session: Session, desk: HandlerContext, arrived: IncomingEvent) -> Answer:
    """ใครค้าง and รอลงนาม of a superior's menu; whoever is none is shown the own tasks."""
    members = linked_members(session, arrived.user_id)
    found = [
        superior_s_view(session, member, arrived.day, desk.settings.base_url, desk.key)
        for member in members[:_MOST_AGENCIES]
    ]
    shown = [message for message in found if message]
    if not shown:
        return _own_tasks(session, desk, arrived)
    note = Conversation(session, desk, arrived).pause()
    said = (*shown[: _MOST_AGENCIES - 1], note) if note else tuple(shown)
    return Answer("tasks_shown", said, _agency(members))


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
                kind=NoticeKind.UNDELIVERED,
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


_COMMANDS = (
    (messages.UNLINK_WORDS, _unlink),
    (messages.NOT_ME_WORDS, _not_me),
    (messages.TASKS_WORDS | messages.SEND_WORDS, _own_tasks),
    (messages.ASK_WORDS, _coordinators),
    (messages.STANDING_WORDS, _standing),
)
