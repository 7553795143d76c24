"""``/invitation/…``: the page behind an invitation, where the person chooses a password."""

from flask import Blueprint, flash, render_template
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from admin.pages.accounts.auth import admit
from admin.web.context import db, defers_write_lock, now, writing
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.language import keep_choice
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.errors import NotUnderstoodError
from tracker.models import Invitation
from tracker.services.accounts import invitations
from tracker.services.accounts.accounts import hashed, own_words
from tracker.services.accounts.passwords import SHORTEST

pages = Blueprint("invitation", __name__)

WRONG_WORDS = "30 per 15 minutes"


class ChooseForm(Form):
    new = PasswordField(lazy_gettext("New password"), [InputRequired()])
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("new", lazy_gettext("The two new passwords differ: type both again."))],
    )


def was_wrong(response: FlaskResponse) -> bool:
    """Whether a try counts: the link is not good, or no password was chosen."""
    return response.status_code in (404, 409, 422)


@pages.get("/invitation/<word>")
@may(ANYONE)
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def show(word: str) -> ResponseReturnValue:
    return _page(invitations.opened(db(), word, now()), ChooseForm())


@pages.post("/invitation/<word>")
@may(ANYONE)
@defers_write_lock
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def choose(word: str) -> ResponseReturnValue:
    invitation, form = invitations.opened(db(), word, now()), ChooseForm()
    if not form.validate():
        return _page(invitation, form), 422
    try:
        chosen = hashed(form.new.data or "", own_words(db(), invitation.email))
    except NotUnderstoodError as error:
        form.new.errors = [sentence(error)]
        return _page(invitation, form), 422
    account = invitations.accept(writing(), word, chosen, now())
    keep_choice(account)
    answer = admit(account, None, by="invitation")
    flash(gettext("Welcome. You can sign in with this password from now on."), "success")
    return answer


def _page(invitation: Invitation, form: ChooseForm) -> str:
    return render_template("accounts/invitation.html", invitation=invitation, form=form, shortest=SHORTEST)
