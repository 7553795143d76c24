"""Sends what is due: claim, commit, say what holds now, send, mark.

No transaction is open while a message is on its way. A kill between sending and marking leaves a claim that ends with
its lease: the delivery is made again under the same id, by which LINE refuses a second one and mail programs show one.
"""

from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.channels.base import Channel, DeliveryError, Message
from tracker.channels.email import EmailChannel
from tracker.channels.line import LineChannel
from tracker.clock import local
from tracker.db import Database
from tracker.models import Delivery, MailboxMessage, Member, Notice, Reminder
from tracker.reminders.assembly import Parcel, read_parcels
from tracker.reminders.choice import Channels, address
from tracker.reminders.digest import Content, compose
from tracker.reminders.flex import flex_of
from tracker.reminders.ledger import MOST_ATTEMPTS, claim, insert_missing, mark, next_attempt
from tracker.reminders.stale import MOVED, give_back, look_again
from tracker.settings import Settings, secret_key

BATCH = 50
RETRY_KEY_HOLDS = timedelta(hours=23)
_LAST_BEGUN = 0.8
"""Of a lease: no message is begun later, so that it is marked before the lease ends."""
_CHANNEL_WORDS = {"line": "LINE", "email": "อีเมล", "mailbox": "กล่องข้อความ"}


@dataclass(slots=True)
class Delivered:
    """How many deliveries were sent, and how many attempts failed."""

    sent: int = 0
    failed: int = 0


def deliver(
    database: Database,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    agency_ids: Collection[int] | None = None,
    until: datetime | None = None,
) -> Delivered:
    """Makes every delivery that is due (of these agencies, or of all), in batches; begins none after ``until``."""
    with ExitStack() as stack:
        run = _Run(database, settings, clock, stack)
        while until is None or clock() < until:
            if not run.batch(agency_ids):
                break
        return run.delivered


