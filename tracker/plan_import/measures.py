"""One measure's gathered rows, understood: number, title, steps, parties, period and the texts of the last columns."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from tracker.plan_draft import DraftMeasure, DraftStep, Period, Responsible, Warn
from tracker.plan_import.cells import (
    Item,
    bare_number,
    bullet_form,
    is_bulleted,
    is_subnumbered,
    items,
    paragraphs,
    subnumber_depth,
)
from tracker.plan_import.gathered import MeasureRows, StepRows
from tracker.plan_import.grid import WRAP, Line
from tracker.plan_import.header_words import TITLES, Field
from tracker.plan_import.inline import parted
from tracker.plan_import.parties import split_parties
from tracker.plan_import.period import parse_period
from tracker.plan_import.sense import doubt_of_party, doubt_of_steps, told_of_period
from tracker.thai.numerals import to_arabic
from tracker.thai.paragraphs import Paragraph
from tracker.thai.text import squeeze_spaces

_LABEL = re.compile(
    r"(?:(?:มาตรการ|แนวทาง|ประเด็น|ข้อ|measure)\s*(?:ที่)?|(?:กิจกรรม|โครงการ)\s*(?:ที่|(?=\s*[0-9๐-๙]{1,3}\s*(?:[:.)]|$))))"
    r"\s*([0-9๐-๙]{1,3})(?![0-9๐-๙.])[\s.:)]*",
    re.MULTILINE,
)
_STEP_LABEL = re.compile(r"(?:ขั้นตอน|ขั้น|กิจกรรม|ข้อ|step)\s*(?:ที่)?\s*[0-9๐-๙]{1,2}(?![0-9๐-๙])", re.IGNORECASE)
_SAME_AS = re.compile(
    r"(?:เช่นเดียวกับ|เหมือน(?:กับ)?|เดียวกับ|ตาม|ดัง)\s?(?:(?:มาตรการ|ข้อ|ลำดับ)\s?(?:ที่)?\s?(?P<number>[0-9๐-๙]{1,3})"
    r"|ข้างต้น|ข้อข้างต้น|ข้อก่อนหน้า|ด้านบน)"
)
_ORDINAL = re.compile(r"[(\[]?\s*([0-9๐-๙]{1,3})(?:\.0)?\s*[.)\]]*")
_CITED = r"(?:หลักฐาน|ภาพ)ที่ [0-9๐-๙]+(?:(?: –|,) [0-9๐-๙]+)*"
_CITATION = re.compile(rf"\({_CITED}(?: และ{_CITED})? ในภาคผนวก\)")
"""What a report of ours says of its own annex: it belongs to that report, not to the text."""
_NOTHING = re.compile(r"[-–—.\s]+")
_LONGEST_CELL = 2_000
"""Letters of a cell that can name parties or a period; splitting a longer one, a pasted page, costs its square."""
_LONGEST_NAME = 200
"""Letters of a party's name; more is a sentence."""
_LEADS_ON = re.compile(r"(?:ดังนี้|ดังต่อไปนี้|ต่อไปนี้|ประกอบด้วย|ได้แก่|คือ|:)\s*:?$")


