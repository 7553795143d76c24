"""Of which fiscal year a document is: by its cover, or by where most of its periods lie (docs/rules.md, "Rounds")."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from tracker.errors import NotUnderstoodError
from tracker.plan_draft import DraftPlan, Period, Warn
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of, fiscal_year_start


@dataclass(frozen=True, slots=True)
class OtherYear:
    """A document of another fiscal year than the one that was asked for, and what says so.

    ``outside`` of its ``dated`` periods lie wholly in other years.
    """

    fiscal_year: int
    asked: int
    by_cover: bool
    outside: int
    dated: int

    @property
    def warning(self) -> Warn:
        if self.by_cover:
            return Warn("cover", f"หน้าปกเป็นปีงบประมาณ {self.fiscal_year} แต่นำเข้าเป็นปีงบประมาณ {self.asked}")
        return Warn(
            "cover",
            f"ระยะเวลา {self.outside} จาก {self.dated} ช่องอยู่นอกปีงบประมาณ {self.asked} ที่นำเข้า "
            f"เอกสารน่าจะเป็นของปีงบประมาณ {self.fiscal_year}",
        )

    def refusal(self, wanted: int) -> NotUnderstoodError:
        """Why the plan of ``wanted`` is not made from it as it is, with the ways out."""
        own, asked = self.fiscal_year, self.asked
        reason, reason_th = f"its cover says {own}", f"หน้าปกเป็นปี {own}"
        if not self.by_cover:
            reason = f"{self.outside} of {self.dated} periods lie in other years"
            reason_th = f"ระยะเวลา {self.outside} จาก {self.dated} ช่องอยู่นอกปีนี้"
        return NotUnderstoodError(
            f"the document is of fiscal year {own}, not {asked} ({reason}), and nothing was stored: keep it as its own "
            f"year with --fiscal-year {own}, make the plan of {wanted} from it with --shift-from {own} (periods moved, "
            "results left out), or import it as it is with --keep-years",
            f"เอกสารเป็นของปีงบประมาณ {own} ไม่ใช่ {asked} ({reason_th}) จึงยังไม่ได้บันทึก: เก็บเป็นปีของเอกสารด้วย "
            f"--fiscal-year {own} ทำแผนปี {wanted} จากเอกสารนี้ด้วย --shift-from {own} (เลื่อนระยะเวลา ไม่นำผลมา) "
            "หรือนำเข้าตามเดิมด้วย --keep-years",
        )


def other_year(plan: DraftPlan) -> OtherYear | None:
    """The year that a document is of where its cover, or most of its dated periods, are not of the plan's."""
    dated = [period for period in _periods(plan) if period.start or period.end]
    outside = [period for period in dated if lies_outside(period.start, period.end, plan.fiscal_year)]
    by_cover = plan.cover_year is not None and plan.cover_year != plan.fiscal_year
    if by_cover and plan.cover_year is not None:
        return OtherYear(plan.cover_year, plan.fiscal_year, True, len(outside), len(dated))
    if 2 * len(outside) <= len(dated):
        return None
    years = Counter(fiscal_year_of(day) for period in outside if (day := period.end or period.start))
    return OtherYear(years.most_common(1)[0][0], plan.fiscal_year, False, len(outside), len(dated))


def lies_outside(start: date | None, end: date | None, fiscal_year: int) -> bool:
    """Whether a period lies wholly outside of a fiscal year; a deadline after it may be of work within it."""
    ends_before = end is not None and end < fiscal_year_start(fiscal_year)
    begins_after = start is not None and start > fiscal_year_end(fiscal_year)
    return ends_before or begins_after


def is_far_ahead(end: date | None, fiscal_year: int) -> bool:
    """Whether a period ends more than a year after its fiscal year."""
    return end is not None and end > fiscal_year_end(fiscal_year + 1)


def _periods(plan: DraftPlan) -> list[Period]:
    own = [step.period for measure in plan.measures for step in measure.steps if step.period]
    return [*(measure.period for measure in plan.measures), *own]
