"""Which reminder stages a task has reached by a day (docs/rules.md, "Stages"): pure rules.

A task's own stages stand in one line by their distance from ``due_on``: 30, 14, 7, 1 days before, the day itself,
1 day after and then weekly. Only the latest one reached is ever told, and only where nothing later was told before:
so a sweep after an outage tells each task once, with its most urgent stage, and repeating a sweep tells nothing.
Beside that line stand the closing of a round and the escalations, which go to other people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from tracker.kinds import OPEN_STATES, Cadence, TaskState
from tracker.schedule import MONTHS_OF, occasion_start
from tracker.thai.calendar import RoundMonths, fiscal_year_end, fiscal_year_start, round_end
from tracker.thai.working_days import WorkingDays

StageKind = Literal["upcoming", "due", "overdue", "closing", "escalation", "asked"]
Asks = Literal["tick", "note"]

CLOSING_LEAD = 15
"""Days before a round's last day on which its closing is told."""

_SERVED_AFTER_YEAR_END = 90
"""Days: the twelve-month report is written in the quarter after the year; what is undone then is asked for no more."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Rules:
    """An agency's lead times in days before, and its escalation ladder in working days overdue."""

    monthly: tuple[int, ...] = (7, 1)
    quarterly: tuple[int, ...] = (14, 7, 1)
    longer: tuple[int, ...] = (30, 14, 7, 1)
    """For half-yearly, yearly and single checkpoints."""
    escalation: tuple[int, ...] = (3, 7, 30)
    """Working days after which each level hears: only of what the one below left lying (docs/rules.md, "Reminders")."""

    def lead_times(self, cadences: tuple[Cadence, ...]) -> tuple[int, ...]:
        """The days before a checkpoint, most first; one with several cadences has those of the longest."""
        months = max((MONTHS_OF[cadence] for cadence in cadences), default=12)
        days = self.monthly if months == 1 else self.quarterly if months <= 4 else self.longer
        return tuple(sorted(set(days), reverse=True))


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the rules need to know of a task.

    ``recorded`` are the keys of the stages recorded for it so far, at whatever due day: a stage of a moved
    ``due_on`` has a key of its own. ``begins_on`` is the period's start, None where it has none. A snooze silences
    the task's own stages until its day, never an escalation; ``escalation_held`` is the coordinator's.
    ``reminded_from`` is the first day on which those responsible could have been reminded, None where that was in time.
    """

    state: TaskState
    fiscal_year: int
    due_on: date | None
    scheduled_on: date | None
    cadences: tuple[Cadence, ...] = ()
    begins_on: date | None = None
    snoozed_until: date | None = None
    escalation_held: bool = False
    recorded: frozenset[str] = frozenset()
    reminded_from: date | None = None

    @property
    def begins_closing_on(self) -> date | None:
        """From when on a closing round asks for it: the period, and of a cadence the occasion itself, has begun."""
        occasion = occasion_start(self.scheduled_on, self.cadences) if self.scheduled_on else None
        return max((day for day in (self.begins_on, occasion) if day), default=None)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that a task has reached.

    ``number`` is the days before or after ``due_on``, the round (6 or 12) of a closing, the level (from 1) of an
    escalation, of what a superior asked again (``asked``) the day's number. ``key`` is what the ledger records, at most
    23 characters; ``asks`` is what is wanted.
    """

    kind: StageKind
    number: int
    key: str
    asks: Asks = "tick"

    @property
    def urgency(self) -> tuple[int, int]:
        """Smaller is more urgent: escalated, overdue longest, due, a note for a closing round, upcoming soonest."""
        match self.kind:
            case "escalation":
                return 0, -self.number
            case "overdue":
                return 1, -self.number
            case "asked":
                return 1, 0
            case "due":
                return 2, 0
            case "upcoming":
                return 4, self.number
            case "closing":
                return (3, 0) if self.asks == "note" else (4, CLOSING_LEAD)


def needs_sweep(fiscal_year: int, day: date, closed: bool) -> bool:
    """Whether a plan is served on ``day``.

    Its year contains the day or ended less than 90 days before it, and its twelve-month round is not ``closed``.
    """
    return not closed and fiscal_year_start(fiscal_year) <= day <= last_served_day(fiscal_year)


def last_served_day(fiscal_year: int) -> date:
    """The last day on which a plan of ``fiscal_year`` reminds anybody."""
    return fiscal_year_end(fiscal_year) + timedelta(_SERVED_AFTER_YEAR_END - 1)


def reached(task: TaskFacts, day: date, calendar: WorkingDays, rules: Rules) -> tuple[Stage, ...]:
    """The stages to record and tell on ``day``, most urgent first.

    At most one of the task's own line, one closing, and every escalation level not yet recorded. The owner is told
    the most urgent that is no escalation, and all are recorded. Empty on a non-working day, when nothing can go
    out, and outside of the days on which the plan is served.
    """
    if task.state not in OPEN_STATES or not needs_sweep(task.fiscal_year, day, closed=False):
        return ()
    if not calendar.is_working(day):
        return ()
    stages = [stage for stage, first, last in _beside(task, calendar, rules) if first <= day <= last]
    if task.snoozed_until and day < task.snoozed_until:
        stages = [stage for stage in stages if stage.kind == "escalation"]
    elif task.due_on and (own := _own(task, task.due_on, day, calendar, rules)):
        stages.append(own)
    return tuple(sorted(stages, key=lambda stage: stage.urgency))


