"""Words that say how often: every month, four times a year, on the 5th of each month."""

import re
from collections.abc import Callable

from tracker.kinds import Cadence
from tracker.plan_import.period.facts import ParseResult
from tracker.plan_import.period.lexer import Cell, Token, number, numbers
from tracker.plan_import.period.months import MONTH_START, WEEKDAY

_TIMES_A_YEAR: dict[int, Cadence] = {
    1: Cadence.YEARLY,
    2: Cadence.HALF_YEARLY,
    3: Cadence.EVERY_4_MONTHS,
    4: Cadence.QUARTERLY,
    6: Cadence.EVERY_2_MONTHS,
    12: Cadence.MONTHLY,
}
_EVERY_MONTHS: dict[int, Cadence] = {
    1: Cadence.MONTHLY,
    2: Cadence.EVERY_2_MONTHS,
    3: Cadence.QUARTERLY,
    4: Cadence.EVERY_4_MONTHS,
    6: Cadence.HALF_YEARLY,
    12: Cadence.YEARLY,
}
_WEEKLY = re.compile(rf"(?:ทุก(?:ๆ)?|ราย)สัปดาห์|(?:สัปดาห์|อาทิตย์)ละ|1สัปดาห์|ทุก(?:ๆ)?(?:วัน)?{WEEKDAY}|weekly|every\ week")
_ENGLISH = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_DAYS_OF_WEEK = rf"(?:ทุก(?:ๆ)?)?(?:วัน)?{WEEKDAY}(?:-|ถึง)(?:วัน)?{WEEKDAY}"
_DAILY = re.compile(rf"ทุก(?:ๆ)?วัน(?!หยุด|{WEEKDAY})|รายวัน|วันละ|1วัน|daily|every\ day|{_DAYS_OF_WEEK}")
_MONTH_OF_QUARTER = (("แรก", "ที่1", "ที่หนึ่ง"), ("กลาง", "ที่2", "ที่สอง"), ("สุดท้าย", "ท้าย", "ที่3", "ที่สาม"))
_MONTH_FOLLOWS = re.compile(MONTH_START)


def _every_month(token: Token, cell: Cell, facts: ParseResult) -> None:
    """ทุกเดือน ม.ค. - มี.ค. is a cadence; ทุกเดือนมกราคม, in one word, is every January."""
    glued = token.end < len(cell.places) and cell.places[token.end] == cell.places[token.end - 1] + 1
    if glued and "ทุก" in _text(token, cell) and _MONTH_FOLLOWS.match(cell.folded, token.end):
        _each_year(token, cell, facts)
    else:
        facts.cadences.add(Cadence.MONTHLY)


def _every_quarter(_token: Token, _cell: Cell, facts: ParseResult) -> None:
    facts.cadences.add(Cadence.QUARTERLY)


def _every_half(_token: Token, _cell: Cell, facts: ParseResult) -> None:
    facts.cadences.add(Cadence.HALF_YEARLY)


def _every_year(_token: Token, _cell: Cell, facts: ParseResult) -> None:
    facts.cadences.add(Cadence.YEARLY)


def _each_year(token: Token, cell: Cell, facts: ParseResult) -> None:
    """The dates beside it come again every year; รอบ ๖ เดือนของทุกปี is no yearly cadence besides."""
    facts.recurring = True
    if not _text(token, cell).startswith(("ของ", "ใน")):
        facts.cadences.add(Cadence.YEARLY)


def _every_date(token: Token, cell: Cell, facts: ParseResult) -> None:
    facts.every_date = token
    _each_year(token, cell, facts)


def _last_day_of_month(token: Token, cell: Cell, facts: ParseResult) -> None:
    facts.cadences.add(Cadence.MONTHLY)
    facts.days.append(31)
    if "ทาการ" in _text(token, cell):
        facts.warn(f"“{cell.quote(token.start, token.end)}” นับเป็นวันสุดท้ายของเดือน โปรดตรวจ")


def _some_day_of_month(token: Token, cell: Cell, facts: ParseResult) -> None:
    facts.cadences.add(Cadence.MONTHLY)
    facts.warn(f"“{cell.quote(token.start, token.end)}” นับเป็นวันสุดท้ายของเดือน โปรดตรวจ")


def _unfit(token: Token, cell: Cell, facts: ParseResult) -> None:
    facts.unfit = True
    facts.warn(f"ยังไม่มีรอบแบบ “{cell.quote(token.start, token.end)}” ในระบบ โปรดตรวจจุดตรวจ")


def _often(token: Token, cell: Cell, facts: ParseResult) -> None:
    """Weekly and daily work is followed up at the end of each month; nobody ticks every day of a year."""
    text = _text(token, cell)
    if _DAILY.match(text):
        facts.cadences.add(Cadence.MONTHLY)
    elif _WEEKLY.match(text):
        facts.cadences.add(Cadence.WEEKLY)
    else:
        _unfit(token, cell, facts)
        return
    facts.warn(f"“{cell.quote(token.start, token.end)}” ติดตามผลทุกสิ้นเดือน")


def _times_a_year(token: Token, cell: Cell, facts: ParseResult) -> None:
    cadence = _TIMES_A_YEAR.get(_times(token))
    if cadence and "more" not in token.groups:
        facts.cadences.add(cadence)
    else:
        _unfit(token, cell, facts)


