"""People as they are pasted: a table with or without headings, CSV, or lines of a chat. Nothing is looked up here.

What cannot be read is kept aside (``unread``): nothing of a paste is lost without being shown.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tracker.errors import NotUnderstoodError
from tracker.plan_import.encoding import decode_text
from tracker.plan_import.grid import Cell, Table
from tracker.plan_import.readers import read_document
from tracker.thai.duties import begins_with_title, duty_of_position, post_in
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text, fold_name, squeeze_spaces

HEADINGS = {
    "name": ("ชื่อ-สกุล", "ชื่อ", "รายชื่อ", "ชื่อ-นามสกุล", "ชื่อสกุล", "ชื่อนามสกุล", "ชื่อและนามสกุล", "name"),
    "position": ("ตำแหน่ง", "ตำแหน่งในสายงาน", "ตำแหน่งทางบริหาร", "position", "title"),
    "unit": ("สังกัด", "กอง", "หน่วยงาน", "ฝ่าย", "ส่วนราชการ", "สำนัก/กอง", "กลุ่มงาน", "unit"),
    "duty": ("หน้าที่", "บทบาท", "duty", "role"),
    "email": ("อีเมล", "e-mail", "email", "อีเมล์", "อีเมลล์", "ที่อยู่อีเมล", "mail"),
    "phone": ("มือถือ", "โทร", "โทร.", "เบอร์โทร", "โทรศัพท์", "เบอร์", "เบอร์มือถือ", "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์",
              "โทรศัพท์มือถือ", "phone", "mobile", "tel"),
    "prefix": ("คำนำหน้า", "คำนำหน้าชื่อ", "ยศ"),
    "surname": ("นามสกุล", "สกุล", "surname"),
}  # fmt: skip
"""The columns by the words of their headings; the first word is how the page calls it."""
MOST = 500
"""People of one paste: the largest agency has fewer heads, deputies and staff who answer for measures."""
_MOST_OF = 0.5
"""More than half of a column's cells say what it is."""
_NUMBER = re.compile(r"[\d๐-๙]{1,3}[.)]?")
_FIELD_OF = {fold_name(word): field for field, words in HEADINGS.items() for word in words}
_EMAIL = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]*")
_PHONE = re.compile(r"(?<![\dA-Za-z])0[\dxX](?:[\s.-]?[\dxX]){7,8}(?![\dA-Za-z])")
_POLITE = re.compile(r"(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ)\s*$")
_LIST_MARK = re.compile(r"^(?:[-–•*]|\(?\d{1,2}[.)])\s*")
_TIME = re.compile(r"^\d{1,2}[:.]\d{2}(?:\s?น\.)?$")
_LABELS = re.compile(r"(?:โทรศัพท์|โทร|เบอร์|มือถือ|อีเมล|e-?mail)\s*[.:]*\s*(?=$|\s)", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–:|]\s+|\s*[:|]\s+|,\s*")
_GENERIC = re.compile(r"^(?:กอง|สำนัก|ฝ่าย|งาน|กลุ่ม|หน่วย|ส่วน|ศูนย์|แผนก)")


@dataclass(frozen=True, slots=True)
class PastedPerson:
    """One row as it was written, its cells tidied; ``line`` counts from 1 in the paste."""

    line: int
    name: str
    position: str = ""
    unit: str = ""
    duty: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Paste:
    """What a paste says: people in its order, the columns that were found, and the lines that are nobody."""

    people: tuple[PastedPerson, ...]
    columns: tuple[tuple[str, str | None], ...] = ()
    unread: tuple[str, ...] = ()


