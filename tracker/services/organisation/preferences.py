"""How a person wants to be reminded, and when the person is on leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from tracker.channels.registry import find_channel
from tracker.errors import NotUnderstoodError
from tracker.models import Agency, Member
from tracker.reminders.member_preferences import stays_inside
from tracker.reminders.sweep import look_at_again
from tracker.services.audit import Actor, record
from tracker.services.organisation.reference import check_leave


@dataclass(frozen=True, slots=True)
class Preferences:
    """``channels`` empty: the installation's order; hours None: the agency's; leave without an end: until further."""

    channels: Sequence[str] = ()
    urgent_only: bool = False
    send_from: time | None = None
    send_until: time | None = None
    away_from: date | None = None
    away_until: date | None = None


def set_preferences(
    session: Session, member: Member, agency: Agency, wanted: Preferences, *, by: Actor, at: datetime
) -> None:
    """Keeps what the person wants; NotUnderstoodError where the agency does not allow it."""
    _check_hours(wanted, agency)
    if not all(find_channel(name) for name in wanted.channels):
        raise NotUnderstoodError("This channel is not known.", "ไม่รู้จักช่องทางนี้")
    if agency.messages_required and stays_inside(wanted.channels):
        raise NotUnderstoodError(
            "Your agency wants messages to reach everyone by e-mail or LINE.",
            "หน่วยงานกำหนดให้ทุกคนรับข้อความทางอีเมลหรือ LINE",
        )
    if agency.upcoming_required and wanted.urgent_only:
        raise NotUnderstoodError(
            "Your agency wants everyone to hear of days to come.", "หน่วยงานกำหนดให้ทุกคนรับการแจ้งเตือนล่วงหน้า"
        )
    if wanted.away_from is None and wanted.away_until is not None:
        raise NotUnderstoodError("Write the first day of the leave, too.", "กรุณาระบุวันแรกที่ลาด้วย")
    check_leave(wanted.away_from, wanted.away_until)
    before = _as_recorded(member)
    member.channels = list(wanted.channels)
    member.urgent_only = wanted.urgent_only
    member.send_from, member.send_until = wanted.send_from, wanted.send_until
    member.away_from, member.away_until = wanted.away_from, wanted.away_until
    record(
        session,
        agency.id,
        "preferences_changed",
        by,
        at,
        member=member.name,
        channels=member.channels,
        urgent_only=member.urgent_only,
        hours=[moment and f"{moment:%H:%M}" for moment in (member.send_from, member.send_until)],
        leave=[day and day.isoformat() for day in (member.away_from, member.away_until)],
        changes={
            name: [before[name], after] for name, after in _as_recorded(member).items() if before[name] != after
        },
    )  # fmt: skip
    look_at_again(session, agency.id)


def _as_recorded(member: Member) -> dict[str, object]:
    """What a person chose, as the record has it."""
    return {
        "channels": list(member.channels or ()),
        "urgent_only": member.urgent_only,
        "send_from": member.send_from and f"{member.send_from:%H:%M}",
        "send_until": member.send_until and f"{member.send_until:%H:%M}",
        "away_from": member.away_from and member.away_from.isoformat(),
        "away_until": member.away_until and member.away_until.isoformat(),
    }


def _check_hours(wanted: Preferences, agency: Agency) -> None:
    opens, closes = wanted.send_from or agency.send_from, wanted.send_until or agency.send_until
    if not agency.send_from <= opens < closes <= agency.send_until:
        within = f"{agency.send_from:%H.%M}–{agency.send_until:%H.%M}"
        raise NotUnderstoodError(
            f"Your hours must lie within those of the agency ({within}), the end after the beginning.",
            f"ช่วงเวลาต้องอยู่ในเวลาของหน่วยงาน ({within} น.) และเวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม",
        )
