"""A plan of several years, a column each: what stands under this plan's year is its work. Pure."""

import re
from collections.abc import Iterator

from tracker.plan_import.gathered import Gathered
from tracker.plan_import.grid import Line
from tracker.plan_import.headers import Layout
from tracker.plan_import.time_headers import is_year

_YEARS = re.compile("(25[0-9]{2})(?: - [^,]*?(25[0-9]{2}))?")


def has_years(layout: Layout) -> bool:
    """Whether columns of years are the table's times."""
    return any(column.timed and is_year(column.part) for column in layout.columns)


def keep_own_year(gathered: Gathered, fiscal_year: int) -> None:
    """A measure that is planned in several years is due in this plan's; one of other years keeps them."""
    for rows in gathered.measures if gathered.of_years else ():
        for group in rows.groups:
            if fiscal_year in {year for line in group.period for year in _years(line.text)}:
                group.period = [Line(f"ปีงบประมาณ {fiscal_year}")]


def _years(text: str) -> Iterator[int]:
    for first, last in _YEARS.findall(text):
        yield from range(int(first), int(last or first) + 1)
