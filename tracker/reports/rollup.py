"""Roll-up: what was ticked, as the paragraphs of สรุปผลดำเนินการ and ผลลัพธ์/ความสำเร็จ (docs/rules.md, "Roll-up").

Pure: facts and the round's last day in, paragraphs out, whatever the order of a step's tasks. Nothing is claimed
that was not ticked: only ``done`` tasks whose ``done_on`` lies in the round give text to a column.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from tracker.reports.standing import TaskFact, standing_in_round
from tracker.thai.numerals import to_arabic, to_thai
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import fix_text, squeeze_spaces

Column = Literal["summary", "outcome"]
Change = Literal["same", "removed", "added"]

_TYPED_NUMBER = re.compile(r"\(?([0-9๐-๙]{1,2})[.)](?![0-9๐-๙])\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step with all its tasks of the year, in any order."""

    number: int | None
    tasks: tuple[TaskFact, ...]


@dataclass(frozen=True, slots=True)
class SourcedParagraph:
    """A paragraph and the tasks it came from, ascending."""

    number: int | None
    text: str
    task_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A task that the round counts and nobody ticked: what the draft says beside an open step."""

    step: int | None
    task_id: int
    units: tuple[str, ...]
    scheduled_on: date | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A column's paragraphs, who is missing, and ``basis``: a hash of the facts under the text.

    ``basis`` is the same for draft and published text and for both kinds of digits; it changes exactly when a fact
    of this column does, and so tells an edit that the facts have moved under it.
    """

    paragraphs: tuple[SourcedParagraph, ...]
    missing: tuple[Missing, ...]
    basis: str

    @property
    def cell(self) -> Paragraphs:
        """The paragraphs as a table cell has them."""
        return tuple(Paragraph(paragraph.number, paragraph.text) for paragraph in self.paragraphs)


def compose(
    steps: Sequence[StepFacts],
    column: Column,
    *,
    round_end: date,
    published: bool,
    names: bool = False,
    thai_digits: bool = True,
) -> Composed:
    """The text of one column of a measure for the round that ends on ``round_end``.

    ``published`` gives counts of what is missing, and names only with ``names``; a draft always names. Counts are
    to_paragraphs in Thai digits unless ``thai_digits`` is False; people's own text stays as typed.
    """
    rounds = [_StepInRound(step, round_end) for step in steps]
    wording = _Wording(names or not published, thai_digits)
    blocks = [block for step in rounds if (block := _block(step, column, wording))]
    return Composed(
        _numbered(blocks),
        tuple(
            Missing(step.number, task.task_id, task.units, task.scheduled_on)
            for step in rounds
            for task in step.missing
        ),
        _basis(rounds, column),
    )


def done_in_round(step: StepFacts, round_end: date) -> tuple[TaskFact, ...]:
    """The tasks of a step that were done by the round's last day, by unit, then by day."""
    return tuple(task for _, tasks in _by_unit(_StepInRound(step, round_end).done) for task in tasks)


