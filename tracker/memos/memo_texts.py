"""What the two memos say: to a unit whose tasks are late, and to the executive with the report of a round."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.kinds import UnitKind
from tracker.memos.memo import Fields, Memo, MemoTable, in_thai, letter_day

_MEASURES = "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
_TABLE_WIDTHS = (9.2, 4.0, 2.8)
"""Centimetres of the step, its due day and the days late: together the 16 of a memo's line."""


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task of the unit that is late: its measure and step as the plan numbers them, its words, its due day."""

    measure: int
    measure_title: str
    step: int
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with its late tasks, in the order of the plan."""

    name: str
    kind: str
    tasks: tuple[LateTask, ...]


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """How far the tasks of a round got: those scheduled by its last day. ``unfinished`` ones have no result yet."""

    measures: int
    done: int
    unfinished: int
    not_possible: int
    late: int

    @property
    def total(self) -> int:
        return self.done + self.unfinished + self.not_possible

    @property
    def percent(self) -> str:
        """How many of a hundred are done, with one digit after the point where there is one."""
        if not self.total:
            return "๐"
        value = round(100 * self.done / self.total, 1)
        return in_thai(f"{value:.1f}".removesuffix(".0"))


def addressee(name: str, kind: str) -> str:
    """Whom a memo to a unit addresses: its head by the post's usual title."""
    if kind == UnitKind.COMMITTEE:
        return name.replace("คณะกรรมการ", "ประธานกรรมการ", 1) if name.startswith("คณะกรรมการ") else f"ประธาน{name}"
    if kind == UnitKind.POSITION:
        return name
    if name.startswith(("กอง", "สำนัก")) and not name.startswith("สำนักปลัด"):
        return f"ผู้อำนวยการ{name}"
    return f"หัวหน้า{name}"


def late_memo(unit: LateUnit, fields: Fields, agency: str, fiscal_year: int, reply_by: date) -> Memo:
    """The memo that reminds a unit of what is late, by measure with the days late, and asks for an answer by a day."""
    year = in_thai(f"ประจำปีงบประมาณ พ.ศ. {fiscal_year}")
    count = in_thai(len(unit.tasks))
    return Memo(
        fields,
        f"ขอให้เร่งรัดดำเนินการตาม{_MEASURES}",
        addressee(unit.name, unit.kind),
        (
            f"ตามที่{agency}ได้จัดทำ{_MEASURES} {year} และมอบหมายให้{unit.name}เป็นผู้รับผิดชอบดำเนินการ "
            "พร้อมทั้งรายงานผลภายในระยะเวลาที่กำหนด นั้น",
            f"จากการติดตามผล ณ วันที่ {letter_day(fields.day)} ปรากฏว่ามีงานที่เลยกำหนดและยังไม่ได้รายงานผล จำนวน {count} งาน ดังนี้",
            MemoTable(
                ("มาตรการและขั้นตอน", "วันครบกำหนด", "เลยกำหนด (วัน)"), tuple(_late_rows(unit, fields.day)), _TABLE_WIDTHS
            ),
            "เพื่อให้การดำเนินการเป็นไปตามแผนและใช้ประกอบการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA) "
            f"จึงขอให้เร่งดำเนินการและรายงานผลพร้อมหลักฐานภายในวันที่ {letter_day(reply_by)} "
            "หากมีเหตุให้ไม่สามารถดำเนินการได้ ขอให้แจ้งเหตุผลพร้อมกันด้วย",
            "จึงเรียนมาเพื่อโปรดดำเนินการ",
        ),
    )


def _late_rows(unit: LateUnit, day: date) -> Iterator[tuple[str, ...]]:
    """A heading a measure, then a row a step: its oldest due day, how many more there are, and the most days late."""
    for measure, of_measure in groupby(unit.tasks, key=lambda task: (task.measure, task.measure_title)):
        yield in_thai(f"มาตรการที่ {measure[0]} ") + measure[1], "", ""
        for (step, title), of_step in groupby(of_measure, key=lambda task: (task.step, task.title)):
            due = sorted(task.due_on for task in of_step)
            more = in_thai(f" และอีก {len(due) - 1} ครั้ง") if len(due) > 1 else ""
            yield in_thai(f"ขั้นตอนที่ {step} ") + title, letter_day(due[0]) + more, in_thai((day - due[0]).days)


def cover_memo(
    figures: RoundFigures, fields: Fields, agency: str, fiscal_year: int, number: int, executive: str
) -> Memo:
    """The memo that puts the report of a round before the executive for signature and publication."""
    title = in_thai(
        "รายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน "
        f"ประจำปีงบประมาณ พ.ศ. {fiscal_year} รอบ {number} เดือน"
    )
    parts = [f"ดำเนินการแล้วเสร็จ {figures.done} งาน คิดเป็นร้อยละ {figures.percent}"]
    if figures.unfinished:
        late = f" (ในจำนวนนี้เลยกำหนด {figures.late} งาน)" if figures.late else ""
        parts.append(f"ยังไม่ได้รายงานผล {figures.unfinished} งาน{late}")
    if figures.not_possible:
        parts.append(f"ไม่สามารถดำเนินการได้ {figures.not_possible} งาน")
    listed = " และ".join([" ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return Memo(
        fields,
        title,
        executive,
        (
            in_thai(
                f"ตามที่{agency}ได้จัดทำ{_MEASURES} ประจำปีงบประมาณ พ.ศ. {fiscal_year} "
                f"และกำหนดให้รายงานผลการดำเนินการรอบ {number} เดือนต่อผู้บริหาร นั้น"
            ),
            in_thai(
                f"บัดนี้ ได้รวบรวมผลการดำเนินการตามที่ส่วนราชการรายงานแล้ว รวม {figures.measures} มาตรการ {figures.total} งาน "
                f"{listed} รายละเอียดปรากฏตามรายงานที่แนบมาพร้อมนี้ จำนวน 1 ชุด"
            ),
            "เห็นควรพิจารณาลงนามในรายงานดังกล่าว และให้เผยแพร่บนเว็บไซต์ของหน่วยงาน เพื่อให้ประชาชนรับทราบและใช้ประกอบการประเมินคุณธรรม"
            "และความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA) ต่อไป",
            "จึงเรียนมาเพื่อโปรดทราบและพิจารณา",
        ),
    )
