"""What every page reaches: the installation's settings, database and files, and one database session per request."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from tracker import clock
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_KEY = "tracker"
_DEFERS_WRITE_LOCK = "defers_write_lock"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Site:
    """One installation, as its web process knows it."""

    settings: Settings
    database: Database
    evidence: EvidenceStore


def site() -> Site:
    """The installation that this request is served for."""
    return cast(Site, current_app.extensions[_KEY])


def now() -> datetime:
    """The instant at which this request is handled."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def today() -> date:
    """The local day on which this request is handled."""
    return clock.local(now(), site().settings.zone).date()


def db() -> Session:
    """The request's session, begun at its first use: it reads, and once ``writing`` was called it writes."""
    if "session" not in g:
        if request.method not in SAFE_METHODS:
            with suppress(RequestEntityTooLarge):  # a slow upload is read to its end before any transaction begins
                _ = request.form
        g.session = site().database.session(writing=False)
    if g.pop("will_write", False):
        return writing()
    return cast(Session, g.session)


def writing() -> Session:
    """As ``db``; from here on the session writes, and its next query waits until no other one does.

    What was read before stays as it was read: what decides is to be read again, as the services do that change tasks.
    """
    session = db()
    if not g.get("writes"):
        session.commit()
        session.bind = site().database.writing_engine
        g.writes = True
    return session


def end_read_transaction() -> None:
    """Ends the request's transaction, in which nothing was changed yet, before work that takes its time.

    The next query begins another one. What was read in one that writes must be read again.
    """
    if "session" in g:
        if g.get("writes"):
            g.session.rollback()
        else:
            g.session.commit()


def defers_write_lock(view: View) -> View:
    """Marks a view that changes something, but calls ``writing`` itself, when it knows what to change."""
    setattr(view, _DEFERS_WRITE_LOCK, True)
    return view


def lock_for_writing() -> None:
    """Before every request: all that a view reads which changes something, it reads while nobody else writes."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in SAFE_METHODS and not getattr(view, _DEFERS_WRITE_LOCK, False):
        g.will_write = True


def init(app: Flask, installation: Site) -> None:
    """Hangs the installation on the application; a request's changes are committed before its response leaves."""
    app.extensions[_KEY] = installation
    app.after_request(_end_well)
    app.teardown_appcontext(_close)


def _end_well(response: Response) -> Response:
    session = g.get("session")
    if session is not None:
        if response.status_code < 400:
            session.commit()
        else:
            session.rollback()
    return response


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
