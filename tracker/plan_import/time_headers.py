"""Header cells that name a time: a month with or without its year, a quarter, a half, a range, a month's number."""

import re
from collections.abc import Sequence

from tracker.plan_import.period.months import MONTH, fold_letters, month_number
from tracker.thai.calendar import MONTHS_SHORT
from tracker.thai.numerals import to_arabic
from tracker.thai.text import fix_text

_LEAST = 3
"""Columns headed by months make a time table from a quarter on; one or two may be another table's."""
_LEAST_PARTS = 2
"""Halves, or quarters, of a year: two are a table of time."""
_MONTH_WORD = rf"(?:เดือน)?{MONTH}['’.,/-]?(?:พ\.?ศ\.?)?(?:(?:25|26)\d\d|20\d\d|[4-9]\d)?"
_MONTH = re.compile(_MONTH_WORD)
_EXCEL_MONTH = re.compile(r"(?P<month>[a-z]{3,9})\.?[-'’/]?(?P<year>[23]\d)")
"""Oct-26, as Excel shows a day under an English format: its year is of the Common Era."""
_RANGE = re.compile(rf"{_MONTH_WORD}(?:[-–—~]|ถึง){_MONTH_WORD}")
_PART = re.compile(
    r"(?:ไตรมาส(?:ที่)?|q(?:uarter)?)(?P<quarter>[1-4])(?:/(?P<year>(?:25|26)\d\d|[4-9]\d))?"
    r"|(?:งวด(?:ที่)?|ช่วง)?(?:ครึ่งปี(?:งบประมาณ)?(?:แรก|หลัง)|6เดือน(?:แรก|หลัง)|h[12])"
)
_ROUND = re.compile(r"(?:รอบ)?(?:ที่)?[12]?\(?(?:6|12|หก|สิบสอง)เดือน\)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER_NUMBER = re.compile(r"[(\[]?(?:ที่)?(?P<number>[1-4]|i{1,3}|iv)[.)\]]*")
_BRACKET = re.compile(r"[^()\[\]]*[(\[]([^()\[\]]*)[)\]]\s*")
_YEAR = re.compile(r"(?<![0-9])(?:25|26|20)[0-9]{2}(?![0-9])|(?:พ\.\s?ศ\.|ปี)\s*[4-9][0-9](?![0-9])")
_YEAR_COLUMN = re.compile(
    r"(?:งบประมาณ|ปี|พ\.?ศ\.?|วงเงิน|ระยะเวลา|แผน|บาท|[()])*(?P<year>25[0-9]{2})(?:งบประมาณ|วงเงิน|บาท|[()])*"
)
_FISCAL_YEAR = "ปีงบประมาณ"
_ENDS = re.compile(r"\s*(?:[-–—]|ถึง)\s*")
_NUMBER = re.compile(r"1[0-2]|[1-9]")
_WEEK = re.compile(r"(?:สัปดาห์(?:ที่)?|สป\.?|w(?:eek)?)?[1-5]")
_FISCAL_MONTHS = ["10", "11", "12", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
_ABOUT_TIME = re.compile("เวลา|เดือน|ปฏิทิน|แผนการดำเนิน|period|month|timeline", re.IGNORECASE)
_OF_BUDGET = re.compile("งบ|fiscal|fy", re.IGNORECASE)
_ABOUT_QUARTERS = re.compile("ไตรมาส|quarter", re.IGNORECASE)

PLANNED = re.compile(r"(?:ตาม)?แผน(?:งาน|ดำเนินการ|การดำเนิน(?:งาน|การ)|ปฏิบัติงาน)?|เป้าหมาย|plan(?:ned)?|p", re.IGNORECASE)
"""What tells, beside ผล, that a time is the planned one."""
Stack = tuple[str, ...]
"""The words over a column from the highest header row to its own."""


def times_in(stacks: Sequence[Stack]) -> dict[int, str]:
    """The columns that are headed by times, with the words that each time is read by; none where they are too few."""
    stacks = [_planned(words) for words in stacks]
    months = {index: time for index, words in enumerate(stacks) if (time := _month(words))}
    if len(months) >= _LEAST:
        return months if _in_order([*months.values()]) else {index: stacks[index][-1] for index in months}
    if numbered := _numbered(stacks):
        return numbered
    parts = {index: time for index, words in enumerate(stacks) if (time := _part(words))}
    return parts if len(parts) >= _LEAST_PARTS else {}


def years_in(stacks: Sequence[Stack]) -> dict[int, str]:
    """The columns of a plan of several years, headed by nothing but following years (งบประมาณ ๒๕๖๖, ๒๕๖๗, …)."""
    found = {
        index: match["year"]
        for index, words in enumerate(stacks)
        if (match := _YEAR_COLUMN.fullmatch(_folded("".join(words))))
    }
    years = [int(year) for year in found.values()]
    if len(years) < _LEAST_PARTS or years != [*range(years[0], years[0] + len(years))]:
        return {}
    return {index: f"{_FISCAL_YEAR} {year}" for index, year in found.items()}


def is_year(part: str) -> bool:
    """Whether a time's words are a fiscal year of a plan of several, under which a sum is a mark."""
    return part.startswith(_FISCAL_YEAR)


def numbers_months(texts: Sequence[str]) -> bool:
    """Whether a row of texts counts months of a fiscal year, three or more in a row: 10, 11, 12, 1 …"""
    numbers = [_folded(text) for text in texts]
    if len(numbers) < _LEAST or numbers[0] not in _FISCAL_MONTHS:
        return False
    first = _FISCAL_MONTHS.index(numbers[0])
    return numbers == _FISCAL_MONTHS[first : first + len(numbers)] and numbers[0] not in ("1", "2")


def numbers_parts(text: str, above: str) -> bool:
    """Whether a bare number or Roman one under ไตรมาส numbers a quarter, or a week under a month."""
    quarter = _ABOUT_QUARTERS.search(above) and _QUARTER_NUMBER.fullmatch(_folded(text))
    return bool(quarter or (_MONTH.fullmatch(_folded(above)) and _WEEK.fullmatch(_folded(text))))


def is_month(part: str) -> bool:
    """Whether a time's words name one month, so that a number under it can be a day."""
    return bool(_MONTH.match(_folded(part))) and not _RANGE.match(_folded(part))


def from_to(first: str, last: str) -> str:
    """The time from the beginning of one header's to the end of another's."""
    starts, ends = (_ENDS.split(found[1] if (found := _BRACKET.fullmatch(text)) else text) for text in (first, last))
    return starts[0] if starts[0] == ends[-1] else f"{starts[0]} - {ends[-1]}"


def _in_order(times: Sequence[str]) -> bool:
    """Whether months with years run forward; where not, the years stand over other columns than they seem to."""
    dated = [
        (found[0], month_of(time)) for time in times if (found := re.findall("(?:25|26|20)[0-9]{2}", to_arabic(time)))
    ]
    return dated == sorted(dated) and len(dated) in (0, len(times))


def month_of(time: str) -> int:
    """The month that a time's words begin with, 0 for none."""
    found = re.match(rf"(?:เดือน)?({MONTH})", _folded(time))
    return month_number(found[1]) if found else 0


def _planned(words: Stack) -> Stack:
    """The words without แผน under a time; ผล, what was carried out under it, stays and makes it none."""
    return words[:-1] if len(words) > 1 and PLANNED.fullmatch(words[-1].strip()) else words


def _month(words: Stack) -> str:
    """A month by itself, or the one over a column of its weeks."""
    own = _folded(words[-1])
    if _MONTH.fullmatch(own):
        return _dated(words)
    if (excel := _EXCEL_MONTH.fullmatch(own)) and _MONTH.fullmatch(excel["month"]):
        return f"{excel['month'].capitalize()} 20{excel['year']}"
    if len(words) > 1 and _WEEK.fullmatch(own) and _MONTH.fullmatch(_folded(words[-2])):
        return _dated(words[:-1])
    return ""


def _part(words: Stack) -> str:
    own = _folded(words[-1])
    bare = _bare(words[-1])
    if _PART.fullmatch(bare):
        return _dated(words)
    bracket = _BRACKET.fullmatch(words[-1])
    if _RANGE.fullmatch(own):
        return " ".join((words[-1], *_years(words[:-1])))
    if _ROUND.fullmatch(bare) and bracket and _RANGE.fullmatch(_folded(bracket[1])):
        return bracket[1]
    number = _QUARTER_NUMBER.fullmatch(own)
    if len(words) > 1 and number and _ABOUT_QUARTERS.search(words[-2]) and not _PART.fullmatch(_bare(words[-2])):
        years = _years(words[:-1], fiscal=True)
        quarter = _ROMAN.get(number["number"]) or number["number"]
        return " ".join((f"ไตรมาส {quarter}" if number["number"] in _ROMAN else f"ไตรมาส {words[-1].strip()}", *years))
    return ""


def _numbered(stacks: Sequence[Stack]) -> dict[int, str]:
    found = {
        index: _folded(words[-1])
        for index, words in enumerate(stacks)
        if len(words) > 1
        and (_ABOUT_TIME.search(words[0]) or _RANGE.fullmatch(_folded(words[0])) or _PART.fullmatch(_bare(words[-2])))
        and _NUMBER.fullmatch(_folded(words[-1]))
    }
    if not numbers_months([*found.values()]):
        return {}
    return {
        index: " ".join(
            (
                MONTHS_SHORT[int(number) - 1],
                *_years([word for word in stacks[index][:-1] if not _RANGE.fullmatch(_folded(word))]),
            )
        )
        for index, number in found.items()
    }


def _dated(words: Stack) -> str:
    """The words of a time with the year that stands over them: a month's calendar year, a quarter's fiscal one."""
    own = words[-1]
    part = _PART.fullmatch(_bare(own))
    quarter = part["quarter"] if part else None
    if quarter and not _BRACKET.fullmatch(own):
        own = f"ไตรมาส {quarter}" + (f" ปีงบประมาณ {part['year']}" if part and part["year"] else "")
    return " ".join((own, *_years(words[:-1], fiscal=bool(quarter))))


def _years(above: Sequence[str], *, fiscal: bool = False) -> list[str]:
    """The years over a time, of the kind that it is counted by; one is enough."""
    return [
        word for word in above if _YEAR.search(to_arabic(word)) and (_OF_BUDGET.search(word) is not None) == fiscal
    ][-1:]


def _bare(text: str) -> str:
    return _folded(re.sub(r"[(\[][^()\[\]]*[)\]]$", "", text.strip()))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", fold_letters(to_arabic(fix_text(text)))).lower().strip(":.")
