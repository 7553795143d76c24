"""Task generation beside bulk INSERTs of the same tasks through the bare driver."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import data
from benchmarks.measure import Line, Scale, beside
from tracker.models import Plan, Unit
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan
from tracker.plan_import.parties import party_key
from tracker.services.tasks.generate import generate_tasks

TABLES = ("task", "task_unit", "event")
_PERIODS = (
    "ตุลาคม ๒๕๖๕ - กันยายน ๒๕๖๖ ทุกเดือน",
    "ตุลาคม ๒๕๖๕ - กันยายน ๒๕๖๖ รายไตรมาส",
    "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖",
)


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """Plans of several sizes, all for every division: generated new, and again where nothing changed."""
    for measures in scale.measures:
        with data.Copies(_made(folder / str(measures))) as copies:
            _fill(copies, measures, scale.divisions)
            rows = copies.rows(*TABLES)
            generate = partial(_generate, copies)
            again = beside(
                f"{measures} measures again (floor: reading the rows)",
                len(rows["task"]),
                generate,
                partial(copies.rows, *TABLES),
                repeat=scale.repeat,
            )
            _empty(copies)
            copies.keep()
            yield beside(
                f"{measures} measures × {scale.divisions} divisions",
                len(rows["task"]),
                generate,
                partial(copies.insert, {table: rows[table] for table in ("task", "task_unit")}),
                repeat=scale.repeat,
                before=copies.again,
                notes=["n: tasks"],
            )
            yield again


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _fill(copies: data.Copies, measures: int, divisions: int) -> None:
    with copies.database.writing() as session:
        for number in range(1, divisions + 1):
            name = f"กองที่ {number}"
            session.add(Unit(agency_id=1, name=name, name_key=party_key(name), kind="division", position=number))
    data.store(copies.database, _plan(measures))


def _plan(measures: int) -> DraftPlan:
    """Two steps a measure, due every month, every quarter and once in turn."""
    rows = [
        f"<p>{number}. มาตรการที่วัด ก{number}</p>\t<p>1. จัดทำประกาศ</p> <p>2. รายงานผล</p>"
        f"\t<p>ทุกส่วนราชการ</p>\t<p>{_PERIODS[number % len(_PERIODS)]}</p>"
        for number in range(1, measures + 1)
    ]
    return read_plan("\n".join(["\t".join(data.HEADINGS[:4]), *rows]).encode(), "plan.txt", data.FISCAL_YEAR)


def _generate(copies: data.Copies) -> None:
    with copies.database.writing() as session:
        generate_tasks(session, session.get_one(Plan, 1), data.BY, data.AT)


def _empty(copies: data.Copies) -> None:
    with copies.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM task")
