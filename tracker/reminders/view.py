"""What a digest tells one person, before it is put into words: tasks, news, what waits to be signed, with addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.reminders.owing import OwingUnit
from tracker.reminders.stages import Stage


@dataclass(frozen=True, slots=True)
class Item:
    """A task in a digest, at its most urgent stage.

    ``units`` names whose it is, where the reader must be told; ``own`` is whether the reader can tick it off. To a
    superior ``owed_by`` are its units one by one, ``last_word`` is what its people said of it last, ``reminded`` how
    often they were reminded.
    """

    task_id: int
    measure: int
    measure_title: str
    step_id: int
    step: str
    fiscal_year: int
    due_on: date | None
    cadences: tuple[str, ...]
    stage: Stage
    units: str = ""
    owed_by: tuple[str, ...] = ()
    note: str = ""
    own: bool = True
    last_word: str = ""
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """A notice in a digest, with the address where the reader can act."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A superior asks for what is late, in person: as ``post`` at the local time ``at``."""

    post: str
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """All that a digest says, and how its reader wants digits. ``units`` names the reader's own.

    ``done_urls`` are the addresses, by task, where the reader can answer without signing in, ``read_urls`` those where
    others' tasks can be read, ``list_url`` that of all own tasks, ``choices_url`` that of how to be reminded: none in
    the mailbox, whose reader is signed in. ``reply_to`` is the coordinator's address, to which a reply to an e-mail
    goes; empty where nobody reads it. ``to_sign`` are reports that wait for the reader's signature, ``owing`` the units
    of an escalation by name; ``asked``: a superior had the reader reminded again.
    """

    name: str
    agency: str
    day: date
    items: tuple[Item, ...]
    news: tuple[News, ...] = ()
    reasons: tuple[str, ...] = ()
    base_url: str = ""
    thai_digits: bool = True
    done_urls: Mapping[int, str] = field(default_factory=dict)
    units: str = ""
    reply_to: str = ""
    read_urls: Mapping[int, str] = field(default_factory=dict)
    list_url: str = ""
    choices_url: str = ""
    to_sign: tuple[News, ...] = ()
    owing: Mapping[str, OwingUnit] = field(default_factory=dict)
    asked: Asked | None = None

    @property
    def preferences_url(self) -> str:
        """Where the reader chooses how to be reminded."""
        return self.choices_url or f"{self.base_url}/account/reminders"

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.news or self.to_sign)

    @property
    def all_url(self) -> str:
        """Where all of the reader's tasks stand."""
        return self.list_url or f"{self.base_url}/"

    def page_of(self, task_id: int) -> str:
        """Where the reader sees a task, and answers for it where it is the reader's own."""
        return self.done_urls.get(task_id) or self.read_urls.get(task_id) or f"{self.base_url}/tasks/{task_id}"


def most_urgent_first(items: Iterable[Item]) -> list[Item]:
    """By stage, then by due day, then in the plan's order."""
    return sorted(
        items, key=lambda item: (item.stage.urgency, item.due_on or date.max, item.measure, item.step_id, item.task_id)
    )
