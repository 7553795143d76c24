"""หลายงานพร้อมกัน: one order to the chosen tasks, what it would do shown first, carried out and undone as one."""

from typing import Any, get_args

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import TextInput

from admin.pages.tasks.task_filters import filtered, filters_asked
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, today
from admin.web.formatting import number, sentence
from admin.web.forms import ComingDayField, Form, PastDayField
from admin.web.identity import actor, agency, viewer
from admin.web.labels import state_name
from admin.web.language import gettext, ngettext
from admin.web.may import COORDINATOR
from admin.web.request_numbers import instant
from admin.web.units import units_of
from admin.web.years import years
from tracker.errors import NotUnderstoodError
from tracker.models import Task, Unit
from tracker.services.tasks import bulk
from tracker.services.tasks.progress import LONGEST_TEXT

_FARTHEST_DAYS = 730


class OrderForm(Form):
    """What each order needs; its fields keep clear of the filters' names."""

    class Meta(Form.Meta):
        csrf = False  # the page's own post carries the token; looking needs none

    to = ComingDayField(lazy_gettext("New day"))
    days = IntegerField(
        lazy_gettext("Or by how many days"),
        [Optional(), NumberRange(-_FARTHEST_DAYS, _FARTHEST_DAYS)],
        widget=TextInput(),
    )
    to_unit = SelectField(lazy_gettext("Unit that takes over"), coerce=int)
    instead_of = SelectField(lazy_gettext("Instead of"), coerce=int)
    text = TextAreaField(lazy_gettext("What was done"), [Length(max=LONGEST_TEXT)])
    done_on = PastDayField(lazy_gettext("Day it was done"), default=today)

    def __init__(self, units: list[Unit], sent: Any) -> None:
        super().__init__(sent)
        choices = [SelectChoice(unit.id, unit.name) for unit in units]
        self.to_unit.choices = [SelectChoice(0, gettext("choose")), *choices]
        self.instead_of.choices = [SelectChoice(0, gettext("all units of the task")), *choices]
        self.to_unit.data, self.instead_of.data = self.to_unit.data or 0, self.instead_of.data or 0


class BulkTasksPage(CoordinatorPage):
    """From chosen tasks to done, over a page that says what will happen."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Many tasks"), endpoint="bulk_tasks", url="/all-tasks/bulk")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The order's form, and, once it is filled in, what it would do."""
        action = _action()
        try:
            tasks = bulk.chosen_tasks(db(), viewer(), _ids())
        except NotUnderstoodError as error:
            flash(sentence(error), "error")
            return redirect(_list())
        units = units_of(agency().id)
        form = OrderForm(units, request.args if "look" in request.args else None)
        if "look" not in request.args and action in ("move", "reassign", "cancel", "done"):
            return self._page(action, tasks, form)
        try:
            order = _order(action, form, units)
        except NotUnderstoodError as error:
            return self._page(action, tasks, form, problem=sentence(error)), 422
        return self._page(action, tasks, form, fates=bulk.fates(tasks, order))

    @expose("/", methods=["POST"], may=COORDINATOR)
    def carry_out(self) -> ResponseReturnValue:
        units, ids = units_of(agency().id), request.form.getlist("task", type=int)
        order = _order(_action(), OrderForm(units, request.form), units)
        found = bulk.carry_out(db(), viewer(), ids, order, today=today(), by=actor(), at=now())
        changed = sum(fate.changes for fate in found)
        words = ngettext("%(n)s task changed.", "%(n)s tasks changed.", changed, n=number(changed))
        if left := len(found) - changed:
            words += " " + ngettext("%(n)s stays as it was.", "%(n)s stay as they were.", left, n=number(left))
        flash(words, "success")
        may_undo = changed and order.action != "accept"
        return redirect(_list(undo=now().isoformat() if may_undo else None))

    @expose("/undo", methods=["POST"], may=COORDINATOR)
    def undo(self) -> ResponseReturnValue:
        try:
            ordered_at = instant(request.form.get("ordered_at", ""))
        except ValueError:
            raise NotUnderstoodError("There is nothing to undo.", "ไม่มีรายการให้ยกเลิก") from None
        result = bulk.undo(db(), viewer(), ordered_at, by=actor(), at=now())
        words = ngettext(
            "%(n)s task is as it was.", "%(n)s tasks are as they were.", result.back, n=number(result.back)
        )
        if result.touched:
            words += " " + ngettext(
                "%(n)s was changed since and stays.", "%(n)s were changed since and stay.", result.touched,
                n=number(result.touched),
            )  # fmt: skip
        flash(words, "success")
        return redirect(_list())

    def _page(
        self,
        action: bulk.Action,
        tasks: list[Task],
        form: OrderForm,
        *,
        fates: list[bulk.Fate] | None = None,
        problem: str | None = None,
    ) -> str:
        return self.render(
            "tasks/bulk_tasks.html",
            action=action,
            tasks=tasks,
            form=form,
            fates=fates,
            changing=[fate for fate in fates or () if fate.changes],
            staying=[fate for fate in fates or () if not fate.changes],
            why=_why,
            problem=problem,
            asked=filters_asked(),
            back=_list(),
            review=agency().review,
            today=today,
        )


def _action() -> bulk.Action:
    asked = request.values.get("action", "")
    found: bulk.Action | None = next((one for one in get_args(bulk.Action) if one == asked), None)
    if found is None:
        raise NotUnderstoodError("Choose what to do with the tasks.", "กรุณาเลือกสิ่งที่จะทำกับงาน")
    return found


def _ids() -> list[int]:
    """The chosen tasks; with ``every``, all that the filters leave (one more than may be, where there are too many)."""
    plan = years().shown
    if "every" in request.args and plan is not None:
        return list(db().scalars(filtered(plan, filters_asked()).with_only_columns(Task.id).limit(bulk.AT_ONCE + 1)))
    return request.args.getlist("task", type=int)


def _order(action: bulk.Action, form: OrderForm, units: list[Unit]) -> bulk.Order:
    if not form.validate():
        problems = [str(error) for field in form for error in field.errors]
        raise NotUnderstoodError(problems[0], problems[0])
    by_id = {unit.id: unit for unit in units}
    order = bulk.Order(
        action,
        to=form.to.data,
        days=form.days.data,
        unit=by_id.get(form.to_unit.data),
        instead_of=by_id.get(form.instead_of.data),
        text=form.text.data or "",
        done_on=form.done_on.data,
    )
    bulk.check(order, today())
    return order


def _why(fate: bulk.Fate) -> str:
    if fate.why == "state":
        return state_name(fate.task.state)
    return {
        "same": gettext("is so already"),
        "undated": gettext("has no day to move"),
        "not_of_unit": gettext("is not of this unit"),
        "left_plan": gettext("is no longer in the plan"),
    }[fate.why]


def _list(undo: str | None = None) -> str:
    """The list that the tasks were chosen in, with its filters."""
    page = request.values.get("page", type=int)
    kept: dict[str, Any] = dict(filters_asked())
    return url_for("all_tasks.index", **kept, page=page if page and page > 1 else None, undo=undo)
