"""Where a point of time goes: the end of a range, the year of the date before it, or a piece of its own."""

from tracker.plan_import.period.dates import POINT_KINDS
from tracker.plan_import.period.facts import ParseResult, Piece, Shape
from tracker.plan_import.period.lexer import Cell, Token
from tracker.plan_import.period.points import Point


class Placing:
    """What the words so far ask of the next point.

    ``piece`` is the one that a following ถึง, year or เป็นต้นไป belongs to.
    """

    def __init__(self, cell: Cell, facts: ParseResult) -> None:
        self.cell = cell
        self.facts = facts
        self.level = 0
        self.round: int | None = None
        self.piece: Piece | None = None
        self.ranging: Token | None = None
        self.prefix: Token | None = None
        self.edge: Token | None = None
        self.between = False
        self.joining = self.linking = False
        self.previous = ""

    def quote(self, start: int, end: int) -> str:
        return self.cell.quoted(start, end)

    def close_range(self) -> None:
        """Report a ถึง or dash that no end followed."""
        if self.ranging and self.piece and self.piece.last is None:
            self.piece.last = self.unknown(self.ranging)
            self.facts.warn(f"ไม่พบวันสิ้นสุดหลัง {self.quote(self.ranging.start, self.ranging.end)}")
        self.ranging = None

    @staticmethod
    def unknown(token: Token) -> Point:
        return Point("unknown", token.start, token.end)

    def add(self, point: Point) -> None:
        """Put a point where the words before it want it: the end of a range, the year of a date, a new piece."""
        piece = self.piece
        before = piece.points[-1].kind if piece else ""
        if self.ranging and point.kind == "calendar" and before == "fiscal":
            point.kind = "fiscal"
        if self.edge:
            point.edge = "end"
            point.start = min(point.start, self.edge.start)
            self.edge = None
        open_range = self.ranging or (self.between and self.joining)
        if open_range and piece and piece.last is None:
            if piece.shape == "before":
                self.facts.warn(f"ไม่เข้าใจ “ก่อน” ของช่วง {self.quote(piece.first.start, point.end)}")
            piece.last = point
            piece.shape = "span"
            self.between = False
        elif self._is_year_of(point):
            pass
        elif self.prefix and self.prefix.kind == "within" and piece and piece.awaits_end:
            piece.last = point
        else:
            self._new_piece(point)
        self.ranging = None
        self.prefix = None
        self.joining = self.linking = False

    def _new_piece(self, point: Point) -> None:
        prefix = self.prefix.kind if self.prefix else ""
        last = self.piece
        if self.ranging and last:
            self.facts.warn(f"ไม่เข้าใจช่วงใน {self.quote(last.first.start, point.end)}")
        shape: Shape = "span"
        if prefix == "within" or (prefix == "before" and point.edge == "end") or self.ranging:
            shape = "deadline"
        elif prefix == "before":
            shape = "before"
        elif last and self.joining and last.shape == "deadline":
            shape = "deadline"
        if last and self.joining and not last.last and (last.first.kind, point.kind) == ("day", "month"):
            self.facts.warn(f"{self.quote(last.first.start, point.end)} บอกวันเพียงเดือนเดียว โปรดตรวจ")
        since = last.place[1] if last else 1
        labelled = last is not None and not last.fine and point.fine
        joined = self.joining or labelled or any(at in self.cell.line_starts for at in range(since, point.start + 1))
        ahead = prefix == "before" and shape == "deadline"
        begins = prefix == "from"
        round_of = self.round if self.level else None
        self.piece = Piece(
            point, None, shape, self.level, joined, self.linking, begins=begins, ahead=ahead, round_of=round_of
        )
        self.facts.pieces.append(self.piece)

    def _is_year_of(self, point: Point) -> bool:
        """Whether a year belongs to the date or quarter just before it (ไตรมาส ๒ ของปีงบประมาณ ๒๕๖๖); it is set."""
        if not self.piece or self.previous not in POINT_KINDS or point.kind not in ("fiscal", "calendar"):
            return False
        target = self.piece.points[-1]
        named = target.year is not None or target.fiscal is not None
        if point.edge or self.joining or named or target.kind not in ("day", "month", "part"):
            return False
        target.faulty |= point.faulty
        if target.kind == "part":
            for part in (target, *self._parts_without_year()):
                part.ambiguous = point.kind == "calendar"
                part.year = point.year
        elif point.kind == "fiscal":
            target.fiscal = point.year
        else:
            target.year = point.year
        target.end = point.end
        return True

    def _parts_without_year(self) -> list[Point]:
        points = [point for piece in self.facts.pieces for point in piece.points]
        return [point for point in points if point.kind == "part" and point.year is None and not point.faulty]
