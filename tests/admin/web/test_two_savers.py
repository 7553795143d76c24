"""Two coordinators have the same form open: nothing of the first is overwritten unseen, nothing of the second lost."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from lxml import html
from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.factories import TEST, World, task_of
from tracker.models import DayOff, Plan, ReportVersion, Role
from tracker.services.reports.closing import close_round
from tracker.store.db import Database

SETTINGS, MEMO, RULES, SHEET = "/admin/settings/edit/?id=1", "/memo/late", "/ita/2566/", "/reports/2566/6/plannacc/"
CLOSE, SIGN = "/reports/2566/6/close/", "/reports/2566/6/close/sign"
ITEM, WORDING = "/ita/2566/item", "/ita/2566/rule"


def fields(visitor: Visitor, page: str, rule: str) -> dict[str, object]:
    """What the page's form that leads to ``rule`` would send as it stands."""
    document = html.fromstring(visitor.get(page).text)
    leads = [one for one in document.forms if urljoin(page, one.get("action") or page).partition("?")[0] == rule]
    return sent_by(max(leads, key=lambda one: len(one.form_values())))


def sent_by(form: Any) -> dict[str, object]:
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "csrf_token"}


def with_words(page: str, words: str) -> dict[str, object]:
    """What the form on the page sends that holds these words."""
    forms = html.fromstring(page).forms
    return next(sent_by(form) for form in forms if words in [value.strip() for _, value in form.form_values()])


def from_page(visitor: Visitor, page: str, rule: str, sent: dict[str, object]) -> str:
    """Sends the form as a browser does; the text of the page to which that leads."""
    headers = {"Origin": "http://localhost", "Referer": f"http://localhost{page}"}
    address = page if page.startswith(rule) else rule
    answer = visitor.client.post(address, data=sent | {"csrf_token": visitor.token}, headers=headers, buffered=True)
    return (
        visitor.get(answer.location).text if answer.status_code in (302, 303) else answer.data.decode(errors="replace")
    )


HERS, MINE, OTHER = "ข้อความของธิดา", "ข้อความของข้าพเจ้า", "นศ ๑๒๓"
APRIL = datetime(2023, 4, 3, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Shared:
    """A page, where its form leads, a field that both type into, and another one with what is typed there."""

    page: str
    rule: str
    field: str
    other: str
    value: str
    hers: str = HERS
    mine: str = MINE


FORMS = (
    "settings", "memo", "item", "rule", "sheet", "person", "leave", "duty", "unit", "division", "task", "short name",
    "frame",
)  # fmt: skip
ONE_FIELD = ("duty", "short name", "frame")


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, database: Database, ours: World) -> Shared:
    with database.reading() as session:
        measure = session.get_one(Plan, ours.plan_id).measures[0].id
        task = task_of(session, ours, "กองช่าง", 1, date(2023, 4, 2)).id
        role = session.scalars(select(Role.id).where(Role.member_id == ours.members["head2"])).one()
    person, unit, above = f"/people/person/{ours.members['head2']}", ours.units["กองช่าง"], str(ours.units["กองคลัง"])
    days = {"hers": "๒ พฤษภาคม ๒๕๖๖", "mine": "๓ พฤษภาคม ๒๕๖๖"}
    return {
        "settings": Shared(SETTINGS, "/admin/settings/edit/", "place", "name", OTHER),
        "memo": Shared(MEMO, MEMO, "office", "number", OTHER),
        "item": Shared(RULES, ITEM, "title", "number", OTHER),
        "rule": Shared(RULES, WORDING, "text", "off", "1"),
        "sheet": Shared(SHEET, SHEET, f"remarks-{measure}", f"planned-{measure}", "๑๒๓"),
        "person": Shared(f"{person}/edit", f"{person}/edit", "position", "name", OTHER),
        "leave": Shared(f"{person}/leave", f"{person}/leave", "away_from", "away_until", "๓๐ พฤษภาคม ๒๕๖๖", **days),
        "duty": Shared(f"{person}/duty?of={role}", f"{person}/duty", "role", "", "", "deputy", "staff"),
        "unit": Shared(f"/people/units/{unit}/edit", f"/people/units/{unit}/edit", "others", "under", above),
        "division": Shared("/people/divisions/", f"/people/divisions/{unit}", "others", "under", above),
        "task": Shared(f"/tasks/{task}", f"/review/{task}/move", "due_on", "unit", above, **days),
        "short name": Shared(f"/tasks/{task}", f"/review/{task}/short-name", "short_name", "", ""),
        "frame": Shared("/people/invitations/", "/people/invitations/frame", "frame", "", ""),
    }[request.param]