def _times_a(cadence: Cadence) -> Callable[[Token, Cell, ParseResult], None]:
    def read(token: Token, cell: Cell, facts: ParseResult) -> None:
        facts.cadences.add(cadence)
        if _times(token) != 1 or "more" in token.groups:
            facts.warn(f"“{cell.quote(token.start, token.end)}” ไม่บอกว่าวันใดบ้าง จึงมีจุดตรวจเพียงวันสุดท้ายของรอบ")

    return read


def _round(token: Token, cell: Cell, facts: ParseResult) -> None:
    """รอบ ๖ เดือน และ ๑๒ เดือน names rounds of the year; ทุก ๓ เดือน is a cadence."""
    months = numbers(token.groups["months"])
    if len(months) == 1 and _text(token, cell).startswith(("ทุก", "ราย")):
        if cadence := _EVERY_MONTHS.get(months[0]):
            facts.cadences.add(cadence)
        else:
            _unfit(token, cell, facts)
        return
    facts.rounds.update(months)
    for odd in sorted(set(months) - {1, 3, 6, 9, 12}):
        facts.warn(f"ยังไม่มีรอบ {odd} เดือนตาม “{cell.quote(token.start, token.end)}” ในระบบ")


def _days_of_month(token: Token, cell: Cell, facts: ParseResult) -> None:
    quoted = f"“{cell.quote(token.start, token.end)}”"
    if "next" in token.groups:
        facts.warn(f"{quoted} นับจากเดือนก่อนหน้า โปรดกำหนดวันที่เอง")
        facts.relative = True
        return
    text = next(token.groups[name] for name in ("days", "days2", "days3", "days4", "days5") if name in token.groups)
    days = numbers(text)
    if "-" in text or "ถึง" in text or "ก่อน" in _text(token, cell):
        days = days[-1:]
        facts.warn(f"{quoted} อ่านเป็นวันที่ {days[0]} ของทุกเดือน โปรดตรวจ")
    if "เดือน" in text:
        days.append(31)
    if not all(1 <= day <= 31 for day in days):
        facts.warn(f"ไม่มีวันที่ตาม {quoted} ในปฏิทิน")
    facts.cadences.add(Cadence.MONTHLY)
    facts.days.extend(day for day in days if 1 <= day <= 31)


def _instalments(token: Token, _cell: Cell, facts: ParseResult) -> None:
    facts.instalments = number(token.groups["number"])


def _count(token: Token, _cell: Cell, facts: ParseResult) -> None:
    if (count := number(token.groups["number"])) != 1:
        facts.times = count


def _english(word: str) -> int:
    """A number in digits or as an English word; 0 for a word that is none."""
    return int(word) if word.isdigit() else _ENGLISH.get(word, 0)


def _english_times(token: Token, cell: Cell, facts: ParseResult) -> None:
    """Twice a year, four times per year, once a month."""
    count = _english(token.groups.get("once") or token.groups["times"])
    in_year = count * {"month": 12, "quarter": 4, "year": 1}[token.groups["unit"]]
    if cadence := _TIMES_A_YEAR.get(in_year):
        facts.cadences.add(cadence)
    else:
        _unfit(token, cell, facts)


def _days_of_quarter(token: Token, cell: Cell, facts: ParseResult) -> None:
    """ภายในวันที่ ๑๕ ของเดือนสุดท้ายของแต่ละไตรมาส: days of one month of each quarter."""
    quoted = f"“{cell.quote(token.start, token.end)}”"
    days = numbers(token.groups.get("days", "31"))  # a month without a day: its last
    if "next" in token.groups or not all(1 <= day <= 31 for day in days):
        facts.warn(f"{quoted} ไม่บอกวันเดือนปีที่แน่นอน โปรดกำหนดวันที่เอง")
        facts.relative = True
        return
    month = next(
        index
        for index, words in enumerate(_MONTH_OF_QUARTER)
        if (token.groups.get("which") or token.groups["which2"]) in words
    )
    if not token.groups.keys() & {"each", "each2"}:
        facts.warn(f"{quoted} ไม่บอกว่าไตรมาสใด จึงอ่านเป็นทุกไตรมาส โปรดตรวจ")
    facts.cadences.add(Cadence.QUARTERLY)
    facts.quarter_days.extend((month, day) for day in days)


def _every_months(token: Token, cell: Cell, facts: ParseResult) -> None:
    if "alternate" in token.groups:  # เดือนเว้นเดือน
        facts.cadences.add(Cadence.EVERY_2_MONTHS)
        return
    count = _english(token.groups["english"]) if "english" in token.groups else number(token.groups["months"])
    if cadence := _EVERY_MONTHS.get(count):
        facts.cadences.add(cadence)
    else:
        _unfit(token, cell, facts)


CADENCE_WORDS: dict[str, Callable[[Token, Cell, ParseResult], None]] = {
    "days_of_month": _days_of_month,
    "days_of_quarter": _days_of_quarter,
    "each_year": _each_year,
    "english_times": _english_times,
    "every_date": _every_date,
    "every_months": _every_months,
    "half_yearly": _every_half,
    "instalments": _instalments,
    "last_day_of_month": _last_day_of_month,
    "monthly": _every_month,
    "monthly_times": _times_a(Cadence.MONTHLY),
    "quarterly": _every_quarter,
    "quarterly_times": _times_a(Cadence.QUARTERLY),
    "round": _round,
    "some_day_of_month": _some_day_of_month,
    "times": _count,
    "unfit_cadence": _often,
    "yearly": _every_year,
    "yearly_times": _times_a_year,
}


def _times(token: Token) -> int:
    return number(token.groups.get("times") or token.groups.get("times2") or "1")


def _text(token: Token, cell: Cell) -> str:
    return cell.folded[token.start : token.end]
