"""Tables without a whole header: steps without measures, or มาตรการ over columns of any name. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.plan_draft import Warn
from tracker.plan_import.gathered import Gathered, MeasureRows, StepRows
from tracker.plan_import.grid import Line, Row, Table
from tracker.plan_import.header_words import Field
from tracker.plan_import.headers import HEADER_WITHIN, fold, header_score
from tracker.plan_import.table import gather
from tracker.thai.text import squeeze_spaces

_FIRM = 80.0
"""The least weight of a header that by itself makes its table one of a plan."""
_LEAST_CELLS = 3
_LONGEST_TITLE = 200
"""Letters of a line above a table that can name the measure whose steps it holds."""
_OF_COVER = re.compile(r"[(\[]|(?:ประจำ)?ปี|พ\.ศ\.|ณ\s|รอบ|อำเภอ|จังหวัด|ตำบล|องค์การบริหาร|เทศบาล|อบต\.|หน้า|ส่วนที่")
"""How a cover's other lines begin: its year, agency, place."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """The header that stands for the measures; ``steps`` says that its cells are the steps of one."""

    header: str
    steps: bool


def gather_without_measures(
    tables: Sequence[Table], chosen: Mapping[Field, str], above: Sequence[str], months: int | None
) -> Gathered | None:
    """What the tables hold, read by a header that stands for the measures; None where no such header tells enough.

    ``above`` are the lines above the tables: the nearest names the measure whose steps they list.
    """
    for found in _stand_ins(tables):
        gathered = gather(tables, {**chosen, "measure": fold(found.header)}, months)
        others = gathered.fields - {"measure"}
        if len(others & {"steps", "responsible", "period"}) < 1 + (not found.steps) or not gathered.measures:
            continue
        if found.steps and "steps" not in others:
            _as_steps(gathered, [*above, *gathered.above])
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


def _as_steps(gathered: Gathered, above: Sequence[str]) -> None:
    """The rows as the steps of the measure that the nearest line above names; without a line they stay measures."""
    lines = [squeeze_spaces(line) for text in above for line in text.split("\n")]
    names = (line for line in reversed(lines) if line and len(line) <= _LONGEST_TITLE and not _OF_COVER.match(line))
    title = next(names, None)
    if title is None:
        return
    first = gathered.measures[0]
    groups = [
        StepRows(list(rows.title), group.responsible, group.period, bare=False)
        for rows in gathered.measures
        for group in rows.groups
    ]
    gathered.measures = [MeasureRows(first.place, title=[Line(title)], groups=groups)]
    gathered.fields.add("steps")
    gathered.warnings.append(Warn(first.place, f"ตารางมีแต่ขั้นตอน จึงใช้ข้อความเหนือตารางเป็นชื่อมาตรการ โปรดตรวจ: “{title}”"))
