"""Works off what came in from LINE: claim, commit, fetch, decide and mark in one transaction, answer.

Safe to repeat and to run twice at once. No transaction is open while LINE is asked or answered; an answer that does
not go out changes nothing of what was decided.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.channels.base import DeliveryError
from tracker.channels.line.client import LineClient, line_client
from tracker.clock import local
from tracker.errors import NotUnderstoodError
from tracker.line import inbox, messages
from tracker.line import link_notice as letter
from tracker.line.answer import Answer, HandlerContext, IncomingEvent
from tracker.line.handling import handle
from tracker.line.kept_draft import forget_old_drafts
from tracker.line.linking import has_tried_too_often, linked_members, read_code
from tracker.line.menu import give_menu, menu_of
from tracker.models import LineEvent
from tracker.settings import Settings, secret_key
from tracker.store.db import Database
from tracker.store.photos import MEDIA_TYPE
from tracker.store.storage import NewEvidence, open_store

BATCH = 10
"""Events of one claim: all are worked off within one lease, photos fetched."""
_SPARE = timedelta(minutes=1)
"""Of a lease: no event is begun in its last minute, or another worker would begin it too."""
_log = logging.getLogger(__name__)


def work_off(
    database: Database,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    until: datetime | None = None,
) -> int:
    """Works off every event that is due, begins none after ``until``; gives how many came to an end."""
    line = line_client(settings)
    if line is None:
        return 0
    done = 0
    with line:
        run = _Run(database, settings, clock, line)
        while until is None or clock() < until:
            with database.writing() as session:
                claim, events = inbox.claim(session, clock(), BATCH)
            if not events:
                break
            done += run.batch(claim, events)
    with database.writing() as session:
        inbox.forget_old(session, clock())
        unnamed = forget_old_drafts(session, clock())
    for name in unnamed:
        open_store(settings).forget(name)
    return done


class _Run:
    """One run over what is open, with one connection to LINE."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], datetime], line: LineClient) -> None:
        self._database = database
        self._settings = settings
        self._key = secret_key(settings)
        self._evidence = open_store(settings)
        self._clock = clock
        self._line = line

    def batch(self, claim: str, events: list[LineEvent]) -> int:
        """Works off the claimed events, as long as their lease holds."""
        done = 0
        for event in events:
            if self._clock() > event.next_attempt_at - _SPARE:
                break
            done += self._work(claim, event)
        return done

    def _work(self, claim: str, event: LineEvent) -> bool:
        arrived = self._arrived(event)
        try:
            arrived = self._fetch(arrived, is_last_try=event.attempts + 1 >= inbox.MOST_ATTEMPTS)
            answer = self._decide(claim, event, arrived)
        except Exception as error:  # whatever it is, it must not hold up other people's events
            expected = isinstance(error, DeliveryError)
            _log.warning("LINE event %s is put off: %s", event.event_id, _known(error), exc_info=not expected)
            self._forget(arrived.file)
            with self._database.writing() as session:
                inbox.put_off(session, event, claim, self._clock(), f"{type(error).__name__}: {error}"[:500])
            return False
        if answer is None or not answer.keeps_file:
            self._forget(arrived.file)
        for name in answer.forget if answer else ():
            self._evidence.forget(name)
        if answer is not None:
            self._say(arrived, answer)
        return answer is not None

    def _arrived(self, event: LineEvent) -> IncomingEvent:
        return IncomingEvent(
            user_id=event.user_id,
            kind=event.kind,
            payload=event.payload,
            event_id=event.event_id,
            happened_at=event.happened_at,
            day=local(event.happened_at, self._settings.zone).date(),
        )

    def _fetch(self, arrived: IncomingEvent, *, is_last_try: bool) -> IncomingEvent:
        """Asks LINE for what the event needs: a photo of somebody we know, the name of who typed a code."""
        code = read_code(arrived.text or "")
        if not code and not arrived.is_file:
            return arrived
        with self._database.reading() as session:
            takes_photos = bool(linked_members(session, arrived.user_id))
            tries = code is not None and not has_tried_too_often(session, arrived.user_id, arrived.happened_at)
        if tries:
            return replace(arrived, line_name=self._line.display_name(arrived.user_id))
        if not takes_photos or not arrived.is_file:
            return arrived
        try:
            return replace(arrived, file=self._download(arrived))
        except DeliveryError:
            if not is_last_try:
                raise
            return replace(arrived, problem=messages.NOT_FETCHED)
        except NotUnderstoodError as error:
            return replace(arrived, problem=error.sentence_th)

    def _download(self, arrived: IncomingEvent) -> NewEvidence:
        """The photo or file of a message, kept as evidence; what is elsewhere than at LINE is never fetched."""
        message = arrived.message
        is_image = message.get("type") == "image"
        if is_image and (message.get("contentProvider") or {}).get("type") != "line":
            raise NotUnderstoodError("The photo is not kept by LINE.", messages.ONLY_PHOTOS)
        data = self._line.content(str(message["id"]), self._evidence.limit_bytes)
        here = local(arrived.happened_at, self._settings.zone)
        piece = self._evidence.keep(data, str(message.get("fileName") or f"LINE {here:%Y-%m-%d %H.%M.%S}"))
        if is_image and piece.media_type != MEDIA_TYPE:
            self._forget(piece)
            raise NotUnderstoodError("What was sent as a photo is none.", messages.ONLY_PHOTOS)
        return piece

    def _decide(self, claim: str, event: LineEvent, arrived: IncomingEvent) -> Answer | None:
        """Decides and marks in one transaction; None where another has taken the event over."""
        at = self._clock()
        with self._database.writing() as session:
            if not inbox.finish(session, event, claim, at):
                return None
            answer = handle(session, HandlerContext(self._settings, self._key, at), arrived)
            inbox.note(session, event, answer.outcome, answer.agency_id)
        return answer

    def _say(self, arrived: IncomingEvent, answer: Answer) -> None:
        """What cannot be said is let go: it was decided, and the person sees it on the page."""
        if answer.messages and arrived.reply_token:
            try:
                self._line.reply(arrived.reply_token, answer.messages)
            except DeliveryError as error:
                _log.warning("LINE event %s was worked off, no reply was sent: %s", arrived.event_id, _known(error))
        if answer.outcome in ("linked", "unlinked"):
            with self._database.reading() as session:
                whose = menu_of(linked_members(session, arrived.user_id))
            give_menu(self._line, arrived.user_id, whose)
        if answer.letter is not None and (problem := letter.send(self._settings, answer.letter)):
            _log.warning("LINE event %s: no e-mail on the link was sent: %s", arrived.event_id, _known(problem))

    def _forget(self, piece: NewEvidence | None) -> None:
        if piece is not None:
            with suppress(OSError):
                self._evidence.remove(piece)


def _known(error: Exception) -> str:
    """What a log may say of an error: its words are the other side's, and may name an address or a token."""
    if not isinstance(error, DeliveryError):
        return type(error).__name__
    return f"{'refused' if error.permanent else 'failed'}, the {error.scope}"
