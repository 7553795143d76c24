"""From the tokens of a period cell to what it says: pieces of time, cadences, terms, and all that was not understood."""

import re
from dataclasses import dataclass, field
from typing import Literal

from tracker.plan_import.period_months import month_number, nearest_month, weekday_number
from tracker.plan_import.period_points import Point, year_from_text
from tracker.plan_import.period_words import Cell, Token, number, tokens
from tracker.schedule import Cadence
from tracker.thai.calendar import MONTHS

Shape = Literal["span", "deadline", "before", "open"]
TermUnit = Literal["day", "week", "month", "year"]

_POINTS = frozenset(
    "iso numeric month_year day_month month_day month quarters part fiscal_edge fiscal calendar calendar_word".split()
)
_QUIET = frozenset({"filler", "clock", "nights"})
_TIMES_A_YEAR: dict[int, Cadence] = {1: "yearly", 2: "half-yearly", 4: "quarterly", 12: "monthly"}
_EVERY_MONTHS: dict[int, Cadence] = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}


@dataclass(slots=True)
class Piece:
    """One point or range; ``level`` 0 is outside of brackets, ``begins`` says that ตั้งแต่ or เริ่ม led it."""

    first: Point | None
    last: Point | None = None
    shape: Shape = "span"
    level: int = 0
    joined: bool = False
    begins: bool = False
    counted: "Term | None" = None

    @property
    def points(self) -> list[Point]:
        return [point for point in (self.first, self.last) if point]

    @property
    def fine(self) -> bool:
        return any(point.fine for point in self.points)

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the folded text."""
        return self.points[0].start, self.points[-1].end


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: 10 วัน, ๓ เดือน."""

    count: int
    unit: TermUnit
    start: int
    end: int
    half: bool = False


@dataclass(slots=True)
class Facts:
    """All that a cell says, before any of it is weighed against the rest."""

    pieces: list[Piece] = field(default_factory=list)
    cadences: set[Cadence] = field(default_factory=set)
    rounds: set[int] = field(default_factory=set)
    days: list[int] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    instalments: Token | None = None
    times: Token | None = None
    labels: int = 0
    repeats: bool = False
    recurring: bool = False
    continuous: bool = False
    relative: bool = False
    until_event: bool = False
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def read_facts(cell: Cell) -> tuple[Cell, Facts]:
    """What a cell says, and the cell with misspelt months put right (each with a warning)."""
    facts = Facts()
    for _ in range(6):
        found = list(tokens(cell))
        guess = next(
            (
                (token, near)
                for token in found
                if token.kind == "unknown" and (near := nearest_month(cell.folded[token.start : token.end]))
            ),
            None,
        )
        if guess is None:
            break
        token, near = guess
        facts.warn(f"อ่าน “{cell.quote(token.start, token.end)}” เป็น {MONTHS[near - 1]} โปรดตรวจตัวสะกด")
        cell = cell.with_word(token.start, token.end, MONTHS[near - 1].translate(str.maketrans("ฏ", "ฎ")))
    _Reader(cell, _without_former(found, cell), facts).read()
    return cell, facts


def _without_former(found: list[Token], cell: Cell) -> list[Token]:
    """The tokens without the range that จากเดิม … เป็น … or (เดิม …) has replaced."""
    for index in range(len(found) - 1, 0, -1):
        if found[index].kind == "instead" and any(token.kind not in _QUIET for token in found[:index]):
            found = found[index + 1 :]
            break
    kept: list[Token] = []
    former = False
    for index, token in enumerate(found):
        if token.kind == "former" and index and found[index - 1].kind == "open":
            former = True
        if token.kind == "close":
            former = False
        if not former:
            kept.append(token)
    return kept