def read_pasted(data: bytes, filename: str) -> Paste:
    """The people of a text or a file; NotUnderstoodError where no name is found."""
    if filename.lower().endswith((".xlsx", ".docx", ".html", ".htm", ".xls", ".doc", ".pdf")):
        tables = [block for block in read_document(data, filename).blocks if isinstance(block, Table)]
        sheets = [[_row_of(row.cells) for row in table.rows] for table in tables]
        headed = [sheet for sheet in sheets if _headings(sheet)[1]]
        found = _together([_from_rows(sheet) for sheet in headed or sheets[:1]])
    else:
        text = decode_text(data)
        cells = _cells(text)
        found = _from_rows(cells) if cells is not None else _from_chat(text)
    if not found.people:
        raise NotUnderstoodError("No person's name was found in this.", "อ่านไม่พบชื่อคน")
    if len(found.people) > MOST:
        raise NotUnderstoodError(f"At most {MOST} people at once.", f"ครั้งละไม่เกิน {MOST} คน")
    return found


def is_old_table(data: bytes, filename: str) -> bool:
    """Whether it is the table of ``tracker people import``: it says more of units than a list of people does."""
    if filename.lower().endswith(".xlsx"):
        tables = [block for block in read_document(data, filename).blocks if isinstance(block, Table)]
        head = next((_row_of(row.cells) for table in tables for row in table.rows if row.filled), [])
    else:
        rows = _cells(decode_text(data)) or [[]]
        head = next((row for row in rows if any(row)), [])
    words = {fold_name(cell) for cell in head}
    return "role" in words and bool(words & {"unit_kind", "parent", "rank", "line_user_id", "unit"})


def _row_of(cells: Sequence[Cell]) -> list[str]:
    placed = {cell.column: cell.text for cell in cells}
    return [_tidy(placed.get(column, "")) for column in range(max(placed, default=-1) + 1)]


def _tidy(text: str) -> str:
    return squeeze_spaces(fix_text(text))


def _cells(text: str) -> list[list[str]] | None:
    """The cells of a table in a text; None where it is no table."""
    lines = [line for line in text.splitlines() if line.strip()]
    for separator, most_of in (("\t", 0.5), (";", 0.7), (",", 0.7), ("|", 0.7)):
        with_several = sum(line.count(separator) >= (1 if separator == "\t" else 2) for line in lines)
        if lines and with_several >= most_of * len(lines):
            rows = csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter=separator)
            found = [[_tidy(cell) for cell in row] for row in rows]
            return None if _is_chat_export(found) else found
    return None


