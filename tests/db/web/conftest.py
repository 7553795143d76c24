"""A coordinator's browser without scripts, on either database."""

from pathlib import Path

import pytest

from tests.admin.conftest import Visitor
from tests.factories import World, build_world
from tests.lent_app import lent_app
from tracker.settings import Settings
from tracker.store.db import Database


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        return build_world(session)


@pytest.fixture
def coordinator(database: Database, world: World, tmp_path: Path) -> Visitor:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", secret_key="only for the tests of the pages")
    visitor = Visitor(lent_app(settings, database).test_client())
    visitor.sign_in(world.email("coordinator"))
    return visitor
