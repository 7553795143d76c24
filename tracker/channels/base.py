"""What every channel is, is given, and answers when it fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from uuid import UUID

from tracker.bilingual import Bilingual
from tracker.errors import TrackerError
from tracker.settings import Settings

Scope = Literal["message", "address", "channel"]
Health = Literal["ok", "off", "failed"]

MOST_AT_ONCE = 50
"""Messages of one claim: they are sent within one lease, one after the other."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, ready for any channel.

    ``id`` is the delivery's: e-mail makes its Message-ID of it, LINE its retry key. ``to`` is the address on the
    channel, ``html`` a whole page; ``reply_to`` is who reads a reply to an e-mail, ``record_head`` the end of the
    agency's record for those who hold the mail against it.
    """

    id: UUID
    to: str
    to_name: str
    sender: str
    subject: str
    text: str
    html: str
    at: datetime
    preferences_url: str
    flex: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    record_head: str = ""


class DeliveryError(TrackerError):
    """A message did not go out.

    ``permanent``: trying again is of no use. ``scope`` is what failed: this message, the person's address (nothing
    goes there until somebody corrects it), or the channel as a whole. ``unsure``: it may have gone out all the same.
    """

    def __init__(
        self,
        sentence: str,
        sentence_th: str,
        *,
        permanent: bool = False,
        scope: Scope = "message",
        unsure: bool = False,
    ) -> None:
        super().__init__(sentence, sentence_th)
        self.permanent = permanent
        self.scope = scope
        self.unsure = unsure


class Sender(Protocol):
    """Sends messages one by one; as a context manager it keeps one connection for them all."""

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        """Hands the message over; gives the other side's receipt where there is one. Raises DeliveryError.

        ``begin`` is called right before the message may count as sent; what it raises stops that.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Digest(Protocol):
    """What a person is to be told, in the forms that a channel may take it in."""

    @property
    def subject(self) -> str: ...

    def words(self) -> tuple[str, str]:
        """As a text, and as a whole page of HTML."""

    def bubble(self) -> tuple[str, dict[str, Any]]:
        """As a Flex bubble of LINE, after what a phone shows of it before it is opened."""


@dataclass(frozen=True, slots=True)
class Body:
    """A digest as a channel says it."""

    subject: str
    text: str = ""
    html: str = ""
    flex: dict[str, Any] = field(default_factory=dict)


def in_words(digest: Digest) -> Body:
    """A digest as text and HTML."""
    return Body(digest.subject, *digest.words())


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel bears.

    ``at_once``: messages handed over between two commits; each of them is unsure after a kill. Of two ways to be safe
    from doubles a channel has one: ``refuses_doubles_for`` is for how long the other side refuses a message's id that
    it had (what is unsure for longer is left alone), ``most_unanswered`` is how many times a message is handed over
    without an answer. ``kept_for_urgent``: the month's last messages, for what is due or late.
    """

    at_once: int = 1
    refuses_doubles_for: timedelta | None = None
    most_unanswered: int = 2
    kept_for_urgent: int = 0

    def is_unknown(self, unanswered: int, first_attempt_at: datetime | None, at: datetime) -> bool:
        """Whether a message may be out and must not be handed over again by itself."""
        if self.refuses_doubles_for is None:
            return unanswered >= self.most_unanswered
        return bool(unanswered) and first_attempt_at is not None and at >= first_attempt_at + self.refuses_doubles_for


UNSURE = Bilingual(
    "Handed over, but never confirmed; it is not sent again by itself.",
    "ส่งแล้วแต่ไม่ได้รับคำยืนยัน ระบบจะไม่ส่งซ้ำเอง",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What people read of a channel. ``default`` follows "else" in the list of ways; without ``first`` nobody may
    prefer it; ``unsure`` says why a message's fate is unknown."""

    name: Bilingual
    default: Bilingual | None = None
    first: Bilingual | None = None
    sent: Bilingual | None = None
    sent_remark: Bilingual | None = None
    unsure: Bilingual = UNSURE
    no_address: Bilingual | None = None
    not_set_up: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a person, as the registry has it; all that the rest of the house knows of it.

    ``name`` stands in the database and has at most 8 characters. ``address_field`` and ``failure_field`` are where a
    member has the address and why it was refused for good. Without ``open`` a message lands in the mailbox of the web
    pages, which everybody has. ``check`` is what ``tracker doctor`` says under ``check_name``; ``variables`` are the
    settings, as docs/operators.md lists them. ``messages_left`` asks what the month still allows (None: it does not
    matter, or nobody says). ``proves_mail``: who reads its message owns the member's e-mail address.
    ``carries_links``: its address is one person's own, so that a link in it may answer for that person.
    """

    name: str
    words: Words
    compose: Callable[[Digest], Body]
    is_set_up: Callable[[Settings], bool]
    open: Callable[[Settings], Sender | None] | None = None
    limits: Limits = Limits()
    address_field: str | None = None
    failure_field: str | None = None
    shows_address: bool = False
    proves_mail: bool = False
    carries_links: bool = False
    variables: tuple[str, ...] = ()
    check_name: str = ""
    check: Callable[[Settings], tuple[Health, str]] | None = None
    messages_left: Callable[[Settings], int | None] | None = None

    @property
    def goes_out(self) -> bool:
        """Whether its messages leave the house."""
        return self.open is not None

    def begins_ahead(self, unanswered: int) -> bool:
        """Whether a message is noted as begun together with the marks of those before it.

        One that may be out already waits with that until the last moment, where only we can keep it from going twice.
        """
        return self.goes_out and (self.limits.refuses_doubles_for is not None or not unanswered)

    def address_of(self, person: object) -> str:
        """Where the person is on this channel; empty for nowhere, and for the mailbox."""
        return (getattr(person, self.address_field) or "") if self.address_field else ""

    def failure_of(self, person: object) -> str | None:
        """Why the person's address was refused for good."""
        return getattr(person, self.failure_field) if self.failure_field else None

    def reaches(self, person: object) -> bool:
        """Whether a message may be tried."""
        return not self.goes_out or bool(self.address_of(person) and not self.failure_of(person))
