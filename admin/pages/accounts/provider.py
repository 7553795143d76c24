"""Sign-in at an OpenID Connect provider: the way there, and the way back."""

import logging

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from admin.pages.accounts.auth import CODE_WITHIN, SignInForm, admit
from admin.web.context import now, site, writing
from admin.web.formatting import sentence
from admin.web.limits import PER_ADDRESS, failed, limiter
from admin.web.may import ANYONE, may
from admin.web.same_site import same_site
from tracker.errors import ForbiddenError, NotFoundError, TrackerError
from tracker.services.accounts import oidc
from tracker.services.accounts.provider_sign_in import account_of
from tracker.settings import Settings

_log = logging.getLogger(__name__)
_ASKED = "provider"

pages = Blueprint("provider", __name__)


@pages.get("/sign-in/oidc")
@may(ANYONE)
@limiter.limit(PER_ADDRESS)
def begin() -> ResponseReturnValue:
    """Leads to the provider; a link, because the policy lets forms lead nowhere else."""
    _must_be_set_up()
    target = request.args.get("next")
    if current_user.is_authenticated:
        return redirect(same_site(target))
    try:
        address, asked = oidc.begin(site().settings)
    except TrackerError as error:
        return _refused(error)
    cookie[_ASKED] = {
        "state": asked.state,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "next": target,
        "at": now().timestamp(),
    }
    return redirect(address)


@pages.get("/sign-in/oidc/back")
@may(ANYONE)
@limiter.limit(PER_ADDRESS, deduct_when=failed)
def back() -> ResponseReturnValue:
    """Where the provider sends people back to."""
    _must_be_set_up()
    begun = cookie.pop(_ASKED, None)
    if not begun or now().timestamp() - begun["at"] > CODE_WITHIN.total_seconds():
        return redirect(url_for("sign_in.form"))
    asked = oidc.Asked(begun["state"], begun["nonce"], begun["verifier"])
    try:
        identity = oidc.finish(site().settings, asked, request.args.to_dict(), now())
        account = account_of(writing(), identity, now())
    except TrackerError as error:
        return _refused(error)
    return admit(account, begun["next"], by="provider")


def _must_be_set_up() -> None:
    if not site().settings.oidc_configured:
        raise NotFoundError("There is no sign-in provider here.", "ระบบนี้ไม่ได้ใช้ผู้ให้บริการยืนยันตัวตน")


def _refused(error: TrackerError) -> ResponseReturnValue:
    reason = error.__cause__ or error
    _log.warning("sign-in by provider refused: %s, from %s", type(reason).__name__, request.remote_addr)
    status = 401 if isinstance(error, ForbiddenError) else error.http_status
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None), refused=sentence(error)), status


def init(app: Flask, settings: Settings) -> None:
    """The provider's routes, which answer 404 where none is set up; the sign-in page shows its button."""
    app.register_blueprint(pages)
    app.jinja_env.globals["provider_label"] = settings.oidc_label if settings.oidc_configured else None
