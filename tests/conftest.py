"""What every test may use: fresh databases of both kinds, a fixed settings object, the shared examples."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from admin.translations.catalogues import compile_stale
from tests.line_server import LineServer, running_line
from tests.shared import REPORT, shared
from tests.smtp import Mailserver, running_smtp
from tracker.store import migrate
from tracker.store.db import Database

ROOT = Path(__file__).parent.parent

# the people of the tests sign in with a password alone, but where a test is about the second factor
os.environ["TRACKER_SECOND_FACTOR_REQUIRED"] = "false"

LONGEST_FIRST = (
    "tests/chaos/test_chaos_short.py",
    "tests/admin/web/test_every_form.py",
    "tests/test_up.py",
    "tests/chaos/test_chaos_short_sqlite.py",
    "tests/browser/",
    "tests/readers/",
)
"""Files and folders that begin before all others, so that at the end of a run no processor waits for them."""

compile_stale()

# a busy machine is no failure of a property; in CI hypothesis keeps its own fixed examples
settings.register_profile("tracker", parent=settings.default, deadline=None)
settings.load_profile("tracker")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next(
            (place for place, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path)), len(LONGEST_FIRST)
        )

    items.sort(key=place)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration applied once; tests copy it."""
    path = tmp_path_factory.mktemp("migrated") / "tracker.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server that lives as long as the test run.

    Its folder is not pytest's: a second run of pytest closes that one to the server, another user where we are root.
    """
    from tests.postgres import running_postgres  # noqa: PLC0415  (only database tests need the server)

    with TemporaryDirectory(prefix="tracker-postgres-") as folder, running_postgres(Path(folder)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "tracker.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), copy)
        yield f"sqlite:///{copy}"
        return
    from tests.postgres import fresh_database  # noqa: PLC0415

    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database."""
    copy = tmp_path / "tracker.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def seed() -> bytes:
    """The real report of the shared folder."""
    return shared(REPORT).read_bytes()


@pytest.fixture
def smtp() -> Iterator[Mailserver]:
    """A real SMTP server that keeps what it takes."""
    with running_smtp() as server:
        yield server


@pytest.fixture
def line() -> Iterator[LineServer]:
    """A LINE of our own, which holds every request against LINE's API description."""
    with running_line() as server:
        yield server
