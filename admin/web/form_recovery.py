"""Nothing that was typed into a form is lost by an error: it is kept for a day, and its page shows it again.

Whatever refused a form of these pages (its own check, an ended sign-in, an old token, a rule, a failure), the answer
leads to an address of the page that the form stood on, which can be reloaded: ``?typed=`` names what is kept. Where
the answer was the page with its errors, that is what is shown; else the page as it is now, filled in, with the
sentence beside its field. Passwords and files are not kept, but files that a form had received come back with it.
"""

import json
import logging
import zlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import Flask, Response, current_app, g, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from admin.web.context import db, now, site, writing
from admin.web.form_filling import (
    HAD_FILES,
    SECRET,
    SEEN,
    Said,
    Sent,
    filled,
    held_form,
    meant,
    shown_apart,
    text_names,
    with_main,
    with_token,
)
from admin.web.language import choose_language, gettext
from admin.web.limits import limiter
from tracker.services import job_state

_log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
_LONGEST = 300_000
"""Characters: more than the fields of a form may hold."""
_LARGEST_ANSWER = 2_000_000
"""Characters of a page: a plan of several hundred rows in its preview."""
_MOST_FORMS = 1_000
_KEEPS = "30 per 15 minutes"
_DRAFTS = "drafts"
"""The cookie that names what was saved."""
_LONGEST_KEY, _LONGEST_COOKIE = 300, 2_000
_AS_IT_IS = (429, 503)
"""Answers to wait for, which say so themselves."""
_NO_PAGES = ("line_webhook", "public")
"""Without a page that a form leads back to: the public ones keep nothing of their readers, not even a session."""


def init(app: Flask) -> None:
    """Leads on from a refused form, and fills the page in to which that leads; once the request's own work is over."""
    app.after_request(_lead_on)


def keep_and_redirect() -> ResponseReturnValue | None:
    """The way to the filled page for the form of this request; None where it is none of our pages'."""
    page = _page_of_form()
    if request.method != "POST" or page is None or not _is_from_our_page():
        return None
    try:
        with limiter.limit(_KEEPS):
            token = _keep(writing(), words=[])
    except RateLimitExceeded:
        return None
    except RequestEntityTooLarge:  # a stranger's photos are not read, nor the words among them: a draft may have those
        return None if current_user.is_authenticated else redirect(page)
    return redirect(_typed_address(page, token)) if token else None


def typed_before(endpoint: str) -> MultiDict[str, str] | None:
    """What was typed into the form of this name, where the address says so (``?typed=``) and it is still kept."""
    kept = _kept()
    return MultiDict(kept["values"]) if kept is not None and kept["form"] == endpoint else None


def keep_typed(endpoint: str, values: Iterable[tuple[str, str]]) -> str | None:
    """The token by which a page shows itself what could not be saved (``?typed=``); None where it is too much."""
    return _put(writing(), endpoint, values, {"path": None})


def say(words: str, field: str | None = None) -> str:
    """Notes the sentence with which this request is refused, and the field that it is about; gives it back."""
    g.refused = (words, field)
    return words


def _lead_on(response: Response) -> Response:
    try:
        if request.method == "POST":
            return _tell_saved(_refused(response))
        if request.method == "GET" and "typed" in request.args and response.mimetype == "text/html":
            return _filled(response)
    except SQLAlchemyError:
        _log.exception("what was typed into %s could not be kept or shown", request.endpoint)
    return response


def _refused(response: Response) -> Response:
    """Leads from a refused form to its page; every other answer as it is."""
    words, field = _why(response)
    answer = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    page = _page_of_form()
    if (response.status_code < 400 and not words and response.status_code != 200) or not answer or page is None:
        return response
    if response.status_code in _AS_IT_IS or request.blueprint in _NO_PAGES or not _is_from_our_page():
        return response
    with suppress(RateLimitExceeded, RequestEntityTooLarge):
        wrong = ({field: words} if field and words else {}) if response.status_code != 200 else None
        main = held_form(answer, _sent(), wrong) if len(answer) < _LARGEST_ANSWER else None
        if response.status_code == 200 and main is None:
            return response
        with limiter.limit(_KEEPS):
            token = _keep(writing(), words=[words] if words else [], field=field, main=main)
        db().commit()
        if token:
            cookie.pop("_flashes", None)  # it is said beside the form
            return current_app.make_response(redirect(f"{_typed_address(page, token)}#typed", 303))
    return response


def _why(response: Response) -> tuple[str | None, str | None]:
    """The sentence with which the form was refused and the field that it is about, as far as they were said.

    A page that leads on with an error to be shown there has refused it too.
    """
    if response.status_code == 302 and any(kind == "error" for kind, _ in cookie.get("_flashes", ())):
        told = [words for kind, words in cookie["_flashes"] if kind == "error"]
        return " ".join(told), None
    found: tuple[str | None, str | None] = g.get("refused", (None, None))
    return found


