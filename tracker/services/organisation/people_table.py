"""The rows of a table of people (docs/rules.md, "People table"): its columns and words understood, nothing stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tracker.bilingual import Bilingual
from tracker.errors import NotUnderstoodError
from tracker.kinds import OF_AGENCY, RoleName, UnitKind
from tracker.plan_import.grid import Row, Table
from tracker.plan_import.readers import read_document
from tracker.thai.phones import read_phone
from tracker.thai.text import fix_text, fold_name, squeeze_spaces

_E = TypeVar("_E", bound=StrEnum)

COLUMNS = ("unit", "unit_kind", "name", "role", "email", "line_user_id", "parent", "rank", "phone")
_HEADERS = {
    "unit": "unit หน่วยงาน ส่วนราชการ กอง สังกัด",
    "unit_kind": "unit_kind kind ประเภท ประเภทหน่วยงาน",
    "name": "name ชื่อ ชื่อ-สกุล ชื่อสกุล ชื่อ-นามสกุล",
    "role": "role บทบาท หน้าที่",
    "email": "email e-mail อีเมล อีเมล์",
    "line_user_id": "line_user_id line ไลน์",
    "parent": "parent หน่วยงานแม่ ขึ้นกับ",
    "rank": "rank ลำดับ ลำดับชั้น",
    "phone": "phone tel telephone mobile โทรศัพท์ เบอร์โทร เบอร์โทรศัพท์ โทร หมายเลขโทรศัพท์",
}
KIND_WORDS = {
    UnitKind.DIVISION: "division กอง สำนัก ส่วนราชการ",
    UnitKind.SECTION: "section งาน ฝ่าย",
    UnitKind.POSITION: "position ตำแหน่ง",
    UnitKind.COMMITTEE: "committee คณะกรรมการ คณะทำงาน",
}
ROLE_WORDS = {
    RoleName.HEAD: "head หัวหน้า ผู้อำนวยการ ผอ.",
    RoleName.DEPUTY: "deputy รอง รักษาการ ผู้ช่วย",
    RoleName.STAFF: "staff เจ้าหน้าที่",
    RoleName.COORDINATOR: "coordinator ผู้ประสานงาน",
    RoleName.EXECUTIVE: "executive ผู้บริหาร",
}

LONGEST = {"unit": 300, "name": 300, "position": 300, "email": 320, "line_user_id": 64, "parent": 300}
"""Characters that a cell may have."""
_COLUMN_NAMES = {
    "unit": "ชื่อหน่วยงาน",
    "unit_kind": "ประเภทหน่วยงาน",
    "name": "ชื่อบุคคล",
    "position": "ตำแหน่ง",
    "role": "บทบาท",
    "email": "อีเมล",
    "line_user_id": "รหัสผู้ใช้ LINE",
    "parent": "ชื่อหน่วยงานที่สังกัด",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One understood row; an empty name is a unit without people yet."""

    line: int
    unit: str
    unit_kind: UnitKind | None
    name: str
    role: RoleName | None
    email: str | None
    line_user_id: str | None
    parent: str
    rank: int
    phone: str | None = None


def read_people(data: bytes, filename: str) -> list[PersonRow]:
    """The rows of a CSV or XLSX table of people; NotUnderstoodError names the row that cannot be read."""
    tables = [block for block in read_document(data, filename).blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows]
    header = next((index for index, row in enumerate(rows) if row.filled), None)
    if header is None:
        raise NotUnderstoodError(f"{filename} holds no rows.", f"ไฟล์ {filename} ไม่มีข้อมูล")
    columns = _columns(rows[header], filename)
    people = []
    for line, row in enumerate(rows[header + 1 :], header + 2):
        by_column = {cell.column: squeeze_spaces(fix_text(cell.text)) for cell in row.cells}
        cells = {name: by_column.get(index, "") for name, index in columns.items()}
        if any(cells.values()):
            people.append(_person(line, cells))
    return people


