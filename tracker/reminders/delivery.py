"""Sends what is due: claim, commit, say what holds now, note what begins, send, mark.

No transaction is open while a message is on its way. What is handed over is noted before as unanswered, so that a kill
leaves behind which messages may have gone out (docs/adr/0011): a channel refuses a second one by the delivery's id, or
is handed it at most so many times as its limits say.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.channels.base import MOST_AT_ONCE, Body, Channel, DeliveryError, Message, Sender
from tracker.channels.registry import channels, find_channel
from tracker.clock import local
from tracker.reminders.digest_forms import DigestForms
from tracker.reminders.ledger import begin, claim
from tracker.reminders.outcomes import Delivered, DeliveryOutcomes, SendResult
from tracker.reminders.outgoing import OutgoingDigest, read_parcels
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

BATCH = MOST_AT_ONCE
PARCELS_A_LANE = 5
"""Fewer messages are handed over one after the other: a connection more would cost longer than it saves."""
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
    """One run over what is due, with a connection per channel and lane, and what is known to be out of order."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], datetime], stack: ExitStack) -> None:
        self._database = database
        self._settings = settings
        self._key = secret_key(settings)
        self._clock = clock
        self._stack = stack
        self._open: dict[tuple[str, int], Sender] = {}
        self._broken: dict[str, DeliveryError] = {}
        self._settling = DeliveryOutcomes(settings)
        self._settling_alone = Lock()

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
        for channel in sorted(channels(), key=lambda one: one.limits.at_once, reverse=True):  # quick ones first
            self._send_in_lanes(channel, [one for one in to_send if one.delivery.channel == channel.name], last)
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
        channel = find_channel(delivery.channel)
        if channel is None and not delivery.unanswered:
            return partial(self._settling.give_up, error=_not_set_up(delivery.channel, delivery.channel), at=at)
        if channel is None or channel.limits.is_unknown(delivery.unanswered, delivery.first_attempt_at, at):
            return partial(self._settling.mark_unknown, at=at)
        if parcel.view.is_empty:
            return self._settling.cancel
        return None

    def _send_in_lanes(self, channel: Channel, parcels: list[OutgoingDigest], last: datetime) -> None:
        """Shares many messages among connections beside each other, each with commits of its own (docs/adr/0011)."""
        lanes = min(self._settings.delivery_lanes, len(parcels) // PARCELS_A_LANE) if channel.goes_out else 1
        if lanes <= 1 or channel.name in self._broken:
            self._send_batch(channel, parcels, last)
            return
        with ThreadPoolExecutor(lanes, thread_name_prefix=channel.name) as pool:
            sending = [
                pool.submit(self._send_batch, channel, parcels[lane::lanes], last, lane) for lane in range(lanes)
            ]
        for one in sending:
            one.result()

    def _send_batch(self, channel: Channel, parcels: list[OutgoingDigest], last: datetime, lane: int = 0) -> None:
        """Sends them, so many between two commits, of which each marks the ones before and begins the ones after."""
        bodies = {parcel.delivery.id: self._body(channel, parcel) for parcel in parcels}
        handed: list[SendResult] = []
        at_once = channel.limits.at_once
        for first in range(0, len(parcels), at_once):
            group = parcels[first : first + at_once]
            ours = self._commit_step(channel, handed, group)
            handed = []
            for parcel in group:
                if self._clock() > last:
                    self._commit_step(channel, handed, ())
                    self._put_back(parcels[parcels.index(parcel) :])
                    return
                if parcel.delivery.id in ours:
                    handed += self._send_one(channel, lane, parcel, bodies[parcel.delivery.id])
        self._commit_step(channel, handed, ())

    def _body(self, channel: Channel, parcel: OutgoingDigest) -> Body | DeliveryError:
        try:
            return channel.compose(DigestForms(parcel.view, self._key))
        except Exception as error:  # whatever it is, it must not hold up other people's messages
            return _unforeseen(parcel, error)

    def _put_back(self, parcels: Sequence[OutgoingDigest]) -> None:
        with self._settling_alone, self._database.writing() as session:
            for parcel in parcels:
                self._settling.put_back(session, parcel, self._clock())

    def _commit_step(
        self, channel: Channel, handed: Sequence[SendResult], coming: Sequence[OutgoingDigest]
    ) -> set[uuid.UUID]:
        """One commit: what was handed over is marked, what comes is begun; gives what may be handed over now."""
        ahead = {one.delivery.id for one in coming if channel.begins_ahead(one.delivery.unanswered)}
        ours = {parcel.delivery.id for parcel in coming} - ahead
        if handed or ahead:
            with self._settling_alone, self._database.writing_engine.begin() as connection:
                self._settling.settle(connection, handed)
                ours |= begin(connection, ahead, self._settling.claim)
        return ours

    def _send_one(
        self, channel: Channel, lane: int, parcel: OutgoingDigest, body: Body | DeliveryError
    ) -> list[SendResult]:
        """What came of it; nothing where another has taken the delivery over."""
        at = self._clock()
        if isinstance(body, DeliveryError):
            return [SendResult(channel, parcel, Body(""), at, error=body)]
        if broken := self._broken.get(channel.name):
            return [SendResult(channel, parcel, body, at, error=broken)]
        try:
            receipt = self._send(channel, lane, parcel, body, at) if channel.goes_out else None
        except _ClaimLostError:
            return []
        except DeliveryError as error:
            if error.scope == "channel":
                self._broken[channel.name] = error
            return [SendResult(channel, parcel, body, at, error=error, may_be_out=error.unsure)]
        except SQLAlchemyError:
            raise
        except Exception as error:
            return [SendResult(channel, parcel, body, at, error=_unforeseen(parcel, error))]
        return [SendResult(channel, parcel, body, at, receipt)]

    def _send(self, channel: Channel, lane: int, parcel: OutgoingDigest, body: Body, at: datetime) -> str | None:
        to = channel.address_of(parcel.member)
        if not to:
            raise DeliveryError(
                f"{parcel.member.name} has no address on this channel any more.",
                f"{parcel.member.name} ไม่มีที่อยู่บน{channel.words.name.th}แล้ว",
                permanent=True,
            )
        message = Message(
            id=parcel.delivery.id,
            to=to,
            to_name=parcel.member.name,
            sender=parcel.agency,
            subject=body.subject,
            text=body.text,
            html=body.html,
            at=at,
            preferences_url=parcel.view.preferences_url,
            flex=body.flex,
            reply_to=parcel.view.reply_to,
            record_head=f"{parcel.head.sequence} {parcel.head.hash}" if parcel.head else "",
        )
        is_begun = channel.begins_ahead(parcel.delivery.unanswered)
        return self._sender(channel, lane).send(message, None if is_begun else partial(self._begin, parcel))

    def _begin(self, parcel: OutgoingDigest) -> None:
        with self._database.writing_engine.begin() as connection:
            if not begin(connection, [parcel.delivery.id], self._settling.claim):
                raise _ClaimLostError

    def _sender(self, channel: Channel, lane: int) -> Sender:
        if (channel.name, lane) not in self._open:
            sender = channel.open(self._settings) if channel.open else None
            if sender is None:
                raise _not_set_up(channel.name, channel.words.name.th)
            self._open[channel.name, lane] = self._stack.enter_context(sender)
        return self._open[channel.name, lane]


def _not_set_up(name: str, name_th: str) -> DeliveryError:
    return DeliveryError(
        f"The channel {name} is not set up any more.",
        f"ระบบไม่ได้ตั้งค่า{name_th}ไว้แล้ว",
        permanent=True,
        scope="channel",
    )


def _unforeseen(parcel: OutgoingDigest, error: Exception) -> DeliveryError:
    _log.error("Delivery %s could not be made", parcel.delivery.id, exc_info=error)
    return DeliveryError(
        f"The message could not be made: {type(error).__name__}.", f"สร้างข้อความไม่ได้ ({type(error).__name__})"
    )
