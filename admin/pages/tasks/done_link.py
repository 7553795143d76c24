"""``/done/…``: the page behind the answers of an e-mail. Opening it changes nothing; sending its form records."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address

from admin.pages.tasks.answer_form import AnswerForm
from admin.pages.tasks.task_list import place_of
from admin.pages.tasks.typed_day import typed_day
from admin.web.context import db, end_read_transaction, now, site, today
from admin.web.formatting import clock_time, sentence
from admin.web.fresh_links import few_new_links, goes, send_new
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.channels.email.done_link import DoneLinks
from tracker.errors import NotFoundError, TrackerError
from tracker.kinds import TaskState
from tracker.line.reading import read_work
from tracker.models import Task
from tracker.reminders.posts import post_of
from tracker.services.tasks import action_links
from tracker.services.tasks.action_links import DoneOffer, LinkGoneError, offer, take, taken_by
from tracker.settings import secret_key

pages = Blueprint("done_link", __name__)

WRONG_TOKENS = "30 per 15 minutes"
"""Per address: mail scanners open every link that is good, nobody needs many that are not."""
SENT_FORMS = "20 per 15 minutes"
"""Per address and link."""


def _was_wrong(response: FlaskResponse) -> bool:
    return response.status_code == 404


def _token() -> str:
    return str((request.view_args or {}).get("token", ""))[:200]


def _sender() -> str:
    return f"{get_remote_address()} {_token()}"


@pages.get("/done/<token>")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
def show(token: str) -> ResponseReturnValue:
    try:
        offered = _offer(token)
    except (NotFoundError, LinkGoneError) as error:
        return _gone(token, error, status=200)
    form = _form_of(offered, wanted=request.args.get("answer", ""))
    before = offered.task.completions[-1] if offered.task.completions else None
    if "again" in request.args and before is not None and before.withdrawn_at is not None:
        form.result.data, form.outcome.data = before.result, before.outcome
    elif "copy" in request.args:
        form.copy(read_work(db(), offered.occasions, today()).last)
    return _page(offered, form)


@pages.post("/done/<token>")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS, key_func=_sender)
def send(token: str) -> ResponseReturnValue:
    try:
        form = _form_of(_offer(token))
        end_read_transaction()
        form.receive()
        offered = _offer(token)
        if "unstarted" in request.form:
            task = action_links.tell_unstarted(db(), _links(), token, post_of(offered.member), today(), now())
            return render_template("tasks/done_unstarted.html", task=task, address=request.path)
        if "as_note" in request.form:
            form.answer.data, form.note.data = "note", form.result.data
            return _page(offered, form)
        if not form.validate():
            return _page(offered, form), 422
        answer = form.as_answer()
        try:
            tasks = take(db(), _links(), token, answer, today=today(), at=now())
        except LinkGoneError:
            raise
        except TrackerError as error:
            db().rollback()
            return _page(_offer(token), form, problem=sentence(error)), error.http_status
    except (NotFoundError, LinkGoneError) as error:
        db().rollback()
        before = taken_by(db(), _links(), token, request.form.get("key"))
        return _saved(token, [before]) if before else _gone(token, error, status=error.http_status)
    return _saved(token, tasks)


@pages.get("/done/<token>/day")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
def day_in_words(token: str) -> ResponseReturnValue:
    """What a typed day means and how it counts for the task, or ``{"problem"}``; says nothing of the task itself."""
    asked = request.args.get("task", type=int)
    try:
        due_on = next((task.due_on for task in _offer(token).occasions if task.id == asked), None)
    except LinkGoneError as error:
        return jsonify(problem=sentence(error)), error.http_status
    return jsonify(typed_day(due_on, counted=True))


@pages.post("/done/<token>/undo")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS, key_func=_sender)
def undo(token: str) -> ResponseReturnValue:
    """เลิกทำ and แก้ไข: what was answered by the link within the hour is taken back, its words stand in the form."""
    given = action_links.given(db(), _links(), token, now())
    action_links.take_back(db(), _links(), token, now())
    kind = {"progress_noted": "note", "not_possible": "not_possible"}.get(given.kind if given else "", "done")
    flash(gettext("Taken back: the task is open again."), "success")
    edits = 1 if "edit" in request.form else None
    return redirect(url_for("done_link.show", token=token, answer=kind, again=edits))


@pages.post("/done/<token>/again")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@few_new_links
def again(token: str) -> ResponseReturnValue:
    """A new link, to the address alone that the old one went to."""
    found = action_links.renewed(db(), _links(), token, today())
    if found is None or found.task is None or not goes(found.way):
        return redirect(url_for("done_link.show", token=token))
    return send_new(found, f"/done/{found.token}", f"งาน “{found.task.title}” ")


def _links() -> DoneLinks:
    return DoneLinks(secret_key(site().settings))


def _offer(token: str) -> DoneOffer:
    return offer(db(), _links(), token, today())


def _form_of(offered: DoneOffer, wanted: str = "") -> AnswerForm:
    work = read_work(db(), offered.occasions, today())
    return AnswerForm(offered, work, wanted=wanted)


def _page(offered: DoneOffer, form: AnswerForm, *, problem: str | None = None) -> str:
    work = read_work(db(), offered.occasions, today())
    return render_template(
        "tasks/done_link.html",
        offer=offered,
        work=work,
        agency=offered.member.agency,
        place=place_of(offered.task, units=True),
        today=today(),
        form=form,
        problem=problem,
        address=request.path,
        token=_token(),
    )


def _saved(token: str, tasks: list[Task]) -> str:
    given = action_links.given(db(), _links(), token, now())
    return render_template(
        "tasks/done_saved.html",
        tasks=tasks,
        task=tasks[0],
        given=given,
        until=given and clock_time(given.until),
        address=request.path,
        today=today(),
        next_late=action_links.next_late(db(), _links(), token, today()),
    )


def _gone(token: str, error: TrackerError, *, status: int) -> ResponseReturnValue:
    """What stands now where the link's person may still see it; else why the link offers nothing."""
    why = error.why if isinstance(error, LinkGoneError) else None
    task = action_links.standing(db(), _links(), token, today()) if why in ("used", "closed") else None
    if task is not None and task.state in (TaskState.DONE, TaskState.SUBMITTED, TaskState.NOT_POSSIBLE):
        given = action_links.given(db(), _links(), token, now())
        return (
            render_template(
                "tasks/done_standing.html",
                task=task,
                given=given,
                until=given and clock_time(given.until),
                who=post_of(task.completion.entered_by) if task.completion else None,
                place=place_of(task, units=True),
                address=request.path,
                sentence=sentence(error),
            ),
            status,
        )
    found = action_links.renewed(db(), _links(), token, today()) if why == "expired" else None
    renewable = found is not None and goes(found.way)
    page = render_template(
        "web/link_gone.html",
        sentence=sentence(error),
        renew=url_for("done_link.again", token=token) if renewable else None,
        way=found.way if found else None,
    )
    return page, error.http_status
