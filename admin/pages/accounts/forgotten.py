"""ลืมรหัสผ่าน: asking for a link with the e-mail address, and the page behind the link.

The answer to who asks is the same whether the address is known or not, and takes as long: the address is looked up,
and the link sent, after it.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from admin.pages.accounts.auth import account_tried, admit
from admin.pages.accounts.invitation import WRONG_WORDS, ChooseForm, was_wrong
from admin.web.context import Site, db, defers_write_lock, now, site, writing
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.limits import PER_ACCOUNT, PER_ADDRESS, limiter
from admin.web.may import ANYONE, may
from tracker.errors import NotUnderstoodError
from tracker.services.accounts import forgotten
from tracker.services.accounts.accounts import hashed, own_words
from tracker.services.accounts.passwords import SHORTEST

_log = logging.getLogger(__name__)

pages = Blueprint("forgotten", __name__)
sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forgotten password")
"""Looks addresses up and sends links, one after the other."""


class AddressForm(Form):
    email = EmailField(lazy_gettext("E-mail"), [InputRequired(), Length(max=320)])


@pages.get("/sign-in/forgotten")
@may(ANYONE)
def form() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=AddressForm())


@pages.post("/sign-in/forgotten")
@may(ANYONE)
@defers_write_lock
@limiter.limit(PER_ADDRESS)
@limiter.limit(PER_ACCOUNT, key_func=lambda: f"forgotten {account_tried()}")
def ask() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    _log.info("forgotten password: asked from %s", request.remote_addr)
    sender.submit(_send, site(), form.email.data or "", now())
    return render_template("accounts/forgotten.html", asked=form.email.data)


def _send(installation: Site, email: str, at: datetime) -> None:
    try:
        forgotten.send_link(installation.settings, installation.database, email, at)
    except Exception:
        _log.exception("forgotten password: the link was not sent")


@pages.get("/sign-in/password/<key>")
@may(ANYONE)
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def show(key: str) -> ResponseReturnValue:
    return _page(forgotten.opened(db(), site().settings, key, now()).account.email, ChooseForm())


@pages.post("/sign-in/password/<key>")
@may(ANYONE)
@defers_write_lock
@limiter.limit(WRONG_WORDS, deduct_when=was_wrong)
def choose(key: str) -> ResponseReturnValue:
    settings, form = site().settings, ChooseForm()
    email = forgotten.opened(db(), settings, key, now()).account.email
    if not form.validate():
        return _page(email, form), 422
    try:
        chosen = hashed(form.new.data or "", own_words(db(), email))
    except NotUnderstoodError as error:
        form.new.errors = [sentence(error)]
        return _page(email, form), 422
    account = forgotten.choose_password(writing(), settings, key, chosen, now())
    answer = admit(account, None, by="password link")
    flash(gettext("The new password is in force from now on."), "success")
    return answer


def _page(email: str, form: ChooseForm) -> str:
    return render_template("accounts/new_password.html", email=email, form=form, shortest=SHORTEST)
