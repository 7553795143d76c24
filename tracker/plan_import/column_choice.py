"""Which of competing columns holds a part of the plan: where headers leave it open, the cells decide, else a person.

Where two columns read alike and their headers name the part about as firmly, nobody but the agency can tell: the first
is taken and the question is put with three cells of each (docs/rules.md, "Which column is which"). Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DocumentRound, Warn
from tracker.plan_import.column_sense import (
    names_divisions,
    plans_a_report,
    reads_as,
    share,
    tells_a_purpose,
    tells_results,
)
from tracker.plan_import.combined import shared_column
from tracker.plan_import.grid import Row
from tracker.plan_import.header_score import fold, header_score, is_former
from tracker.plan_import.header_words import TITLES, Field
from tracker.plan_import.headers import FREQUENCY, Column, Layout, is_column_numbering, names_a_start
from tracker.plan_import.period import bears_on_time, tells_only_how_often
from tracker.thai.numerals import to_arabic
from tracker.thai.text import squeeze_spaces

_LOOKED_AT = 40
"""Rows whose cells tell what a column holds."""
_TOLD_APART: tuple[Field, ...] = ("period", "responsible", "steps")
"""The parts of a plan whose cells tell one from the other."""
_LEAST_DOUBTED = 2
"""Cells that make a column's doubt; one is told of as a cell."""
_SAMPLES = 3
_LONGEST_SAMPLE = 60
_LONGEST_FREQUENCY = 100
_SURE = 0.8
"""From this share of its cells on a column reads as what a part of the plan holds."""
_AS_FIRM = 0.9
"""A header that names a part with this much of another's weight is as good a header."""
_VAGUE = 50.0
"""The weight of a header (การดำเนินงาน) that may head what is to be done and what was done."""
_OTHER_MATTERS = re.compile(
    "วัตถุประสงค์|เป้าหมาย|ตัวชี้วัด|ปัญหา|หมายเหตุ|งบประมาณ|หลักฐาน|เกณฑ์|ความเสี่ยง|อุปสรรค|ข้อเสนอ|ผลที่คาด|ติดตาม|กำกับ|สนับสนุน|เกี่ยวข้อง"
    "|แนวทางการพัฒนา|ยุทธศาสตร์|เป้าประสงค์|อนุมัติ|ผู้ตรวจ|ผู้รายงาน|ผู้จัดทำ|ผู้บันทึก|ผู้เข้า|ผู้รับบริการ|สถานที่|สถานะ|วิทยากร|ลงนาม|ลงชื่อ|objective|target|indicator|budget|remark|note|risk|evidence",
    re.IGNORECASE,
)
"""Headers of columns that a plan has besides its own parts, whatever their cells read like."""
_NOT_ITS_TIME = re.compile(
    "รายงาน|อนุมัติ|ลงนาม|ประชุมเมื่อ|ปรับปรุงล่าสุด|วันที่จัดทำ|วันที่บันทึก|เลขที่|จริง|updated|approved|actual", re.IGNORECASE
)
_PROJECTS = re.compile(r"\s*(?:โครงการ|กิจกรรม|แนวทาง|แผนงาน|การดำเนิน|งานที่)")
"""Headers that name the measures of a plan without มาตรการ, and beside it what is done for them."""
_JOINT = re.compile("หลัก|ร่วม|รอง|สนับสนุน")
"""หน่วยงานหลัก, หน่วยงานสนับสนุน: columns of parties that answer together."""
_DUE = re.compile("กำหนด|เสร็จ|ภายใน|ครบ|ส่ง|due|deadline", re.IGNORECASE)
"""Headers of a last day, which is no other name of ระยะเวลา."""
_FREQUENCY = re.compile("ความถี่|frequency", re.IGNORECASE)
_COUNTS = re.compile(r"\s*(?:จำนวน)?\s*[0-9๐-๙]{1,2}\s*ครั้ง\s*")
"""๑ ครั้ง under ความถี่: how often in all."""
_MONTHS = re.compile(r"(?<![0-9])(6|12)\s*เดือน")


