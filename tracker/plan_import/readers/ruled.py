"""Ruling lines made into a grid: which rectangles of a page are cells, and how far each reaches. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Segment = tuple[float, float, float, float]
"""x0, y0, x1, y1; y grows upwards, as in PDF."""

_NEAR = 3.0
"""Points within which lines are one line, and lines meet: borders are drawn double, or end short of each other."""
_GAP = 5.0
"""Points between the dashes of one line."""
_SHORTEST = 6.0
"""Points of a line; shorter ones are parts of letters and dots."""
_MOST_LINES = 3_000
"""Of one direction on a page, after those on one another are one."""
_COVERED = 0.6
"""The part of a border that is drawn at least, for the cells beside it to be two."""


@dataclass(frozen=True, slots=True)
class Region:
    """A cell: its place in the grid, how far it reaches, and its rectangle on the page."""

    row: int
    column: int
    down: int
    across: int
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.bottom <= y < self.top


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table of regions; ``edges`` are where its columns begin, and where the last one ends."""

    regions: tuple[Region, ...]
    edges: tuple[float, ...]
    rows: int

    @property
    def top(self) -> float:
        return max(region.top for region in self.regions)

    @property
    def bottom(self) -> float:
        return min(region.bottom for region in self.regions)


@dataclass(slots=True)
class _Line:
    """A line of one direction: where it stands, and from where to where it goes."""

    at: float
    start: float
    end: float


def ruled_tables(segments: Iterable[Segment]) -> list[Ruled]:
    """The tables of a page from top to bottom; a box around text, of one region, is none."""
    across, down = _straight(segments)
    across, down = _joined(across), _joined(down)
    if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return []
    tables = [table for group in _groups(across, down) if (table := _table(*group)) is not None]
    outer = [one for one in tables if not any(other is not one and _inside(one, other) for other in tables)]
    return sorted(outer, key=lambda table: -table.top)


def _straight(segments: Iterable[Segment]) -> tuple[list[_Line], list[_Line]]:
    across: list[_Line] = []
    down: list[_Line] = []
    for x0, y0, x1, y1 in segments:
        if abs(y1 - y0) <= 1 and abs(x1 - x0) > 0:
            across.append(_Line((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 1 and abs(y1 - y0) > 0:
            down.append(_Line((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return across, down


def _joined(lines: list[_Line]) -> list[_Line]:
    """Lines that lie on one another, or go on after a gap, as one; those that stay short are left out."""
    places = _clustered(line.at for line in lines)
    by_place: dict[float, list[_Line]] = {}
    for line in lines:
        by_place.setdefault(places[line.at], []).append(line)
    found: list[_Line] = []
    for at, same in by_place.items():
        runs: list[_Line] = []
        for line in sorted(same, key=lambda line: line.start):
            if runs and line.start <= runs[-1].end + _GAP:
                runs[-1].end = max(runs[-1].end, line.end)
            else:
                runs.append(_Line(at, line.start, line.end))
        found.extend(run for run in runs if run.end - run.start >= _SHORTEST)
    return found


def _clustered(numbers: Iterable[float]) -> dict[float, float]:
    """Each number with the first of those near to it."""
    places: dict[float, float] = {}
    first = None
    for number in sorted(set(numbers)):
        first = number if first is None or number - first > _NEAR else first
        places[number] = first
    return places


def _groups(across: list[_Line], down: list[_Line]) -> Iterator[tuple[list[_Line], list[_Line]]]:
    """Lines that meet, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for one, flat in enumerate(across):
        for other, tall in enumerate(down, len(across)):
            meets_flat = flat.start - _NEAR <= tall.at <= flat.end + _NEAR
            if meets_flat and tall.start - _NEAR <= flat.at <= tall.end + _NEAR:
                parent[root(one)] = root(other)
    groups: dict[int, tuple[list[_Line], list[_Line]]] = {}
    for index in range(len(parent)):
        flats, talls = groups.setdefault(root(index), ([], []))
        if index < len(across):
            flats.append(across[index])
        else:
            talls.append(down[index - len(across)])
    yield from groups.values()


def _table(across: list[_Line], down: list[_Line]) -> Ruled | None:
    xs = sorted({line.at for line in down})
    ys = sorted({line.at for line in across}, reverse=True)
    if len(xs) < 2 or len(ys) < 2:
        return None
    right_of = {x: [line for line in down if line.at == x] for x in xs}
    under = {y: [line for line in across if line.at == y] for y in ys}
    columns, rows = len(xs) - 1, len(ys) - 1
    owner = list(range(columns * rows))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not _drawn(right_of[xs[column + 1]], ys[row + 1], ys[row]):
                owner[root(here + 1)] = root(here)
            if row + 1 < rows and not _drawn(under[ys[row + 1]], xs[column], xs[column + 1]):
                owner[root(here + columns)] = root(here)
    cells: dict[int, list[tuple[int, int]]] = {}
    for index in range(columns * rows):
        cells.setdefault(root(index), []).append(divmod(index, columns))
    regions = sorted((_region(places, xs, ys) for places in cells.values()), key=lambda one: (one.row, one.column))
    return Ruled(tuple(regions), tuple(xs), rows) if len(regions) > 1 else None


def _drawn(lines: Sequence[_Line], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(line.end, end) - max(line.start, start)) for line in lines)
    return covered >= _COVERED * (end - start)


def _region(places: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> Region:
    rows = [row for row, _ in places]
    columns = [column for _, column in places]
    top, left, bottom, right = min(rows), min(columns), max(rows) + 1, max(columns) + 1
    return Region(top, left, bottom - top, right - left, xs[left], ys[bottom], xs[right], ys[top])


def _inside(one: Ruled, other: Ruled) -> bool:
    """Whether a table stands in a cell of another one."""
    middle = (one.edges[0] + one.edges[-1]) / 2, (one.top + one.bottom) / 2
    wider = other.edges[0] <= one.edges[0] + _NEAR and one.edges[-1] <= other.edges[-1] + _NEAR
    taller = other.bottom <= one.bottom + _NEAR and one.top <= other.top + _NEAR
    return wider and taller and any(region.holds(*middle) for region in other.regions)
