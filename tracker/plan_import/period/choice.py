"""Which pieces of a period cell count: dates over the quarters and years they explain, what brackets gloss."""

from itertools import pairwise, zip_longest

from tracker.plan_import.period.facts import ParseResult, Piece
from tracker.plan_import.period.lexer import Cell
from tracker.plan_import.period.points import PointKind, Span, calendar_quarter, fill_years


class PieceChooser:
    """Chooses among one cell's pieces; warnings go to the facts.

    ``fiscal_year`` is the plan's, and after ``chosen`` the one that the cell itself names.
    """

    def __init__(self, cell: Cell, facts: ParseResult, fiscal_year: int) -> None:
        self.cell = cell
        self.facts = facts
        self.fiscal_year = fiscal_year

    def chosen(self) -> list[Piece]:
        """The pieces that the cell's extent is made of, in the order of the text; none where it names no time."""
        fine = [piece for piece in self.facts.pieces if piece.fine and not piece.counted]
        coarse = [piece for piece in self.facts.pieces if not piece.fine and not piece.counted]
        counted = [piece for piece in self.facts.pieces if piece.counted]
        self._name_years(fine, coarse)
        if not fine:
            self._report_named()
            return [*self._whole_parts(coarse), *counted]
        self._check_links()
        for piece in coarse:
            self._check_label(piece, fine)
        if len(fine) == len(coarse) == 1 and coarse[0].shape == "deadline":
            # ภายในไตรมาสที่ ๑ (ธ.ค. ๖๕): the bracket says what the deadline is
            explains = fine[0].level > coarse[0].level and self._span(fine[0]) == self._span(coarse[0])
            if explains or fine[0].last is None:
                fine[0].shape = "deadline"
        if len(fine) == 1 and fine[0].awaits_end:
            self._end_by_label(fine[0], coarse)
        return [*self._outer_or_inner(fine), *counted]

    def _report_named(self) -> None:
        """A school year or festival without dates that explain it is no time that anybody can be held to."""
        if named := self.facts.named:
            self.facts.warn(f"{self.cell.quoted(named.start, named.end)} ไม่บอกวันเดือนปีที่แน่นอน โปรดระบุเดือน")

    def _name_years(self, fine: list[Piece], coarse: list[Piece]) -> None:
        """Gives the dates that lack a year the one that the cell says elsewhere."""
        self._check_every_date(fine)
        fiscal, calendar = _years(coarse, "fiscal"), sorted(_years(coarse, "calendar"))
        points = [point for piece in fine for point in piece.points]
        if len(fiscal) == 1:  # ปีงบประมาณ ๒๕๖๗ in a plan of 2566: the cell's year wins
            (self.fiscal_year,) = fiscal
        if len(calendar) == len(points) == 2 and not any(point.year for point in points):
            for point, year in zip(points, calendar, strict=True):  # ปี ๒๕๖๕ - ๒๕๖๖ (ต.ค. - ก.ย.): one each
                point.year = year
        fill_years(points, calendar[0] if len(calendar) == 1 and not fiscal else None)
        undated = any(point.kind in ("day", "month") and not point.year for point in points)
        if undated and len({*calendar, *fiscal}) > 1:  # ปีงบประมาณ ๒๕๖๖ ปี ๒๕๖๕ เดือนตุลาคม
            self.facts.warn(f"{self.cell.whole} ไม่บอกว่าวันเดือนใดเป็นของปีใด")
        _pass_years_back(coarse)

    def _check_every_date(self, fine: list[Piece]) -> None:
        """ทุกวันที่ ๕ เม.ย. - ก.ย. ๖๖: each month's fifth, or each year's fifth of April?"""
        every = self.facts.every_date
        if every and any(piece.last or piece.first.year for piece in fine):
            where = self.cell.quoted(every.start, len(self.cell.folded))
            self.facts.warn(f"{where} อาจหมายถึงทุกเดือนหรือทุกปี โปรดตรวจ")

    def _whole_parts(self, coarse: list[Piece]) -> list[Piece]:
        """Quarters and halves stand before the year they belong to; beside a calendar year they are ambiguous."""
        parts = [piece for piece in coarse if any(point.kind == "part" for point in piece.points)]
        if not parts:
            return coarse
        years = [piece for piece in coarse if piece not in parts]
        outer, inner = ([piece for piece in parts if (piece.level > 0) == deep] for deep in (False, True))
        if outer and inner and [self._span(piece) for piece in outer] != [self._span(piece) for piece in inner]:
            self.facts.warn(
                f"{self.cell.quoted(*inner[0].place)} ไม่ตรงกับ {self.cell.quoted(*outer[0].place)} จึงใช้ช่วงที่อยู่นอกวงเล็บ"
            )
            parts = outer
        self._check_fiscal(parts, years)
        if any(point.kind == "calendar" for piece in years for point in piece.points):
            for piece in parts:
                for point in piece.points:
                    point.ambiguous = True
        return parts

    def _check_fiscal(self, parts: list[Piece], years: list[Piece]) -> None:
        """ไตรมาส ๓/๒๕๖๗ is read as of a fiscal year, with a warning where the cell does not call it one."""
        said = any(point.kind == "fiscal" for piece in years for point in piece.points)
        over = [point for piece in parts for point in piece.points if point.over_year and not point.faulty]
        if over and not said:
            quoted = self.cell.quoted(over[0].start, over[-1].end)
            self.facts.warn(f"{quoted} ไม่บอกว่าเป็นปีงบประมาณหรือปีปฏิทิน จึงอ่านเป็นปีงบประมาณ โปรดตรวจ")

    def _check_links(self) -> None:
        """มี.ค. และตลอดปีงบประมาณ names two times, not a label and its dates: only the dates are used, with a warning."""
        for (before, piece), own in zip_longest(pairwise(self.facts.pieces), self.facts.pieces[2:]):
            labels_next = own is not None and own.fine and not own.linked and not piece.fine
            mixed = before.level == piece.level and before.fine != piece.fine
            if piece.linked and mixed and not labels_next:
                self.facts.warn(f"{self.cell.whole} มีทั้งวันที่และช่วงปี ใช้เฉพาะวันที่ โปรดตรวจ")

    def _check_label(self, label: Piece, fine: list[Piece]) -> None:
        """A quarter or year beside dates that explain it: the dates win, a contradiction is reported."""
        if label.shape in ("before", "open"):  # ไตรมาส ๒ เป็นต้นไป beside a date
            self.facts.warn(f"{self.cell.quoted(*label.place)} ไม่ได้ใช้ เพราะมีวันที่ใน {self.cell.whole} โปรดตรวจ")
        first = label.points[0].days(self.fiscal_year)
        last = label.points[-1].days(self.fiscal_year)
        if not first or not last:
            return
        days = [span for piece in fine for point in piece.points if (span := point.days(self.fiscal_year))]
        if not days:
            return
        start, end = min(day for day, _ in days), max(day for _, day in days)
        if any(point.kind == "part" for point in label.points):
            # ไตรมาส ๒ (ม.ค. - มี.ค. ๖๖): the dates lie in the quarter; of several dates and labels one is enough
            alone = len(fine) == 1 and len(self.facts.pieces) == 2
            fits = (all if alone else any)(first[0] <= day and until <= last[1] for day, until in days)
        else:
            # ตลอดปีงบประมาณ (ต.ค. ๖๕ - ก.ย. ๖๖): the dates and the year touch
            fits = start <= last[1] and end >= first[0]
        # ไตรมาสที่ ๒ (เม.ย. - มิ.ย. ๖๖): right for whoever counts quarters from January
        quarter = calendar_quarter((start, end))
        same_number = quarter is not None and label.points[0].months == (quarter * 3 - 3, quarter * 3 - 1)
        if not fits and not same_number:
            self.facts.warn(f"{self.cell.quoted(*label.place)} ไม่ตรงกับวันที่ที่ระบุไว้ใน {self.cell.whole}")

    def _end_by_label(self, piece: Piece, coarse: list[Piece]) -> None:
        """ปีงบประมาณ ๒๕๖๔ - ๒๕๖๕ (เริ่มเดือนกรกฎาคม ๒๕๖๔): the gloss moves the start, the years keep the end."""
        if coarse and coarse[-1].shape == "span":
            piece.last = coarse[-1].points[-1]

    def _outer_or_inner(self, fine: list[Piece]) -> list[Piece]:
        """Dates outside of brackets, or those in brackets that make them exact."""
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
            if within and all(point.kind == "month" for point in outer[0].points):  # มีนาคม ๒๕๖๖ (๑๕ มี.ค. ๖๖)
                return inner
        self.facts.warn(
            f"{self.cell.quoted(*inner[0].place)} ไม่ตรงกับ {self.cell.quoted(*outer[0].place)} จึงใช้ช่วงที่อยู่นอกวงเล็บ"
        )
        return outer

    def _span(self, piece: Piece) -> Span | None:
        first, last = piece.points[0].days(self.fiscal_year), piece.points[-1].days(self.fiscal_year)
        return (first[0], last[1]) if first and last else None


def _years(pieces: list[Piece], kind: PointKind) -> set[int]:
    return {point.year for piece in pieces for point in piece.points if point.kind == kind and point.year}


def _pass_years_back(coarse: list[Piece]) -> None:
    """ไตรมาส ๑ และไตรมาส ๒ ปีงบประมาณ ๒๕๖๗: the year behind the last quarter is that of those before it too."""
    following: int | None = None
    for point in reversed([point for piece in coarse for point in piece.points if point.kind == "part"]):
        point.year = point.year or following
        following = point.year
