"""A plan or report, read whole: bytes of any known format in, a draft plan with its warnings out. No database."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DocumentRound, DraftMeasure, DraftPlan, Warn
from tracker.plan_import.column_choice import ColumnQuestion
from tracker.plan_import.cover import contradictions, read_cover, year_of_headers
from tracker.plan_import.elsewhere import party_of_line, take_from_elsewhere
from tracker.plan_import.few import few
from tracker.plan_import.gathered import Gathered, MeasureRows
from tracker.plan_import.grid import Document, Line, Outside, Table
from tracker.plan_import.header_words import TITLES, Field
from tracker.plan_import.headers import chosen_headers, headers_in
from tracker.plan_import.headings import parted_headings
from tracker.plan_import.measures import MeasureReader, has_number, have_bare_numbers
from tracker.plan_import.plan_of_years import keep_own_year
from tracker.plan_import.plausible import leave_out_planned_outcomes, leave_out_planned_reports, refuse_a_form
from tracker.plan_import.readers import read_document
from tracker.plan_import.stand_in import gather_without_measures
from tracker.plan_import.table import gather
from tracker.plan_import.years import OtherYear, other_year

_PAGE_NUMBER = re.compile(r"[-–\s]*(?:หน้า(?:ที่)?\s*)?[0-9๐-๙]{1,4}[-–\s]*")
_MOST_SAMPLES = 3
"""Cells of a column that are quoted to tell what stands in it."""
_NO_COLUMNS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Original:
    """The six cells of a measure's rows as the document has them; ``place`` names the first row."""

    place: str
    measure: str
    steps: str
    responsible: str
    period: str
    summary: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReadMeasure:
    """A measure as it was understood, beside its cells, with the warnings that are about it."""

    draft: DraftMeasure
    original: Original
    warnings: tuple[Warn, ...]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as it was understood, measure by measure; ``warnings`` are about no single measure.

    ``questions`` are the columns that only a person can tell from others.
    """

    agency: str | None
    fiscal_year: int
    measures: tuple[ReadMeasure, ...]
    warnings: tuple[Warn, ...]
    place: str
    cover_year: int | None = None
    round: DocumentRound | None = None
    questions: tuple[ColumnQuestion, ...] = ()

    @property
    def other_year(self) -> OtherYear | None:
        """The fiscal year that the document is of, where it is not the one that it was read for."""
        return other_year(self._plan(()))

    @property
    def draft(self) -> DraftPlan:
        """What was understood, as one plan with all warnings."""
        other = self.other_year
        other_year = (other.warning,) if other else ()
        return self._plan(
            (*other_year, *few((*self.warnings, *(warning for one in self.measures for warning in one.warnings))))
        )

    def _plan(self, warnings: tuple[Warn, ...]) -> DraftPlan:
        measures = tuple(one.draft for one in self.measures)
        return DraftPlan(
            self.agency, self.fiscal_year, measures, warnings, self.place, cover_year=self.cover_year, round=self.round
        )


def read_plan(
    data: bytes,
    filename: str,
    fiscal_year: int,
    *,
    columns: Mapping[str, str] = _NO_COLUMNS,
    known_names: Collection[str] = (),
) -> DraftPlan:
    """What a document says about the plan of a fiscal year (Buddhist Era).

    ``columns`` names headers for fields that words alone do not settle; ``known_names`` are the agency's units,
    aliases and groups, within which a party cell is not split. What is not understood is a warning with its place.
    Raises NotUnderstoodError if the file is broken, hostile, of another kind, or holds no plan.
    """
    return read_beside(data, filename, fiscal_year, columns=columns, known_names=known_names).draft


def read_beside(
    data: bytes,
    filename: str,
    fiscal_year: int,
    *,
    columns: Mapping[str, str] = _NO_COLUMNS,
    remembered: Mapping[str, str] = _NO_COLUMNS,
    known_names: Collection[str] = (),
) -> ReadDocument:
    """As ``read_plan``, each measure beside the cells that it was read from.

    ``remembered`` are columns as ``columns`` has them that were named for an earlier file; a header that this one lacks
    says nothing.
    """
    document = read_document(data, filename)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    chosen = {**_still_there(chosen_headers(remembered), tables), **chosen_headers(columns)}
    lines_before = _before_tables(document)
    months = read_cover(lines_before).round
    lines_over = _lines_over(document)
    parties_over = _parties_of(lines_over)
    gathered = gather(tables, chosen, months, parties_over)
    if not gathered.fields and "measure" not in chosen:
        gathered = gather_without_measures(tables, chosen, lines_before, lines_over, months) or gathered
    refuse_a_form(gathered, tables)
    leave_out_planned_reports(gathered)
    _check(gathered, chosen)
    above, below = _around(document, gathered)
    leave_out_planned_outcomes(gathered, above, chosen)
    keep_own_year(gathered, fiscal_year)
    take_from_elsewhere(gathered, above)
    if "responsible" in gathered.fields:
        below = [line for line in below if party_of_line(line.text) not in parties_over.values()]
    cover = read_cover(above)
    reader = MeasureReader(fiscal_year, known_names, gathered.fields)
    measures_found, headings = parted_headings(gathered.measures, gathered.fields)
    kept, stray = _stray_titles(measures_found) if gathered.fields - {"measure"} else (measures_found, [])
    reader.bare_numbers = have_bare_numbers(kept)
    reader.grouped = bool(headings)
    measures = []
    for rows in kept:
        before = len(reader.warnings)
        draft = reader.read(rows)
        measures.append(ReadMeasure(draft, _original(rows), tuple(reader.warnings[before:])))
    warnings = (
        *contradictions(cover, list(_body(document, set(gathered.above)))),
        *(Warn(note.place, note.message) for note in document.notes),
        *(question.warning for question in gathered.questions),
        *_missing_columns(gathered),
        *gathered.warnings,
        *map(_heading, headings),
        *map(_stray, stray),
        *_extra_columns(gathered),
        *(Warn(line.place, f"ข้อความนอกตารางไม่ได้นำเข้า: “{line.text}”") for line in below),
    )
    year = cover.fiscal_year or year_of_headers(gathered.headers_seen)
    round_ = cover.round or gathered.months
    questions = tuple(gathered.questions)
    return ReadDocument(cover.agency, fiscal_year, tuple(measures), warnings, cover.place, year, round_, questions)


def _original(rows: MeasureRows) -> Original:
    groups = rows.groups
    return Original(
        place=rows.place,
        measure=" ".join(filter(None, (rows.ordinal, _shown(rows.title)))),
        steps="\n".join(filter(None, (_shown(group.steps) for group in groups))),
        responsible="\n".join(dict.fromkeys(filter(None, (_shown(group.responsible) for group in groups)))),
        period="\n".join(dict.fromkeys(filter(None, (_shown(group.period) for group in groups)))),
        summary=_shown(rows.summary),
        outcome=_shown(rows.outcome),
    )


def _shown(lines: Iterable[Line]) -> str:
    return "\n".join(line.shown for line in lines)


def _check(gathered: Gathered, chosen: Mapping[Field, str]) -> None:
    seen = "; ".join(header[:200] for header in gathered.headers_seen[:5])
    missing = [field for field in chosen if field not in gathered.fields]
    if gathered.fields and missing:
        names = ", ".join(f'"{chosen[field]}" ({field})' for field in missing)
        raise NotUnderstoodError(
            f"the table has no column headed {names}; its headers are: {seen}",
            f"ตารางไม่มีช่องที่ชื่อ {names} หัวตารางที่พบคือ {seen}",
        )
    if not gathered.fields:
        looked_for = ", ".join(
            chosen.get(field, TITLES[field]) for field in ("measure", "steps", "responsible", "period")
        )
        raise NotUnderstoodError(
            f"no table of a plan was found: looked for headers such as {looked_for}; found {seen or 'no table'}; "
            "name the headers with --column FIELD=HEADER",
            f"ไม่พบตารางแผน: หาหัวตารางเช่น {looked_for} แต่พบ {seen or 'ไม่มีตาราง'} ให้ระบุว่าช่องใดคืออะไร",
        )
    if not gathered.measures:
        raise NotUnderstoodError(
            f"the table has a header but no measure under it; its headers are: {seen}",
            f"ตารางมีหัวตารางแต่ไม่มีมาตรการ หัวตารางที่พบคือ {seen}",
        )


def _still_there(remembered: Mapping[Field, str], tables: Sequence[Table]) -> dict[Field, str]:
    """The remembered headers that stand in a table's first rows; of one header for two fields the first."""
    if not remembered:
        return {}
    there = {header for table in tables for header in headers_in(table)}
    return {field: header for field, header in remembered.items() if header in there}


