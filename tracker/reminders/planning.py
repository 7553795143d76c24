"""From the tasks that may have reached a stage to the digests of a day: pure, once everything is read.

Asked at any time and any number of times: what is due and not yet recorded is planned, nothing else. Whoever got
today's digest already, or an escalation this week, is not forgotten: the task is looked at again when they may be told.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from tracker.reminders.escalation import may_report
from tracker.reminders.recipients import People
from tracker.reminders.stages import Rules, Stage, TaskFacts, last_served_day, needs_sweep, next_stage_on, reached
from tracker.thai.working_days import WorkingDays

WEEK = timedelta(7)
DAY = timedelta(1)


@dataclass(slots=True)
class DueTask:
    """A task to look at; ``closed``: its plan's twelve-month round is; ``recorded``: the stages told, by member.

    ``first_reported`` is the day of each member's first reminder of it that was no escalation.
    """

    id: int
    agency_id: int
    facts: TaskFacts
    closed: bool = False
    unit_ids: tuple[int, ...] = ()
    recorded: dict[int, frozenset[str]] = field(default_factory=dict)
    first_reported: dict[int, date] = field(default_factory=dict)


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
    planner = _Planner(office, day)
    for task in tasks:
        planner.take(task)
    return planner.plan


_Outlook = tuple[tuple[Stage, ...], date | None]
"""The stages reached, and the day of the next one after them."""

_NOTHING_RECORDED: frozenset[str] = frozenset()


class _Planner:
    """Takes task after task: who is to be told what, and when to look again.

    One step's tasks are mostly alike; the rules are asked once for all that are.
    """

    def __init__(self, office: Office, day: date) -> None:
        self.plan = DayPlan()
        self._office = office
        self._day = day
        self._next_day = office.calendar.next_or_same(day + DAY)
        self._is_served = cache(lambda fiscal_year, closed: needs_sweep(fiscal_year, day, closed))
        self._responsible = cache(office.people.responsible)
        self._of_owner = cache(self._owners_outlook)
        self._of_escalation = cache(self._escalation_outlook)

    def take(self, task: DueTask) -> None:
        days: list[date | None] = []
        if self._is_served(task.facts.fiscal_year, task.closed):
            self._tell_owners(task, days)
            if not task.facts.escalation_held:
                self._escalate(task, days)
        else:
            self._skip(task, "its plan is not in service")
            if not task.closed:
                days.append(self._next_after(task.facts, ()))
        self.plan.look_again_on[task.id] = min(filter(None, days), default=None)

    def _tell_owners(self, task: DueTask, days: list[date | None]) -> None:
        owners = self._responsible(task.unit_ids)
        if not owners:
            self._skip(task, "nobody is responsible for it, and the agency has no coordinator")
            days.append(self._next_day)
        for member in owners:
            recorded = task.recorded.get(member, _NOTHING_RECORDED)
            stages, next_on = self._of_owner(task.facts, recorded)
            if not stages:
                self._skip(task, self._why_nothing(task.facts, next_on), member)
            for stage in stages:
                if stage.kind == "upcoming" and member in self._office.urgent_only:
                    self._skip(task, "this person wishes to hear of nothing before it is due", member)
                else:
                    self._tell(task, member, stage, days)
            days.append(next_on)

    def _escalate(self, task: DueTask, days: list[date | None]) -> None:
        stages, next_on = self._of_escalation(replace(task.facts, reminded_from=self._reminded_from(task)))
        for stage in stages:
            for member in self._office.people.escalated(stage.number, task.unit_ids):
                if stage.key not in task.recorded.get(member, ()):
                    self._tell(task, member, stage, days)
        days.append(next_on)

    def _reminded_from(self, task: DueTask) -> date | None:
        """The first reminder of those who are responsible now: today's where they had none, so that nobody's superior
        hears of a task before its owner. None where nobody is responsible or a snooze keeps the task from them."""
        owners = self._responsible(task.unit_ids)
        snoozed = task.facts.snoozed_until is not None and self._day < task.facts.snoozed_until
        if not owners or snoozed:
            return None
        return min(
            (task.first_reported[member] for member in owners if member in task.first_reported), default=self._day
        )

    def _owners_outlook(self, facts: TaskFacts, recorded: frozenset[str]) -> _Outlook:
        return self._outlook(replace(facts, escalation_held=True, recorded=recorded))

    def _escalation_outlook(self, facts: TaskFacts) -> _Outlook:
        asleep = last_served_day(facts.fiscal_year) + DAY
        return self._outlook(replace(facts, snoozed_until=asleep, recorded=frozenset()))

    def _outlook(self, facts: TaskFacts) -> _Outlook:
        stages = reached(facts, self._day, self._office.calendar, self._office.rules)
        return stages, self._next_after(facts, stages)

    def _next_after(self, facts: TaskFacts, stages: tuple[Stage, ...]) -> date | None:
        """The next stage after those reached now (what may not be told now has its own day to look again)."""
        after = replace(facts, recorded=facts.recorded | {stage.key for stage in stages})
        return next_stage_on(after, self._day, self._office.calendar, self._office.rules)

    def _tell(self, task: DueTask, member: int, stage: Stage, days: list[date | None]) -> None:
        escalated_on = self._office.escalated_on.get(member)
        if member in self._office.served:
            self._skip(task, "today's digest of this person has gone out; it waits for the next working day's", member)
            days.append(self._next_day)
        elif member in self._office.gone:
            self._skip(task, "this person's own hours are over for today; it waits for the next working day", member)
            days.append(self._next_day)
        elif stage.kind == "escalation" and escalated_on and not may_report(escalated_on, self._day):
            self._skip(task, "this person had an escalation less than a week ago", member)
            days.append(self._office.calendar.next_or_same(escalated_on + WEEK))
        else:
            self.plan.stages[member].append((task.id, stage))

    def _why_nothing(self, facts: TaskFacts, coming: date | None) -> str:
        if facts.due_on is None:
            return "it has no due date"
        if facts.snoozed_until and self._day < facts.snoozed_until:
            return f"it is snoozed until {facts.snoozed_until.isoformat()}"
        return f"nothing is due; its next stage is on {coming.isoformat()}" if coming else "no stage is left to tell"

    def _skip(self, task: DueTask, why: str, member: int | None = None) -> None:
        self.plan.skipped.append(Skip(why, task.id, member))