@dataclass(frozen=True, slots=True)
class Option:
    """A column that may be the one, with some of its cells."""

    header: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """Which of several columns a part of the plan is; the first is taken until somebody says."""

    field: Field
    options: tuple[Option, ...]

    @property
    def warning(self) -> Warn:
        """The question for people, with some cells of each column."""
        named = " หรือ ".join(
            f"“{one.header}” ({', '.join(f'“{sample}”' for sample in one.samples)})" for one in self.options
        )
        return Warn(
            "header",
            f"ช่อง “{TITLES[self.field]}” อาจเป็น {named} จึงใช้ “{self.options[0].header}” ไปก่อน โปรดเลือกว่าเป็นช่องใด",
        )


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The layout with the columns that the cells chose, what is to be said of it, and what is left to ask."""

    layout: Layout
    warnings: tuple[Warn, ...] = ()
    questions: tuple[ColumnQuestion, ...] = ()


def refusal(questions: Sequence[ColumnQuestion]) -> NotUnderstoodError:
    """Why nothing is stored while it is open which column is what, with the ways to say it."""
    asked = "; ".join(
        f"{question.field}: "
        + " or ".join(f"“{one.header}” ({', '.join(f'“{text}”' for text in one.samples)})" for one in question.options)
        for question in questions
    )
    example = f"--column {questions[0].field}={questions[0].options[0].header}"
    return NotUnderstoodError(
        f"it is open which column is what, and nothing was stored ({asked}): say it with {example}, or another header",
        f"ยังไม่รู้ว่าช่องใดคืออะไร จึงยังไม่ได้บันทึก ({asked}): ระบุด้วย {example} หรือหัวตารางอื่น",
    )


def choose_columns(
    layout: Layout, rows: Sequence[Row], chosen: Mapping[Field, str], months: int | None = None
) -> ChosenColumns:
    """The layout, its columns weighed by the rows under it.

    ``chosen`` are fields that somebody named a column for, which stay; ``months`` is the round that the cover names.
    """
    chooser = _Chooser(layout, _samples(layout, rows), months)
    for field in ("period", "responsible", "steps"):
        if field not in chosen:
            chooser.weigh(field)
    if "period" not in chosen:
        chooser.join_frequency()
    if not chosen.keys() & {"steps", "summary"}:
        chooser.tell_done_from_planned()
    if "summary" not in chosen:
        chooser.weigh_results()
    chooser.doubt()
    return ChosenColumns(replace(layout, columns=tuple(chooser.columns)), tuple(chooser.warnings), tuple(chooser.asked))


class _Chooser:
    """Weighs the columns of one layout; what it decides goes to ``columns``."""

    def __init__(self, layout: Layout, samples: Mapping[int, list[str]], months: int | None) -> None:
        self.layout = layout
        self.columns = list(layout.columns)
        self.samples = samples
        self.months = months
        self.warnings: list[Warn] = []
        self.asked: list[ColumnQuestion] = []

    def weigh(self, field: Field) -> None:
        """A part without a column gets the one whose cells read so; one whose cells read otherwise gives way to it."""
        holders = [index for index, column in enumerate(self.columns) if column.holds == field]
        rivals = [index for index in self._free() if self._may_hold(index, field)]
        if not rivals or len(holders) > 1:
            return
        rivals.sort(key=lambda index: -self._header(index, field))
        if not holders:
            self._take(rivals[0], field)
            self._ask(field, [index for index in rivals if self._as_firm(rivals[0], index, field)])
            return
        self._rival(holders[0], rivals, field)

    def _rival(self, holder: int, rivals: Sequence[int], field: Field) -> None:
        """A column against those that read as it should; where it reads so too and none is firmer, that is asked."""
        texts, column = self.samples[holder], self.columns[holder]
        named = [index for index in rivals if self._header(index, field)]
        if not texts or column.timed or column.part:
            return
        own = share(field, texts)
        if own == 0.0 and (named or len(texts) > 1) and not (field == "period" and any(map(_bears_on_time, texts))):
            self._give(holder, (named or rivals)[0], field)
        elif field == "responsible" and _JOINT.search(column.header):
            self._join_parties(named)
        elif own >= _SURE:
            self._ask(field, [holder, *(index for index in named if self._as_firm(holder, index, field))])

    def _join_parties(self, named: Sequence[int]) -> None:
        for index in named:
            if _JOINT.search(self.columns[index].header):
                self.columns[index] = replace(self.columns[index], holds="responsible")

    def join_frequency(self) -> None:
        """ความถี่ beside ระยะเวลา says how often within it."""
        if not any(column.holds == "period" for column in self.columns):
            return
        for index in self._free():
            column, texts = self.columns[index], self.samples[index]
            often = [text for text in texts if not _COUNTS.fullmatch(text)]
            if _FREQUENCY.search(column.header) and sum(map(_tells_how_often, often)) >= _SURE * len(often):
                self.columns[index] = replace(column, holds="period", part=FREQUENCY)

    def tell_done_from_planned(self) -> None:
        """การดำเนินงาน over what was done is no column of steps."""
        for index, column in enumerate(self.columns):
            if column.holds == "steps" and header_score("steps", column.header) <= _VAGUE:
                texts = self.samples[index]
                done = bool(texts) and sum(map(tells_results, texts)) >= _SURE * len(texts)
                if done and not any(other.holds == "summary" for other in self.columns):
                    self.columns[index] = replace(column, holds="summary")

    def weigh_results(self) -> None:
        """Of two columns of results the round's own counts, the year's before the half's; a planned report is none."""
        holders = [index for index, column in enumerate(self.columns) if column.holds == "summary"]
        if len(holders) > 1 and all(_months_of(self.columns[index].header) for index in holders):
            self._keep_round(holders)  # รอบ ๖ เดือน and รอบ ๑๒ เดือน under one header
            return
        rivals = [
            index
            for index in self._free()
            if self._header(index, "summary") and not all(map(plans_a_report, self.samples[index]))
        ]
        if holders and rivals:
            self._weigh_rounds(holders[0], rivals)

    def _keep_round(self, holders: Sequence[int]) -> None:
        rounds = {index: _months_of(self.columns[index].header) for index in holders}
        wanted = self.months if self.months in rounds.values() else max(months for months in rounds.values() if months)
        for index in holders:
            if rounds[index] != wanted:
                self.columns[index] = replace(self.columns[index], holds=None)

    def _weigh_rounds(self, holder: int, rivals: Sequence[int]) -> None:
        texts = self.samples[holder]
        if all(map(plans_a_report, texts)):
            self._give(holder, rivals[0], "summary", say=bool(texts))
            return
        rounds = {index: _months_of(self.columns[index].header) for index in (holder, *rivals)}
        wanted = self.months or max((months for months in rounds.values() if months), default=None)
        if wanted is None:
            self._ask("summary", [holder, *(index for index in rivals if self._as_firm(holder, index, "summary"))])
        elif rounds[holder] != wanted and wanted in rounds.values():
            self._give(holder, next(index for index in rounds if rounds[index] == wanted), "summary", say=False)

    def doubt(self) -> None:
        """Columns whose cells read as another part of the plan than their header names: said, with the likely mend."""
        shared = shared_column(replace(self.layout, columns=tuple(self.columns)))
        for index, column in enumerate(self.columns):
            field, texts = column.holds, self.samples[index]
            if (
                field not in _TOLD_APART
                or field == shared
                or column.timed
                or column.part
                or len(texts) < _LEAST_DOUBTED
            ):
                continue
            if any(reads_as(field, text) for text in texts):
                continue
            other = next((one for one in _TOLD_APART if one != field and share(one, texts) >= _SURE), None)
            if (field, other) == ("steps", "responsible") and not all(map(names_divisions, texts)):
                other = None
            if other is not None:
                self.warnings.append(Warn(f"column “{column.header}”", self._doubted(index, field, other)))
            elif field == "responsible" and all(map(tells_a_purpose, texts)):
                self.warnings.append(
                    Warn(f"column “{column.header}”", f"ข้อความใต้ช่องนี้ไม่เหมือนชื่อหน่วยงาน โปรดตรวจ: {self._quoted(index)}")
                )

    def _doubted(self, index: int, field: Field, other: Field) -> str:
        said = f"ข้อความใต้ช่องนี้อ่านได้เป็น{TITLES[other]} ไม่ใช่{TITLES[field]}: {self._quoted(index)}"
        there = next((i for i, column in enumerate(self.columns) if column.holds == other), None)
        if there is not None and share(field, self.samples[there]) >= _SURE:
            return f"{said} น่าจะสลับกับช่อง “{self.columns[there].header}” โปรดระบุช่องเอง"
        return f"{said} โปรดระบุช่องเอง"

    def _free(self) -> list[int]:
        return [index for index, column in enumerate(self.columns) if column.holds is None and self.samples[index]]

    def _may_hold(self, index: int, field: Field) -> bool:
        header = self.columns[index].header
        if is_former(header) or (self._header(index, field) <= _VAGUE and _OTHER_MATTERS.search(header)):
            return False
        if field == "period" and (_NOT_ITS_TIME.search(header) or _FREQUENCY.search(header)):
            return False
        held = any(column.holds == field for column in self.columns)
        if field == "steps" and not held and _PROJECTS.match(header):
            return True
        return share(field, self.samples[index]) >= _SURE

    def _header(self, index: int, field: Field) -> float:
        return header_score(field, self.columns[index].header)

    def _as_firm(self, one: int, other: int, field: Field) -> bool:
        """Whether two columns could each be the one: by their headers, of one meaning, with other cells."""
        headers = [self.columns[index].header for index in (one, other)]
        alike = len({_DUE.search(header) is None for header in headers}) == 1
        differ = self.samples[one] != self.samples[other]
        return alike and differ and self._header(other, field) >= _AS_FIRM * self._header(one, field)

    def _take(self, index: int, field: Field) -> None:
        column = self.columns[index]
        self.columns[index] = replace(column, holds=field, part=_part(field, column))
        self.warnings.append(
            Warn(
                f"column “{column.header}”",
                f"ข้อความใต้ช่องนี้อ่านได้เป็น{TITLES[field]} จึงใช้เป็นช่องนั้น โปรดตรวจ: {self._quoted(index)}",
            )
        )

    def _give(self, holder: int, index: int, field: Field, *, say: bool = True) -> None:
        before, column = self.columns[holder], self.columns[index]
        self.columns[holder], self.columns[index] = (
            replace(before, holds=None),
            replace(column, holds=field, part=_part(field, column)),
        )
        if say:
            read = f"ข้อความใต้ช่องนี้อ่านไม่ได้เป็น{TITLES[field]} ({self._quoted(holder)})"
            self.warnings.append(Warn(f"column “{before.header}”", f"{read} จึงใช้ช่อง “{column.header}” แทน โปรดตรวจ"))

    def _ask(self, field: Field, indexes: Sequence[int]) -> None:
        """Columns of one header cannot be told by it, so that the first of them stands."""
        by_header = {fold(self.columns[index].header): index for index in reversed(indexes)}
        apart = [index for index in indexes if index in by_header.values()]
        if len(apart) > 1:
            options = tuple(Option(self.columns[index].header, self._shown(index)) for index in apart)
            self.asked.append(ColumnQuestion(field, options))

    def _shown(self, index: int) -> tuple[str, ...]:
        texts = dict.fromkeys(squeeze_spaces(text) for text in self.samples[index])
        return tuple(
            text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…" for text in list(texts)[:_SAMPLES]
        )

    def _quoted(self, index: int) -> str:
        return ", ".join(f"“{text}”" for text in self._shown(index))


