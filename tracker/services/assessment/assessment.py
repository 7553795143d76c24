"""The assessment of an agency: its class and closing day, its copy of the rules, the facts, and what they come to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.errors import NotUnderstoodError
from tracker.ita.changes import with_overrides
from tracker.ita.check import Facts, Finding, MeasureFacts, State, evaluate
from tracker.ita.pack import CLASSES, Pack, load_pack
from tracker.kinds import RoleName, TaskState
from tracker.models import (
    Assessment,
    Completion,
    Evidence,
    Measure,
    Plan,
    ReportVersion,
    Role,
    Round,
    RuleAnswer,
    RuleChanges,
    Step,
    Task,
    TaskUnit,
)
from tracker.proofreading import proofread
from tracker.proofreading.document import Document
from tracker.reports.data import RoundNumber
from tracker.services.assessment.proofreading import document_of
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.column_texts import column_views
from tracker.services.reports.compose import measures_of


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a round stands before the assessment of its fiscal year.

    ``closes_on`` is the agency's own closing day, or the pack's. ``plans`` tells which plan and round each item was
    held against (None: there is no such plan).
    """

    pack: Pack
    findings: tuple[Finding, ...]
    opens_on: date
    closes_on: date
    own_day: bool
    plans: Mapping[str, tuple[Plan, RoundNumber] | None]

    def of_item(self, key: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.rule.item == key)

    def count(self, state: State) -> int:
        return Counter(finding.state for finding in self.findings)[state]


def assessment_of(session: Session, agency_id: int) -> Assessment:
    """The agency's settings; a fresh row, not in the session, where nobody set any."""
    return session.get(Assessment, agency_id) or Assessment(agency_id=agency_id, agency_class="local", countdown=False)