class _Reader:
    """Walks the tokens once, left to right."""

    def __init__(self, cell: Cell, found: list[Token], facts: Facts) -> None:
        self.cell = cell
        self.facts = facts
        self.tokens = [token for token in found if token.kind not in _QUIET]
        self.at = 0
        self.level = 0
        self.brackets = 0
        self.outer: list[tuple[int, Piece | None]] = []
        self.piece: Piece | None = None
        self.ranging: Token | None = None
        self.prefix: Token | None = None
        self.edge: Token | None = None
        self.between = False
        self.joining = False
        self.choice: Token | None = None
        self.previous = ""
        self._bullet_dashes()

    def read(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind in _POINTS:
                for point in self.points_of(token):
                    self.add(point)
            else:
                getattr(self, f"on_{token.kind}")(token)
            if token.kind not in ("to", "joined", "or"):
                self._choice_made(token)
            self.previous = token.kind
        self._close_range()

    # What the walk needs to know of its surroundings

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def quote(self, start: int, end: int) -> str:
        return f"“{self.cell.quote(start, end)}”"

    def _bullet_dashes(self) -> None:
        """Dashes that begin every line are list marks, not ranges."""
        if self.tokens and self.tokens[0].kind == "to" and self._is_dash(self.tokens[0]):
            self.tokens = [
                Token("joined", token.start, token.end)
                if token.kind == "to" and self._is_dash(token) and (token.start in self.cell.line_starts or not token.start)
                else token
                for token in self.tokens
            ]

    def _is_dash(self, token: Token) -> bool:
        return self.cell.folded[token.start] == "-"

    def _close_range(self) -> None:
        if self.ranging and self.piece and not self._is_dash(self.ranging):
            self.piece.last = self._unknown(self.ranging)
            self.facts.warn(f"ไม่พบวันสิ้นสุดหลัง {self.quote(self.ranging.start, self.ranging.end)}")
        self.ranging = None

    def _choice_made(self, token: Token) -> None:
        if self.choice and (token.kind in _POINTS or self.facts.cadences or self.facts.rounds):
            if token.kind not in ("unknown", "event", "counted_from"):
                self.facts.warn(
                    f"{self.quote(0, len(self.cell.folded))} ให้เลือกอย่างใดอย่างหนึ่ง (หรือ) โปรดระบุให้แน่นอน"
                )
            self.choice = None

    def _unknown(self, token: Token) -> Point:
        return Point("unknown", token.start, token.end)

    # Points

    def points_of(self, token: Token) -> list[Point]:
        groups = token.groups
        point = Point("day", token.start, token.end)
        if token.kind == "quarters":
            return self._quarters(token)
        if token.kind == "part":
            point.kind = "part"
            count = int(groups.get("months", "6"))
            first = groups["which"] in ("แรก", "ที่1")
            if not 1 <= count <= 11:
                return self._faulty(point)
            point.months = (0, count - 1) if first else (12 - count, 11)
            return [point]
        if token.kind in ("fiscal", "fiscal_edge", "calendar", "calendar_word"):
            point.kind = "fiscal" if token.kind.startswith("fiscal") else "calendar"
            self._set_year(point, groups.get("year"), groups.get("era") or groups.get("era2") or "")
            edge = groups.get("edge", "")
            point.edge = "end" if edge.startswith("สิ้น") else "start" if edge else ""
            if groups.get("vague") or groups.get("which") or groups.get("second"):
                return self._faulty(point)
            if token.kind == "calendar_word" and point.year is None:
                return self._faulty(point)
            return [point]
        if token.kind in ("month", "month_year"):
            point.kind = "month"
        month = groups.get("month") or groups.get("month2") or groups.get("month3") or ""
        point.month = int(month) if month.isdigit() else month_number(month)
        if point.kind == "day":
            point.day = int(groups["day"])
        if "weekday" in groups:
            point.weekday = weekday_number(groups["weekday"])
        self._set_year(
            point, groups.get("year") or groups.get("year2") or groups.get("year3"), groups.get("era") or ""
        )
        if groups.get("gap") == ".":
            self.facts.warn(f"{self.quote(token.start, token.end)} อาจเป็นเลขข้อหรือวันที่ โปรดตรวจ")
        return [point]

    def _faulty(self, point: Point) -> list[Point]:
        point.faulty = True
        self.facts.warn(f"{self.quote(point.start, point.end)} ไม่บอกวันเดือนปีที่แน่นอน")
        return [point]

    def _set_year(self, point: Point, digits: str | None, era: str) -> None:
        if not digits:
            return
        year, doubt = year_from_text(digits)
        if len(digits) == 4 and era and (era[0] in "คa") != (int(digits) < 2400):
            year, doubt = None, True
        point.year = year
        if year is None:
            point.faulty = True
            self.facts.warn(f"ปีใน {self.quote(point.start, point.end)} ไม่น่าถูกต้อง")
        elif doubt:
            self.facts.warn(f"ปีใน {self.quote(point.start, point.end)} มีห้าหลัก อ่านเป็น {year} โปรดตรวจ")

    def _quarters(self, token: Token) -> list[Point]:
        ordinal = token.groups.get("ordinal")
        digits = token.groups.get("numbers") or ("1" if ordinal == "แรก" else "4")
        points: list[Point] = []
        separator = ""
        for letter in digits:
            if not letter.isdigit() or letter not in "1234":
                separator += letter
                continue
            quarter = int(letter)
            point = Point("part", token.start, token.end, months=(quarter * 3 - 3, quarter * 3 - 1))
            if "year" in token.groups:
                self._ambiguous_year(point)
            if points and ("-" in separator or "ถึง" in separator):
                points[-1].months = (points[-1].months[0], point.months[1])
                if points[-1].months[0] > point.months[0]:
                    points[-1] = self._faulty(points[-1])[0]
            else:
                points.append(point)
            separator = ""
        return points

    def _ambiguous_year(self, point: Point) -> None:
        point.faulty = True
        self.facts.warn(
            f"{self.quote(0, len(self.cell.folded))} ไม่บอกว่าเป็นปีงบประมาณหรือปีปฏิทิน โปรดระบุเดือนหรือปีงบประมาณ"
        )

    def add(self, point: Point) -> None:
        """Put a point where the words before it want it: the end of a range, the year of a date, a new piece."""
        if self.edge:
            point.edge = "end"
            point.start = min(point.start, self.edge.start)
            self.edge = None
        if self.ranging and self.piece and self.piece.last is None:
            self.piece.last = point
            self.piece.shape = "span"
        elif self._attached(point):
            pass
        elif self.between and self.joining and self.piece and self.piece.last is None:
            self.piece.last = point
            self.between = False
        elif self.prefix and self.prefix.kind == "within" and self.piece and self._awaits_end(self.piece):
            self.piece.last = point
        else:
            self._new_piece(point)
        self.ranging = None
        self.prefix = None
        self.joining = False

    @staticmethod
    def _awaits_end(piece: Piece) -> bool:
        return piece.begins and piece.last is None and piece.shape == "span"

    def _new_piece(self, point: Point) -> None:
        prefix = self.prefix.kind if self.prefix else ""
        shape: Shape = "span"
        if prefix == "within" or (prefix == "before" and point.edge == "end") or self.ranging:
            shape = "deadline"
        elif prefix == "before":
            shape = "before"
        joined = self.joining or any(
            start in self.cell.line_starts for start in range(self._end_of_last() + 1, point.start + 1)
        )
        self.piece = Piece(point, None, shape, self.level, joined, begins=prefix == "from")
        self.facts.pieces.append(self.piece)

    def _end_of_last(self) -> int:
        return self.piece.place[1] - 1 if self.piece else 0

    def _attached(self, point: Point) -> bool:
        """Whether a year is the year of the date or quarter just before it (ไตรมาส ๒ ของปีงบประมาณ ๒๕๖๖)."""
        if not self.piece or self.previous not in _POINTS | {"number"} or point.kind not in ("fiscal", "calendar"):
            return False
        if point.edge or self.joining or self.ranging:
            return False
        target = self.piece.points[-1]
        if target.year is not None or target.fiscal is not None or target.kind not in ("day", "month", "part"):
            return False
        if point.faulty:
            target.faulty = True
        elif target.kind == "part":
            for part in (target, *self._parts_before()):
                if point.kind == "calendar":
                    self._ambiguous_year(part)
                part.year = part.year or point.year
        elif point.kind == "fiscal":
            target.fiscal = point.year
        else:
            target.year = point.year
        target.end = point.end
        return True

    def _parts_before(self) -> list[Point]:
        parts = [point for piece in self.facts.pieces for point in piece.points if point.kind == "part"]
        return [part for part in parts if part.year is None and not part.faulty]

    def on_number(self, token: Token) -> None:
        value = int(self.cell.folded[token.start : token.end])
        digits = token.end - token.start
        if self.peek() == "to" and self.peek(1) in ("term", "working_days"):
            last = self.tokens[self.at + 1]
            self.at += 2
            self._relative(token.start, last.end)
            return
        if 1 <= value <= 31 and digits <= 2 and (day := self._day_of_following(value, token)):
            self.add(day)
            return
        kin = self._year_before()
        if digits in (4, 5) or (digits == 2 and kin and (self.ranging or self.joining)):
            point = Point(kin.kind if kin else "calendar", token.start, token.end, bare=kin is None)
            self._set_year(point, self.cell.folded[token.start : token.end], "")
            self.add(point)
            return
        self.on_unknown(token)

    def _day_of_following(self, value: int, token: Token) -> Point | None:
        """A day whose month stands further on: the 1 of 1 - 30 เม.ย., the 5 and 12 of 5, 12 และ 19 มกราคม."""
        number_next = False
        for other in self.tokens[self.at :]:
            if other.kind in ("day_month", "numeric") and number_next:
                month = self.points_of(other)[0].month
                return Point("day", token.start, token.end, day=value, month=month)
            if other.kind in ("to", "joined") and not number_next:
                number_next = True
            elif other.kind == "number" and number_next and other.end - other.start <= 2:
                number_next = False
            else:
                return None
        return None

    def _year_before(self) -> Point | None:
        if self.piece and self.piece.points[-1].kind in ("fiscal", "calendar"):
            return self.piece.points[-1]
        return None

    # Words around points

    def on_from(self, token: Token) -> None:
        self.prefix = token

    def on_within(self, token: Token) -> None:
        self.prefix = token

    def on_before(self, token: Token) -> None:
        self.prefix = token

    def on_between(self, token: Token) -> None:
        self.between = True
        self.piece = None if not token.start else self.piece

    def on_to(self, token: Token) -> None:
        if self.piece is None and self._is_dash(token) and not self.previous:
            return
        self.ranging = token

    def on_joined(self, token: Token) -> None:
        del token
        self._close_range()
        self.joining = True

    def on_or(self, token: Token) -> None:
        self.choice = token
        self.joining = True

    def on_edge(self, token: Token) -> None:
        word = token.groups["edge"]
        if word in ("ต้น", "กลาง", "ปลาย"):
            after = self.tokens[self.at].end if self.at < len(self.tokens) else token.end
            self.facts.warn(f"{self.quote(token.start, after)} ไม่บอกวันที่แน่นอน")
            return
        self.edge = token
        if word == "สิ้นสุด" and self.piece and self._awaits_end(self.piece):
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
            return
        self.add(self._unknown(token))

    def on_open(self, token: Token) -> None:
        del token
        self.outer.append((self.level, self.piece))
        self.brackets += 1
        self.level = self.brackets
        self.prefix = None if self.prefix and self.prefix.kind == "from" else self.prefix

    def on_close(self, token: Token) -> None:
        del token
        if self.outer:
            self.level, outer = self.outer.pop()
            self.piece = outer or self.piece

    def on_label(self, token: Token) -> None:
        del token
        self._close_range()
        self.facts.labels += 1
        self.joining = True

    def on_same_year(self, token: Token) -> None:
        target = self.piece.points[-1] if self.piece else None
        word = self.cell.folded[token.start : token.end]
        known = [p.year for piece in self.facts.pieces for p in piece.points if p.year and p is not target]
        if target and target.year is None and known and word.endswith(("เดียวกัน", "นั้น", "ถัดไป")):
            target.year = known[-1] + word.endswith("ถัดไป")
            return
        self.facts.warn(f"{self.quote(token.start, token.end)} ไม่บอกปีที่แน่นอน")
        if target and target.year is None and not word.endswith(("เดียวกัน", "นั้น")):
            target.faulty = True
        self.facts.relative = True

    # Lengths of time and events

    def on_term(self, token: Token) -> None:
        groups = token.groups
        unit: TermUnit = (
            "month" if "month" in groups else "week" if "week" in groups else "day" if "day" in groups else "year"
        )
        term = Term(number(groups["number"]), unit, token.start, token.end, "half" in groups or "half2" in groups)
        if self.peek() == "counted_from":
            self.at += 1
            if self.peek() in _POINTS:
                self._counted(term, self.points_of(self.tokens[self.at])[0])
                self.at += 1
            else:
                self._swallow_event(self.prefix.start if self.prefix else token.start)
            self.prefix = None
        elif self.prefix and self.prefix.kind in ("within", "before"):
            self._swallow_event(self.prefix.start)
            self.prefix = None
        elif self.ranging and self.previous == "to" and self.facts.terms and not self.piece:
            self._relative(self.facts.terms.pop().start, token.end)
            self.ranging = None
        else:
            self.facts.terms.append(term)
            self.ranging = None

    def on_working_days(self, token: Token) -> None:
        self._swallow_event(self.prefix.start if self.prefix else token.start)
        self.prefix = None

    def _counted(self, term: Term, anchor: Point) -> None:
        """A term counted from a named day or from the end of a year or quarter."""
        within = bool(self.prefix) or not anchor.fine
        self.piece = Piece(anchor, None, "deadline" if within else "span", self.level, counted=term)
        self.facts.pieces.append(self.piece)

    def _relative(self, start: int, end: int) -> None:
        self.facts.relative = True
        self.facts.warn(f"{self.quote(start, end)} ไม่บอกวันเดือนปีที่แน่นอน โปรดกำหนดวันที่เอง")

    def _swallow_event(self, start: int) -> None:
        """Take what belongs to an event (นับแต่วันที่ได้รับอนุมัติ) up to the next word of time, and report it."""
        loose = {"unknown", "vague", "continuous", "label", "number", "edge", "times", "event", "counted_from", "within"}
        while self.peek() in loose or (self.peek() == "joined" and self.peek(1) in loose):
            self.at += 1
        self._relative(start, self.tokens[self.at - 1].end)

    def on_counted_from(self, token: Token) -> None:
        self.on_event(token)

    def on_event(self, token: Token) -> None:
        self.facts.until_event |= "จน" in self.cell.folded[token.start : token.end] or bool(self.ranging)
        start = self.prefix.start if self.prefix else token.start
        unknown = self._unknown(token)
        ends, begins = self.ranging and self.piece, self.prefix and self.prefix.kind == "from"
        self._swallow_event(start)
        if ends or begins:
            self.add(unknown)

    # Cadences

    def on_monthly(self, token: Token) -> None:
        del token
        self.facts.cadences.add("monthly")

    def on_quarterly(self, token: Token) -> None:
        del token
        self.facts.cadences.add("quarterly")

    def on_half_yearly(self, token: Token) -> None:
        del token
        self.facts.cadences.add("half-yearly")

    def on_yearly(self, token: Token) -> None:
        del token
        self.facts.cadences.add("yearly")

    def on_each_year(self, token: Token) -> None:
        self.on_yearly(token)
        self.facts.recurring = True

    def on_last_day_of_month(self, token: Token) -> None:
        self.on_monthly(token)
        if "ทาการ" in self.cell.folded[token.start : token.end]:
            self.facts.warn(f"{self.quote(token.start, token.end)} นับเป็นวันสุดท้ายของเดือน")

    def on_fiscal_times(self, token: Token) -> None:
        cadence = _TIMES_A_YEAR.get(self._times(token))
        if cadence:
            self.facts.cadences.add(cadence)
        else:
            self.on_unfit_cadence(token)

    def on_monthly_times(self, token: Token) -> None:
        self._several(token, "monthly")

    def on_quarterly_times(self, token: Token) -> None:
        self._several(token, "quarterly")

    def _several(self, token: Token, cadence: Cadence) -> None:
        self.facts.cadences.add(cadence)
        if self._times(token) != 1:
            self.facts.warn(f"{self.quote(token.start, token.end)} ไม่บอกว่าวันใดบ้าง จึงมีจุดตรวจเพียงวันสุดท้าย")

    @staticmethod
    def _times(token: Token) -> int:
        return number(token.groups.get("times") or token.groups.get("times2") or "1")

    def on_unfit_cadence(self, token: Token) -> None:
        self.facts.repeats = True
        self.facts.warn(f"ยังไม่มีรอบแบบ {self.quote(token.start, token.end)} ในระบบ โปรดตรวจจุดตรวจ")

    def on_round(self, token: Token) -> None:
        months = _numbers(token.groups["months"])
        text = self.cell.folded[token.start : token.end]
        if "part" in token.groups and len(months) == 1:
            part = Token("part", token.start, token.end, {"months": str(months[0]), "which": token.groups["part"]})
            for point in self.points_of(part):
                self.add(point)
        elif text.startswith(("ทุก", "ราย")) and len(months) == 1:
            cadence = _EVERY_MONTHS.get(months[0])
            if cadence:
                self.facts.cadences.add(cadence)
            else:
                self.on_unfit_cadence(token)
        else:
            self.facts.rounds.update(months)
            for odd in sorted(set(months) - {3, 6, 9, 12}):
                self.facts.warn(f"ยังไม่มีรอบ {odd} เดือนตาม {self.quote(token.start, token.end)} ในระบบ")

    def on_days_of_month(self, token: Token) -> None:
        text = token.groups.get("days") or token.groups.get("days2") or token.groups.get("days3") or ""
        days = _numbers(text)
        self.on_monthly(token)
        if "-" in text or "ถึง" in text or "next" in token.groups or "ก่อน" in self.cell.folded[token.start : token.end]:
            days = days[-1:]
            self.facts.warn(f"{self.quote(token.start, token.end)} อ่านเป็นวันที่ {days[0]} ของทุกเดือน โปรดตรวจ")
        if not all(1 <= day <= 31 for day in days):
            self.facts.warn(f"ไม่มีวันที่ตาม {self.quote(token.start, token.end)} ในปฏิทิน")
            days = [day for day in days if 1 <= day <= 31]
        self.facts.days.extend(days)

    def on_instalments(self, token: Token) -> None:
        self.facts.instalments = token

    def on_times(self, token: Token) -> None:
        if number(token.groups["number"]) != 1:
            self.facts.times = token

    def on_whole_year(self, token: Token) -> None:
        del token
        self.facts.continuous = True

    on_continuous = on_whole_year

    # What no date can be made of

    def on_vague(self, token: Token) -> None:
        self.facts.warn(f"{self.quote(token.start, token.end)} ไม่ใช่กำหนดที่แน่นอน")

    def on_school(self, token: Token) -> None:
        self._relative(token.start, token.end)

    on_relative_unit = on_school
    on_year_edge = on_school

    def on_former(self, token: Token) -> None:
        self.on_unknown(token)

    def on_instead(self, token: Token) -> None:
        del token

    def on_unknown(self, token: Token) -> None:
        text = self.cell.folded[token.start : token.end]
        if not any(letter.isalnum() or "\u0e31" <= letter <= "\u0e4e" for letter in text):
            return
        self.facts.warn(f"ไม่เข้าใจ {self.quote(token.start, token.end)}")
        if (self.prefix and self.prefix.kind == "from") or (self.ranging and self.piece):
            self.add(self._unknown(token))


def _numbers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", text)]
