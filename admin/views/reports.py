"""รายงาน: the report of each round in every format, a draft until the round is closed."""

from typing import Literal, cast

from flask import Response
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext
from sqlalchemy import select

from admin.base_view import AgencyPage
from admin.context import db, site, today
from admin.people import viewer
from admin.plans import years
from tracker.errors import NotFoundError
from tracker.models import Plan, Round
from tracker.reports import FORMATS, render
from tracker.services.access import plans_of
from tracker.services.closing import published_or_draft
from tracker.thai.calendar import round_end

_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


class ReportsPage(AgencyPage):
    """The two rounds of a plan and their files."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Reports"), endpoint="reports", url="/reports")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        plan = found.shown
        if plan is None:
            return self.render("no_plan.html", may_import=viewer().coordinator)
        rounds = {one.number: one for one in db().scalars(select(Round).where(Round.plan_id == plan.id))}
        return self.render(
            "reports.html",
            years=found,
            plan=plan,
            rounds=[(number, rounds.get(number), round_end(plan.fiscal_year, number)) for number in (6, 12)],
            formats=FORMATS,
            today=today(),
        )

    @expose("/<int:fiscal_year>/<int:number>.<ending>")
    def download(self, fiscal_year: int, number: int, ending: str) -> ResponseReturnValue:
        plan = db().scalar(plans_of(viewer()).where(Plan.fiscal_year == fiscal_year))
        if plan is None or number not in (6, 12) or ending not in FORMATS:
            raise NotFoundError("There is no such report.", "ไม่พบรายงานนี้")
        data = published_or_draft(db(), plan, cast(Literal[6, 12], number), site().settings.zone)
        response = Response(render(data, ending), content_type=_MEDIA[ending])
        response.headers["Content-Disposition"] = f'attachment; filename="report-{fiscal_year}-{number}.{ending}"'
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
