"""``/set-up/…``: the page behind the word that ``tracker up`` prints: agency, coordinator and password in one step."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from admin.pages.accounts.auth import admit
from admin.pages.accounts.invitation import WRONG_WORDS, was_wrong
from admin.web.context import db, defers_write_lock, now, writing
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.language import keep_choice
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.errors import NotUnderstoodError
from tracker.services.accounts.accounts import hashed
from tracker.services.accounts.passwords import SHORTEST
from tracker.services.organisation import founding
from tracker.services.organisation.people_table import LONGEST, looks_like_email

pages = Blueprint("set_up", __name__)


class SetUpForm(Form):
    agency = StringField(
        lazy_gettext("Name of the agency"),
        [DataRequired(lazy_gettext("Write the name of the agency.")), Length(max=founding.LONGEST_AGENCY)],
    )
    name = StringField(
        lazy_gettext("Your name"), [DataRequired(lazy_gettext("Write your name.")), Length(max=LONGEST["name"])]
    )
    email = EmailField(
        lazy_gettext("Your e-mail"),
        [DataRequired(lazy_gettext("Write your e-mail address.")), Length(max=LONGEST["email"])],
    )
    password = PasswordField(
        lazy_gettext("Password for signing in"), [DataRequired(lazy_gettext("Choose a password."))]
    )

    def validate_email(self, field: EmailField) -> None:
        """WTForms calls it by its name."""
        address = (field.data or "").strip()
        if not looks_like_email(address):
            raise ValidationError(gettext("“%(text)s” is not an e-mail address.", text=address))


@pages.get("/set-up/")
@may(ANYONE)
def word_form() -> ResponseReturnValue:
    """Where the word is typed that was read elsewhere."""
    if word := request.args.get("word", "").strip():
        return redirect(url_for("set_up.show", word=word))
    return render_template("accounts/set_up_word.html")


@pages.get("/set-up/<word>")
@may(ANYONE)
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def show(word: str) -> ResponseReturnValue:
    founding.check_word(db(), word, now())
    return _page(SetUpForm())


@pages.post("/set-up/<word>")
@may(ANYONE)
@defers_write_lock
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def make(word: str) -> ResponseReturnValue:
    founding.check_word(db(), word, now())
    form = SetUpForm()
    if not form.validate():
        return _page(form), 422
    wanted = founding.understood(form.agency.data or "", form.name.data or "", form.email.data or "")
    try:
        chosen = hashed(form.password.data or "", [wanted.agency, wanted.name, wanted.email])
    except NotUnderstoodError as error:
        form.password.errors = [sentence(error)]
        return _page(form), 422
    account = founding.set_up(writing(), word, wanted, chosen, now())
    keep_choice(account)
    answer = admit(account, url_for("divisions.index"), by="set-up word")
    flash(gettext("Welcome. You can sign in with this password from now on."), "success")
    return answer


def _page(form: SetUpForm) -> str:
    return render_template("accounts/set_up.html", form=form, shortest=SHORTEST)