def set_assessment(
    session: Session,
    agency_id: int,
    *,
    agency_class: str,
    closes_on: date | None,
    countdown: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Keeps the agency's class, its closing day, and whether the overview counts down to it."""
    if agency_class not in CLASSES:
        raise NotUnderstoodError("There is no such class of agency.", "ไม่มีหน่วยงานประเภทนี้")
    lock(session, agency_id)
    found = session.get(Assessment, agency_id)
    if found is None:
        found = Assessment(agency_id=agency_id)
        session.add(found)
    before = found.agency_class, found.closes_on, found.countdown
    found.agency_class, found.closes_on, found.countdown = agency_class, closes_on, countdown
    names = "agency_class", "closes_on", "countdown"
    changes = {
        name: [one if one is None or isinstance(one, bool) else str(one) for one in pair]
        for name, *pair in zip(names, before, (agency_class, closes_on, countdown), strict=True)
        if pair[0] != pair[1]
    }
    record(
        session, agency_id, "assessment_set", by, at,
        agency_class=agency_class, closes_on=closes_on.isoformat() if closes_on else None, countdown=countdown,
        changes=changes,
    )  # fmt: skip


def pack_of(session: Session, agency_id: int, fiscal_year: int) -> tuple[Pack, RuleChanges | None]:
    """The rules of the year as the agency has them, and what it changed in the shipped ones."""
    agency_class = assessment_of(session, agency_id).agency_class
    pack = load_pack(fiscal_year, agency_class)
    changes = session.scalar(
        select(RuleChanges).where(RuleChanges.agency_id == agency_id, RuleChanges.fiscal_year == fiscal_year)
    )
    return (with_overrides(pack, changes.changes) if changes else pack), changes


def readiness(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, today: date) -> Readiness:
    """How the plan and the report of the round stand before the assessment of the plan's fiscal year.

    An item that asks for the year before is held against that year's twelve-month report.
    """
    pack, _ = pack_of(session, plan.agency_id, plan.fiscal_year)
    settings = assessment_of(session, plan.agency_id)
    opens_on, closes_on = pack.window.days(plan.fiscal_year)
    own_day = settings.closes_on
    if own_day is not None and opens_on.year == own_day.year:
        closes_on = own_day
    plans = {item.key: _asked(session, plan, number, item.covers) for item in pack.items}
    by_plan = {asked: _facts(session, *asked, tz) for asked in dict.fromkeys(plans.values()) if asked}
    answers = session.execute(
        select(RuleAnswer.rule, RuleAnswer.note).where(
            RuleAnswer.agency_id == plan.agency_id, RuleAnswer.fiscal_year == plan.fiscal_year
        )
    )
    findings = evaluate(
        pack,
        {key: by_plan[asked] if asked else None for key, asked in plans.items()},
        closes_on=closes_on,
        today=today,
        answers={row.rule: row.note for row in answers},
    )
    return Readiness(pack, tuple(findings), opens_on, closes_on, closes_on == own_day, plans)


def closing_day(session: Session, agency_id: int, today: date) -> date | None:
    """The agency's closing day where its overview counts down to it and it is not past; one query."""
    found = session.get(Assessment, agency_id)
    closes_on = found.closes_on if found is not None and found.countdown else None
    return None if closes_on is None or closes_on < today else closes_on


def _asked(session: Session, plan: Plan, number: RoundNumber, covers: str) -> tuple[Plan, RoundNumber] | None:
    if covers == "current":
        return plan, number
    before = session.scalar(
        select(Plan).where(Plan.agency_id == plan.agency_id, Plan.fiscal_year == plan.fiscal_year - 1)
    )
    return (before, 12) if before is not None else None


def _facts(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> Facts:
    """What the records say of a plan and of a round's report: a constant number of queries."""
    measures = measures_of(session, plan)
    views = column_views(session, plan, measures, number, tz, thai_digits=True)
    document = document_of(session, plan, number, tz, views)
    suggestions = proofread(document)
    silent = Counter(
        one.place.measure for one in suggestions if one.kind == "no_result" and one.place.column == "steps"
    )
    evidence, alone = _evidence(session, plan), _without_people(session, plan)
    version = session.scalar(
        select(ReportVersion)
        .join(Round)
        .where(Round.plan_id == plan.id, Round.number == number)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    )
    closed = version is not None and version.reopened_at is None
    published = session.scalar(
        select(func.min(ReportVersion.published_at))
        .join(Round)
        .where(Round.plan_id == plan.id, Round.number == number, ReportVersion.withdrawn_at.is_(None))
    )
    return Facts(
        fiscal_year=plan.fiscal_year,
        round=number,
        measures=tuple(
            _measure_facts(measure, document, silent[measure.number], evidence.get(measure.id, 0), measure.id in alone)
            for measure in measures
        ),
        dates_outside=tuple(
            sorted({one.place.measure for one in suggestions if one.kind == "date_outside" and one.place.measure})
        ),
        closed=closed,
        signed=closed and version is not None and version.signed_on is not None,
        published_on=clock.local(published, tz).date() if published else None,
    )


def _measure_facts(
    measure: Measure, document: Document, silent: int, evidence: int, needs_people: bool
) -> MeasureFacts:
    row = next(row for row in document.rows if row.number == measure.number)
    words = [paragraph.text for paragraph in row.title] + [step.text for step in row.steps]
    steps = [step for step in measure.steps if not step.retired]
    return MeasureFacts(
        number=measure.number,
        text="\n".join(words),
        steps=len(steps),
        needs_people=needs_people or not measure.responsible_text.strip(),
        has_period=all(step.period.checkpoints or step.period.end for step in steps),
        has_result=bool(row.summary),
        silent_steps=silent,
        evidence=evidence,
    )


def _evidence(session: Session, plan: Plan) -> dict[int, int]:
    """How many pieces of evidence each measure has, by its id."""
    rows = session.execute(
        select(Step.measure_id, func.count(Evidence.id).label("pieces"))
        .join(Task, Task.step_id == Step.id)
        .join(Completion, Completion.task_id == Task.id)
        .join(Evidence, Evidence.completion_id == Completion.id)
        .where(Task.plan_id == plan.id, Completion.withdrawn_at.is_(None))
        .group_by(Step.measure_id)
    )
    return {row.measure_id: row.pieces for row in rows}


def _without_people(session: Session, plan: Plan) -> set[int]:
    """The measures that have a task of which no unit has a head or deputy."""
    staffed = select(Role.unit_id).where(
        Role.agency_id == plan.agency_id, Role.unit_id.is_not(None), Role.role.in_((RoleName.HEAD, RoleName.DEPUTY))
    )
    with_people = select(TaskUnit.task_id).where(TaskUnit.unit_id.in_(staffed))
    query = (
        select(Step.measure_id)
        .join(Task, Task.step_id == Step.id)
        .where(Task.plan_id == plan.id, Task.state != TaskState.CANCELLED, Task.id.not_in(with_people))
        .distinct()
    )
    return set(session.scalars(query))
