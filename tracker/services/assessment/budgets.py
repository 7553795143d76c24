"""The money of a plan's measures, and the sheet that the national form is filled in from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import NotUnderstoodError
from tracker.kinds import TaskState
from tracker.memos.plannacc import DIMENSIONS, WORKS, Sheet, SheetRow, Status
from tracker.models import Agency, Measure, MeasureBudget, Plan, Task
from tracker.reports.data import RoundNumber
from tracker.reports.standing import standing_in_round
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.column_texts import ColumnView, column_views
from tracker.services.reports.compose import measures_of
from tracker.services.reports.facts import reason_words, task_fact
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.thai.calendar import round_end


@dataclass(frozen=True, slots=True)
class BudgetEntry:
    """What the coordinator entered for one measure in a round; money in satang, None for none."""

    work: str = "measure"
    dimension: int | None = None
    in_ordinance: bool = False
    planned: int | None = None
    ordinance: int | None = None
    disbursed: int | None = None
    remarks: str = ""


def entries_of(session: Session, plan: Plan, number: RoundNumber) -> dict[int, BudgetEntry]:
    """What was entered, by the measure's id; one query."""
    rows = session.scalars(
        select(MeasureBudget).join(Measure, Measure.id == MeasureBudget.measure_id).where(Measure.plan_id == plan.id)
    )
    return {
        row.measure_id: BudgetEntry(
            work=row.work,
            dimension=row.dimension,
            in_ordinance=row.in_ordinance,
            planned=row.planned,
            ordinance=row.ordinance,
            disbursed=row.disbursed_6 if number == 6 else row.disbursed_12,
            remarks=row.remarks_6 if number == 6 else row.remarks_12,
        )
        for row in rows
    }


def keep_entries(
    session: Session, plan: Plan, number: RoundNumber, entries: Mapping[int, BudgetEntry], *, by: Actor, at: datetime
) -> None:
    """Keeps the entries of the plan's measures; what has not changed leaves no trace.

    Raises NotUnderstoodError for a kind of work or a dimension that the form lacks, and for remarks that are too long.
    """
    lock(session, plan.agency_id)
    before = entries_of(session, plan, number)
    for measure in measures_of(session, plan):
        entry = entries.get(measure.id)
        if entry is None or entry == before.get(measure.id, BudgetEntry()):
            continue
        if entry.work not in WORKS or (entry.dimension is not None and entry.dimension not in DIMENSIONS):
            raise NotUnderstoodError("The form has no such choice.", "แบบรายงานไม่มีตัวเลือกนี้")
        if len(entry.remarks) > LONGEST_TEXT:
            raise NotUnderstoodError(
                f"The remarks are longer than {LONGEST_TEXT} characters; shorten them.",
                f"หมายเหตุยาวเกิน {LONGEST_TEXT} ตัวอักษร กรุณาย่อ",
            )
        _keep(session, measure, number, entry)
        record(
            session, plan.agency_id, "budget_entered", by, at,
            measure=measure.number, round=number, planned=entry.planned, ordinance=entry.ordinance,
            disbursed=entry.disbursed,
        )  # fmt: skip


def sheet_of(session: Session, plan: Plan, number: RoundNumber, tz: tzinfo) -> Sheet:
    """The round's measures for the form: a constant number of queries."""
    agency = session.get_one(Agency, plan.agency_id)
    measures = measures_of(session, plan)
    views = column_views(session, plan, measures, number, tz, agency.thai_digits)
    by_column = {(view.measure.id, view.column): view for view in views}
    entries, end = entries_of(session, plan, number), round_end(plan.fiscal_year, number)
    latest = session.scalar(select(func.max(Task.updated_at)).where(Task.plan_id == plan.id))
    instants = [one for one in (latest, plan.imported_at) if one]
    rows = tuple(
        _row(
            measure,
            entries.get(measure.id, BudgetEntry()),
            by_column[measure.id, "summary"],
            by_column[measure.id, "outcome"],
            end,
            tz,
        )
        for measure in measures
    )
    recorded_at = max(instants, default=datetime(2000, 1, 1, tzinfo=UTC))
    return Sheet(agency.name, plan.fiscal_year, number, recorded_at, rows)


def _keep(session: Session, measure: Measure, number: RoundNumber, entry: BudgetEntry) -> None:
    row = session.get(MeasureBudget, measure.id)
    if row is None:
        row = MeasureBudget(measure_id=measure.id, agency_id=measure.agency_id)
        session.add(row)
    row.work, row.dimension, row.in_ordinance = entry.work, entry.dimension, entry.in_ordinance
    row.planned, row.ordinance = entry.planned, entry.ordinance
    if number == 6:
        row.disbursed_6, row.remarks_6 = entry.disbursed, entry.remarks
    else:
        row.disbursed_12, row.remarks_12 = entry.disbursed, entry.remarks
    session.flush()


def _row(
    measure: Measure, entry: BudgetEntry, summary: ColumnView, outcome: ColumnView, end: date, tz: tzinfo
) -> SheetRow:
    live = [task for task in summary.tasks.values() if task.state != TaskState.CANCELLED]
    status = _status(live, end, tz)
    reason, reason_text = _reason(live) if status == "not_possible" else ("", "")
    return SheetRow(
        number=measure.number,
        title=measure.title,
        work=entry.work,
        dimension=entry.dimension,
        planned=entry.planned,
        ordinance=entry.ordinance,
        disbursed=entry.disbursed,
        in_ordinance=entry.in_ordinance,
        status=status,
        reason=reason,
        reason_text=reason_text,
        remarks=entry.remarks or _as_reported(summary, outcome),
    )


def _status(live: Iterable[Task], end: date, tz: tzinfo) -> Status | None:
    """Finished only with the whole year's work, done by the round's end; not possible only where nothing else is left;
    under way only where something was done or noted. None where nobody said anything.

    The form takes no further report of a project that was once called finished.
    """
    facts = [task_fact(task, end, tz) for task in live]
    standings = [standing_in_round(fact, end) for fact in facts]
    if facts and all(one.done for one in standings):
        return "done"
    if facts and all(one.not_possible for one in standings):
        return "not_possible"
    begun = any(one.settled for one in standings) or any(fact.progress_note for fact in facts)
    return "under_way" if begun else None


def _reason(live: Iterable[Task]) -> tuple[str, str]:
    """The form's reason that most of the tasks give, and the words of another one."""
    tasks = list(live)
    ((most, _),) = Counter(task.reason or "other" for task in tasks).most_common(1)
    texts = dict.fromkeys(task.reason_text for task in tasks if task.reason_text)
    return (reason_words(most) or "อื่นๆ"), "\n".join(texts)


def _as_reported(summary: ColumnView, outcome: ColumnView) -> str:
    """What the report says of the measure, for the form's only free field."""
    lines = [paragraph.typed() for paragraph in summary.printed]
    results = [paragraph.text for paragraph in outcome.printed]
    return "\n".join([*lines, *(["ผลลัพธ์: " + " ".join(results)] if results else [])])
