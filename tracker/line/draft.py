"""What a person has answered so far and what is asked next: kept between two messages, recorded by none of them."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from tracker.store.storage import NewEvidence

State = Literal[
    "pick",
    "months",
    "words",
    "asked",
    "day",
    "confirm",
    "progress",
    "reason",
    "receipt",
    "saved",
    "other",
    "photo_month",
]
Mode = Literal["done", "progress", "cannot"]

UNKNOWN = "unknown"
"""In place of a day that the person cannot remember."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer on its way.

    ``offered`` are the open occasions of the step, ``tasks`` those it is about, ``days`` their ISO days or ``UNKNOWN``.
    ``pending`` is a sentence that was asked about, ``named`` are days that the sentence names, ``number`` is that of
    the latest receipt. ``replaces``: the task is done and this is to stand in its place. ``paused``: something else
    was asked for, and what is typed next is no answer. ``saved_at`` is the instant of saving, ``completions`` its rows.
    """

    state: State
    mode: Mode = "done"
    offered: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    words: str = ""
    pending: str = ""
    changed: str = ""
    days: dict[str, str] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    reason: str = ""
    photos: tuple[dict[str, Any], ...] = ()
    number: int = 0
    replaces: bool = False
    paused: bool = False
    saved_at: str = ""
    completions: tuple[int, ...] = ()

    @property
    def has_content(self) -> bool:
        """Whether leaving it would lose something that the person has typed or sent."""
        return self.state != "saved" and bool(self.words or self.pending or self.photos or self.days)

    @property
    def missing(self) -> tuple[int, ...]:
        """The occasions that still want a day."""
        return tuple(task for task in self.tasks if str(task) not in self.days)

    def day_of(self, task: int) -> date | None:
        """The day of an occasion; None where it is not known."""
        day = self.days.get(str(task), UNKNOWN)
        return None if day == UNKNOWN else date.fromisoformat(day)

    def with_day(self, task: int, day: date | None) -> "Draft":
        return replace(self, days={**self.days, str(task): day.isoformat() if day else UNKNOWN})

    def evidence(self) -> list[NewEvidence]:
        return [NewEvidence(**photo) for photo in self.photos]

    def with_photo(self, piece: NewEvidence) -> "Draft":
        return replace(self, photos=(*self.photos, asdict(piece)))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_TUPLES = ("offered", "tasks", "named", "photos", "completions")


def draft_from(stored: dict[str, Any]) -> Draft:
    """The draft as it was kept."""
    values: dict[str, Any] = {name: tuple(value) if name in _TUPLES else value for name, value in stored.items()}
    return Draft(**values)
