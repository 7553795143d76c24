"""What a plan's tasks would be on the day they are made: how many, and how many of them late from the first day on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.plan_draft import DraftPlan
from tracker.services.tasks.generate import UnitBook


@dataclass(frozen=True, slots=True)
class Birth:
    """``overdue`` of the ``tasks`` would be late at once, the oldest for ``days``."""

    tasks: int
    overdue: int
    days: int


def birth_of(draft: DraftPlan, units: UnitBook, today: date) -> Birth:
    """The draft's tasks as they would be made for the agency's units; nothing is stored."""
    due = list(_due_days(draft, units))
    late = [day for day in due if day is not None and day < today]
    return Birth(len(due), len(late), (today - min(late)).days if late else 0)


def _due_days(draft: DraftPlan, units: UnitBook) -> Iterator[date | None]:
    """The due day of each task: a checkpoint's for each unit, once for joint ones; None where the cell gives no day."""
    for measure in draft.measures:
        for step in measure.steps:
            responsible, period = step.responsible or measure.responsible, step.period or measure.period
            named = {id_ for party in responsible.parties for id_ in _meant(party, units)}
            times = max(len(named), 1) if responsible.mode == "each" else 1
            for point in period.checkpoints or (None,):
                yield from [point.on if point else None] * times


def _meant(party: str, units: UnitBook) -> list[int | str]:
    """The ids of the units that the party means; a party that nobody knows would be a unit of its name."""
    return [unit.id for unit in units.meant(party)] or [party]
