"""A pasted table of agencies and their first coordinators: one line an agency, its cells in any order but names'."""

import csv
import io

from tracker.bilingual import Bilingual
from tracker.errors import NotUnderstoodError
from tracker.services.organisation.founding import Founding, understood
from tracker.thai.text import fold_name

MOST = 500
"""Agencies of one paste."""
_HEADINGS = frozenset(
    fold_name(word)
    for word in ("หน่วยงาน", "ชื่อหน่วยงาน", "agency", "ผู้ประสานงาน", "ชื่อ", "ชื่อ-สกุล", "name", "อีเมล", "e-mail", "email")
)


def read_agencies(text: str) -> list[Founding]:
    """Agency, coordinator and e-mail of every line; NotUnderstoodError names the line that cannot be read.

    Cells stand between tabs, semicolons or commas. The address is known by its @; the agency comes first.
    """
    found: list[Founding] = []
    for line, cells in enumerate(_rows(text), 1):
        if not cells or {fold_name(cell) for cell in cells} <= _HEADINGS:
            continue
        address = next((cell for cell in cells if "@" in cell), "")
        names = [cell for cell in cells if cell != address]
        if len(names) != 2 or not address:
            raise _bad(
                line, Bilingual("it needs an agency, a name and an e-mail address", "ต้องมีชื่อหน่วยงาน ชื่อคน และอีเมล")
            )
        try:
            one = understood(names[0], names[1], address)
        except NotUnderstoodError as error:
            raise _bad(line, Bilingual(str(error).rstrip("."), error.sentence_th)) from None
        if any(fold_name(one.agency) == fold_name(other.agency) for other in found):
            raise _bad(line, Bilingual(f"“{one.agency}” stands there twice", f"มี “{one.agency}” สองครั้ง"))
        found.append(one)
    if not found:
        raise NotUnderstoodError("No agency was found in the text.", "ไม่พบหน่วยงานในข้อความ")
    if len(found) > MOST:
        raise NotUnderstoodError(f"At most {MOST} agencies at once.", f"ครั้งละไม่เกิน {MOST} หน่วยงาน")
    return found


def _rows(text: str) -> list[list[str]]:
    separator = next((mark for mark in "\t;" if mark in text), ",")
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    return [[cell.strip() for cell in row if cell.strip()] for row in rows]


def _bad(line: int, what: Bilingual) -> NotUnderstoodError:
    return NotUnderstoodError(f"Line {line}: {what}.", f"บรรทัดที่ {line}: {what.th}")
