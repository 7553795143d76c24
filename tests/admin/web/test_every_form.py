"""Nothing typed is lost, on any form: each is filled in, refused, and found filled in again."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.pages.accounts import auth
from admin.web.form_filling import SECRET
from tests.admin.access.access_walk import MARCH, MEMBER_OF, plant, signed_in
from tests.admin.conftest import NOON, TODAY, Visitor, hash_quickly
from tests.admin.web.forms_walk import ROLES, Control, Form, blamed, every_form, every_page, forms_on, same_form
from tests.factories import PASSWORD, TEST, World, publish_report, task_of
from tests.lent_app import lent_app
from tracker.models import Agency, Plan
from tracker.services.reports import closing as rounds
from tracker.services.tasks import progress
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

AFTER = datetime(2023, 4, 3, 5, tzinfo=UTC)
FROM_US = {"Origin": "http://localhost"}
WORDS = "ถ้อยคำที่พิมพ์ไว้"
WRONG = ("ไม่ใช่วันและไม่ใช่เลข", "", " ", "ย" * 30_000, "ย" * 400)
"""What some field of a form does not take: no day, nothing, blanks, too much."""


APART = ("/sign-in", "/operations/agencies/", "/people/divisions/<int:unit_id>")
"""Forms whose error stands over them, not beside a field: of the sign-in it is not said what was wrong, of the others
it is not known to the page. This list may only shrink."""
OWN_WAY = (
    "/plan/import/",
    "/plan/import/<token>",
    "/plan/measures/<int:measure_id>/",
    "/reports/<int:fiscal_year>/<int:number>/edit/",
)
"""Forms that their pages fill in themselves, in other fields where an answer changed them."""


_ROUND = "/reports/<int:fiscal_year>/<int:number>"
ALONE = (
    "/admin/day_off/new/", "/admin/member/new/", "/admin/role/new/", "/admin/unit/new/", "/plan/new-measure/",
    "/plan/import/",  # these make something new
    "/calendar/", f"{_ROUND}/files/",  # what is chosen is shown, or made, and stored by no form
    "/done/<token>", "/tasks/<int:task_id>", "/tasks/<int:task_id>/not-possible",  # the task's state tells
    "/account/reading", "/plan/import/<token>/scan/",  # of the person alone
)  # fmt: skip
"""Forms that overwrite nothing of anybody else's, whatever stands in them."""
KNOWN = {
    "in March": (
        "/done/<token>", "/tasks/<int:task_id>", "/tasks/<int:task_id>/note", "/memo/late", "/plan/new-measure/",
        "/plan/measures/<int:measure_id>/", "/plan/import/<token>", f"{_ROUND}/plannacc/",
        "/admin/settings/edit/", "/account/reminders",
    ),
    "before closing": (f"{_ROUND}/close/", "/review/<int:task_id>/send-back"),
    "closed": (f"{_ROUND}/close/sign", f"{_ROUND}/close/reopen"),
    "published": (f"{_ROUND}/publish/withdraw",),
}  # fmt: skip


@dataclass(frozen=True)
class Walked:
    """What was found in an agency that stands in one of its states, and how the database stood then."""

    state: str
    settings: Settings
    database: Database
    world: World
    cookies: dict[str, str | None]
    forms: list[Form]
    as_it_was: Path


@dataclass
class Office:
    """The application with its forms, and the way back to how it was."""

    walked: Walked
    app: Flask

    @property
    def forms(self) -> list[Form]:
        return self.walked.forms

    def client(self, role: str) -> FlaskClient:
        """A browser in which the role has signed in."""
        client = self.app.test_client()
        if cookie := self.walked.cookies[role]:
            client.set_cookie("tracker", cookie)
        return client

    def restore(self) -> None:
        copied(self.walked.as_it_was, Path(str(self.walked.database.url.database)))


def _day_of(state: str) -> time_machine.travel:
    return time_machine.travel(NOON if state == "in March" else AFTER, tick=False)


