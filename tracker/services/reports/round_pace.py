"""On time, late, not possible, unfinished: a plan's tasks as they stood at the end of a round."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo

from tracker.models import Task
from tracker.reports.data import StandingCounts, UnitPace
from tracker.reports.standing import standing_in_round
from tracker.services.reports.facts import task_fact


def pace(tasks: Iterable[Task], round_end: date, tz: tzinfo) -> StandingCounts:
    """The tasks counted; nothing of it depends on the day it is asked for."""
    standings = [standing_in_round(task_fact(task, round_end, tz), round_end) for task in tasks]
    kinds: Counter[str] = Counter(one.kind for one in standings if not one.cancelled)
    return StandingCounts(**kinds, entered_late=sum(one.entered_late for one in standings))


def by_unit(tasks: Iterable[Task], round_end: date, tz: tzinfo) -> tuple[UnitPace, ...]:
    """The tasks by unit, in the agency's order; a joint task counts for each of its units."""
    of_unit: dict[tuple[int, int, str], list[Task]] = {}
    for task in tasks:
        for unit in task.units:
            of_unit.setdefault((unit.position, unit.id, unit.name), []).append(task)
    paces = [(name, pace(of_unit[place, id_, name], round_end, tz)) for place, id_, name in sorted(of_unit)]
    return tuple(UnitPace(name, found) for name, found in paces if found.total)
