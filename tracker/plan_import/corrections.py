"""A measure of a draft as somebody retyped it before anything is stored. Pure.

A correction holds a measure's cells as text, as its form has them. What it leaves as it was read stays so, with its
warnings; what it changes is read again, and so are its warnings.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.plan_draft import DraftMeasure, DraftStep, Mode, Period, Responsible, Warn
from tracker.plan_import.cells import paragraphs
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.plan_import.grid import lines_of
from tracker.plan_import.header_words import TITLES, Field
from tracker.plan_import.parties import split_parties
from tracker.plan_import.period import parse_period
from tracker.plan_import.sense import told_of_period
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import fix_text, squeeze_spaces


@dataclass(frozen=True, slots=True)
class StepCorrection:
    """A step as typed; an empty text takes it out. None: party or period are the measure's."""

    number: int | None
    text: str
    responsible: str | None = None
    mode: Mode = "jointly"
    period: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureCorrection:
    """A measure as typed; ``left_out`` keeps it out of the plan."""

    number: int
    title: str
    details: str
    responsible: str
    mode: Mode
    period: str
    steps: tuple[StepCorrection, ...]
    left_out: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "details": self.details,
            "responsible": self.responsible,
            "mode": self.mode,
            "period": self.period,
            "steps": [[step.number, step.text, step.responsible, step.mode, step.period] for step in self.steps],
            "left_out": self.left_out,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "MeasureCorrection":
        """The correction that ``as_json`` wrote."""
        return cls(**{**value, "steps": tuple(StepCorrection(*step) for step in value["steps"])})


def as_typed(draft: DraftMeasure) -> MeasureCorrection:
    """The measure in the shape of its form: a correction that changes nothing."""
    return MeasureCorrection(
        number=draft.number,
        title=draft.title,
        details="\n".join(_line(paragraph) for paragraph in draft.details),
        responsible=draft.responsible.text,
        mode=draft.responsible.mode,
        period=draft.period.text,
        steps=tuple(_step_as_typed(step) for step in draft.steps),
    )


def rebased(correction: MeasureCorrection, before: MeasureCorrection, after: MeasureCorrection) -> MeasureCorrection:
    """The correction of a measure that is read otherwise now: what was typed stays, the rest is as it is read anew.

    ``before`` and ``after`` are the measure as it was and is read, in the shape of its form.
    """

    def typed(name: str) -> Any:
        mine = getattr(correction, name)
        return getattr(after, name) if mine == getattr(before, name) else mine

    return replace(
        correction,
        **{name: typed(name) for name in ("number", "title", "details", "responsible", "mode", "period", "steps")},
    )


def corrected(
    read: ReadDocument, corrections: Mapping[int, MeasureCorrection], known_names: Collection[str] = ()
) -> tuple[ReadMeasure | None, ...]:
    """The document's measures with their corrections, by their place in it; None for one that is left out."""
    found: list[ReadMeasure | None] = []
    for place, measure in enumerate(read.measures):
        correction = corrections.get(place)
        if correction is None:
            found.append(measure)
        else:
            found.append(
                None if correction.left_out else corrected_measure(measure, correction, read.fiscal_year, known_names)
            )
    return tuple(found)


def corrected_measure(
    read: ReadMeasure, correction: MeasureCorrection, fiscal_year: int, known_names: Collection[str] = ()
) -> ReadMeasure:
    """The measure as the correction has it."""
    before = as_typed(read.draft)
    old = read.draft
    period = old.period if correction.period == before.period else _period(correction.period, fiscal_year)
    responsible = _responsible(old.responsible, correction.responsible, correction.mode, known_names)
    steps = tuple(_steps(old.steps, correction.steps, fiscal_year, known_names)) or (DraftStep(None, correction.title),)
    draft = replace(
        old,
        number=correction.number,
        title=correction.title,
        details=old.details
        if correction.details == before.details
        else paragraphs(lines_of(correction.details.splitlines())),
        responsible=responsible,
        period=period,
        steps=steps,
    )
    return ReadMeasure(draft, read.original, tuple(_warnings(read, before, correction, draft)))


