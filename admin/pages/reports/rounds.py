"""The round of a report that an address names."""

from typing import cast

from admin.web.context import db
from admin.web.identity import viewer
from tracker.errors import NotFoundError
from tracker.models import Plan
from tracker.reports.data import RoundNumber
from tracker.services.access import plans_of


def asked_round(fiscal_year: int, number: int) -> tuple[Plan, RoundNumber]:
    """The viewer's plan of that year and the round; NotFoundError where there is no such report."""
    plan = db().scalar(plans_of(viewer()).where(Plan.fiscal_year == fiscal_year))
    if plan is None or number not in (6, 12):
        raise NotFoundError("There is no such report.", "ไม่พบรายงานนี้")
    return plan, cast(RoundNumber, number)
