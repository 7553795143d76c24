"""What a document hides or strikes out: left out of the plan, and said, one sentence a kind with its places."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tracker.plan_import.grid import Cell, Note, Row, clean
from tracker.thai.text import squeeze_spaces

Kind = Literal["hidden", "struck", "row", "column"]
Look = Literal["hidden", "struck", "raised"]
"""How a stretch of text looks where it is no plain text; ``raised`` is superscript."""

_SENTENCES: dict[Kind, str] = {
    "hidden": "ข้อความที่ซ่อนไว้ไม่ได้นำเข้า",
    "struck": "ข้อความที่ขีดฆ่าไม่ได้นำเข้า",
    "row": "แถวที่ซ่อนอยู่ไม่ได้นำเข้า",
    "column": "คอลัมน์ที่ซ่อนอยู่ไม่ได้นำเข้า",
}
_MOST_ALONE = 3
"""Places of a kind that have a sentence each; more are one sentence."""
_MOST_NAMED = 8
"""Places and texts that one sentence names; the rest are counted."""
_FOOTNOTE = re.compile(r"[(\[]?(?:[0-9๐-๙]{1,3}|[*†‡,]+)[)\]]?")
_MEASURE_OF_AREA = re.compile(r"(?:ม\.|เมตร|[a-zA-Z])\s?$")
_LONGEST_QUOTE = 80
"""Letters of a text that is quoted to be found again."""


@dataclass(slots=True)
class LeftOut:
    """Collects what a reader leaves out, in the order of the document."""

    _found: dict[Kind, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, kind: Kind, place: str, texts: Iterable[str]) -> None:
        """Texts that nobody sees at a place; those of spaces alone are nobody's loss."""
        said = [text for text in (squeeze_spaces(clean(text)) for text in texts) if text]
        if said:
            self._found.setdefault(kind, {}).setdefault(place, []).extend(said)

    def notes(self) -> tuple[Note, ...]:
        """The sentences: one a place where there are few, else one for all of a kind."""
        return tuple(note for kind, places in self._found.items() for note in _notes(_SENTENCES[kind], places))


def is_footnote_mark(raised: str, before: str) -> bool:
    """Whether a superscript is the mark of a footnote, and not of a square metre."""
    return bool(_FOOTNOTE.fullmatch(raised.strip())) and not _MEASURE_OF_AREA.search(before[-10:])


def seen_rows(
    rows: Iterable[tuple[Row, bool]], hidden_columns: Mapping[int, str], left_out: LeftOut
) -> tuple[Row, ...]:
    """The rows that are seen, of pairs of a row and whether it is hidden, without hidden columns (number to place).

    A merged cell that begins where nobody sees it begins in the first row that is seen; one over several columns stays
    as long as one of them is seen.
    """
    rows = tuple(rows)
    if not hidden_columns and not any(is_hidden for _, is_hidden in rows):
        return tuple(row for row, _ in rows)
    seen: list[Row] = []
    waiting: dict[int, tuple[Cell, str]] = {}
    for row, is_hidden in rows:
        cells = []
        for cell in row.cells:
            above = waiting.pop(cell.column, None) if cell.continues else None
            one = replace(cell, lines=above[0].lines, continues=False) if above is not None else cell
            hides = [hidden_columns.get(column) for column in range(cell.column, cell.column + cell.span)]
            if all(place is not None for place in hides):
                left_out.add("column", hides[0] or "", [one.text])
            else:
                cells.append(one)
        _report(waiting, left_out)
        waiting = {cell.column: (cell, row.place) for cell in cells if cell.lines} if is_hidden else {}
        if not is_hidden:
            seen.append(replace(row, cells=tuple(cells)))
    _report(waiting, left_out)
    return tuple(seen)


def _report(waiting: Mapping[int, tuple[Cell, str]], left_out: LeftOut) -> None:
    for cell, place in waiting.values():
        left_out.add("row", place, [cell.text])


def _notes(sentence: str, places: dict[str, list[str]]) -> list[Note]:
    if len(places) <= _MOST_ALONE:
        return [Note(place, f"{sentence}: {_quoted(texts)}") for place, texts in places.items()]
    texts = [text for said in places.values() for text in said]
    return [Note("; ".join(_some(list(places))), f"{sentence}: {_quoted(texts)}")]


def _quoted(texts: list[str]) -> str:
    return ", ".join(_some([f"“{text[:_LONGEST_QUOTE]}{'…' * (len(text) > _LONGEST_QUOTE)}”" for text in texts]))


def _some(named: list[str]) -> list[str]:
    rest = len(named) - _MOST_NAMED
    return named if rest <= 0 else [*named[:_MOST_NAMED], f"+{rest}"]