def _steps(
    old: Sequence[DraftStep], typed: Sequence[StepCorrection], fiscal_year: int, known_names: Collection[str]
) -> Iterator[DraftStep]:
    for place, step in enumerate(typed):
        if not step.text:
            continue
        was = old[place] if place < len(old) else None
        responsible = None
        if step.responsible is not None:
            own = was.responsible if was else None
            responsible = _responsible(own, step.responsible, step.mode, known_names)
        period = None
        if step.period is not None:
            same = was is not None and was.period is not None and was.period.text == step.period
            period = was.period if same and was else _period(step.period, fiscal_year)
        yield DraftStep(step.number, step.text, responsible, period)


def _warnings(
    read: ReadMeasure, before: MeasureCorrection, correction: MeasureCorrection, draft: DraftMeasure
) -> Iterator[Warn]:
    changed: set[Field] = set()
    if (correction.number, correction.title, correction.details) != (before.number, before.title, before.details):
        changed.add("measure")
    if correction.responsible != before.responsible:
        changed.add("responsible")
    if correction.period != before.period:
        changed.add("period")
    if [(step.number, step.text) for step in correction.steps] != [(step.number, step.text) for step in before.steps]:
        changed.add("steps")
    if _own_periods(correction) != _own_periods(before):
        changed.add("period")
    where = f"measure {draft.number}"
    for warning in read.warnings:
        if not any(warning.where.endswith(TITLES[name]) for name in changed):
            yield replace(warning, where=warning.where.replace(f"measure {before.number}", where, 1))
    if "period" in changed:
        yield from _period_warnings(where, draft)
    if "responsible" in changed and not draft.responsible.text:
        yield Warn(f"{where}, {TITLES['responsible']}", "ไม่ได้ระบุผู้รับผิดชอบ")
    numbers = [step.number for step in draft.steps if step.number is not None]
    if "steps" in changed and len(set(numbers)) < len(numbers):
        yield Warn(f"{where}, {TITLES['steps']}", f"เลขขั้นตอนซ้ำกัน: {', '.join(map(str, numbers))}")


def _period_warnings(where: str, draft: DraftMeasure) -> Iterator[Warn]:
    if not draft.period.text:
        yield Warn(f"{where}, {TITLES['period']}", "ไม่ได้ระบุระยะเวลา")
    for message in told_of_period(draft.period):
        yield Warn(f"{where}, {TITLES['period']}", message)
    for place, step in enumerate(draft.steps, 1):
        for message in told_of_period(step.period) if step.period else ():
            yield Warn(f"{where}, step {step.number or place}, {TITLES['period']}", message)


def _own_periods(correction: MeasureCorrection) -> list[str | None]:
    return [step.period for step in correction.steps if step.text]


def _responsible(old: Responsible | None, text: str, mode: Mode, known_names: Collection[str]) -> Responsible:
    if old is not None and old.text == text:
        return replace(old, mode=mode)
    return Responsible(text, mode, split_parties(text, known_names).parties)


def _period(text: str, fiscal_year: int) -> Period:
    if not text:
        return Period("", fiscal_year, None, None, (), (), ())
    return parse_period(text, fiscal_year)


def _step_as_typed(step: DraftStep) -> StepCorrection:
    return StepCorrection(
        step.number,
        step.text,
        step.responsible.text if step.responsible else None,
        step.responsible.mode if step.responsible else "jointly",
        step.period.text if step.period else None,
    )


def _line(paragraph: Paragraph) -> str:
    return paragraph.typed(thai_digits=False)


def retyped(before: str, typed: str) -> str:
    """What a person left in a cell: the text before where only spaces differ, else the typed one, corrected."""
    text = _squeezed(typed)
    return before if text == _squeezed(before) else text


def _squeezed(text: str) -> str:
    lines = (squeeze_spaces(line) for line in fix_text(text).splitlines())
    return "\n".join(line for line in lines if line)
