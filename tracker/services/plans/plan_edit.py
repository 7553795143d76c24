"""The coordinator's hand on a plan: words, periods, parties, order and due days, each change an event.

The plan's cells change, its tasks are brought in line, and what was recorded for them stays. A closed twelve-month
round is opened again first, as for an imported correction.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import OPEN_STATES
from tracker.models import Agency, Measure, Period, Plan, Step, Task, Unit
from tracker.plan_draft import Mode
from tracker.plan_import.period import parse_period
from tracker.reports.rollup import to_paragraphs
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.imported_texts_hash import imported_texts_hash
from tracker.services.tasks import progress
from tracker.services.tasks.generate import UnitBook, generate_tasks, plans_in_service
from tracker.services.tasks.plan_words import CELLS, Cell, changed_words
from tracker.thai.text import fix_text, squeeze_spaces

LONGEST_CELL = 4000

Direction = Literal["up", "down"]


def edit_measure(session: Session, measure: Measure, *, title: str, details: str, by: Actor, at: datetime) -> None:
    """Gives the measure another title and further paragraphs (one a line, with their numbers)."""
    open_plan(session, measure)
    wanted = said_text(title)
    paragraphs = [paragraph.as_json() for paragraph in to_paragraphs(_bounded(details, "details"))]
    if (measure.title, measure.details) == (wanted, paragraphs):
        return
    change_measure(session, measure, wanted, paragraphs, by=by, at=at)


def change_measure(
    session: Session, measure: Measure, title: str, details: list[Any], *, by: Actor, at: datetime
) -> None:
    """As ``edit_measure``, with the paragraphs as they are stored."""
    plan, before, was = open_plan(session, measure), measure.title, {"details": measure.details}
    measure.title, measure.details = title, details
    note_change(session, plan, measure, "text", by, at, was=was, before=before, after=title, details=details)


def edit_step(session: Session, step: Step, text: str, *, by: Actor, at: datetime) -> None:
    """Gives the step other words; its tasks follow."""
    plan = open_plan(session, step)
    wanted = said_text(text)
    if step.text == wanted:
        return
    before, step.text = step.text, wanted
    note_change(session, plan, step, "text", by, at, before=before, after=wanted)


def set_period(session: Session, row: Measure | Step, text: str, *, by: Actor, at: datetime) -> None:
    """Writes the period cell anew; an empty one of a step goes back to its measure's. Moved due days stay moved."""
    plan = open_plan(session, row)
    wanted = squeeze_spaces(fix_text(_bounded(text, "period")))
    stored = row.period if isinstance(row, Measure) else row.own_period
    before = stored.text if stored else None
    if not wanted and isinstance(row, Measure):
        raise NotUnderstoodError("Write the period.", "กรุณาพิมพ์ระยะเวลาดำเนินการ", field="period")
    if before == (wanted or None):
        return
    if not wanted and isinstance(row, Step) and stored:
        row.own_period = None
        session.flush()
        session.delete(stored)
    else:
        if stored is None:
            stored = Period(agency_id=row.agency_id)
        stored.take(parse_period(wanted, plan.fiscal_year))
        session.add(stored)
        if isinstance(row, Step):
            row.own_period = stored
    note_change(session, plan, row, "period", by, at, before=before, after=wanted or None)


def set_parties(
    session: Session, row: Measure | Step, units: Sequence[Unit], mode: Mode, *, by: Actor, at: datetime
) -> None:
    """Makes these units (or groups of them) responsible, each or jointly; none of a step: its measure's are."""
    plan = open_plan(session, row)
    if not units and isinstance(row, Measure):
        raise NotUnderstoodError("Choose at least one unit.", "กรุณาเลือกหน่วยงานอย่างน้อยหนึ่งหน่วย", field="unit")
    if any(unit.agency_id != row.agency_id for unit in units):
        raise NotUnderstoodError("This unit is not one of the agency's.", "ไม่พบหน่วยงานนี้ในหน่วยงานของท่าน")
    names = [unit.name for unit in units]
    before, same = row.responsible_text, _mean(session, row) == {unit.id for unit in units}
    was = {"parties": row.parties, "mode": row.mode}
    if same and (not names or row.mode == mode):
        return
    if not names:
        row.responsible_text = row.parties = row.mode = None
    elif same:
        row.mode = mode
    else:
        row.responsible_text, row.parties, row.mode = "/".join(names), names, mode
    after = row.responsible_text
    note_change(session, plan, row, "parties", by, at, was=was, before=before, after=after, mode=row.mode)


def _mean(session: Session, row: Measure | Step) -> set[int]:
    """The units that the cell names, by whatever names; the adopted words stay while they mean the same."""
    book = UnitBook(session, row.agency_id)
    named = [book.named(party) for party in row.parties or ()]
    return {unit.id for unit in named if unit is not None} if all(named) else set()


