"""The thread of a web worker that watches the sweeps: tells the operator, and outlives accidents."""

import threading
from datetime import timedelta

import pytest
from pydantic import SecretStr

from admin.web import watchdog_thread as watch
from admin.web.context import Site
from tests.admin.conftest import NOON
from tests.smtp import running_smtp
from tracker.models import Alarm
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

PATIENCE = 20.0


def test_the_thread_tells_the_operator_and_outlives_accidents(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looked = watch.watch, threading.Semaphore(0)
    accidents = iter([RuntimeError("the database is away"), None, None])

    def look(*arguments: object) -> object:
        accident = next(accidents, None)
        try:
            if accident:
                raise accident
            return real(*arguments)  # type: ignore[arg-type]
        finally:
            looked.release()

    monkeypatch.setattr(watch, "watch", look)
    monkeypatch.setattr(watch, "LONGEST_WAIT", 0.01)
    with database.writing() as session:
        session.add(Alarm(name="sweep", watched_from=NOON - timedelta(hours=2)))
    with running_smtp() as smtp:
        asked = settings.model_copy(update={"smtp_url": SecretStr(smtp.url), "operator_email": "operator@host.example"})
        stop = watch.start(Site(asked, database, EvidenceStore(settings.data_dir, 1)))
        assert all(looked.acquire(timeout=PATIENCE) for _ in range(4))
        stop.set()
        assert smtp.recipients == ["operator@host.example"]
