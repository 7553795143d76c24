"""The long form of ``test_odd_requests``: 25,000 requests, by ``make fuzz``."""

import pytest
from flask import Flask

from tests.admin.access.test_odd_requests import accidents, app  # noqa: F401  (a fixture)
from tests.factories import World
from tracker.settings import Settings
from tracker.store.db import Database


@pytest.mark.parametrize("seed", range(5))
def test_five_thousand_odd_requests(
    app: Flask,  # noqa: F811
    database: Database,
    settings: Settings,
    ours: World,
    theirs: World,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    assert accidents(app, database, settings, ours, theirs, monkeypatch, seed=seed, count=5_000) == []
