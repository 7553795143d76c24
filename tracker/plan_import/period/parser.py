"""From the tokens of a period cell to its facts, in one walk from left to right."""

import re

from tracker.plan_import.period.cadences import CADENCE_WORDS
from tracker.plan_import.period.dates import POINT_KINDS, points_of, set_year, term_of
from tracker.plan_import.period.facts import ParseResult, Piece, Term
from tracker.plan_import.period.lexer import Cell, Token, bears_on_time, numbers
from tracker.plan_import.period.months import month_number, weekday_number
from tracker.plan_import.period.normalise import is_dash, prepared
from tracker.plan_import.period.placing import Placing
from tracker.plan_import.period.points import Point

_TIMED = POINT_KINDS | CADENCE_WORDS.keys() | {"term", "working_days", "continuous", "whole_year"}
_PART_OF_EVENT = frozenset(
    {"unknown", "vague", "continuous", "label", "number", "edge", "times", "event", "counted_from", "within"}
)
_WITH_ITS_DATE = re.compile("(?:ภาย)?หลัง|ก่อน|ประกาศณ|ลง|after|following|upon")
"""Events that a date belongs to and is not when work is due: หลังวันที่ …, ลงวันที่ … of a paper."""
_STICKY = frozenset({"to", "number", "from", "between", "edge", "label", "onward"})


def parse_cell(cell: Cell) -> tuple[Cell, ParseResult]:
    """What a cell says, and the cell with misspelt months put right (each with a warning)."""
    facts = ParseResult()
    cell, found = prepared(cell, facts)
    _Parser(cell, found, facts).read()
    return cell, facts


