"""Header cells that name a time: a month with or without its year, a quarter, a half, a month's number."""

import re
from collections.abc import Sequence

from tracker.plan_import.period.months import MONTH, fold_letters
from tracker.thai.calendar import MONTHS_SHORT
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text

_LEAST = 3
"""Columns headed by months make a time table from a quarter on; one or two may be another table's."""
_LEAST_PARTS = 2
"""Halves, or quarters, of a year: two are a table of time."""
_MONTH = re.compile(rf"(?:เดือน)?{MONTH}['’]?(?:(?:25|26)\d\d|20\d\d|[4-9]\d)?")
_PART = re.compile(
    r"(?:ไตรมาส(?:ที่)?|q(?:uarter)?)(?P<quarter>[1-4])|ครึ่งปี(?:งบประมาณ)?(?:แรก|หลัง)|6เดือน(?:แรก|หลัง)|h[12]"
)
_BRACKET = re.compile(r"^[^()\[\]]*[(\[]([^()\[\]]*)[)\]]\s*$")
_YEAR = re.compile(r"(?<![0-9])(?:25|26)[0-9]{2}(?![0-9])")
_ENDS = re.compile(r"\s*(?:[-–—]|ถึง)\s*")
_NUMBER = re.compile(r"1[0-2]|[1-9]")
_FISCAL_MONTHS = ["10", "11", "12", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
_ABOUT_TIME = re.compile("เวลา|เดือน|ปฏิทิน|แผนการดำเนิน|period|month|timeline", re.IGNORECASE)


def times_in(stacks: Sequence[tuple[str, ...]]) -> dict[int, str]:
    """The columns that are headed by times, with the words that each time is read by; none where they are too few.

    A stack holds the words over a column from the highest header row to its own.
    """
    numbered = _numbered(stacks)
    months = {index: _dated(words) for index, words in enumerate(stacks) if _MONTH.fullmatch(_folded(words[-1]))}
    parts = {index: _dated(words) for index, words in enumerate(stacks) if _PART.fullmatch(_bare(words[-1]))}
    if len(months) >= _LEAST:
        return months
    return numbered or (parts if len(parts) >= _LEAST_PARTS else {})


def numbers_months(texts: Sequence[str]) -> bool:
    """Whether a row of texts counts the months of a fiscal year: 10, 11, 12, 1 … 9."""
    return [_folded(text) for text in texts] == _FISCAL_MONTHS


def from_to(first: str, last: str) -> str:
    """The time from the beginning of one header's to the end of another's."""
    starts, ends = (_ENDS.split(found[1] if (found := _BRACKET.match(text)) else text) for text in (first, last))
    return starts[0] if starts[0] == ends[-1] else f"{starts[0]} - {ends[-1]}"


def _numbered(stacks: Sequence[tuple[str, ...]]) -> dict[int, str]:
    found = {
        index: _folded(words[-1])
        for index, words in enumerate(stacks)
        if len(words) > 1 and _ABOUT_TIME.search(words[0]) and _NUMBER.fullmatch(_folded(words[-1]))
    }
    if [*found.values()] != _FISCAL_MONTHS:
        return {}
    return {index: MONTHS_SHORT[int(number) - 1] for index, number in found.items()}


def _dated(words: tuple[str, ...]) -> str:
    """The words of a time with the year that stands over them: a month's calendar year, a quarter's fiscal one."""
    own = words[-1]
    quarter = _PART.fullmatch(_bare(own))
    if quarter and quarter["quarter"] and not _BRACKET.match(own):
        own = f"ไตรมาส {quarter['quarter']}"
    years = [word for word in words[:-1] if _YEAR.search(to_arabic(word)) and ("งบ" in word) == bool(quarter)]
    return " ".join((own, *years))


def _bare(text: str) -> str:
    return _folded(re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", text))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", fold_letters(to_arabic(fix_text(text)))).lower().strip(":")
