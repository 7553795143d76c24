"""What a coordinator looks at before closing a round: what is open, silent, drifted, or without evidence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from tracker.models import Measure, Plan, Step, Task
from tracker.reports.claims import Claim
from tracker.reports.data import RoundNumber
from tracker.reports.standing import Standing, standing_in_round
from tracker.services.reports.column_texts import ColumnView, column_views
from tracker.services.reports.compose import measures_of
from tracker.services.reports.facts import task_fact
from tracker.thai.calendar import round_end

_Pair = tuple[Task, Standing]
"""A task and how it stands in the round."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Suggestions, none of which forbids to close.

    ``open_tasks`` are scheduled in the round and neither done nor declared impossible; ``silent_steps`` had something
    scheduled and nobody reported anything of them, which the report says; ``drifted`` texts rest on facts that have
    changed; ``unproven`` tasks are done without evidence; those ``done_later`` were scheduled in the round, which does
    not count them. Of steps ``without_result`` nothing that was scheduled is done or declared impossible, though notes
    may tell of them. ``claiming`` are sentences of the coordinator's texts that say more than was ticked, with their
    column. Closing with either is asked about once more.
    """

    open_tasks: tuple[Task, ...]
    silent_steps: tuple[tuple[Measure, Step], ...]
    drifted: tuple[ColumnView, ...]
    unproven: tuple[Task, ...]
    done_later: tuple[Task, ...]
    without_result: tuple[tuple[Measure, Step], ...]
    claiming: tuple[tuple[ColumnView, Claim], ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is left to look at."""
        to_look_at = (
            self.open_tasks, self.silent_steps, self.drifted, self.unproven, self.done_later, self.claiming,
        )  # fmt: skip
        return not any(to_look_at)

    @property
    def asks_once_more(self) -> bool:
        """Whether closing now would leave a step without a result or print a sentence that claims too much."""
        return bool(self.without_result or self.claiming)


def checks_of(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, views: Sequence[ColumnView] | None = None
) -> Checks:
    """What is to be looked at before the round is closed: a constant number of queries.

    ``views`` are the columns of all measures, where the caller has read them already.
    """
    end = round_end(plan.fiscal_year, number)
    if views is None:
        views = column_views(session, plan, measures_of(session, plan), number, tz, thai_digits=True)
    by_step = list(_by_step(views, end, tz))
    every = [pair for _, _, pairs in by_step for pair in pairs]
    return Checks(
        open_tasks=_tasks(every, lambda _task, standing: standing.open),
        silent_steps=tuple((measure, step) for measure, step, pairs in by_step if _is_silent(pairs, end)),
        drifted=tuple(view for view in views if view.drifted),
        unproven=_tasks(every, lambda task, standing: standing.done and _is_unproven(task)),
        done_later=_tasks(every, lambda _task, standing: standing.done_later),
        without_result=tuple((measure, step) for measure, step, pairs in by_step if _is_without_result(pairs)),
        claiming=tuple((view, claim) for view in views for claim in view.claims),
    )


def _by_step(views: Sequence[ColumnView], end: date, tz: tzinfo) -> Iterator[tuple[Measure, Step, list[_Pair]]]:
    """Every step of the plan, in order, with its tasks and how each stands."""
    for view in views:
        if view.column == "summary":
            for step in view.measure.steps:
                if not step.retired:
                    yield view.measure, step, _standings(view, step, end, tz)


def _tasks(pairs: Sequence[_Pair], chosen: Callable[[Task, Standing], bool]) -> tuple[Task, ...]:
    return tuple(task for task, standing in pairs if chosen(task, standing))


def _standings(view: ColumnView, step: Step, end: date, tz: tzinfo) -> list[_Pair]:
    """The step's tasks, each with how it stands in the round that ends on ``end``."""
    return [
        (task, standing_in_round(task_fact(task, end, tz), end))
        for task in view.tasks.values()
        if task.step_id == step.id
    ]


def _is_silent(pairs: Sequence[_Pair], end: date) -> bool:
    """Whether something of a step counts in the round and the report has no words of it."""
    counts = any(standing.counts for _, standing in pairs)
    return counts and not any(_says(task, standing, end) for task, standing in pairs)


def _is_without_result(pairs: Sequence[_Pair]) -> bool:
    return any(one.counts for _, one in pairs) and not any(one.settled for _, one in pairs)


def _is_unproven(task: Task) -> bool:
    return task.completion is not None and not task.completion.evidence


def _says(task: Task, standing: Standing, end: date) -> bool:
    """Whether the report of the round has words from the task."""
    noted = not standing.cancelled and any(note.noted_on <= end for note in task.notes)
    return standing.settled or noted
