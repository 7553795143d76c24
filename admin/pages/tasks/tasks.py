"""A head's pages: the list of own tasks, and one task with its tick-off form."""

from collections.abc import Sequence
from datetime import date

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.pages.tasks.second_reports import adds_nothing, values_of
from admin.pages.tasks.task_forms import NoteForm, NotPossibleForm, TickForm
from admin.pages.tasks.task_list import SOON, dots_of, late_of_others, own_list
from admin.pages.tasks.task_page import (
    fill,
    find_task,
    find_tickable,
    in_place,
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
from tracker.services.access import may_tick
from tracker.services.tasks import progress
from tracker.services.tasks.joint_ticks import recorded_by, tick_off_together, withdraw_together
from tracker.services.tasks.pausing import may_snooze
from tracker.services.tasks.second_report import report_second, standing

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
        task, typed = find_task(task_id), typed_before("tasks.done")
        form = TickForm(typed=typed)
        first = standing(task) if typed and may_tick(viewer(), task) else None
        if first is not None and not adds_nothing(first, form):
            return self._second_page(task, first, form)
        return self._task_page(task, form)

    @expose("/<int:task_id>", methods=["POST"], may=MEMBER)
    @defers_write_lock
    def done(self, task_id: int) -> ResponseReturnValue:
        task = find_tickable(task_id)
        form = TickForm(meta={"due_on": task.due_on})
        end_read_transaction()
        form.receive()
        if "way" in request.form:
            return self._second(task, form, request.form["way"])
        if not form.validate():
            return self._task_page(task, form), 422
        tasks = [task, *(find_tickable(other) for other in dict.fromkeys(form.also.data or ()) if other != task_id)]
        if before := recorded_by(writing(), viewer().agency_id, form.form_key):
            return _saved_before(task, before)
        try:
            done = self._ticked(form, tasks)
        except TrackerError as error:
            db().rollback()
            return self._not_ticked(find_task(task_id), form, error)
        return _saved(done, task)

    def _ticked(self, form: TickForm, tasks: Sequence[Task]) -> list[Task]:
        """Records the form for each of the tasks; gives them."""
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
        return [one.task for one in done]

    def _not_ticked(self, task: Task, form: TickForm, error: TrackerError) -> ResponseReturnValue:
        """The form again with what is wrong; where a colleague was first, both reports to choose from."""
        first = standing(task)
        same = first is not None and adds_nothing(first, form)
        if first is None or (same and first.entered_by_id == viewer().member_id):
            return self._task_page(task, form, problem=sentence(error)), error.http_status
        if same:
            flash(gettext("A colleague has recorded the same already: %(title)s", title=_short(task.title)), "success")
            return _answer(_list_or(task))
        return self._second_page(task, first, form), error.http_status

    def _second(self, task: Task, form: TickForm, way: str) -> ResponseReturnValue:
        """What is to become of a report where another one came first."""
        first = standing(task)
        if way == "discard":
            flash(gettext("Yours was discarded; what was recorded stands."), "success")
            return _answer(_list_or(task))
        if not form.validate() and first is not None:
            return self._second_page(find_task(task.id), first, form), 422
        try:
            second = report_second(
                writing(),
                task,
                "replace" if way == "replace" else "append",
                seen=request.form.get("first", 0, type=int),
                result=form.result.data or "",
                outcome=form.outcome.data,
                done_on=form.done_on.data or today(),
                evidence=form.evidence,
                by=actor(),
                today=today(),
                at=now(),
                form_key=form.form_key,
            )
            also = [find_tickable(one) for one in dict.fromkeys(form.also.data or ()) if one != task.id]
            done = self._ticked(form, [one for one in also if one.is_open])
        except TrackerError as error:
            db().rollback()
            again = find_task(task.id)
            latest = standing(again)
            if latest is None:
                return self._task_page(again, form, problem=sentence(error)), error.http_status
            return self._second_page(again, latest, form, problem=sentence(error)), error.http_status
        return _saved([second.task, *done], task)

    def _second_page(self, task: Task, first: Completion, form: TickForm, *, problem: str | None = None) -> str:
        values = words_of(task) | values_of(task, first, form)
        return self.render("tasks/second_report.html", **values, problem=problem)

    @expose("/<int:task_id>/not-possible")
    def not_possible_form(self, task_id: int) -> ResponseReturnValue:
        return self._not_possible_page(find_tickable(task_id), NotPossibleForm())

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
            in_place=in_place(task),
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
