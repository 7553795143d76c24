"""ภาพรวม: the coordinator's and the executive's first page."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.overview.overview_data import overview
from admin.pages.reminders.system_status import pulse
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, now, site, today
from admin.web.identity import agency, person, viewer
from admin.web.years import years
from tracker.services.assessment.assessment import closing_day
from tracker.services.organisation.agencies import working_days
from tracker.services.organisation.first_day import STEPS, first_day, first_reminder_day, is_setting_up
from tracker.services.plans import uploads
from tracker.services.reports.year_before import unfinished_year_before
from tracker.thai.calendar import fiscal_year_of


class OverviewPage(AgencyPage):
    """The year at a glance; on the first day what is still to be done."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Overview"), endpoint="overview", url="/overview")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if viewer().coordinator and "all" not in request.args and (led := self._first_day()):
            return led
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

    def _first_day(self) -> str | None:
        """The list of the first day, until all of it is done; the year itself stands behind it (``?all=1``)."""
        if not is_setting_up(agency()):
            return None
        year = fiscal_year_of(today())
        found = first_day(db(), agency(), year)
        if found.next is None:
            return None
        day = agency().reminders_from
        if day is None or day < today():
            day = first_reminder_day(working_days(db(), agency().id), today())
        waiting = uploads.waiting(db(), now(), agency_id=agency().id, account_id=person().account.id, kind="people")
        return self.render(
            "overview/first_day.html",
            view=found,
            done=sum(found.done),
            total=STEPS,
            year=year,
            today=today(),
            day=day,
            opens=f"{agency().send_from:%H.%M}",
            waiting=waiting,
            has_plans=found.has_plan,
        )
