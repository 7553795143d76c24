"""Brings a stored plan in line with a document: what changed is told, and what was recorded goes with its row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.bilingual import Bilingual
from tracker.kinds import TaskState, TextSource
from tracker.models import ColumnText, Measure, Period, Plan, Step, Task
from tracker.plan_draft import DraftMeasure, DraftPlan, Responsible
from tracker.plan_draft import Period as ReadPeriod
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import Column
from tracker.services.plans.matching import Row, match
from tracker.services.reports.text_history import remember

COLUMNS: tuple[Column, ...] = ("summary", "outcome")

Stored = TypeVar("Stored", Measure, Step)
_WORDS = {
    "title": "ชื่อมาตรการ",
    "details": "รายละเอียด",
    "text": "ข้อความ",
    "responsible_text": "ผู้รับผิดชอบ",
    "summary": "สรุปผลดำเนินการ",
    "outcome": "ผลลัพธ์/ความสำเร็จ",
}

Kind = Literal["added", "changed", "removed"]


class Difference(Bilingual):
    """A sentence about how a document differs from the stored plan: something added, changed or removed."""

    __slots__ = ("kind",)

    kind: Kind

    @classmethod
    def of(cls, said: Bilingual, kind: Kind) -> "Difference":
        difference = cls(said, said.th)
        difference.kind = kind
        return difference


class Tell(Protocol):
    """Takes a sentence about a difference."""

    def __call__(self, said: Bilingual, kind: Kind = "changed", /) -> None: ...


def amend(
    session: Session, plan: Plan, draft: DraftPlan, number: RoundNumber, by: str, at: datetime
) -> list[Difference]:
    """Makes the plan what the draft says and returns the differences, a sentence each.

    ``number`` is the round that the draft's summaries and outcomes tell of.
    Rows that the document no longer has are removed, or retired where work was recorded for them; a retired row comes
    back with its work when the document has it again.
    """
    differences: list[Difference] = []

    def note(said: Bilingual, kind: Kind = "changed", /) -> None:
        differences.append(Difference.of(said, kind))

    stored = session.scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id)
        .options(selectinload(Measure.steps), selectinload(Measure.texts), selectinload(Measure.text_versions))
        .order_by(Measure.position, Measure.id)
    ).all()
    worked_on = steps_worked_on(session, plan)
    matched = match(
        [Row(measure.title, measure.number, measure.retired) for measure in stored],
        [Row(measure.title, measure.number) for measure in draft.measures],
    )
    for position, (wanted, index) in enumerate(zip(draft.measures, matched, strict=True), 1):
        measure = Measure(agency_id=plan.agency_id, plan_id=plan.id, steps=[], texts=[], text_versions=[])
        tell: Tell = _silent
        if index is None:
            note(_measure(wanted.number).then(f" added: {wanted.title}", f" เพิ่มใหม่: {wanted.title}"), "added")
        else:
            measure, tell = stored[index], note
        _take_measure(session, measure, wanted, position, tell)
        session.add(measure)
        _take_steps(session, measure, wanted, worked_on, tell)
        for column in COLUMNS:
            _take_text(measure, column, number, getattr(wanted, column), tell, by, at)
    for index, measure in enumerate(stored):
        if index not in matched and not measure.retired:
            worked = any(step.id in worked_on for step in measure.steps)
            drop(session, measure, worked, _measure(measure.number), note)
    return differences


def _measure(number: int) -> Bilingual:
    return Bilingual(f"measure {number}", f"มาตรการ {number}")


def _step(measure: int, step: int) -> Bilingual:
    return _measure(measure).then(f", step {step}", f" ขั้นตอน {step}")


def _period_changed(where: Bilingual, before: str, after: str) -> Bilingual:
    return where.then(f", ระยะเวลาดำเนินการ: “{before}” → “{after}”", f" ระยะเวลาดำเนินการ: “{before}” → “{after}”")


def _silent(_difference: Bilingual, _kind: Kind = "changed", /) -> None:
    """A row that is told as added needs no word about its cells."""


def _take_measure(session: Session, measure: Measure, wanted: DraftMeasure, position: int, tell: Tell) -> None:
    where = _measure(wanted.number)
    _come_back(measure, where, tell)
    if measure.number not in (None, wanted.number):
        tell(_measure(measure.number).then(f" is now {where}", f" เป็น{where.th}แล้ว"))
    if (measure.position, measure.number) != (position, wanted.number):
        measure.position, measure.number = position, wanted.number
    _change(measure, "title", wanted.title, where, tell)
    _change(measure, "details", [paragraph.as_json() for paragraph in wanted.details], where, tell)
    _take_responsible(measure, wanted.responsible, where, tell)
    measure.period = _taken_period(session, measure, measure.period, wanted.period, where, tell)


def _take_steps(session: Session, measure: Measure, wanted: DraftMeasure, worked_on: set[int], tell: Tell) -> None:
    stored = list(measure.steps)
    matched = match(
        [Row(step.text, step.number, step.retired) for step in stored],
        [Row(step.text, step.number) for step in wanted.steps],
    )
    for position, (drafted, index) in enumerate(zip(wanted.steps, matched, strict=True), 1):
        where = _step(wanted.number, drafted.number or position)
        tell_step = tell
        if index is None:
            step = Step(agency_id=measure.agency_id)
            measure.steps.append(step)
            tell(where.then(f" added: {drafted.text}", f" เพิ่มใหม่: {drafted.text}"), "added")
            tell_step = _silent
        else:
            step = stored[index]
            _come_back(step, where, tell)
            if step.number != drafted.number:
                before = _step(wanted.number, step.number or step.position)
                tell(before.then(f" is now step {drafted.number}", f" เป็นขั้นตอน {drafted.number} แล้ว"))
        if (step.position, step.number) != (position, drafted.number):
            step.position, step.number = position, drafted.number
        _change(step, "text", drafted.text, where, tell_step)
        _take_responsible(step, drafted.responsible, where, tell_step)
        if drafted.period is not None:
            step.own_period = _taken_period(session, step, step.own_period, drafted.period, where, tell_step)
        elif step.own_period is not None:
            tell_step(_period_changed(where, step.own_period.text, wanted.period.text))
            session.delete(step.own_period)
            step.own_period = None
    for index, step in enumerate(stored):
        if index not in matched and not step.retired:
            where = _step(wanted.number, step.number or step.position)
            drop(session, step, step.id in worked_on, where, tell)


def _take_responsible(row: Measure | Step, wanted: Responsible | None, where: Bilingual, tell: Tell) -> None:
    """Each or jointly stays as the coordinator chose it while the cell stays the same."""
    text, parties = (wanted.text, list(wanted.parties)) if wanted else (None, None)
    if (row.responsible_text, row.parties) == (text, parties):
        return
    if row.responsible_text == text:
        read = " | ".join(parties or ())
        tell(where.then(f", responsible: “{text}” is read as {read}", f" ผู้รับผิดชอบ: “{text}” อ่านเป็น {read}"))
    _change(row, "responsible_text", text, where, tell)
    if isinstance(row, Step) or wanted is not None:
        row.parties, row.mode = parties, wanted.mode if wanted else None


def _take_text(
    measure: Measure,
    column: Column,
    number: RoundNumber,
    wanted: Sequence[Any],
    tell: Tell,
    by: str,
    at: datetime,
) -> None:
    """An imported cell replaces an imported one; the coordinator's own text stays, and the difference is told."""
    paragraphs = [paragraph.as_json() for paragraph in wanted]
    texts = {text.source: text for text in measure.texts if (text.field, text.round) == (column, number)}
    imported = texts.get(TextSource.IMPORTED)
    if not paragraphs or (imported and imported.paragraphs == paragraphs):
        return
    where = _measure(measure.number).then(f", {column}", f" {_WORDS[column]}")
    tell(where.then(" changed", " เปลี่ยน") if imported else where.then(" added", " เพิ่มใหม่"))
    if imported is None:
        imported = ColumnText(agency_id=measure.agency_id, field=column, round=number, source=TextSource.IMPORTED)
        measure.texts.append(imported)
    imported.paragraphs, imported.edited_at, imported.basis = paragraphs, at, None
    remember(measure, column, number, tuple(wanted), "imported", by=by, at=at)
    if TextSource.COORDINATOR in texts:
        tell(where.then(": the coordinator's text stays", " คงข้อความของผู้ประสานงานไว้"))


