"""The occasions of a step in words: ตุลาคม ๒๕๖๕, ไตรมาสที่ ๑, from when to when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.kinds import Cadence
from tracker.reports.standing import TaskFact
from tracker.thai.calendar import fiscal_year_of, format_date, quarter_ends
from tracker.thai.numerals import to_thai

_BY_MONTH = frozenset(
    {Cadence.MONTHLY, Cadence.WEEKLY, Cadence.EVERY_2_MONTHS, Cadence.EVERY_4_MONTHS, Cadence.HALF_YEARLY}
)

Style = Literal["month", "quarter", "day"]


@dataclass(frozen=True, slots=True)
class Occasions:
    """All days that a step is scheduled on in the year, ascending, and how they are called."""

    days: tuple[date, ...]
    style: Style
    thai_digits: bool

    def name(self, day: date) -> str:
        """The occasion as a report calls it."""
        if self.style == "quarter":
            number = quarter_ends(fiscal_year_of(day)).index(day) + 1
            return f"ไตรมาสที่ {to_thai(number) if self.thai_digits else number}"
        return format_date(day, style="month" if self.style == "month" else "long", thai_digits=self.thai_digits)

    def listed(self, days: Iterable[date | None]) -> str:
        """The occasions by runs: ตุลาคม ๒๕๖๕ ถึงธันวาคม ๒๕๖๕ และมีนาคม ๒๕๖๖; empty where they have no day."""
        return joined([self._run(run) for run in self._runs(days)])

    def span(self, days: Iterable[date | None]) -> str:
        """ตั้งแต่ตุลาคม ๒๕๖๕ ถึงกันยายน ๒๕๖๖; where occasions between are lacking, all of them in brackets."""
        runs = self._runs(days)
        if len(runs) == 1 and len(runs[0]) > 1:
            return f"ตั้งแต่{_spaced(self._run(runs[0]))}"
        return f"({joined([self._run(run) for run in runs])})" if runs else ""

    def _run(self, run: Sequence[date]) -> str:
        return self.name(run[0]) if len(run) == 1 else f"{self.name(run[0])} ถึง{_spaced(self.name(run[-1]))}"

    def _runs(self, days: Iterable[date | None]) -> list[list[date]]:
        places = {day: place for place, day in enumerate(self.days)}
        runs: list[list[date]] = []
        for day in sorted({day for day in days if day is not None}):
            if runs and places[day] == places[runs[-1][-1]] + 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        return runs


def occasions_of(tasks: Iterable[TaskFact], *, thai_digits: bool) -> Occasions:
    """The occasions of a step's tasks: by month, by quarter where it is done by quarters, else by day."""
    tasks = list(tasks)
    days = tuple(sorted({task.scheduled_on for task in tasks if task.scheduled_on is not None}))
    cadences = {cadence for task in tasks for cadence in task.cadences}
    return Occasions(days, _style(days, cadences), thai_digits)


def joined(parts: Sequence[str]) -> str:
    """Names in a row, as officers write them: กองคลัง กองช่าง และสำนักปลัด."""
    return parts[0] if len(parts) == 1 else f"{' '.join(parts[:-1])} และ{_spaced(parts[-1])}" if parts else ""


def _spaced(name: str) -> str:
    """A name with the space that parts a number from the word before it: ถึง ๕ ตุลาคม ๒๕๖๕, but ถึงตุลาคม ๒๕๖๕."""
    return f" {name}" if name[:1].isdigit() else name


def _style(days: Sequence[date], cadences: set[str]) -> Style:
    by_quarter = Cadence.QUARTERLY in cadences and not cadences & _BY_MONTH
    if by_quarter and all(day in quarter_ends(fiscal_year_of(day)) for day in days):
        return "quarter"
    return "month" if len({(day.year, day.month) for day in days}) == len(days) else "day"
