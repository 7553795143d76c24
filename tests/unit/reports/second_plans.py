"""Random plans for the second author's oracle: steps, units and occasions with what was recorded of them.

Every text that somebody typed holds a tag of its own, so that the oracle finds it again wherever it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.unit.reports.second_oracle import MONTHS, month_and_year, thai
from tracker.reports.rollup import StepFacts
from tracker.reports.standing import TaskFact
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start, last_of_month

UNITS = (
    ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา ศาสนาและวัฒนธรรม", "กองสาธารณสุขและสิ่งแวดล้อม", "กองสวัสดิการสังคม"),
    ("กองช่าง", "กองช่างสุขาภิบาล", "หน่วยตรวจสอบภายใน", "งานนิติการ", "กองส่งเสริมการเกษตร"),
    ("คณะกรรมการสนับสนุนการประเมิน ITA", "นักวิชาการ", "ฝ่ายประชาสัมพันธ์", "นิติกร"),
)
REASONS = ("ไม่ได้รับงบประมาณ", "นโยบายผู้บริหารเปลี่ยนแปลง", "บุคลากรไม่เพียงพอ", "น้ำท่วมสถานที่จัดงาน")
LETTERS = "กขคงจฉชซญดตถทธนบปผพฟภมยรลวสหอฮ"
EVERY = {"monthly": 1, "every-2-months": 2, "quarterly": 3, "every-4-months": 4, "half-yearly": 6, "yearly": 12}


@dataclass(frozen=True)
class Asked:
    """A measure's steps and how a report of them is asked for."""

    steps: tuple[StepFacts, ...]
    year: int
    months: int
    published: bool
    names: bool
    thai_digits: bool

    @property
    def round_end(self) -> date:
        return date(self.year - 543, 3, 31) if self.months == 6 else fiscal_year_end(self.year)


