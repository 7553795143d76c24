"""Which plan the pages show: the fiscal year chosen in this sign-in, else today's, else the latest."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask import session as cookie
from sqlalchemy.orm import defer

from admin.web.context import db, today
from admin.web.identity import viewer
from tracker.models import Plan
from tracker.services.access import PLANS, parameters_of
from tracker.thai.calendar import fiscal_year_of


@dataclass(frozen=True)
class Years:
    """The agency's plans, oldest first, and the one shown (None where there is none yet)."""

    plans: Sequence[Plan]
    shown: Plan | None


_PLANS = PLANS.options(defer(Plan.warnings)).order_by(Plan.fiscal_year)


def years() -> Years:
    """One query; ``?year=2566`` chooses a plan for this page and those after it."""
    plans = db().scalars(_PLANS, parameters_of(viewer())).all()
    by_year = {plan.fiscal_year: plan for plan in plans}
    asked = request.args.get("year", type=int)
    if asked in by_year:
        cookie["year"] = asked
    chosen = by_year.get(cookie.get("year", 0)) or by_year.get(fiscal_year_of(today()))
    return Years(plans, chosen or (plans[-1] if plans else None))
