"""Answering by a link in an e-mail or a LINE message, without signing in.

The link is the right to answer for one task, as its person, at the address that it went to. Opening it changes nothing.
ทำแล้ว and ทำไม่ได้ use it up; a progress note does not, for the task stays open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.channels.email.done_link import DoneLink, DoneLinks
from tracker.channels.reading_link import ReadingLink
from tracker.errors import ConflictError, NotFoundError, TrackerError
from tracker.kinds import OPEN_STATES
from tracker.models import ActionLinkUse, Completion, Digest, Event, Measure, Member, ProgressNote, Reminder, Step, Task
from tracker.reminders import notices
from tracker.services.access import may_tick, own_tasks_of, viewer_for
from tracker.services.audit import Actor, Channel, lock
from tracker.services.tasks import progress
from tracker.store.storage import NewEvidence

GOOD_FOR = timedelta(days=14)
UNDO_WITHIN = timedelta(hours=1)
OFFERED = timedelta(days=31)
"""Occasions due later than this are not offered together with the link's own."""
AnswerKind = Literal["done", "note", "not_possible"]
Why = Literal["used", "expired", "closed", "moved"]
_KINDS = ("ticked_off", "progress_noted", "not_possible")


class LinkGoneError(TrackerError):
    """The link was good once: it is used or too old, or its task waits for nothing, or for somebody else."""

    http_status = 410

    def __init__(self, why: Why, sentence: str, sentence_th: str) -> None:
        super().__init__(sentence, sentence_th)
        self.why = why


@dataclass(frozen=True, slots=True)
class DoneOffer:
    """What a link offers: to answer for the task in the member's name. ``key`` names the link in the record.

    ``occasions`` are the open tasks of the same step and party that one answer may be for, the task among them.
    """

    member: Member
    task: Task
    key: str
    occasions: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Renewed:
    """A new token in place of one that is too old: whose it is, and the way and address to which the old one went.

    ``task`` is what it answers for; None where it is for reading.
    """

    member: Member
    way: Channel
    address: str
    token: str
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person says of ``tasks``. ``text`` is the result, the progress or the reason in words.

    ``days`` are when each was done, None where nobody knows it.
    """

    kind: AnswerKind
    tasks: tuple[int, ...]
    text: str
    outcome: str | None = None
    days: Mapping[int, date | None] = field(default_factory=dict)
    reason: str = ""
    evidence: Sequence[NewEvidence] = ()
    form_key: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given by the link within the hour, and until when it can be taken back."""

    kind: str
    tasks: Sequence[Task]
    at: datetime

    @property
    def until(self) -> datetime:
        return self.at + UNDO_WITHIN


def offer(session: Session, links: DoneLinks, token: str, today: date) -> DoneOffer:
    """What the token offers today; changes nothing.

    Raises NotFoundError for a token that is not ours, LinkGoneError for one that is used up, each with what to do.
    """
    link, member = _link(session, links, token)
    if session.scalar(select(exists().where(ActionLinkUse.link == link.key))):
        raise LinkGoneError(
            "used",
            "This link has already been used; sign in to see what was recorded.",
            "ลิงก์นี้ใช้ไปแล้ว หากต้องการดูหรือแก้ไขสิ่งที่บันทึกไว้ กรุณาเข้าสู่ระบบ",
        )
    if today > link.sent_on + GOOD_FOR:
        raise LinkGoneError(
            "expired",
            "This link is older than 14 days; sign in, or use the one in your latest message.",
            "ลิงก์นี้หมดอายุแล้ว (เกิน ๑๔ วัน) กรุณาใช้ลิงก์ในข้อความล่าสุด หรือเข้าสู่ระบบ",
        )
    task = session.scalar(_with_measure().where(Task.id == link.task_id, Task.agency_id == member.agency_id))
    if task is None or not task.is_open:
        raise LinkGoneError(
            "closed",
            "This task waits for nothing any more; sign in to see it.",
            "งานนี้ไม่ต้องดำเนินการแล้ว หากต้องการดูรายละเอียด กรุณาเข้าสู่ระบบ",
        )
    if not _may_answer(session, link, member, task):
        raise LinkGoneError(
            "moved",
            "This task is somebody else's now; sign in to see your own.",
            "งานนี้เปลี่ยนผู้รับผิดชอบแล้ว หากต้องการดูงานของท่าน กรุณาเข้าสู่ระบบ",
        )
    return DoneOffer(member, task, link.key, _occasions(session, member, task, today))


