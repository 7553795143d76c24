"""ปฏิทินวันทำการ: the agency's own days; which reminders move is shown before a change is made."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, today
from admin.web.formatting import day
from admin.web.forms import DayField, Form
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, quoted
from tracker.models import DayOff
from tracker.services.organisation.days_off import DayChange, change_day, moves
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of
from tracker.thai.working_days import government_holidays

STATES = {"off": True, "on": False, "usual": None}


class DayForm(Form):
    on = DayField(lazy_gettext("Day"), [InputRequired(lazy_gettext("Write the day."))])
    state = RadioField(lazy_gettext("On this day"), default="off")
    name = StringField(lazy_gettext("Why"), [Length(max=300)])

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        names = {
            "off": gettext("our offices are closed"),
            "on": gettext("we work, although it is a holiday"),
            "usual": gettext("as the government's calendar has it"),
        }
        self.state.choices = [SelectChoice(value, name) for value, name in names.items()]

    @property
    def change(self) -> DayChange:
        assert self.on.data is not None  # noqa: S101  (only asked after validation)
        return DayChange(self.on.data, STATES[self.state.data], (self.name.data or "").strip())


class CalendarPage(CoordinatorPage):
    """Own days first, then the government's that are still to come this fiscal year."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Calendar"), endpoint="calendar", url="/calendar")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(DayForm(formdata=None))

    @expose("/", methods=["POST"], may=COORDINATOR)
    def change(self) -> ResponseReturnValue:
        """First what moves; with ``confirmed`` the change itself."""
        form = DayForm()
        if not form.validate():
            return self._page(form), 422
        change, stands = form.change, _standing(form.change.on)
        if "confirmed" not in request.form:
            return self._page(form, moved=moves(db(), agency(), change, today()), stands=stands)
        changed_fields(
            {"state": f"{form.state.data} {change.name}"},
            stands,
            ("calendar_changed",),
            lambda _: quoted(day(change.on), _said(form, stands["state"])),
            lambda event: event.details["on"] == change.on.isoformat(),
        )
        change_day(db(), agency(), change, today=today(), by=actor(), at=now())
        flash(gettext("Saved; the next reminders follow the new calendar."), "success")
        return redirect(url_for("calendar.index"))

    def _page(self, form: DayForm, **shown: Any) -> str:
        last = fiscal_year_end(fiscal_year_of(today()))
        own = db().scalars(select(DayOff).where(DayOff.agency_id == agency().id).order_by(DayOff.on.desc())).all()
        holidays = [
            (on, name)
            for year in range(today().year, last.year + 1)
            for on, name in government_holidays(year).items()
            if today() <= on <= last
        ]
        return self.render("organisation/calendar.html", form=form, own=own, holidays=holidays, **shown)


def _standing(on: date) -> dict[str, str]:
    """What stands of the day now, with its reason as one value."""
    row = db().scalar(select(DayOff).where(DayOff.agency_id == agency().id, DayOff.on == on))
    return {"state": f"{'off' if row.off else 'on'} {row.name}" if row else "usual "}


def _said(form: DayForm, state: str) -> str:
    named, _, why = state.partition(" ")
    word = next(str(option.label) for option in form.state.choices if option.value == named)
    return f"{word} ({why})" if why else word
