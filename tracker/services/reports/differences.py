"""What differs between two snapshots of a report, cell by cell. Pure: two snapshots in, differences out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tracker.reports.data import ReportData, ReportMeasure
from tracker.services.reports.snapshots import FrozenEvidence, FrozenPerson, FrozenTask, Snapshot
from tracker.thai.paragraphs import Paragraphs

Area = Literal["plan", "text", "progress", "task", "evidence", "people"]
PUBLIC_AREAS: tuple[Area, ...] = ("plan", "text", "progress")
"""What a published report shows: its differences name no person and no piece of evidence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not the same: None where it was not there, or is no longer.

    ``measure`` and ``step`` are numbers of the plan; ``place`` tells more: a task's units and day, a unit. ``later``:
    it concerns work of the year that lies after the round, which goes on as it should. Dates are in ISO 8601.
    """

    area: Area
    cell: str
    before: str | None
    after: str | None
    measure: int | None = None
    step: int | None = None
    place: tuple[str, ...] = ()
    task_id: int | None = None
    later: bool = False

    def as_json(self) -> dict[str, Any]:
        """The difference for machines."""
        return {
            "area": self.area, "measure": self.measure, "step": self.step, "place": list(self.place),
            "cell": self.cell, "before": self.before, "after": self.after, "later": self.later,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Difference":
        """The difference that ``as_json`` wrote; a task's id is not part of it."""
        return cls(**{**value, "place": tuple(value["place"])})


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Every cell that differs: the plan, its texts and progress, tasks and evidence by measure, then people.

    Where a snapshot holds no facts (of format 1), its report alone is compared.
    """
    moved = list(_tasks(before.tasks, after.tasks)) if before.tasks is not None and after.tasks is not None else []
    touched = {one.measure for one in moved if not one.later}
    found = [*_reports(before.report, after.report, touched if before.tasks is not None else None), *moved]
    order = {area: place for place, area in enumerate(("plan", "text", "progress", "task", "evidence", "people"))}
    found.sort(key=lambda one: (one.measure is None, one.measure or 0, order[one.area]))
    if before.people is not None and after.people is not None:
        found += _people(before.people, after.people)
    return found


def _reports(before: ReportData, after: ReportData, touched: set[int | None] | None) -> Iterable[Difference]:
    for cell in ("agency", "place"):
        yield from _cell("plan", cell, getattr(before, cell), getattr(after, cell))
    yield from _cell("people", "signers", _signers(before), _signers(after))
    old = {measure.number: measure for measure in before.measures}
    new = {measure.number: measure for measure in after.measures}
    for number in sorted(old.keys() | new.keys()):
        if number not in old or number not in new:
            title = [one[number].title if number in one else None for one in (old, new)]
            yield Difference("plan", "measure", title[0], title[1], number)
            continue
        yield from _measures(old[number], new[number])
        progress = [f"{one.done}/{one.total}" for one in (old[number], new[number])]
        if progress[0] != progress[1]:
            later = touched is not None and number not in touched
            yield Difference("progress", "progress", progress[0], progress[1], number, later=later)


def _measures(before: ReportMeasure, after: ReportMeasure) -> Iterable[Difference]:
    cells: dict[str, Callable[[ReportMeasure], str]] = {
        "title": lambda one: one.title,
        "details": lambda one: _typed(one.details),
        "responsible": lambda one: one.responsible.text,
        "period": lambda one: one.period.text,
    }
    for name, value in cells.items():
        yield from _cell("plan", name, value(before), value(after), measure=after.number)
    for index in range(max(len(before.steps), len(after.steps))):
        old, new = (one.steps[index] if index < len(one.steps) else None for one in (before, after))
        step = (new or old).number or index + 1  # type: ignore[union-attr]  # one of them is there
        texts = (old.text if old else None, new.text if new else None)
        yield from _cell("plan", "step", *texts, measure=after.number, step=step)
        if old and new:
            for name in ("responsible", "period"):
                own = [getattr(one, name) for one in (old, new)]
                values = [one.text if one else None for one in own]
                yield from _cell("plan", name, values[0], values[1], measure=after.number, step=step)
    yield from _cell("text", "summary", _typed(before.summary), _typed(after.summary), measure=after.number)
    yield from _cell("text", "outcome", _typed(before.outcome), _typed(after.outcome), measure=after.number)


_TASK_CELLS: dict[str, Callable[[FrozenTask], str | None]] = {
    "step_text": lambda task: task.title,
    "units": lambda task: ", ".join(task.units),
    "scheduled_on": lambda task: task.scheduled_on.isoformat() if task.scheduled_on else None,
    "due_on": lambda task: task.due_on.isoformat() if task.due_on else None,
    "state": lambda task: task.state,
    "done_on": lambda task: task.done_on.isoformat() if task.done_on else None,
    "result": lambda task: task.result,
    "outcome": lambda task: task.outcome,
    "reason": lambda task: task.reason,
    "notes": lambda task: "\n".join(task.notes) or None,
}


def _tasks(before: Sequence[FrozenTask], after: Sequence[FrozenTask]) -> Iterable[Difference]:
    old, new = {task.id: task for task in before}, {task.id: task for task in after}
    for id_ in dict.fromkeys((*new, *old)):
        was, is_ = old.get(id_), new.get(id_)
        at = is_ or was
        if at is None or was == is_:
            continue
        day = (at.scheduled_on.isoformat(),) if at.scheduled_on else ()
        more: dict[str, Any] = {
            "measure": at.measure, "step": at.step, "place": (", ".join(at.units), *day), "task_id": id_,
            "later": not any(task.in_round for task in (was, is_) if task),
        }  # fmt: skip
        if was is None or is_ is None:
            yield Difference("task", "task", was.title if was else None, is_.title if is_ else None, **more)
            continue
        for name, value in _TASK_CELLS.items():
            yield from _cell("task", name, value(was), value(is_), **more)
        for piece in was.evidence:
            if piece not in is_.evidence:
                yield Difference("evidence", "evidence", _piece(piece), None, **more)
        for piece in is_.evidence:
            if piece not in was.evidence:
                yield Difference("evidence", "evidence", None, _piece(piece), **more)


def _people(before: Sequence[FrozenPerson], after: Sequence[FrozenPerson]) -> Iterable[Difference]:
    sides: list[dict[tuple[str | None, str, int], str]] = []
    for people in (before, after):
        names: dict[tuple[str | None, str, int], str] = {}
        for person in people:
            key = (person.unit, person.role, person.rank)
            names[key] = f"{names[key]}, {person.name}" if key in names else person.name
        sides.append(names)
    old, new = sides
    for key in dict.fromkeys((*new, *old)):
        place = (key[0],) if key[0] else ()
        yield from _cell("people", key[1], old.get(key), new.get(key), place=place)


def _cell(area: Area, cell: str, before: str | None, after: str | None, **more: Any) -> Iterable[Difference]:
    if (before or None) != (after or None):
        yield Difference(area, cell, before or None, after or None, **more)


def _typed(paragraphs: Paragraphs) -> str:
    return "\n".join(one.typed(thai_digits=False) for one in paragraphs)


def _signers(report: ReportData) -> str:
    return "\n".join(f"{signer.name} ({signer.position})" for signer in report.signers)


def _piece(piece: FrozenEvidence) -> str:
    return piece.link or f"{piece.name} (SHA-256 {piece.sha256})"
