"""What every channel is given, does, and answers when it fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from uuid import UUID

from tracker.errors import TrackerError

Scope = Literal["message", "address", "channel"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, ready for any channel.

    ``id`` is the delivery's: e-mail makes its Message-ID of it, LINE its retry key. ``to`` is the address on the
    channel, ``html`` a whole page.
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


class Channel(Protocol):
    """Sends messages one by one; as a context manager it keeps one connection for them all."""

    def send(self, message: Message, begin: Callable[[], None] | None = None) -> str | None:
        """Hands the message over; gives the other side's receipt where there is one. Raises DeliveryError.

        ``begin`` is called right before the message may count as sent; what it raises stops that.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
