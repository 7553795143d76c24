"""Agencies, people and tasks in bulk, and who must hear of what: said while they are made, not asked of the product."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, update

from tracker.models import (
    Agency,
    DayOff,
    Digest,
    Measure,
    Member,
    Period,
    Plan,
    Reminder,
    Role,
    Step,
    Task,
    TaskUnit,
    Unit,
)
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

UNITS = 8
CLOSED = {"send_from": time(23, 59), "send_until": time(23, 59, 59)}
_TITLE = "จัดทำประกาศเผยแพร่ให้ประชาชนทราบทางเว็บไซต์ของหน่วยงาน"
_MADE_AT = datetime(2026, 10, 1, 2, tzinfo=UTC)
_BUSY = 0.85
"""How many units have anything due."""
_KINDS = {"today": 3, "yesterday": 3, "in a week": 3, "long ago": 1, "far": 30, "done": 5, "snoozed": 2}
_QUIET = ("far", "done", "snoozed")
_MONTH = timedelta(30)
_FIRST_DIGEST = 1_000_000
"""Digests of before have numbers that PostgreSQL's sequence does not come to while the test runs."""


@dataclass
class World:
    """The tasks that each address must hear of today, by channel."""

    agencies: range
    email: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    line: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    told: set[tuple[str, int]] = field(default_factory=set)
    """Who (by e-mail address) must hear of which task, by whatever channel."""
    units: dict[int, set[int]] = field(default_factory=dict)
    """The units of each task."""

    @property
    def digests(self) -> int:
        """How many deliveries that makes."""
        return len(self.email) + len(self.line)


