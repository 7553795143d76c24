"""Two coordinators have the same form open: nothing of the first is overwritten unseen, nothing of the second lost."""

from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html

from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.models import Plan
from tracker.store.db import Database

SETTINGS, MEMO, RULES, SHEET = "/admin/settings/edit/?id=1", "/memo/late", "/ita/2566/", "/reports/2566/6/plannacc/"
ITEM, WORDING = "/ita/2566/item", "/ita/2566/rule"


def fields(visitor: Visitor, page: str, rule: str) -> dict[str, object]:
    """What the page's form that leads to ``rule`` would send as it stands."""
    document = html.fromstring(visitor.get(page).text)
    form = next(one for one in document.forms if urljoin(page, one.get("action") or page).partition("?")[0] == rule)
    return sent_by(form)


def sent_by(form: Any) -> dict[str, object]:
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "csrf_token"}


def with_words(page: str, words: str) -> dict[str, object]:
    """What the form on the page sends that holds these words."""
    return next(sent for sent in map(sent_by, html.fromstring(page).forms) if words in sent.values())


def from_page(visitor: Visitor, page: str, rule: str, sent: dict[str, object]) -> str:
    """Sends the form as a browser does; the text of the page to which that leads."""
    headers = {"Origin": "http://localhost", "Referer": f"http://localhost{page}"}
    address = page if page.startswith(rule) else rule
    answer = visitor.client.post(address, data=sent | {"csrf_token": visitor.token}, headers=headers, buffered=True)
    return (
        visitor.get(answer.location).text if answer.status_code in (302, 303) else answer.data.decode(errors="replace")
    )


@pytest.fixture(params=["settings", "memo", "item", "rule", "sheet"])
def form(request: pytest.FixtureRequest, database: Database, ours: World) -> tuple[str, str, str, str]:
    """A page, where its form leads, a field of prose in it, and another field."""
    with database.reading() as session:
        measure = session.get_one(Plan, ours.plan_id).measures[0].id
    return {
        "settings": (SETTINGS, "/admin/settings/edit/", "place", "name"),
        "memo": (MEMO, MEMO, "office", "number"),
        "item": (RULES, ITEM, "title", "number"),
        "rule": (RULES, WORDING, "text", "off"),
        "sheet": (SHEET, SHEET, f"remarks-{measure}", f"planned-{measure}"),
    }[request.param]


HERS, MINE = "ข้อความของธิดา", "ข้อความของข้าพเจ้า"


def test_the_second_sees_what_the_first_saved_and_keeps_the_own_words(
    coordinator: Visitor, colleague: Visitor, form: tuple[str, str, str, str]
) -> None:
    page, rule, field, _ = form
    mine, hers = fields(coordinator, page, rule), fields(colleague, page, rule)
    from_page(colleague, page, rule, hers | {field: HERS})
    told = from_page(coordinator, page, rule, mine | {field: MINE})
    assert "นางสาวธิดา บันทึกไว้ก่อนแล้ว" in told
    assert f"“{HERS}”" in told
    assert fields(colleague, page, rule)[field] == HERS
    from_page(coordinator, page, rule, with_words(told, MINE))
    assert fields(colleague, page, rule)[field] == MINE


def test_what_only_one_of_them_changed_is_saved_of_both(
    coordinator: Visitor, colleague: Visitor, form: tuple[str, str, str, str]
) -> None:
    page, rule, field, other = form
    mine, hers = fields(coordinator, page, rule), fields(colleague, page, rule)
    from_page(colleague, page, rule, hers | {field: HERS})
    value = "1" if other == "off" else "๑๒๓" if other.startswith("planned") else "นศ ๑๒๓"
    assert "บันทึกไว้ก่อนแล้ว" not in from_page(coordinator, page, rule, mine | {other: value})
    now = fields(colleague, page, rule)
    assert (now[field], now[other]) == (HERS, value)


def test_a_third_text_meanwhile_is_compared_anew(coordinator: Visitor, colleague: Visitor) -> None:
    mine, hers = (fields(one, SETTINGS, "/admin/settings/edit/") for one in (coordinator, colleague))
    from_page(colleague, SETTINGS, "/admin/settings/edit/", hers | {"place": HERS})
    told = from_page(coordinator, SETTINGS, "/admin/settings/edit/", mine | {"place": MINE})
    fresh = fields(colleague, SETTINGS, "/admin/settings/edit/")
    from_page(colleague, SETTINGS, "/admin/settings/edit/", fresh | {"place": "ข้อความใหม่ของธิดา"})
    again = from_page(coordinator, SETTINGS, "/admin/settings/edit/", with_words(told, MINE))
    assert "“ข้อความใหม่ของธิดา”" in again


def test_the_same_words_of_both_are_no_conflict(coordinator: Visitor, colleague: Visitor) -> None:
    mine, hers = (fields(one, MEMO, MEMO) for one in (coordinator, colleague))
    from_page(colleague, MEMO, MEMO, hers | {"office": HERS})
    assert "บันทึกไว้ก่อนแล้ว" not in from_page(coordinator, MEMO, MEMO, mine | {"office": HERS})


def test_another_error_on_the_way_does_not_let_old_fields_overwrite_new_ones(
    coordinator: Visitor, colleague: Visitor
) -> None:
    """The form comes back with what it was shown with, not with what stands there by now."""
    mine, hers = (fields(one, MEMO, MEMO) for one in (coordinator, colleague))
    from_page(colleague, MEMO, MEMO, hers | {"office": HERS})
    told = from_page(coordinator, MEMO, MEMO, mine | {"office": MINE, "day": "ไม่ใช่วัน"})
    assert f"“{HERS}”" in from_page(coordinator, MEMO, MEMO, with_words(told, MINE) | {"day": "29/3/2566"})