def _part(field: Field, column: Column) -> str:
    """A column that turns out to hold the start of a period is a part of it."""
    return column.header if field == "period" and names_a_start(column.header) else ""


def _bears_on_time(text: str) -> bool:
    return bears_on_time(text[:_LONGEST_FREQUENCY])


def _tells_how_often(text: str) -> bool:
    return len(text) <= _LONGEST_FREQUENCY and tells_only_how_often(text)


def _samples(layout: Layout, rows: Sequence[Row]) -> dict[int, list[str]]:
    """The texts of the first rows under each column."""
    found: dict[int, list[str]] = {index: [] for index in range(len(layout.columns))}
    looked_at = 0
    for row in rows:
        if len(row.filled) < 2 or layout.repeats_in(row) or is_column_numbering(row):
            continue
        for index, cells in layout.cells_of(row).items():
            text = "\n".join(cell.text for cell in cells if cell.lines)
            if index >= 0 and text.strip(" -–\n"):
                found[index].append(text)
        looked_at += 1
        if looked_at == _LOOKED_AT:
            break
    return found


def round_of_results(layout: Layout) -> DocumentRound | None:
    """The round that the header of the results names (ผลการดำเนินงานรอบ ๖ เดือน), None where it names none or both."""
    rounds = {_months_of(column.header) for column in layout.columns if column.holds == "summary"}
    return rounds.pop() if len(rounds) == 1 else None


def _months_of(header: str) -> DocumentRound | None:
    named: set[DocumentRound] = {6 if months == "6" else 12 for months in _MONTHS.findall(to_arabic(header))}
    return named.pop() if len(named) == 1 else None


def is_of(column: Column, others: Mapping[str, Column]) -> Column:
    """A column of a repeated header, holding what the one of the same words was found to hold."""
    known = others.get(column.header)
    return column if known is None else replace(column, holds=known.holds, part=known.part)