def test_the_second_sees_what_the_first_saved_and_keeps_the_own_words(
    coordinator: Visitor, colleague: Visitor, form: Shared
) -> None:
    page, rule, field = form.page, form.rule, form.field
    mine, hers = fields(coordinator, page, rule), fields(colleague, page, rule)
    from_page(colleague, page, rule, hers | {field: form.hers})
    told = from_page(coordinator, page, rule, mine | {field: form.mine})
    assert "นางสาวธิดา บันทึกไว้ก่อนแล้ว" in told
    assert f"“{'ผู้แทน กองคลัง' if field == 'role' else form.hers}”" in told
    assert fields(colleague, page, rule)[field] == form.hers
    from_page(coordinator, page, rule, with_words(told, form.mine))
    assert fields(colleague, page, rule)[field] == form.mine


@pytest.mark.parametrize("form", [name for name in FORMS if name not in ONE_FIELD], indirect=True)
def test_what_only_one_of_them_changed_is_saved_of_both(coordinator: Visitor, colleague: Visitor, form: Shared) -> None:
    page, rule, field = form.page, form.rule, form.field
    mine, hers = fields(coordinator, page, rule), fields(colleague, page, rule)
    from_page(colleague, page, rule, hers | {field: form.hers})
    assert "บันทึกไว้ก่อนแล้ว" not in from_page(coordinator, page, rule, mine | {form.other: form.value})
    now = fields(colleague, page, rule)
    assert (now[field], now[form.other]) == (form.hers, form.value)


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


def test_a_day_of_the_calendar_is_compared_with_what_was_shown_of_it(
    coordinator: Visitor, colleague: Visitor, database: Database
) -> None:
    page, rest = "/calendar/", {"on": "๑ พฤษภาคม ๒๕๖๖"}
    shown = from_page(coordinator, page, page, fields(coordinator, page, page) | rest | {"name": "พิธีของเรา"})
    hers = fields(colleague, page, page) | rest | {"state": "on", "name": "วันเลือกตั้ง"}
    from_page(
        colleague, page, page, with_words(from_page(colleague, page, page, hers), "วันเลือกตั้ง") | {"confirmed": "1"}
    )
    told = from_page(coordinator, page, page, with_words(shown, "พิธีของเรา") | {"confirmed": "1"})
    assert "นางสาวธิดา บันทึกไว้ก่อนแล้ว" in told
    assert "(วันเลือกตั้ง)" in told
    with database.reading() as session:
        assert session.scalars(select(DayOff.name).where(DayOff.on == date(2023, 5, 1))).one() == "วันเลือกตั้ง"


def test_leave_that_the_coordinator_enters_is_not_undone_by_a_page_that_was_open_before(
    coordinator: Visitor, colleague: Visitor, ours: World
) -> None:
    page, leave = "/account/reminders", f"/people/person/{ours.members['coordinator']}/leave"
    mine = fields(coordinator, page, page) | {"channels": ""}
    days = {"away_from": "๒ พฤษภาคม ๒๕๖๖", "away_until": "๕ พฤษภาคม ๒๕๖๖"}
    from_page(colleague, leave, leave, fields(colleague, leave, leave) | days)
    from_page(coordinator, page, page, mine | {"urgent_only": "y"})
    now = fields(coordinator, page, page)
    assert (now["away_from"], now["away_until"], now["urgent_only"]) == (*days.values(), "y")
    told = from_page(coordinator, page, page, mine | {"away_from": "๓ พฤษภาคม ๒๕๖๖"})
    assert "“๒ พฤษภาคม ๒๕๖๖”" in told


def signed(database: Database) -> str:
    with database.reading() as session:
        return str(session.scalars(select(ReportVersion.signatures)).one()[0]["name"])


def test_signatures_of_a_colleague_are_shown_before_they_are_replaced(
    coordinator: Visitor, colleague: Visitor, database: Database, ours: World
) -> None:
    with time_machine.travel(APRIL, tick=False):
        with database.writing() as session:
            close_round(session, session.get_one(Plan, ours.plan_id), 6, UTC, today=APRIL.date(), by=TEST, at=APRIL)
        mine, hers = (fields(one, CLOSE, SIGN) for one in (coordinator, colleague))
        from_page(colleague, CLOSE, SIGN, hers | {"name": HERS, "position": "นายก"})
        told = from_page(coordinator, CLOSE, SIGN, mine | {"name": MINE, "position": "ปลัด"})
        assert f"“{HERS} นายก”" in told
        assert signed(database) == HERS
        from_page(coordinator, CLOSE, SIGN, with_words(told, MINE) | {"name": MINE, "position": "ปลัด"})
        assert signed(database) == MINE


def test_who_saved_is_who_saved_this_person(coordinator: Visitor, colleague: Visitor, ours: World) -> None:
    """Another person that was changed later, by somebody else, is not what is told."""
    one, other = (f"/people/person/{ours.members[name]}/edit" for name in ("head2", "head1"))
    mine = fields(coordinator, one, one)
    from_page(colleague, one, one, fields(colleague, one, one) | {"position": HERS})
    from_page(coordinator, other, other, fields(coordinator, other, other) | {"position": "อื่น"})
    assert "นางสาวธิดา บันทึกไว้ก่อนแล้ว" in from_page(coordinator, one, one, mine | {"position": MINE})