def reorder(session: Session, row: Measure | Step, direction: Direction, *, by: Actor, at: datetime) -> None:
    """Changes places with the row above or below; the numbers stay in their places. The first and last stay."""
    plan = open_plan(session, row)
    rows: list[Measure] | list[Step]
    if isinstance(row, Measure):
        rows = [one for one in plan.measures if not one.retired]
    else:
        rows = [one for one in row.measure.steps if not one.retired]
    place = next(index for index, one in enumerate(rows) if one is row)
    other_place = place + (1 if direction == "down" else -1)
    if not 0 <= other_place < len(rows):
        return
    other = rows[other_place]
    row.position, other.position = other.position, row.position
    row.number, other.number = other.number, row.number
    note_change(session, plan, row, "order", by, at, also=(other,), before=place + 1, after=other_place + 1)
    session.expire(plan if isinstance(row, Measure) else row.measure)


def move_checkpoint(session: Session, step: Step, due_on: date | None, to: date, *, by: Actor, at: datetime) -> int:
    """Moves the due day of every open task of the step that stands on ``due_on``; says how many moved."""
    open_plan(session, step)
    on_day = Task.due_on.is_(None) if due_on is None else Task.due_on == due_on
    tasks = session.scalars(
        select(Task)
        .where(Task.step_id == step.id, on_day, Task.state.in_(OPEN_STATES))
        .options(selectinload(Task.units))
        .order_by(Task.id)
    ).all()
    if due_on == to:
        return 0
    for task in tasks:
        progress.move_due(session, task, to, by=by, at=at)
    return len(tasks)


def open_plan(session: Session, row: Measure | Step) -> Plan:
    """The row's plan, locked; ConflictError where its year is closed."""
    lock(session, row.agency_id)
    plan = row.plan if isinstance(row, Measure) else row.measure.plan
    must_be_open(session, plan)
    return plan


def must_be_open(session: Session, plan: Plan) -> None:
    """ConflictError where the plan's twelve-month round is closed."""
    if plan not in plans_in_service(session, session.get_one(Agency, plan.agency_id)):
        raise ConflictError(
            f"The twelve-month round of {plan.fiscal_year} is closed; open it again before changing the plan.",
            f"ปิดรอบ 12 เดือนของปีงบประมาณ {plan.fiscal_year} แล้ว กรุณาเปิดรอบอีกครั้งก่อนแก้แผน",
        )


def note_change(
    session: Session,
    plan: Plan,
    row: Measure | Step,
    what: str,
    by: Actor,
    at: datetime,
    *,
    also: Collection[Measure | Step] = (),
    was: dict[str, Any] | None = None,
    **details: Any,
) -> None:
    """Records the change, with the words of the cells that it concerns, and brings the tasks in line.

    ``also`` are rows that changed with it. ``was`` is what takes it back (edit_undo.py) beside ``before``; the row's
    own number stands there too.
    """
    measures = {(one if isinstance(one, Measure) else one.measure).id for one in (row, *also)}
    place: dict[str, Any] = {"measure": (row if isinstance(row, Measure) else row.measure).number}
    if isinstance(row, Step):
        place["step"] = row.number or row.position
    place["undo"] = row_of(row) | (was or {})
    texts = imported_texts_hash(session, plan)
    record(
        session, plan.agency_id, "plan_edited", by, at,
        fiscal_year=plan.fiscal_year, what=what, imported_texts=texts, **place, **details,
        words=changed_words(session, sorted(measures), _cells_of(row, what)),
    )  # fmt: skip
    generate_tasks(session, plan, by, at)


def row_of(row: Measure | Step) -> dict[str, int]:
    """The row's own number, which stays when rows change places."""
    return {"measure": row.id} if isinstance(row, Measure) else {"step": row.id}


def _cells_of(row: Measure | Step, what: str) -> Sequence[Cell]:
    """The cells that a change of this kind writes."""
    if what == "period":
        return ("period",)
    if what == "parties":
        return ("responsible",)
    if what in ("text", "order", "put_back"):
        return ("measure",) if isinstance(row, Measure) else ("steps",)
    return CELLS


def said_text(text: str, field: str = "text") -> str:
    """A title or step as typed, on one line; NotUnderstoodError where it is empty or too long."""
    wanted = squeeze_spaces(fix_text(_bounded(text, field)))
    if not wanted:
        raise NotUnderstoodError("Write the text.", "กรุณาพิมพ์ข้อความ", field=field)
    return wanted


def _bounded(text: str, field: str) -> str:
    if len(text) > LONGEST_CELL:
        raise NotUnderstoodError(
            f"The text is longer than {LONGEST_CELL} characters; shorten it.",
            f"ข้อความยาวเกิน {LONGEST_CELL} ตัวอักษร กรุณาย่อ",
            field=field,
        )
    return text
