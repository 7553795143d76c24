"""The pages of every day on both databases: each order, each grouping, the calendar, the search, who is late."""

from datetime import UTC, datetime

import pytest
import time_machine

from admin.pages.tasks.task_filters import LOOKS
from tests.admin.conftest import Visitor
from tests.factories import World


@pytest.fixture(autouse=True)
def in_march() -> object:
    with time_machine.travel(datetime(2023, 3, 29, 5, tzinfo=UTC), tick=False) as clock:
        yield clock


def test_every_look_at_the_task_list(coordinator: Visitor) -> None:
    for sort in LOOKS["sort"]:
        for group in LOOKS["group"]:
            page = coordinator.get(f"/all-tasks/?sort={sort}&group={group}")
            assert page.status_code == 200, (sort, group)
            assert '<tr class="row">' in page.text
    assert "๓.๑" in coordinator.get("/all-tasks/?view=calendar&state=all").text


def test_search_the_executive_s_page_and_the_reminders(coordinator: Visitor, world: World) -> None:
    found = coordinator.client.get("/search/", query_string={"q": "ก.พ. 66"}).text
    assert "month=2023-02" in found
    for words in ("ชี้แจง", "หัวหน้ากองช่าง", "100%"):
        assert coordinator.client.get("/search/", query_string={"q": words}).status_code == 200
    late = coordinator.get("/executive/").text
    assert f"/executive/remind/{world.units['กองคลัง']}" in late
    assert coordinator.get(f"/executive/remind/{world.units['กองคลัง']}").status_code == 200
    for page in ("/reminders/send", "/reminders/preview/", "/overview/", "/reports/"):
        assert coordinator.get(page).status_code == 200, page
