"""The installation with LINE's stand-in, an agency, a task, and its linked head."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.db.line.installation import HEAD, KEY, OTHER, Line
from tests.line_content import SECRET, TalkServer, running_talk
from tests.line_server import TOKEN
from tests.office import Office, add_task, make_office, settings
from tracker.store.db import Database


@pytest.fixture
def talk() -> Iterator[TalkServer]:
    with running_talk() as server:
        server.names = {HEAD: "พี่เล็ก", OTHER: "คนอื่น"}
        yield server


@pytest.fixture
def office(database: Database) -> Office:
    return make_office(database)


@pytest.fixture
def make_line(database: Database, talk: TalkServer, tmp_path: Path) -> Callable[..., Line]:
    def make(**more: Any) -> Line:
        set_up = settings(
            line_channel_access_token=TOKEN,
            line_channel_secret=SECRET,
            line_api_base=talk.url,
            line_data_api_base=talk.url,
            secret_key=KEY,
            data_dir=tmp_path / "data",
            **more,
        )
        return Line(database, set_up, talk)

    return make


@pytest.fixture
def line(make_line: Callable[..., Line]) -> Line:
    return make_line()


@pytest.fixture
def task(database: Database, office: Office) -> int:
    return add_task(database, office, date(2023, 6, 30))


@pytest.fixture
def linked(line: Line, office: Office) -> Line:
    """The head of กองคลัง is linked."""
    line.link(HEAD, office.members["head1"])
    return line