@dataclass(slots=True)
class MeasureReader:
    """Reads measures one after the other; numbers run on from the last one where the document gives none.

    ``bare_numbers`` says that the document's own have no mark: ๑ การให้บริการ; ``grouped`` that its numbers begin anew
    under headings, so that measures are counted through.
    """

    fiscal_year: int
    known_names: Collection[str]
    fields: Collection[Field]
    warnings: list[Warn] = field(default_factory=list)
    last: int = 0
    bare_numbers: bool = False
    grouped: bool = False
    parties: dict[int, Responsible] = field(default_factory=dict)

    def read(self, rows: MeasureRows) -> DraftMeasure:
        """The measure; what is missing or contradicts itself goes to ``warnings``."""
        number, title, details = self._title(rows)
        where = f"measure {number}"
        self.parties.pop(number, None)
        groups = rows.groups
        own = [
            (self._responsible(_text(group.responsible), where), self._period(_text(group.period))) for group in groups
        ]
        responsible, period = own[0]
        self.parties[number] = responsible
        self._missing(where, responsible, period)
        steps: list[DraftStep] = []
        for group, (group_responsible, group_period) in zip(groups, own, strict=True):
            if steps and group.bare and (more := _continuation(steps, group)):
                self._continue(steps, group, more, (responsible, period), where)
                continue
            theirs = group_responsible if group_responsible.text not in ("", responsible.text) else None
            when = group_period if group_period.text not in ("", period.text) else None
            self._add_steps(steps, details, group, (theirs, when), where)
        if not steps:
            steps.append(DraftStep(None, title))
            self._warn(where, "steps", f"ไม่มีขั้นตอน จึงใช้ชื่อมาตรการเป็นขั้นตอน: “{title}”")
        self._check_step_numbers(steps, where)
        if doubt := doubt_of_steps([step.text for step in steps]):
            self._warn(where, "steps", doubt)
        self._warn_periods(where, period, steps)
        return DraftMeasure(
            number,
            title,
            tuple(details),
            tuple(steps),
            responsible,
            period,
            tuple(one for one in paragraphs(rows.summary) if not _CITATION.fullmatch(one.text)),
            paragraphs(rows.outcome),
        )

    def _title(self, rows: MeasureRows) -> tuple[int, str, list[Paragraph]]:
        first, *others = items(rows.title)
        title, rest = first.text, [item.paragraph for item in others]
        label = _LABEL.match(title)
        ordinal = _ORDINAL.fullmatch(rows.ordinal)
        bare = bare_number(title) if self.bare_numbers else None
        if bare:
            number, title = bare
        elif first.number is not None:
            number = first.number
        elif label:
            number = int(to_arabic(label[1]))
            if label.end() == len(title) and rest and rest[0].number is None:
                title = f"{title} {rest.pop(0).text}"
        elif ordinal:
            number = int(to_arabic(ordinal[1]))
        else:
            number = self.last + 1
        if self.grouped and number == 1:
            number = self.last + 1
        if number != self.last + 1:
            before = f"มาตรการก่อนหน้าคือลำดับ {self.last}" if self.last else "ไม่มีมาตรการก่อนหน้า"
            self._warn(f"measure {number}", "measure", f"เลขลำดับไม่ต่อเนื่อง: “{first.shown}” แต่{before}")
        self.last = number
        return number, title, rest

    def _responsible(self, text: str, where: str) -> Responsible:
        if same := _SAME_AS.fullmatch(squeeze_spaces(text)):
            return self._same_parties(text, same, where)
        read = split_parties(text[:_LONGEST_CELL], self.known_names)
        text = text.replace(WRAP, "\n")
        for doubt in filter(None, map(doubt_of_party, read.parties)):
            self._warn(where, "responsible", doubt)
        short = tuple(party if len(party) <= _LONGEST_NAME else f"{party[:_LONGEST_NAME]}…" for party in read.parties)
        if short != read.parties or len(text) > _LONGEST_CELL:
            self._warn(where, "responsible", f"ข้อความยาวเกินกว่าจะเป็นชื่อผู้รับผิดชอบ: “{text[:_LONGEST_NAME]}…”")
        return Responsible(text, read.mode, short)

    def _same_parties(self, text: str, same: re.Match[str], where: str) -> Responsible:
        """เช่นเดียวกับข้อ ๑ is the parties of measure 1; without such a measure before it, nobody, with a warning."""
        number = int(to_arabic(same["number"])) if same["number"] else max(self.parties, default=0)
        known = self.parties.get(number)
        if known is None:
            self._warn(where, "responsible", f"ไม่พบผู้รับผิดชอบที่ “{text}” อ้างถึง โปรดระบุ")
            return Responsible(text, "jointly", ())
        return Responsible(text, known.mode, known.parties)

    def _period(self, text: str) -> Period:
        if not text:
            return Period("", self.fiscal_year, None, None, (), (), ())
        if len(text) > _LONGEST_CELL:
            warning = f"ข้อความยาวเกินกว่าจะเป็นระยะเวลา: “{text[:_LONGEST_NAME]}…”"
            return Period(text, self.fiscal_year, None, None, (), (), (warning,))
        if WRAP not in text:
            return parse_period(text, self.fiscal_year)
        wrapped, ended = (parse_period(text.replace(WRAP, sign), self.fiscal_year) for sign in (" ", "\n"))
        return ended if wrapped.warnings and not ended.warnings else wrapped

    def _missing(self, where: str, responsible: Responsible, period: Period) -> None:
        refers = _SAME_AS.fullmatch(squeeze_spaces(responsible.text)) is not None
        if not responsible.parties and not refers and "responsible" in self.fields:
            self._warn(where, "responsible", "ไม่ได้ระบุผู้รับผิดชอบ")
        if not period.text and "period" in self.fields:
            self._warn(where, "period", "ไม่ได้ระบุระยะเวลา")

    def _add_steps(
        self,
        steps: list[DraftStep],
        details: list[Paragraph],
        group: StepRows,
        own: tuple[Responsible | None, Period | None],
        where: str,
    ) -> None:
        read: Sequence[Item] = _said(group)
        lead, read = _lead(read)
        if lead is not None:
            self._warn(where, "steps", f"ข้อความนำก่อนขั้นตอน ย้ายไปเป็นรายละเอียดของมาตรการ: “{lead.text}”")
            details.append(lead)
        for number, text in steps_in(parted(read)):
            steps.append(DraftStep(number, text, *own))

    def _continue(
        self,
        steps: list[DraftStep],
        group: StepRows,
        more: Sequence[Item],
        measures: tuple[Responsible, Period],
        where: str,
    ) -> None:
        """The last step with the text, and with what party and period a row further on says besides its own."""
        last = steps[-1]
        parties, period = last.responsible or measures[0], last.period or measures[1]
        theirs, when = _with_more(parties.text, group.responsible), _with_more(period.text, group.period)
        steps[-1] = replace(
            last,
            text="\n".join([last.text, *(item.shown for item in more)]),
            responsible=last.responsible if theirs == parties.text else self._responsible(theirs, where),
            period=last.period if when == period.text else self._period(when),
        )

    def _check_step_numbers(self, steps: Sequence[DraftStep], where: str) -> None:
        numbers = [step.number for step in steps if step.number is not None]
        if len(set(numbers)) < len(numbers):
            shown = ", ".join(map(str, numbers))
            self._warn(where, "steps", f"เลขขั้นตอนซ้ำกัน: {shown}")

    def _warn_periods(self, where: str, period: Period, steps: Sequence[DraftStep]) -> None:
        for message in told_of_period(period):
            self._warn(where, "period", message)
        warned = {period.text}
        for position, step in enumerate(steps, 1):
            if step.period is not None and step.period.text not in warned:
                warned.add(step.period.text)
                for message in told_of_period(step.period):
                    self._warn(f"{where}, step {step.number or position}", "period", message)

    def _warn(self, where: str, column: Field, message: str) -> None:
        self.warnings.append(Warn(f"{where}, {TITLES[column]}", message))


