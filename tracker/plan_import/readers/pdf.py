"""PDFs with ruled tables: the ruling lines of a page make the cells, its letters fill them; rows go on over pages."""

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from tracker.errors import NotUnderstoodError, ScanError
from tracker.plan_import.cells import items, starts_item
from tracker.plan_import.grid import WRAP, Cell, Document, Line, Note, Outside, Row, Table, fill_of
from tracker.plan_import.readers import sandbox
from tracker.plan_import.readers.left_out import LeftOut
from tracker.plan_import.readers.page_text import Health, Letter, lines_of_page, paragraphs_of
from tracker.plan_import.readers.ruled import Region, Ruled, Segment, ruled_tables
from tracker.thai.numerals import to_arabic

_ORDINAL = re.compile("[0-9๐-๙]{1,3}")
_WORKER = Path(__file__).with_name("pdf_worker.py")
"""Run by its file: by its name Python would read all of the import first, four fifths of the time."""
_LIMITS = sandbox.Limits(wall=60, work=40, memory=1_500_000_000, output=200_000_000)
"""A plan of forty pages takes a second and 150 MB."""
_FEWEST_LETTERS = 20
"""Of a page with a picture: fewer are a page number on a scan."""
_SAME_EDGE = 8.0
"""Points by which the columns of a table may move from page to page."""
_MOST_UNREADABLE, _MOST_WANDERING = 0.02, 0.01
"""Parts of the letters of a file: where more are no letters, or marks on no consonant, the text is damaged."""
_LOST = 0.2
"""Part of the letters that are none, from which nothing can be read."""
_BAND = 4.0
"""Points of height in which lines are looked up together."""
_THROUGH = (0.12, 0.5)
"""Where a line through letters lies above their baseline, in parts of their size: underlines lie below it."""
_FILLED = 0.6
"""Part of a cell that a fill covers at least."""


@dataclass(slots=True)
class _Page:
    """A page as the process that opened the file told of it."""

    number: int
    letters: list[Letter]
    tables: list[Ruled]
    struck: list[Letter]
    fills: list[tuple[float, float, float, float, str]]


@dataclass(slots=True)
class _Reader:
    health: Health = field(default_factory=Health)
    left_out: LeftOut = field(default_factory=LeftOut)
    blocks: list[Outside | Table] = field(default_factory=list)
    edges: tuple[float, ...] = ()
    tables: int = 0
    broken: int = 0

    def take(self, page: _Page) -> None:
        """The page's tables and the lines around them, from top to bottom."""
        found: list[tuple[float, Outside | tuple[Ruled, tuple[Row, ...]]]] = []
        free = page.letters
        struck = [line.text for line in lines_of_page(page.struck)]
        self.left_out.add("struck", f"page {page.number}", struck)
        for table in page.tables:
            inside, free = _parted(free, table)
            found.append((table.top, (table, self._rows(page, table, inside))))
        place = f"page {page.number}"
        found.extend((line.y, Outside(self.health.look_at(line.text), place)) for line in lines_of_page(free))
        for _, one in sorted(found, key=lambda pair: -pair[0]):
            if isinstance(one, Outside):
                self.blocks.append(replace(one, text=one.text.strip()))
            else:
                self._add(*one, page.number)

    def _rows(self, page: _Page, table: Ruled, letters: Sequence[Letter]) -> tuple[Row, ...]:
        within: dict[Region, list[Letter]] = {region: [] for region in table.regions}
        home: Region | None = None
        for letter in letters:
            if not letter.made_up:
                x, y = letter.middle
                home = next((region for region in table.regions if region.holds(x, y)), home)
            if home is not None:
                within[home].append(letter)
        lines = {region: self._lines(region, held) for region, held in within.items()}
        rows = []
        for number in range(table.rows):
            over = [region for region in table.regions if region.row <= number < region.row + region.down]
            cells = tuple(
                Cell(
                    lines[one] if one.row == number else (),
                    one.column,
                    one.across,
                    continues=number > one.row,
                    fill=_fill(page, one),
                )
                for one in sorted(over, key=lambda one: one.column)
            )
            rows.append(Row(cells, f"page {page.number}, row {number + 1}"))
        return tuple(rows)

    def _lines(self, region: Region, letters: Sequence[Letter]) -> tuple[Line, ...]:
        texts = paragraphs_of(lines_of_page(letters), region.left, region.right)
        return tuple(Line(self.health.look_at(text)) for text in texts)

    def _add(self, table: Ruled, rows: tuple[Row, ...], page: int) -> None:
        """A table of its own, or what goes on from the page before: without its header again, its broken row joined."""
        before = next((block for block in reversed(self.blocks) if isinstance(block, Table)), None)
        if before is None or not _alike(self.edges, table.edges) or not before.rows:
            self.tables += 1
            self.edges = table.edges
            self.blocks.append(Table(rows, f"page {page}, table {self.tables}"))
            return
        rest = _without_header(before.rows, rows)
        if rest and _goes_on(before.rows, rest[0]):
            joined = _joined(before.rows[-1], rest[0])
            kept = (*before.rows[:-1], joined, *rest[1:])
            self.broken += 1
        else:
            kept = (*before.rows, *rest)
        self.blocks[self.blocks.index(before)] = replace(before, rows=kept)


