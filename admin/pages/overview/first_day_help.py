"""เริ่มใช้ใน ๑๕ นาที: the first day on one page to print, linked from the list of its steps."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.web.base_view import Page, expose


class FirstDayHelpPage(Page):
    """What stands in docs/th about the first day, where it is needed."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Start in 15 minutes"), endpoint="first_day_help", url="/help/first-day")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render("overview/first_day_help.html")
