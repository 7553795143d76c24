"""Weighs what a period cell says: which days its pieces come to, together and alone, and where they contradict."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.plan_import.period.choice import PieceChooser
from tracker.plan_import.period.facts import ParseResult, Piece, Term
from tracker.plan_import.period.lexer import Cell
from tracker.plan_import.period.points import (
    Point,
    Span,
    add_months,
    fiscal_span,
    merge_adjoining,
)
from tracker.plan_import.period.rounds import round_explained
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of, format_date, months_between

ONE_DAY = timedelta(days=1)
DAYS_OF_SHORTEST_MONTH = 28
"""A term of fewer days beside one month (พฤศจิกายน ๒๕๖๕ (๒ วัน)) is some days in it, not a length that contradicts it."""
DAYS_OF_LONGEST_YEAR = 366
"""From a day to the same day of the next year, a leap day among them."""
LEAST_DAYS_OF_YEAR = 360
"""Of what a cell calls a whole year: twelve months of thirty days. Cells end theirs some days early (๒๘ ก.ย.); those
that end it a month early contradict themselves."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The days of a cell.

    ``ends`` are the last days of its parts where they stand apart, ``parts`` of all its parts; ``open`` says that it
    begins and has no end.
    """

    start: date | None
    end: date | None
    open: bool = False
    ends: tuple[date, ...] = ()
    parts: tuple[date, ...] = ()


class Interpreter:
    """One cell's pieces made into its extent; warnings go to the facts."""

    def __init__(self, cell: Cell, facts: ParseResult, fiscal_year: int) -> None:
        self.cell = cell
        self.facts = facts
        self.fiscal_year = fiscal_year

    def extent(self) -> Extent:
        """The extent of the pieces that count, or of the fiscal year where only cadences are named."""
        chooser = PieceChooser(self.cell, self.facts, self.fiscal_year)
        pieces = chooser.chosen()
        self.fiscal_year = chooser.fiscal_year
        if not pieces:
            return self._without_pieces()
        extents = [self._extent_of(piece) for piece in pieces]
        if len(pieces) == 1 or not any(piece.fine for piece in pieces):
            extents = [self._of_round(piece, extent) for piece, extent in zip(pieces, extents, strict=True)]
        return extents[0] if len(extents) == 1 else self._together(pieces, extents)

    def _without_pieces(self) -> Extent:
        """A cell without dates, quarters or years: a cadence alone is the fiscal year's, all else is reported."""
        facts, whole = self.facts, self.cell.whole
        start, end = fiscal_span(self.fiscal_year)
        if facts.named:  # ปีการศึกษา ๒๕๖๖, reported where pieces are chosen
            return Extent(None, None)
        if facts.rounds == {9} and not facts.cadences:  # รอบ ๙ เดือน ends in June
            return Extent(start, end.replace(month=6))
        if facts.repeats and any(not _agrees(start, end, term) for term in facts.terms):  # ทุกเดือน เป็นเวลา ๖ เดือน
            facts.warn(f"ไม่รู้ว่าความยาวใน {whole} เริ่มเมื่อใด")
        if facts.repeats or (facts.continuous and not facts.relative):  # ทุกเดือน, ตลอดปี, ทุกเดือนจนกว่า…
            return Extent(start, None, open=True) if facts.until_event else Extent(start, end)
        if facts.terms:  # ๑ ปี, 10 วัน
            facts.warn(f"{whole} บอกความยาวแต่ไม่บอกวันเริ่มหรือวันสิ้นสุด")
        elif not facts.warnings:  # -, ✓, words without time; an empty cell
            facts.warn(f"ไม่พบวันที่หรือรอบใน {whole}" if self.cell.folded else "ไม่ได้ระบุระยะเวลา")
        return Extent(None, None)

    # The days of a piece

    def _extent_of(self, piece: Piece) -> Extent:
        """The days of one piece; what is impossible is reported and unknown."""
        if piece.counted:
            return self._counted(piece, piece.counted)
        first, last = self._days(piece.points[0]), self._days(piece.points[-1])
        if any(point.ambiguous for point in piece.points):
            first = last = None
        start, end = first and first[0], last and last[1]
        if piece.shape == "before" and last:  # ก่อนเดือนเมษายน ๒๕๖๖ ends with March
            end = last[0] - ONE_DAY
            self.facts.warn(f"อ่าน {self.cell.quoted(*piece.place)} เป็นไม่เกิน {format_date(end, style='short')} โปรดตรวจ")
        if piece.ahead and end and len(self.facts.terms) == 1 and not self.facts.terms[0].half:
            # ๓๐ วัน ก่อนวันสิ้นปีงบประมาณ
            end = _before(end, self.facts.terms[0])
        if piece.shape in ("deadline", "before"):
            return Extent(None, end)
        if piece.shape == "open" or piece.awaits_end:
            return self._begun(piece, start)
        return self._spanned(piece, start, end)

    def _spanned(self, piece: Piece, start: date | None, end: date | None) -> Extent:
        """From start to end, where the calendar and what else the cell says agree."""
        if piece.first.kind == "fiscal" and piece.first.edge == "start" and not piece.last:  # ต้นปีงบประมาณ
            self.facts.warn(f"{self.cell.quoted(*piece.place)} ไม่บอกวันที่แน่นอน")
            return Extent(start, None)
        if start and end and start > end:  # ม.ค. - ธ.ค. of one fiscal year
            self.facts.warn(f"วันสิ้นสุดอยู่ก่อนวันเริ่มใน {self.cell.quoted(*piece.place)} โปรดตรวจเดือนและปี")
            return Extent(start, None)
        self._check_terms(piece, start, end)
        if self.facts.whole_year and start and end and (end - start).days < LEAST_DAYS_OF_YEAR:
            self.facts.warn(f"{self.cell.quoted(*piece.place)} ไม่ถึงหนึ่งปีตามที่ระบุใน {self.cell.whole}")
        return Extent(start, end)

    def _of_round(self, piece: Piece, extent: Extent) -> Extent:
        """รอบ ๖ เดือน (ไตรมาส ๒) is the round's months, due when the bracket ends; a range in it says the months."""
        whole_year = piece.first.kind in ("fiscal", "calendar") and not piece.first.edge
        if piece.round_of is None or piece.last or whole_year or extent.end is None:
            return extent
        explained = round_explained(piece.round_of, extent.end, year_named=piece.first.year is not None)
        if explained is None:
            return extent
        if explained.due < explained.end:
            self.facts.warn(f"{self.cell.quoted(*piece.place)} อยู่ก่อนวันสิ้นรอบ {piece.round_of} เดือน โปรดตรวจ")
        return Extent(explained.start, explained.end, ends=(explained.due,), parts=(explained.due,))

    def _begun(self, piece: Piece, start: date | None) -> Extent:
        """A start without an end, unless a term tells the length."""
        terms = self.facts.terms
        if piece.shape != "open" and len(terms) == 1 and start and not terms[0].half:  # เริ่ม ๑ ต.ค. ๖๕ ระยะเวลา ๑ ปี
            return Extent(start, _after(start, terms[0]))
        if start:  # ธ.ค. ๖๕ เป็นต้นไป
            self.facts.warn(f"{self.cell.whole} ไม่บอกวันสิ้นสุด จึงใช้วันสิ้นปีงบประมาณเป็นจุดตรวจ")
        return Extent(start, None, open=True)

    def _counted(self, piece: Piece, term: Term) -> Extent:
        """ภายใน ๓๐ วันหลังสิ้นปีงบประมาณ: a term counted from the day that it names."""
        anchor = self._days(piece.points[0])
        if not anchor or term.half:
            if term.half:
                self.facts.warn(f"ไม่เข้าใจ {self.cell.quoted(*piece.place)}")
            return Extent(None, None)
        if piece.points[0].fine or piece.points[0].edge == "start":  # ภายใน ๓๐ วันนับแต่วันที่ ๓๑ มี.ค. ๖๖
            self.facts.warn(f"{self.cell.whole} นับจากวันที่ระบุโดยไม่รวมวันแรก โปรดตรวจ")
        end = _after(anchor[1] + ONE_DAY, term)
        return Extent(None if piece.shape == "deadline" else anchor[0], end)

    def _days(self, point: Point) -> Span | None:
        days = point.days(self.fiscal_year)
        quoted = self.cell.quoted(point.start, point.end)
        if point.ambiguous:
            self.facts.warn(f"{self.cell.whole} ไม่บอกว่าเป็นปีงบประมาณหรือปีปฏิทิน โปรดระบุเดือนหรือปีงบประมาณ")
        elif days is None and not point.faulty and point.kind != "unknown":
            self.facts.warn(f"ไม่มีวันที่ {quoted} ในปฏิทิน")
        if days and point.weekday is not None and days[0].weekday() != point.weekday:
            self.facts.warn(f"วันในสัปดาห์ของ {quoted} ไม่ตรงกับวันที่")
        return days

    def _check_terms(self, piece: Piece, start: date | None, end: date | None) -> None:
        if not start or not end:
            return
        month_window = piece.last is None and piece.first.kind == "month"  # พฤศจิกายน ๒๕๖๕ (๒ วัน): some days in it
        for term in self.facts.terms:
            if month_window and term.unit == "day" and term.count < DAYS_OF_SHORTEST_MONTH:
                continue
            if not _agrees(start, end, term):
                self.facts.warn(
                    f"{self.cell.quoted(term.start, term.end)} ไม่ตรงกับช่วง {self.cell.quoted(*piece.place)}"
                    f" ซึ่งนับได้ {(end - start).days + 1} วัน"
                )

    # Several pieces

    def _together(self, pieces: list[Piece], extents: list[Extent]) -> Extent:
        """Several pieces as one extent, or the one that counts."""
        if len(pieces) == 2 and pieces[0].awaits_end and pieces[1].shape == "deadline":
            return self._begun_and_due(pieces[0], extents[1])
        late = [piece.shape in ("deadline", "before") for piece in pieces]
        if any(late) and not all(late):
            lasting = [extent for extent, due in zip(extents, late, strict=True) if not due]
            if len(lasting) == 1:
                return self._beside_deadlines(lasting[0], pieces, extents)
        self._check_order(pieces, extents)
        return _united(extents, one_by_one=all(late) or self._are_occasions(pieces))

    def _are_occasions(self, pieces: list[Piece]) -> bool:
        """ครั้งที่ ๑ …, ครั้งที่ ๒ …, or ranges one after the other: whoever meant one range would have written one."""
        return self.facts.labels >= len(pieces) or all(piece.last for piece in pieces)

    def _begun_and_due(self, begun: Piece, due: Extent) -> Extent:
        """ตั้งแต่ ต.ค. ๖๕ ให้แล้วเสร็จภายใน มี.ค. ๖๖: the start of the one, the end of the other."""
        days = self._days(begun.first)
        start, end = days and days[0], due.end
        if start and end and start > end:
            self.facts.warn(f"วันสิ้นสุดอยู่ก่อนวันเริ่มใน {self.cell.whole} โปรดตรวจเดือนและปี")
            end = None
        return Extent(start, end)

    def _beside_deadlines(self, lasting: Extent, pieces: list[Piece], extents: list[Extent]) -> Extent:
        """ต.ค. ๖๕ - มี.ค. ๖๖ รายงานภายใน ๓๐ เม.ย. ๖๖: the span counts, a deadline of another day is reported."""
        due = {
            extent.end for piece, extent in zip(pieces, extents, strict=True) if piece.shape in ("deadline", "before")
        }
        if due != {lasting.end}:
            self.facts.warn(f"{self.cell.whole} มีกำหนดมากกว่าหนึ่งอย่าง โปรดตรวจ")
        return lasting

    def _check_order(self, pieces: list[Piece], extents: list[Extent]) -> None:
        """Several times stand joined by a word or as a list, and in the order of the year."""
        unjoined = any(not piece.joined for piece in pieces[1:])
        if unjoined and not _lists_months(pieces, extents):  # เดิม ต.ค. ๖๕ ใหม่ พ.ย. ๖๕
            self.facts.warn(f"{self.cell.whole} มีวันที่หลายช่วงโดยไม่มีคำเชื่อม โปรดตรวจ")
        in_text = [extent.start or extent.end for extent in extents]
        in_order = in_text == sorted(in_text, key=lambda day: day or date.min)
        if not in_order and not self.facts.recurring:  # ปีละ ๒ ครั้ง (เม.ย. และ ต.ค.): of which years?
            self.facts.warn(f"{self.cell.whole} ไม่เรียงตามปีงบประมาณ โปรดตรวจปีของแต่ละวัน")