class _Run:
    """One run over what is due, with a connection per channel and what is known to be out of order."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], datetime], stack: ExitStack) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._stack = stack
        self._open: dict[str, Channel] = {}
        self._broken: dict[str, DeliveryError] = {}
        self._claim = ""
        self.delivered = Delivered()

    def batch(self, agency_ids: Collection[int] | None) -> bool:
        """Claims and makes one batch; False where nothing was due."""
        begun = self._clock()
        waiting = [channel for channel, error in self._broken.items() if not error.permanent]
        with self._database.writing() as session:
            self._claim, ids = claim(
                session, begun, BATCH, self._settings.lease, agency_ids=agency_ids, without=waiting
            )
        if not ids:
            return False
        with self._database.reading() as session:
            parcels = read_parcels(session, self._settings, ids, begun)
        for parcel in parcels:
            if self._clock() > begun + self._settings.lease * _LAST_BEGUN:
                self._put_back(parcel)
            else:
                self._make(parcel)
        return True

    def _put_back(self, parcel: Parcel) -> None:
        """The lease is nearly over: the next batch takes it."""
        with self._database.writing() as session:
            self._mark(session, parcel, state="failed", next_attempt_at=self._clock())

    def _make(self, parcel: Parcel) -> None:
        delivery, at = parcel.delivery, self._clock()
        if self._is_stale(parcel, at):
            self._dissolve(parcel)
        elif delivery.channel == "line" and _is_past_retry(delivery, at):
            with self._database.writing() as session:
                error = "LINE ไม่ยืนยันว่ารับข้อความแล้วหรือยัง ระบบจะไม่ส่งซ้ำเอง"
                self._mark(session, parcel, state="unknown", next_attempt_at=None, error=error)
        elif not parcel.view.items and not parcel.view.news:
            with self._database.writing() as session:
                error = "งานในข้อความเสร็จ ถูกยกเลิก หรือเปลี่ยนผู้รับผิดชอบไปก่อนส่ง"
                self._mark(session, parcel, state="cancelled", next_attempt_at=None, error=error)
        else:
            self._send(parcel, compose(parcel.view), at)

    def _is_stale(self, parcel: Parcel, at: datetime) -> bool:
        """A digest of a past day that surely never went out."""
        return parcel.digest.on < local(at, self._settings.zone).date() and not parcel.delivery.unsure

    def _dissolve(self, parcel: Parcel) -> None:
        """A past day's digest: what still holds goes into the next one."""
        with self._database.writing() as session:
            if self._mark(session, parcel, state="cancelled", next_attempt_at=None, error=MOVED):
                give_back(session, [parcel.digest.id])

    def _send(self, parcel: Parcel, content: Content, at: datetime) -> None:
        delivery = parcel.delivery
        try:
            receipt = None if delivery.channel == "mailbox" else self._hand_over(parcel, content, at)
        except DeliveryError as error:
            self._failed(parcel, error, at)
            return
        with self._database.writing() as session:
            ours = self._mark(
                session,
                parcel,
                state="sent",
                attempts=delivery.attempts + 1,
                sent_at=at,
                next_attempt_at=None,
                receipt=receipt,
                subject=content.subject,
                address=address(parcel.member, delivery.channel) or None,
                unsure=False,
                error=None,
            )
            if ours and delivery.channel == "mailbox":
                session.add(
                    MailboxMessage(
                        agency_id=delivery.agency_id,
                        delivery_id=delivery.id,
                        member_id=parcel.member.id,
                        subject=content.subject,
                        body_text=content.text,
                        body_html=content.html,
                        sent_at=at,
                    )
                )
        self.delivered.sent += ours

    def _hand_over(self, parcel: Parcel, content: Content, at: datetime) -> str | None:
        channel = parcel.delivery.channel
        if broken := self._broken.get(channel):
            raise broken
        to = address(parcel.member, channel)
        if not to:
            raise DeliveryError(
                f"{parcel.member.name} has no address on this channel any more.",
                f"{parcel.member.name} ไม่มีที่อยู่บน{_CHANNEL_WORDS[channel]}แล้ว",
                permanent=True,
            )
        message = Message(
            id=parcel.delivery.id,
            to=to,
            to_name=parcel.member.name,
            sender=parcel.agency.name,
            subject=content.subject,
            text=content.text,
            html=content.html,
            at=at,
            preferences_url=parcel.view.preferences_url,
            flex=flex_of(parcel.view, secret_key(self._settings)) if channel == "line" else {},
        )
        return self._channel(channel).send(message)

    def _channel(self, name: str) -> Channel:
        if name not in self._open:
            self._open[name] = self._stack.enter_context(_new_channel(name, self._settings))
        return self._open[name]

    def _failed(self, parcel: Parcel, error: DeliveryError, at: datetime) -> None:
        delivery, attempts = parcel.delivery, parcel.delivery.attempts + 1
        self.delivered.failed += 1
        never_tried = self._broken.get(delivery.channel) is error
        unsure = (error.unsure and not never_tried) or (delivery.unsure and not _settles(error))
        if error.scope == "channel":
            self._broken[delivery.channel] = error
        gives_up = (error.permanent and not unsure) or attempts >= MOST_ATTEMPTS
        if delivery.channel == "line" and unsure:
            gives_up = False
        found = {"attempts": attempts, "error": error.sentence_th, "unsure": unsure}
        with self._database.writing() as session:
            if not gives_up:
                again = next_attempt(delivery.id, attempts, at, self._settings.first_wait)
                self._mark(session, parcel, state="failed", next_attempt_at=again, **found)
            elif self._mark(session, parcel, state="given_up", next_attempt_at=None, **found):
                self._fall_back(session, parcel, error, at)

    def _fall_back(self, session: Session, parcel: Parcel, error: DeliveryError, at: datetime) -> None:
        """The person's other channel, and a word to the coordinator."""
        delivery, member = parcel.delivery, parcel.member
        if error.scope == "address":
            note = {f"{delivery.channel}_failed": error.sentence_th[:300]}
            session.execute(update(Member).where(Member.id == member.id).values(**note))
        used = set(session.scalars(select(Delivery.channel).where(Delivery.digest_id == delivery.digest_id)))
        other = Channels(self._settings).other(member, used)
        if other is not None:
            row = {
                "agency_id": delivery.agency_id,
                "digest_id": delivery.digest_id,
                "channel": other,
                "next_attempt_at": at,
                "created_at": at,
            }
            session.execute(insert_missing(session, Delivery), [row])
        instead = f" จึงส่งทาง{_CHANNEL_WORDS[other]}แทน" if other else ""
        words = f"ส่งข้อความถึง{member.name}ทาง{_CHANNEL_WORDS[delivery.channel]}ไม่ได้{instead} ({error.sentence_th})"
        session.add(
            Notice(
                agency_id=delivery.agency_id,
                kind="undelivered",
                text=words,
                path="/reminders/deliveries",
                created_at=at,
            )
        )

    def _mark(self, session: Session, parcel: Parcel, **values: object) -> bool:
        """Ends the claim; what dropped out of the digest leaves the ledger, so that whoever owns it now hears of it."""
        if not mark(session, parcel.delivery.id, self._claim, **values):
            return False
        if parcel.dropped and values["state"] in ("sent", "cancelled"):
            look_again(session, set(parcel.dropped.values()))
            session.execute(delete(Reminder).where(Reminder.id.in_(parcel.dropped)))
        return True


def line_left(settings: Settings) -> int | None:
    """How many LINE messages the month still allows; None where that does not matter or LINE does not say."""
    line = _line(settings)
    if line is None:
        return None
    with line:
        return line.messages_left()


def _new_channel(name: str, settings: Settings) -> Channel:
    if name == "email" and settings.smtp_url is not None:
        return EmailChannel(settings.smtp_url.get_secret_value(), settings.mail_from)
    if name == "line" and (line := _line(settings)):
        return line
    raise DeliveryError(
        f"The channel {name} is not set up any more.",
        f"ระบบไม่ได้ตั้งค่า{_CHANNEL_WORDS[name]}ไว้แล้ว",
        permanent=True,
        scope="channel",
    )


def _line(settings: Settings) -> LineChannel | None:
    token = settings.line_channel_access_token
    if token is None or not settings.line_configured:
        return None
    return LineChannel(token.get_secret_value(), settings.line_api_base)


def _is_past_retry(delivery: Delivery, at: datetime) -> bool:
    first = delivery.first_attempt_at
    return delivery.unsure and first is not None and at >= first + RETRY_KEY_HOLDS


def _settles(error: DeliveryError) -> bool:
    """Whether this answer says that no earlier attempt went out either."""
    return error.permanent and error.scope != "channel"
