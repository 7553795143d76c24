"""สำหรับผู้บริหาร: what waits for the executive's signature, who is late, and how the year stands; prints on A4."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.pages.overview.charts import bars, heat
from admin.pages.overview.executive_data import executive
from admin.web import queue
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import sentence
from admin.web.identity import actor, person, viewer
from admin.web.may import OVERSEER
from admin.web.same_site import same_site
from admin.web.years import years
from tracker.broker import Work
from tracker.errors import ConflictError, ForbiddenError
from tracker.models import Plan
from tracker.reminders.posts import post_of
from tracker.services.assessment.assessment import closing_day
from tracker.services.reports import closing
from tracker.services.reports.year_before import unfinished_year_before
from tracker.services.tasks.remind_again import look, remind_again
from tracker.thai.calendar import fiscal_year_of, round_end

PUBLISHING = timedelta(days=12)
"""A report that is signed so long before the assessment closes is published, and its address handed in, in time."""
SIGNED_SHOWN = 5
MOST_UNITS = 100
_WRITING = timedelta(days=3)
"""How soon after a round's end its report comes to be signed, at the earliest."""


class ExecutivePage(AgencyPage):
    """The executive's first page."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Executive summary"), endpoint="executive", url="/executive")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found, waiting = years(opens_today=True), closing.waiting_for_signature(db(), viewer().agency_id)
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        view, closes_on = executive(db(), found.shown, today()), closing_day(db(), viewer().agency_id, today())
        return self.render(
            "overview/executive.html",
            years=found,
            view=view,
            waiting=waiting if viewer().executive_rank is not None else (),
            sign_by=closes_on - PUBLISHING if closes_on and closes_on - PUBLISHING >= today() else None,
            signed=closing.signed_reports(db(), viewer().agency_id, SIGNED_SHOWN),
            before=unfinished_year_before(db(), viewer().agency_id, fiscal_year_of(today())),
            next_report=_next_report(found.shown, today()),
            today=today(),
            by_measure=bars(view.measures, view.gone),
            by_unit=bars(view.units, view.gone),
            calendar=heat(view.year),
        )

    @expose("/remind/<int:unit_id>")
    def remind_form(self, unit_id: int) -> ResponseReturnValue:
        """What would be sent to whom; nothing is sent yet."""
        return self._preview([unit_id])

    @expose("/remind/<int:unit_id>", methods=["POST"], may=OVERSEER)
    def remind(self, unit_id: int) -> ResponseReturnValue:
        try:
            prompt = remind_again(
                db(), site().settings, viewer(), unit_id, asked_as=post_of(person().member), by=actor(), at=now()
            )
        except (ConflictError, ForbiddenError) as error:
            db().rollback()
            flash(sentence(error), "error")
            return redirect(_back())
        db().commit()
        queue.send(site().settings, Work.DELIVER)
        flash(gettext("%(unit)s is reminded in your name.", unit=prompt.unit.name), "success")
        return redirect(_back())

    @expose("/remind/")
    def remind_all_form(self) -> ResponseReturnValue:
        """As ``remind_form``, for several units at once."""
        return self._preview(_units_asked(request.args.getlist("unit", type=int)))

    @expose("/remind/", methods=["POST"], may=OVERSEER)
    def remind_all(self) -> ResponseReturnValue:
        """Reminds each of the units that can be; what is in the way of another is said."""
        reminded, asked_as = [], post_of(person().member)
        for unit_id in _units_asked(request.form.getlist("unit", type=int)):
            try:
                with db().begin_nested():
                    prompt = remind_again(
                        db(), site().settings, viewer(), unit_id, asked_as=asked_as, by=actor(), at=now()
                    )
                reminded.append(prompt.unit.name)
            except (ConflictError, ForbiddenError) as error:
                flash(sentence(error), "warning")
        db().commit()
        if reminded:
            queue.send(site().settings, Work.DELIVER)
            flash(gettext("Reminded in your name: %(units)s.", units=", ".join(reminded)), "success")
        return redirect(_back())

    def _preview(self, unit_ids: Sequence[int]) -> str:
        prompts, problems = [], []
        for unit_id in unit_ids:
            try:
                prompts.append(look(db(), site().settings, viewer(), unit_id, now()))
            except (ConflictError, ForbiddenError) as error:
                problems.append(sentence(error))
        return self.render("overview/remind.html", prompts=prompts, problems=problems, back=_back(), now=now())


def _units_asked(unit_ids: Iterable[int]) -> list[int]:
    """Each once; an agency has fewer units than may be asked for at once."""
    return list(dict.fromkeys(unit_ids))[:MOST_UNITS]


def _back() -> str:
    """The page from which somebody came to remind: the report desk, else the executive's."""
    return same_site(request.args["back"]) if "back" in request.args else url_for("executive.index")


def _next_report(plan: Plan, today: date) -> tuple[int, date] | None:
    """The round of the plan that ends next, and about when its report comes to be signed."""
    ends = [(number, round_end(plan.fiscal_year, number)) for number in (6, 12)]
    return next(((number, end + _WRITING) for number, end in ends if end >= today), None)
