"""A fiscal year of a province under faults, beside the same year without any: ``make soak``.

Each look of a worker and each afternoon of people is a process of its own that the dice may kill at any statement, on a
simulated clock; the mail server and LINE are processes that have bad days. The calm year, from the same seed, says who
must hear of what.
"""

import time as wall
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import exp, log
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import select

from tests.chaos.faults import CALM, End, Fate, Work, fork, here
from tests.chaos.processes import Postgres, Sqlite, fleet
from tests.chaos.province import Act, Province, found, perform
from tests.chaos.servers import read_log
from tests.line_server import TOKEN
from tracker.clock import local
from tracker.kinds import DeliveryState
from tracker.models import Delivery, Digest, Reminder
from tracker.reminders.drafts import draft_rounds
from tracker.reminders.plan_announcements import announce_plans
from tracker.reminders.queries import agencies_due
from tracker.reminders.remind import sweep_and_deliver
from tracker.reminders.sweep import sweep
from tracker.settings import Settings, load
from tracker.store.db import Database, open_database
from tracker.thai.calendar import fiscal_year_end, fiscal_year_start

LOOKS = (time(8, 40), time(10, 10), time(11, 50), time(13, 30), time(15, 10))
"""Of a worker; in the product they come every ten minutes, which makes catching up only quicker."""
PEOPLE_AT = time(14)
PRESSES = 4
"""Of one who sees no answer, on one day."""
GOES_ON = timedelta(days=30)
"""After the year: the second round is closed."""
CLOCK_AHEAD = timedelta(days=40)
_FISCAL_YEAR = 2570


@dataclass(frozen=True, slots=True)
class Odds:
    """How often each fault comes: of a process, of a day."""

    killed: float = 0.15
    beside: float = 0.1
    """Two workers look at once."""
    disk_full: float = 0.03
    restart: float = 0.02
    """PostgreSQL ends at once, in the middle of a process's work."""
    rough: float = 0.1
    gone: float = 0.04
    clock_ahead: float = 0.02
    outage: float = 0.01
    """No worker runs for one to four days."""
    most_statements: int = 400
    """Within which a doomed process is killed."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played; ``days`` None is the whole year and the month after it."""

    agencies: int
    seed: int
    postgres: bool
    days: int | None = None
    odds: Odds = Odds()