def _united(extents: list[Extent], *, one_by_one: bool) -> Extent:
    """From the first start to the last end; parts that stand apart, or are occasions ``one_by_one``, keep their ends.

    Unknown where a part is: an end that nobody knows may be the last.
    """
    starts = [extent.start for extent in extents]
    ends = [extent.end for extent in extents if extent.end]
    start = None if None in starts else min(day for day in starts if day)
    open_end = any(extent.open for extent in extents)
    if open_end or len(ends) < len(extents):
        return Extent(start, None, open=open_end)
    end, parts = max(ends), tuple(sorted(set(ends)))
    if start is None or one_by_one:  # ภายใน ๓๑ มี.ค. ๖๖ และ ๓๐ ก.ย. ๖๖
        return Extent(start, end, ends=parts, parts=parts)
    merged = merge_adjoining((extent.start or end, extent.end or end) for extent in extents)
    apart = tuple(last for _, last in merged) if len(merged) > 1 else ()  # ไตรมาส ๑, ๓; ไตรมาส ๑ และ ๒ are one
    return Extent(start, end, ends=apart, parts=parts)


def _lists_months(pieces: list[Piece], extents: list[Extent]) -> bool:
    """Three months, or quarters, or more in a row, in order within a year, need no word between them."""
    starts = [extent.start for extent in extents if extent.start]
    kinds = {piece.first.kind for piece in pieces}
    lone = all(piece.last is None for piece in pieces) and kinds in ({"month"}, {"part"})
    in_order = len(starts) == len(pieces) and starts == sorted(starts)
    return lone and len(pieces) > 2 and in_order and (starts[-1] - starts[0]).days <= DAYS_OF_LONGEST_YEAR


