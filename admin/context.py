"""What every page reaches: the installation's settings, database and files, and one database session per request."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from tracker import clock
from tracker.db import Database
from tracker.settings import Settings
from tracker.storage import EvidenceStore

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_KEY = "tracker"


@dataclass(frozen=True)
class Site:
    """One installation, as its web process knows it."""

    settings: Settings
    database: Database
    evidence: EvidenceStore

    @property
    def uploads(self) -> Path:
        """Where an uploaded plan waits for its confirmation."""
        return self.settings.data_dir / "uploads"


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
    """The request's session: reading for GET, writing otherwise; begun at its first use."""
    if "session" not in g:
        writing = request.method not in _SAFE_METHODS
        if writing:
            with suppress(RequestEntityTooLarge):  # a slow upload is read to its end before the write lock is taken
                _ = request.form
        g.session = site().database.session(writing=writing)
    return cast(Session, g.session)


def let_go() -> None:
    """Ends the request's transaction, in which nothing was changed yet, before work that takes its time.

    The next query begins another one: what was read before must be read again.
    """
    if "session" in g:
        g.session.rollback()


def writing() -> Session:
    """As ``db``, for the one kind of GET that must write: somebody comes back from a sign-in provider."""
    _close(None)
    g.session = site().database.session(writing=True)
    return cast(Session, g.session)


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