def read_pdf(data: bytes) -> Document:
    """The tables and lines of a PDF. Raises NotUnderstoodError where it cannot be opened, or is a scan."""
    told = _opened(data)
    pages = [_page(number, page) for number, page in enumerate(told["pages"], 1)]
    scanned = [page["pictures"] > 0 and len(page["letters"]) < _FEWEST_LETTERS for page in told["pages"]]
    if all(scanned) or not any(page.letters for page in pages):
        _refuse_scan()
    reader = _Reader()
    for page in pages:
        reader.take(page)
    _refuse_without_tables(pages)
    notes = [*_notes(reader), *reader.left_out.notes()]
    if any(scanned):
        shown = ", ".join(str(number) for number, is_scan in enumerate(scanned, 1) if is_scan)
        notes.append(Note("PDF", f"หน้า {shown} เป็นภาพสแกน จึงไม่ได้อ่าน"))
    if not told["whole"]:
        notes.append(Note("PDF", f"อ่านเพียง {len(pages)} หน้าแรก เพราะไฟล์ยาวเกินกว่าแผนทั่วไป"))
    return Document(tuple(reader.blocks), tuple(notes))


def _opened(data: bytes) -> dict[str, Any]:
    """What the process that opens PDFs tells of this one."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = (sys.executable, "-P", str(_WORKER))  # -P: beside it lie modules named as standard ones
        answer = sandbox.run(arguments, data, _LIMITS, Path(folder), {"PYTHONDONTWRITEBYTECODE": "1"})
    if answer is None:
        raise NotUnderstoodError(
            "the PDF could not be opened within the limits of time and memory; save the table as .docx or .xlsx",
            "เปิดไฟล์ PDF ไม่สำเร็จภายในเวลาและหน่วยความจำที่กำหนด ให้บันทึกตารางเป็น .docx หรือ .xlsx",
        )
    told: dict[str, Any] = json.loads(answer)
    if told.get("error") == "password":
        raise NotUnderstoodError(
            "the file is protected by a password; remove the password and save it again",
            "ไฟล์มีรหัสผ่าน ให้เอารหัสผ่านออกแล้วบันทึกใหม่",
        )
    if "error" in told:
        raise NotUnderstoodError(
            "the PDF is damaged and cannot be read; save it again, or ask for the .docx or .xlsx that it was made from",
            "ไฟล์ PDF เสียหาย อ่านไม่ได้ ให้บันทึกใหม่ หรือขอไฟล์ต้นฉบับ .docx หรือ .xlsx",
        )
    return told


def _page(number: int, told: dict[str, Any]) -> _Page:
    letters = [
        Letter(chr(code), left, right, x, y, max(size, 1.0), bool(made_up), quarters % 2 == 1)
        for code, left, right, _, _, x, y, size, made_up, quarters in told["letters"]
        if code < 0x110000
    ]
    lines = [(x0, y0, x1, y1) for x0, y0, x1, y1 in told["lines"]]
    tables = ruled_tables(lines)
    letters, struck = _without_struck(letters, lines)
    fills = [(left, bottom, right, top, fill_of(colour)) for left, bottom, right, top, colour in told["fills"]]
    return _Page(number, letters, tables, struck, fills)


def _without_struck(letters: list[Letter], lines: Sequence[Segment]) -> tuple[list[Letter], list[Letter]]:
    """The letters without those that a line is drawn through, and those."""
    through: dict[int, list[Segment]] = {}
    for line in lines:
        x0, y0, x1, y1 = line
        if abs(y1 - y0) <= 1 and abs(x1 - x0) > 1:
            through.setdefault(round(y0 / _BAND), []).append(line)
    seen: list[Letter] = []
    struck: list[Letter] = []
    was = False
    for letter in letters:
        if not letter.made_up:
            was = _is_struck(letter, through)
        (struck if was else seen).append(letter)
    return seen, struck


def _is_struck(letter: Letter, through: dict[int, list[Segment]]) -> bool:
    low, high = letter.y + _THROUGH[0] * letter.size, letter.y + _THROUGH[1] * letter.size
    middle = (letter.left + letter.right) / 2
    near = (line for band in range(round(low / _BAND) - 1, round(high / _BAND) + 2) for line in through.get(band, ()))
    return any(low <= y0 <= high and min(x0, x1) <= middle <= max(x0, x1) for x0, y0, x1, _ in near)


def _parted(letters: Sequence[Letter], table: Ruled) -> tuple[list[Letter], list[Letter]]:
    inside: list[Letter] = []
    outside: list[Letter] = []
    within = False
    for letter in letters:
        if not letter.made_up:
            x, y = letter.middle
            within = table.edges[0] <= x <= table.edges[-1] and table.bottom <= y <= table.top
        (inside if within else outside).append(letter)
    return inside, outside


def _fill(page: _Page, region: Region) -> str:
    area = (region.right - region.left) * (region.top - region.bottom)
    found = ""
    for left, bottom, right, top, colour in page.fills:
        wide = min(right, region.right) - max(left, region.left)
        tall = min(top, region.top) - max(bottom, region.bottom)
        if wide > 0 and tall > 0 and wide * tall >= _FILLED * area:
            found = colour
    return found


def _alike(edges: Sequence[float], others: Sequence[float]) -> bool:
    same = len(edges) == len(others)
    return same and all(abs(one - other) <= _SAME_EDGE for one, other in zip(edges, others, strict=True))


def _without_header(before: Sequence[Row], rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows without those at their top that repeat the first rows of the page before."""
    same = 0
    while same < min(len(before), len(rows)) and _words(before[same]) == _words(rows[same]):
        same += 1
    return rows[same:]


