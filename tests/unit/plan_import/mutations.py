"""Known-good plans, mutated as offices and programs do, and what must never be: a crash, a silently wrong date."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.unit.plan_import.grids import GRID_WRITERS, Box
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan

YEAR = 2569
HEAD = ("มาตรการ/แนวทาง", "ขั้นตอน/วิธีปฏิบัติ", "หน่วยงานผู้รับผิดชอบ", "ระยะเวลาดำเนินการ")
PARTIES = ("สำนักปลัด", "กองคลัง", "กองช่าง", "งานนิติการ", "ทุกส่วนราชการ")
TITLES = ("การเปิดเผยข้อมูล", "การจัดซื้อจัดจ้าง", "การให้บริการประชาชน", "การรับเรื่องร้องเรียน", "การใช้ทรัพย์สิน")
PERIODS = {
    "ตุลาคม ๒๕๖๘ - มีนาคม ๒๕๖๙": ("2025-10-01", "2026-03-31"),
    "ไตรมาส ๒": ("2026-01-01", "2026-03-31"),
    "ภายใน ๓๐ มิถุนายน ๒๕๖๙": (None, "2026-06-30"),
    "๑ ธ.ค. ๖๘ – ๑๕ ก.พ. ๖๙": ("2025-12-01", "2026-02-15"),
    "ตลอดปีงบประมาณ ๒๕๖๙": ("2025-10-01", "2026-09-30"),
    "เมษายน ๒๕๖๙": ("2026-04-01", "2026-04-30"),
}
MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e48\u0e49\u0e4c"
THAI, ARABIC = "๐๑๒๓๔๕๖๗๘๙", "0123456789"
Truth = tuple[str | None, str | None]


@dataclass(frozen=True)
class Mutated:
    """A file, and the dates of each measure by its number in it, where the mutation leaves them to be known."""

    data: bytes
    name: str
    truths: tuple[Truth, ...]


@dataclass(frozen=True)
class _Row:
    cells: tuple[str | Box, ...]
    truth: Truth


@st.composite
def mutated_plans(draw: st.DrawFn) -> Mutated:
    """A plan of two to five measures with up to four mutations, in any format of cells."""
    texts = draw(st.lists(st.sampled_from(sorted(PERIODS)), min_size=2, max_size=5))
    rows = [
        _Row((f"{at}. {TITLES[at - 1]}", f"{at}. ดำเนินการ", draw(st.sampled_from(PARTIES)), text), PERIODS[text])
        for at, text in enumerate(texts, 1)
    ]
    head: tuple[str, ...] = HEAD
    order = tuple(draw(st.permutations(range(4)))) if draw(st.booleans()) else (0, 1, 2, 3)
    for kind in draw(st.lists(st.sampled_from(("digits", "marks", "head", "border", "space")), max_size=3)):
        at = draw(st.integers(0, len(rows) - 1))
        if kind == "digits":
            rows = [_with_cells(one, tuple(_other_digits(cell) for cell in one.cells)) for one in rows]
        elif kind == "marks":
            rows[at] = _with_cells(rows[at], tuple(_damaged(cell, draw) for cell in rows[at].cells))
        elif kind == "head":
            head = tuple(str(_damaged(cell, draw)) for cell in head)
        elif kind == "space":
            rows[at] = _with_cells(rows[at], tuple(_spaced(cell, draw) for cell in rows[at].cells))
        else:
            rows[at] = _joined(rows[at], order)
    grid: list[list[str | Box]] = [[head[at] for at in order]]
    merged = draw(st.booleans()) and order[0] == 0
    grid.extend(_placed(one, order) for one in rows)
    truths = [one.truth for one in rows]
    if merged and len(grid[1]) == len(grid[2]) == 4:
        column = order.index(3)
        grid[1][column] = Box(str(rows[0].cells[3]), 1, 2)
        del grid[2][column]
        truths[1] = truths[0]
    kind = draw(st.sampled_from(sorted(GRID_WRITERS)))
    return Mutated(GRID_WRITERS[kind](grid), f"x.{kind}", tuple(truths))


def complaint(plan: Mutated) -> str:
    """What is wrong with how the file is read; empty where nothing is. Any exception but a refusal is a crash."""
    try:
        read = read_plan(plan.data, plan.name, YEAR)
    except NotUnderstoodError:
        return ""
    for measure in read.measures:
        period = measure.period
        if not 1 <= measure.number <= len(plan.truths) or not (period.start or period.end):
            continue
        start, end = plan.truths[measure.number - 1]
        dates = (period.start and str(period.start), period.end and str(period.end))
        if dates != (start, end) and not (read.warnings or period.warnings):
            return f"measure {measure.number}: “{period.text}” gives {dates}, not {(start, end)}, without a warning"
    return ""


def _with_cells(row: _Row, cells: tuple[str | Box, ...]) -> _Row:
    return replace(row, cells=cells)


def _other_digits(cell: str | Box) -> str | Box:
    return cell if isinstance(cell, Box) else cell.translate(str.maketrans(THAI + ARABIC, ARABIC + THAI))


def _damaged(cell: str | Box, draw: st.DrawFn) -> str | Box:
    """The text without one of its marks, or with it moved behind the next letter, as PDFs do."""
    places = [] if isinstance(cell, Box) else [at for at, letter in enumerate(cell) if letter in MARKS]
    if isinstance(cell, Box) or not places:
        return cell
    at = draw(st.sampled_from(places))
    if draw(st.booleans()) or at + 1 >= len(cell):
        return cell[:at] + cell[at + 1 :]
    return cell[:at] + cell[at + 1] + cell[at] + cell[at + 2 :]


def _spaced(cell: str | Box, draw: st.DrawFn) -> str | Box:
    if isinstance(cell, Box) or len(cell) < 3:
        return cell
    at = draw(st.integers(1, len(cell) - 1))
    both = cell[at - 1].isdigit() and cell[at].isdigit()
    return cell if both else f"{cell[:at]} {cell[at:]}"


def _joined(row: _Row, order: tuple[int, ...]) -> _Row:
    """Two cells beside each other whose border was dropped: one cell over both columns."""
    if len(row.cells) != 4 or any(isinstance(cell, Box) for cell in row.cells):
        return row
    cells = list(row.cells)
    first, second = order[2], order[3]
    cells[first] = Box(f"{cells[first]} {cells[second]}", 2)
    cells[second] = Box("", 0)
    return replace(row, cells=tuple(cells))


def _placed(row: _Row, order: tuple[int, ...]) -> list[str | Box]:
    cells = [row.cells[at] for at in order]
    return [cell for cell in cells if not (isinstance(cell, Box) and not cell.across)]
