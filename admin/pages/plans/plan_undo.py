"""เลิกทำการนำเข้า: what would be lost is said first, then the last import of a plan is taken back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.formatting import fiscal_year, sentence
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from tracker.errors import ConflictError, NotFoundError
from tracker.models import Plan
from tracker.services.access import plans_of
from tracker.services.plans import undoing, uploads


class PlanUndoPage(CoordinatorPage):
    """One import, taken back as a whole."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Undo the import"), endpoint="plan_undo", url="/plan/undo/<int:plan_id>")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, plan_id: int) -> ResponseReturnValue:
        plan = _plan(plan_id)
        try:
            loss, problem = undoing.loss_of(db(), plan), None
        except ConflictError as error:
            loss, problem = None, sentence(error)
        return self.render("plans/plan_undo.html", plan=plan, loss=loss, problem=problem)

    @expose("/", methods=["POST"], may=COORDINATOR)
    def undo(self, plan_id: int) -> ResponseReturnValue:
        plan = _plan(plan_id)
        year, token = plan.fiscal_year, (plan.undo or {}).get("upload", "")
        try:
            lost = undoing.undo_import(db(), plan, by=actor(), at=now())
        except ConflictError:  # the page says the same sentence, however often it is loaded
            return redirect(url_for("plan_undo.index", plan_id=plan_id), 303)
        waits = bool(token) and uploads.bring_back(db(), token, now())
        if lost.created:
            words = gettext("The import was undone: there is no plan of %(year)s now.", year=fiscal_year(year))
        else:
            words = gettext("The import was undone: the plan of %(year)s is as it was.", year=fiscal_year(year))
        if waits:
            words += " " + gettext("The document waits with all that you chose.")
        flash(words, "success")
        return redirect(url_for("plan_import.index") if waits else url_for("plan.index"), 303)


def _plan(plan_id: int) -> Plan:
    plan = db().scalar(plans_of(viewer()).where(Plan.id == plan_id))
    if plan is None:
        raise NotFoundError("There is no such plan.", "ไม่พบแผนนี้")
    return plan