def _words(row: Row) -> list[str]:
    return ["".join(cell.text.replace(WRAP, "").split()) for cell in row.cells]


def _goes_on(rows: Sequence[Row], row: Row) -> bool:
    """Whether the first row of a page goes on with the last one of the page before.

    It does where its first cell is empty in a table in which no other row's is, or begins no item, or one that does not
    count on from the last row's, or holds the title of a row that began on the page before; and in a table of rows
    under merged cells, where not both an item and a text beside it begin: a row of its own has a party and a time
    beside its step.
    """
    filled = row.filled
    if not filled or len(rows[-1].cells) != len(row.cells):
        return False
    if filled[0] is row.cells[0] and not row.cells[1].lines and _begins_without_title(rows[-1]):
        return True
    if filled[0] is row.cells[0]:
        number = _number(filled[0])
        last = next((found for one in reversed(rows) if one.filled and (found := _number(one.cells[0]))), None)
        return number is None if last is None else number != last + 1
    grouped = any(one.filled and not one.cells[0].lines for one in rows)
    begins = [cell for cell in filled if starts_item(cell.text)]
    return not grouped or not begins or len(begins) == len(filled)


def _begins_without_title(row: Row) -> bool:
    """Whether a row begins a measure's steps beside an empty cell: its title stands on the next page."""
    title, *others = row.cells
    return not (title.lines or title.continues) and any(_number(cell) == 1 for cell in others if cell.lines)


