"""What came of a delivery, in the ledger: sent, put off, given up with the other channel in its place, left unknown."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from tracker.channels.base import UNSURE, Body, Channel, DeliveryError
from tracker.channels.registry import find_channel
from tracker.kinds import DeliveryState, NoticeKind
from tracker.models import Delivery, MailboxMessage, Member, Notice, Reminder
from tracker.reminders.channel_selection import ChannelSelector
from tracker.reminders.expired import MOVED, look_again, requeue
from tracker.reminders.ledger import ENOUGH_FOR_A_DAY, MOST_ATTEMPTS, insert_missing, mark, mark_sent, next_attempt
from tracker.reminders.outcome_counts import SENT, Outcome
from tracker.reminders.outgoing import OutgoingDigest
from tracker.reminders.retry_hours import in_hours
from tracker.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """How many deliveries were sent, how many attempts failed, and what came of each hand-over, by channel."""

    sent: int = 0
    failed: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)


@dataclass(slots=True)
class SendResult:
    """What came of handing a parcel over at an instant: a receipt, or an error after which it may be out."""

    channel: Channel
    parcel: OutgoingDigest
    body: Body
    at: datetime
    receipt: str | None = None
    error: DeliveryError | None = None
    may_be_out: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it went out and nothing else is to be written."""
        return self.error is None and not self.parcel.dropped and self.channel.goes_out

    def values(self, claim_name: str) -> dict[str, object]:
        """What the ledger notes of a delivery that was accepted."""
        delivery = self.parcel.delivery
        return {
            "delivery": delivery.id,
            "claim": claim_name,
            "at": self.at,
            "receipt": self.receipt,
            "subject": self.body.subject,
            "address": self.channel.address_of(self.parcel.member) or None,
            "record_sequence": self.parcel.head and self.parcel.head.sequence,
            "record_hash": self.parcel.head and self.parcel.head.hash,
        }


