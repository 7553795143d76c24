"""A head's pages: the list of own tasks, and one task with its tick-off form."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from admin.base_view import Page
from admin.context import db, let_go, now, today
from admin.people import actor, viewer
from admin.plans import years
from admin.task_forms import NoteForm, NotPossibleForm, TickForm
from admin.task_list import SOON, dots_of, own_list, place_of, tone_of, when_of, with_places
from admin.task_rows import task_rows
from admin.wording import occasion, sentence
from tracker.errors import ForbiddenError, NotFoundError, TrackerError
from tracker.models import Completion, ProgressNote, Task
from tracker.services import progress
from tracker.services.access import may_tick, tasks_of
from tracker.services.pausing import may_snooze


class TasksPage(Page):
    """งานของฉัน, and every task's own page."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("My tasks"), endpoint="tasks", url="/tasks")

    def is_visible(self) -> bool:
        return bool(viewer().unit_ids) or not viewer().sees_agency

    @expose("/")
    def index(self) -> ResponseReturnValue:
        plan = years().shown
        return self.render("tasks.html", list=own_list(db(), viewer(), plan, today()) if plan else None)

    @expose("/<int:task_id>")
    def show(self, task_id: int) -> ResponseReturnValue:
        return self._task_page(_task(task_id), TickForm())

    @expose("/<int:task_id>", methods=["POST"])
    def done(self, task_id: int) -> ResponseReturnValue:
        _tickable(task_id)
        form = TickForm()
        let_go()
        form.receive()
        task = _tickable(task_id)
        if not form.validate():
            return self._task_page(task, form), 422
        try:
            progress.tick_off(
                db(),
                task,
                result=form.result.data or "",
                outcome=form.outcome.data,
                done_on=form.done_on.data or today(),
                today=today(),
                evidence=form.evidence,
                by=actor(),
                at=now(),
            )
        except TrackerError as error:
            db().rollback()
            return self._task_page(_task(task_id), form, problem=sentence(error)), error.http_status
        return _saved(task_id, gettext("Saved: %(title)s", title=_short(task.title)))

    @expose("/<int:task_id>/not-possible")
    def not_possible_form(self, task_id: int) -> ResponseReturnValue:
        return self._not_possible_page(_tickable(task_id), NotPossibleForm())

    @expose("/<int:task_id>/not-possible", methods=["POST"])
    def not_possible(self, task_id: int) -> ResponseReturnValue:
        task, form = _tickable(task_id), NotPossibleForm()
        if not form.validate():
            return self._not_possible_page(task, form), 422
        progress.not_possible(db(), task, reason=form.reason.data, text=form.text.data, by=actor(), at=now())
        return _saved(task_id, gettext("Saved as not possible: %(title)s", title=_short(task.title)))

    @expose("/<int:task_id>/note", methods=["POST"])
    def note(self, task_id: int) -> ResponseReturnValue:
        task, form = _tickable(task_id), NoteForm()
        if not form.validate():
            return self._task_page(task, TickForm(formdata=None), note=form), 422
        progress.note_progress(db(), task, text=form.note.data or "", noted_on=today(), by=actor(), at=now())
        flash(gettext("The progress note was saved."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))

    @expose("/<int:task_id>/undo", methods=["POST"])
    def undo(self, task_id: int) -> ResponseReturnValue:
        progress.withdraw(db(), _tickable(task_id), by=actor(), at=now())
        flash(gettext("Taken back: the task is open again."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))

    def _task_page(
        self, task: Task, form: TickForm, *, note: NoteForm | None = None, problem: str | None = None
    ) -> ResponseReturnValue:
        previous = _previous(task)
        if previous is not None and request.args.get("copy") and not form.is_submitted():
            form.result.data, form.outcome.data = previous.result, previous.outcome
        return self.render(
            "task.html",
            **_words(task),
            form=form,
            note_form=note or NoteForm(formdata=None),
            problem=problem,
            previous=previous,
            previous_occasion=previous and occasion(previous.task.scheduled_on, previous.task.cadences[:1]),
            notes=db().scalars(_notes(task)).all(),
            snoozable=task.is_open and may_snooze(db(), viewer(), task),
            today=today(),
            week=SOON,
            dots=dots_of(task_rows(db(), _row_of(task)), task.id, today()),
        )

    def _not_possible_page(self, task: Task, form: NotPossibleForm) -> ResponseReturnValue:
        return self.render("task_not_possible.html", **_words(task), form=form)


def _task(task_id: int) -> Task:
    query = tasks_of(viewer()).where(Task.id == task_id)
    completions = selectinload(Task.completions)
    task = db().scalar(
        query.options(
            *with_places(),
            completions.selectinload(Completion.evidence),
            completions.joinedload(Completion.entered_by),
        )
    )
    if task is None:
        raise NotFoundError("There is no such task, or it is not yours to see.", "ไม่พบงานนี้ หรืองานนี้ไม่ใช่ของหน่วยงานท่าน")
    return task


def _tickable(task_id: int) -> Task:
    task = _task(task_id)
    if not may_tick(viewer(), task):
        raise ForbiddenError(
            "Only the responsible unit and the coordinator may change this task.",
            "เฉพาะหน่วยงานผู้รับผิดชอบและผู้ประสานงานเท่านั้นที่บันทึกงานนี้ได้",
        )
    return task


def _words(task: Task) -> dict[str, Any]:
    return {
        "task": task,
        "place": place_of(task, units=viewer().sees_agency),
        "when": when_of(task, today()),
        "tone": tone_of(task, today()),
        "tickable": may_tick(viewer(), task),
    }


def _row_of(task: Task) -> Select[Task]:
    """The tasks of the same step and party over the year."""
    return tasks_of(viewer()).where(Task.step_id == task.step_id, Task.party_key == task.party_key)


def _previous(task: Task) -> Completion | None:
    """The latest report of the same step and party, whose words may be used again."""
    same = tasks_of(viewer()).where(Task.step_id == task.step_id, Task.party_key == task.party_key, Task.id != task.id)
    return db().scalar(
        select(Completion)
        .where(Completion.task_id.in_(same.with_only_columns(Task.id)), Completion.withdrawn_at.is_(None))
        .options(joinedload(Completion.task))
        .order_by(Completion.done_on.desc(), Completion.id.desc())
        .limit(1)
    )


def _notes(task: Task) -> Any:
    return (
        select(ProgressNote)
        .where(ProgressNote.task_id == task.id)
        .options(joinedload(ProgressNote.task))
        .order_by(ProgressNote.noted_on.desc(), ProgressNote.id.desc())
    )


def _saved(task_id: int, words: str) -> ResponseReturnValue:
    flash(words, f"undo:{task_id}")
    back = (
        url_for("tasks.index")
        if viewer().unit_ids or not viewer().sees_agency
        else url_for("tasks.show", task_id=task_id)
    )
    return redirect(back)


def _short(title: str) -> str:
    return title if len(title) <= 80 else f"{title[:79]}…"
