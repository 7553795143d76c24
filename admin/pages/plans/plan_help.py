"""วิธีนำเข้าแผน: what the manual says about the plan, linked from the pages that it explains."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.web.base_view import CoordinatorPage, expose


class PlanHelpPage(CoordinatorPage):
    """What stands in docs/th about importing and editing a plan, where it is needed."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("How a plan is imported"), endpoint="plan_help", url="/help/plan")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render("plans/plan_help.html")