@pytest.fixture(scope="module", params=["in March", "before closing", "closed", "published"])
def walked(
    request: pytest.FixtureRequest, built: tuple[Path, World, World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walked]:
    """Every page in March; in April what only then has its forms: the round's closing, its signatures, the review."""
    folder = tmp_path_factory.mktemp("walked")
    path, copy = folder / "tracker.sqlite3", folder / "as-it-was.sqlite3"
    shutil.copy(built[0], path)
    ours, theirs, state = built[1], built[2], request.param
    settings = Settings(
        _env_file=None,
        data_dir=folder / "data",
        secret_key="only for the tests of the pages",
        base_url="http://reports.example",
        line_channel_access_token="t",
        line_channel_secret="s",
    )
    database = Database(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patched, _day_of(state):
        hash_quickly(patched)
        app = lent_app(settings, database)
        patched.setattr(auth.limiter, "enabled", False)
        if state == "in March":
            starts = list(every_page(app, plant(database, settings, ours, theirs)))
        else:
            starts = ["/reports/2566/6/close/", "/reports/2566/6/publish/", "/review/"]
            _wait_for_review(database, ours)
        if state == "closed":
            with database.writing() as session:
                plan = session.get_one(Plan, ours.plan_id)
                rounds.close_round(session, plan, 6, UTC, today=AFTER.date(), by=TEST, at=AFTER)
        if state == "published":
            publish_report(database, EvidenceStore(settings.data_dir / "evidence", 2**20), ours, "here", AFTER)
        cookies = {role: signed_in(app, ours, role) for role in ROLES}
        copied(path, copy)
        forms = every_form(app, cookies, starts, follow=state == "in March")
    yield Walked(state, settings, database, ours, cookies, forms, copy)
    database.dispose()


@pytest.fixture
def office(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The agency as it was when its forms were found, on the same day."""
    with _day_of(walked.state):
        office = Office(walked, lent_app(walked.settings, walked.database))
        monkeypatch.setattr(auth.limiter, "enabled", False)
        office.restore()
        yield office


def _wait_for_review(database: Database, world: World) -> None:
    with database.writing() as session:
        session.get_one(Agency, world.agency_id).review = True
        task = task_of(session, world, "กองคลัง", 3, MARCH)
        progress.tick_off(session, task, result="ชี้แจงแล้ว", done_on=TODAY, today=TODAY, by=TEST, at=NOON)


def copied(source: Path, target: Path) -> None:
    """The database as it is now in another file, also where it is open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def filled(form: Form, wrong: Control | None = None, value: str = "") -> dict[str, list[str]]:
    """Words in each empty field, another choice wherever there is one, and one field as it is told."""
    typed: dict[str, list[str]] = {}
    for place, one in enumerate(form.controls):
        if one is wrong:
            typed[one.name] = [value] * len(one.value)
        elif one.is_text:
            typed[one.name] = [known or f"{WORDS} {place}" for known in one.value]
        elif form.rule in OWN_WAY:
            typed[one.name] = one.value
        elif one.kind == "checkbox":
            typed[one.name] = [option for option in one.options if option not in one.value] or one.value
        else:
            others = [option for option in one.options if option not in one.value]
            typed[one.name] = [(others or one.options or [""])[-1]]
    return typed


def token_on(client: FlaskClient, page: str) -> str:
    visitor = Visitor(client)
    visitor.get(page)
    return visitor.token


def send(client: FlaskClient, form: Form, typed: dict[str, list[str]], token: str) -> TestResponse:
    data: dict[str, list[str]] = {}
    for name, value in form.sent:
        data.setdefault(name, []).append(value)
    headers = FROM_US | {"Referer": f"http://localhost{form.page}"}
    return client.post(form.action, data=data | typed | {"csrf_token": [token]}, headers=headers, buffered=True)


def shown(client: FlaskClient, office: Office, form: Form, address: str, typed: dict[str, list[str]]) -> list[str]:
    """What is not as it was typed, on the page and once more after it was loaded again."""
    missing = []
    for time in ("at once", "reloaded"):
        page = client.get(address, buffered=True)
        again = same_form(office.app, form, urlsplit(address).path, page.text) if page.status_code == 200 else None
        if form.rule in OWN_WAY:
            there = forms_on(office.app, urlsplit(address).path, page.text, form.role)
            held = {value for one in there for value in one.values}
            ours = [one for values in typed.values() for one in values if WORDS in one]
            missing += [f"{time} {one}" for one in ours if one not in held]
            continue
        if again is None:
            return [f"{time} no such form at {address} ({page.status_code})"]
        known = {one.name: one for one in again.controls}
        for name, values in typed.items():
            if name not in SECRET and _read(known[name].value) != _read(values):
                missing.append(f"{time} {name}: {str(known[name].value)[:60]} for {str(values)[:60]}")
    return missing


def _read(values: list[str]) -> list[str]:
    """The values without line ends, and without the empty rows that a form offers at its end."""
    read = [" ".join(one.split()) for one in values]
    while read and not read[-1]:
        read.pop()
    return read


def refused(office: Office, form: Form) -> tuple[FlaskClient, TestResponse, dict[str, list[str]], str] | None:
    """The form sent with one field that it does not take; None where it takes everything."""
    for wrong in sorted(form.texts, key=lambda one: one.kind != "textarea"):
        for value in WRONG:
            client = office.client(form.role)
            typed = filled(form, wrong, value)
            answer = send(client, form, typed, token_on(client, form.page))
            if answer.status_code >= 400 or "typed=" in (answer.location or ""):
                return client, answer, typed, wrong.name
            office.restore()
    return None


def test_a_refused_form_is_a_page_that_reloads_with_every_word_and_the_error_beside_its_field(office: Office) -> None:
    lost = []
    for form in office.forms:
        office.restore()
        tried = refused(office, form)
        if tried is None:  # it takes everything that can be typed: choices, or words that mean what they say
            continue
        client, answer, typed, wrong = tried
        if answer.status_code != 303 or "typed=" not in answer.location:
            lost.append(f"{form.name}: {answer.status_code} {answer.location}")
            continue
        problems = shown(client, office, form, answer.location, typed)
        if not problems and form.rule not in APART and not blamed(client.get(answer.location, buffered=True).text):
            problems = [f"no word beside a field, {wrong} was wrong"]
        lost += [f"{form.name}: {'; '.join(problems)}"] if problems else []
    assert lost == [], "\n".join(["", *lost])


def test_words_survive_the_end_of_the_sign_in(office: Office) -> None:
    lost = []
    for form in office.forms:
        if form.role == "stranger":
            continue
        office.restore()
        client, typed = office.client(form.role), filled(form)
        token = token_on(client, form.page)
        client.delete_cookie("tracker")
        answer = send(client, form, typed, token)
        led = client.get(answer.location or "/", buffered=True)
        email = "operator@host.example" if form.role == "operator" else office.walked.world.email(MEMBER_OF[form.role])
        visitor = Visitor(client)
        visitor.get(led.location or "/")
        home = visitor.post(led.location or "/", {"email": email, "password": PASSWORD})
        problems = shown(client, office, form, home.location or "/", typed)
        lost += [f"{form.name}: {answer.status_code}; {'; '.join(problems)}"] if problems else []
    assert lost == [], "\n".join(["", *lost])


def test_words_survive_a_sign_in_of_another_tab(office: Office) -> None:
    """The other tab signed out and in again meanwhile: the form's token is of a sign-in that is over."""
    lost = []
    for form in office.forms:
        office.restore()
        client, typed = office.client(form.role), filled(form)
        answer = send(client, form, typed, "of the sign-in before")
        problems = shown(client, office, form, answer.location or "/", typed)
        lost += [f"{form.name}: {answer.status_code}; {'; '.join(problems)}"] if problems else []
    assert lost == [], "\n".join(["", *lost])


def test_what_stands_in_a_form_is_compared_before_it_is_replaced(office: Office) -> None:
    """A form that shows what is stored says what that was, so that a colleague's change meanwhile is seen."""
    blind = [form.name for form in office.forms if form.holds and not form.compares and form.rule not in ALONE]
    assert blind == [], "\n".join(["", *blind])


def test_the_walk_finds_the_forms_that_hold_prose(office: Office) -> None:
    """What this test would not find, it would not hold."""
    found = {form.rule for form in office.forms}
    assert len(office.forms) >= {"in March": 40, "before closing": 2, "closed": 2, "published": 2}[office.walked.state]
    for rule in KNOWN[office.walked.state]:
        assert rule in found
