"""The twelve-month report of the year before: it is finished when the new year has begun, and must still be found."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.kinds import RoundState, TextSource
from tracker.models import ColumnText, Measure, Plan, ReportVersion, Round

Missing = Literal["closing", "submitting", "signing"]


@dataclass(frozen=True)
class YearBefore:
    """What the report of that fiscal year still needs."""

    fiscal_year: int
    missing: Missing


def unfinished_year_before(session: Session, agency_id: int, fiscal_year: int) -> YearBefore | None:
    """What the twelve-month report of the year before this one still needs; None where it is signed, or where the
    year's results came with a document, whose report was made elsewhere. Two queries."""
    row = session.execute(
        select(Plan.id, Round.id, Round.state)
        .outerjoin(Round, (Round.plan_id == Plan.id) & (Round.number == 12))
        .where(Plan.agency_id == agency_id, Plan.fiscal_year == fiscal_year - 1)
    ).one_or_none()
    if row is None:
        return None
    plan_id, round_id, state = row
    if state != RoundState.CLOSED:
        imported = select(ColumnText.id).join(Measure).where(Measure.plan_id == plan_id)
        whole = session.scalar(imported.where(ColumnText.source == TextSource.IMPORTED).limit(1))
        return None if whole is not None else YearBefore(fiscal_year - 1, "closing")
    latest = select(func.max(ReportVersion.number)).where(ReportVersion.round_id == round_id).scalar_subquery()
    submitted_at, signed_on = session.execute(
        select(ReportVersion.submitted_at, ReportVersion.signed_on).where(
            ReportVersion.round_id == round_id, ReportVersion.number == latest
        )
    ).one()
    if signed_on is not None:
        return None
    return YearBefore(fiscal_year - 1, "signing" if submitted_at else "submitting")