def diff(then: Iterable[Paragraph], now: Iterable[Paragraph]) -> tuple[tuple[Change, str], ...]:
    """What changed between two texts of a column, paragraph by paragraph, whatever their numbers."""
    old, new = [paragraph.text for paragraph in then], [paragraph.text for paragraph in now]
    changes: list[tuple[Change, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [("same", text) for text in old[i1:i2]]
        else:
            changes += [("removed", text) for text in old[i1:i2]]
            changes += [("added", text) for text in new[j1:j2]]
    return tuple(changes)


def to_paragraphs(text: str) -> Paragraphs:
    """A person's text as paragraphs: one a line, with the list numbers that were typed before them taken off."""
    lines = (squeeze_spaces(line) for line in fix_text(text).splitlines())
    return tuple(_paragraph(line) for line in lines if line)


def _paragraph(line: str) -> Paragraph:
    match = _TYPED_NUMBER.match(line)
    return Paragraph(int(to_arabic(match[1])), line[match.end() :]) if match else Paragraph(None, line)


@dataclass(frozen=True, slots=True)
class _Block:
    """What one step says in a column."""

    paragraphs: Paragraphs
    task_ids: tuple[int, ...]


class _StepInRound:
    """A step's live tasks, sorted by what they are as of the round's last day.

    Counted are the checkpoints scheduled by that day; where there is none yet but somebody ticked early, the
    checkpoints that were ticked, whole, so that a count never hides who has not. A task without a day is due with
    the fiscal year.
    """

    def __init__(self, step: StepFacts, round_end: date) -> None:
        live = sorted((task for task in step.tasks if task.state != "cancelled"), key=_place)
        standing = {task.task_id: standing_in_round(task, round_end) for task in live}
        self.number = step.number
        self.done = [task for task in live if standing[task.task_id].done]
        ticked = {task.scheduled_on for task in self.done}
        self.counted = [task for task in live if standing[task.task_id].counts] or [
            task for task in live if task.scheduled_on in ticked
        ]
        self.not_possible = [task for task in live if standing[task.task_id].not_possible]
        settled = {task.task_id for task in (*self.done, *self.not_possible)}
        self.missing = [task for task in self.counted if task.task_id not in settled]
        self.noted = [
            task
            for task in live
            if task.task_id not in settled and task.state != "not_possible" and _noted_by(task, round_end)
        ]
        told = (*self.counted, *self.done, *self.not_possible, *self.noted)
        self.several = len({task.task_id for task in told}) > 1
        self.several_units = len({task.units for task in told}) > 1


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words around people's own text."""

    names: bool
    thai_digits: bool

    def number(self, value: int) -> str:
        return to_thai(value) if self.thai_digits else str(value)

    def of(self, part: int, whole: int, unit: str) -> str:
        return f"{self.number(part)} จาก {self.number(whole)} {unit}"

    def named(self, tasks: Sequence[TaskFact], text: Callable[[TaskFact], str]) -> str:
        """The tasks' texts, each said once, led by the names of those who gave it."""
        by_text: dict[str, list[str]] = {}
        for task in tasks:
            givers = by_text.setdefault(text(task), [])
            if _name(task) not in givers:
                givers.append(_name(task))
        return "; ".join(f"{', '.join(givers)}: {said}" for said, givers in by_text.items())


def _block(step: _StepInRound, column: Column, wording: _Wording) -> _Block | None:
    texts = {task.task_id: paragraphs for task in step.done if (paragraphs := to_paragraphs(_column(task, column)))}
    telling = [task for task in step.done if task.task_id in texts]
    shared = set(texts.values())
    if len(shared) == 1:
        paragraphs = shared.pop()
    elif telling:
        latest = [tasks[-1] for _, tasks in _by_unit(telling)]
        paragraphs = (Paragraph(None, wording.named(latest, lambda task: squeeze_spaces(_column(task, column)))),)
    else:
        paragraphs = ()
    remarks, remarked = _remarks(step, column, bool(telling), wording)
    if remarks:
        *first, last = paragraphs or (Paragraph(None, ""),)
        paragraphs = (*first, Paragraph(last.number, " ".join(filter(None, (last.text, *remarks)))))
    if not paragraphs:
        return None
    return _Block(paragraphs, tuple(sorted({task.task_id for task in (*telling, *remarked)})))


def _remarks(step: _StepInRound, column: Column, claimed: bool, wording: _Wording) -> tuple[list[str], list[TaskFact]]:
    """How far the step got, what could not be done and what is under way, with the tasks these come from."""
    remarks: list[str] = []
    if step.several and claimed and (progress := _progress(step, wording)):
        remarks.append(progress)
        if wording.names and step.missing:
            remarks.append("ยังไม่รายงาน: " + ", ".join(dict.fromkeys(_name(task) for task in step.missing)))
    if column == "outcome":
        return remarks, []
    if step.not_possible:
        remarks.append(_impossible(step, wording))
    if step.noted:
        remarks.append("อยู่ระหว่างดำเนินการ: " + _under_way(step, wording))
    return remarks, [*step.not_possible, *step.noted]


def _progress(step: _StepInRound, wording: _Wording) -> str | None:
    done = {task.task_id for task in step.done}
    times, of_times = sum(task.task_id in done for task in step.counted), len(step.counted)
    if times == of_times:
        return None
    units = _by_unit(step.counted)
    if len(units) == of_times > 1:
        return "ดำเนินการแล้ว " + wording.of(times, of_times, "ส่วนราชการ")
    in_times = wording.of(times, of_times, "ครั้ง")
    complete = sum(all(task.task_id in done for task in tasks) for _, tasks in units)
    if len(units) == 1 or not complete:
        return "ดำเนินการแล้ว " + in_times
    return f"ดำเนินการแล้ว {wording.of(complete, len(units), 'ส่วนราชการ')} รวม {in_times}"


def _impossible(step: _StepInRound, wording: _Wording) -> str:
    if step.several_units and wording.names:
        return wording.named(step.not_possible, lambda task: "ไม่สามารถดำเนินการได้" + _because(task))
    by_reason: dict[str, list[TaskFact]] = {}
    for task in step.not_possible:
        by_reason.setdefault(_because(task), []).append(task)
    said = []
    for because, tasks in by_reason.items():
        each_once = step.several_units and len(_by_unit(tasks)) == len(tasks)
        count = f" {wording.number(len(tasks))} {'ส่วนราชการ' if each_once else 'ครั้ง'} " if step.several else ""
        said.append(f"ไม่สามารถดำเนินการได้{count}{because}".rstrip())
    return "; ".join(said)


def _because(task: TaskFact) -> str:
    reason = squeeze_spaces(task.reason or "").removeprefix("เนื่องจาก").strip()
    return "เนื่องจาก" + reason if reason else ""


def _under_way(step: _StepInRound, wording: _Wording) -> str:
    latest = [
        max(tasks, key=lambda task: (task.progress_noted_on or date.min, task.task_id))
        for _, tasks in _by_unit(step.noted)
    ]
    if step.several_units and wording.names:
        return wording.named(latest, _note)
    return "; ".join(dict.fromkeys(_note(task) for task in latest))


def _numbered(blocks: Sequence[_Block]) -> tuple[SourcedParagraph, ...]:
    """One paragraph stands unnumbered, several are numbered; one step's own mixture stays as it was written."""
    said = [(paragraph, block.task_ids) for block in blocks for paragraph in block.paragraphs]
    typed = {paragraph.number is not None for paragraph, _ in said}
    as_written = len(blocks) == 1 and len(typed) == 2
    return tuple(
        SourcedParagraph(
            paragraph.number if as_written else (index if len(said) > 1 else None), paragraph.text, task_ids
        )
        for index, (paragraph, task_ids) in enumerate(said, 1)
    )


def _basis(steps: Sequence[_StepInRound], column: Column) -> str:
    facts: list[object] = []
    for step in steps:
        groups: list[tuple[list[TaskFact], Callable[[TaskFact], str]]] = [
            (step.done, lambda task: _column(task, column)),
            (step.missing, lambda _: ""),
        ]
        if column == "summary":
            groups += [(step.not_possible, _because), (step.noted, _note)]
        elif step.not_possible:  # they are counted
            groups.append((step.not_possible, lambda _: ""))
        facts.append([step.number, *(sorted(_told(task, text(task)) for task in tasks) for tasks, text in groups)])
    return hashlib.sha256(json.dumps([column, facts], ensure_ascii=False).encode()).hexdigest()


def _told(task: TaskFact, text: str) -> tuple[int, str, str, str, str]:
    return task.task_id, _name(task), str(task.scheduled_on), str(task.done_on), text


def _by_unit(tasks: Iterable[TaskFact]) -> list[tuple[tuple[str, ...], list[TaskFact]]]:
    """The tasks of each unit, earliest first; units in the order of their first task."""
    grouped: dict[tuple[str, ...], list[TaskFact]] = {}
    for task in sorted(tasks, key=_place):
        grouped.setdefault(task.units, []).append(task)
    for unit_tasks in grouped.values():
        unit_tasks.sort(key=lambda t: (t.done_on or date.min, t.scheduled_on or date.max, t.task_id))
    return list(grouped.items())


def _column(task: TaskFact, column: Column) -> str:
    return (task.result if column == "summary" else task.outcome) or ""


def _name(task: TaskFact) -> str:
    return "/".join(task.units)


def _place(task: TaskFact) -> tuple[int, int]:
    return task.unit_order, task.task_id


def _note(task: TaskFact) -> str:
    return squeeze_spaces(task.progress_note or "")


def _noted_by(task: TaskFact, day: date) -> bool:
    return bool(_note(task)) and (task.progress_noted_on is None or task.progress_noted_on <= day)
