"""Silence about one task, from its page: snooze it, hold its escalation."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.validators import InputRequired

from admin.web.base_view import Page, expose
from admin.web.context import db, now, today
from admin.web.formatting import day, sentence
from admin.web.forms import ComingDayField, Form
from admin.web.identity import actor, viewer
from admin.web.may import MEMBER
from tracker.errors import NotUnderstoodError
from tracker.services.access import visible_task
from tracker.services.tasks.pausing import hold_escalation, snooze


class SnoozeForm(Form):
    until = ComingDayField(validators=[InputRequired()])


class PausingPage(Page):
    """Only forms of other pages come here."""

    def __init__(self) -> None:
        super().__init__(name="", endpoint="pausing", url="/pause")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("home"))

    @expose("/<int:task_id>/snooze", methods=["POST"], may=MEMBER)
    def snooze(self, task_id: int) -> ResponseReturnValue:
        form, task = SnoozeForm(), visible_task(db(), viewer(), task_id)
        until = None if "wake" in request.form else form.until.data
        problem = " ".join(form.until.errors) if not form.validate() and "wake" not in request.form else ""
        if not problem:
            try:
                snooze(db(), viewer(), task, until, today=today(), by=actor(), at=now())
            except NotUnderstoodError as error:
                problem = sentence(error)
        if problem:
            flash(problem, "error")
        elif until:
            flash(gettext("No reminder of this task before %(day)s.", day=day(until)), "success")
        else:
            flash(gettext("Reminders of this task go on."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))

    @expose("/<int:task_id>/escalation", methods=["POST"], may=MEMBER)
    def escalation(self, task_id: int) -> ResponseReturnValue:
        task, held = visible_task(db(), viewer(), task_id), "hold" in request.form
        hold_escalation(db(), viewer(), task, held, by=actor(), at=now())
        flash(
            gettext("Senior officers are not told about this task.")
            if held
            else gettext("Senior officers are told about it again."),
            "success",
        )
        return redirect(url_for("tasks.show", task_id=task_id))