def has_number(rows: MeasureRows) -> bool:
    """Whether the document itself numbers the measure, in its cell or in a column of its own."""
    first = next(iter(items(rows.title)), None)
    numbered = first is not None and (first.number is not None or _LABEL.match(first.text) is not None)
    return numbered or _ORDINAL.fullmatch(rows.ordinal) is not None


def have_bare_numbers(measures: Sequence[MeasureRows]) -> bool:
    """Whether all measures begin with numbers without a mark, each one more than the last or 1 again."""
    last = 0
    for rows in measures:
        first = next(iter(items(rows.title)), None)
        bare = bare_number(first.text) if first is not None and first.number is None and not rows.ordinal else None
        if bare is None or bare[0] not in (last + 1, 1):
            return False
        last = bare[0]
    return len(measures) > 1


def steps_in(read: Sequence[Item]) -> list[tuple[int | None, str]]:
    """The steps of a cell: each numbered paragraph with what follows it, or, without numbers, each paragraph.

    A number of another form than the first one's that does not count on ((๑) under ๑.) is a part of its step, and so
    is a bullet or a number of the form ๑.๑ under a paragraph of another kind, another bullet, ๑.๑.๑ under ๑.๑, and what
    follows ขั้นที่ ๑.
    """
    steps: list[tuple[int | None, str]] = []
    begins = _beginning(read)
    form: tuple[str, int] | None = None
    parts: dict[tuple[str, int], int] = {}
    for item in read:
        last = steps[-1][0] if steps else None
        if item.number is not None:
            form = form or item.form
            counts_on = last is None or (item.number == last + 1 and parts.get(item.form) != last)
            is_step = item.form == form or counts_on
        else:
            is_step = not steps or begins(item)
        if is_step:
            steps.append((item.number, item.text))
            parts = {}
        else:
            parts |= {} if item.number is None else {item.form: item.number}
            steps[-1] = (last, f"{steps[-1][1]}\n{item.shown}")
    return steps


def _beginning(read: Sequence[Item]) -> Callable[[Item], bool]:
    if any(item.number is not None for item in read):
        return lambda _: False
    first = read[0].text if read else ""
    if depth := subnumber_depth(first):
        return lambda item: 0 < subnumber_depth(item.text) <= depth
    if _STEP_LABEL.match(first):
        return lambda item: _STEP_LABEL.match(item.text) is not None
    if (form := bullet_form(first)) is not None:
        return lambda item: bullet_form(item.text) == form
    return lambda item: not (is_subnumbered(item.text) or is_bulleted(item.text))


def _lead(read: Sequence[Item]) -> tuple[Paragraph | None, Sequence[Item]]:
    if len(read) > 1 and read[0].number is None and read[1].number is not None and _LEADS_ON.search(read[0].text):
        return read[0].paragraph, read[1:]
    return None, read


def _continuation(steps: Sequence[DraftStep], group: StepRows) -> Sequence[Item]:
    """The paragraphs of a row that go on with the numbered step above it; none where the row begins steps."""
    read = _said(group)
    numbered = steps[-1].number is None or any(item.number is not None for item in read)
    return () if numbered else read


def _said(group: StepRows) -> Sequence[Item]:
    return [item for item in items(group.steps) if not _NOTHING.fullmatch(item.text)]


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.shown for line in lines)


def _with_more(text: str, lines: Sequence[Line]) -> str:
    """A cell's text with the lines that it does not hold yet."""
    known = text.split("\n")
    return "\n".join([*filter(None, known), *(line.shown for line in lines if line.shown not in known)])
