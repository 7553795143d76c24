"""What a period cell says, piece by piece, before any of it is weighed against the rest."""

from dataclasses import dataclass, field
from typing import Literal

from tracker.kinds import Cadence
from tracker.plan_import.period.lexer import Token
from tracker.plan_import.period.points import Point

Shape = Literal["span", "deadline", "before", "open"]
TermUnit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: 10 วัน, ๓ เดือน; ``half`` adds half of its unit."""

    count: int
    unit: TermUnit
    start: int
    end: int
    half: bool = False


@dataclass(slots=True)
class Piece:
    """One point or range of time.

    ``level`` 0 is outside of brackets, each bracket has its own; ``joined`` says that a word, list mark or line break
    sets it beside the piece before, ``linked`` that it is a word (และ) or comma; ``begins`` that ตั้งแต่ or เริ่ม led
    it, ``ahead`` that ก่อน led its end; ``counted`` is a term counted from it; ``round_of`` are the months of the
    รอบ ๖ เดือน in whose brackets it stands.
    """

    first: Point
    last: Point | None = None
    shape: Shape = "span"
    level: int = 0
    joined: bool = False
    linked: bool = False
    begins: bool = False
    ahead: bool = False
    counted: Term | None = None
    round_of: int | None = None

    @property
    def points(self) -> list[Point]:
        return [self.first, self.last] if self.last else [self.first]

    @property
    def fine(self) -> bool:
        """Whether a month or a day is named, not only a quarter or a year."""
        return any(point.fine for point in self.points)

    @property
    def awaits_end(self) -> bool:
        """Whether ตั้งแต่ led it and nothing has ended it yet."""
        return self.begins and self.last is None and self.shape == "span"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the folded text."""
        return self.points[0].start, self.points[-1].end


@dataclass(slots=True)
class ParseResult:
    """All that a cell says. ``rounds`` are the months of รอบ ๖ เดือน and its kin, ``days`` named days of each month,
    ``quarter_days`` named days of the first, second or third month (0, 1, 2) of each quarter.

    ``left_out`` are months that ยกเว้น takes out of those of a cadence.
    ``named`` is a name of time that only dates can explain: a school year, a festival.
    """

    pieces: list[Piece] = field(default_factory=list)
    cadences: set[Cadence] = field(default_factory=set)
    rounds: set[int] = field(default_factory=set)
    days: list[int] = field(default_factory=list)
    quarter_days: list[tuple[int, int]] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    terms: list[Term] = field(default_factory=list)
    instalments: int | None = None
    times: int | None = None
    labels: int = 0
    named: Token | None = None
    unfit: bool = False
    recurring: bool = False
    every_date: Token | None = None
    continuous: bool = False
    whole_year: bool = False
    relative: bool = False
    until_event: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def repeats(self) -> bool:
        """Whether it names a cadence, of those that the tracker has or another."""
        return bool(self.cadences or self.rounds or self.recurring) or (self.unfit and not self.relative)

    def warn(self, sentence: str) -> None:
        """Add a warning once; it quotes the cell's text."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
