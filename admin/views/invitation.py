"""``/invitation/…``: the page behind an invitation, where the person chooses a password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from admin.context import db, now
from admin.forms import Form
from admin.limits import limiter
from admin.people import sign_in
from admin.wording import sentence
from tracker.errors import NotUnderstoodError
from tracker.models import Invitation
from tracker.services import invitations
from tracker.services.accounts import SHORTEST

pages = Blueprint("invitation", __name__)

WRONG_WORDS = "30 per 15 minutes"


class ChooseForm(Form):
    new = PasswordField(lazy_gettext("New password"), [InputRequired()])
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("new", lazy_gettext("The two new passwords differ: type both again."))],
    )


def _was_wrong(response: FlaskResponse) -> bool:
    return response.status_code in (404, 409, 422)


@pages.get("/invitation/<word>")
@limiter.limit(WRONG_WORDS, deduct_when=_was_wrong)
def show(word: str) -> ResponseReturnValue:
    return _page(invitations.opened(db(), word, now()), ChooseForm())


@pages.post("/invitation/<word>")
@limiter.limit(WRONG_WORDS, deduct_when=_was_wrong)
def choose(word: str) -> ResponseReturnValue:
    invitation, form = invitations.opened(db(), word, now()), ChooseForm()
    if not form.validate():
        return _page(invitation, form), 422
    try:
        account = invitations.accept(db(), word, form.new.data or "", now())
    except NotUnderstoodError as error:
        db().rollback()
        form.new.errors = [sentence(error)]
        return _page(invitations.opened(db(), word, now()), form), 422
    sign_in(account, by="invitation")
    flash(gettext("Welcome. You can sign in with this password from now on."), "success")
    return redirect(url_for("home"))


def _page(invitation: Invitation, form: ChooseForm) -> ResponseReturnValue:
    return render_template("invitation.html", invitation=invitation, form=form, shortest=SHORTEST)