def _columns(header: Row, filename: str) -> dict[str, int]:
    known = {fold_name(word): column for column, words in _HEADERS.items() for word in words.split()}
    columns: dict[str, int] = {}
    for cell in header.cells:
        column = known.get(fold_name(cell.text))
        if column and column not in columns:
            columns[column] = cell.column
    missing = [column for column in ("unit", "name", "role") if column not in columns]
    if missing:
        raise NotUnderstoodError(
            f"{filename} has no column {', '.join(missing)}; the first row must name {', '.join(COLUMNS)}.",
            f"ไฟล์ {filename} ไม่มีคอลัมน์ {', '.join(missing)} แถวแรกต้องมีหัวคอลัมน์ {', '.join(COLUMNS)}",
        )
    return columns


def _person(line: int, cells: Mapping[str, str]) -> PersonRow:
    unit, name = cells["unit"], cells["name"]
    for column, cell in cells.items():
        if problem := too_long(column, cell):
            raise bad_row(line, problem)
    role = _word(line, "role", cells["role"], ROLE_WORDS) if cells["role"] or name else None
    if role in OF_AGENCY:
        unit = ""
    elif not unit:
        raise bad_row(
            line,
            Bilingual(
                "a person needs a unit, or the role coordinator or executive",
                "บุคคลต้องมีหน่วยงาน หรือมีบทบาทเป็นผู้ประสานงานหรือผู้บริหาร",
            ),
        )
    if role and not name:
        raise bad_row(line, Bilingual(f"the {role} has no name", f"{ROLE_WORDS[role].split()[1]}ไม่มีชื่อ"))
    email = cells.get("email", "").lower() or None
    if email and not looks_like_email(email):
        raise bad_row(line, Bilingual(f"“{email}” is not an e-mail address", f"“{email}” ไม่ใช่อีเมล"))
    return PersonRow(
        line=line,
        unit=unit,
        unit_kind=_word(line, "unit_kind", cells.get("unit_kind", ""), KIND_WORDS) if cells.get("unit_kind") else None,
        name=name,
        role=role,
        email=email,
        line_user_id=cells.get("line_user_id") or None,
        parent=cells.get("parent", ""),
        rank=_rank(line, cells.get("rank", "")),
        phone=_phone(line, cells.get("phone", "")),
    )


def _word(line: int, column: str, cell: str, words: Mapping[_E, str]) -> _E:
    for value, synonyms in words.items():
        if fold_name(cell) in [fold_name(word) for word in synonyms.split()]:
            return value
    known = ", ".join(f"{synonyms.split()[1]} ({value})" for value, synonyms in words.items())
    raise bad_row(
        line,
        Bilingual(
            f"“{cell}” is not a {column}; use {', '.join(words)}",
            f"“{cell}” ไม่ใช่{_COLUMN_NAMES[column]} ใช้ได้คือ {known}",
        ),
    )


def _rank(line: int, cell: str) -> int:
    if cell in ("", "1", "2"):
        return int(cell or 1)
    folded = fold_name(cell)
    if folded in ("1", "2"):
        return int(folded)
    raise bad_row(
        line, Bilingual(f"“{cell}” is not a rank; use 1 or 2", f"“{cell}” ไม่ใช่ลำดับผู้บริหาร ใช้ได้คือ 1 (ปลัด) หรือ 2 (นายก)")
    )


def _phone(line: int, cell: str) -> str | None:
    phone = read_phone(cell) if cell else None
    if cell and phone is None:
        raise bad_row(
            line,
            Bilingual(
                f"“{cell}” is not a telephone number; write it with its area code, such as 0812345678",
                f"“{cell}” ไม่ใช่หมายเลขโทรศัพท์ กรุณาใส่ให้ครบ เช่น 0812345678",
            ),
        )
    return phone


def looks_like_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    name, at, domain = text.partition("@")
    is_host = "." in domain and "@" not in domain
    return bool(name and at) and is_host and not any(c.isspace() for c in text)


def too_long(column: str, text: str) -> Bilingual | None:
    """What is to be said of a text that a column has no room for."""
    longest = LONGEST.get(column)
    if longest is None or len(text) <= longest:
        return None
    return Bilingual(
        f"the {column} is longer than {longest} characters", f"{_COLUMN_NAMES[column]}ยาวเกิน {longest} ตัวอักษร"
    )


def bad_row(line: int, what: Bilingual) -> NotUnderstoodError:
    """The error for a row that cannot be taken."""
    return NotUnderstoodError(
        f"Row {line}: {what}; nothing was imported.", f"แถวที่ {line}: {what.th} (ยังไม่ได้นำเข้าข้อมูลใด)"
    )