def _taken_period(
    session: Session, row: Measure | Step, stored: Period | None, wanted: ReadPeriod, where: Bilingual, tell: Tell
) -> Period:
    if stored is None:
        stored = Period(agency_id=row.agency_id)
        session.add(stored)
        if isinstance(row, Step):
            tell(where.then(f", ระยะเวลาดำเนินการ: “{wanted.text}”", f" ระยะเวลาดำเนินการ: “{wanted.text}”"))
    elif stored.text != wanted.text:
        tell(_period_changed(where, stored.text, wanted.text))
    elif stored.read() != wanted:
        tell(
            where.then(
                f", ระยะเวลาดำเนินการ: “{wanted.text}” is read otherwise than before",
                f" ระยะเวลาดำเนินการ: “{wanted.text}” อ่านต่างจากเดิม",
            )
        )
    else:
        return stored
    stored.take(wanted)
    return stored


def _change(row: object, name: str, value: object, where: Bilingual, tell: Tell) -> None:
    before = getattr(row, name)
    if before != value:
        setattr(row, name, value)
        shown = f": “{before}” → “{value}”" if isinstance(before, str) and isinstance(value, str) else ""
        tell(where.then(f", {name} changed{shown}", f" {_WORDS[name]}เปลี่ยน{shown}"))


def _come_back(row: Measure | Step, where: Bilingual, tell: Tell) -> None:
    if row.retired:
        row.retired = False
        tell(where.then(" is in the document again", " กลับมาอยู่ในเอกสารแล้ว"), "added")


def drop(session: Session, row: Measure | Step, worked_on: bool, where: Bilingual, tell: Tell) -> None:
    """Takes a row out of the plan: retired where work was recorded for it, else gone."""
    if worked_on:
        row.retired = True
        tell(
            where.then(
                " is no longer in the document; what was recorded for it is kept",
                " ไม่อยู่ในเอกสารแล้ว แต่เก็บผลที่บันทึกไว้",
            ),
            "removed",
        )
        return
    steps = row.steps if isinstance(row, Measure) else [row]
    periods = [step.own_period for step in steps] + ([row.period] if isinstance(row, Measure) else [])
    session.delete(row)
    session.flush()
    for period in filter(None, periods):
        session.delete(period)
    tell(where.then(" removed", " ถูกนำออก"), "removed")


def steps_worked_on(session: Session, plan: Plan) -> set[int]:
    """Steps whose tasks somebody has touched: these are never deleted."""
    tasks = session.scalars(
        select(Task).where(Task.plan_id == plan.id).options(selectinload(Task.completions), selectinload(Task.notes))
    )
    return {task.step_id for task in tasks if task.state != TaskState.PENDING or task.completions or task.notes}


def live(rows: Iterable[Stored]) -> list[Stored]:
    """The rows that the document still has."""
    return [row for row in rows if not row.retired]
