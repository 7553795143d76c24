"""สำหรับผู้บริหาร: one page on which an executive sees how the year stands, and which prints on A4."""

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext

from admin.base_view import AgencyPage
from admin.charts import bars, heat
from admin.context import db, today
from admin.executive import executive
from admin.people import viewer
from admin.plans import years


class ExecutivePage(AgencyPage):
    """The executive's first page."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Executive summary"), endpoint="executive", url="/executive")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("no_plan.html", may_import=viewer().coordinator)
        view = executive(db(), found.shown, today())
        return self.render(
            "executive.html",
            years=found,
            view=view,
            today=today(),
            by_measure=bars(view.measures, view.gone),
            by_unit=bars(view.units, view.gone),
            calendar=heat(view.year),
        )
