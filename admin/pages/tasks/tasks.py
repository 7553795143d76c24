"""A head's pages: the list of own tasks, and one task with its tick-off form."""

from collections.abc import Sequence
from datetime import date

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.pages.tasks.task_forms import NoteForm, NotPossibleForm, TickForm
from admin.pages.tasks.task_list import SOON, dots_of, late_of_others, own_list
from admin.pages.tasks.task_page import (
    fill,
    find_task,
    find_tickable,
    notes_of,
    offered_with,
    others_owing,
    previous_report,
    taken_back,
    words_of,
    year_of,
)
from admin.pages.tasks.typed_day import typed_day
from admin.pages.tasks.way_back import way_back
from admin.web.base_view import Page, expose
from admin.web.context import db, defers_write_lock, end_read_transaction, now, today, writing
from admin.web.form_recovery import typed_before
from admin.web.formatting import number, occasion, sentence
from admin.web.identity import actor, viewer
from admin.web.may import MEMBER
from admin.web.units import units_of
from admin.web.years import years
from tracker.errors import TrackerError
from tracker.models import Completion, Task
from tracker.reminders.short_step import short_step
from tracker.services.tasks import progress
from tracker.services.tasks.joint_ticks import recorded_by, tick_off_together, withdraw_together
from tracker.services.tasks.pausing import may_snooze

LONGEST_TITLE = 60
"""Characters of a title in a message; the task itself shows it whole."""


