"""The operator's page: the installation's health, and nothing of any agency."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy import func, select

from admin.pages.reminders.system_status import part_name
from admin.web.base_view import Page, expose
from admin.web.context import db, now, site
from admin.web.may import OPERATOR
from tracker.models import Agency, Heartbeat
from tracker.store import migrate


class OperationsPage(Page):
    """สภาพระบบ."""

    may = OPERATOR

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Installation"), endpoint="operations", url="/operations")

    def is_visible(self) -> bool:
        return bool(current_user.account.operator)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if not current_user.account.operator:
            return self.render("reminders/nobody.html")
        settings = site().settings
        return self.render(
            "reminders/operations.html",
            heartbeats=db().scalars(select(Heartbeat).order_by(Heartbeat.name)).all(),
            agencies=db().scalar(select(func.count(Agency.id))),
            schema=migrate.head(),
            engine="SQLite" if site().database.is_sqlite else "PostgreSQL",
            mail=settings.smtp_url is not None,
            line=settings.line_configured,
            now=now(),
            alarm_after=settings.sweep_alarm_after,
            part_name=part_name,
        )
