"""A round's report: from what is recorded to the frozen content that the writers print."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tracker.kinds import OF_AGENCY, RoleName, TaskState, TextSource
from tracker.models import Agency, ColumnText, Completion, Measure, Member, Plan, Role, Round, Step, Task
from tracker.reports.data import (
    AnnexEntry,
    EvidenceEntry,
    NotPossibleEntry,
    ReportData,
    ReportMeasure,
    RoundNumber,
    Signer,
)
from tracker.reports.rollup import (
    Column,
    Composed,
    StepFacts,
    compose,
    done_in_round,
)
from tracker.reports.standing import TaskFact, standing_in_round
from tracker.reports.step_in_round import StepInRound, step_in_round
from tracker.services.reports import round_pace
from tracker.services.reports.facts import task_fact
from tracker.thai.calendar import round_end
from tracker.thai.paragraphs import Paragraph, Paragraphs


def report_data(
    session: Session, plan: Plan, number: RoundNumber, tz: tzinfo, *, published: bool = False, names: bool = False
) -> ReportData:
    """The content of the report of six or of twelve months; nothing of it depends on the day it is asked for."""
    agency = session.get_one(Agency, plan.agency_id)
    end = round_end(plan.fiscal_year, number)
    tasks = tasks_by_step(session, plan)
    measures, annex, not_possible, live = [], [], [], []
    for measure in measures_of(session, plan):
        steps = [(step, _facts(step, tasks.get(step.id, ()), end, tz)) for step in _live(measure.steps)]
        of_measure = [task for step, _ in steps for task in tasks.get(step.id, ())]
        live += of_measure
        done, total = progress(of_measure)
        measures.append(
            ReportMeasure(
                number=measure.number,
                title=measure.title,
                details=as_paragraphs(measure.details),
                steps=tuple(step.draft() for step, _ in steps),
                responsible=measure.responsible,
                period=measure.period.read(),
                done=done,
                total=total,
                summary=printed(measure, "summary", number, _composed(steps, "summary", end, published, names, agency)),
                outcome=printed(measure, "outcome", number, _composed(steps, "outcome", end, published, names, agency)),
                pace=round_pace.pace(of_measure, end, tz),
            )
        )
        annex += [entry for step, facts in steps for entry in _annex(measure, step, facts, end, tasks)]
        not_possible += [entry for step, facts in steps for entry in _not_possible(measure, step, facts, end)]
    named = names or not published
    return ReportData(
        agency=agency.name,
        place=agency.place,
        fiscal_year=plan.fiscal_year,
        round=number,
        recorded_at=_recorded_at(session, plan),
        measures=tuple(measures),
        annex=tuple(annex),
        signers=signers_of(session, agency),
        thai_digits=agency.thai_digits,
        draft=not published,
        names=(agency.name,),
        by_unit=round_pace.by_unit(live, end, tz) if named else (),
        progress_pages=progress_pages_of(session, plan, number),
        not_possible=tuple(not_possible if named else (replace(entry, units=()) for entry in not_possible)),
    )


def progress_pages_of(session: Session, plan: Plan, number: RoundNumber) -> bool:
    """Whether the round's report has progress pages; it has until the coordinator switches them off."""
    wanted = session.scalar(select(Round.progress_pages).where(Round.plan_id == plan.id, Round.number == number))
    return wanted is not False


def names_of(session: Session, plan: Plan, number: RoundNumber) -> bool:
    """Whether the round's published text names the units that have not reported; not until the coordinator says so."""
    return bool(session.scalar(select(Round.names).where(Round.plan_id == plan.id, Round.number == number)))


def measures_of(session: Session, plan: Plan) -> Sequence[Measure]:
    """The plan's measures in order with their steps and texts: a constant number of queries."""
    return session.scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .options(selectinload(Measure.steps), selectinload(Measure.texts))
        .order_by(Measure.position)
    ).all()


def tasks_by_step(session: Session, plan: Plan) -> dict[int, list[Task]]:
    """The plan's tasks with what was recorded for them, by step: a constant number of queries."""
    tasks = session.scalars(
        select(Task)
        .where(Task.plan_id == plan.id)
        .options(
            selectinload(Task.units),
            selectinload(Task.completions).selectinload(Completion.evidence),
            selectinload(Task.notes),
        )
        .order_by(Task.id)
    )
    found: dict[int, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.step_id, []).append(task)
    return found


def progress(tasks: Iterable[Task]) -> tuple[int, int]:
    """How many tasks are done, of how many that were not cancelled."""
    states = [task.state for task in tasks if task.state != TaskState.CANCELLED]
    return states.count(TaskState.DONE), len(states)


def composed_column(
    measure: Measure,
    tasks: dict[int, list[Task]],
    column: Column,
    end: date,
    tz: tzinfo,
    thai_digits: bool = True,
    *,
    names: bool = False,
) -> Composed:
    """What the tasks say in a column of a measure by the end of a round, worded as it is published.

    ``names``: it names the units that have not reported.
    """
    facts = [_facts(step, tasks.get(step.id, ()), end, tz) for step in _live(measure.steps)]
    return compose(facts, column, round_end=end, published=True, names=names, thai_digits=thai_digits)