class TasksPage(Page):
    """งานของฉัน, and every task's own page."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("My tasks"), endpoint="tasks", url="/tasks")

    def is_visible(self) -> bool:
        return bool(viewer().unit_ids) or not viewer().sees_agency

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        plan = found.shown
        if plan is None:
            return self.render("tasks/tasks.html", list=None)
        return self.render(
            "tasks/tasks.html",
            list=own_list(db(), viewer(), plan, today()),
            years=found,
            late_of_others=late_of_others(db(), viewer(), found.plans, plan, today()),
        )

    @expose("/day")
    def day_in_words(self) -> ResponseReturnValue:
        """What a typed day means, in words: ``{"day", "words"}``, or ``{"problem"}`` where it cannot be."""
        return jsonify(typed_day(request.args.get("due", type=date.fromisoformat)))

    @expose("/<int:task_id>")
    def show(self, task_id: int) -> ResponseReturnValue:
        task = find_task(task_id)
        note, form = typed_before("tasks.note"), TickForm(typed=typed_before("tasks.done"))
        return self._task_page(task, form, note=NoteForm(formdata=note) if note else None)

    @expose("/<int:task_id>", methods=["POST"], may=MEMBER)
    @defers_write_lock
    def done(self, task_id: int) -> ResponseReturnValue:
        task = find_tickable(task_id)
        form = TickForm(meta={"due_on": task.due_on})
        end_read_transaction()
        form.receive()
        if not form.validate():
            return self._task_page(task, form), 422
        tasks = [task, *(find_tickable(other) for other in dict.fromkeys(form.also.data or ()) if other != task_id)]
        if before := recorded_by(writing(), viewer().agency_id, form.form_key):
            return _saved_before(task, before)
        try:
            done = tick_off_together(
                db(),
                tasks,
                result=form.result.data or "",
                outcome=form.outcome.data,
                done_on=form.done_on.data or today(),
                own_days=form.own_days.data,
                today=today(),
                evidence=form.evidence,
                by=actor(),
                at=now(),
                form_key=form.form_key,
            )
        except TrackerError as error:
            db().rollback()
            return self._task_page(find_task(task_id), form, problem=sentence(error)), error.http_status
        return _saved([one.task for one in done], task)

    @expose("/<int:task_id>/not-possible")
    def not_possible_form(self, task_id: int) -> ResponseReturnValue:
        typed = typed_before("tasks.not_possible")
        return self._not_possible_page(
            find_tickable(task_id), NotPossibleForm(**({"formdata": typed} if typed else {}))
        )

    @expose("/<int:task_id>/not-possible", methods=["POST"], may=MEMBER)
    def not_possible(self, task_id: int) -> ResponseReturnValue:
        task, form = find_tickable(task_id), NotPossibleForm()
        if not form.validate():
            return self._not_possible_page(task, form), 422
        try:
            progress.not_possible(
                db(),
                task,
                reason=form.reason.data,
                text=form.text.data,
                declared_on=form.declared_on.data,
                by=actor(),
                at=now(),
            )
        except TrackerError as error:
            db().rollback()
            return self._not_possible_page(find_task(task_id), form, problem=sentence(error)), error.http_status
        flash(gettext("Saved as not possible: %(title)s", title=_short(task.title)), f"undo:{task_id}")
        return _answer(_list_or(task))

    @expose("/<int:task_id>/note", methods=["POST"], may=MEMBER)
    @defers_write_lock
    def note(self, task_id: int) -> ResponseReturnValue:
        task, form = find_tickable(task_id), NoteForm()
        end_read_transaction()
        form.receive()
        if not form.validate():
            return self._task_page(find_tickable(task_id), TickForm(formdata=None), note=form), 422
        task = find_tickable(task_id)
        progress.note_progress(
            writing(), task, text=form.note.data or "", noted_on=today(), evidence=form.evidence, by=actor(), at=now()
        )
        flash(gettext("The progress note was saved."), f"saved:{task_id} note")
        return redirect(url_for("tasks.show", task_id=task_id))

    @expose("/<int:task_id>/undo", methods=["POST"], may=MEMBER)
    @defers_write_lock
    def undo(self, task_id: int) -> ResponseReturnValue:
        also = list(dict.fromkeys(request.form.getlist("also", type=int)))
        tasks = [find_tickable(one) for one in dict.fromkeys([task_id, *also])]
        withdraw_together(writing(), tasks, by=actor(), at=now())
        flash(gettext("Taken back: the task is open again."), "success")
        return redirect(
            url_for("tasks.show", task_id=task_id, again=1, also=",".join(str(one) for one in also) or None)
        )

    def _task_page(
        self, task: Task, form: TickForm, *, note: NoteForm | None = None, problem: str | None = None
    ) -> str:
        year, previous = year_of(task), previous_report(task)
        offered = offered_with(task, year)
        typed = "typed" in request.args and form.result.raw_data
        if not form.is_submitted() and not typed:
            asked = request.args
            fill(form, task, offered, copy="copy" in asked, again="again" in asked, also=asked.get("also", ""))
        return self.render(
            "tasks/task.html",
            first_words=short_step,
            **words_of(task),
            form=form,
            note_form=note or NoteForm(formdata=None),
            problem=problem,
            previous=previous,
            previous_occasion=previous and occasion(previous.task.scheduled_on, previous.task.cadences[:1]),
            notes=notes_of(task),
            snoozable=task.is_open and may_snooze(db(), viewer(), task),
            today=today(),
            week=SOON,
            dots=dots_of(year, task.id, today()),
            offered=offered,
            others=others_owing(task),
            corrects=taken_back(task) is not None,
            came_late=typed,
            on_due_day=progress.was_on_due_day(db(), task),
            units=units_of(viewer().agency_id) if viewer().coordinator and task.is_open else (),
            back=way_back(),
        )

    def _not_possible_page(self, task: Task, form: NotPossibleForm, *, problem: str | None = None) -> str:
        return self.render("tasks/task_not_possible.html", **words_of(task), form=form, problem=problem, today=today())


def _saved(tasks: Sequence[Task], asked: Task) -> ResponseReturnValue:
    words = gettext("Saved: %(title)s", title=_short(asked.title))
    if len(tasks) > 1:
        words = ngettext(
            "Saved for %(n)s checkpoint: %(title)s",
            "Saved for %(n)s checkpoints: %(title)s",
            len(tasks),
            n=number(len(tasks)),
            title=_short(asked.title),
        )
    others = [str(task.id) for task in tasks if task.id != asked.id]
    flash(words, f"undo:{','.join([str(asked.id), *others])}")
    return _answer(_list_or(asked))


def _saved_before(task: Task, before: Sequence[Completion]) -> ResponseReturnValue:
    """The same form once more: its first sending was recorded, whatever became of the answer."""
    if all(one.withdrawn_at is None for one in before):
        return _saved([one.task for one in before], task)
    flash(gettext("This form was saved before and taken back since; nothing was saved again."), "warning")
    return _answer(url_for("tasks.show", task_id=task.id))


def _answer(address: str) -> ResponseReturnValue:
    """Leads on; a script that sent the form opens the address itself, so that no message is lost on its way."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(next=address)
    return redirect(address)


def _list_or(task: Task) -> str:
    own = viewer().unit_ids or not viewer().sees_agency
    return url_for("tasks.index") if own else url_for("tasks.show", task_id=task.id)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