def _tell_saved(response: Response) -> Response:
    """Tells the device, in a cookie that its scripts read, which form's draft it needs no more (drafts.js)."""
    led = response.headers.get("Location", "")
    if response.status_code >= 400 or request.blueprint in _NO_PAGES:
        return response
    try:
        key = request.form.get("draft", "")
    except RequestEntityTooLarge:
        return response
    if not key or len(key) > _LONGEST_KEY:
        return response
    if "typed=" in led or led.startswith("/sign-in") or not _is_from_our_page():
        return response
    told = request.cookies.get(_DRAFTS, "")
    keys = [*(unquote(told).split("\n") if told and len(told) < _LONGEST_COOKIE else []), key]
    response.set_cookie(_DRAFTS, quote("\n".join(keys)), max_age=600, samesite="Lax", secure=request.is_secure)
    return response


def _filled(response: Response) -> Response:
    """The page with the form as it was sent; with the words alone where the form is there no more."""
    kept, page = _kept(), response.get_data(as_text=True)
    if kept is None or kept["path"] is None:  # the page shows it itself
        return response
    sent = Sent(kept["path"], tuple((name, value) for name, value in kept["values"]))
    main = _kept_main() if response.status_code == 200 and kept["language"] == choose_language() else None
    if main is not None:
        response.set_data(with_main(page, with_token(main, generate_csrf())))
        return response
    said = _said(kept, page, sent)
    shown = filled(page, request.path, sent, said)
    if shown is None:
        words = [value for name, value in sent.values if name not in SECRET and any(mark.isalpha() for mark in value)]
        shown = shown_apart(page, gettext("What you typed"), words) if words else page
    response.set_data(shown)
    return response


def _said(kept: dict[str, Any], page: str, sent: Sent) -> Said:
    """The sentence beside the field that it is about, which is the only one, or the one that it quotes; else on top."""
    here = gettext("What you typed is all here: look it over and save again.")
    if HAD_FILES in sent.names:
        here += " " + gettext("Only the photos and files must be chosen again.")
    heading = gettext("What you typed")
    if not kept["words"]:
        return Said([here], heading=heading)
    sentence = " ".join(kept["words"])
    named = kept["field"] or meant(text_names(page, request.path, sent), sent, sentence)
    if named is None:
        return Said([sentence, here], alarming=True, heading=heading)
    return Said([here], errors={named: sentence}, heading=heading)


def _is_from_our_page() -> bool:
    """Whether a page of ours was open: nobody else fills our forms in by sending people here."""
    came_from = urlsplit(request.headers.get("Origin", "")).netloc
    return came_from in (request.host, urlsplit(site().settings.base_url).netloc)


def _page_of_form() -> str | None:
    """The address of the page that the form stood on: the one that was open, else the nearest above the form's own."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc == request.host and (path := _readable(referer.path)):
        query = urlencode([(name, value) for name, value in parse_qsl(referer.query) if name != "typed"])
        return f"{path}?{query}" if query else path
    parts = request.path.rstrip("/").split("/")
    above = ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next((path for one in above if (path := _readable(one) or _readable(f"{one}/"))), None)


def _readable(path: str) -> str | None:
    """The path where a page of ours answers at it."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or path.startswith("//"):
        return None
    try:
        adapter.match(path, "GET")
    except RequestRedirect as led:
        return urlsplit(led.new_url).path
    except HTTPException:
        return None
    return path


def _typed_address(page: str, token: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}typed={token}"


def _sent() -> Sent:
    values = [(name, text) for name, text in request.form.items(multi=True) if name not in SECRET]
    if "stands" in g:
        values = [(name, g.stands if name == SEEN else text) for name, text in values]
    return Sent(request.path, tuple(values))


def _keep(session: Session, *, words: list[str], field: str | None = None, main: str | None = None) -> str | None:
    values = list(_sent().values)
    if any(upload.filename for upload in request.files.values()):
        values.append((HAD_FILES, "yes"))
    more = {"path": request.path, "words": words, "field": field}
    return _put(session, request.endpoint or "", values, more, zlib.compress(main.encode()) if main else None)


def _put(
    session: Session,
    endpoint: str,
    values: Iterable[tuple[str, str]],
    more: dict[str, Any],
    content: bytes | None = None,
) -> str | None:
    typed = more | {
        "form": endpoint,
        "values": [list(pair) for pair in values],
        "account": current_user.account.id if current_user.is_authenticated else None,
        "language": choose_language(),
    }
    if len(json.dumps(typed, ensure_ascii=False)) > _LONGEST:
        return None
    job_state.keep_latest(session, "form", _MOST_FORMS - 1)
    return job_state.put(session, "form", typed, at=now(), kept_for=KEPT, content=content)


def _kept() -> dict[str, Any] | None:
    """What the address says was typed: to whoever typed it, where that is known."""
    token = request.args.get("typed", "")
    kept = job_state.get(db(), "form", token, now()) if token else None
    if kept is None:
        return None
    owner = kept.value["account"]
    mine = owner is None or (current_user.is_authenticated and current_user.account.id == owner)
    return kept.value if mine else None


def _kept_main() -> str | None:
    kept = job_state.get(db(), "form", request.args.get("typed", ""), now())
    return zlib.decompress(kept.content).decode() if kept is not None and kept.content else None
