"""What every test may use: fresh databases of both kinds, a fixed settings object, the shared examples."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from admin.translations.catalogues import compile_stale
from tests.line_server import LineServer, running_line
from tests.shared import REPORT, shared
from tests.smtp import Mailserver, running_smtp
from tracker.store import migrate
from tracker.store.db import Database

ROOT = Path(__file__).parent.parent
Fill = Callable[[Database], object]

# the people of the tests sign in with a password alone, but where a test is about the second factor
os.environ["TRACKER_SECOND_FACTOR_REQUIRED"] = "false"

LONGEST_FIRST = (
    "tests/chaos/test_chaos_short.py",
    "tests/admin/web/test_every_form.py",
    "tests/test_up.py",
    "tests/chaos/test_chaos_short_sqlite.py",
    "tests/workers/",
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


@pytest.fixture(scope="session")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fill], Path]:
    """The SQLite file that a function has filled; each function fills one file."""

    @cache
    def filled(fill: Fill) -> Path:
        path = tmp_path_factory.mktemp("filled") / "tracker.sqlite3"
        shutil.copy(migrated_sqlite, path)
        _run(fill, f"sqlite:///{path}")
        return path

    return filled


@pytest.fixture(scope="session")
def filled_postgres(postgres: str) -> Iterator[Callable[[Fill], str]]:
    """The PostgreSQL database that a function has filled, by the name of which it is copied."""
    from tests.postgres import fresh_database  # noqa: PLC0415

    with ExitStack() as stack:

        @cache
        def filled(fill: Fill) -> str:
            url = stack.enter_context(fresh_database(postgres))
            _run(fill, url)
            return str(make_url(url).database)

        yield filled


def _run(fill: Fill, url: str) -> None:
    database = Database(url)
    fill(database)
    database.dispose()


@pytest.fixture
def fill() -> Fill | None:
    """What fills the databases of a module's tests before they are copied; it overrides this, else they are empty."""
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, fill: Fill | None) -> Iterator[str]:
    """The address of a migrated database that is empty or filled, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        source = request.getfixturevalue("filled")(fill) if fill else request.getfixturevalue("migrated_sqlite")
        copy = tmp_path / "tracker.sqlite3"
        shutil.copy(source, copy)
        yield f"sqlite:///{copy}"
        return
    from tests.postgres import fresh_database  # noqa: PLC0415

    template = {"template": request.getfixturevalue("filled_postgres")(fill)} if fill else {}
    with fresh_database(request.getfixturevalue("postgres"), **template) as url:
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
