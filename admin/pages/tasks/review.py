"""รอตรวจ: what units have submitted, for the coordinator to accept or to send back with a note."""

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func
from sqlalchemy.orm import selectinload
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from admin.pages.tasks.task_list import place_of, with_places
from admin.pages.tasks.task_page import in_place, said_ids
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.forms import ComingDayField, Form
from admin.web.identity import actor, agency, viewer
from admin.web.may import COORDINATOR
from admin.web.pager import asked_pager
from admin.web.two_savers import changed_fields, quoted
from admin.web.units import units_of
from tracker.kinds import TaskState
from tracker.models import Completion, Task
from tracker.services.access import tasks_of, visible_task
from tracker.services.plans.short_names import set_short_name
from tracker.services.tasks import progress

AT_ONCE = 50
LONGEST_TYPED = 300
"""Characters of a short name that are looked at: far more than may be kept."""


class SendBackForm(Form):
    note = TextAreaField(
        lazy_gettext("What should be corrected"),
        [InputRequired(lazy_gettext("Write what should be corrected.")), Length(max=progress.LONGEST_TEXT)],
    )


class MoveForm(Form):
    due_on = ComingDayField(lazy_gettext("New day"), [InputRequired(lazy_gettext("Write the new day."))])


class ReviewPage(CoordinatorPage):
    """The queue, and what only the coordinator does to a task."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Review"), endpoint="review", url="/review")

    def is_visible(self) -> bool:
        return agency().review

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._queue()

    @expose("/<int:task_id>/accept", methods=["POST"], may=COORDINATOR)
    def accept(self, task_id: int) -> ResponseReturnValue:
        progress.accept(db(), visible_task(db(), viewer(), task_id), by=actor(), at=now())
        flash(gettext("Accepted."), "success")
        return redirect(url_for("review.index"))

    @expose("/<int:task_id>/send-back", methods=["POST"], may=COORDINATOR)
    def send_back(self, task_id: int) -> ResponseReturnValue:
        form, task = SendBackForm(), visible_task(db(), viewer(), task_id)
        if not form.validate() and task.state != TaskState.SUBMITTED:  # it came from the page of a task that is done
            flash(" ".join(str(error) for error in form.note.errors), "error")
            return redirect(url_for("tasks.show", task_id=task_id))
        if form.errors:
            return self._queue(task_id, form), 422
        progress.send_back(db(), task, note=form.note.data or "", by=actor(), at=now())
        flash(gettext("Sent back with your note."), "success")
        return redirect(url_for("review.index"))

    @expose("/<int:task_id>/move", methods=["POST"], may=COORDINATOR)
    def move(self, task_id: int) -> ResponseReturnValue:
        form, task = MoveForm(), visible_task(db(), viewer(), task_id)
        if not form.validate() or form.due_on.data is None:
            flash(" ".join(str(error) for error in form.due_on.errors), "error")
            return redirect(url_for("tasks.show", task_id=task_id))
        given, wanted = "unit" in request.form, set(request.form.getlist("unit", type=int))
        stands = in_place(task)
        typed = {"due_on": request.form.get("due_on", ""), "unit": said_ids(wanted) if given else stands["unit"]}
        kinds, said = ("due_moved", "reassigned"), partial(_stands_in_place, task)
        mine = changed_fields(typed, stands, kinds, said, lambda event: event.task_id == task.id)
        if "due_on" in mine:
            progress.move_due(db(), task, form.due_on.data, by=actor(), at=now())
        if given and "unit" in mine:
            units = [unit for unit in units_of(agency().id) if unit.id in wanted]
            progress.reassign(db(), task, units, by=actor(), at=now())
        flash(gettext("The task was changed.") if given else gettext("The day was moved."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))

    @expose("/<int:task_id>/short-name", methods=["POST"], may=COORDINATOR)
    def short_name(self, task_id: int) -> ResponseReturnValue:
        """What messages call the task's step, in all its units and occasions."""
        step = visible_task(db(), viewer(), task_id).step
        name, stands = request.form.get("short_name", "")[:LONGEST_TYPED], step.short_name or ""
        changed_fields(
            {"short_name": name},
            {"short_name": stands},
            ("step_named",),
            lambda _: quoted(gettext("Short name of the step in messages"), stands),
            lambda event: event.details["step"] == step.text,
        )
        set_short_name(db(), step, name, by=actor(), at=now())
        flash(gettext("Saved."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))

    def _queue(self, refused: int | None = None, form: SendBackForm | None = None) -> str:
        completions = selectinload(Task.completions)
        waiting = tasks_of(viewer()).where(Task.state == TaskState.SUBMITTED)
        pager = asked_pager(db().scalar(waiting.with_only_columns(func.count())) or 0, AT_ONCE)
        tasks = db().scalars(
            pager.rows(waiting)
            .options(
                *with_places(),
                completions.selectinload(Completion.evidence),
                completions.joinedload(Completion.entered_by),
            )
            .order_by(Task.id != (refused or 0), Task.updated_at, Task.id)
        )
        return self.render(
            "tasks/review.html",
            tasks=[(task, place_of(task, units=True)) for task in tasks.unique()],
            pager=pager,
            refused=refused,
            form=form or SendBackForm(formdata=None),
        )


def _stands_in_place(task: Task, field: str) -> str:
    if field == "due_on":
        return quoted(gettext("Due day"), in_place(task)["due_on"])
    return quoted(gettext("Responsible units"), ", ".join(unit.name for unit in task.units))
