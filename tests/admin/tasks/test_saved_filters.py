"""Filters of the task list that a person names: found again above it with live counts, in the address, one's own."""

import pytest

from tests.admin.conftest import Visitor, compact
from tests.factories import World

LIST = "/all-tasks/"


def keep(visitor: Visitor, name: str, **asked: str) -> str:
    visitor.get(LIST)
    answer = visitor.post(f"{LIST}keep", {"name": name, **asked})
    assert answer.status_code == 302
    assert answer.location is not None
    return answer.location


def test_a_filter_is_named_and_leads_back_with_all_that_was_asked(coordinator: Visitor, ours: World) -> None:
    unit = str(ours.units["กองช่าง"])
    address = keep(coordinator, "กองช่าง รอบ ๖ เดือน", unit=unit, state="late", sort="unit", group="unit")
    assert {"unit=" + unit, "state=late", "sort=unit", "group=unit"} <= set(address.partition("?")[2].split("&"))
    page = compact(coordinator.get(LIST).text)
    pill = page.partition("★ กองช่าง รอบ ๖ เดือน")
    assert address.replace("&", "&amp;") in pill[0][-300:]
    assert "aria-current" not in pill[0][-300:].rpartition("<a")[2]
    here = compact(coordinator.get(address).text)
    assert 'aria-current="true">★ กองช่าง' in here
    assert "จำตัวกรองนี้" not in here
    rows = "๐๑๒๓๔๕๖๗๘๙"[here.count('<tr class="row')]
    assert f'<b class="">{rows}</b>' in here.partition("★ กองช่าง")[2][:200]


def test_it_is_forgotten_and_is_nobody_else_s(coordinator: Visitor, colleague: Visitor, ours: World) -> None:
    address = keep(coordinator, "กองที่ดูแล", unit=str(ours.units["กองช่าง"]), state="open")
    assert "★" not in colleague.get(LIST).text
    page = coordinator.get(address).text
    assert "เลิกจำ “กองที่ดูแล”" in page
    coordinator.post(f"{LIST}forget", {"name": "กองที่ดูแล", "unit": str(ours.units["กองช่าง"]), "state": "open"})
    assert "★" not in coordinator.get(LIST).text
    assert "จำตัวกรองนี้" in coordinator.get(address).text


def test_the_same_name_replaces_and_there_is_a_limit(coordinator: Visitor) -> None:
    keep(coordinator, "หนึ่ง", state="late")
    keep(coordinator, "หนึ่ง", state="soon")
    assert coordinator.get(LIST).text.count("★") == 1
    for number in range(11):
        keep(coordinator, f"ตัวที่ {number}", state="late")
    assert coordinator.post(f"{LIST}keep", {"name": "เกิน", "state": "late"}).status_code == 409


@pytest.mark.parametrize("name", ["", " ", "ย" * 41])
def test_a_name_is_needed(coordinator: Visitor, name: str) -> None:
    coordinator.get(LIST)
    assert coordinator.post(f"{LIST}keep", {"name": name, "state": "late"}).status_code == 422
