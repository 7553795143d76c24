"""A step's live tasks, sorted by what they are to a round. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.kinds import TaskState
from tracker.reports.standing import TaskFact, standing_in_round

Party = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step with all its tasks of the year, in any order."""

    number: int | None
    tasks: tuple[TaskFact, ...]


@dataclass(frozen=True, slots=True)
class StepInRound:
    """A step as of the round's last day; every tuple by party, then by occasion.

    ``counted`` are the checkpoints scheduled by that day, ``whole`` the same, or where there is none yet the
    checkpoints that somebody ticked early, so that a count never hides who has not. ``early``: done, and no part of
    ``whole``. ``noted``: still under way, with a note; ``silent``: counted, and nothing was said of it.
    """

    number: int | None
    live: tuple[TaskFact, ...]
    counted: tuple[TaskFact, ...]
    whole: tuple[TaskFact, ...]
    done: tuple[TaskFact, ...]
    early: tuple[TaskFact, ...]
    not_possible: tuple[TaskFact, ...]
    missing: tuple[TaskFact, ...]
    noted: tuple[TaskFact, ...]
    silent: tuple[TaskFact, ...]

    @property
    def several_parties(self) -> bool:
        """Whether more than one party has the step: only then is a party named."""
        return len({task.units for task in self.live}) > 1

    @property
    def several_occasions(self) -> bool:
        """Whether the round speaks of more than one day, or of one to come that is not the only one."""
        spoken_of = (*self.whole, *self.done, *self.not_possible, *self.noted)
        return len({task.scheduled_on for task in (spoken_of if self.counted else self.live)}) > 1

    @property
    def once_each(self) -> bool:
        """Whether several parties have one task each: they are counted, not the times."""
        return self.several_parties and len(by_party(self.whole)) == len(self.whole)

    @property
    def done_of_whole(self) -> tuple[TaskFact, ...]:
        """What is done of what is counted."""
        whole = {task.task_id for task in self.whole}
        return tuple(task for task in self.done if task.task_id in whole)

    @property
    def complete(self) -> bool:
        """Whether everything that is counted is done."""
        return len(self.done_of_whole) == len(self.whole)


def step_in_round(step: StepFacts, round_end: date) -> StepInRound:
    """The step as of the round's last day, whatever the order of its tasks."""
    live = tuple(sorted((task for task in step.tasks if task.state != TaskState.CANCELLED), key=_place))
    standing = {task.task_id: standing_in_round(task, round_end) for task in live}
    done = tuple(task for task in live if standing[task.task_id].done)
    counted = tuple(task for task in live if standing[task.task_id].counts)
    whole = counted or _ticked_checkpoints(live, done)
    waiting = tuple(task for task in live if not standing[task.task_id].settled)
    missing = tuple(task for task in waiting if standing[task.task_id].counts)
    noted = tuple(task for task in waiting if _noted_by(task, round_end))
    return StepInRound(
        number=step.number,
        live=live,
        counted=counted,
        whole=whole,
        done=done,
        early=_without(done, whole),
        not_possible=tuple(task for task in live if standing[task.task_id].not_possible),
        missing=missing,
        noted=noted,
        silent=_without(missing, noted),
    )


def _ticked_checkpoints(live: Sequence[TaskFact], done: Sequence[TaskFact]) -> tuple[TaskFact, ...]:
    ticked = {task.scheduled_on for task in done}
    return tuple(task for task in live if task.scheduled_on in ticked)


def _without(tasks: Sequence[TaskFact], others: Sequence[TaskFact]) -> tuple[TaskFact, ...]:
    return tuple(task for task in tasks if task not in others)


def by_party(tasks: Iterable[TaskFact]) -> dict[Party, list[TaskFact]]:
    """The tasks of each party by occasion; parties in the agency's order."""
    grouped: dict[Party, list[TaskFact]] = {}
    for task in sorted(tasks, key=_place):
        grouped.setdefault(task.units, []).append(task)
    return grouped


def by_occasion(tasks: Iterable[TaskFact]) -> list[TaskFact]:
    """The tasks by the day that they are scheduled on, then by party; undated ones last."""
    return sorted(tasks, key=lambda task: (task.scheduled_on or date.max, *_place(task)))


def ids(tasks: Iterable[TaskFact]) -> tuple[int, ...]:
    """The tasks' ids, ascending."""
    return tuple(sorted({task.task_id for task in tasks}))


def days(tasks: Sequence[TaskFact]) -> list[date | None]:
    """The days that the tasks are scheduled on."""
    return [task.scheduled_on for task in tasks]


def _place(task: TaskFact) -> tuple[int, Party, date, int]:
    return task.unit_order, task.units, task.scheduled_on or date.max, task.task_id


def _noted_by(task: TaskFact, round_end: date) -> bool:
    note = (task.progress_note or "").strip()
    return bool(note) and (task.progress_noted_on or round_end) <= round_end
