"""Error pages: one sentence that says what to do, in the reader's language."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, InternalServerError

from admin.web.context import now
from admin.web.form_recovery import keep_and_redirect, say
from admin.web.formatting import clock_time, sentence
from admin.web.language import PUBLIC, gettext
from admin.web.limits import again_at
from admin.web.public_page import page
from tracker.errors import TrackerError
from tracker.store.db import is_busy

_log = logging.getLogger(__name__)

_WAITED = "X-Waited"
"""Says that worker.js sends a report that waited on the device: it has its words still, and asks for a new token."""
_AGAIN_AFTER_SECONDS = 10
_PLAIN_BUSY = (
    "ระบบมีผู้ใช้งานมากในขณะนี้ ยังไม่ได้บันทึกข้อมูลใด กรุณาลองใหม่ในอีกสักครู่\n"
    "The system is busy just now; nothing was saved. Try again in a moment.\n"
)
_PLAIN = (
    "ระบบขัดข้อง ยังไม่ได้บันทึกข้อมูลใด กรุณาลองใหม่อีกครั้งในอีกสักครู่\n"
    "Something went wrong on our side; nothing was saved. Try again in a moment.\n"
)


def init(app: Flask) -> None:
    """Answers every error with a page of ours."""
    app.register_error_handler(TrackerError, _known)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(DataError, _out_of_range)
    app.register_error_handler(OverflowError, _out_of_range)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _unknown)


def _page(status: int, words: str, field: str | None = None) -> ResponseReturnValue:
    """A public address that no page of it answers for, or whose page failed, has no session for the other frame."""
    say(words, field)
    if request.path.startswith(PUBLIC):
        return page("error.html", status=status, words=words)
    return render_template("web/error.html", status=status, sentence=words), status


def _note_refused(status: int) -> None:
    """What was refused to whom: the account's number, never what was sent."""
    if status == 403:
        who = current_user.account.id if current_user.is_authenticated else None
        _log.warning(
            "refused: %s %s for account %s, from %s", request.method, request.endpoint, who, request.remote_addr
        )


def _known(error: TrackerError) -> ResponseReturnValue:
    _note_refused(error.http_status)
    return _page(error.http_status, sentence(error), error.field)


def _expired(error: CSRFError) -> ResponseReturnValue:
    _log.warning("form without its token (%s) on %s, from %s", error.description, request.endpoint, request.remote_addr)
    if _WAITED in request.headers:
        return Response(status=401)
    return keep_and_redirect() or _page(
        400, gettext("This form was open for too long or in another sign-in: go back, reload it and send again.")
    )


def _too_many(_error: RateLimitExceeded) -> ResponseReturnValue:
    at, address = again_at(), request.remote_addr
    _log.warning("too many tries on %s, from %s", request.endpoint, address)
    if at is None:
        words = gettext("Too many tries in a short time: wait a few minutes, then try again.")
    else:
        words = gettext("Too many tries in a short time: try again from %(time)s on.", time=clock_time(at))
    response = make_response(_page(429, words))
    if at is not None:
        response.headers["Retry-After"] = str(max(1, int((at - now()).total_seconds()) + 1))
    return response


def _out_of_range(error: DataError | OverflowError) -> ResponseReturnValue:
    """A number or a text that the database has no room for: the pages ask for none such."""
    if "session" in g:
        g.session.rollback()
    what = type(error.orig if isinstance(error, DataError) else error).__name__
    _log.warning("out of range (%s): %s %s, from %s", what, request.method, request.endpoint, request.remote_addr)
    status = 422 if request.method == "POST" else 404
    return _page(status, _words(status))


def _busy(error: BaseException) -> ResponseReturnValue:
    _log.warning("the database is busy (%s): %s %s", type(error).__name__, request.method, request.endpoint)
    try:
        if "session" in g:
            g.session.rollback()
        words = gettext("The system is busy just now; nothing was saved. Try again in a moment.")
        response = make_response(_page(503, words))
    except Exception:  # without its database no page knows its reader
        response = Response(_PLAIN_BUSY, 503, mimetype="text/plain")
    response.headers["Retry-After"] = str(_AGAIN_AFTER_SECONDS)
    return response


def _unknown(error: InternalServerError) -> ResponseReturnValue:
    if error.original_exception is not None and is_busy(error.original_exception):
        return _busy(error.original_exception)
    place = request.url_rule or request.path  # the address of a done link or an invitation is a key
    numbers = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    _log.error("%s %s %s failed", request.method, place, numbers, exc_info=error.original_exception)
    try:
        if "session" in g:
            g.session.rollback()
        return _page(500, gettext("Something went wrong on our side; nothing was saved. Try again in a moment."))
    except Exception:  # without its database no page knows its reader
        _log.exception("nor could its page be made")
        return Response(_PLAIN, 500, mimetype="text/plain")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.response
    if status == 413 and (led := keep_and_redirect()):
        return led
    _note_refused(status)
    return _page(status, _words(status))


def _words(status: int) -> str:
    known = {
        400: gettext("The request was not understood: go back and try again."),
        403: gettext("This page is not for your role. If it should be, ask the coordinator."),
        404: gettext("This page does not exist, or you are not allowed to see it."),
        405: gettext("This address does not answer in this way: go back and use the buttons."),
        409: gettext("Somebody changed this in the meantime: reload the page and look again."),
        413: gettext("The files together are too large: send smaller ones or a link."),
        422: gettext("What was sent could not be read: check it and send again."),
    }
    return known.get(status, gettext("This did not work: go back and try again."))