class PlanMaker:
    """Makes measures from a seed; the same seed gives the same measures."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.year = self.random.choice((2565, 2566, 2567, 2568))
        self.tags: set[str] = set()
        self.ids = 0

    def plan(self) -> list[Asked]:
        """A measure, asked for in both rounds."""
        random = self.random
        size = random.choice((1, 1, 2, 3))
        numbers = self._numbers(size)
        steps = tuple(StepFacts(number, tuple(self.tasks())) for number in numbers)
        published, names, digits = random.random() < 0.5, random.random() < 0.3, random.random() < 0.9
        return [Asked(steps, self.year, months, published, names, digits) for months in (6, 12)]

    def _numbers(self, size: int) -> list[int | None]:
        kind = self.random.random()
        if kind < 0.25:
            return [None] * size
        if kind < 0.4:
            return sorted(self.random.sample(range(1, 12), size))
        return list(range(1, size + 1))

    def tag(self) -> str:
        while (tag := "".join(self.random.choices(LETTERS, k=6))) in self.tags:
            pass
        self.tags.add(tag)
        return tag

    # Occasions and parties

    def occasions(self) -> list[tuple[date | None, tuple[str, ...]]]:
        random, start, end = self.random, fiscal_year_start(self.year), fiscal_year_end(self.year)
        kind = random.random()
        if kind < 0.04:
            return [(None, ())]
        if kind < 0.4:
            return [(start + timedelta(random.randrange((end - start).days + 1)), ())]
        months = [last_of_month(start.year + (m > 12), (m - 1) % 12 + 1) for m in range(10, 22)]
        if kind < 0.5:
            days = sorted(random.sample((1, 5, 15, 20), random.choice((1, 2))))
            return [(month.replace(day=day), ("monthly",)) for month in months for day in days]
        first, last = (0, 12) if random.random() < 0.6 else sorted(random.sample(range(13), 2))
        found: dict[date, tuple[str, ...]] = {}
        for cadence in random.sample(list(EVERY), random.choice((1, 1, 1, 2))):
            offset = {"every-2-months": 1, "every-4-months": 3}.get(cadence, EVERY[cadence] - 1)
            for index in range(offset, 12, EVERY[cadence]):
                if first <= index < last:
                    found[months[index]] = (*found.get(months[index], ()), cadence)
        return sorted(found.items()) or [(end, ())]

    def parties(self) -> list[tuple[str, ...]]:
        random = self.random
        names = list(random.choice(UNITS))
        kind = random.random()
        if kind < 0.35:
            return [(random.choice(names),)]
        chosen = random.sample(names, random.randint(2, len(names)))
        if kind < 0.55 and len(chosen) > 2:
            return [tuple(chosen[:2]), *((name,) for name in chosen[2:])]
        return [tuple(chosen)] if kind < 0.5 else [(name,) for name in chosen]

    # What was recorded

    def tasks(self) -> list[TaskFact]:
        random = self.random
        occasions, parties = self.occasions(), self.parties()
        say, outcome = self.sayings(parties), self.outcomes()
        mostly = random.choice((0.0, 0.3, 0.7, 0.95, 1.0, 1.0))
        found = []
        for order, units in enumerate(parties):
            for index, (on, cadences) in enumerate(occasions):
                self.ids += 1
                task = TaskFact(self.ids, units, on, "pending", unit_order=order, due_on=on, cadences=cadences)
                if on and random.random() < 0.08:
                    task = replace(task, due_on=on + timedelta(random.randint(1, 60)))
                found.append(self.recorded(task, mostly, say(order, index, on), outcome(order, index)))
        if random.random() < 0.2:
            random.shuffle(found)
        return found

    def recorded(self, task: TaskFact, mostly: float, result: str | None, outcome: str | None) -> TaskFact:
        random, start = self.random, fiscal_year_start(self.year)
        on = task.scheduled_on or fiscal_year_end(self.year)
        if random.random() < mostly:
            state = "done"
        else:
            state = random.choice(
                ("pending", "pending", "in_progress", "submitted", "returned", "not_possible", "cancelled", "done")
            )
        if state in ("done", "submitted"):
            shift = random.choice((0, 0, 0, 0, -3, -40, 2, 9, 45))
            day = None if state == "done" and random.random() < 0.1 else max(start, on + timedelta(shift))
            task = replace(task, state=state, done_on=day, result=result, outcome=outcome)
        elif state == "not_possible":
            day = random.choice((None, on, on - timedelta(5), on + timedelta(20)))
            task = replace(task, state=state, done_on=day, reason=random.choice(REASONS))
        else:
            task = replace(task, state=state)
        if state == "in_progress" or (random.random() < 0.35 and state != "cancelled"):
            words = random.choice(("ประสานวิทยากร", "อยู่ระหว่างดำเนินการ จัดทำร่าง", "กำลังรวบรวมข้อมูล", "อยู่ระหว่างจัดทำ"))
            task = replace(
                task,
                progress_note=f"{words} {self.tag()}",
                progress_noted_on=start + timedelta(random.randrange(360)),
            )
        return task

    def sayings(self, parties: Sequence[tuple[str, ...]]) -> Callable[[int, int, date | None], str | None]:
        """What each unit says at each occasion."""
        kind = self.random.choice(
            ("same", "same", "unit", "task", "few", "month", "month", "unit-month", "quarter", "day", "running")
        )
        kept: dict[object, str] = {}

        def text(key: object) -> str:
            if key not in kept:
                kept[key] = self.words()
            return kept[key]

        def led(order: int, words: str) -> str:
            """Some begin with the name of a unit, mostly their own."""
            if len(parties) == 1 or words[0] in "๑๒๓" or self.random.random() > 0.1:
                return words
            names = self.random.choice((parties[order], parties[order], self.random.choice(parties)))
            return names[0] + self.random.choice((" ", "")) + words

        def say(order: int, index: int, on: date | None) -> str | None:
            if self.random.random() < 0.01:
                return None
            day = on or fiscal_year_end(self.year)
            plain = text(order if kind.startswith("unit") else 0).partition("\n")[0]
            number = thai(index + 1)
            return {
                "same": lambda: text(0),
                "unit": lambda: kept.setdefault(("led", order), led(order, text(order))),
                "task": lambda: led(order, text((order, index))),
                "few": lambda: text(self.random.randrange(3)),
                "month": lambda: f"{plain} ประจำเดือน{month_and_year(day)}",
                "unit-month": lambda: f"{plain} ประจำเดือน{MONTHS[day.month - 1]}",
                "quarter": lambda: f"{plain} ไตรมาสที่ {thai((day.month - 10) % 12 // 3 + 1)}",
                "day": lambda: f"{plain} เมื่อวันที่ {thai(day.day)} {month_and_year(day)}",
                "running": lambda: f"{plain} ครั้งที่ {number}",
            }[kind]()

        return say

    def words(self) -> str:
        start = self.random.choice(("จัดประชุมชี้แจง", "เผยแพร่ผ่านเว็บไซต์", "จัดทำคู่มือ", "มีการประชาสัมพันธ์"))
        lines = [f"{start} {self.tag()}"]
        if self.random.random() < 0.2:
            lines += [f"รายละเอียด {self.tag()}" for _ in range(self.random.choice((1, 2)))]
            if self.random.random() < 0.4:
                lines = [f"{thai(n)}. {line}" for n, line in enumerate(lines, 1)]
        return "\n".join(lines)

    def outcomes(self) -> Callable[[int, int], str | None]:
        kind = self.random.choice(("none", "same", "unit", "task", "some"))
        kept: dict[object, str] = {}

        def outcome(order: int, index: int) -> str | None:
            if kind == "none" or (kind == "some" and self.random.random() < 0.5):
                return None
            key = {"same": 0, "some": 0, "unit": order}.get(kind, (order, index))
            return kept.setdefault(key, f"ผู้รับบริการพึงพอใจ {self.tag()}")

        return outcome
