"""From tables to measures: which rows belong together, what each row says, and what is left over with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.plan_draft import Warn
from tracker.plan_import.column_choice import choose_columns, is_of, round_of_results
from tracker.plan_import.combined import names_a_deadline, parted_times, shared_column
from tracker.plan_import.cover import read_cover
from tracker.plan_import.gathered import Gathered, MeasureRows, StepRows
from tracker.plan_import.grid import Cell, Line, Row, Table
from tracker.plan_import.header_words import FIELDS, Field
from tracker.plan_import.headers import (
    HEADER_WITHIN,
    Layout,
    find_layout,
    is_column_numbering,
    is_headed,
)
from tracker.plan_import.lines_over import LinesOver
from tracker.plan_import.own_tables import is_of_report, is_signature
from tracker.plan_import.period.columns import Source, TimeTable, joined_period, time_table
from tracker.plan_import.plan_and_actual import planned_rows
from tracker.plan_import.plan_of_years import has_years
from tracker.plan_import.row_cells import cells_by_field, is_numbered, lines_in, ticked_party
from tracker.plan_import.row_kinds import heads_steps, is_section_or_footer
from tracker.thai.text import fold_name, squeeze_spaces

_OVERVIEW_LACKS = 2
"""A table with so many fields fewer than the document's fullest is its overview (measures, years), not its plan."""
_CONTINUED = re.compile(r"[(\[]?\s*(?:ต่อ|continued)\s*[)\]]?")
_CONTINUED_AT_END = re.compile(r"\s*[(\[]\s*(?:ต่อ|continued)\s*[)\]]\s*$")
_NUMBER_ALONE = re.compile(r"[(\[]?[0-9๐-๙]{1,3}[.)\]]+")
_LEAD_NUMBER = re.compile(r"^[(\[]?[0-9๐-๙]{1,3}[.)\]]+\s*")
_DITTO = re.compile(r"[-–.\s]*(?:[\"“”〃]|''|,,)[-–.\s]*")
_IS_ORDINAL = re.compile(r"[(\[]?[0-9๐-๙]{1,3}(?:\.[0-9๐-๙]{1,3})*[\s.)\]]*")

_NO_PARTIES: Mapping[int, str] = {}

_READ_FROM: Mapping[Source, str] = {
    "marks": "ระยะเวลาอ่านจากเครื่องหมายใต้หัวตาราง",
    "fills": "ระยะเวลาอ่านจากสีพื้นใต้หัวตาราง โปรดตรวจ",
    "texts": "ระยะเวลาอ่านจากหัวตารางที่มีข้อความอยู่ใต้ โปรดตรวจ",
    "counts": "ตัวเลขใต้หัวตารางอ่านเป็นเครื่องหมาย ไม่ใช่วันที่ โปรดตรวจ",
}


def gather(
    tables: Iterable[Table],
    chosen: Mapping[Field, str],
    months: int | None = None,
    parties_over: Mapping[int, str] = _NO_PARTIES,
) -> Gathered:
    """Reads the tables in order; a table without a header continues the one before it if it is as wide.

    A table with far fewer of a plan's columns than another one of the document (an overview before the plan, the plan
    before its report) is left out and reported. ``months`` is the round that the lines above name,
    ``parties_over`` the party that the line right above a table does, by the table's place.
    """
    all_tables = list(tables)
    gatherer = _Gatherer(
        chosen, most_fields=max((_fields_in(table, chosen) for table in all_tables), default=0), months=months
    )
    for place, table in enumerate(all_tables):
        gatherer.take_party_over(table, parties_over.get(place))
        gatherer.take(table)
        if gatherer.layout is not None and gatherer.result.first is None:
            gatherer.result.first = table
    for measure in gatherer.result.measures:
        measure.groups = measure.groups or [StepRows()]
    return gatherer.result