def _after(start: date, term: Term) -> date:
    """The last day of a term that begins on ``start``."""
    if term.unit in ("day", "week"):
        return start + (term.count * (7 if term.unit == "week" else 1) - 1) * ONE_DAY
    return add_months(start, term.count * (12 if term.unit == "year" else 1)) - ONE_DAY


def _before(end: date, term: Term) -> date:
    """The day that lies a term before ``end``."""
    if term.unit in ("day", "week"):
        return end - term.count * (7 if term.unit == "week" else 1) * ONE_DAY
    return add_months(end, -term.count * (12 if term.unit == "year" else 1))


def _agrees(start: date, end: date, term: Term) -> bool:
    """Whether a range is as long as a term says: to the day for days, in months for months and years."""
    if term.unit in ("day", "week"):
        return end == _after(start, term)
    months = term.count * (12 if term.unit == "year" else 1) + (6 if term.half and term.unit == "year" else 0)
    exact = add_months(start, months)
    touched = len(list(months_between(start, end)))
    whole_months = start.day == 1 and (end + ONE_DAY).day == 1
    return touched == months if whole_months else exact - ONE_DAY <= end <= exact


def end_of_open(start: date, fiscal_year: int) -> date:
    """The checkpoint of a period without an end: its plan's fiscal year's end, or the end of the year it starts in."""
    return max(fiscal_year_end(fiscal_year), fiscal_year_end(fiscal_year_of(start)))
