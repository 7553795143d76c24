"""Rows that head a group of measures: ๑. ด้านการเปิดเผยข้อมูล, and nothing beside it, above ๑.๑ or another 1. Pure."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from tracker.plan_import.cells import items, subnumber_depth
from tracker.plan_import.gathered import MeasureRows
from tracker.plan_import.header_words import Field
from tracker.thai.numerals import to_arabic

_FIRST_NUMBER = re.compile(r"[(\[]?\s*([0-9]{1,3})")


def parted_headings(
    measures: Sequence[MeasureRows], fields: Collection[Field]
) -> tuple[list[MeasureRows], list[MeasureRows]]:
    """The measures, and the rows that only head those below them.

    A heading has a number and no other cell, in a table with two columns or more beside the measure; below it stands a
    measure of its own cells whose number is within the heading's (๑.๑), begins anew, or is none.
    """
    headings = []
    if len({"steps", "responsible", "period"} & set(fields)) >= 2:
        headings = [rows for rows, below in pairwise(measures) if rows.is_bare() and _heads(rows, below)]
    return [rows for rows in measures if not any(rows is heading for heading in headings)], headings


def _heads(rows: MeasureRows, below: MeasureRows) -> bool:
    number, following = _number(rows), _number(below)
    if number is None or (below.is_bare() and following != 1):
        return False
    text = to_arabic(below.title[0].shown)
    within = subnumber_depth(text) > 0 and (found := _FIRST_NUMBER.match(text)) and int(found[1]) == number
    return bool(within) or following == 1 or (following is None and not subnumber_depth(text))


def _number(rows: MeasureRows) -> int | None:
    first = next(iter(items(rows.title)), None)
    if first is not None and first.number is not None:
        return first.number
    found = _FIRST_NUMBER.fullmatch(to_arabic(rows.ordinal).strip(" .)"))
    return int(found[1]) if found else None
