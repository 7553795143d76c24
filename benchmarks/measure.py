"""Measures work beside its floor, and prints what was found."""

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from sqlalchemy import event

from tracker.store.db import Database

Work = Callable[[], object]
_NAME_WIDTH = 52


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a run measures; the default is what ``make bench`` prints."""

    repeat: int = 3
    copies: int = 100
    divisions: int = 12
    measures: tuple[int, ...] = (6, 60)
    open_tasks: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    due_tasks: int = 500
    mails: int = 500
    page_tasks: tuple[int, ...] = (10_000, 1_000_000)
    requests: int = 640
    connections: tuple[int, ...] = (1, 8)
    memory: bool = True


SMOKE = Scale(
    repeat=1,
    copies=2,
    divisions=2,
    measures=(2,),
    open_tasks=(200,),
    due_tasks=50,
    mails=10,
    page_tasks=(400,),
    requests=4,
    memory=False,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: seconds of the work and of its floor, for ``n`` of what the name says."""

    name: str
    n: int
    work: float
    floor: float
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        return self.work / self.floor


@dataclass(slots=True)
class Best:
    """The shortest of several runs, in seconds: what the work costs while nothing else disturbs it."""

    seconds: float = field(default=float("inf"))

    def run(self, work: Work) -> None:
        gc.collect()
        begun = perf_counter()
        work()
        self.seconds = min(self.seconds, perf_counter() - begun)


def beside(
    name: str, n: int, work: Work, floor: Work, *, repeat: int, before: Work = lambda: None, notes: Iterable[str] = ()
) -> Line:
    """The best of ``repeat`` runs of the work and of its floor, in turn; ``before`` runs unmeasured ahead of each."""
    best, best_floor = Best(), Best()
    for _ in range(repeat):
        before()
        best.run(work)
        before()
        best_floor.run(floor)
    return Line(name, n, best.seconds, best_floor.seconds, tuple(notes))


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """A list that grows by every statement sent to the database; many rows in one statement are one."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def peak_megabytes(work: Callable[..., object], *arguments: object) -> float:
    """The most memory that a fresh process held in which the work ran once; Linux tells, elsewhere it is 0."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_peak_of, work, arguments).result()


def _peak_of(work: Callable[..., object], arguments: tuple[object, ...]) -> float:
    work(*arguments)
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def heading(title: str) -> str:
    """The first lines of a subject's table."""
    return f"\n{title:<{_NAME_WIDTH}}{'n':>10}{'work':>11}{'floor':>11}{'ratio':>8}"


def shown(line: Line) -> str:
    """A line of the table, its notes under it."""
    figures = f"{line.n:>10,}{_time(line.work):>11}{_time(line.floor):>11}{line.ratio:>8.1f}"
    return "\n".join([f"  {line.name:<{_NAME_WIDTH - 2}}{figures}", *(f"      {note}" for note in line.notes)])


def _time(seconds: float) -> str:
    return (
        f"{seconds * 1000:.2f} ms"
        if seconds < 0.1
        else f"{seconds * 1000:.0f} ms"
        if seconds < 10
        else f"{seconds:.1f} s"
    )
