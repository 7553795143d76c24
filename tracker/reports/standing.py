"""How a task stands in a round: written once, for the text, the progress pages, the checks and the papers.

Pure. The round counts the checkpoints scheduled by its last day, wherever their due day was moved to; a completion
belongs to it by the day it was done (docs/rules.md, "Rounds" and "Task states").
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tracker.kinds import OPEN_STATES, TaskState
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of

Kind = Literal["on_time", "late", "unknown_day", "not_possible", "unfinished", "to_come", "cancelled"]

ENTERED_LATE_AFTER = timedelta(days=30)
"""A report that is entered longer than this after the day that it claims is counted as บันทึกย้อนหลัง."""

_DONE: tuple[Kind, ...] = ("on_time", "late", "unknown_day")
_WAITING = (*OPEN_STATES, TaskState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class TaskFact:
    """One task as it stands now. ``units`` is one name, or all names of a joint task.

    ``unit_order`` is its first unit's position among the agency's units, the order in which units are named.
    ``reason`` is the words of a ``not_possible``, and ``done_on`` is then the day it was declared; None where nobody
    knows the day. ``progress_note`` is the latest one dated in the round, if any. ``due_on`` is the day that holds,
    where it was moved from ``scheduled_on``; ``entered_on`` the local day on which the completion was typed.
    """

    task_id: int
    units: tuple[str, ...]
    scheduled_on: date | None
    state: str
    done_on: date | None = None
    result: str | None = None
    outcome: str | None = None
    reason: str | None = None
    progress_note: str | None = None
    progress_noted_on: date | None = None
    unit_order: int = 0
    due_on: date | None = None
    cadences: tuple[str, ...] = ()
    entered_on: date | None = None

    @property
    def due(self) -> date | None:
        """The day on which it is due, moved or not; None where the plan gives none."""
        return self.due_on or self.scheduled_on


@dataclass(frozen=True, slots=True)
class Standing:
    """What one task is to a round.

    ``counts``: its checkpoint is one of the round's. ``open``: it counts and still waits for somebody. ``done_later``:
    it counts and was done, but after the round. ``entered_late``: it is done in the round and was typed long after.
    """

    kind: Kind
    counts: bool
    open: bool
    done_later: bool
    entered_late: bool

    @property
    def done(self) -> bool:
        """Whether the round has it as done."""
        return self.kind in _DONE

    @property
    def cancelled(self) -> bool:
        """Whether nobody is to do it any more, so that it counts nowhere."""
        return self.kind == "cancelled"

    @property
    def not_possible(self) -> bool:
        """Whether the round has it as not possible."""
        return self.kind == "not_possible"

    @property
    def settled(self) -> bool:
        """Whether the round waits for nothing more."""
        return self.done or self.not_possible

    @property
    def unfinished(self) -> bool:
        """Whether the round counts it and has nothing of it."""
        return self.kind == "unfinished"

    @property
    def late(self) -> bool:
        """Whether it was done after the day on which it was due."""
        return self.kind == "late"


def standing_in_round(task: TaskFact, round_end: date) -> Standing:
    """How the task stands in the round that ends on ``round_end``, whatever the day it is asked on."""
    if task.state == TaskState.CANCELLED:
        return Standing("cancelled", counts=False, open=False, done_later=False, entered_late=False)
    year_end = fiscal_year_end(fiscal_year_of(round_end))
    counts = (task.scheduled_on or year_end) <= round_end
    kind = _kind(task, round_end, year_end, counts)
    return Standing(
        kind,
        counts,
        open=counts and task.state in _WAITING,
        done_later=counts and task.state == TaskState.DONE and kind not in _DONE,
        entered_late=kind in _DONE and _entered_late(task),
    )


def _kind(task: TaskFact, round_end: date, year_end: date, counts: bool) -> Kind:
    if task.state == TaskState.DONE and (counts if task.done_on is None else task.done_on <= round_end):
        return _done_kind(task)
    if task.state == TaskState.NOT_POSSIBLE and _declared_in(task, round_end, year_end, counts):
        return "not_possible"
    return "unfinished" if counts else "to_come"


def _done_kind(task: TaskFact) -> Kind:
    if task.done_on is None:
        return "unknown_day"
    return "on_time" if task.due is None or task.done_on <= task.due else "late"


def _declared_in(task: TaskFact, round_end: date, year_end: date, counts: bool) -> bool:
    """A "not possible" belongs to a round by its day; one declared after the year belongs to the year's last round."""
    if task.done_on is None:
        return counts
    return task.done_on <= round_end or round_end == year_end


def _entered_late(task: TaskFact) -> bool:
    if task.done_on is None or task.entered_on is None:
        return False
    return task.entered_on - task.done_on > ENTERED_LATE_AFTER
