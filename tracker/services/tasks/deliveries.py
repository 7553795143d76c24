"""What the coordinator does about messages that did not arrive: send again, correct an address."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.channels.registry import find_channel, going_out
from tracker.errors import ConflictError
from tracker.kinds import DeliveryState
from tracker.models import Delivery, Digest, Member
from tracker.services.audit import Actor, record

RESENDABLE = ("failed", "given_up", "unknown")


def resend(session: Session, delivery: Delivery, *, today: date, by: Actor, at: datetime) -> bool:
    """Plans a new attempt at a delivery that did not arrive; True where it goes out today.

    A digest of a past day becomes today's, where its person has none yet; else what still holds of it goes into the
    person's next one. Raises ConflictError where it is under way, arrived, or reached the person another way, and
    where the next one tells what it said.
    """
    digest = session.get_one(Digest, delivery.digest_id)
    if not digest.reminders and not digest.notices:
        raise ConflictError(
            "What this message said goes into the person's next one by itself.",
            "เรื่องในข้อความนี้จะไปรวมกับข้อความถัดไปของผู้รับเอง จึงไม่ต้องส่งซ้ำ",
        )
    sent_now = digest.on == today
    if not sent_now:
        of_day = (Digest.member_id == digest.member_id, Digest.is_of(today))
        has_todays = exists().where(*of_day)
        sent_now = not session.scalar(select(has_todays))
        if not sent_now and _reached_otherwise(session, delivery):
            raise ConflictError(
                "This person has today's message already, and had this one another way.",
                "ผู้รับได้รับข้อความของวันนี้แล้ว และข้อความนี้ส่งถึงทางอื่นแล้ว จึงไม่ต้องส่งซ้ำ",
            )
    values: dict[str, object] = {"state": DeliveryState.PLANNED, "attempts": 0, "next_attempt_at": at}
    if delivery.state != DeliveryState.FAILED:  # one that failed keeps its retry key's time
        values |= {"unanswered": 0, "first_attempt_at": None}
    planned = session.execute(
        update(Delivery).where(Delivery.id == delivery.id, Delivery.state.in_(RESENDABLE)).values(**values)
    )
    if not planned.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise ConflictError(
            "This message is on its way or has arrived; look at the list again.",
            "ข้อความนี้กำลังส่งหรือส่งถึงแล้ว กรุณาดูรายการใหม่",
        )
    if sent_now:
        digest.on = today
    member = session.get_one(Member, digest.member_id)
    _forget_failure(member, delivery.channel)
    record(
        session, delivery.agency_id, "delivery_resent", by, at,
        delivery=str(delivery.id), member=member.name, channel=delivery.channel,
    )  # fmt: skip
    return sent_now


def address_corrected(session: Session, member: Member, channel: str, *, by: Actor, at: datetime) -> None:
    """The coordinator's word that an address works again: the next digest goes there."""
    _forget_failure(member, channel)
    record(session, member.agency_id, "address_mended", by, at, member=member.name, channel=channel)


def without_address(agency_id: int) -> Select[Member]:
    """The people in service whom no message outside of the mailbox can reach."""
    return _in_service(agency_id).where(
        *(column.is_(None) | (column == "") for column in _columns(channel.address_field for channel in going_out()))
    )


def with_failed_address(agency_id: int) -> Select[Member]:
    """The people in service of whom an address was refused for good."""
    failures = _columns(channel.failure_field for channel in going_out())
    return _in_service(agency_id).where(or_(*(column.is_not(None) for column in failures)))


def _in_service(agency_id: int) -> Select[Member]:
    return (
        select(Member)
        .where(Member.agency_id == agency_id, Member.active, Member.roles.any())
        .order_by(Member.name, Member.id)
    )


def _reached_otherwise(session: Session, delivery: Delivery) -> bool:
    others = exists().where(Delivery.digest_id == delivery.digest_id, Delivery.state == DeliveryState.SENT)
    return bool(session.scalar(select(others)))


def _forget_failure(member: Member, channel: str) -> None:
    found = find_channel(channel)
    if found is not None and found.failure_field:
        setattr(member, found.failure_field, None)


def _columns(fields: Iterable[str | None]) -> list[InstrumentedAttribute[str | None]]:
    """Columns of a member, each once."""
    return [getattr(Member, field) for field in dict.fromkeys(fields) if field]
