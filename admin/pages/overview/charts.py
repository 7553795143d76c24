"""Where the parts of a chart lie: plain geometry for the templates that draw it as SVG, 360 units wide."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from admin.pages.overview.overview_data import Month
from tracker.forecast import Standing

WIDTH = 360
_BAR_ROW, _HEAT_ROW, _HEAT_HEAD = 46, 52, 24
_CELL = WIDTH / 12
_LONGEST_LABEL = 28


class Progress(Protocol):
    """What a bar needs to know."""

    @property
    def number(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def percent(self) -> int: ...
    @property
    def due_percent(self) -> int: ...
    @property
    def standing(self) -> Standing: ...


@dataclass(frozen=True)
class Bar:
    """One bar with its label above it; ``due_x`` marks how far it should be by today."""

    y: int
    number: int | None
    label: str
    percent: int
    width: float
    due_x: float
    tone: str


@dataclass(frozen=True)
class Bars:
    height: int
    today_x: float
    rows: Sequence[Bar]


@dataclass(frozen=True)
class Cell:
    """A unit's month; ``left`` is what is still to be done, None where nothing falls due."""

    x: float
    tone: str
    left: int | None


@dataclass(frozen=True)
class HeatRow:
    y: int
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Heat:
    height: int
    cell: float
    months: Sequence[tuple[float, Month]]
    rows: Sequence[HeatRow]


def bars(found: Sequence[Progress], gone: int) -> Bars:
    """A bar for each, the whole width being all of its tasks; ``gone`` is the percent of the year that has passed."""
    rows = [
        Bar(
            y=place * _BAR_ROW,
            number=one.number,
            label=shortened(one.name),
            percent=one.percent,
            width=_x(one.percent),
            due_x=_x(one.due_percent),
            tone={"on_track": "green", "behind": "orange"}.get(one.standing, one.standing),
        )
        for place, one in enumerate(found)
    ]
    return Bars(len(rows) * _BAR_ROW, _x(gone), rows)


def heat(year: Sequence[tuple[str, Sequence[Month]]]) -> Heat:
    """Twelve cells a unit, October first, coloured by what is done and late."""
    rows = [
        HeatRow(
            y=_HEAT_HEAD + place * _HEAT_ROW,
            label=shortened(name),
            cells=[
                Cell(column * _CELL, month.tone or "ahead", month.total - month.done if month.total else None)
                for column, month in enumerate(months)
            ],
        )
        for place, (name, months) in enumerate(year)
    ]
    months = year[0][1] if year else ()
    middles = [(column * _CELL + _CELL / 2, month) for column, month in enumerate(months)]
    return Heat(_HEAT_HEAD + len(rows) * _HEAT_ROW, _CELL, middles, rows)


def shortened(label: str, longest: int = _LONGEST_LABEL) -> str:
    """The label where its letters fit, else its beginning with an ellipsis; marks above and below take no room."""
    seen = 0
    for place, mark in enumerate(label):
        if unicodedata.category(mark) in ("Mn", "Me"):
            continue
        seen += 1
        if seen > longest:
            return label[:place].rstrip() + "…"
    return label


def _x(share: int) -> float:
    return round(WIDTH * share / 100, 1)
