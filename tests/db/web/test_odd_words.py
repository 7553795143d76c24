"""The pages on both databases: what one of them cannot take is refused in a sentence."""

from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.models import ProgressNote, Role
from tracker.store.db import Database


def test_what_a_database_cannot_take(coordinator: Visitor, database: Database, world: World) -> None:
    assert coordinator.get("/all-tasks/?unit=2147483648").status_code == 200
    assert coordinator.post("/tasks/1/note", {"note": "คืบ\0หน้า"}).status_code == 400
    with database.reading() as session:
        assert session.scalars(select(ProgressNote.text)).all() == []
        roles = session.scalars(select(Role.id)).all()
    for number in ("", "x", "2147483648", "²"):
        assert coordinator.get(f"/admin/unit/edit/?id={number}").status_code == 302
        assert coordinator.post("/admin/role/delete/", {"id": number}).status_code in (200, 302)
    with database.reading() as session:
        assert session.scalars(select(Role.id)).all() == roles
    sent = {"name": "ก" * 301, "email": "", "role": "head"}
    answer = coordinator.post(f"/people/units/{world.units['กองคลัง']}/staff", sent)
    assert answer.status_code == 422
    assert "ยาวเกิน 300 ตัวอักษร" in answer.text
