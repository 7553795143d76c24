"""The reports that wait for a signature: they stand first in an executive's message for as long as they wait."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from tracker.kinds import NoticeKind, RoundState
from tracker.models import Notice, Plan, ReportVersion, Round


class WaitingReport(NamedTuple):
    """A version that was submitted and not signed, of the round of so many months."""

    version_id: int
    months: int
    fiscal_year: int


def waits_for_signature() -> ColumnElement[bool]:
    """Of a version joined with its round: submitted, and neither signed nor opened again."""
    return and_(
        Round.state == RoundState.CLOSED,
        ReportVersion.submitted_at.is_not(None),
        ReportVersion.signed_on.is_(None),
        ReportVersion.reopened_at.is_(None),
    )


def asks_for_signature() -> ColumnElement[bool]:
    """Of a notice: it told an executive of such a report. What waits now is said instead of it."""
    return and_(Notice.kind == NoticeKind.OTHER, Notice.member_id.is_not(None), Notice.path.like("/reports/%/close/"))


def waiting_reports(session: Session, agency_ids: Collection[int]) -> dict[int, list[WaitingReport]]:
    """What waits in these agencies, the oldest first; one query."""
    rows = session.execute(
        select(ReportVersion.agency_id, ReportVersion.id, Round.number, Plan.fiscal_year)
        .join(Round, Round.id == ReportVersion.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(ReportVersion.agency_id.in_(agency_ids), waits_for_signature())
        .order_by(ReportVersion.submitted_at, ReportVersion.id)
    )
    found: dict[int, list[WaitingReport]] = defaultdict(list)
    for agency_id, *report in rows:
        found[agency_id].append(WaitingReport(*report))
    return found
