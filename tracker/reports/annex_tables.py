"""Annex ก: what was done when. A monthly step is a matrix of units and months, a quarterly one a row a unit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports import annex, likeness
from tracker.reports.data import AnnexEntry, NotPossibleEntry, ReportData, ReportMeasure
from tracker.reports.summary import MOST_TEXTS
from tracker.reports.wording import digits
from tracker.thai.calendar import MONTHS_SHORT, fiscal_year_start, quarter_ends, to_be

LEGEND = "✓ ดำเนินการแล้ว และวันที่ดำเนินการ · ✓ ช้า ดำเนินการหลังวันสิ้นงวด · – ไม่มีผลรายงานในงวดนั้น"
_FEWEST_MONTHS = 3
_FEWEST_QUARTERS = 2
_UNIT_WIDTH, _TOTAL_WIDTH, _ALL = 5.5, 1.96, 25.7
_SUM = "รวม"
_UNITS = "ส่วนราชการ"


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell: its lines, whether it stands out, whether it is centred."""

    lines: tuple[str, ...]
    grey: bool = False
    centred: bool = True


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """A table of the annex with its heading, the widths of its columns in centimetres, and the notes under it."""

    heading: str
    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Mark, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """A step's ticks and what was not possible."""

    measure: int
    number: int
    ticks: tuple[AnnexEntry, ...]
    refused: tuple[NotPossibleEntry, ...]

    @property
    def days(self) -> set[date | None]:
        return {one.scheduled_on for one in self.ticks} | {one.scheduled_on for one in self.refused}


def tables(data: ReportData) -> tuple[AnnexTable, ...]:
    """Every tick once: months, then quarters by measure, then all other steps in one list."""
    return tuple(_tables(data))


def _tables(data: ReportData) -> Iterator[AnnexTable]:
    steps = list(_steps(data))
    months = _months(data)
    monthly = [step for step in steps if _fits(step, {(day.year, day.month) for day in months}, data)]
    quarterly = [step for step in steps if step not in monthly and _is_quarterly(step, data)]
    yield from (_matrix(step, months, data) for step in monthly)
    for number in dict.fromkeys(step.measure for step in quarterly):
        yield _quarters([step for step in quarterly if step.measure == number], data)
    if others := [step for step in steps if step not in monthly and step not in quarterly]:
        yield _list(others, data)


def _steps(data: ReportData) -> Iterator[_Step]:
    ticks: dict[tuple[int, int], list[AnnexEntry]] = {}
    for entry in annex.in_order(data):
        ticks.setdefault((entry.measure, entry.step), []).append(entry)
    for (measure, number), entries in ticks.items():
        refused = tuple(one for one in data.not_possible if (one.measure, one.step) == (measure, number))
        yield _Step(measure, number, tuple(entries), refused)