class DeliveryOutcomes:
    """Ends the claims of a run; ``claim`` is the name of the present one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.claim = ""
        self.delivered = Delivered()

    def dissolve(self, session: Session, parcel: OutgoingDigest) -> None:
        """A past day's digest that surely never went out: what still holds goes into the next one."""
        if self._mark(session, parcel, state=DeliveryState.CANCELLED, next_attempt_at=None, error=MOVED):
            requeue(session, [parcel.delivery.digest_id])

    def cancel(self, session: Session, parcel: OutgoingDigest) -> None:
        """Nothing in it holds any more."""
        error = "งานในข้อความเสร็จ ถูกยกเลิก หรือเปลี่ยนผู้รับผิดชอบไปก่อนส่ง"
        self._mark(session, parcel, state=DeliveryState.CANCELLED, next_attempt_at=None, error=error)

    def mark_unknown(self, session: Session, parcel: OutgoingDigest, at: datetime, **found: object) -> None:
        """It may have arrived: never sent again by itself, and the coordinator is told."""
        channel = find_channel(parcel.delivery.channel)
        unsure = channel.words.unsure if channel else UNSURE
        values = {"error": unsure.th, **found}
        if self._mark(session, parcel, state=DeliveryState.UNKNOWN, next_attempt_at=None, **values):
            words = f"ไม่แน่ใจว่าข้อความถึง{parcel.member.name}ทาง{_name(parcel.delivery.channel)}แล้วหรือไม่ ระบบจะไม่ส่งซ้ำเอง"
            self._tell_coordinator(session, parcel, f"{words} โปรดตรวจสอบ แล้วสั่งส่งใหม่ได้ถ้าจำเป็น", at)

    def give_up(
        self, session: Session, parcel: OutgoingDigest, error: DeliveryError, at: datetime, **found: object
    ) -> None:
        """It will not arrive by this channel: the person's other one takes over, and the coordinator is told."""
        if self._mark(
            session, parcel, state=DeliveryState.GIVEN_UP, next_attempt_at=None, error=error.sentence_th, **found
        ):
            self._fall_back(session, parcel, error, at)

    def put_back(self, session: Session, parcel: OutgoingDigest, at: datetime) -> None:
        """The lease is nearly over: the next batch takes it."""
        self._mark(
            session, parcel, state=DeliveryState.FAILED, next_attempt_at=at, unanswered=parcel.delivery.unanswered
        )

    def settle(self, connection: Connection, handed: Sequence[SendResult]) -> None:
        """Marks what was handed over, all that simply went out at once."""
        for one in handed:
            self._note(one)
        plain = [one for one in handed if one.is_plain]
        self.delivered.sent += mark_sent(connection, [one.values(self.claim) for one in plain])
        if len(plain) == len(handed):
            return
        with Session(connection) as session:
            for one in handed:
                if one.error is not None:
                    self._failed(session, one, one.error)
                elif not one.is_plain:
                    self._sent(session, one)
            session.flush()

    def _note(self, one: SendResult) -> None:
        """For logs and monitors: numbers and names of channels, never whom or what."""
        channel, outcome = one.channel.name, one.error.scope if one.error else SENT
        self.delivered.outcomes[channel, outcome] += 1
        told = {"delivery": str(one.parcel.delivery.id), "channel": channel, "outcome": outcome}
        _log.info("delivery %(delivery)s by %(channel)s: %(outcome)s", told, extra=told)

    def _sent(self, session: Session, one: SendResult) -> None:
        """Marks by itself what changes more than its row of the ledger."""
        parcel, body = one.parcel, one.body
        if not mark_sent(session.connection(), [one.values(self.claim)]):
            return
        self.delivered.sent += 1
        self._drop(session, parcel)
        if not one.channel.goes_out:
            session.add(
                MailboxMessage(
                    agency_id=parcel.delivery.agency_id,
                    delivery_id=parcel.delivery.id,
                    member_id=parcel.member.id,
                    subject=body.subject,
                    body_text=body.text,
                    body_html=body.html,
                    sent_at=one.at,
                )
            )

    def _failed(self, session: Session, one: SendResult, error: DeliveryError) -> None:
        parcel, delivery, at = one.parcel, one.parcel.delivery, one.at
        self.delivered.failed += 1
        attempts = delivery.attempts + 1
        unanswered = 0 if _settles(error) else delivery.unanswered + one.may_be_out
        found = {"attempts": attempts, "unanswered": unanswered}
        limits = one.channel.limits
        if limits.refuses_doubles_for is None and unanswered >= limits.most_unanswered:
            self.mark_unknown(session, parcel, at, **found)
            return
        again = next_attempt(delivery.id, attempts, at, self._settings.first_wait)
        gives_up = (error.permanent and not unanswered) or attempts >= MOST_ATTEMPTS
        if limits.refuses_doubles_for is not None and unanswered:
            gives_up = False  # nor does it wait for the morning, when the other side may have forgotten it
        elif not gives_up:
            soon, again = again, in_hours(session, self._settings, parcel, again)
            gives_up = again > soon and attempts >= ENOUGH_FOR_A_DAY and not unanswered
        if not gives_up:
            self._mark(
                session, parcel, state=DeliveryState.FAILED, next_attempt_at=again, error=error.sentence_th, **found
            )
        else:
            self.give_up(session, parcel, error, at, **found)

    def _fall_back(self, session: Session, parcel: OutgoingDigest, error: DeliveryError, at: datetime) -> None:
        """The person's other channel, and a word to the coordinator."""
        delivery, member = parcel.delivery, parcel.member
        channel = find_channel(delivery.channel)
        if error.scope == "address" and channel is not None and channel.failure_field:
            note = {channel.failure_field: error.sentence_th[:300]}
            session.execute(update(Member).where(Member.id == member.id).values(**note))
        used = set(session.scalars(select(Delivery.channel).where(Delivery.digest_id == delivery.digest_id)))
        other = ChannelSelector(self._settings).other(member, used)
        if other is not None:
            row = {
                "agency_id": delivery.agency_id,
                "digest_id": delivery.digest_id,
                "channel": other,
                "next_attempt_at": at,
                "created_at": at,
            }
            session.execute(insert_missing(session, Delivery), [row])
        instead = f" จึงส่งทาง{_name(other)}แทน" if other else ""
        words = f"ส่งข้อความถึง{member.name}ทาง{_name(delivery.channel)}ไม่ได้{instead} ({error.sentence_th})"
        self._tell_coordinator(session, parcel, words, at)

    def _tell_coordinator(self, session: Session, parcel: OutgoingDigest, words: str, at: datetime) -> None:
        agency = parcel.delivery.agency_id
        session.add(
            Notice(
                agency_id=agency, kind=NoticeKind.UNDELIVERED, text=words, path="/reminders/deliveries", created_at=at
            )
        )

    def _mark(self, session: Session, parcel: OutgoingDigest, **values: object) -> bool:
        """Ends the claim; False where it was lost to another."""
        if not mark(session, parcel.delivery.id, self.claim, **values):
            return False
        if values["state"] == DeliveryState.CANCELLED:
            self._drop(session, parcel)
        return True

    def _drop(self, session: Session, parcel: OutgoingDigest) -> None:
        """What dropped out of the digest leaves the ledger, so that whoever owns it now hears of it."""
        if parcel.dropped:
            look_again(session, set(parcel.dropped.values()))
            session.execute(delete(Reminder).where(Reminder.id.in_(parcel.dropped)))


def _name(channel: str) -> str:
    """What people call a channel; one that was removed has only the name that the ledger knows."""
    found = find_channel(channel)
    return found.words.name.th if found else channel


def _settles(error: DeliveryError) -> bool:
    """Whether this answer says that no earlier attempt went out either."""
    return error.permanent and error.scope != "channel"
