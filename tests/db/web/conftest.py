"""A coordinator's browser without scripts, on either database."""

from pathlib import Path

import pytest

from admin.app import create_app
from tests.admin.conftest import Visitor
from tests.factories import World, build_world
from tracker.settings import Settings
from tracker.store.db import Database


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        return build_world(session)


@pytest.fixture
def coordinator(database: Database, world: World, tmp_path: Path) -> Visitor:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", secret_key="only for the tests of the pages")
    app = create_app(settings, database)
    app.testing = True
    visitor = Visitor(app.test_client())
    visitor.sign_in(world.email("coordinator"))
    return visitor
