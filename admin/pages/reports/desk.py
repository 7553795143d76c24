"""โต๊ะรายงาน: what the editor of a round's texts shows of each cell and measure, and what its buttons make of a text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property

from admin.pages.reports.report_form import Cell
from tracker.models import Measure, Task
from tracker.proofreading import Suggestion
from tracker.proofreading.spelling import misspellings
from tracker.reports.claim_mending import with_count
from tracker.reports.desk_marks import ClaimMark, Mark, NewsMark, SpellingMark, marks_in, mended
from tracker.reports.new_facts import News
from tracker.reports.rollup import to_paragraphs
from tracker.reports.standing import Standing, standing_in_round
from tracker.reports.step_in_round import StepInRound
from tracker.services.reports.column_texts import ColumnView
from tracker.services.reports.facts import task_fact
from tracker.thai.paragraphs import Paragraph, Paragraphs

Piece = tuple[str, Mark | None, int]
"""Words of a line, the mark that lies on them and its number."""


@dataclass(frozen=True)
class Line:
    """A paragraph as the desk shows it, with the count that would stand in it, and the news after it."""

    paragraph: Paragraph
    pieces: tuple[Piece, ...]
    news: tuple[tuple[NewsMark, int], ...]

    @property
    def lead(self) -> str:
        """Its number as it is typed."""
        return self.paragraph.typed()[: len(self.paragraph.typed()) - len(self.paragraph.text)]


@dataclass(frozen=True)
class DeskCell:
    """A cell with what is to be answered in its text, as it is saved or as it was typed."""

    cell: Cell
    text: Paragraphs
    marks: tuple[Mark, ...]
    remarks: tuple[Suggestion, ...] = ()

    @property
    def name(self) -> str:
        return self.cell.name

    @property
    def view(self) -> ColumnView:
        return self.cell.view

    @property
    def answers(self) -> list[tuple[str, Mark]]:
        """The marks in order, each with its kind."""
        kinds = {SpellingMark: "spelling", ClaimMark: "claim", NewsMark: "news"}
        return [(kinds[type(one)], one) for one in self.marks]

    @property
    def news(self) -> list[NewsMark]:
        """What can be taken."""
        return [one for one in self.marks if isinstance(one, NewsMark) and one.taken]

    @cached_property
    def lines(self) -> list[Line]:
        """The text, a paragraph each; news before the first stands in an empty one."""
        numbered = list(enumerate(self.marks, 1))
        lines = []
        for place, paragraph in enumerate(self.text):
            on_it = [(number, one) for number, one in numbered if one.paragraph == place]
            news = tuple((one, number) for number, one in on_it if isinstance(one, NewsMark))
            lines.append(Line(paragraph, _pieces(paragraph.text, on_it), news))
        first = tuple((one, n) for n, one in numbered if isinstance(one, NewsMark) and one.paragraph < 0)
        return [Line(Paragraph(None, ""), (), first), *lines] if first else lines


@dataclass(frozen=True)
class TaskLine:
    """A task of a step; ``days_late`` is 0 where nothing is late."""

    task: Task
    units: str
    standing: Standing
    days_late: int


@dataclass(frozen=True)
class StepTasks:
    """A step's tasks, how many of them the round has as done, and of how many."""

    step: StepInRound
    number: int | None
    lines: tuple[TaskLine, ...]

    @property
    def done(self) -> int:
        return len(self.step.done_of_whole)

    @property
    def whole(self) -> int:
        return len(self.step.whole)

    @property
    def waiting(self) -> list[TaskLine]:
        return [line for line in self.lines if not line.standing.done]

    @property
    def finished(self) -> list[TaskLine]:
        return [line for line in self.lines if line.standing.done]


@dataclass(frozen=True)
class DeskMeasure:
    """A measure with its two cells and its tasks by step."""

    cells: tuple[DeskCell, DeskCell]
    steps: tuple[StepTasks, ...]

    @property
    def measure(self) -> Measure:
        return self.cells[0].view.measure

    @property
    def to_answer(self) -> int:
        return sum(len(cell.marks) for cell in self.cells)

    @property
    def is_news_alone(self) -> bool:
        return all(isinstance(one, NewsMark) for cell in self.cells for one in cell.marks)

    @property
    def is_unsaved(self) -> bool:
        return any(cell.cell.is_unsaved for cell in self.cells)

    @property
    def is_quiet(self) -> bool:
        return not self.to_answer and not self.is_unsaved

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def whole(self) -> int:
        return sum(step.whole for step in self.steps)