class _Gatherer:
    def __init__(self, chosen: Mapping[Field, str], most_fields: int, months: int | None) -> None:
        self.chosen = chosen
        self.most_fields = most_fields
        self.months = months
        self.result = Gathered()
        self.layout: Layout | None = None
        self.above: dict[Field, list[Line]] = {}
        self.over_steps = False
        self.times = TimeTable()
        self.lines = LinesOver()

    def take(self, table: Table) -> None:
        start, layout = self._header(table)
        if layout is None and self.layout is not None and self._is_as_wide(table):
            self._take_rows(table.rows, self.layout)
        elif layout is not None and len(layout.fields()) > self.most_fields - _OVERVIEW_LACKS:
            if self.layout is not None and self._is_as_wide(table):
                self._take_rows(table.rows[:start], self.layout)
            else:
                self._take_rows_above(table.rows[:start])
            self._begin(layout, table.rows[start + layout.height :])
        elif table.nested:
            self._take_layout(table)
        else:
            self._take_other(table)

    def _begin(self, layout: Layout, rows: Sequence[Row]) -> None:
        """A plan's rows under their header."""
        self.layout = layout = self._weighed(layout, rows)
        self.result.fields |= layout.fields()
        self.result.of_years |= has_years(layout)
        self.result.headers_seen.append(" | ".join(column.header for column in layout.columns))
        self._take_rows(rows, layout)

    def _weighed(self, layout: Layout, rows: Sequence[Row]) -> Layout:
        """The layout with the columns that the cells under it choose; what is said of it is said once."""
        found = choose_columns(layout, rows, self.chosen, self.months or read_cover(self.result.above).round)
        self.result.months = self.result.months or round_of_results(found.layout)
        self.result.warnings.extend(one for one in found.warnings if one not in self.result.warnings)
        known = {(asked.field, asked.options[0].header) for asked in self.result.questions}
        self.result.questions.extend(
            asked for asked in found.questions if (asked.field, asked.options[0].header) not in known
        )
        return found.layout

    def _take_layout(self, table: Table) -> None:
        """A table that only places others: its lines above the plan belong to the cover, others are reported."""
        plan: Table | None = None
        beside: list[str] = []
        within: Counter[Line] = Counter()
        for nested in table.nested:
            had_layout = self.layout is not None
            self.take(nested)
            within.update(nested.lines)
            if plan is None and self.layout is not None and not had_layout:
                plan = nested
        above = self.layout is None or plan is not None
        for line in table.lines:
            above = above and (plan is None or line != plan.lines[0])
            if within[line]:
                within[line] -= 1
            elif above:
                self.result.above.append(line.shown)
            else:
                beside.append(line.shown)
        if beside:
            self._warn(table.place, f"ข้อความนอกตารางไม่ได้นำเข้า: {_quoted(beside)}")

    def _header(self, table: Table) -> tuple[int, Layout | None]:
        for index in range(min(len(table.rows), HEADER_WITHIN)):
            if self.layout is not None and self.layout.repeats_in(table.rows[index]):
                again = self.layout.repeated_from(table.rows, index)
                found = find_layout(again, index, self.chosen)
                same = found is not None and len(found.fields()) >= len(self.layout.fields())
                return index, found if same else replace(self.layout, height=len(again) - index)
            layout = find_layout(table.rows, index, self.chosen, sure=self.layout is not None)
            if layout is not None:
                return index, layout
        return 0, None

    def _is_as_wide(self, table: Table) -> bool:
        widest = max((len(row.cells) for row in table.rows), default=0)
        return self.layout is not None and not table.stands_alone and widest == len(self.layout.columns)

    def _take_rows_above(self, rows: Sequence[Row]) -> None:
        for row in rows:
            texts = [cell.text for cell in row.filled]
            self.result.above.extend(texts)
            if len(texts) > 1:
                self._warn(row.place, f"ข้อความเหนือหัวตารางไม่ได้นำเข้า: {_quoted(texts)}")

    def _take_other(self, table: Table) -> None:
        texts = [cell.text for row in table.rows for cell in row.filled]
        if not texts or (self.layout is not None and is_of_report([cell.text for cell in table.rows[0].filled])):
            return
        widest = max(table.rows, key=lambda row: len(row.filled))
        self.result.headers_seen.append(" | ".join(squeeze_spaces(cell.text) for cell in widest.filled))
        if self.layout is None:
            self.result.above.extend(texts)
        if self.layout is not None or len(widest.filled) > 1:
            self._warn(table.place, f"ตารางนี้ไม่มีหัวตารางของแผน จึงไม่ได้นำเข้า: {_quoted(texts)}")

    def _take_rows(self, rows: Sequence[Row], layout: Layout) -> None:
        skip = 0
        rows, header, below = self._up_to_another_header(rows, layout)
        rows, left_out = planned_rows(rows, layout)
        self.result.warnings.extend(left_out)
        self.times = time_table(rows, layout)
        for index, row in enumerate(rows):
            if skip:
                skip -= 1
            elif layout.repeats_in(row):
                again = layout.repeated_from(rows, index)
                self.layout = layout = self._repeated(find_layout(again, index, self.chosen, sure=True), layout)
                skip = len(again) - index - 1
            elif row.filled and not is_column_numbering(row):
                self._take_row(row, layout, _next_filled(rows, index))
        if header is not None:
            self._begin(header, below)

    def _up_to_another_header(
        self, rows: Sequence[Row], layout: Layout
    ) -> tuple[Sequence[Row], Layout | None, Sequence[Row]]:
        """The rows above the header of a second plan in the same table, that header, and the rows below it."""
        for index, row in enumerate(rows):
            if is_headed(row) and not layout.repeats_in(row):
                found = find_layout(rows, index, self.chosen, sure=True)
                if found is not None:
                    return rows[:index], found, rows[index + found.height :]
        return rows, None, ()

    def _repeated(self, found: Layout | None, before: Layout) -> Layout:
        """The layout of a header that stands again; its columns hold what the cells under it were found to say."""
        if found is None:
            return before
        counts = Counter(column.header for column in before.columns)
        known = {column.header: column for column in before.columns if counts[column.header] == 1}
        return replace(found, columns=tuple(is_of(column, known) for column in found.columns))

    def _take_row(self, row: Row, layout: Layout, after: Row | None) -> None:
        if is_signature([cell.text for cell in row.filled]):
            return
        if heads_steps(row, after, layout):
            self.over_steps = True
            self.result.fields.add("steps")
            self.result.measures.append(MeasureRows(row.place, title=list(row.filled[0].lines)))
            return
        told = self.lines.take(row, layout)
        if told is not None:
            self.result.warnings.append(told)
            return
        cells = self._cells_of(row, layout)
        if is_section_or_footer(row, layout):
            self._warn(row.place, f"แถวนี้ไม่ใช่มาตรการ จึงไม่ได้นำเข้า: {_quoted(cell.text for cell in row.filled)}")
            return
        said_beside = [cell.text for cell in cells["ordinal"] if cell.lines and not _IS_ORDINAL.fullmatch(cell.text)]
        if said_beside:
            self._warn(row.place, f"ข้อความในช่องลำดับไม่ได้นำเข้า: {_quoted(said_beside)}")
        if self._goes_on_with_title(cells, layout):
            self.result.measures[-1].title.extend(lines_in(cells["measure"]))
            texts = _quoted(cell.text for cell in cells["measure"])
            self._warn(row.place, f"แถวนี้ไม่มีเลขลำดับ ผู้รับผิดชอบ และระยะเวลา จึงอ่านต่อจากมาตรการก่อนหน้า: {texts}")
            self._take_cells(cells, new=False)
        elif self._begins_measure(cells["measure"]):
            ordinal = squeeze_spaces(" ".join(cell.text for cell in cells["ordinal"]))
            self.result.measures.append(MeasureRows(row.place, ordinal, list(lines_in(cells["measure"]))))
            self._take_cells(cells, new=True)
        elif self.result.measures:
            self._take_cells(cells, new=not self.result.measures[-1].groups)
        else:
            self._warn(row.place, f"แถวนี้ไม่มีมาตรการอยู่ข้างบน จึงไม่ได้นำเข้า: {_quoted(cell.text for cell in row.filled)}")
            return
        self._take_extra(layout, layout.cells_of(row))

    def _cells_of(self, row: Row, layout: Layout) -> dict[str, list[Cell]]:
        """The row's cells by field, with what other columns and lines say of its steps, period and party."""
        cells = cells_by_field(layout.cells_of(row), layout)
        if self.over_steps and "steps" not in layout.fields():
            cells["steps"], cells["measure"] = cells["measure"], []
        periods = [column for column in layout.columns if column.holds == "period"]
        if (shared := shared_column(layout)) and (shared != "period" or len(periods) == 1):
            self._part_times(cells, layout, shared)
        elif any(column.part for column in periods):
            cells["period"] = self._period_of(row, layout)
        cells["responsible"] = [ticked_party(cell, layout, row) for cell in cells["responsible"]]
        self.result.fields |= self.lines.fill(cells)
        return cells

    def take_party_over(self, table: Table, party: str | None) -> None:
        """The party that a line over a table names is that of its rows, where it has no column for one."""
        layout = self._header(table)[1] if party is not None else None
        if party is not None and layout is not None and "responsible" not in layout.fields():
            self.lines.party = party
            self._warn(table.place, f"ผู้รับผิดชอบของตารางนี้อ่านจากข้อความเหนือตาราง โปรดตรวจ: “{party}”")

    def _part_times(self, cells: dict[str, list[Cell]], layout: Layout, shared: str) -> None:
        """What reads as a time in the one column of parties and times is the period, the rest names the parties."""
        lines = list(lines_in(cells[shared]))
        if not lines:  # merged with the cell above: both go on
            cells["period"] = cells["responsible"] = cells[shared]
            return
        names, times = parted_times(lines, deadline=names_a_deadline(layout))
        self.result.fields |= {"period", "responsible"}
        column = cells[shared][0].column
        cells["period"] = [Cell(tuple(map(Line, times)), column)]
        cells["responsible"] = [Cell(tuple(map(Line, names)), column)]

    def _period_of(self, row: Row, layout: Layout) -> list[Cell]:
        joined = joined_period(row, layout, self.times)
        if joined.source != "cell":
            self._warn(row.place, f"{_READ_FROM[joined.source]}: “{joined.cell.text}”")
        unread = [text for text in joined.unread if text]
        if unread:
            self._warn(row.place, f"ข้อความใต้หัวตารางเวลาไม่บอกเวลา โปรดตรวจ: {_quoted(unread)}")
        return [joined.cell]

    def _begins_measure(self, cells: Sequence[Cell]) -> bool:
        text = "\n".join(line.shown for line in lines_in(cells))
        if not text or _CONTINUED.fullmatch(_LEAD_NUMBER.sub("", text)) or all(cell.continues for cell in cells):
            return False
        if not self.result.measures:
            return True
        before = fold_name("\n".join(line.shown for line in self.result.measures[-1].title))
        bare = fold_name(_CONTINUED_AT_END.sub("", text))
        short = bool(_CONTINUED_AT_END.search(text) or _NUMBER_ALONE.fullmatch(text))
        if short and before.startswith(bare) and not before[len(bare) :][:1].isdigit():
            return False
        return bare != _CONTINUED_AT_END.sub("", before)

    def _goes_on_with_title(self, cells: Mapping[str, Sequence[Cell]], layout: Layout) -> bool:
        """Whether a row's measure cell, without a number, goes on with the numbered one above it.

        So it is where the row has neither party nor period of its own, in a table that has columns for both.
        """
        if not {"responsible", "period"} <= layout.fields() or not self._begins_measure(cells["measure"]):
            return False
        others = (*cells["responsible"], *cells["period"], *cells["ordinal"])
        if not self.result.measures or any(cell.lines or cell.continues for cell in others):
            return False
        said = any(lines_in(cells[name]) for name in ("steps", "summary", "outcome"))
        return said and is_numbered(self.result.measures[-1].title) and not is_numbered(lines_in(cells["measure"]))

    def _take_cells(self, cells: Mapping[str, Sequence[Cell]], *, new: bool) -> None:
        measure = self.result.measures[-1]
        said: dict[Field, list[Line]] = {}
        for name in FIELDS[1:]:
            said[name] = list(lines_in(cells[name]))
            inherits = any(cell.continues for cell in cells[name]) and not said[name]
            if name in ("responsible", "period"):
                inherits = inherits or (not new and not said[name])
                inherits = inherits or bool(_DITTO.fullmatch("\n".join(line.shown for line in said[name])))
                if inherits:
                    said[name] = list(self.above.get(name, ()))
        own = {name: bool(lines_in(cells[name])) for name in FIELDS[1:]}
        self._take_steps(measure, said, own, new=new)
        repeats = not new and bool(lines_in(cells["measure"]))
        for name, column in (("summary", measure.summary), ("outcome", measure.outcome)):
            if not (repeats and said[name] == self.above.get(name)):
                column.extend(said[name])
        for name in FIELDS[1:]:
            if said[name] or new:
                self.above[name] = said[name]

    def _take_steps(
        self,
        measure: MeasureRows,
        said: Mapping[Field, list[Line]],
        own: Mapping[Field, bool],
        *,
        new: bool,
    ) -> None:
        same_steps = not new and bool(said["steps"]) and said["steps"] == self.above.get("steps")
        if new or (said["steps"] and not same_steps):
            bare = not new and not own["responsible"] and not own["period"]
            measure.groups.append(StepRows(said["steps"], said["responsible"], said["period"], bare))
            return
        group = measure.groups[-1]
        columns: tuple[tuple[Field, list[Line]], ...] = (("responsible", group.responsible), ("period", group.period))
        for name, column in columns:
            if own[name] and said[name] != self.above.get(name):
                column.extend(line for line in said[name] if line not in column)

    def _take_extra(self, layout: Layout, under: Mapping[int, Sequence[Cell]]) -> None:
        for index, cells in under.items():
            column = layout.columns[index] if index >= 0 else None
            if column is not None and column.holds is not None:
                continue
            text = "\n".join(cell.text for cell in cells if cell.lines)
            if text.strip(" -–\n"):
                header = column.header if column else ""
                place = f"มาตรการ {len(self.result.measures)}"
                self.result.extra.setdefault(header, []).append(f"{place}: “{text}”")

    def _warn(self, where: str, message: str) -> None:
        self.result.warnings.append(Warn(where, message))


def _next_filled(rows: Sequence[Row], index: int) -> Row | None:
    return next((row for row in rows[index + 1 :] if row.filled), None)


def _fields_in(table: Table, chosen: Mapping[Field, str]) -> int:
    for index in range(min(len(table.rows), HEADER_WITHIN)):
        layout = find_layout(table.rows, index, chosen)
        if layout is not None:
            return len(layout.fields())
    return max((_fields_in(nested, chosen) for nested in table.nested), default=0)


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
