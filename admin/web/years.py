"""Which plan the pages show: the fiscal year chosen in this sign-in, else today's, else the latest."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
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


def years(*, opens_today: bool = False) -> Years:
    """One query; ``?year=2566`` chooses a plan for this page and those after it.

    With ``opens_today`` the page opens at today's year whenever its address names none: what was chosen is forgotten.
    """
    plans = db().scalars(_PLANS, parameters_of(viewer())).all()
    by_year = {plan.fiscal_year: plan for plan in plans}
    asked = request.args.get("year", type=int)
    if asked in by_year:
        cookie["year"] = asked
    elif opens_today:
        forget_year()
    chosen = by_year.get(cookie.get("year", 0)) or by_year.get(fiscal_year_of(today()))
    shown = chosen or (plans[-1] if plans else None)
    if shown is not None:
        note_year(shown.fiscal_year)
        g.no_plan_today = fiscal_year_of(today()) not in by_year
    return Years(plans, shown)


def forget_year() -> None:
    """What follows is of today's year."""
    cookie.pop("year", None)


def note_year(fiscal_year: int) -> None:
    """The page shows this year: where it is not today's, the frame says so."""
    g.fiscal_year = fiscal_year


@dataclass(frozen=True)
class OtherYear:
    """The fiscal year of a page, which is not today's, and whether today's is known to have no plan."""

    fiscal_year: int
    no_plan_today: bool


def other_year() -> OtherYear | None:
    """The fiscal year that this page shows, where it is another than today's."""
    shown: int | None = g.get("fiscal_year")
    if shown is None or shown == fiscal_year_of(today()):
        return None
    return OtherYear(shown, g.get("no_plan_today", False))
