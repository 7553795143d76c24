"""Sends what is due: claim, commit, say what holds now, note what begins, send, mark.

No transaction is open while a message is on its way. What is handed over is noted before as unanswered, so that a kill
leaves behind which messages may have gone out (docs/adr/0011): LINE refuses a second one by the delivery's id; an
e-mail is handed over at most twice, with the same Message-ID.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.channels.base import Channel, DeliveryError, Message
from tracker.channels.email.smtp import EmailChannel
from tracker.channels.line.client import line_client
from tracker.clock import local
from tracker.reminders.channel_selection import address
from tracker.reminders.digest import Content, compose
from tracker.reminders.flex import alt_text_of, flex_of
from tracker.reminders.ledger import begin, claim
from tracker.reminders.outcomes import CHANNEL_WORDS, MOST_HAND_OVERS, Delivered, DeliveryOutcomes, SendResult
from tracker.reminders.outgoing import OutgoingDigest, read_parcels
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

BATCH = 50
RETRY_KEY_HOLDS = timedelta(hours=23)
_AT_ONCE = {"mailbox": BATCH, "line": 10, "email": 1}
"""How many messages are handed over between two commits: quick ones first. LINE takes none twice."""
_LAST_BEGUN = 0.8
"""Of a lease: no message is begun later, so that it is marked before the lease ends."""

_log = logging.getLogger(__name__)


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


class _ClaimLostError(Exception):
    """Another worker has taken the delivery over."""


class _Run:
    """One run over what is due, with a connection per channel and what is known to be out of order."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], datetime], stack: ExitStack) -> None:
        self._database = database
        self._settings = settings
        self._key = secret_key(settings)
        self._clock = clock
        self._stack = stack
        self._open: dict[str, Channel] = {}
        self._broken: dict[str, DeliveryError] = {}
        self._settling = DeliveryOutcomes(settings)

    @property
    def delivered(self) -> Delivered:
        return self._settling.delivered

    def batch(self, agency_ids: Collection[int] | None) -> bool:
        """Claims and makes one batch; False where nothing was due."""
        begun = self._clock()
        waiting = [channel for channel, error in self._broken.items() if not error.permanent]
        with self._database.writing() as session:
            self._settling.claim, ids = claim(
                session, begun, BATCH, self._settings.lease, agency_ids=agency_ids, without=waiting
            )
        if not ids:
            return False
        with self._database.reading() as session:
            parcels = read_parcels(session, self._settings, ids, begun)
        to_send = self._sorted_out(parcels, begun)
        last = begun + self._settings.lease * _LAST_BEGUN
        for channel, at_once in _AT_ONCE.items():
            self._send_batch([parcel for parcel in to_send if parcel.delivery.channel == channel], at_once, last)
        return True

    def _sorted_out(self, parcels: list[OutgoingDigest], at: datetime) -> list[OutgoingDigest]:
        """What is to go out; the others come to their end without being sent."""
        to_send, others = [], []
        for parcel in parcels:
            ending = self._ending_unsent(parcel, at)
            if ending is None:
                to_send.append(parcel)
            else:
                others.append((parcel, ending))
        if others:
            with self._database.writing() as session:
                for parcel, ending in others:
                    ending(session, parcel)
        return to_send

    def _ending_unsent(self, parcel: OutgoingDigest, at: datetime) -> Callable[[Session, OutgoingDigest], None] | None:
        delivery = parcel.delivery
        if parcel.on < local(at, self._settings.zone).date() and not delivery.unanswered:
            return self._settling.dissolve
        if delivery.channel == "line" and delivery.unanswered and _is_past_retry(delivery.first_attempt_at, at):
            return partial(self._settling.mark_unknown, at=at)
        if delivery.channel == "email" and delivery.unanswered >= MOST_HAND_OVERS:
            return partial(self._settling.mark_unknown, at=at)
        if not parcel.view.items and not parcel.view.news:
            return self._settling.cancel
        return None

    def _send_batch(self, parcels: list[OutgoingDigest], at_once: int, last: datetime) -> None:
        """Sends them, so many between two commits, of which each marks the ones before and begins the ones after."""
        contents = {parcel.delivery.id: self._content(parcel) for parcel in parcels}
        handed: list[SendResult] = []
        for first in range(0, len(parcels), at_once):
            group = parcels[first : first + at_once]
            ours = self._commit_step(handed, group)
            handed = []
            for parcel in group:
                if self._clock() > last:
                    self._commit_step(handed, ())
                    self._put_back(parcels[parcels.index(parcel) :])
                    return
                if parcel.delivery.id in ours:
                    handed += self._send_one(parcel, contents[parcel.delivery.id])
        self._commit_step(handed, ())

    def _content(self, parcel: OutgoingDigest) -> Content | DeliveryError:
        """LINE's bubble is made of the view itself."""
        try:
            is_line = parcel.delivery.channel == "line"
            return Content(alt_text_of(parcel.view), "", "") if is_line else compose(parcel.view)
        except Exception as error:  # whatever it is, it must not hold up other people's messages
            return _unforeseen(parcel, error)

    def _put_back(self, parcels: Sequence[OutgoingDigest]) -> None:
        with self._database.writing() as session:
            for parcel in parcels:
                self._settling.put_back(session, parcel, self._clock())

    def _commit_step(self, handed: Sequence[SendResult], coming: Sequence[OutgoingDigest]) -> set[uuid.UUID]:
        """One commit: what was handed over is marked, what comes is begun; gives what may be handed over now."""
        ahead = {parcel.delivery.id for parcel in coming if _begins_ahead(parcel)}
        ours = {parcel.delivery.id for parcel in coming} - ahead
        if handed or ahead:
            with self._database.writing_engine.begin() as connection:
                self._settling.settle(connection, handed)
                ours |= begin(connection, ahead, self._settling.claim)
        return ours

    def _send_one(self, parcel: OutgoingDigest, content: Content | DeliveryError) -> list[SendResult]:
        """What came of it; nothing where another has taken the delivery over."""
        at, channel = self._clock(), parcel.delivery.channel
        if isinstance(content, DeliveryError):
            return [SendResult(parcel, Content("", "", ""), at, error=content)]
        try:
            receipt = None if channel == "mailbox" else self._send(parcel, content, at)
        except _ClaimLostError:
            return []
        except DeliveryError as error:
            was_tried = self._broken.get(channel) is not error
            if error.scope == "channel":
                self._broken[channel] = error
            return [SendResult(parcel, content, at, error=error, may_be_out=error.unsure and was_tried)]
        except SQLAlchemyError:
            raise
        except Exception as error:
            return [SendResult(parcel, content, at, error=_unforeseen(parcel, error))]
        return [SendResult(parcel, content, at, receipt)]

    def _send(self, parcel: OutgoingDigest, content: Content, at: datetime) -> str | None:
        channel = parcel.delivery.channel
        if broken := self._broken.get(channel):
            raise broken
        to = address(parcel.member, channel)
        if not to:
            raise DeliveryError(
                f"{parcel.member.name} has no address on this channel any more.",
                f"{parcel.member.name} ไม่มีที่อยู่บน{CHANNEL_WORDS[channel]}แล้ว",
                permanent=True,
            )
        message = Message(
            id=parcel.delivery.id,
            to=to,
            to_name=parcel.member.name,
            sender=parcel.agency,
            subject=content.subject,
            text=content.text,
            html=content.html,
            at=at,
            preferences_url=parcel.view.preferences_url,
            flex=flex_of(parcel.view, self._key) if channel == "line" else {},
        )
        return self._channel(channel).send(message, None if _begins_ahead(parcel) else partial(self._begin, parcel))

    def _begin(self, parcel: OutgoingDigest) -> None:
        with self._database.writing_engine.begin() as connection:
            if not begin(connection, [parcel.delivery.id], self._settling.claim):
                raise _ClaimLostError

    def _channel(self, name: str) -> Channel:
        if name not in self._open:
            self._open[name] = self._stack.enter_context(_new_channel(name, self._settings))
        return self._open[name]


