"""The power goes while people tick: what was answered "saved" is there, with its file and its event (docs/adr/0018)."""

import atexit
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import mkdtemp

import psutil
import pytest
from sqlalchemy import select

from tests.chaos.faults import Fate, fork
from tests.chaos.power import disk
from tests.chaos.processes import Postgres, Sqlite
from tests.chaos.province import Act, found, perform
from tracker.models import Completion, ProgressNote
from tracker.services.reports.record_check import record_problems
from tracker.settings import Settings, load
from tracker.store.db import Database, open_database
from tracker.store.storage import open_store

CUTS = 40
AGENCIES = 3
MOST_STATEMENTS = 900
SEED = int(os.environ.get("POWER_SEED", "2570"))
_FISCAL_YEAR = 2570


class DyingPostgres(Postgres):
    """A server that the power cut ends, and that starts again from what is left."""

    def die(self) -> None:
        server = psutil.Process(self._server.get_pid())
        family = [server, *server.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """The package's own list of who uses the server does not outlive a power cut."""
        self.die()
        atexit.unregister(self._server._cleanup)


class DyingSqlite(Sqlite):
    """A file, which has no server."""

    def die(self) -> None:
        """Nobody to end."""

    def start(self) -> None:
        """Nobody to start."""


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", [DyingSqlite, DyingPostgres])
def test_a_power_cut_takes_nothing_that_was_answered(kind: type[DyingSqlite] | type[DyingPostgres]) -> None:
    dice, problems = random.Random(SEED), []  # noqa: S311
    with disk(Path(mkdtemp(prefix="tracker-power-"))) as own:
        home = own.root / "database"
        home.mkdir()
        server = kind(home)
        settings = load().model_copy(
            update={"data_dir": own.root / "data", "database_url": server.url, "redis_url": None, "disk_low_mb": 0}
        )
        database = open_database(settings)
        province = found(database, settings, _FISCAL_YEAR, AGENCIES)
        days = [
            (day, replace(act, photo=act.kind == "tick")) for day in sorted(province.acts) for act in province.acts[day]
        ]
        answered: dict[int, Act] = {}
        for _ in range(CUTS):
            waiting = [(day, act) for day, act in days if act.number not in answered]
            work = _working(settings, waiting)
            done, _ = fork(work, database, Fate(dies_at=dice.randint(1, MOST_STATEMENTS))).end()
            answered |= {act.number: act for _, act in waiting if act.number in done}
            server.die()
            own.cut()
            server.start()
            problems += _problems(database, settings, province.agencies, answered)
            database.dispose()
        server.stop()
    print(f"\n{kind.__name__}, seed {SEED}: {CUTS} power cuts, {len(answered)} acts answered", *problems, sep="\n")  # noqa: T201
    assert not problems
    assert len(answered) > CUTS


def _working(settings: Settings, acts: list[tuple[date, Act]]) -> Callable[[Database, Callable[[int], None]], None]:
    def work(database: Database, answered: Callable[[int], None]) -> None:
        for day, act in acts:
            at = datetime.combine(day, time(14), settings.zone).astimezone(UTC)
            perform(database, settings, act, at)
            answered(act.number)

    return work


def _problems(database: Database, settings: Settings, agencies: list[int], answered: dict[int, Act]) -> Iterator[str]:
    store = open_store(settings)
    with database.reading() as session:
        ticked = set(session.scalars(select(Completion.task_id)))
        noted = set(session.scalars(select(ProgressNote.task_id)))
        for act in answered.values():
            if (act.kind == "tick" and act.task not in ticked) or (act.kind == "note" and act.task not in noted):
                yield f"act {act.number} ({act.kind} of task {act.task}) was answered and is gone"
        for agency in agencies:
            yield from (f"agency {agency}: {one}" for one in record_problems(session, agency, database.witness, store))
