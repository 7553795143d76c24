"""Weighs what a period cell says: which of its pieces counts, which days they come to, where they contradict."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, zip_longest

from tracker.plan_import.period.facts import ParseResult, Piece, Term
from tracker.plan_import.period.lexer import Cell
from tracker.plan_import.period.points import (
    Point,
    Span,
    add_months,
    calendar_quarter,
    fill_years,
    fiscal_span,
    merge_adjoining,
)
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of, format_date, months_between

ONE_DAY = timedelta(days=1)


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
        pieces = self._pieces_that_count()
        if not pieces:
            return self._without_pieces()
        extents = [self._extent_of(piece) for piece in pieces]
        return extents[0] if len(extents) == 1 else self._together(pieces, extents)

    def _quote(self, piece: Piece) -> str:
        return f"“{self.cell.quote(*piece.place)}”"

    def _whole(self) -> str:
        return f"“{self.cell.quote(0, len(self.cell.folded))}”"

    def _without_pieces(self) -> Extent:
        facts = self.facts
        if self._named_only():
            return Extent(None, None)
        if facts.rounds == {9} and not facts.cadences:
            first, last = fiscal_span(self.fiscal_year)
            return Extent(first, last.replace(month=6))
        start, end = fiscal_span(self.fiscal_year)
        if facts.repeats and any(not _agrees(start, end, term) for term in facts.terms):
            facts.warn(f"ไม่รู้ว่าความยาวใน {self._whole()} เริ่มเมื่อใด")
        if facts.repeats or (facts.continuous and not facts.relative):
            return Extent(start, None, open=True) if facts.until_event else Extent(start, end)
        if facts.terms:
            facts.warn(f"{self._whole()} บอกความยาวแต่ไม่บอกวันเริ่มหรือวันสิ้นสุด")
        elif not facts.warnings:
            facts.warn(f"ไม่พบวันที่หรือรอบใน {self._whole()}" if self.cell.folded else "ไม่ได้ระบุระยะเวลา")
        return Extent(None, None)

    def _named_only(self) -> bool:
        """Whether a school year or festival stands without dates that explain it; it is reported."""
        named = self.facts.named
        if named:
            self.facts.warn(f"“{self.cell.quote(named.start, named.end)}” ไม่บอกวันเดือนปีที่แน่นอน โปรดระบุเดือน")
        return named is not None

    # Which pieces count

    def _pieces_that_count(self) -> list[Piece]:
        fine = [piece for piece in self.facts.pieces if piece.fine and not piece.counted]
        coarse = [piece for piece in self.facts.pieces if not piece.fine and not piece.counted]
        counted = [piece for piece in self.facts.pieces if piece.counted]
        self._name_years(fine, coarse)
        if not fine:
            self._named_only()
            return [*self._whole_parts(coarse), *counted]
        self._check_links()
        for piece in coarse:
            self._check_label(piece, fine)
        if len(fine) == len(coarse) == 1 and coarse[0].shape == "deadline":
            explains = fine[0].level > coarse[0].level and self._span(fine[0]) == self._span(coarse[0])
            if explains or fine[0].last is None:
                fine[0].shape = "deadline"
        if len(fine) == 1 and fine[0].awaits_end:
            self._end_by_label(fine[0], coarse)
        return [*self._outer_or_inner(fine), *counted]

    def _name_years(self, fine: list[Piece], coarse: list[Piece]) -> None:
        every = self.facts.every_date
        if every and any(piece.last or piece.first.year for piece in fine):
            self.facts.warn(f"“{self.cell.quote(every.start, len(self.cell.folded))}” อาจหมายถึงทุกเดือนหรือทุกปี โปรดตรวจ")
        stated = [point.year for piece in coarse for point in piece.points if point.kind == "fiscal" and point.year]
        if len(set(stated)) == 1:
            self.fiscal_year = stated[0] or self.fiscal_year
        years = {point.year for piece in coarse for point in piece.points if point.kind == "calendar"}
        calendar = sorted(year for year in years if year)
        year = calendar[0] if len(calendar) == 1 and not stated else None
        points = [point for piece in fine for point in piece.points]
        if len(calendar) == len(points) == 2 and not any(point.year for point in points):
            for point, labelled in zip(points, calendar, strict=True):
                point.year = labelled
        fill_years(points, year)
        if len({*calendar, *stated}) > 1 and any(point.kind in ("day", "month") and not point.year for point in points):
            self.facts.warn(f"{self._whole()} ไม่บอกว่าวันเดือนใดเป็นของปีใด")
        following: int | None = None
        for point in reversed([point for piece in coarse for point in piece.points if point.kind == "part"]):
            point.year = point.year or following
            following = point.year

    def _whole_parts(self, coarse: list[Piece]) -> list[Piece]:
        """Quarters and halves stand before the year they belong to; beside a calendar year they are ambiguous."""
        parts = [piece for piece in coarse if any(point.kind == "part" for point in piece.points)]
        if not parts:
            return coarse
        years = [piece for piece in coarse if piece not in parts]
        outer, inner = ([piece for piece in parts if (piece.level > 0) == deep] for deep in (False, True))
        if outer and inner and [self._span(piece) for piece in outer] != [self._span(piece) for piece in inner]:
            self.facts.warn(f"{self._quote(inner[0])} ไม่ตรงกับ {self._quote(outer[0])} จึงใช้ช่วงที่อยู่นอกวงเล็บ")
            parts = outer
        if any(point.kind == "calendar" for piece in years for point in piece.points):
            for piece in parts:
                for point in piece.points:
                    point.ambiguous = True
        return parts

    def _check_links(self) -> None:
        """มี.ค. และตลอดปีงบประมาณ names two times, not a label and its dates: only the dates are used, with a warning."""
        for (before, piece), own in zip_longest(pairwise(self.facts.pieces), self.facts.pieces[2:]):
            labels_next = own is not None and own.fine and not own.linked and not piece.fine
            mixed = before.level == piece.level and before.fine != piece.fine
            if piece.linked and mixed and not labels_next:
                self.facts.warn(f"{self._whole()} มีทั้งวันที่และช่วงปี ใช้เฉพาะวันที่ โปรดตรวจ")

    def _check_label(self, label: Piece, fine: list[Piece]) -> None:
        """A quarter or year beside dates that explain it: the dates win, a contradiction is reported."""
        if label.shape in ("before", "open"):
            self.facts.warn(f"{self._quote(label)} ไม่ได้ใช้ เพราะมีวันที่ใน {self._whole()} โปรดตรวจ")
        first = label.points[0].days(self.fiscal_year)
        last = label.points[-1].days(self.fiscal_year)
        if not first or not last:
            return
        days = [span for piece in fine for point in piece.points if (span := point.days(self.fiscal_year))]
        if not days:
            return
        start, end = min(day for day, _ in days), max(day for _, day in days)
        is_part = any(point.kind == "part" for point in label.points)
        alone = len(fine) == 1 and len(self.facts.pieces) == 2
        inside = (
            (all if alone else any)(first[0] <= span[0] and span[1] <= last[1] for span in days)
            if is_part
            else (start <= last[1] and end >= first[0])
        )
        quarter = calendar_quarter((start, end))
        months = label.points[0].months
        same_number = quarter is not None and months == (quarter * 3 - 3, quarter * 3 - 1)
        if not inside and not same_number:
            self.facts.warn(f"{self._quote(label)} ไม่ตรงกับวันที่ที่ระบุไว้ใน {self._whole()}")

    def _end_by_label(self, piece: Piece, coarse: list[Piece]) -> None:
        """ปีงบประมาณ ๒๕๖๔ - ๒๕๖๕ (เริ่มเดือนกรกฎาคม ๒๕๖๔): the gloss moves the start, the years keep the end."""
        if coarse and coarse[-1].shape == "span":
            last = coarse[-1].points[-1]
            piece.last = last

    def _outer_or_inner(self, fine: list[Piece]) -> list[Piece]:
        outer = [piece for piece in fine if piece.level == 0]
        inner = [piece for piece in fine if piece.level > 0]
        if not outer or not inner:
            return fine
        outer_spans = [self._span(piece) for piece in outer]
        inner_spans = [self._span(piece) for piece in inner]
        if inner_spans == outer_spans:
            return outer
        both = [span for span in (*outer_spans, *inner_spans) if span]
        if len(outer) == len(inner) == 1 and len(both) == 2:
            within = both[0][0] <= both[1][0] and both[1][1] <= both[0][1]
            if within and all(point.kind == "month" for point in outer[0].points):
                return inner
        self.facts.warn(f"{self._quote(inner[0])} ไม่ตรงกับ {self._quote(outer[0])} จึงใช้ช่วงที่อยู่นอกวงเล็บ")
        return outer

    def _span(self, piece: Piece) -> Span | None:
        first, last = piece.points[0].days(self.fiscal_year), piece.points[-1].days(self.fiscal_year)
        return (first[0], last[1]) if first and last else None

    # The days of a piece

    def _extent_of(self, piece: Piece) -> Extent:
        if piece.counted:
            return self._counted(piece, piece.counted)
        first, last = self._days(piece.points[0]), self._days(piece.points[-1])
        if any(point.ambiguous for point in piece.points):
            first = last = None
        start, end = first and first[0], last and last[1]
        if piece.shape == "before" and last:
            end = last[0] - ONE_DAY
            self.facts.warn(f"อ่าน {self._quote(piece)} เป็นไม่เกิน {format_date(end, style='short')} โปรดตรวจ")
        if piece.ahead and end and len(self.facts.terms) == 1 and not self.facts.terms[0].half:
            end = _before(end, self.facts.terms[0])
        if piece.shape in ("deadline", "before"):
            return Extent(None, end)
        if piece.shape == "open" or piece.awaits_end:
            return self._begun(piece, start)
        return self._spanned(piece, start, end)

    def _spanned(self, piece: Piece, start: date | None, end: date | None) -> Extent:
        if piece.first.kind == "fiscal" and piece.first.edge == "start" and not piece.last:
            self.facts.warn(f"{self._quote(piece)} ไม่บอกวันที่แน่นอน")
            return Extent(start, None)
        if start and end and start > end:
            self.facts.warn(f"วันสิ้นสุดอยู่ก่อนวันเริ่มใน {self._quote(piece)} โปรดตรวจเดือนและปี")
            return Extent(start, None)
        self._check_terms(piece, start, end)
        if self.facts.whole_year and start and end and (end - start).days < 360:
            self.facts.warn(f"{self._quote(piece)} ไม่ถึงหนึ่งปีตามที่ระบุใน {self._whole()}")
        return Extent(start, end)

    def _begun(self, piece: Piece, start: date | None) -> Extent:
        """A start without an end, unless a term tells the length."""
        terms = self.facts.terms
        if piece.shape != "open" and len(terms) == 1 and start and not terms[0].half:
            return Extent(start, _after(start, terms[0]))
        if start:
            self.facts.warn(f"{self._whole()} ไม่บอกวันสิ้นสุด จึงใช้วันสิ้นปีงบประมาณเป็นจุดตรวจ")
        return Extent(start, None, open=True)

    def _counted(self, piece: Piece, term: Term) -> Extent:
        anchor = self._days(piece.points[0])
        if not anchor or term.half:
            if term.half:
                self.facts.warn(f"ไม่เข้าใจ {self._quote(piece)}")
            return Extent(None, None)
        if piece.points[0].fine or piece.points[0].edge == "start":
            self.facts.warn(f"{self._whole()} นับจากวันที่ระบุโดยไม่รวมวันแรก โปรดตรวจ")
        end = _after(anchor[1] + ONE_DAY, term)
        return Extent(None if piece.shape == "deadline" else anchor[0], end)

    def _days(self, point: Point) -> Span | None:
        days = point.days(self.fiscal_year)
        quoted = f"“{self.cell.quote(point.start, point.end)}”"
        if point.ambiguous:
            self.facts.warn(f"{self._whole()} ไม่บอกว่าเป็นปีงบประมาณหรือปีปฏิทิน โปรดระบุเดือนหรือปีงบประมาณ")
        elif days is None and not point.faulty and point.kind != "unknown":
            self.facts.warn(f"ไม่มีวันที่ {quoted} ในปฏิทิน")
        if days and point.weekday is not None and days[0].weekday() != point.weekday:
            self.facts.warn(f"วันในสัปดาห์ของ {quoted} ไม่ตรงกับวันที่")
        return days

    def _check_terms(self, piece: Piece, start: date | None, end: date | None) -> None:
        if not start or not end:
            return
        month_window = piece.last is None and piece.first.kind == "month"
        for term in self.facts.terms:
            if month_window and term.unit == "day" and term.count < 28:
                continue
            if not _agrees(start, end, term):
                self.facts.warn(
                    f"“{self.cell.quote(term.start, term.end)}” ไม่ตรงกับช่วง {self._quote(piece)}"
                    f" ซึ่งนับได้ {(end - start).days + 1} วัน"
                )

    # Several pieces

    def _together(self, pieces: list[Piece], extents: list[Extent]) -> Extent:
        if len(pieces) == 2 and pieces[0].awaits_end and pieces[1].shape == "deadline":
            days = self._days(pieces[0].points[0])
            start, end = days and days[0], extents[1].end
            if start and end and start > end:
                self.facts.warn(f"วันสิ้นสุดอยู่ก่อนวันเริ่มใน {self._whole()} โปรดตรวจเดือนและปี")
                end = None
            return Extent(start, end)
        deadlines = [piece.shape in ("deadline", "before") for piece in pieces]
        if any(deadlines) and not all(deadlines):
            spans = [extent for extent, late in zip(extents, deadlines, strict=True) if not late]
            due = {extent.end for extent, late in zip(extents, deadlines, strict=True) if late}
            if len(spans) == 1 and due != {spans[0].end}:
                self.facts.warn(f"{self._whole()} มีกำหนดมากกว่าหนึ่งอย่าง โปรดตรวจ")
            if len(spans) == 1:
                return spans[0]
        if any(not piece.joined for piece in pieces[1:]) and not _lists_months(pieces, extents):
            self.facts.warn(f"{self._whole()} มีวันที่หลายช่วงโดยไม่มีคำเชื่อม โปรดตรวจ")
        in_text = [extent.start or extent.end for extent in extents]
        if in_text != sorted(in_text, key=lambda day: day or date.min) and not self.facts.recurring:
            self.facts.warn(f"{self._whole()} ไม่เรียงตามปีงบประมาณ โปรดตรวจปีของแต่ละวัน")
        open_end = any(extent.open for extent in extents)
        starts = [extent.start for extent in extents]
        ends_known = [extent.end for extent in extents if extent.end]
        start = None if None in starts else min(day for day in starts if day)
        if open_end or len(ends_known) < len(extents):
            return Extent(start, None, open=open_end)
        end = max(ends_known)
        parts = tuple(sorted(set(ends_known)))
        if start is None or all(deadlines):
            return Extent(start, end, ends=parts, parts=parts)
        merged = merge_adjoining((extent.start or end, extent.end or end) for extent in extents)
        ends = tuple(last for _, last in merged) if len(merged) > 1 else ()
        return Extent(start, end, ends=ends, parts=parts)


def _lists_months(pieces: list[Piece], extents: list[Extent]) -> bool:
    """Three months, or quarters, or more in a row, in order within a year, need no word between them."""
    starts = [extent.start for extent in extents if extent.start]
    kinds = {piece.first.kind for piece in pieces}
    lone = all(piece.last is None for piece in pieces) and kinds in ({"month"}, {"part"})
    in_order = len(starts) == len(pieces) and starts == sorted(starts)
    return lone and len(pieces) > 2 and in_order and (starts[-1] - starts[0]).days <= 366


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
