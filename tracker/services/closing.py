"""Closes a round: freezes its report with a hash; what is published later is that snapshot (design, "Rounds")."""

import hashlib
import json
from datetime import date, datetime, tzinfo
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Event, Member, Notice, Plan, Role, Round
from tracker.reports.data import ReportData, RoundNumber
from tracker.services.audit import Actor, lock, record
from tracker.services.rounds import report_data
from tracker.thai.calendar import format_date, round_end
from tracker.thai.numerals import to_thai

SUBMITTED = "round_submitted"
_REPORT = TypeAdapter(ReportData)


def round_of(session: Session, plan: Plan, number: RoundNumber) -> Round | None:
    """The plan's round, where somebody has drafted or closed it."""
    return session.scalar(select(Round).where(Round.plan_id == plan.id, Round.number == number))


def close_round(
    session: Session,
    plan: Plan,
    number: RoundNumber,
    tz: tzinfo,
    *,
    today: date,
    names: bool = False,
    by: Actor,
    at: datetime,
) -> Round:
    """Freezes the round's report as it stands, in its published form.

    ``names`` lets the published text name who is missing. Raises ConflictError where the round is closed already or has
    not ended yet.
    """
    lock(session, plan.agency_id)
    end = round_end(plan.fiscal_year, number)
    if today <= end:
        raise ConflictError(
            f"The round ends on {end.isoformat()}; it can be closed from the day after.",
            f"รอบ {number} เดือนสิ้นสุดวันที่ {format_date(end)} จึงจะปิดรอบได้หลังจากวันนั้น",
        )
    found = round_of(session, plan, number) or Round(agency_id=plan.agency_id, plan_id=plan.id, number=number)
    if found.state == "closed":
        raise ConflictError(f"The {number}-month round is closed already.", f"ปิดรอบ {number} เดือนไปแล้ว")
    data = report_data(session, plan, number, tz, published=True, names=names)
    found.snapshot = _REPORT.dump_python(data, mode="json")
    found.sha256 = content_hash(data)
    found.state, found.closed_at = "closed", at
    session.add(found)
    record(
        session, plan.agency_id, "round_closed", by, at,
        fiscal_year=plan.fiscal_year, round=number, sha256=found.sha256, names=names,
    )  # fmt: skip
    return found


def reopen_round(session: Session, plan: Plan, number: RoundNumber, *, why: str, by: Actor, at: datetime) -> Round:
    """Opens a closed round again to amend it; the hash of what was closed stays in the record."""
    found = round_of(session, plan, number)
    if found is None or found.state != "closed":
        raise ConflictError(f"The {number}-month round is not closed.", f"ยังไม่ได้ปิดรอบ {number} เดือน")
    record(
        session, plan.agency_id, "round_reopened", by, at,
        fiscal_year=plan.fiscal_year, round=number, sha256=found.sha256, why=why,
    )  # fmt: skip
    found.state, found.closed_at, found.snapshot, found.sha256 = "drafted", None, None, None
    return found


