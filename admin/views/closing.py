"""ตรวจและปิดรอบ: what to look at first, closing, the frozen report, opening again, and handing it in for signature."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from admin.base_view import AgencyPage
from admin.context import db, now, site, today
from admin.forms import Form
from admin.people import actor, agency, viewer
from admin.rounds import asked_round
from tracker.models import Plan
from tracker.reports import FORMATS
from tracker.reports.data import RoundNumber
from tracker.services import closing
from tracker.services.access import must_coordinate
from tracker.services.checks import checks_of
from tracker.services.progress import LONGEST_TEXT
from tracker.services.proofreading import suggestions_of
from tracker.services.rounds import measures_of
from tracker.services.texts import ColumnView, column_views
from tracker.thai.calendar import round_end

AT_ONCE = 20


class CloseForm(Form):
    names = BooleanField(lazy_gettext("The published text names the units that have not reported"))


class ReopenForm(Form):
    why = TextAreaField(
        lazy_gettext("Why the round is opened again"),
        [
            InputRequired(lazy_gettext("Write why the round is opened again.")),
            Length(max=LONGEST_TEXT),
        ],
    )


class ClosingPage(AgencyPage):
    """One round on its way to being signed; executives read, the coordinator acts."""

    def __init__(self) -> None:
        super().__init__(
            name=lazy_gettext("Check and close"),
            endpoint="closing",
            url="/reports/<int:fiscal_year>/<int:number>/close",
        )

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        return self._page(plan, round_number)

    @expose("/", methods=["POST"])
    def close(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        must_coordinate(viewer())
        plan, round_number = asked_round(fiscal_year, number)
        names, zone = bool(CloseForm().names.data), site().settings.zone
        closing.close_round(db(), plan, round_number, zone, today=today(), names=names, by=actor(), at=now())
        flash(gettext("The round is closed; its report no longer changes."), "success")
        return _back(plan, round_number)

    @expose("/reopen", methods=["POST"])
    def reopen(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        must_coordinate(viewer())
        plan, round_number = asked_round(fiscal_year, number)
        form = ReopenForm()
        if not form.validate() or not (form.why.data or "").strip():
            return self._page(plan, round_number, form), 422
        closing.reopen_round(db(), plan, round_number, why=(form.why.data or "").strip(), by=actor(), at=now())
        flash(gettext("The round is open again."), "success")
        return _back(plan, round_number)

    @expose("/submit", methods=["POST"])
    def submit(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        must_coordinate(viewer())
        plan, round_number = asked_round(fiscal_year, number)
        readers = closing.submit_for_signature(db(), plan, round_number, by=actor(), at=now())
        names = ", ".join(reader.name for reader in readers)
        flash(
            gettext("Submitted for signature to %(names)s; the link comes with the next digest.", names=names),
            "success",
        )
        return _back(plan, round_number)

    def _page(self, plan: Plan, number: RoundNumber, reopening: ReopenForm | None = None) -> ResponseReturnValue:
        found, zone = closing.round_of(db(), plan, number), site().settings.zone
        closed = found if found is not None and found.state == "closed" else None
        views = None if closed else _views(plan, number)
        return self.render(
            "closing.html",
            plan=plan,
            number=number,
            closed=closed,
            ends=round_end(plan.fiscal_year, number),
            today=today(),
            to_mend=0 if closed else len(suggestions_of(db(), plan, number, zone, views)),
            checks=None if closed else checks_of(db(), plan, number, zone, views),
            changes=closing.changed_since_closing(db(), plan, number, zone) if closed else [],
            submitted=closing.submitted_on(db(), plan, number) if closed else None,
            formats=FORMATS,
            at_once=AT_ONCE,
            close_form=CloseForm(formdata=None),
            reopen_form=reopening or ReopenForm(formdata=None),
        )


def _views(plan: Plan, number: RoundNumber) -> list[ColumnView]:
    measures = measures_of(db(), plan)
    return column_views(db(), plan, measures, number, site().settings.zone, agency().thai_digits)


def _back(plan: Plan, number: RoundNumber) -> ResponseReturnValue:
    return redirect(url_for("closing.index", fiscal_year=plan.fiscal_year, number=number))
