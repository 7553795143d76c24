"""Sign-in and sign-out: argon2, rate limited, back to an address of ours and to no other."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from admin.context import site
from admin.forms import Form
from admin.people import Person, login_manager
from admin.wording import LANGUAGES
from tracker.embedded_redis import embedded_url
from tracker.services.accounts import authenticate, fold_email
from tracker.settings import Settings

limiter = Limiter(key_func=get_remote_address, strategy="fixed-window")
pages = Blueprint("sign_in", __name__)

_QUICK = {"socket_timeout": 1, "socket_connect_timeout": 1}
"""A counter that does not answer is left for the one in memory, before people notice."""
PER_ADDRESS = "30 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"


class SignInForm(Form):
    email = EmailField(lazy_gettext("E-mail"), [InputRequired()])
    password = PasswordField(lazy_gettext("Password"), [InputRequired()])


def _account_tried() -> str:
    return f"account {fold_email(request.form.get('email', ''))[:320]}"


def _failed(response: object) -> bool:
    return getattr(response, "status_code", 200) in (401, 422)


@pages.get("/sign-in")
def form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(same_site(request.args.get("next")))
    return render_template("sign_in.html", form=SignInForm())


@pages.post("/sign-in")
@limiter.limit(PER_ADDRESS, deduct_when=_failed)
@limiter.limit(PER_ACCOUNT, key_func=_account_tried, deduct_when=_failed)
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("sign_in.html", form=form), 422
    with site().database.reading() as session:  # no write lock while the password is hashed
        account = authenticate(session, form.email.data or "", form.password.data or "")
    if account is None:
        return render_template("sign_in.html", form=form, wrong=True), 401
    cookie.clear()
    login_user(Person(account))
    cookie.permanent = True
    return redirect(same_site(request.args.get("next")))


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    logout_user()
    cookie.clear()
    return redirect(url_for("sign_in.form"))


def same_site(target: str | None) -> str:
    """The target where it is a path of ours, else the first page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("home")
    if any(ord(mark) < 32 or mark == "\\" for mark in target) or urlsplit(target).netloc:
        return url_for("home")
    return target


def choose_language() -> ResponseReturnValue:
    """Changes the language of the account, or of this browser for a stranger."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        cookie["language"] = chosen
        if current_user.is_authenticated:
            current_user.account.language = chosen
    return redirect(same_site(request.form.get("next")))


def init(app: Flask, settings: Settings) -> None:
    """Sign-in for the application; the counters lie in Redis where there is one, else in this process."""
    app.config.update(
        RATELIMIT_STORAGE_URI=_storage(settings.redis_url or embedded_url(settings.data_dir)),
        RATELIMIT_STORAGE_OPTIONS=_QUICK if settings.redis_url or embedded_url(settings.data_dir) else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)
    login_manager.init_app(app)
    app.register_blueprint(pages)
    app.add_url_rule("/language", "language", choose_language, methods=["POST"])


def _storage(redis_url: str | None) -> str:
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1)
