"""สำหรับผู้บริหาร: one page on which an executive sees how the year stands, and which prints on A4."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.overview.charts import bars, heat
from admin.pages.overview.executive_data import executive
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, today
from admin.web.identity import viewer
from admin.web.years import years
from tracker.services.reports import closing
from tracker.services.reports.year_before import unfinished_year_before
from tracker.thai.calendar import fiscal_year_of


class ExecutivePage(AgencyPage):
    """The executive's first page."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Executive summary"), endpoint="executive", url="/executive")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found, waiting = years(opens_today=True), closing.waiting_for_signature(db(), viewer().agency_id)
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        view = executive(db(), found.shown, today())
        return self.render(
            "overview/executive.html",
            years=found,
            view=view,
            waiting=waiting,
            before=unfinished_year_before(db(), viewer().agency_id, fiscal_year_of(today())),
            today=today(),
            by_measure=bars(view.measures, view.gone),
            by_unit=bars(view.units, view.gone),
            calendar=heat(view.year),
        )
