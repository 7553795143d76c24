"""Points in time as a cell names them, some of their parts missing, and the days that they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.thai.calendar import fiscal_year_end, fiscal_year_start, last_of_month, to_ce

PointKind = Literal["day", "month", "part", "fiscal", "calendar", "unknown"]
Edge = Literal["", "start", "end"]
Span = tuple[date, date]

EARLIEST_PLAN_YEAR, LATEST_PLAN_YEAR = 2540, 2600


@dataclass(slots=True)
class Point:
    """One named day, month, part of a fiscal year (months 0 to 11 from October), or year.

    ``year`` is a Buddhist calendar year, of a ``part`` or ``fiscal`` point the fiscal year. A ``faulty`` point has
    been reported and has no days; an ``ambiguous`` one (a quarter of ปี ๒๕๖๔) has none either, unless dates explain it.
    A quarter ``over_year`` (ไตรมาส ๓/๒๕๖๗) is one of a fiscal year that is not said to be fiscal.
    """

    kind: PointKind
    start: int
    end: int
    day: int = 0
    month: int = 0
    year: int | None = None
    fiscal: int | None = None
    months: tuple[int, int] = (0, 11)
    edge: Edge = ""
    weekday: int | None = None
    faulty: bool = False
    ambiguous: bool = False
    over_year: bool = False

    @property
    def fine(self) -> bool:
        """Whether it is as exact as a month or a day."""
        return self.kind in ("day", "month", "unknown")

    @property
    def order(self) -> tuple[int, int]:
        return self.month, self.day or 1

    def days(self, fiscal_year: int) -> Span | None:
        """Its first and last day, or None where the calendar has no such day; ``fiscal_year`` fills a missing year."""
        if self.faulty or self.ambiguous or self.kind == "unknown":
            return None
        try:
            first, last = self._whole(fiscal_year)
        except ValueError:
            return None
        if self.edge == "end":
            return last, last
        return (first, first) if self.edge == "start" else (first, last)

    def _whole(self, fiscal_year: int) -> Span:
        if self.kind in ("fiscal", "part"):
            year = self.year or fiscal_year
            return _month_of_fiscal_year(year, self.months[0])[0], _month_of_fiscal_year(year, self.months[1])[1]
        if self.kind == "calendar":
            year = to_ce(self.year or fiscal_year)
            return date(year, 1, 1), date(year, 12, 31)
        year = to_ce(self.year or calendar_year(self.month, fiscal_year))
        if self.kind == "month":
            return date(year, self.month, 1), last_of_month(year, self.month)
        day = date(year, self.month, self.day)
        return day, day


def calendar_year(month: int, fiscal_year: int) -> int:
    """The Buddhist calendar year in which a month of a fiscal year lies."""
    return fiscal_year - (month >= 10)


def _month_of_fiscal_year(fiscal_year: int, index: int) -> Span:
    month = (index + 9) % 12 + 1
    year = to_ce(calendar_year(month, fiscal_year))
    return date(year, month, 1), last_of_month(year, month)


def fill_years(points: Sequence[Point], year: int | None) -> None:
    """Give dates without a year theirs: of a stated fiscal year, of the next dated one, of the one before, or ``year``.

    Points stand in the order of the text, which runs forward in time: an earlier one takes the later one's year, or
    the year before where its month is later.
    """
    dated = [point for point in points if point.kind in ("day", "month") and point.month]
    for point in dated:
        if point.year is None and point.fiscal:
            point.year = calendar_year(point.month, point.fiscal)
    _fill(reversed(dated), later=True)
    _fill(dated, later=False)
    for point in dated:
        point.year = point.year or year


def _fill(points: Iterable[Point], *, later: bool) -> None:
    neighbour: Point | None = None
    for point in points:
        if point.year is None and neighbour and neighbour.year:
            if later:
                point.year = neighbour.year - (point.order > neighbour.order)
            else:
                point.year = neighbour.year + (point.order < neighbour.order)
        if point.year:
            neighbour = point


def add_months(day: date, months: int) -> date:
    """The same day of the month some months on, or that month's last day."""
    import pendulum  # noqa: PLC0415  (few cells count months; the others start without it)

    later = pendulum.Date(day.year, day.month, day.day).add(months=months)
    return date(later.year, later.month, later.day)


def calendar_quarter(span: Span) -> int | None:
    """The calendar quarter (1 to 4) that a span is exactly, or None."""
    first = span[0]
    quarter = (first.month - 1) // 3 + 1
    whole = (date(first.year, quarter * 3 - 2, 1), last_of_month(first.year, quarter * 3))
    return quarter if span == whole else None


def fiscal_span(fiscal_year: int) -> Span:
    """1 October to 30 September of a fiscal year."""
    return fiscal_year_start(fiscal_year), fiscal_year_end(fiscal_year)


def merge_adjoining(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or follow day on day made one."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and (first - merged[-1][1]).days <= 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def year_from_text(digits: str) -> tuple[int | None, bool]:
    """The Buddhist year that two, four or five digits of a plan mean, and whether it is in doubt.

    A fifth digit is a footnote mark that lost its superscript: the first four are taken, in doubt. A year far from any
    plan is None.
    """
    if len(digits) == 5 and digits[:2] in ("25", "26"):
        return year_from_text(digits[:4])[0], True
    year = 2500 + int(digits) if len(digits) == 2 else int(digits)
    if len(digits) > 4:
        return None, True
    if 1990 <= year <= 2060:
        year += 543
    return (year, False) if EARLIEST_PLAN_YEAR <= year <= LATEST_PLAN_YEAR else (None, True)
