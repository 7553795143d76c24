"""On time, late, not possible, unfinished: a plan's tasks as they stood at the end of a round."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo

from tracker import clock
from tracker.models import Task
from tracker.reports.data import StandingCounts, UnitPace
from tracker.reports.rollup import refused_in_round
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of


def pace(tasks: Iterable[Task], round_end: date, tz: tzinfo) -> StandingCounts:
    """The tasks counted; nothing of it depends on the day it is asked for."""
    return StandingCounts(**Counter(_standing(task, round_end, tz) for task in tasks if task.state != "cancelled"))


def by_unit(tasks: Iterable[Task], round_end: date, tz: tzinfo, *, whole: bool) -> tuple[UnitPace, ...]:
    """The tasks by unit, in the agency's order; without ``whole`` only what was done, so that it blames nobody."""
    of_unit: dict[tuple[int, int, str], list[Task]] = {}
    for task in tasks:
        for unit in task.units:
            of_unit.setdefault((unit.position, unit.id, unit.name), []).append(task)
    paces = [(name, pace(of_unit[place, id_, name], round_end, tz)) for place, id_, name in sorted(of_unit)]
    if whole:
        return tuple(UnitPace(name, found) for name, found in paces if found.total)
    return tuple(UnitPace(name, StandingCounts(found.on_time, found.late)) for name, found in paces if found.done)


def _standing(task: Task, round_end: date, tz: tzinfo) -> str:
    completion = task.completion
    if task.state == "done" and completion is not None and completion.done_on <= round_end:
        return "on_time" if task.due_on is None or completion.done_on <= task.due_on else "late"
    if task.state == "not_possible" and refused_in_round(clock.local(task.updated_at, tz).date(), round_end):
        return "not_possible"
    due = task.due_on or fiscal_year_end(fiscal_year_of(round_end))
    return "unfinished" if due <= round_end else "to_come"
