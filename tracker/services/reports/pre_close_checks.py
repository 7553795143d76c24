"""What a coordinator looks at before closing a round: what is open, silent, drifted, or without evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from tracker import clock
from tracker.models import Measure, Plan, Step, Task
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import refused_in_round
from tracker.services.reports.column_texts import ColumnView, column_views
from tracker.services.reports.compose import measures_of
from tracker.thai.calendar import fiscal_year_end, round_end


@dataclass(frozen=True, slots=True)
class Checks:
    """Suggestions, none of which forbids to close.

    ``open_tasks`` are scheduled in the round and neither done nor declared impossible; ``silent_steps`` had something
    scheduled and nothing can be said of them; ``drifted`` texts rest on facts that have changed; ``unproven`` tasks are
    done without evidence; those ``done_later`` were scheduled in the round, which does not count them.
    """

    open_tasks: tuple[Task, ...]
    silent_steps: tuple[tuple[Measure, Step], ...]
    drifted: tuple[ColumnView, ...]
    unproven: tuple[Task, ...]
    done_later: tuple[Task, ...]

    @property
    def clean(self) -> bool:
        return not (self.open_tasks or self.silent_steps or self.drifted or self.unproven or self.done_later)


def checks_of(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, views: Sequence[ColumnView] | None = None
) -> Checks:
    """What is to be looked at before the round is closed: a constant number of queries.

    ``views`` are the columns of all measures, where the caller has read them already.
    """
    end, year_end = round_end(plan.fiscal_year, number), fiscal_year_end(plan.fiscal_year)
    if views is None:
        views = column_views(session, plan, measures_of(session, plan), number, tz, thai_digits=True)
    measures = [view.measure for view in views if view.column == "summary"]
    by_measure = {view.measure.id: view.tasks for view in views}
    open_tasks: list[Task] = []
    done_later: list[Task] = []
    unproven: list[Task] = []
    silent: list[tuple[Measure, Step]] = []
    for measure in measures:
        for step in measure.steps:
            if step.retired:
                continue
            tasks = _of_step(by_measure[measure.id], step)
            counted = [task for task in tasks if (task.scheduled_on or year_end) <= end]
            open_tasks += [task for task in counted if task.is_open or task.state == "submitted"]
            done_later += [task for task in counted if task.state == "done" and not _says(task, end, tz)]
            unproven += [task for task in tasks if _is_unproven(task, end)]
            if counted and not any(_says(task, end, tz) for task in tasks):
                silent.append((measure, step))
    drifted = tuple(view for view in views if view.drifted)
    return Checks(tuple(open_tasks), tuple(silent), drifted, tuple(unproven), tuple(done_later))


def _of_step(tasks: Mapping[int, Task], step: Step) -> Sequence[Task]:
    return [task for task in tasks.values() if task.step_id == step.id and task.state != "cancelled"]


def _is_unproven(task: Task, end: date) -> bool:
    completion = task.completion
    return task.state == "done" and completion is not None and completion.done_on <= end and not completion.evidence


def _says(task: Task, end: date, tz: tzinfo) -> bool:
    """Whether the report of the round has words from the task."""
    completion = task.completion
    if task.state == "done" and completion is not None:
        return completion.done_on <= end
    if task.state == "not_possible":
        return refused_in_round(clock.local(task.updated_at, tz).date(), end)
    return any(note.noted_on <= end for note in task.notes)