class _Parser(Placing):
    """Reads tokens left to right; ``on_KIND`` does what a word of that kind asks for."""

    def __init__(self, cell: Cell, found: list[Token], facts: ParseResult) -> None:
        super().__init__(cell, facts)
        self.tokens = found
        self.at = 0
        self.brackets = 0
        self.outer: list[tuple[int, Piece | None]] = []
        self.vague: Token | None = None
        self.choosing = False

    def read(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            self._weigh_choice(token)
            if token.kind in POINT_KINDS:
                self._take_vague(token)
                for index, point in enumerate(points_of(token, self.cell, self.facts)):
                    self.joining |= index > 0
                    self.add(point)
            elif token.kind == "round" and "part" in token.groups:
                self._half_round(token)
            elif token.kind in CADENCE_WORDS:
                CADENCE_WORDS[token.kind](token, self.cell, self.facts)
                self.prefix = None
                if token.kind == "round":
                    self.joining = True
                    self.round = self._bracketed_round(token)
            else:
                getattr(self, f"on_{token.kind}")(token)
            self.previous = token.kind
        self.close_range()
        for token in filter(None, (self.prefix, self.edge, self.vague)):
            self.facts.warn(f"ไม่พบวันที่หลัง {self.quote(token.start, token.end)}")

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def _weigh_choice(self, token: Token) -> None:
        """หรือ between two times leaves open which is meant."""
        if self.choosing and token.kind not in ("or", "joined", "to", "within", "from", "between", "open"):
            self.choosing = False
            if token.kind in _TIMED:
                self.facts.warn(f"{self.quote(0, len(self.cell.folded))} ให้เลือกอย่างใดอย่างหนึ่ง โปรดระบุให้แน่นอน")

    # Rounds, and numbers by themselves

    def _bracketed_round(self, token: Token) -> int | None:
        """The months of the รอบ ๖ เดือน that a bracket explains; ทุก ๖ เดือน is a cadence and no round."""
        months = numbers(token.groups["months"])
        named = self.cell.folded[token.start : token.end].startswith(("ทุก", "ราย"))
        return months[0] if self.peek() == "open" and len(months) == 1 and not named else None

    def _half_round(self, token: Token) -> None:
        """รอบ ๖ เดือนแรก: a half of the year, and one of its rounds."""
        self.facts.labels += 1
        groups = {"months": str(numbers(token.groups["months"])[0]), "which": token.groups["part"]}
        for point in points_of(Token("part", token.start, token.end, groups), self.cell, self.facts):
            self.add(point)

    def on_number(self, token: Token) -> None:
        digits = token.groups["value"]
        following = self.tokens[self.at] if self.peek() in ("month", "day_month") else None
        if self.peek() == "to" and self.peek(1) in ("term", "working_days"):
            self.at += 2
            self._relative(token.start, self.tokens[self.at - 1].end)
        elif len(digits) == 4 and following and "year" not in following.groups and self.previous not in POINT_KINDS:
            following.groups["year"] = digits
        elif "weekday" not in token.groups and self._is_year(digits):
            before = self.piece.points[-1].kind if self.piece else "unknown"
            point = Point("fiscal" if before == "fiscal" else "calendar", token.start, token.end)
            set_year(point, digits, "", self.cell, self.facts)
            its_year = before in ("day", "month") and not self.ranging
            if not its_year and before not in ("fiscal", "calendar"):
                self.facts.warn(f"{self.quote(token.start, token.end)} ไม่บอกว่าเป็นปีงบประมาณหรือปีปฏิทิน")
            self.add(point)
        else:
            if self.piece and self.previous in POINT_KINDS:
                last = self.piece.points[-1]
                last.faulty |= last.year is None and last.fiscal is None
            self.on_unknown(token)

    def _is_year(self, digits: str) -> bool:
        after_year = self.piece and self.piece.points[-1].kind in ("fiscal", "calendar")
        return len(digits) in (4, 5) or bool(len(digits) == 2 and after_year and (self.ranging or self.joining))

    # Words around points

    def on_from(self, token: Token) -> None:
        self.prefix = token

    on_within = on_from
    on_before = on_from

    def on_between(self, token: Token) -> None:
        del token
        self.between = True
        self.piece = self.piece if self.joining else None

    def on_to(self, token: Token) -> None:
        if self.piece or not is_dash(token, self.cell) or self.previous in ("unknown", "event", "term"):
            self.ranging = token

    def on_joined(self, token: Token) -> None:
        del token
        self.close_range()
        self.joining = self.linking = True

    def on_or(self, token: Token) -> None:
        del token
        self.choosing = bool(self.facts.pieces or self.facts.repeats or self.facts.continuous or self.facts.terms)
        self.joining = True

    def on_edge(self, token: Token) -> None:
        word = token.groups.get("edge") or token.groups["english"]
        if word in ("ต้น", "กลาง", "ปลาย") or ("english" in token.groups and "end" not in word):
            self.vague = token
            return
        self.edge = token
        if word == "สิ้นสุด" and self.piece and self.piece.awaits_end:
            self.ranging = token

    def on_onward(self, token: Token) -> None:
        if self.piece and self.piece.last is None:
            self.piece.shape = "open"
        else:
            self.facts.warn(f"ไม่เข้าใจ {self.quote(0, token.end)}")

    def on_now(self, token: Token) -> None:
        self.facts.warn(f"{self.quote(token.start, token.end)} ไม่บอกวันเดือนปีที่แน่นอน")
        if self.ranging and self.piece:
            self.ranging = None
            self.piece.shape = "open"
        else:
            self.add(self.unknown(token))

    def on_open(self, token: Token) -> None:
        del token
        self.outer.append((self.level, self.piece))
        self.brackets += 1
        self.level = self.brackets

    def on_close(self, token: Token) -> None:
        del token
        self.round = None
        if self.outer:
            self.level, outer = self.outer.pop()
            self.piece = outer or self.piece

    def on_weekday_mark(self, token: Token) -> None:
        """๓๑ มี.ค. ๖๖ (วันศุกร์): the weekday of the date before it."""
        if not self.piece or self.piece.points[-1].kind != "day":
            self.on_unknown(token)
        elif "weekday" in token.groups:
            self.piece.points[-1].weekday = weekday_number(token.groups["weekday"])

    def on_label(self, token: Token) -> None:
        del token
        self.close_range()
        self.facts.labels += 1
        self.joining = True
        self.linking = False

    def on_same_year(self, token: Token) -> None:
        """ปีเดียวกัน and ปีถัดไป lean on a year named before; without one the year is unknown."""
        target = self.piece.points[-1] if self.piece else None
        word = self.cell.folded[token.start : token.end]
        points = [point for piece in self.facts.pieces for point in piece.points if point is not target]
        known = [point.year for point in points if point.year]
        if target and target.year is None and known and word.endswith(("เดียวกัน", "นั้น", "ถัดไป")):
            target.year = known[-1] + word.endswith("ถัดไป")
            return
        self._relative(token.start, token.end)
        if target and target.year is None and not word.endswith(("เดียวกัน", "นั้น")):
            target.faulty = True

    def on_extended(self, token: Token) -> None:
        """ขยายถึง … gives the piece before it a later end."""
        if self.piece and self.piece.last:
            self.piece.last = None
            self.facts.warn(f"{self.quote(token.start, token.end)} ใช้วันสิ้นสุดที่ขยายแล้ว โปรดตรวจ")

    def on_except(self, token: Token) -> None:
        """Months are left out of a cadence's (ยกเว้น เม.ย.); what else is left out is said."""
        first = self.at
        while self.at < len(self.tokens) and self.peek() not in ("open", "close"):
            self.at += 1
        left_out = self.tokens[first : self.at]
        months = [one for one in left_out if one.kind == "month" and "year" not in one.groups]
        if months and all(one in months or one.kind == "joined" for one in left_out):
            self.facts.left_out.update(month_number(one.groups["month"]) for one in months)
        else:
            self.facts.warn(f"{self.quote(token.start, self.tokens[self.at - 1].end)} ยังไม่ได้ตัดออก โปรดตรวจ")

    # Lengths of time and events

    def on_term(self, token: Token) -> None:
        term = term_of(token)
        edges = self.peek(1) == "edge"
        if self.peek() == "counted_from" and self.peek(1 + edges) in POINT_KINDS:
            self.at += 2 + edges
            self._count_from(term, points_of(self.tokens[self.at - 1], self.cell, self.facts)[0])
        elif self.peek() == "counted_from" or (self.prefix and self.prefix.kind in ("within", "before")):
            self._swallow_event(self.prefix.start if self.prefix else token.start)
        elif self.ranging and self.facts.terms and not self.piece:
            self._relative(self.facts.terms.pop().start, token.end)
        else:
            self.facts.terms.append(term)
            self.prefix = self.prefix if self.prefix and self.prefix.kind == "from" else None
        self.ranging = None

    def _take_vague(self, token: Token) -> None:
        """ต้นเดือนมีนาคม still names its month; ต้นปี names no day at all."""
        if self.vague and token.kind in ("month", "day_month"):
            self.facts.warn(f"{self.quote(self.vague.start, token.end)} ไม่บอกวันที่แน่นอน")
        elif self.vague:
            token.groups["vague"] = self.cell.folded[self.vague.start : self.vague.end]
        self.vague = None

    def _count_from(self, term: Term, anchor: Point) -> None:
        """A term counted from a named day or from the end of a year or quarter."""
        deadline = bool(self.prefix) or not anchor.fine
        self.piece = Piece(anchor, None, "deadline" if deadline else "span", self.level, counted=term)
        self.facts.pieces.append(self.piece)
        self.prefix = None

    def on_working_days(self, token: Token) -> None:
        edges = self.peek(1) == "edge"
        if self.peek() == "counted_from" and self.peek(1 + edges) in POINT_KINDS:
            self.at += 2 + edges
        self._swallow_event(self.prefix.start if self.prefix else token.start)

    def _relative(self, start: int, end: int) -> None:
        self.facts.relative = True
        self.facts.warn(f"{self.quote(start, end)} ไม่บอกวันเดือนปีที่แน่นอน โปรดกำหนดวันที่เอง")

    def _swallow_event(self, start: int) -> None:
        """Take what belongs to an event (นับแต่วันที่ได้รับอนุมัติ) up to the next word of time, and report it."""
        while self.peek() in _PART_OF_EVENT or (self.peek() == "joined" and self.peek(1) in _PART_OF_EVENT):
            dated = self.peek() == "event" and _WITH_ITS_DATE.match(self.cell.folded, self.tokens[self.at].start)
            self.at += 1 + bool(dated and self.peek(1) in POINT_KINDS)
        end = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.cell.folded)
        self._relative(start, end)
        self.prefix = None

    def on_event(self, token: Token) -> None:
        self.facts.until_event |= "จน" in self.cell.folded[token.start : token.end] or bool(self.ranging)
        bounds = (self.ranging and self.piece) or (self.prefix and self.prefix.kind == "from")
        if _WITH_ITS_DATE.match(self.cell.folded, token.start) and self.peek() in POINT_KINDS:
            self.at += 1
        self._swallow_event(self.prefix.start if self.prefix else token.start)
        if bounds:
            self.add(self.unknown(token))

    def on_counted_from(self, token: Token) -> None:
        """นับตั้งแต่วันที่ ๑ ตุลาคม without a term is a start."""
        if self.peek() in POINT_KINDS and "นับ" in self.cell.folded[token.start : token.end]:
            self.prefix = Token("from", token.start, token.end)
        else:
            self.on_event(token)

    def on_continuous(self, token: Token) -> None:
        """ตลอดปีงบประมาณ names the whole year, ตลอด alone only that it goes on."""
        self.facts.continuous = True
        self.facts.whole_year |= self.peek() == "fiscal" and "ตลอด" in self.cell.folded[token.start : token.end]

    def on_whole_year(self, token: Token) -> None:
        self.on_continuous(token)
        self.facts.whole_year = True

    # What no date can be made of

    def on_vague(self, token: Token) -> None:
        self.facts.warn(f"{self.quote(token.start, token.end)} ไม่ใช่กำหนดที่แน่นอน")

    def on_relative_unit(self, token: Token) -> None:
        self._relative(self.prefix.start if self.prefix else token.start, token.end)
        self.prefix = None

    on_year_edge = on_relative_unit

    def on_school(self, token: Token) -> None:
        self.facts.named = token

    on_festival = on_school

    def on_unknown(self, token: Token) -> None:
        text = self.cell.folded[token.start : token.end]
        if not any(letter.isalnum() or "\u0e31" <= letter <= "\u0e4e" for letter in text):
            return
        if not self._harmless(text):
            self.facts.warn(f"ไม่เข้าใจ {self.quote(token.start, token.end)}")
        if (self.prefix and self.prefix.kind == "from") or (self.ranging and self.piece):
            self.add(self.unknown(token))

    on_former = on_unknown

    def _harmless(self, text: str) -> bool:
        """Whether unknown words only say what is done or by whom: nothing in or beside them bears on time."""
        bound = self.prefix or self.ranging or self.edge or _STICKY & {self.previous, self.peek()}
        return len(text) >= 4 and not bound and not bears_on_time(text, in_brackets=self.level > 0)