def _is_chat_export(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the lines are of a saved chat: time, who wrote, what."""
    timed = [row for row in rows if row and _TIME.match(to_arabic(row[0]))]
    return bool(timed) and len(timed) * 2 >= len([row for row in rows if any(row)])


def _from_rows(rows: Sequence[Sequence[str]]) -> Paste:
    columns, start = _headings(rows)
    shown: tuple[tuple[str, str | None], ...] = ()
    if columns:
        of_column = {column: field for field, column in columns.items()}
        shown = tuple((cell, of_column.get(at)) for at, cell in enumerate(rows[start - 1]) if cell)
    else:
        columns = _guessed(rows)
    people: list[PastedPerson] = []
    unread: list[str] = []
    for line, row in enumerate(rows[start:], start + 1):
        if not any(row):
            continue
        cells = {field: row[column] if column < len(row) else "" for field, column in columns.items()}
        name = " ".join(filter(None, (cells.pop("prefix", "") + cells.pop("name", ""), cells.pop("surname", ""))))
        if name and fold_name(name) not in _FIELD_OF:
            people.append(PastedPerson(line, name, **cells))
        elif not name:
            unread.append(" · ".join(filter(None, row)))
    return Paste(tuple(people), shown, tuple(unread))


def _headings(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """The columns by field, and the first row below the headings; none where no row has headings."""
    for start, row in enumerate(rows[:10], 1):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            field = _FIELD_OF.get(fold_name(cell))
            if field and field not in columns:
                columns[field] = column
        if "name" in columns and len(columns) > 1:
            return columns, start
    return {}, 0


def _guessed(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The columns of a table without headings, by what stands in most of their cells."""
    width = max((len(row) for row in rows), default=0)
    columns: dict[str, int] = {}
    texts: list[int] = []
    for column in range(width):
        if _share(rows, column, lambda cell: "@" in cell) > _MOST_OF:
            columns.setdefault("email", column)
        elif _share(rows, column, lambda cell: bool(_PHONE.search(to_arabic(cell)))) > _MOST_OF:
            columns.setdefault("phone", column)
        elif _share(rows, column, lambda cell: not _NUMBER.fullmatch(cell)) > _MOST_OF:
            texts.append(column)
    return columns | _guessed_texts(rows, texts)


def _guessed_texts(rows: Sequence[Sequence[str]], texts: Sequence[int]) -> dict[str, int]:
    """Which columns of words are names, units and positions; without a sign they stand in the form's order."""
    titled = [column for column in texts if _share(rows, column, begins_with_title) > _MOST_OF]
    names = titled[:1] or list(texts[:1])
    rest = [column for column in texts if column not in names]
    units = [column for column in rest if _share(rows, column, lambda cell: bool(_GENERIC.match(cell))) > _MOST_OF]
    posts = [column for column in rest if column not in units[:1]]
    fields = (("name", names), ("unit", units or posts[1:]), ("position", posts))
    return {field: found[0] for field, found in fields if found}


def _share(rows: Sequence[Sequence[str]], column: int, holds: Callable[[str], bool]) -> float:
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    return sum(map(holds, cells)) / len(cells) if cells else 0.0


def _together(pastes: Sequence[Paste]) -> Paste:
    """Several sheets as one paste, their lines counted on."""
    people: list[PastedPerson] = []
    for one in pastes:
        last = people[-1].line if people else 0
        people += [replace(person, line=last + person.line) for person in one.people]
    columns = next((one.columns for one in pastes if one.columns), ())
    return Paste(tuple(people), columns, tuple(line for one in pastes for line in one.unread))


def _from_chat(text: str) -> Paste:
    people: list[PastedPerson] = []
    unread: list[str] = []
    for line, written in enumerate(text.splitlines(), 1):
        cells = written.split("\t")
        said = cells[-1] if len(cells) > 1 and _TIME.match(to_arabic(cells[0].strip())) else written
        if not (said := _tidy(said)):
            continue
        person = _chat_person(line, said)
        if person is None:
            unread.append(said)
        else:
            people.append(person)
    return Paste(tuple(people), (), tuple(unread))


def _chat_person(line: int, said: str) -> PastedPerson | None:
    """Name, post, unit and addresses of one line; None where it speaks of nobody."""
    rest = _LIST_MARK.sub("", to_arabic(_POLITE.sub("", said)))
    email, rest = _taken(_EMAIL, rest)
    phone, rest = _taken(_PHONE, rest)
    parts = [_tidy(part).strip(" -–:|,") for part in _PARTS.split(_tidy(_LABELS.sub(" ", rest)))]
    parts = [part for part in parts if part]
    at = next((place for place, part in enumerate(parts) if _names_somebody(part)), None)
    if not parts or (at is None and not (email or phone)):
        return None
    name, position = _name_and_post(parts.pop(at or 0))
    unit = next((part for part in parts if duty_of_position(part) is None), "")
    post = next((part for part in parts if duty_of_position(part) is not None), "")
    return PastedPerson(line, name, position or post, unit, "", email, phone)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """What the pattern finds first, and the text without it."""
    found = pattern.search(text)
    return (_tidy(found[0]), text.replace(found[0], " ")) if found else ("", text)


def _names_somebody(part: str) -> bool:
    return begins_with_title(part) or post_in(part) is not None


def _name_and_post(text: str) -> tuple[str, str]:
    """The two of a text such as นายสมชาย ใจดี ผอ.กองคลัง; a post alone stands for the name, too."""
    at = post_in(text)
    if at and begins_with_title(text):
        return text[:at].strip(" ,-("), text[at:].strip(" )")
    return text, text if at == 0 else ""
