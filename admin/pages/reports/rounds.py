"""The round of a report that an address names, and what the pages of one round have in common."""

from typing import Any, cast

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from admin.web.base_view import AgencyPage
from admin.web.context import db
from admin.web.identity import viewer
from admin.web.years import note_year
from tracker.errors import NotFoundError
from tracker.models import Plan
from tracker.reports.data import RoundNumber
from tracker.services.access import plans_of


class RoundPage(AgencyPage):
    """A page of one round's report, reached by the report's tabs: its views are called with the plan and the round."""

    def __init__(self, name: str, endpoint: str, path: str) -> None:
        super().__init__(name=name, endpoint=endpoint, url=f"/reports/<int:fiscal_year>/<int:number>/{path}")

    def is_visible(self) -> bool:
        return False

    def loaded(self, named: dict[str, Any]) -> dict[str, Any]:
        plan, number = asked_round(named["fiscal_year"], named["number"])
        rest = {name: value for name, value in named.items() if name not in ("fiscal_year", "number")}
        return {"plan": plan, "number": number, **rest}

    def redirect_here(self, plan: Plan, number: RoundNumber, anchor: str | None = None) -> ResponseReturnValue:
        """To the page itself, after something was done on it."""
        address = url_for(f"{self.endpoint}.index", fiscal_year=plan.fiscal_year, number=number, _anchor=anchor)
        return redirect(address)


def asked_round(fiscal_year: int, number: int) -> tuple[Plan, RoundNumber]:
    """The viewer's plan of that year and the round; NotFoundError where there is no such report."""
    plan = db().scalar(plans_of(viewer()).where(Plan.fiscal_year == fiscal_year))
    if plan is None or number not in (6, 12):
        raise NotFoundError("There is no such report.", "ไม่พบรายงานนี้")
    note_year(fiscal_year)
    return plan, cast(RoundNumber, number)