@dataclass
class Told:
    """Of one played year: when each person heard of each task, and what the ledger and the servers say of it."""

    days: dict[tuple[int, int], dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    """By person and task, each day on which a message told of it, and the stage."""
    arrived: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    by_email: set[str] = field(default_factory=set)
    unsure: set[tuple[int, int]] = field(default_factory=set)
    """What a message tells of which the ledger says, and has told the coordinator, that nobody knows if it arrived."""
    lied: list[str] = field(default_factory=list)


@dataclass
class Year:
    """A played year: its province, what befell it, and what people and ledger say at its end."""

    province: Province
    settings: Settings
    happened: Counter[str] = field(default_factory=Counter)
    bad_days: dict[date, set[str]] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    told: Told = field(default_factory=Told)
    seconds: float = 0


def play(size: Size, *, calm: bool, look_at: Callable[[Year, Database], None], progress: Callable[[str], None]) -> Year:
    """Plays the year in folders of its own; ``look_at(year, database)`` sees its end before all of it is gone."""
    began = wall.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tracker-soak-")))
        apart = Path(stack.enter_context(TemporaryDirectory(prefix="tracker-soak-database-")))
        server = Postgres(apart) if size.postgres else Sqlite(apart)
        stack.callback(server.stop)
        outside = stack.enter_context(fleet(folder, {}))
        smtp, mails = outside.serve("smtp", (0, 0))
        line, pushes = outside.serve("line", (0, 0))
        settings = load().model_copy(
            update={
                "data_dir": folder,
                "database_url": server.url,
                "redis_url": None,
                "smtp_url": SecretStr(smtp),
                "line_api_base": line,
                "line_channel_access_token": SecretStr(TOKEN),
                "line_channel_secret": SecretStr("secret"),
            }
        )
        database = open_database(settings)
        stack.callback(database.dispose)
        year = Year(found(database, settings, _FISCAL_YEAR, size.agencies), settings)
        _Play(size, year, database, server, (mails, pushes), calm=calm).through(progress)
        _read(database, year.told, (mails, pushes))
        look_at(year, database)
        year.seconds = wall.monotonic() - began
        return year


class _Play:
    """The days of one year."""

    def __init__(
        self,
        size: Size,
        year: Year,
        database: Database,
        server: Postgres | Sqlite,
        logs: tuple[Path, Path],
        *,
        calm: bool,
    ) -> None:
        self._size, self._year, self._database, self._server, self._calm = size, year, database, server, calm
        self._weather = {name: log.with_suffix(".weather") for name, log in zip(("email", "line"), logs, strict=True)}
        self._away_until = date.min
        self._odds = size.odds

    def through(self, progress: Callable[[str], None]) -> None:
        """Every day of the year; the last acts that nobody answered yet are asked again until they are."""
        first = fiscal_year_start(_FISCAL_YEAR)
        last = fiscal_year_end(_FISCAL_YEAR) + GOES_ON
        days = min((last - first).days + 1, self._size.days or 1_000)
        waiting: list[Act] = []
        for number in range(days):
            day = first + timedelta(number)
            waiting = self._day(day, [*waiting, *self._year.province.acts.get(day, ())])
            if (day + timedelta(1)).day == 1 or number + 1 == days:
                progress(f"{day}: {dict(sorted(self._year.happened.items()))}")
        day = first + timedelta(days)
        self._set_weather(day, fair=True)
        while waiting:
            waiting = self._act(day, waiting, fair=True)
        for at in LOOKS:
            self._look(day, at, fair=True)

    def _day(self, day: date, acts: list[Act]) -> list[Act]:
        """One day; gives the acts that nobody saw answered."""
        dice = self._dice("day", day)
        self._set_weather(day)
        if not self._calm and dice.random() < self._odds.outage:
            self._away_until = day + timedelta(days=dice.randint(0, 3))
        if not self._calm and dice.random() < self._odds.clock_ahead:
            self._ahead(day)
        for at in LOOKS:
            if at > PEOPLE_AT:
                acts = self._act(day, acts)
            if day <= self._away_until:
                self._bad(day, "outage")
            else:
                self._look(day, at)
        return acts

    def _look(self, day: date, at: time, *, fair: bool = False) -> None:
        """A worker's look: the day's drafts and messages of the year first, then the sweep and its deliveries."""
        instant = self._at(day, at)
        settings = self._year.settings

        def look(database: Database, _answered: Callable[[int], None]) -> None:
            if at == LOOKS[0]:
                draft_rounds(database, settings, instant)
                announce_plans(database, settings, instant)
            sweep_and_deliver(database, settings, instant)

        dice = self._dice("look", day, at)
        beside = not (fair or self._calm) and dice.random() < self._odds.beside
        self._run(look, dice, "two looks at once" if beside else "look", times=1 + beside, fair=fair)

    def _act(self, day: date, acts: list[Act], *, fair: bool = False) -> list[Act]:
        """The people's afternoon, each act a request; whoever sees no answer presses again, a few times a day."""
        settings, instant = self._year.settings, self._at(day, PEOPLE_AT)
        for attempt in range(PRESSES):
            if not acts:
                break
            waiting = acts

            def work(database: Database, answered: Callable[[int], None], waiting: list[Act] = waiting) -> None:
                for act in waiting:
                    perform(database, settings, act, instant)
                    answered(act.number)

            done = self._run(work, self._dice("acts", day, attempt, len(acts)), "request", fair=fair)
            self._year.answered |= done
            acts = [act for act in acts if act.number not in done]
        return acts

    def _ahead(self, day: date) -> None:
        """A sweep by a clock that is ahead, which dies before it sends."""
        instant, settings = self._at(day + CLOCK_AHEAD, LOOKS[0]), self._year.settings

        def look(database: Database, _answered: Callable[[int], None]) -> None:
            with database.reading() as session:
                due = agencies_due(session, local(instant, settings.zone).date())
            sweep(database, settings, due, instant)

        here(look, self._database)
        self._year.happened["clock ahead"] += 1

    def _run(self, work: Work, dice: Random, kind: str, *, times: int = 1, fair: bool) -> set[int]:
        """Does the work so many times beside each other, under what the dice say; gives what somebody saw answered."""
        fates = [CALM if fair or self._calm else self._fate(dice) for _ in range(times)]
        restarts = not (fair or self._calm) and self._size.postgres and dice.random() < self._odds.restart
        if fates == [CALM] and not restarts:
            ends = [here(work, self._database)]
        else:
            children = [fork(work, self._database, fate) for fate in fates]
            if restarts:
                wall.sleep(dice.random() / 5)
                self._server.restart("immediate")
                self._year.happened["database ended at once"] += 1
            ends = [child.end() for child in children]
        self._year.happened[kind] += 1
        for _, end in ends:
            if end != End.WELL:
                self._year.happened[f"{kind}: {end.value}"] += 1
        return set().union(*(answered for answered, _ in ends))

    def _fate(self, dice: Random) -> Fate:
        odds = self._odds
        dies_at = round(exp(dice.uniform(0, log(odds.most_statements)))) if dice.random() < odds.killed else None
        return Fate(dies_at, disk_full=dice.random() < odds.disk_full and not self._size.postgres)

    def _set_weather(self, day: date, *, fair: bool = False) -> None:
        for channel, file in self._weather.items():
            dice = self._dice("weather", day, channel)
            word = dice.choices(("rough", "gone", ""), (self._odds.rough, self._odds.gone, 1))[0]
            if self._calm or fair:
                word = ""
            file.write_text(word, encoding="utf-8")
            if word:
                self._bad(day, channel)
                self._year.happened[f"{channel} {word} for a day"] += 1

    def _bad(self, day: date, what: str) -> None:
        self._year.bad_days.setdefault(day, set()).add(what)

    def _dice(self, *names: object) -> Random:
        return Random(f"{self._size.seed} {names}")  # noqa: S311

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._year.settings.zone).astimezone(UTC)


