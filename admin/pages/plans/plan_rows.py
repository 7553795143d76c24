"""เพิ่มมาตรการ: a new measure typed into the plan, and rows that left it put back."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from admin.pages.plans.edit_undo import said_with_undo
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.form_recovery import say
from admin.web.formatting import sentence
from admin.web.identity import actor, agency, viewer
from admin.web.may import COORDINATOR
from admin.web.units import units_of
from admin.web.years import years
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.models import Measure, Plan, Step
from tracker.plan_draft import Mode
from tracker.plan_import.period import parse_period
from tracker.services.access import plans_of
from tracker.services.plans import plan_rows


class PlanRowsPage(CoordinatorPage):
    """What comes into the plan without a document."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Add a measure"), endpoint="plan_rows", url="/plan/new-measure")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        plan = years().shown
        if plan is None:
            return self.render("web/no_plan.html", may_import=True)
        return self._page(plan)

    @expose("/", methods=["POST"], may=COORDINATOR)
    def add(self) -> ResponseReturnValue:
        year = request.form.get("year", type=int)
        plan = db().scalar(plans_of(viewer()).where(Plan.fiscal_year == year))
        if plan is None:
            raise NotFoundError("There is no plan of that year.", "ไม่พบแผนของปีนี้")
        sent, wanted = request.form, set(request.form.getlist("unit", type=int))
        mode: Mode = "jointly" if sent.get("mode") == "jointly" else "each"
        try:
            measure = plan_rows.add_measure(
                db(),
                plan,
                title=sent.get("title", ""),
                steps=sent.get("steps", ""),
                period=sent.get("period", ""),
                units=[unit for unit in units_of(agency().id, groups=True) if unit.id in wanted],
                mode=mode,
                by=actor(),
                at=now(),
            )
        except NotUnderstoodError as error:
            return self._page(plan, say(sentence(error), error.field)), 422
        said_with_undo(gettext("The measure was added, with its tasks."))
        return redirect(url_for("plan_edit.index", measure_id=measure.id))

    @expose("/put-back", methods=["POST"], may=COORDINATOR)
    def put_back(self) -> ResponseReturnValue:
        plans = plans_of(viewer()).with_only_columns(Plan.id)
        row: Measure | Step | None
        if "step" in request.form:
            of_step = select(Step).join(Measure).where(Step.id == request.form.get("step", type=int), Step.retired)
            row = db().scalar(of_step.where(Measure.plan_id.in_(plans)))
        else:
            of_plan = select(Measure).where(Measure.plan_id.in_(plans), Measure.retired)
            row = db().scalar(of_plan.where(Measure.id == request.form.get("measure", type=int)))
        if row is None:
            raise NotFoundError("There is no such row to put back.", "ไม่พบแถวที่จะนำกลับเข้าแผน")
        plan_rows.put_back(db(), row, by=actor(), at=now())
        said_with_undo(gettext("It is in the plan again, with its work."))
        measure = row if isinstance(row, Measure) else row.measure
        return redirect(url_for("plan_edit.index", measure_id=measure.id))

    def _page(self, plan: Plan, problem: str | None = None) -> str:
        typed = request.form.get("period", "").strip()
        return self.render(
            "plans/plan_new.html",
            plan=plan,
            units=units_of(agency().id, groups=True),
            chosen=set(request.form.getlist("unit", type=int)),
            read=parse_period(typed, plan.fiscal_year) if typed else None,
            problem=problem,
        )