def published_or_draft(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> ReportData:
    """The frozen report of a closed round, else the draft as it stands now."""
    found = round_of(session, plan, number)
    if found is not None and found.state == "closed":
        return _REPORT.validate_python(found.snapshot)
    return report_data(session, plan, number, tz)


def submit_for_signature(session: Session, plan: Plan, number: RoundNumber, *, by: Actor, at: datetime) -> list[Member]:
    """Puts the closed report before the executives, who get its link in their next digest; says who they are.

    ConflictError where the round is not closed or this very report was submitted already, NotUnderstoodError where the
    agency has no executive.
    """
    lock(session, plan.agency_id)
    found = round_of(session, plan, number)
    if found is None or found.state != "closed":
        raise ConflictError(
            f"Close the {number}-month round first; what is signed must not change.",
            f"กรุณาปิดรอบ {number} เดือนก่อน เพราะฉบับที่ลงนามต้องไม่เปลี่ยนอีก",
        )
    if submitted_on(session, plan, number) is not None:
        raise ConflictError("This report was submitted already.", "ส่งรายงานฉบับนี้ให้ลงนามไปแล้ว")
    executive = select(Role.member_id).where(Role.agency_id == plan.agency_id, Role.role == "executive")
    readers = session.scalars(select(Member).where(Member.id.in_(executive), Member.active).order_by(Member.id)).all()
    if not readers:
        raise NotUnderstoodError(
            "No executive is known; add one among the people first.", "ยังไม่มีผู้บริหารในระบบ กรุณาเพิ่มในหน้าบุคลากรก่อน"
        )
    words = to_thai(f"รายงานรอบ {number} เดือน ปีงบประมาณ พ.ศ. {plan.fiscal_year} รอท่านลงนาม")
    path = f"/reports/{plan.fiscal_year}/{number}/close/"
    session.add_all(
        Notice(agency_id=plan.agency_id, member_id=reader.id, kind="other", text=words, path=path, created_at=at)
        for reader in readers
    )
    record(
        session, plan.agency_id, SUBMITTED, by, at,
        fiscal_year=plan.fiscal_year, round=number, sha256=found.sha256, to=[reader.name for reader in readers],
    )  # fmt: skip
    return list(readers)


def submitted_on(session: Session, plan: Plan, number: RoundNumber) -> datetime | None:
    """When the report as it is closed now was submitted for signature; None where it was not."""
    found, event = round_of(session, plan, number), last_event(session, plan, number, SUBMITTED)
    if found is None or event is None or found.sha256 is None or event.details.get("sha256") != found.sha256:
        return None
    return event.at


def last_event(session: Session, plan: Plan, number: RoundNumber, kind: str) -> Event | None:
    """The latest event of that kind about the plan's round."""
    events = session.scalars(
        select(Event).where(Event.agency_id == plan.agency_id, Event.kind == kind).order_by(Event.sequence.desc())
    )
    wanted = (plan.fiscal_year, number)
    return next((one for one in events if (one.details.get("fiscal_year"), one.details.get("round")) == wanted), None)


def content_hash(data: ReportData) -> str:
    """The SHA-256 over the report's content and the hashes of its evidence."""
    plain: Any = _REPORT.dump_python(data, mode="json")
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def changed_since_closing(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> list[str]:
    """What differs between the frozen report and what is recorded now: a sentence each, none where nothing does."""
    found = round_of(session, plan, number)
    if found is None or found.state != "closed":
        return []
    before = published_or_draft(session, plan, number, tz)
    closed = last_event(session, plan, number, "round_closed")
    names = closed is not None and closed.details.get("names", False)
    now = report_data(session, plan, number, tz, published=True, names=names)
    then = {measure.number: measure for measure in before.measures}
    changes = []
    for measure in now.measures:
        old = then.pop(measure.number, None)
        if old is None:
            changes.append(f"มาตรการ {measure.number}: เพิ่มใหม่")
            continue
        for name, words in _FIELDS.items():
            if getattr(old, name) != getattr(measure, name):
                changes.append(f"มาตรการ {measure.number}: {words}เปลี่ยน")
    changes += [f"มาตรการ {number_}: ถูกนำออก" for number_ in then]
    if before.annex != now.annex:
        changes.append("ภาคผนวก: ผลรายหน่วยหรือหลักฐานเปลี่ยน")
    return changes


_FIELDS = {
    "title": "ชื่อมาตรการ",
    "details": "รายละเอียด",
    "steps": "ขั้นตอน",
    "responsible": "ผู้รับผิดชอบ",
    "period": "ระยะเวลา",
    "done": "จำนวนงานที่ทำแล้ว",
    "total": "จำนวนงาน",
    "summary": "สรุปผลดำเนินการ",
    "outcome": "ผลลัพธ์/ความสำเร็จ",
}
