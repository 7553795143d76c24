"""Sign-in and sign-out: argon2, a second factor where there is one, rate limited, back to an address of ours alone."""

import logging
from datetime import timedelta

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user, logout_user
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from admin.web import known_devices
from admin.web.context import db, lock_for_writing, now, site
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import login_manager, note_seen, sign_in
from admin.web.language import LANGUAGES
from admin.web.limits import PER_ACCOUNT, PER_ADDRESS, failed, limiter
from admin.web.may import ANYONE, may
from admin.web.same_site import same_site
from tracker.models import Account
from tracker.services.accounts import second_factor, sessions
from tracker.services.accounts.accounts import authenticate, fold_email
from tracker.services.organisation.founding import is_new_installation
from tracker.settings import secret_key

_log = logging.getLogger(__name__)

pages = Blueprint("sign_in", __name__)

CODE_WITHIN = timedelta(minutes=10)
_HALF = "half"
WITHOUT_FACTOR = (
    "sign_in",
    "provider",
    "second_factor",
    "done_link",
    "invitation",
    "set_up",
    "forgotten",
    "line_webhook",
    "public",
)
"""Blueprints that answer also one who has yet to set up a required second factor; and static files."""


class SignInForm(Form):
    email = StringField(lazy_gettext("E-mail or telephone number"), [InputRequired()])
    password = PasswordField(lazy_gettext("Password"), [InputRequired()])


class CodeForm(Form):
    code = StringField(
        lazy_gettext("Code from the app, or a recovery code"), [InputRequired(lazy_gettext("Type the code."))]
    )


def account_tried() -> str:
    """The counter of tries for the address that was typed: a device that has signed in with it counts for itself."""
    address = fold_email(request.form.get("email", ""))[:320]
    return known_devices.counter(address) or f"account {address}"


@pages.get("/sign-in")
@may(ANYONE)
def form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(same_site(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm(), is_new=is_new_installation(db()))


@pages.post("/sign-in")
@may(ANYONE)
@limiter.limit(PER_ADDRESS, deduct_when=failed)
@limiter.limit(PER_ACCOUNT, key_func=account_tried, deduct_when=failed)
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    with site().database.reading() as session:  # no write lock while the password is hashed
        account = authenticate(session, form.email.data or "", form.password.data or "")
    if account is None:
        _log.warning("sign-in refused: wrong password or unknown address, from %s", request.remote_addr)
        return render_template("accounts/sign_in.html", form=form, wrong=True), 401
    return admit(account, request.args.get("next"), by="password")


def admit(account: Account, target: str | None, *, by: str) -> ResponseReturnValue:
    """Signs in one who proved to own the account, after the second factor's code where there is one."""
    if account.factor_since is not None:
        cookie[_HALF] = {"account": account.id, "key": account.session_key, "at": now().timestamp(), "by": by}
        return redirect(url_for("sign_in.code_form", next=target))
    sign_in(account, by=by)
    return redirect(same_site(target))


@pages.get("/sign-in/code")
@may(ANYONE)
def code_form() -> ResponseReturnValue:
    if _half_signed_in() is None:
        return redirect(url_for("sign_in.form", next=request.args.get("next")))
    return render_template("accounts/sign_in_code.html", form=CodeForm())


@pages.post("/sign-in/code")
@may(ANYONE)
@limiter.limit(PER_ADDRESS, deduct_when=failed)
@limiter.limit(PER_ACCOUNT, key_func=lambda: f"code {cookie.get(_HALF, {}).get('account')}", deduct_when=failed)
def enter_code() -> ResponseReturnValue:
    form, account = CodeForm(), _half_signed_in()
    if account is None:
        return redirect(url_for("sign_in.form", next=request.args.get("next")))
    if not form.validate():
        return render_template("accounts/sign_in_code.html", form=form), 422
    if not second_factor.verify(db(), account, form.code.data or "", secret_key(site().settings), now()):
        _log.warning("sign-in refused: wrong code for account %s, from %s", account.id, request.remote_addr)
        form.code.errors = [sentence(second_factor.wrong_code())]
        return render_template("accounts/sign_in_code.html", form=form), 401
    sign_in(account, by=f"{cookie[_HALF].get('by', 'password')} and code")
    return redirect(same_site(request.args.get("next")))


def _half_signed_in() -> Account | None:
    """Whose password was right a moment ago in this browser."""
    half = cookie.get(_HALF)
    if not half or now().timestamp() - half["at"] > CODE_WITHIN.total_seconds():
        return None
    account = db().get(Account, half["account"])
    return account if account and account.session_key == half["key"] else None


@pages.post("/sign-out")
@may(ANYONE)
def leave() -> ResponseReturnValue:
    if current_user.is_authenticated:
        sessions.end(db(), current_user.account, current_user.signed_in_id)
        _log.info("signed out: account %s, from %s", current_user.account.id, request.remote_addr)
    logout_user()
    cookie.clear()
    return redirect(url_for("sign_in.form"))


@may(ANYONE)
def choose_language() -> ResponseReturnValue:
    """Changes the language of the account, or of this browser for a stranger."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        cookie["language"] = chosen
        if current_user.is_authenticated:
            current_user.account.language = chosen
    return redirect(same_site(request.form.get("next")))


def ask_for_own_secrets() -> ResponseReturnValue | None:
    """Leads those whose password somebody else knows to their account, until they have chosen their own.

    Then those who must have a second factor to its page, until it is set up.
    """
    is_open = request.endpoint in (None, "static", "admin.static", "healthz", "livez", "readyz", "metrics", "language")
    if is_open or request.blueprint in WITHOUT_FACTOR or not current_user.is_authenticated:
        return None
    if current_user.owes_password:
        return None if request.blueprint == "account" else redirect(url_for("account.index"))
    return redirect(url_for("second_factor.index")) if current_user.owes_factor else None


def init(app: Flask) -> None:
    """Sign-in for the application."""
    login_manager.init_app(app)
    app.before_request(ask_for_own_secrets)
    app.before_request(lock_for_writing)  # once it is known who asks
    app.after_request(note_seen)
    app.register_blueprint(pages)
    app.add_url_rule("/language", "language", choose_language, methods=["POST"])
