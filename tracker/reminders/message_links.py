"""The addresses in one person's message: signed for that person and day, so that they open without a password.

A mailbox's message has none of them, for its reader is signed in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tracker.channels.email.done_link import DoneLinks
from tracker.channels.reading_link import ReadingLinks, Shown


class LinkMaker:
    """Signs for anybody; ``key`` is the installation's secret key."""

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url = base_url
        self.done = DoneLinks(key)
        self.reading = ReadingLinks(key)

    def for_person(self, member_id: int, sent_on: date, address: str) -> "PersonLinks":
        return PersonLinks(self, member_id, sent_on, address)


@dataclass(frozen=True, slots=True)
class PersonLinks:
    """The links of the message of a day to one address; an empty one is signed for nobody."""

    maker: LinkMaker
    member_id: int
    sent_on: date
    address: str

    def answer(self, task_id: int) -> str:
        """Where the person answers for a task; empty where nothing is signed."""
        who = self.member_id, task_id, self.sent_on, self.address
        return self.maker.done.page(self.maker.base_url, *who) if self.address else ""

    def read(self, shown: Shown, thing: int = 0) -> str:
        """Where the person reads; empty where nothing is signed."""
        who = self.member_id, shown, thing, self.sent_on, self.address
        return self.maker.reading.page(self.maker.base_url, *who) if self.address else ""

    def choices(self) -> str:
        """Where the person chooses how to be reminded; empty where nothing is signed."""
        link = self.read("reminders")
        return f"{link}/reminders" if link else ""

    def read_task(self, task_id: int) -> str:
        return self.read("task", task_id)

    def by_task(self, tasks: Iterable[int], link: Callable[[int], str]) -> dict[int, str]:
        """The links of the tasks; none where nothing is signed."""
        return {task: link(task) for task in tasks} if self.address else {}

    def news(self, path: str | None, task_id: int | None, *, to_owner: bool) -> str:
        """Where a notice leads: to its task, to the person's own list, else to the page that it names."""
        signed = ""
        if task_id is not None:
            signed = self.answer(task_id) if to_owner else self.read("task", task_id)
        elif path and path.startswith("/tasks/"):
            signed = self.read("tasks")
        return signed or f"{self.maker.base_url}{path or '/'}"
