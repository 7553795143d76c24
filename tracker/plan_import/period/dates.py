"""Tokens that name dates, quarters and years, made into points."""

import re

from tracker.plan_import.period.facts import ParseResult, Term, TermUnit
from tracker.plan_import.period.lexer import Cell, Token, number
from tracker.plan_import.period.months import month_number, weekday_number
from tracker.plan_import.period.points import Point, year_from_text

POINT_KINDS = frozenset(
    {
        "calendar",
        "calendar_word",
        "day_month",
        "fiscal",
        "fiscal_edge",
        "iso",
        "iso_slashed",
        "month",
        "month_day",
        "month_year",
        "numeric",
        "part",
        "quarters",
    }
)
_FIRST = frozenset({"แรก", "ที่1", "1", "first", "1st"})
_ORDINALS = (
    ("แรก", "หนึ่ง", "first", "1st"),
    ("สอง", "second", "2nd"),
    ("สาม", "third", "3rd"),
    ("สี่", "สุดท้าย", "fourth", "last", "4th"),
)
_QUARTER = re.compile(r"([^\d]*)(\d)")


def points_of(token: Token, cell: Cell, facts: ParseResult) -> list[Point]:
    """The points that a token of POINT_KINDS names, several for a list of quarters."""
    if token.kind == "quarters":
        return _quarters(token, cell, facts)
    if token.kind == "part":
        return [_part(token, cell, facts)]
    if token.kind in ("fiscal", "fiscal_edge", "calendar", "calendar_word"):
        return [_year(token, cell, facts)]
    return [_date(token, cell, facts)]


def term_of(token: Token) -> Term:
    """The length of time that a term token is."""
    units: tuple[TermUnit, ...] = ("day", "week", "month")
    unit: TermUnit = next((unit for unit in units if unit in token.groups), "year")
    half = bool({"half", "half2"} & token.groups.keys())
    return Term(number(token.groups["number"]), unit, token.start, token.end, half)


def set_year(point: Point, digits: str, era: str, cell: Cell, facts: ParseResult) -> None:
    """Give a point the year that stands beside it; a year that cannot be meant makes the point faulty."""
    year, doubt = year_from_text(digits)
    if len(digits) == 4 and era and era.startswith(("ค", "a")) != (int(digits) < 2400):
        year = None
    point.year = year
    quoted = f"“{cell.quote(point.start, point.end)}”"
    if year is None:
        point.faulty = True
        facts.warn(f"ปีใน {quoted} ไม่น่าถูกต้อง")
    elif doubt:
        facts.warn(f"ปีใน {quoted} มีห้าหลัก อ่านเป็น {year} โปรดตรวจ")


def faulty(point: Point, cell: Cell, facts: ParseResult) -> Point:
    """The point, reported as one that no day can be told of."""
    point.faulty = True
    facts.warn(f"“{cell.quote(point.start, point.end)}” ไม่บอกวันเดือนปีที่แน่นอน")
    return point


def _date(token: Token, cell: Cell, facts: ParseResult) -> Point:
    groups = token.groups
    point = Point("month" if token.kind in ("month", "month_year") else "day", token.start, token.end)
    month = groups.get("month") or groups.get("month2") or groups.get("month3") or groups["month4"]
    point.month = int(month) if month.isdigit() else month_number(month)
    if point.kind == "day":
        point.day = int(groups["day"])
    if "weekday" in groups:
        point.weekday = weekday_number(groups["weekday"])
    if "year5" in groups:
        set_year(point, f"20{groups['year5']}", "", cell, facts)
    elif digits := groups.get("year") or groups.get("year2") or groups.get("year3") or groups.get("year4"):
        set_year(point, digits, groups.get("era", ""), cell, facts)
    if groups.get("gap") == ".":
        facts.warn(f"“{cell.quote(token.start, token.end)}” อาจเป็นเลขข้อหรือวันที่ โปรดตรวจ")
    return point


def _year(token: Token, cell: Cell, facts: ParseResult) -> Point:
    groups = token.groups
    point = Point("fiscal" if token.kind.startswith("fiscal") else "calendar", token.start, token.end)
    if "year" in groups:
        set_year(point, groups["year"], groups.get("era") or groups.get("era2") or "", cell, facts)
    edge = groups.get("edge", "")
    point.edge = "end" if edge.startswith("สิ้น") else "start" if edge else ""
    unclear = {"vague", "which", "second"} & groups.keys()
    if unclear or (token.kind == "calendar_word" and point.year is None):
        return faulty(point, cell, facts)
    return point


def _part(token: Token, cell: Cell, facts: ParseResult) -> Point:
    """ครึ่งปีแรก, ๖ เดือนหลัง, เดือนแรก, H1 of a fiscal year."""
    point = Point("part", token.start, token.end)
    count = 1 if "one" in token.groups else number(token.groups.get("months", "6"))
    if not 1 <= count <= 11:
        return faulty(point, cell, facts)
    which = token.groups.get("which") or token.groups.get("half") or token.groups["english"]
    point.months = (0, count - 1) if which in _FIRST else (12 - count, 11)
    _set_year_below(point, token, cell, facts)
    return point


def _set_year_below(point: Point, token: Token, cell: Cell, facts: ParseResult) -> None:
    """The year of ไตรมาส ๓/๒๕๖๗ and H1/2567."""
    digits = token.groups.get("year") or token.groups.get("year2")
    if digits:
        point.over_year = True
        set_year(point, digits, "", cell, facts)


def _quarters(token: Token, cell: Cell, facts: ParseResult) -> list[Point]:
    named = token.groups.get("ordinal") or token.groups.get("english", "")
    text = token.groups.get("numbers") or str(next(at for at, words in enumerate(_ORDINALS, 1) if named in words))
    points: list[Point] = []
    for separator, digit in _QUARTER.findall(text):
        quarter = int(digit)
        point = Point("part", token.start, token.end, months=(quarter * 3 - 3, quarter * 3 - 1))
        if points and ("-" in separator or "ถึง" in separator):
            points[-1].months = (points[-1].months[0], point.months[1])
            if points[-1].months[0] > point.months[0]:
                faulty(points[-1], cell, facts)
        else:
            points.append(point)
    for point in points:
        _set_year_below(point, token, cell, facts)
        if "vague" in token.groups:
            faulty(point, cell, facts)
    return points
