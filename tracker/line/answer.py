"""What arrived from a person, with what had to be fetched for it, and what is answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.line.link_notice import Letter
from tracker.line.messages import Message
from tracker.settings import Settings
from tracker.store.storage import NewEvidence


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """An event of one person. ``day`` is the local day on which it happened; ``line_name``, ``file`` and ``problem``
    (why there is no file, for the person) were fetched from LINE where the event needs them."""

    user_id: str
    kind: str
    payload: dict[str, Any]
    event_id: str
    happened_at: datetime
    day: date
    line_name: str | None = None
    file: NewEvidence | None = None
    problem: str | None = None

    @property
    def message(self) -> dict[str, Any]:
        found = self.payload.get("message")
        return found if self.kind == "message" and isinstance(found, dict) else {}

    @property
    def text(self) -> str | None:
        """What was typed, fit for a database; None where the event is no text."""
        if self.message.get("type") != "text":
            return None
        words = str(self.message.get("text", "")).replace("\x00", "")
        return words.encode("utf-8", "ignore").decode("utf-8").strip()

    @property
    def is_in_group(self) -> bool:
        """Whether others read along: nothing of a person's work is said or taken there."""
        source = self.payload.get("source") or {}
        return bool(source.get("type", "user") != "user")

    @property
    def is_file(self) -> bool:
        return self.message.get("type") in ("image", "file")

    @property
    def is_last_of_set(self) -> bool:
        """Whether no other photo that was sent together with this one follows."""
        photos = self.message.get("imageSet") or {}
        return photos.get("index") == photos.get("total")

    @property
    def reply_token(self) -> str | None:
        token = self.payload.get("replyToken")
        return token if isinstance(token, str) and token else None


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """What every decision needs: settings, the secret key, and the instant of the decision."""

    settings: Settings
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an event, in a word, and what to say to the person once it is committed.

    ``forget`` are kept files that nothing names any more.
    """

    outcome: str
    messages: tuple[Message, ...] = ()
    agency_id: int | None = None
    keeps_file: bool = False
    letter: Letter | None = None
    forget: tuple[str, ...] = ()
