"""การยืนยันสองขั้น: setting a second factor up with a QR code, its recovery codes, and taking it away."""

from typing import TypeVar

import segno
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from admin.web.base_view import Page, expose
from admin.web.context import db, defers_write_lock, now, site, writing
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import actor, person
from admin.web.limits import limiter
from admin.web.may import SIGNED_IN
from tracker.errors import ForbiddenError
from tracker.services.accounts import second_factor
from tracker.services.accounts.accounts import right_password
from tracker.services.audit import record
from tracker.settings import secret_key

TRIES = "10 per 15 minutes"


class OwnerForm(Form):
    """What only the owner knows and has; no password where the account has none, because a provider signs in."""

    password = PasswordField(lazy_gettext("Password"), [InputRequired()])
    code = StringField(
        lazy_gettext("Code from the app, or a recovery code"), [InputRequired(lazy_gettext("Type the code."))]
    )


class FirstCodeForm(OwnerForm):
    """The first code of an app that was just set up."""

    code = StringField(lazy_gettext("Code that the app shows"), [InputRequired(lazy_gettext("Type the code."))])


F = TypeVar("F", bound=OwnerForm)


def owner_form(kind: type[F], **given: None) -> F:
    """The form, without a password where the account has none."""
    form = kind(**given)
    if person().account.password_hash is None:
        del form.password
    return form


def own_tries() -> str:
    """The counter of the signed-in account's tries."""
    return f"second factor {person().account.id}"


class SecondFactorPage(Page):
    """One's own second factor."""

    may = SIGNED_IN

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Second factor"), endpoint="second_factor", url="/account/second-factor")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page()

    @expose("/start", methods=["POST"], may=SIGNED_IN)
    def start(self) -> ResponseReturnValue:
        second_factor.begin(person().account, _key())
        return redirect(url_for("second_factor.index"))

    @expose("/confirm", methods=["POST"], may=SIGNED_IN)
    @defers_write_lock
    @limiter.limit(TRIES, key_func=own_tries)
    def confirm(self) -> ResponseReturnValue:
        form = owner_form(FirstCodeForm)
        if not knows_password(form):
            return self._page(first=form), 422
        made = second_factor.generate_recovery_codes()
        try:
            codes = second_factor.confirm(_writing(), person().account, form.code.data or "", _key(), now(), made)
        except ForbiddenError as error:
            form.code.errors = [sentence(error)]
            return self._page(first=form), 422
        _note("second_factor_on")
        return self.render("accounts/recovery_codes.html", codes=codes)

    @expose("/codes", methods=["POST"], may=SIGNED_IN)
    @defers_write_lock
    @limiter.limit(TRIES, key_func=own_tries)
    def codes(self) -> ResponseReturnValue:
        form = owner_form(OwnerForm)
        if not knows_password(form):
            return self._page(owner=form), 422
        made = second_factor.generate_recovery_codes()
        if not has_code(form):
            return self._page(owner=form), 422
        _note("recovery_codes_made")
        codes = second_factor.new_recovery_codes(db(), person().account, made)
        return self.render("accounts/recovery_codes.html", codes=codes)

    @expose("/remove", methods=["POST"], may=SIGNED_IN)
    @defers_write_lock
    @limiter.limit(TRIES, key_func=own_tries)
    def remove(self) -> ResponseReturnValue:
        form = owner_form(OwnerForm)
        if not (knows_password(form) and has_code(form)):
            return self._page(owner=form), 422
        second_factor.remove(db(), person().account)
        _note("second_factor_off")
        flash(gettext("Signing in takes the password alone again."), "success")
        return redirect(url_for("second_factor.index"))

    def _page(self, *, first: FirstCodeForm | None = None, owner: OwnerForm | None = None) -> str:
        account = person().account
        waiting = second_factor.waiting_secret(account, _key())
        return self.render(
            "accounts/second_factor.html",
            account=account,
            secret=waiting,
            picture=_picture(second_factor.provisioning_uri(account, waiting)) if waiting else None,
            left=second_factor.codes_left(db(), account),
            first=first or owner_form(FirstCodeForm, formdata=None),
            owner=owner or owner_form(OwnerForm, formdata=None),
            must=person().owes_factor,
        )


def _key() -> str:
    return secret_key(site().settings)


def knows_password(form: OwnerForm) -> bool:
    """Whether the form is filled in and has the password; what is wrong stands in the form."""
    if not form.validate():
        return False
    if form.password and not right_password(person().account, form.password.data or ""):
        form.password.errors = [gettext("The current password is not right: type it again.")]
        return False
    return True


def has_code(form: OwnerForm) -> bool:
    """Whether the form has a code, which is used up by that; what is wrong stands in the form."""
    if not second_factor.verify(_writing(), person().account, form.code.data or "", _key(), now()):
        form.code.errors = [sentence(second_factor.wrong_code())]
        return False
    return True


def _writing() -> Session:
    """A session that writes, in which the account is read again: hashes were made and compared meanwhile."""
    session = writing()
    session.refresh(person().account)
    return session


def _picture(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def _note(kind: str) -> None:
    """In the record of the agency that the person works in; an operator has none."""
    if (agency := person().agency) is not None:
        record(db(), agency.id, kind, actor(), now())