def take(session: Session, links: DoneLinks, token: str, answer: Answer, *, today: date, at: datetime) -> list[Task]:
    """Records the answer in the member's name for all of its tasks or, in the caller's transaction, for none.

    Raises what ``offer`` and the services of progress raise; ConflictError where a task was answered meanwhile.
    """
    lock(session, offer(session, links, token, today).task.agency_id)
    session.expire_all()
    taken = offer(session, links, token, today)
    tasks = [task for task in taken.occasions if task.id in answer.tasks]
    if len(tasks) < len(set(answer.tasks)) or not tasks:
        raise ConflictError(
            "One of these was recorded meanwhile: look at the list again.",
            "มีบางงวดที่บันทึกไปแล้ว กรุณาตรวจรายการอีกครั้ง",
        )
    by = Actor(taken.member.name, _way(*_link(session, links, token)) or "email", taken.member.id)
    for task in tasks:
        _record(session, task, answer, by, today, at)
    if answer.kind != "note":
        use = ActionLinkUse(
            agency_id=taken.task.agency_id, member_id=taken.member.id, task_id=taken.task.id, link=taken.key, used_at=at
        )
        session.add(use)
    return tasks


def standing(session: Session, links: DoneLinks, token: str, today: date) -> Task | None:
    """The task behind a link that offers nothing more, where its person may still see it."""
    link, member = _link(session, links, token)
    task = session.scalar(_with_measure().where(Task.id == link.task_id, Task.agency_id == member.agency_id))
    if task is None or today > link.sent_on + GOOD_FOR or not _may_answer(session, link, member, task):
        return None
    return task


def given(session: Session, links: DoneLinks, token: str, at: datetime) -> Given | None:
    """The answer that the link's person gave by it within the hour, where nothing has happened to the task since."""
    link, member = _link(session, links, token)
    task = session.get(Task, link.task_id)
    if task is None or not _may_answer(session, link, member, task):
        return None
    last = _last_event(session, task)
    if last is None or last.kind not in _KINDS or (last.channel, last.actor) != (_way(link, member), member.name):
        return None
    if last.at <= at - UNDO_WITHIN:
        return None
    same = (Event.agency_id == last.agency_id, Event.at == last.at, Event.kind == last.kind)
    with_it = select(Event.task_id).where(*same, Event.channel == last.channel, Event.actor == member.name)
    tasks = session.scalars(select(Task).where(Task.id.in_(with_it)).order_by(Task.scheduled_on, Task.id)).all()
    return Given(last.kind, [one for one in tasks if _last_is(session, one, last)], last.at)


def take_back(session: Session, links: DoneLinks, token: str, at: datetime) -> list[Task]:
    """Takes back what ``given`` gives; the link is good again. ConflictError where there is nothing to take back."""
    link, member = _link(session, links, token)
    lock(session, member.agency_id)
    session.expire_all()
    answer = given(session, links, token, at)
    if answer is None:
        raise ConflictError(
            "The hour is over, or it was changed since: ask the coordinator.",
            "เกินหนึ่งชั่วโมงแล้วหรือมีการแก้ไขไปแล้ว เลิกทำจากลิงก์นี้ไม่ได้ แจ้งผู้ประสานงานได้",
        )
    by = Actor(member.name, _way(link, member) or "email", member.id)
    for task in answer.tasks:
        if answer.kind == "progress_noted":
            wrote = ProgressNote.entered_at == answer.at, ProgressNote.entered_by_id == member.id
            note = session.scalar(select(ProgressNote).where(ProgressNote.task_id == task.id, *wrote))
            if note is not None:
                progress.withdraw_note(session, task, note, by=by, at=at)
        else:
            progress.withdraw(session, task, by=by, at=at)
    session.execute(delete(ActionLinkUse).where(ActionLinkUse.link == link.key))
    return list(answer.tasks)


def tell_unstarted(session: Session, links: DoneLinks, token: str, who: str, today: date, at: datetime) -> Task:
    """ยังไม่เริ่ม by the link: the coordinators hear of it, nothing is recorded and nothing printed."""
    task = offer(session, links, token, today).task
    notices.tell_unstarted(session, task, who, at)
    return task


