"""ภาพรวม: the coordinator's and the executive's first page."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.overview.overview_data import overview
from admin.pages.reminders.system_status import pulse
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, now, site, today
from admin.web.identity import agency, viewer
from admin.web.years import years
from tracker.services.assessment.assessment import closing_day
from tracker.services.reports.year_before import unfinished_year_before
from tracker.thai.calendar import fiscal_year_of


class OverviewPage(AgencyPage):
    """The year at a glance."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Overview"), endpoint="overview", url="/overview")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years(opens_today=True)
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        return self.render(
            "overview/overview.html",
            years=found,
            view=overview(db(), found.shown, today()),
            today=today(),
            before=unfinished_year_before(db(), viewer().agency_id, fiscal_year_of(today())),
            closes_on=closing_day(db(), viewer().agency_id, today()),
            pulse=pulse(db(), site().settings, agency(), now()) if viewer().coordinator else None,
        )
