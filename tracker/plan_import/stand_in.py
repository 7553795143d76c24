"""Tables without a whole header: steps without measures, or มาตรการ over columns of any name. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.plan_draft import Warn
from tracker.plan_import.gathered import Gathered, MeasureRows, StepRows
from tracker.plan_import.grid import Line, Row, Table
from tracker.plan_import.header_score import fold, header_score
from tracker.plan_import.header_words import Field
from tracker.plan_import.headers import HEADER_WITHIN
from tracker.plan_import.row_cells import MEASURE_LABEL
from tracker.plan_import.table import gather
from tracker.thai.numerals import to_arabic
from tracker.thai.text import squeeze_spaces

_FIRM = 80.0
"""The least weight of a header that by itself makes its table one of a plan."""
_LEAST_CELLS = 3
_LONGEST_TITLE = 200
"""Letters of a line above a table that can name the measure whose steps it holds."""
_OF_COVER = re.compile(r"[(\[]|(?:ประจำ)?ปี|พ\.ศ\.|ณ\s|รอบ|อำเภอ|จังหวัด|ตำบล|องค์การบริหาร|เทศบาล|อบต\.|หน้า|ส่วนที่")
"""How a cover's other lines begin: its year, agency, place."""
_NAMES_A_MEASURE = re.compile(r"(?:มาตรการ|โครงการ|กิจกรรม|แผนงาน|แนวทาง|[(\[]?[0-9๐-๙]{1,2}[.)\]])(?!.{200})")
"""How a line over a further table names the measure whose steps stand in it."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """The header that stands for the measures; ``steps`` says that its cells are the steps of one."""

    header: str
    steps: bool


def gather_without_measures(
    tables: Sequence[Table],
    chosen: Mapping[Field, str],
    above: Sequence[str],
    lines_over: Mapping[int, str],
    months: int | None,
) -> Gathered | None:
    """What the tables hold, read by a header that stands for the measures; None where no such header tells enough.

    ``above`` are the lines above the tables: the nearest names the measure whose steps they list. A later table may
    have its own in ``lines_over``, by its place among the tables.
    """
    for found in _stand_ins(tables):
        gathered = gather(tables, {**chosen, "measure": fold(found.header)}, months)
        others = gathered.fields - {"measure"}
        if len(others & {"steps", "responsible", "period"}) < 1 + (not found.steps) or not gathered.measures:
            continue
        if found.steps and "steps" not in others:
            over = {table.place: lines_over[place] for place, table in enumerate(tables) if place in lines_over}
            _as_steps(gathered, [*above, *gathered.above], over)
        return gathered
    return None


def _stand_ins(tables: Sequence[Table]) -> Iterator[StandIn]:
    for table in tables:
        for row in table.rows[:HEADER_WITHIN]:
            found = _stand_in(row)
            if found is not None:
                yield found
        yield from _stand_ins(table.nested)


def _stand_in(row: Row) -> StandIn | None:
    if len(row.filled) < _LEAST_CELLS:
        return None
    texts = [squeeze_spaces(cell.text) for cell in row.filled]
    measure = next((text for text in texts if header_score("measure", text) >= _FIRM), None)
    if measure is not None:
        return StandIn(measure, steps=False)
    steps = max(texts, key=lambda text: header_score("steps", text))
    others = sum(max(header_score("responsible", text), header_score("period", text)) >= _FIRM for text in texts)
    return StandIn(steps, steps=True) if header_score("steps", steps) >= _FIRM and others else None


def _as_steps(gathered: Gathered, above: Sequence[str], over: Mapping[str, str]) -> None:
    """The rows as the steps of the measure that the nearest line above names; without a line they stay measures.

    A further measure begins at a table with a line of its own (``over``), and at a row that holds but its name.
    """
    lines = [squeeze_spaces(line) for text in above for line in text.split("\n")]
    names = (line for line in reversed(lines) if line and len(line) <= _LONGEST_TITLE and not _OF_COVER.match(line))
    title = next(names, None)
    if title is None:
        return
    first = gathered.measures[0]
    measures = [MeasureRows(first.place, title=[Line(title)])]
    table = _table_of(first)
    for rows in gathered.measures:
        before, table = table, _table_of(rows)
        own = over.get(table, "") if table != before else ""
        if own and _NAMES_A_MEASURE.match(own):
            measures.append(MeasureRows(rows.place, title=[Line(own)]))
            gathered.titles.add(own)
        if rows.is_bare() and MEASURE_LABEL.match(to_arabic(rows.title[0].shown)):
            measures.append(MeasureRows(rows.place, title=list(rows.title)))
            continue
        measures[-1].groups += [
            StepRows(list(rows.title), group.responsible, group.period, bare=False) for group in rows.groups
        ]
    gathered.measures = [rows for rows in measures if rows.groups]
    gathered.fields.add("steps")
    gathered.warnings.append(Warn(first.place, f"ตารางมีแต่ขั้นตอน จึงใช้ข้อความเหนือตารางเป็นชื่อมาตรการ โปรดตรวจ: “{title}”"))


def _table_of(rows: MeasureRows) -> str:
    return rows.place.rpartition(",")[0]