def desk_cell(cell: Cell, names: Sequence[str], remarks: Sequence[Suggestion] = ()) -> DeskCell:
    """The cell with its marks; ``names`` are no misspellings."""
    view = cell.view
    text = to_paragraphs(cell.text) if cell.is_unsaved else view.as_typed
    slips = {place: misspellings(one.text, names) for place, one in enumerate(text)}
    news = [(one, None if one.gone else view.taken(text, one)) for one in open_news(view, text)]
    claims = view.claims_in(text) if view.text or cell.is_unsaved else ()
    return DeskCell(cell, text, marks_in(text, slips, claims, news), tuple(remarks))


def open_news(view: ColumnView, text: Paragraphs) -> list[News]:
    """What is still to be answered in a text that is typed in place of the saved one."""
    saved = view.as_typed
    return [
        one
        for one in view.news_in(text)
        if one.stands_in(text) == one.gone or one.stands_in(saved) == one.stands_in(text)
    ]


def desk_measure(cells: tuple[DeskCell, DeskCell], today: date, end: date, tz: tzinfo) -> DeskMeasure:
    """The measure of the two cells, with its tasks as the round that ends on ``end`` counts them."""
    view = cells[0].view
    steps = [
        StepTasks(step, number, tuple(_task_line(view.tasks[fact.task_id], today, end, tz) for fact in step.live))
        for step, number in zip(view.steps, view.numbers, strict=True)
    ]
    return DeskMeasure(cells, tuple(steps))


def _task_line(task: Task, today: date, end: date, tz: tzinfo) -> TaskLine:
    standing = standing_in_round(task_fact(task, end, tz), end)
    late = (today - task.due_on).days if standing.open and task.due_on and task.due_on < today else 0
    return TaskLine(task, ", ".join(unit.name for unit in task.units), standing, late)


def _pieces(text: str, marks: Sequence[tuple[int, Mark]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    place = 0
    for number, mark in marks:
        if isinstance(mark, NewsMark) or mark.start < place:
            continue
        if place < mark.start:
            pieces.append((text[place : mark.start], None, 0))
        pieces.append((text[mark.start : mark.end], mark, number))
        place = mark.end
    if text[place:]:
        pieces.append((text[place:], None, 0))
    return tuple(pieces)


def _take(cell: DeskCell, key: str) -> Paragraphs | None:
    return next((one.taken.paragraphs for one in cell.news if one.taken and one.news.key == key), None)


def _take_all(cell: DeskCell, _argument: str) -> Paragraphs | None:
    text = cell.text
    for mark in cell.news:
        offered = {one.key: one for one in open_news(cell.view, text) if not one.gone}
        if mark.news.key in offered:
            text = cell.view.taken(text, offered[mark.news.key]).paragraphs
    return text if cell.news else None


def _mend(cell: DeskCell, argument: str) -> Paragraphs | None:
    """``argument`` is a word, after the number of its place and a comma where only that one is meant."""
    nth, _, word = argument.rpartition(",")
    slips = [one.slip for one in cell.marks if isinstance(one, SpellingMark) and one.slip.written == word]
    return mended(cell.text, slips[0], int(nth) if nth.isdecimal() else None) if slips else None


def _count(cell: DeskCell, key: str) -> Paragraphs | None:
    for one in cell.marks:
        if isinstance(one, ClaimMark) and one.claim.key == key:
            mended_line = with_count(one.claim)
            return (*cell.text[: one.paragraph], mended_line, *cell.text[one.paragraph + 1 :])
    return None


CHANGES: Mapping[str, Callable[[DeskCell, str], Paragraphs | None]] = {
    "add": _take,
    "add-all": _take_all,
    "mend": _mend,
    "count": _count,
}
"""What a button makes of a cell's text; None where what it was pressed for is no longer there."""


def slips_of(cells: Sequence[DeskCell]) -> dict[str, int]:
    """How often each slip stands in the cells together."""
    found: dict[str, int] = {}
    for cell in cells:
        for one in cell.marks:
            if isinstance(one, SpellingMark):
                found[one.slip.written] = found.get(one.slip.written, 0) + 1
    return found
