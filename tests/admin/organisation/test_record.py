"""The record reads as sentences, with what was before and after, and goes out as a table for auditors."""

import ast
import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from sqlalchemy import select

from admin.pages.tasks.event_words import KINDS
from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.conftest import ROOT
from tests.factories import TEST, World, task_of
from tracker.models import Event, Task
from tracker.services.tasks import progress
from tracker.store.db import Database

RECORD = "/admin/events/"


def moved(database: Database, ours: World) -> int:
    with database.writing() as session:
        task = task_of(session, ours, "กองคลัง", 2, date(2023, 3, 31))
        progress.move_due(session, task, date(2023, 5, 31), by=TEST, at=NOON)
        return task.id


def test_a_change_is_a_sentence_with_before_and_after(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    page = coordinator.get(RECORD).text
    assert f'<a href="/tasks/{task}">เลื่อนวันครบกำหนด กองคลัง มาตรการ ๒.' in page.replace('/"', '"')
    assert "จาก ๓๑ มี.ค. ๖๖ เป็น ๓๑ พ.ค. ๖๖" in page


def test_settings_tell_what_they_were(coordinator: Visitor, database: Database, ours: World) -> None:
    page = coordinator.get(f"/admin/unit/edit/?id={ours.units['กองคลัง']}").text
    assert "กองคลัง" in page
    fields = {"name": "กองคลัง", "kind": "section", "position": "7", "active": "y", "known": "y"}
    assert coordinator.post(f"/admin/unit/edit/?id={ours.units['กองคลัง']}", fields).status_code == 302
    with database.reading() as session:
        (changes,) = [
            one.details["changes"]
            for one in session.scalars(select(Event).where(Event.kind == "unit_changed"))
            if "changes" in one.details
        ]
    assert changes["kind"] == ["division", "section"]
    assert "kind: จาก division เป็น section" in coordinator.get(RECORD).text


def test_filters_choose_and_the_table_has_the_same(coordinator: Visitor, database: Database, ours: World) -> None:
    task = moved(database, ours)
    chosen = f"kind=due_moved&task={task}"
    page = coordinator.get(f"{RECORD}?{chosen}").text
    assert page.count('<td class="col-sequence">') == 1
    answer = coordinator.get(f"{RECORD}export.csv?{chosen}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=record.csv"
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["kind"], row["task"]) for row in rows] == [("due_moved", str(task))]
    assert "กองคลัง มาตรการ ๒." in rows[0]["sentence"]
    whole = list(csv.DictReader(StringIO(coordinator.get(f"{RECORD}export.csv").data.decode("utf-8-sig"))))
    assert [int(row["sequence"]) for row in whole] == list(range(1, len(whole) + 1))


def test_strangers_to_the_agency_get_no_table(head: Visitor, stranger: Visitor) -> None:
    assert head.get(f"{RECORD}export.csv").status_code == 403
    assert stranger.get(f"{RECORD}export.csv").status_code == 302


def test_the_pages_queries_do_not_grow_with_changes(coordinator: Visitor, database: Database, ours: World) -> None:
    task_id = moved(database, ours)
    with counted_queries(database) as few:
        coordinator.get(RECORD)
    with database.writing() as session:
        for number in range(20):
            task = session.get_one(Task, task_id)
            progress.move_due(session, task, date(2023, 5, 1 + number), by=TEST, at=NOON)
    with counted_queries(database) as many:
        coordinator.get(RECORD)
    assert len(many) == len(few)


def _kinds_recorded() -> Iterator[str]:
    """The kinds that services, LINE and reminders write out where they record a change."""
    places = {"record": 2, "_move": 3}
    for folder in ("services", "line", "reminders"):
        for path in (ROOT / "tracker" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                place = places.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
                if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                    kind = node.args[place]
                    said = (kind.body, kind.orelse) if isinstance(kind, ast.IfExp) else (kind,)
                    yield from (str(one.value) for one in said if isinstance(one, ast.Constant))


def test_every_kind_of_change_has_its_words() -> None:
    kinds = set(_kinds_recorded())
    assert len(kinds) > 40
    assert sorted(kinds - set(KINDS)) == []
