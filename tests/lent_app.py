"""The web application, made once and lent to one test after another: its making takes longer than most tests."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from flask import Flask

from admin.app import create_app
from admin.web import context
from admin.web.limits import limiter
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore


@dataclass(frozen=True)
class _Made:
    """An application with what it was made from and what a test may have changed of it."""

    app: Flask
    settings: dict[str, Any]
    config: dict[str, Any]
    limiter: dict[str, Any]


_MADE: deque[_Made] = deque(maxlen=3)


def lent_app(settings: Settings, database: Database) -> Flask:
    """The application on this database, as it was when it was made; it takes no further routes.

    Only applications whose settings differ in nothing but the data folder are one and the same.
    """
    made = _made_from(settings) or _make(settings, database)
    made.app.config.clear()
    made.app.config.update(made.config)
    evidence = EvidenceStore(settings.data_dir / "evidence", settings.upload_limit_mb * 2**20)
    made.app.extensions["tracker"] = context.Site(settings, database, evidence)
    vars(limiter).update(made.limiter)  # there is one for all applications: that of the last one made
    limiter.reset()
    return made.app


def _apart_from_folder(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(exclude={"data_dir", "database_url"})


def _made_from(settings: Settings) -> _Made | None:
    wanted = _apart_from_folder(settings)
    return next((made for made in _MADE if settings.secret_key and made.settings == wanted), None)


def _make(settings: Settings, database: Database) -> _Made:
    app = create_app(settings, database)
    app.testing = True
    made = _Made(app, _apart_from_folder(settings), dict(app.config), dict(vars(limiter)))
    _MADE.append(made)
    return made