def load(database: Database, today: date, *, agencies: int, tasks: int, seed: int) -> World:
    """Closed agencies that work today, with ``tasks`` tasks in all, most of which are of no concern today."""
    dice = random.Random(seed)  # noqa: S311
    world = World(range(1, agencies + 1))
    numbers = iter(range(1, tasks + 1))
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for agency in world.agencies:
        people = _office(rows, agency, today, dice)
        busy = [unit for unit in range(UNITS) if dice.random() < _BUSY]
        for _ in range(tasks // agencies):
            _task(rows, world, people, next(numbers), agency, today, busy, dice)
    with database.writing() as session:
        for table in (
            Agency, DayOff, Unit, Member, Role, Plan, Period, Measure, Step, Task, TaskUnit, Digest, Reminder
        ):  # fmt: skip
            session.execute(insert(table), rows[table])
    return world


def open_agencies(database: Database, agencies: Iterable[int]) -> None:
    """Their working hours begin."""
    with database.writing() as session:
        session.execute(update(Agency).where(Agency.id.in_(list(agencies))).values(send_from=time(0)))


@dataclass
class People:
    """Who hears of what in an agency: addresses by channel."""

    heads: dict[int, dict[str, str]] = field(default_factory=dict)
    coordinator: dict[str, str] = field(default_factory=dict)
    clerk: dict[str, str] = field(default_factory=dict)

    def of(self, units: Iterable[int]) -> list[dict[str, str]]:
        return [self.heads[unit] for unit in units if unit in self.heads] or [self.coordinator]


def _office(rows: dict[Any, list[dict[str, Any]]], agency: int, today: date, dice: random.Random) -> People:
    """Units with their heads, of whom the first is on leave and the last is missing; coordinator and executives."""
    people, owned = People(), {"id": agency, "agency_id": agency}
    numbers = iter(range(agency * 100, agency * 100 + 100))
    rows[Agency].append({"id": agency, "name": f"องค์การบริหารส่วนตำบลที่ {agency}", **CLOSED})
    rows[DayOff].append({"agency_id": agency, "on": today, "name": "วันทำการ", "off": False})

    def person(role: str, unit: int | None = None, rank: int = 1, away: date | None = None) -> dict[str, str]:
        member = next(numbers)
        addresses = {"email": f"m{member}@chaos.example.go.th", "line": f"U{member:032x}"}
        by = dice.choices((("email",), ("line",), ("line", "email")), (9, 9, 2))[0]
        rows[Member].append(
            {
                "id": member,
                "agency_id": agency,
                "name": f"บุคลากร {member}",
                "email": addresses["email"],
                "line_user_id": addresses["line"] if "line" in by else None,
                "channels": list(by) if len(by) > 1 else [],
                "away_from": away,
                "away_until": away,
            }
        )
        number = _FIRST_DIGEST + member
        rows[Digest].append(owned | {"id": number, "member_id": member, "on": today - _MONTH, "created_at": _MADE_AT})
        owner = unit if unit is None else agency * UNITS + unit
        rows[Role].append({"agency_id": agency, "member_id": member, "unit_id": owner, "role": role, "rank": rank})
        return {"who": addresses["email"], **{channel: addresses[channel] for channel in by}}

    for unit in range(UNITS):
        number = agency * UNITS + unit
        rows[Unit].append(
            {"id": number, "agency_id": agency, "name": f"กอง {unit}", "name_key": f"{unit}", "kind": "division"}
        )
        if unit == 0:
            person("head", unit, away=today)
            people.heads[unit] = person("deputy", unit)
        elif unit < UNITS - 1:
            people.heads[unit] = person("head", unit)
    people.coordinator = person("coordinator")
    people.clerk = person("executive")
    person("executive", rank=2)
    year = fiscal_year_of(today)
    rows[Plan].append(owned | {"fiscal_year": year})
    rows[Period].append(owned | {"text": "ตลอดปีงบประมาณ", "fiscal_year": year})
    measure = {"plan_id": agency, "period_id": agency, "position": 1, "number": 1, "title": "มาตรการ", "mode": "each"}
    rows[Measure].append(owned | measure | {"responsible_text": "ทุกกอง"})
    rows[Step].append(owned | {"measure_id": agency, "position": 1, "number": 1, "text": "จัดทำประกาศ"})
    return people


def _task(
    rows: dict[Any, list[dict[str, Any]]],
    world: World,
    people: People,
    number: int,
    agency: int,
    today: date,
    busy: list[int],
    dice: random.Random,
) -> None:
    """One task of a unit, now and then of two; those who must hear of it are noted."""
    units = dice.sample(range(UNITS), 2 if dice.random() < 0.1 else 1)
    kind = dice.choices(list(_KINDS), list(_KINDS.values()))[0]
    if kind not in _QUIET and not set(units) <= set(busy):
        kind = "far"
    days = {"today": 0, "snoozed": 0, "yesterday": -1, "in a week": 7, "long ago": -_MONTH.days}.get(kind, 60)
    due_on = today + timedelta(days)
    looked_at = kind != "far" or dice.random() < 0.5
    rows[Task].append(
        {
            "id": number,
            "agency_id": agency,
            "plan_id": agency,
            "step_id": agency,
            "party_key": f"u{units[0]}",
            "checkpoint_key": f"{number}",
            "title": f"{_TITLE} ครั้งที่ {number}",
            "scheduled_on": due_on,
            "due_on": due_on,
            "period_start": due_on,
            "cadences": ["monthly"],
            "state": "done" if kind == "done" else "pending",
            "snoozed_until": today + timedelta(5) if kind == "snoozed" else None,
            "next_stage_on": date.min if looked_at else today + timedelta(53),
            "updated_at": _MADE_AT,
        }
    )
    world.units[number] = {agency * UNITS + unit for unit in units}
    rows[TaskUnit] += [{"task_id": number, "unit_id": unit} for unit in sorted(world.units[number])]
    if kind == "long ago":
        rows[Reminder] += [_reminder(one, number, agency) for one in people.of(units)]
    for addresses in _told(people, kind, units):
        world.told.add((addresses["who"], number))
        for channel, due in (("email", world.email), ("line", world.line)):
            if channel in addresses:
                due[addresses[channel]].add(number)


def _reminder(addresses: dict[str, str], task: int, agency: int) -> dict[str, Any]:
    """That the task's people were reminded a month ago: their superiors hear of nothing before them."""
    member = int(addresses["who"][1:].partition("@")[0])
    row = {"agency_id": agency, "task_id": task, "member_id": member, "digest_id": _FIRST_DIGEST + member}
    return row | {"stage": "due", "created_at": _MADE_AT}


def _told(people: People, kind: str, units: list[int]) -> Iterator[dict[str, str]]:
    """A month late is past 3 and 7 working days: the coordinator hears of it, and the ปลัด; 30 are not over yet."""
    if kind in _QUIET:
        return
    yield from people.of(units)
    if kind == "long ago":
        yield people.coordinator
        yield people.clerk