def _read(database: Database, told: Told, logs: tuple[Path, Path]) -> None:
    """What the ledger says was sent, held against what arrived."""
    mails, pushes = (read_log(log) for log in logs)
    told.arrived.update(
        mail["message_id"].strip("<").partition("@")[0] for mail in mails if mail["event"] == "accepted"
    )
    told.by_email = set(told.arrived)
    told.arrived.update(push["key"] for push in pushes if push["event"] == "accepted")
    query = (
        select(
            Delivery.id,
            Delivery.state,
            Digest.on,
            Reminder.member_id,
            Reminder.task_id,
            Reminder.stage,
        )
        .join(Digest, Digest.id == Delivery.digest_id)
        .outerjoin(Reminder, Reminder.digest_id == Digest.id)
    )
    seen = set()
    with database.reading() as session:
        for delivery, state, on, member, task, stage in session.execute(query):
            key = str(delivery)
            if key not in seen:
                seen.add(key)
                told.states[state] += 1
                if state == DeliveryState.SENT and not told.arrived[key]:
                    told.lied.append(f"{key} of {on} is sent, says the ledger, and never arrived")
            if task is not None and state == DeliveryState.UNKNOWN:
                told.unsure.add((member, task))
            if task is not None and told.arrived[key]:
                told.days[member, task][on] = stage
