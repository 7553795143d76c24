"""What every reader gives: a document as text lines and tables of cells, each with the place it stands at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.thai.text import fix_text

_NEW_LINE = re.compile(r"(?:_x000[DA]_|[\r\n])+|<br\s*/?>", re.IGNORECASE)
_EXCEL_LINE_END = re.compile("_x000[DA]_", re.IGNORECASE)
"""How Excel writes a line end in its files, and then in what is exported from them."""
WRAP = "\u2028"
"""Where a page ended a line that may go on or end there; texts go on, names and times are weighed."""
_WRAPPED = re.compile(f"([ก-๎ฯๆ]){WRAP}([ก-๎])")
_COLOUR = re.compile("#?(?:[0-9a-f]{2})?([0-9a-f]{6})|#?([0-9a-f]{3})")
_COLOUR_NAME = re.compile("[a-z]{3,20}")
_NO_COLOURS = frozenset({"white", "transparent", "none", "auto", "inherit", "initial", "unset", "url"})


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a cell; soft line breaks inside it are ``\\n``.

    ``number`` is set where the document itself numbers the paragraph (Word's lists, ``<ol>``); ``mark`` is then the
    form in which it shows the number, with ``%`` in the number's place (``%.``, ``(%)``), and ``level`` the depth of
    its list within others.
    """

    text: str
    number: int | None = None
    mark: str = "%."
    level: int = 0

    @property
    def shown(self) -> str:
        """The paragraph as a reader of the document sees it, its number included."""
        return self.text if self.number is None else f"{self.mark.replace('%', str(self.number))} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that begins at grid column ``column`` and covers ``span`` of them.

    ``continues`` marks the place of a cell that is merged with the one above it; ``fill`` tells its colour from others,
    empty where it has none or is white.
    """

    lines: tuple[Line, ...]
    column: int
    span: int = 1
    continues: bool = False
    fill: str = ""

    @property
    def text(self) -> str:
        """The cell's text as it is seen, one paragraph a line."""
        return "\n".join(line.shown for line in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row from left to right; ``place`` names it for people (``table 2, row 5``)."""

    cells: tuple[Cell, ...]
    place: str

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that hold text."""
        return tuple(cell for cell in self.cells if cell.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``nested`` are the tables inside its cells, whose text the cells hold too.

    One that ``stands_alone`` (a sheet of a workbook) never continues the table before it.
    """

    rows: tuple[Row, ...]
    place: str
    nested: tuple["Table", ...] = ()
    stands_alone: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all cells, those of nested tables included."""
        return tuple(line for row in self.rows for cell in row.cells for line in cell.lines)


@dataclass(frozen=True, slots=True)
class Outside:
    """A line of text outside the tables."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader could not carry over, with its place."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """The lines and tables of a document in reading order, and what its reader has to report."""

    blocks: tuple[Outside | Table, ...]
    notes: tuple[Note, ...] = field(default=())


def unwrapped(text: str) -> str:
    """A text whose lines a page wrapped, as one line; Thai is written without a space between."""
    return _WRAPPED.sub(lambda found: f"{found[1]}{found[2]}", text).replace(WRAP, " ") if WRAP in text else text


def fill_of(colour: str | None) -> str:
    """What tells a colour from others, six digits or its name; empty for none and for white."""
    name = (colour or "").strip().lower()
    found = _COLOUR.fullmatch(name)
    if not found:
        return name if _COLOUR_NAME.fullmatch(name) and name not in _NO_COLOURS else ""
    digits = found[1] or "".join(letter * 2 for letter in found[2])
    return "" if digits == "ffffff" else digits


def clean(text: str) -> str:
    """Thai characters fixed, spaces stripped at the ends of every line, empty lines left out."""
    text = _EXCEL_LINE_END.sub("\n", text) if "_x000" in text else text
    lines = (line.strip(" \t\f\v") for line in fix_text(text).replace("\t", " ").replace("\r", "\n").split("\n"))
    return "\n".join(filter(None, lines)).strip()


def lines_of(texts: Iterable[str]) -> tuple[Line, ...]:
    """A line for each text that is not space."""
    return tuple(Line(text) for text in map(clean, texts) if text)


def plain_row(texts: Iterable[str], place: str) -> Row:
    """A row of unmerged cells; every line break inside a text, and ``<br>``, begins a paragraph."""
    cells = (Cell(lines_of(_NEW_LINE.split(text)), column) for column, text in enumerate(texts))
    return Row(tuple(cells), place)