def steps_in_round(measure: Measure, tasks: dict[int, list[Task]], end: date, tz: tzinfo) -> list[StepInRound]:
    """The measure's steps as of the round's last day."""
    return [step_in_round(_facts(step, tasks.get(step.id, ()), end, tz), end) for step in _live(measure.steps)]


def text_of(measure: Measure, column: Column, number: int) -> ColumnText | None:
    """The coordinator's text of the round, else the one that was imported for it, else None."""
    texts = {text.source: text for text in measure.texts if (text.field, text.round) == (column, number)}
    return texts.get(TextSource.COORDINATOR) or texts.get(TextSource.IMPORTED)


def printed(measure: Measure, column: Column, number: int, composed: Composed) -> Paragraphs:
    """What the report prints in a column: the coordinator's text where there is one, else what the tasks say."""
    text = text_of(measure, column, number)
    if text is not None:
        return as_paragraphs(text.paragraphs)
    return tuple(Paragraph(paragraph.number, paragraph.text) for paragraph in composed.paragraphs)


def _composed(
    steps: Sequence[tuple[Step, StepFacts]], column: Column, end: date, published: bool, names: bool, agency: Agency
) -> Composed:
    facts = [facts for _, facts in steps]
    return compose(facts, column, round_end=end, published=published, names=names, thai_digits=agency.thai_digits)


def _facts(step: Step, tasks: Iterable[Task], end: date, tz: tzinfo) -> StepFacts:
    return StepFacts(step.number, tuple(task_fact(task, end, tz) for task in tasks))


def annexed(measure: Measure, tasks: Iterable[Task], end: date, tz: tzinfo) -> Iterable[tuple[Step, Task]]:
    """The measure's tasks that the annex and the progress pages speak of: every tick, and why not."""
    by_step: dict[int, list[Task]] = {}
    for task in tasks:
        by_step.setdefault(task.step_id, []).append(task)
    for step in _live(measure.steps):
        facts = _facts(step, by_step.get(step.id, ()), end, tz)
        yield from ((step, completion.task) for _, completion in _ticked(facts, by_step.get(step.id, ()), end))
        refused = {fact.task_id for fact in _refused(facts, end)}
        yield from ((step, task) for task in by_step.get(step.id, ()) if task.id in refused)


def _ticked(facts: StepFacts, tasks: Iterable[Task], end: date) -> Iterable[tuple[TaskFact, Completion]]:
    """Every tick of the round, whether or not the step has others or the tick has files."""
    by_id = {task.id: task for task in tasks}
    for fact in done_in_round(facts, end):
        if completion := by_id[fact.task_id].completion:
            yield fact, completion


def _annex(
    measure: Measure, step: Step, facts: StepFacts, end: date, tasks: dict[int, list[Task]]
) -> Iterable[AnnexEntry]:
    for fact, completion in _ticked(facts, tasks.get(step.id, ()), end):
        yield AnnexEntry(
            measure=measure.number,
            step=step.number or step.position,
            units=fact.units,
            scheduled_on=fact.scheduled_on,
            done_on=completion.done_on,
            result=completion.result,
            outcome=completion.outcome,
            evidence=tuple(
                EvidenceEntry(piece.original_name, piece.url, piece.sha256, piece.media_type)
                for piece in completion.evidence
            ),
        )


def _not_possible(measure: Measure, step: Step, facts: StepFacts, end: date) -> Iterable[NotPossibleEntry]:
    for fact in _refused(facts, end):
        yield NotPossibleEntry(
            measure.number, step.number or step.position, fact.units, fact.scheduled_on, fact.reason or ""
        )


def _refused(facts: StepFacts, end: date) -> list[TaskFact]:
    return [fact for fact in facts.tasks if standing_in_round(fact, end).not_possible]


def _live(steps: Iterable[Step]) -> list[Step]:
    return [step for step in steps if not step.retired]


def as_paragraphs(values: Iterable[dict[str, object]]) -> Paragraphs:
    return tuple(Paragraph.from_json(value) for value in values)


def _recorded_at(session: Session, plan: Plan) -> datetime:
    edited = select(func.max(ColumnText.edited_at)).join(Measure).where(Measure.plan_id == plan.id)
    instants = [
        plan.imported_at,
        session.scalar(select(func.max(Task.updated_at)).where(Task.plan_id == plan.id)),
        session.scalar(edited),
    ]
    return max((instant for instant in instants if instant), default=datetime(2000, 1, 1, tzinfo=UTC))


def signers_of(session: Session, agency: Agency) -> tuple[Signer, ...]:
    """Who signs: the coordinator who made the report, then the executives from the lower rank to the highest.

    Each with the own position, else with the part that the person has in the report.
    """
    rows = session.execute(
        select(Member.name, Member.position, Role.role, Role.rank)
        .join(Role, Role.member_id == Member.id)
        .where(Role.agency_id == agency.id, Role.role.in_(OF_AGENCY), Member.active)
        .order_by(Role.role, Role.rank, Member.id)
    ).all()
    positions = {
        (RoleName.COORDINATOR, 1): "ผู้จัดทำรายงาน",
        (RoleName.EXECUTIVE, 1): "ผู้ตรวจสอบ",
        (RoleName.EXECUTIVE, 2): "ผู้รับรอง",
    }
    made_it = positions[RoleName.COORDINATOR, 1]
    return tuple(Signer(name, position or positions.get((role, rank), made_it)) for name, position, role, rank in rows)
