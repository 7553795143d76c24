"""What a browser never sends, and what a tired hand does: numbers that no row has, spaces where a day belongs."""

from tests.admin.conftest import Visitor
from tests.factories import World

HUGE = "99999999999999999999"


def test_a_number_that_no_row_has_leads_nowhere(coordinator: Visitor) -> None:
    for path, status in {
        f"/tasks/{HUGE}": 404,
        f"/reports/{HUGE}/6/edit/": 404,
        f"/all-tasks/?unit={HUGE}&measure={HUGE}&page={HUGE}": 200,
        f"/all-tasks/bulk/?action=move&task={HUGE}": 302,
        f"/plan/?year={HUGE}": 200,
        f"/people/units/1/merge?into={HUGE}": 200,
        f"/reminders/deliveries?person={HUGE}": 200,
        f"/admin/unit/?page={HUGE}&sort={HUGE}": 200,
        f"/admin/unit/edit/?id={HUGE}": 302,
    }.items():
        assert coordinator.get(path).status_code == status, path


def test_a_number_that_no_row_has_is_refused_in_a_form(coordinator: Visitor, ours: World) -> None:
    sent = {"result": "ทำแล้ว", "done_on": "14/3/2566", "also": HUGE}
    assert coordinator.post("/tasks/1", sent).status_code == 422
    assert coordinator.post("/plan/new-measure/", {"year": HUGE}).status_code == 404
    unit = {"name": "กองคลัง", "kind": "division", "parent": "__None", "position": HUGE, "known": "y", "active": "y"}
    answer = coordinator.post(f"/admin/unit/edit/?id={ours.units['กองคลัง']}", unit)
    assert "ต้องเป็นตัวเลขตั้งแต่ 0 ถึง 9999" in answer.text


def test_a_day_of_blanks_is_asked_for_again(coordinator: Visitor) -> None:
    sent = {"item": "1", "closes": "1/4/2566", "day": "29/3/2566", "result": "ทำแล้ว", "state": "off", "unit": "2"}
    days = {"/calendar/": "on", "/ita/2566/window": "opens", "/memo/late": "reply_by", "/tasks/1": "done_on"}
    for path, field in days.items():
        for space in ("", "  ", "\r\n"):
            assert coordinator.post(path, {**sent, field: space}).status_code == 422, path