def _number(cell: Cell) -> int | None:
    found = next(iter(items(cell.lines[:1])), None)
    if found is not None and found.number is None and _ORDINAL.fullmatch(found.text):  # a column of ลำดับ
        return int(to_arabic(found.text))
    return None if found is None else found.number


def _joined(before: Row, row: Row) -> Row:
    """The two halves of a row; in a list every line goes on until the next item."""
    cells = []
    for above, below in zip(before.cells, row.cells, strict=True):
        lines = list(above.lines)
        listed = any(starts_item(line.text) for line in lines)
        for index, line in enumerate(below.lines):
            begins = starts_item(line.text)
            if lines and not begins and (listed or index == 0):
                lines[-1] = replace(lines[-1], text=f"{lines[-1].text}{WRAP}{line.text}")
            else:
                lines.append(line)
            listed = listed or begins
        cells.append(replace(above, lines=tuple(lines)))
    return replace(before, cells=tuple(cells))


def _notes(reader: _Reader) -> list[Note]:
    health = reader.health
    if health.unreadable > _LOST * max(health.letters, 1):
        raise NotUnderstoodError(
            "the letters of the PDF cannot be told (its fonts do not say which letters they are); ask for the .docx or "
            ".xlsx that it was made from",
            "อ่านตัวอักษรใน PDF ไม่ได้ เพราะแบบอักษรในไฟล์ไม่บอกว่าเป็นตัวใด ให้ขอไฟล์ต้นฉบับ .docx หรือ .xlsx",
        )
    notes = []
    damaged = (
        health.unreadable > _MOST_UNREADABLE * health.letters or health.wandering > _MOST_WANDERING * health.letters
    )
    if damaged or health.mended:
        said = f"เช่น “{health.sample}” " if health.sample else ""
        notes.append(Note("PDF", f"ตัวอักษรในไฟล์ PDF เพี้ยนไปบางตัว {said}โปรดเทียบทุกช่องกับต้นฉบับก่อนใช้"))
    if reader.broken:
        notes.append(Note("PDF", f"มี {reader.broken} แถวที่ต่อข้ามหน้า อ่านเป็นแถวเดียวกัน โปรดตรวจ"))
    return notes


def _refuse_scan() -> NoReturn:
    from tracker.plan_import.readers.scan_words import can_read_scans  # noqa: PLC0415  (few files are scans)

    if can_read_scans():
        raise ScanError(
            "this PDF is a scan: a picture without letters, from which no date is read; send it on the page “Import a "
            "plan”, where the words of each cell are drafted beside its picture for you to confirm",
            "ไฟล์ PDF นี้เป็นภาพสแกน ไม่มีตัวอักษรให้อ่าน ระบบไม่เดาวันจากภาพ ให้ส่งไฟล์ในหน้า “นำเข้าแผน” "
            "ระบบจะร่างข้อความของแต่ละช่องไว้ข้างภาพให้ยืนยัน",
        )
    raise ScanError(
        "this PDF is a scan: a picture without letters, from which no date is read; ask for the .docx or .xlsx that it "
        "was made from, or type the table anew",
        "ไฟล์ PDF นี้เป็นภาพสแกน ไม่มีตัวอักษรให้อ่าน ระบบไม่เดาวันจากภาพ ให้ขอไฟล์ต้นฉบับ .docx หรือ .xlsx หรือพิมพ์ตารางใหม่",
    )


def _refuse_without_tables(pages: Sequence[_Page]) -> None:
    if not any(page.tables for page in pages):
        raise NotUnderstoodError(
            "this PDF has no table with ruling lines, so nobody can tell which text belongs to which column; ask for "
            "the .docx or .xlsx that it was made from",
            "ไฟล์ PDF นี้ไม่มีตารางที่มีเส้น จึงไม่รู้ว่าข้อความใดอยู่ช่องใด ให้ขอไฟล์ต้นฉบับ .docx หรือ .xlsx",
        )
