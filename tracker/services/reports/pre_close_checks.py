"""What a coordinator looks at before closing a round: what is open, silent, drifted, or without evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from tracker.models import Measure, Plan, Step, Task
from tracker.reports.data import RoundNumber
from tracker.reports.standing import Standing, standing_in_round
from tracker.services.reports.column_texts import ColumnView, column_views
from tracker.services.reports.compose import measures_of
from tracker.services.reports.facts import task_fact
from tracker.thai.calendar import round_end


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
    end = round_end(plan.fiscal_year, number)
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
            of_step = [task for task in by_measure[measure.id].values() if task.step_id == step.id]
            standings = [(task, standing_in_round(task_fact(task, end, tz), end)) for task in of_step]
            open_tasks += [task for task, one in standings if one.open]
            done_later += [task for task, one in standings if one.done_later]
            unproven += [task for task, one in standings if one.done and _is_unproven(task)]
            if any(one.counts for _, one in standings) and not any(_says(task, one, end) for task, one in standings):
                silent.append((measure, step))
    drifted = tuple(view for view in views if view.drifted)
    return Checks(tuple(open_tasks), tuple(silent), drifted, tuple(unproven), tuple(done_later))


def _is_unproven(task: Task) -> bool:
    return task.completion is not None and not task.completion.evidence


def _says(task: Task, standing: Standing, end: date) -> bool:
    """Whether the report of the round has words from the task."""
    noted = standing.kind != "cancelled" and any(note.noted_on <= end for note in task.notes)
    return standing.settled or noted