def line_left(settings: Settings) -> int | None:
    """How many LINE messages the month still allows; None where that does not matter or LINE does not say."""
    line = line_client(settings)
    if line is None:
        return None
    with line:
        return line.messages_left()


def _new_channel(name: str, settings: Settings) -> Channel:
    if name == "email" and settings.smtp_url is not None:
        return EmailChannel(settings.smtp_url.get_secret_value(), settings.mail_from)
    if name == "line" and (line := line_client(settings)):
        return line
    raise DeliveryError(
        f"The channel {name} is not set up any more.",
        f"ระบบไม่ได้ตั้งค่า{CHANNEL_WORDS[name]}ไว้แล้ว",
        permanent=True,
        scope="channel",
    )


def _unforeseen(parcel: OutgoingDigest, error: Exception) -> DeliveryError:
    _log.error("Delivery %s could not be made", parcel.delivery.id, exc_info=error)
    return DeliveryError(
        f"The message could not be made: {type(error).__name__}.", f"สร้างข้อความไม่ได้ ({type(error).__name__})"
    )


def _begins_ahead(parcel: OutgoingDigest) -> bool:
    """Whether it is noted as begun together with the marks before it.

    An e-mail that may be out already waits with that for its last line, which alone makes it a second one; what lands
    in the mailbox lands there with its mark.
    """
    delivery = parcel.delivery
    return delivery.channel == "line" or (delivery.channel == "email" and not delivery.unanswered)


def _is_past_retry(first_attempt_at: datetime | None, at: datetime) -> bool:
    return first_attempt_at is not None and at >= first_attempt_at + RETRY_KEY_HOLDS
