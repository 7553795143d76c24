"""Ticking off by a link in an e-mail, without signing in: the link is the right to do this one thing, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.channels.email.done_link import DoneLinks
from tracker.errors import NotFoundError, TrackerError
from tracker.models import ActionLinkUse, Completion, Measure, Member, Step, Task
from tracker.services.access import may_tick, viewer_for
from tracker.services.audit import Actor, lock
from tracker.services.tasks import progress
from tracker.store.storage import NewEvidence

GOOD_FOR = timedelta(days=14)


class LinkGoneError(TrackerError):
    """The link was good once: it is used or too old, or its task waits for nothing, or for somebody else."""

    http_status = 410


@dataclass(frozen=True, slots=True)
class DoneOffer:
    """What a link offers: to tick off the task in the member's name. ``key`` names the link in the record."""

    member: Member
    task: Task
    key: str


def offer(session: Session, links: DoneLinks, token: str, today: date) -> DoneOffer:
    """What the token offers today; changes nothing.

    Raises NotFoundError for a token that is not ours, LinkGoneError for one that is used up, each with what to do.
    """
    link = links.read(token)
    member = session.get(Member, link.member_id) if link else None
    if link is None or member is None:
        raise NotFoundError(
            "This link is not whole: open it from the message again, or sign in.",
            "ลิงก์นี้ไม่สมบูรณ์ กรุณาเปิดจากข้อความอีกครั้ง หรือเข้าสู่ระบบ",
        )
    if session.scalar(select(exists().where(ActionLinkUse.link == link.key))):
        raise LinkGoneError(
            "This link was used already; sign in to see what was recorded.",
            "ลิงก์นี้ใช้ไปแล้ว หากต้องการดูหรือแก้ไขสิ่งที่บันทึกไว้ กรุณาเข้าสู่ระบบ",
        )
    if today > link.sent_on + GOOD_FOR:
        raise LinkGoneError(
            "This link is older than 14 days; sign in, or use the one in your latest message.",
            "ลิงก์นี้หมดอายุแล้ว (เกิน ๑๔ วัน) กรุณาใช้ลิงก์ในข้อความล่าสุด หรือเข้าสู่ระบบ",
        )
    task = session.scalar(_with_measure().where(Task.id == link.task_id, Task.agency_id == member.agency_id))
    if task is None or not task.is_open:
        raise LinkGoneError(
            "This task waits for nothing any more; sign in to see it.",
            "งานนี้ไม่ต้องดำเนินการแล้ว หากต้องการดูรายละเอียด กรุณาเข้าสู่ระบบ",
        )
    if not (member.active and link.was_sent_to(member.email) and may_tick(viewer_for(session, member), task)):
        raise LinkGoneError(
            "This task is somebody else's now; sign in to see your own.",
            "งานนี้เปลี่ยนผู้รับผิดชอบแล้ว หากต้องการดูงานของท่าน กรุณาเข้าสู่ระบบ",
        )
    return DoneOffer(member, task, link.key)


def take(
    session: Session,
    links: DoneLinks,
    token: str,
    *,
    result: str,
    outcome: str | None,
    done_on: date,
    today: date,
    evidence: Sequence[NewEvidence],
    at: datetime,
    form_key: str | None = None,
) -> Completion:
    """Ticks the task off in the member's name and uses the link up; raises what ``offer`` and ``tick_off`` raise."""
    lock(session, offer(session, links, token, today).task.agency_id)
    session.expire_all()
    taken = offer(session, links, token, today)
    completion = progress.tick_off(
        session,
        taken.task,
        result=result,
        outcome=outcome,
        done_on=done_on,
        today=today,
        evidence=evidence,
        by=Actor(taken.member.name, "email", taken.member.id),
        at=at,
        form_key=form_key,
    )
    use = ActionLinkUse(
        agency_id=taken.task.agency_id, member_id=taken.member.id, task_id=taken.task.id, link=taken.key, used_at=at
    )
    session.add(use)
    return completion


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


def _with_measure() -> Select[Task]:
    return select(Task).options(joinedload(Task.step).joinedload(Step.measure).lazyload(Measure.period))