def next_stage_on(task: TaskFacts, day: date, calendar: WorkingDays, rules: Rules) -> date | None:
    """The first day from ``day`` on which ``reached`` gives something, None for never: what an indexed column holds.

    It holds as long as the calendar, the rules and the task stay as they are: whoever changes one of them computes
    it anew, as does the sweep after recording what was reached.
    """
    if task.state not in OPEN_STATES:
        return None
    start = calendar.next_or_same(max(day, fiscal_year_start(task.fiscal_year)))
    awake = calendar.next_or_same(max(start, task.snoozed_until or start))
    days = []
    for stage, first, last in _beside(task, calendar, rules):
        on = max(first, start if stage.kind == "escalation" else awake)
        if on <= last:
            days.append(on)
    if task.due_on:
        days.append(max(awake, _goes_on(task.due_on, _next_offset(task, rules), calendar)))
    return min((on for on in days if on <= last_served_day(task.fiscal_year)), default=None)


def timetable(task: TaskFacts, calendar: WorkingDays, rules: Rules) -> dict[str, tuple[Stage, date]]:
    """The working day of every stage to be told, by its key: the own line up to one day overdue, and beside it."""
    planned = {stage.key: (stage, first) for stage, first, _ in _beside(task, calendar, rules)}
    if task.due_on:
        last_recorded = _last_recorded(task)
        for offset in (*(-days for days in rules.lead_times(task.cadences)), 0, 1):
            if last_recorded is None or offset > last_recorded:
                stage = _own_stage(task, offset)
                planned[stage.key] = stage, _goes_on(task.due_on, offset, calendar)
    return planned


def _own(task: TaskFacts, due_on: date, day: date, calendar: WorkingDays, rules: Rules) -> Stage | None:
    """The latest stage of the task's own line by a working day, unless it or a later one was told."""
    if day > due_on:
        offset = 1 + ((day - due_on).days - 1) // _WEEK * _WEEK
    else:
        before = (0, *sorted(rules.lead_times(task.cadences)))
        come = [days for days in before if _goes_on(due_on, -days, calendar) <= day]
        if not come:
            return None
        offset = -come[0]
    last_recorded = _last_recorded(task)
    if last_recorded is not None and offset <= last_recorded:
        return None
    return _own_stage(task, offset)


def _own_stage(task: TaskFacts, offset: int) -> Stage:
    kind: StageKind = "due" if offset == 0 else "overdue" if offset > 0 else "upcoming"
    return Stage(kind, abs(offset), (kind if kind == "due" else f"{kind}:{abs(offset)}") + _moved(task))


def _next_offset(task: TaskFacts, rules: Rules) -> int:
    """The stage of the own line that follows the last one told."""
    first_ones = [*(-days for days in rules.lead_times(task.cadences)), 0, 1]
    last_recorded = _last_recorded(task)
    if last_recorded is None:
        return first_ones[0]
    weekly = last_recorded + _WEEK - (last_recorded - 1) % _WEEK
    return next((offset for offset in first_ones if offset > last_recorded), weekly)


def _last_recorded(task: TaskFacts) -> int | None:
    """How many days after the present ``due_on`` (negative: before) the last recorded stage of the own line stands."""
    moved = _moved(task)
    offsets = []
    for key in task.recorded:
        stage, at, due_on = key.partition("@")
        kind, _, number = stage.partition(":")
        if at + due_on == moved and kind in ("upcoming", "due", "overdue"):
            offsets.append(int(number or 0) * (-1 if kind == "upcoming" else 1))
    return max(offsets, default=None)


def _goes_on(due_on: date, offset: int, calendar: WorkingDays) -> date:
    """The working day of a stage: on or before its day up to the due day, on or after it when overdue."""
    day = due_on + timedelta(offset)
    return calendar.next_or_same(day) if offset > 0 else calendar.previous_or_same(day)


def _beside(task: TaskFacts, calendar: WorkingDays, rules: Rules) -> Iterator[tuple[Stage, date, date]]:
    """The closings and escalations not yet recorded, each with the first and last day on which it may be told."""
    for months in get_args(RoundMonths):
        ends_on = round_end(task.fiscal_year, months)
        closing_on = ends_on - timedelta(CLOSING_LEAD)
        key = f"closing:{months}"
        begins_on = task.begins_closing_on
        if key not in task.recorded and (begins_on is None or begins_on <= closing_on):
            in_round = (task.due_on or fiscal_year_end(task.fiscal_year)) <= ends_on
            stage = Stage("closing", months, key, "tick" if in_round else "note")
            yield stage, calendar.previous_or_same(closing_on), ends_on
    if task.due_on and not task.escalation_held:
        for level, working_days in enumerate(rules.escalation, 1):
            key = f"escalation:{level}{_moved(task)}"
            if key not in task.recorded:
                first = calendar.after(max(task.due_on, task.reminded_from or task.due_on), working_days)
                yield Stage("escalation", level, key), first, last_served_day(task.fiscal_year)


def _moved(task: TaskFacts) -> str:
    """What a moved due day adds to the keys of its stages, so that they are told anew."""
    return "" if task.due_on == task.scheduled_on else f"@{task.due_on}"