def _months(data: ReportData) -> list[date]:
    start = fiscal_year_start(data.fiscal_year)
    places = (start.month - 1 + place for place in range(data.round))
    return [date(start.year + place // 12, place % 12 + 1, 1) for place in places]


def _fits(step: _Step, months: set[tuple[int, int]], data: ReportData) -> bool:
    found = {(day.year, day.month) if day else None for day in step.days}
    return len(found) >= _FEWEST_MONTHS and found <= months and not _is_quarterly(step, data)


def _is_quarterly(step: _Step, data: ReportData) -> bool:
    return len(step.days) >= _FEWEST_QUARTERS and step.days <= set(quarter_ends(data.fiscal_year))


def _matrix(step: _Step, months: Sequence[date], data: ReportData) -> AnnexTable:
    width = (_ALL - _UNIT_WIDTH - _TOTAL_WIDTH) / len(months)
    columns = [(month.year, month.month) for month in months]
    heads = (f"{MONTHS_SHORT[one.month - 1]}\n{digits(f'{to_be(one.year) % 100:02}', data)}" for one in months)
    return AnnexTable(
        f"{_place(step, data)} {_title(step, data)}".strip(),
        (_UNITS, *heads, f"{_SUM}\n(ครั้ง)"),
        (_UNIT_WIDTH, *(width for _ in months), _TOTAL_WIDTH),
        (*_unit_rows(step, columns, data), _sums(step, columns, data)),
        tuple(_notes(step, data)),
    )


def _unit_rows(step: _Step, columns: Sequence[tuple[int, int]], data: ReportData) -> Iterator[tuple[Mark, ...]]:
    for unit in _units(step):
        ticks = [tick for tick in step.ticks if tick.units == unit]
        cells = [_cell([tick for tick in ticks if _month(tick) == column], data) for column in columns]
        refused = {_month(one): Mark(("ทำไม่ได้",), grey=True) for one in step.refused if one.units == unit}
        marked = [refused.get(column, cell) for column, cell in zip(columns, cells, strict=True)]
        yield Mark((", ".join(unit),), centred=False), *marked, Mark((digits(len(ticks), data),))


def _sums(step: _Step, columns: Sequence[tuple[int, int]], data: ReportData) -> tuple[Mark, ...]:
    counts = [sum(_month(tick) == column for tick in step.ticks) for column in columns]
    numbers = (Mark((digits(count, data),)) for count in (*counts, len(step.ticks)))
    return Mark((f"{_SUM} (ครั้ง)",), centred=False), *numbers


def _cell(ticks: Sequence[AnnexEntry], data: ReportData) -> Mark:
    if not ticks:
        return Mark(("–",))
    if len(ticks) > 1:
        return Mark((f"✓ {digits(len(ticks), data)} ครั้ง",))
    done = ticks[0].done_on
    late = done is not None and _month(ticks[0]) < (done.year, done.month)
    day = digits(f"{done.day} {MONTHS_SHORT[done.month - 1]}", data) if done else annex.UNKNOWN_DAY
    return Mark(("✓ ช้า" if late else "✓", day), grey=late)


def _quarters(steps: Sequence[_Step], data: ReportData) -> AnnexTable:
    ends = quarter_ends(data.fiscal_year)[: data.round // 3]
    width = (_ALL - 1.6 - 6.5 - _TOTAL_WIDTH) / len(ends)
    rows = []
    for step in steps:
        for unit in _units(step):
            ticks = {tick.scheduled_on: tick for tick in step.ticks if tick.units == unit}
            refused = {one.scheduled_on for one in step.refused if one.units == unit}
            marks = (_on_day(ticks.get(end), end in refused, data) for end in ends)
            first = Mark((digits(step.number, data),)), Mark((", ".join(unit),), centred=False)
            rows.append((*first, *marks, Mark((digits(len(ticks), data),))))
    return AnnexTable(
        digits(f"มาตรการที่ {steps[0].measure} รายไตรมาส", data),
        ("ขั้นที่", _UNITS, *(digits(f"ไตรมาสที่ {place}", data) for place in range(1, len(ends) + 1)), _SUM),
        (1.6, 6.5, *(width for _ in ends), _TOTAL_WIDTH),
        tuple(rows),
        tuple(note for step in steps for note in _notes(step, data)),
    )


def _on_day(tick: AnnexEntry | None, refused: bool, data: ReportData) -> Mark:
    if tick is None:
        return Mark(("ทำไม่ได้",), grey=True) if refused else Mark(("–",))
    late = _is_late(tick)
    return Mark((f"{'✓ ช้า' if late else '✓'} {annex.day_of(tick.done_on, data)}",), grey=late)


def _list(steps: Sequence[_Step], data: ReportData) -> AnnexTable:
    numbers: dict[int, list[str]] = {}
    for exhibit in annex.exhibits(data):
        for entry in exhibit.entries:
            numbers.setdefault(id(entry), []).append(annex.numbered(exhibit, data))
    rows = []
    for step in steps:
        for tick in step.ticks:
            due = annex.day_of(tick.scheduled_on, data) if tick.scheduled_on else "–"
            proof = ", ".join(numbers.get(id(tick), ())) or "–"
            place = digits(f"{step.measure}.{step.number}", data)
            late = _is_late(tick)
            done = f"{'✓ ช้า' if late else '✓'} {annex.day_of(tick.done_on, data)}"
            name = Mark((", ".join(tick.units),), centred=False)
            rows.append((Mark((place,)), name, Mark((due,)), Mark((done,), grey=late), Mark((proof,), centred=False)))
    return AnnexTable(
        "ขั้นตอนอื่น (เลขมาตรการและขั้นตอน)",
        ("ขั้นที่", _UNITS, "กำหนด", "แล้วเสร็จ", "หลักฐาน"),
        (2.0, 9.7, 3.4, 4.0, 6.6),
        tuple(rows),
        tuple(note for step in steps for note in _notes(step, data)),
    )


def _notes(step: _Step, data: ReportData) -> Iterator[str]:
    """Why something was not possible, and the texts that the table left out."""
    for one in step.refused:
        day = annex.day_of(one.scheduled_on, data) if one.scheduled_on else ""
        who = " ".join(filter(None, (", ".join(one.units), day)))
        yield f"{_place(step, data)} {who} ไม่สามารถดำเนินการได้ {one.reason}".strip()
    texts: dict[object, list[AnnexEntry]] = {}
    for tick in step.ticks:
        texts.setdefault((tick.units, likeness.shape(tick.result).key), []).append(tick)
    if len(texts) > MOST_TEXTS * len(_units(step)):
        for ticks in texts.values():
            days = ", ".join(annex.day_of(tick.done_on, data) for tick in ticks)
            yield f"{_place(step, data)} {', '.join(ticks[0].units)} ({days}): {ticks[0].result}".replace("\n", " ")


def _units(step: _Step) -> list[tuple[str, ...]]:
    names = [one.units for one in step.ticks] + [one.units for one in step.refused]
    return [units for units in dict.fromkeys(names) if units]


def _month(entry: AnnexEntry | NotPossibleEntry) -> tuple[int, int]:
    day = entry.scheduled_on or date.max
    return day.year, day.month


def _is_late(tick: AnnexEntry) -> bool:
    return tick.done_on is not None and tick.scheduled_on is not None and tick.done_on > tick.scheduled_on


def _place(step: _Step, data: ReportData) -> str:
    return digits(f"มาตรการที่ {step.measure} ขั้นที่ {step.number}", data)


def _title(step: _Step, data: ReportData) -> str:
    """The step's text, by its number or, where the document numbers none, by its place."""
    measure = next((one for one in data.measures if one.number == step.measure), None)
    return _step_text(measure, step.number) if measure else ""


def _step_text(measure: ReportMeasure, number: int) -> str:
    by_number: Iterable[str] = (one.text for one in measure.steps if one.number == number)
    by_place = (one.text for place, one in enumerate(measure.steps, 1) if place == number)
    return next(iter((*by_number, *by_place)), "")
