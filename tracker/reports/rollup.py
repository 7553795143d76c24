"""Roll-up: what was ticked, as the paragraphs of สรุปผลดำเนินการ and ผลลัพธ์/ความสำเร็จ (docs/rules.md, "Roll-up").

Pure: facts and the round's last day in, paragraphs out, whatever the order of a step's tasks. Nothing is claimed
that was not ticked.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.reports.own_words import to_paragraphs
from tracker.reports.standing import TaskFact
from tracker.reports.step_in_round import StepFacts, StepInRound, by_party, ids, step_in_round
from tracker.reports.summary import Line, because, groups, say_the_same, summary_lines
from tracker.thai.paragraphs import Paragraph, Paragraphs
from tracker.thai.text import squeeze_spaces

__all__ = [
    "Column", "Composed", "Missing", "SourcedParagraph", "StepFacts", "TextFact", "compose",
    "done_in_round", "facts_hash", "step_numbers", "to_paragraphs",
]  # fmt: skip

Column = Literal["summary", "outcome"]
FactKind = Literal["done", "not_possible", "note"]


@dataclass(frozen=True, slots=True)
class SourcedParagraph:
    """A paragraph and the tasks it came from, ascending."""

    number: int | str | None
    text: str
    task_ids: tuple[int, ...]

    @property
    def paragraph(self) -> Paragraph:
        """Without its tasks, as a table cell has it."""
        return Paragraph(self.number, self.text)


@dataclass(frozen=True, slots=True)
class Missing:
    """A task that the round counts and nobody ticked: what the draft says beside an open step."""

    step: int | None
    task_id: int
    units: tuple[str, ...]
    scheduled_on: date | None


@dataclass(frozen=True, slots=True)
class TextFact:
    """A fact that gives text: a tick, a "not possible" or a note. ``facts_key`` is the same as long as its words are.

    ``step`` is the step's place in the measure, from 0.
    """

    facts_key: str
    task_id: int
    step: int
    kind: FactKind
    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A column's paragraphs, who is missing, and the facts under it.

    ``facts_hash`` is the same for draft and published text and for both kinds of digits; it changes exactly when a fact
    does that gives text, not with who is missing, and so tells an edit that the facts have moved under it.
    """

    paragraphs: tuple[SourcedParagraph, ...]
    missing: tuple[Missing, ...]
    facts: tuple[TextFact, ...]
    facts_hash: str

    @property
    def cell(self) -> Paragraphs:
        """The paragraphs as a table cell has them."""
        return tuple(one.paragraph for one in self.paragraphs)


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
    written in Thai digits unless ``thai_digits`` is False; people's own text stays as typed.
    """
    rounds = [step_in_round(step, round_end) for step in steps]
    if column == "summary":
        paragraphs = _summary(rounds, names=names or not published, thai_digits=thai_digits)
    else:
        paragraphs = _outcome(rounds)
    facts = tuple(fact for place, step in enumerate(rounds) for fact in _facts(place, step, column))
    missing = (
        Missing(step.number, task.task_id, task.units, task.scheduled_on) for step in rounds for task in step.missing
    )
    return Composed(tuple(paragraphs), tuple(missing), facts, facts_hash(column, (one.facts_key for one in facts)))


def facts_hash(column: Column, keys: Iterable[str]) -> str:
    """One hash for the facts under a column, whatever their order."""
    return _hash([column, sorted(keys)])


def done_in_round(step: StepFacts, round_end: date) -> tuple[TaskFact, ...]:
    """The tasks of a step that the round has as done, by party, then by occasion."""
    return step_in_round(step, round_end).done


def _summary(rounds: Sequence[StepInRound], *, names: bool, thai_digits: bool) -> Iterator[SourcedParagraph]:
    """One item a step with the step's own number; of a measure of one step its text."""
    numbers = step_numbers(rounds)
    for step, number in zip(rounds, numbers, strict=True):
        lines = summary_lines(step, names=names, thai_digits=thai_digits)
        yield from _only_step(lines) if len(rounds) == 1 else _one_of_several(lines, number)


def step_numbers(rounds: Sequence[StepInRound]) -> list[int | None]:
    """The steps' own numbers; where the document numbers none, they are counted."""
    own = [step.number for step in rounds]
    return own if any(number is not None for number in own) else list(range(1, len(rounds) + 1))


def _only_step(lines: Sequence[Line]) -> Iterator[SourcedParagraph]:
    count = 0
    for line in lines:
        count += line.item
        number = count if line.item else line.paragraph.number
        yield SourcedParagraph(number, line.paragraph.text, line.task_ids)


def _one_of_several(lines: Sequence[Line], step: int | None) -> Iterator[SourcedParagraph]:
    """The step's number leads; sub-items, and a list that the writer numbered under it, count on as 2.1, 2.2."""
    first, *others = lines
    yield SourcedParagraph(step, first.paragraph.text, first.task_ids)
    listed = [line.paragraph.number for line in others if line.paragraph.number is not None]
    in_order = first.paragraph.number is None and listed == [*range(1, len(listed) + 1)]
    count = 0
    for line in others:
        numbered = line.item or (in_order and line.paragraph.number is not None)
        count += numbered
        number = f"{step}.{count}" if numbered and step is not None else None
        yield SourcedParagraph(number, line.paragraph.text, line.task_ids)


def _outcome(rounds: Sequence[StepInRound]) -> Iterator[SourcedParagraph]:
    """The outcomes that were stated, in order, without counts: one as it was written, several numbered through."""
    stated: dict[Paragraphs, set[int]] = {}
    for step in rounds:
        with_words = [task for task in step.done if to_paragraphs(task.outcome or "")]
        alike = [with_words] if say_the_same(with_words, "outcome") else list(by_party(with_words).values())
        for tasks in alike:
            for group in groups(tasks, "outcome"):
                stated.setdefault(group.paragraphs, set()).update(ids(group.tasks))
    said = [(paragraph, tuple(sorted(sources))) for text, sources in stated.items() for paragraph in text]
    written = len(stated) == 1 and any(paragraph.number is not None for paragraph, _ in said)
    for count, (paragraph, task_ids) in enumerate(said, 1):
        number = (paragraph.number if written else count) if len(said) > 1 else None
        yield SourcedParagraph(number, paragraph.text, task_ids)


def _facts(place: int, step: StepInRound, column: Column) -> Iterator[TextFact]:
    """The facts that give the column text: who is missing is none of them."""
    said: list[tuple[FactKind, TaskFact, str]] = [
        ("done", task, (task.result if column == "summary" else task.outcome) or "") for task in step.done
    ]
    if column == "summary":
        said += [("not_possible", task, because(task)) for task in step.not_possible]
        said += [("note", task, squeeze_spaces(task.progress_note or "")) for task in step.noted]
    for kind, task, text in said:
        if text or column == "summary":
            yield TextFact(_hash([kind, task.task_id, text])[:16], task.task_id, place, kind, text)


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