def next_late(session: Session, links: DoneLinks, token: str, today: date) -> tuple[Task, str] | None:
    """The most overdue of the tasks that came in the same message, with its link; another right than that message gave
    is not given."""
    link, member = _link(session, links, token)
    went = went_by(link, member)
    if went is None or today > link.sent_on + GOOD_FOR:
        return None
    together = (
        select(Reminder.task_id)
        .join(Digest, Digest.id == Reminder.digest_id)
        .where(Digest.member_id == member.id, Digest.on == link.sent_on, Reminder.task_id != link.task_id)
    )
    late = own_tasks_of(viewer_for(session, member)).where(
        Task.id.in_(together), Task.state.in_(OPEN_STATES), Task.due_on < today
    )
    task = session.scalars(late.order_by(Task.due_on, Task.id).limit(1)).first()
    return (task, links.token(member.id, task.id, link.sent_on, went[1])) if task else None


def renewed(session: Session, links: DoneLinks, token: str, today: date) -> Renewed | None:
    """For a link that is too old: a new one to the same address; None where it is not that person's to answer any
    more."""
    link, member = _link(session, links, token)
    task, went = session.get(Task, link.task_id), went_by(link, member)
    if went is None or task is None or not task.is_open or not _may_answer(session, link, member, task):
        return None
    way, address = went
    return Renewed(member, way, address, links.token(member.id, task.id, today, address), task)


def taken_by(session: Session, links: DoneLinks, token: str, form_key: str | None) -> Task | None:
    """The task that this very form ticked off through the link when it was sent before; None where it did not."""
    link = links.read(token)
    if link is None or form_key is None:
        return None
    return session.scalar(
        _with_measure()
        .join(ActionLinkUse, ActionLinkUse.task_id == Task.id)
        .join(Completion, Completion.task_id == Task.id)
        .where(ActionLinkUse.link == link.key, Completion.form_key == form_key, Completion.withdrawn_at.is_(None))
    )


def _link(session: Session, links: DoneLinks, token: str) -> tuple[DoneLink, Member]:
    link = links.read(token)
    member = session.get(Member, link.member_id) if link else None
    if link is None or member is None:
        raise NotFoundError(
            "This link is incomplete: open it from the message again, or sign in.",
            "ลิงก์นี้ไม่สมบูรณ์ กรุณาเปิดจากข้อความอีกครั้ง หรือเข้าสู่ระบบ",
        )
    return link, member


def _may_answer(session: Session, link: DoneLink, member: Member, task: Task) -> bool:
    return member.active and _way(link, member) is not None and may_tick(viewer_for(session, member), task)


def went_by(link: DoneLink | ReadingLink, member: Member) -> tuple[Channel, str] | None:
    """Over which channel and to which address the link went to the person; None where that is no longer theirs."""
    if member.email and link.was_sent_to(member.email):
        return "email", member.email
    if member.line_user_id and link.was_sent_to(member.line_user_id):
        return "line", member.line_user_id
    return None


def _way(link: DoneLink, member: Member) -> Channel | None:
    went = went_by(link, member)
    return went[0] if went else None


def _occasions(session: Session, member: Member, task: Task, today: date) -> Sequence[Task]:
    same = Task.step_id == task.step_id, Task.party_key == task.party_key, Task.state.in_(OPEN_STATES)
    near = or_(Task.id == task.id, Task.due_on <= today + OFFERED)
    found = own_tasks_of(viewer_for(session, member)).where(*same, near).order_by(Task.scheduled_on, Task.id)
    others = [one for one in session.scalars(found) if one.id != task.id]
    return sorted([task, *others], key=lambda one: (one.scheduled_on or date.max, one.id))


def _record(session: Session, task: Task, answer: Answer, by: Actor, today: date, at: datetime) -> None:
    match answer.kind:
        case "done":
            progress.tick_off(
                session,
                task,
                result=answer.text,
                outcome=answer.outcome,
                done_on=answer.days[task.id],
                today=today,
                evidence=answer.evidence,
                by=by,
                at=at,
                form_key=answer.form_key,
            )
        case "note":
            progress.note_progress(
                session, task, text=answer.text, noted_on=today, evidence=answer.evidence, by=by, at=at
            )
        case "not_possible":
            progress.not_possible(
                session, task, reason=answer.reason, text=answer.text or None, declared_on=today, by=by, at=at
            )


def _last_event(session: Session, task: Task) -> Event | None:
    return session.scalar(select(Event).where(Event.task_id == task.id).order_by(Event.sequence.desc()).limit(1))


def _last_is(session: Session, task: Task, event: Event) -> bool:
    last = _last_event(session, task)
    return last is not None and (last.at, last.kind) == (event.at, event.kind)


def _with_measure() -> Select[Task]:
    return select(Task).options(joinedload(Task.step).joinedload(Step.measure).lazyload(Measure.period))