def _lines_over(document: Document) -> dict[int, str]:
    """The line right above a table, by the table's place among the tables."""
    found: dict[int, str] = {}
    tables = 0
    last = ""
    for block in document.blocks:
        if isinstance(block, Table):
            if last:
                found[tables] = last
            tables, last = tables + 1, ""
        else:
            last = block.text
    return found


def _parties_of(lines: Mapping[int, str]) -> dict[int, str]:
    """The parties that lines name, by the table's place."""
    return {place: party for place, line in lines.items() if (party := party_of_line(line)) is not None}


def _before_tables(document: Document) -> list[str]:
    """The lines above the first table, whether it is of the plan or not."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            break
        lines.append(block.text)
    return lines


def _around(document: Document, gathered: Gathered) -> tuple[list[str], list[Outside]]:
    """The lines above the first table of the plan, and what other lines say that these do not (page numbers aside)."""
    above: list[str] = []
    below: list[Outside] = []
    begun = False
    for block in document.blocks:
        if isinstance(block, Table):
            begun = begun or block is gathered.first
        elif not begun:
            above.append(block.text)
        elif block.text not in above and block.text not in gathered.titles and not _PAGE_NUMBER.fullmatch(block.text):
            below.append(block)
    return above + gathered.above, below


def _body(document: Document, above: Collection[str]) -> Iterator[str]:
    """The lines of all cells but those above the header."""
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.filled:
                    if cell.text not in above:
                        yield from (line.text for line in cell.lines)


def _stray_titles(measures: Sequence[MeasureRows]) -> tuple[list[MeasureRows], list[MeasureRows]]:
    """Measures, and rows that hold an unnumbered text alone among numbered measures."""
    numbered = sum(has_number(rows) for rows in measures)
    stray = [rows for rows in measures if rows.is_bare() and not has_number(rows) and numbered]
    return [rows for rows in measures if not any(rows is other for other in stray)], stray


def _stray(rows: MeasureRows) -> Warn:
    text = "\n".join(line.shown for line in rows.title)
    return Warn(rows.place, f"แถวนี้มีแต่ข้อความเดียว จึงไม่ได้นำเข้า: “{text}”")


def _heading(rows: MeasureRows) -> Warn:
    text = "\n".join(line.shown for line in rows.title)
    return Warn(rows.place, f"แถวนี้เป็นหัวข้อของมาตรการข้างล่าง จึงไม่ใช่มาตรการ: “{text}”")


def _missing_columns(gathered: Gathered) -> list[Warn]:
    wanted: tuple[Field, ...] = ("steps", "responsible", "period")
    return [Warn("header", f"ตารางไม่มีช่อง “{TITLES[field]}”") for field in wanted if field not in gathered.fields]


def _extra_columns(gathered: Gathered) -> list[Warn]:
    return [
        Warn(f"column “{header}”", f"ช่องนี้ไม่ใช่ส่วนของแผน จึงไม่ได้นำเข้า: {_some(texts)}")
        for header, texts in gathered.extra.items()
    ]


def _some(texts: Sequence[str]) -> str:
    rest = len(texts) - _MOST_SAMPLES
    return ", ".join(texts[:_MOST_SAMPLES]) + (f" และอีก {rest} ช่อง" if rest > 0 else "")
