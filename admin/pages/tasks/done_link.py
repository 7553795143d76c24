"""``/done/…``: the page behind the "done" link of an e-mail. Opening it changes nothing; sending its form ticks off."""

from flask import Blueprint, render_template, request
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from admin.pages.tasks.task_forms import TickForm
from admin.pages.tasks.task_list import place_of, tone_of
from admin.web.context import db, end_read_transaction, now, site, today
from admin.web.formatting import sentence
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.channels.email.done_link import DoneLinks
from tracker.errors import NotFoundError, TrackerError
from tracker.services.tasks.action_links import DoneOffer, LinkGoneError, offer, take, taken_by
from tracker.settings import secret_key

pages = Blueprint("done_link", __name__)

WRONG_TOKENS = "30 per 15 minutes"
"""Per address: mail scanners open every link that is good, nobody needs many that are not."""
SENT_FORMS = "20 per 15 minutes"
"""Per address and link."""


def _was_wrong(response: FlaskResponse) -> bool:
    return response.status_code == 404


def _sender() -> str:
    return f"{get_remote_address()} {(request.view_args or {}).get('token', '')[:200]}"


@pages.get("/done/<token>")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
def show(token: str) -> ResponseReturnValue:
    try:
        offered = _offer(token)
    except (NotFoundError, LinkGoneError) as error:
        return _gone(error)
    return _form(offered, TickForm(sender=offered.key))


@pages.post("/done/<token>")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS, key_func=_sender)
def send(token: str) -> ResponseReturnValue:
    try:
        offered = _offer(token)
        form = TickForm(sender=offered.key)
        end_read_transaction()
        form.receive()
        offered = _offer(token)
        if not form.validate():
            return _form(offered, form), 422
        try:
            take(
                db(),
                _links(),
                token,
                result=form.result.data or "",
                outcome=form.outcome.data,
                done_on=form.done_on.data or today(),
                today=today(),
                evidence=form.evidence,
                at=now(),
                form_key=form.form_key,
            )
        except LinkGoneError:
            raise
        except TrackerError as error:
            db().rollback()
            return _form(_offer(token), form, problem=sentence(error)), error.http_status
    except (NotFoundError, LinkGoneError) as error:
        db().rollback()
        before = taken_by(db(), _links(), token, request.form.get("key"))
        return render_template("tasks/done_saved.html", task=before) if before else _gone(error)
    return render_template("tasks/done_saved.html", task=offered.task)


def _links() -> DoneLinks:
    return DoneLinks(secret_key(site().settings))


def _offer(token: str) -> DoneOffer:
    return offer(db(), _links(), token, today())


def _form(offered: DoneOffer, form: TickForm, *, problem: str | None = None) -> str:
    return render_template(
        "tasks/done_link.html",
        offer=offered,
        agency=offered.member.agency,
        place=place_of(offered.task, units=True),
        tone=tone_of(offered.task, today()),
        today=today(),
        form=form,
        problem=problem,
    )


def _gone(error: TrackerError) -> ResponseReturnValue:
    return render_template("tasks/done_gone.html", sentence=sentence(error)), error.http_status
