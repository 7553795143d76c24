"""From the tasks that may have reached a stage to the digests of a day: pure, once everything is read.

Asked at any time and any number of times: what is due and not yet recorded is planned, nothing else. Whoever got
today's digest already, or an escalation this week, is not forgotten: the task is looked at again when they may be told.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, partial

from tracker.reminders.escalation import may_tell
from tracker.reminders.recipients import People
from tracker.reminders.stages import Rules, Stage, TaskFacts, last_served_day, needs_sweep, next_stage_on, reached
from tracker.working_days import WorkingDays

WEEK = timedelta(7)
DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task to look at; ``closed``: its plan's twelve-month round is; ``recorded``: the stages told, by member."""

    id: int
    agency_id: int
    facts: TaskFacts
    closed: bool = False
    unit_ids: tuple[int, ...] = ()
    recorded: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Office:
    """What the plan of an agency's digests of a day needs to know.

    ``served`` are the members who have today's digest, ``gone`` those whose own hours are over; ``urgent_only`` wish to
    hear of nothing before it is due; ``escalated_on`` is when each last heard of an escalation.
    """

    people: People
    calendar: WorkingDays
    rules: Rules
    served: frozenset[int] = frozenset()
    escalated_on: Mapping[int, date] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    urgent_only: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a task, or a person, gets nothing now."""

    why: str
    task_id: int | None = None
    member_id: int | None = None


@dataclass(slots=True)
class DayPlan:
    """The stages to record and tell by member, when to look at each task again, and who gets nothing and why."""

    stages: dict[int, list[tuple[int, Stage]]] = field(default_factory=lambda: defaultdict(list))
    look_again_on: dict[int, date | None] = field(default_factory=dict)
    skipped: list[Skip] = field(default_factory=list)


def plan_day(tasks: list[DueTask], office: Office, day: date) -> DayPlan:
    """What the people of one agency are to be told on the day."""
    plan = DayPlan()
    stages = _Stages(office, day)
    for task in tasks:
        _Turn(task, office, stages, day, plan).take()
    return plan


class _Stages:
    """The rules of stages on the day; one step's tasks are mostly alike, and alike ones are asked for once."""

    def __init__(self, office: Office, day: date) -> None:
        self.reached = cache(partial(reached, day=day, calendar=office.calendar, rules=office.rules))
        self.next_on = cache(partial(next_stage_on, day=day, calendar=office.calendar, rules=office.rules))


class _Turn:
    """One task's turn: who is to be told what, and when to look again."""

    def __init__(self, task: DueTask, office: Office, stages: _Stages, day: date, plan: DayPlan) -> None:
        self._task = task
        self._office = office
        self._stages = stages
        self._day = day
        self._plan = plan
        self._days: list[date | None] = []
        self._next_day = office.calendar.next_or_same(day + DAY)

    def take(self) -> None:
        if needs_sweep(self._task.facts.fiscal_year, self._day, self._task.closed):
            self._tell_owners()
            self._escalate()
        else:
            self._skip("its plan is not in service")
            if not self._task.closed:
                self._look_after(self._task.facts, ())
        self._plan.look_again_on[self._task.id] = min((day for day in self._days if day), default=None)

    def _tell_owners(self) -> None:
        owners = self._office.people.responsible(self._task.unit_ids)
        if not owners:
            self._skip("nobody is responsible for it, and the agency has no coordinator")
            self._days.append(self._next_day)
        for member in owners:
            told = self._task.recorded.get(member, frozenset())
            facts = replace(self._task.facts, escalation_held=True, recorded=told)
            stages = self._stages.reached(facts)
            if not stages:
                self._skip(self._why_nothing(facts), member)
            for stage in stages:
                if stage.kind == "upcoming" and member in self._office.urgent_only:
                    self._skip("this person wishes to hear of nothing before it is due", member)
                else:
                    self._tell(member, stage)
            self._look_after(facts, stages)

    def _escalate(self) -> None:
        people, facts = self._office.people, self._task.facts
        if facts.escalation_held:
            return
        quiet = replace(facts, snoozed_until=last_served_day(facts.fiscal_year) + DAY, recorded=frozenset())
        stages = self._stages.reached(quiet)
        for stage in stages:
            for member in people.escalated(stage.number, self._task.unit_ids):
                if stage.key not in self._task.recorded.get(member, ()):
                    self._tell(member, stage)
        self._look_after(quiet, stages)

    def _look_after(self, facts: TaskFacts, stages: tuple[Stage, ...]) -> None:
        """The next stage after those reached now (what may not be told now has its own day to look again)."""
        after = replace(facts, recorded=facts.recorded | {stage.key for stage in stages})
        self._days.append(self._stages.next_on(after))

    def _tell(self, member: int, stage: Stage) -> None:
        escalated_on = self._office.escalated_on.get(member)
        if member in self._office.served:
            self._skip("today's digest of this person has gone out; it waits for the next working day's", member)
            self._days.append(self._next_day)
        elif member in self._office.gone:
            self._skip("this person's own hours are over for today; it waits for the next working day", member)
            self._days.append(self._next_day)
        elif stage.kind == "escalation" and escalated_on and not may_tell(escalated_on, self._day):
            self._skip("this person had an escalation less than a week ago", member)
            self._days.append(self._office.calendar.next_or_same(escalated_on + WEEK))
        else:
            self._plan.stages[member].append((self._task.id, stage))

    def _why_nothing(self, facts: TaskFacts) -> str:
        if facts.due_on is None:
            return "it has no due date"
        if facts.snoozed_until and self._day < facts.snoozed_until:
            return f"it is snoozed until {facts.snoozed_until.isoformat()}"
        coming = self._stages.next_on(facts)
        return f"nothing is due; its next stage is on {coming.isoformat()}" if coming else "no stage is left to tell"

    def _skip(self, why: str, member: int | None = None) -> None:
        self._plan.skipped.append(Skip(why, self._task.id, member))
