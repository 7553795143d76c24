"""The application attacked: bodies, methods, hosts, paths, planted HTML, fixed sessions; and what its log keeps."""

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from admin.app import create_app
from tests.admin.conftest import Visitor
from tests.admin.web.test_pages import PAGES
from tests.factories import PASSWORD, World, build_world
from tests.postgres import fresh_database
from tracker.models import Account, Agency, Completion, Event, Measure, Member, SignedIn, Step, Task, Unit
from tracker.runtime.logs import formatter
from tracker.settings import Settings
from tracker.store.db import Database

EVIL = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}"


def test_planted_html_is_text_on_every_page(coordinator: Visitor, database: Database) -> None:
    with database.writing() as session:
        for model, column in (
            (Agency, "name"), (Unit, "name"), (Member, "name"), (Measure, "title"), (Measure, "responsible_text"),
            (Step, "text"), (Task, "title"),
        ):  # fmt: skip
            for row in session.scalars(select(model)):
                unique = column == "name" and model in (Agency, Unit)
                setattr(row, column, f"{EVIL}{row.id}" if unique else EVIL)
        for task in session.scalars(select(Task).limit(3)):
            task.state = "done"
            words = {"result": EVIL, "outcome": EVIL, "done_on": task.due_on, "entered_at": task.updated_at}
            task.completions.append(Completion(agency_id=task.agency_id, **words))
    for page in (*PAGES, "/reports/2566/6.html", "/reminders/preview"):
        text = coordinator.get(page).text
        assert "<img src=x" not in text, page
        assert "<script>alert" not in text, page
        assert "49" not in re.findall(r"'(\d+)", text), page


@pytest.mark.parametrize(
    "path",
    ["/static/app.css", "/healthz", "/nowhere", "/sign-in", "/", "/static/nothing.js", "/evidence/1", "/line/webhook",
     "/admin/static/vendor/select2/select2-bootstrap4.css", "/sign-in/oidc", "/robots.txt"],
)  # fmt: skip
def test_every_answer_has_the_headers(stranger: Visitor, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE"):
        headers = stranger.client.open(path, method=method, buffered=True).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, method
        assert "frame-ancestors 'none'" in policy, method
        assert "unsafe" not in policy, method
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "PATCH", "DELETE", "CONNECT", "XYZ"])
def test_other_methods_are_refused(head: Visitor, method: str) -> None:
    for path in ("/tasks/", "/sign-in", "/account/"):
        answer = head.client.open(path, method=method, headers={"X-Secret": "mirror-me"})
        assert answer.status_code == 405
        assert "mirror-me" not in answer.text


def test_a_head_request_changes_no_more_than_a_get(head: Visitor, database: Database) -> None:
    with database.reading() as session:
        before = session.scalars(select(Event.id)).all()
    for path in ("/tasks/", "/plan/", "/reports/2566/6.pdf", "/sign-out"):
        head.client.head(path)
    with database.reading() as session:
        assert session.scalars(select(Event.id)).all() == before
    assert head.get("/tasks/").status_code == 200


def test_a_forged_host_stands_in_no_page_and_no_link(app: Flask, ours: World, database: Database) -> None:
    client = app.test_client()
    for path in ("/", "/sign-in", "/tasks/", "/tasks", "/admin//unit/", "/nowhere"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("Location", "")
    with database.writing() as session:
        guest = Member(agency_id=ours.agency_id, name="guest", email="guest@tua.example")
        session.add(guest)
        session.flush()
        guest_id = guest.id
    coordinator = Visitor(app.test_client())
    coordinator.sign_in(ours.email("coordinator"))
    token = {"csrf_token": coordinator.token}
    answer = coordinator.client.post(f"/people/{guest_id}/invite", data=token, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd",
        "//etc/passwd", "/evidence/../secret-key", "/evidence/%2e%2e%2fsecret-key", "/evidence/1/../../secret-key",
        "/.git/config", "/.env", "/reports/2566/6.../etc/passwd", "/plan/import/..%2f..%2fsecret-key", "/static/%00",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_its_folder(coordinator: Visitor, path: str) -> None:
    answer = coordinator.client.get(path, buffered=True, follow_redirects=True)
    assert answer.status_code in (400, 404)
    assert "root:" not in answer.text


def test_a_stranger_sends_no_large_body_but_behind_a_done_link(app: Flask) -> None:
    client = app.test_client()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="x.pdf"\r\n\r\n'
        + b"x" * 2**20
        + b"\r\n--x--\r\n"
    )
    sent = {"data": body, "content_type": "multipart/form-data; boundary=x"}
    for path in ("/sign-in", "/language", "/sign-in/code", "/people/import/", "/invitation/x"):
        assert client.post(path, **sent).status_code == 413, path
    assert client.post("/done/x", **sent).status_code == 400


def test_thousands_of_fields_are_refused(head: Visitor) -> None:
    answer = head.post("/account/reading", {f"field{n}": "x" for n in range(2000)})
    assert answer.status_code in (302, 413, 422)
    many = {f"field{n}": "x" for n in range(1100)}
    assert head.client.post("/tasks/1", data=many, content_type="multipart/form-data").status_code == 413


def test_signing_in_ends_the_session_that_was_there(app: Flask, ours: World, database: Database) -> None:
    visitor = Visitor(app.test_client())
    visitor.get("/sign-in")
    fixed = visitor.client.get_cookie("tracker")
    visitor.sign_in(ours.email("head2"))
    first = visitor.client.get_cookie("tracker")
    assert fixed is not None
    assert first is not None
    assert first.value != fixed.value
    elsewhere = app.test_client()
    elsewhere.set_cookie("tracker", fixed.value)
    assert elsewhere.get("/tasks/").status_code == 302
    token = {"csrf_token": visitor.token, "email": ours.email("head2"), "password": PASSWORD}
    assert visitor.client.post("/sign-in", data=token).status_code == 302
    elsewhere.set_cookie("tracker", first.value)
    assert elsewhere.get("/tasks/").status_code == 302
    assert visitor.get("/tasks/").status_code == 200
    with database.reading() as session:
        query = select(SignedIn).join(SignedIn.account).where(Account.email == ours.email("head2"))
        assert len(session.scalars(query).all()) == 1


def test_a_forged_address_is_not_believed(stranger: Visitor, settings: Settings, database: Database) -> None:
    def tries(visitor: Visitor) -> list[int]:
        visitor.get("/sign-in")
        return [
            visitor.client.post(
                "/sign-in",
                data={"csrf_token": visitor.token, "email": f"nobody{n}@x.example", "password": "x"},
                headers={"X-Forwarded-For": f"10.0.0.{n}"},
            ).status_code
            for n in range(31)
        ]

    assert tries(stranger)[-1] == 429
    behind = create_app(settings.model_copy(update={"trusted_proxies": 1}), database)
    assert tries(Visitor(behind.test_client()))[-1] == 401


def test_the_log_has_who_and_when_and_no_secret(app: Flask, ours: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "admin")
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("head2"), "a-wrong-password-of-mine")
    visitor.sign_in(ours.email("head2"))
    visitor.get("/overview/")
    visitor.client.post("/account/reading", data={"csrf_token": "forged\nsigned in: account 1"})
    visitor.get("/invitation/a-word-that-is-a-key")
    visitor.post("/sign-out")
    for _ in range(11):
        visitor.sign_in(ours.email("head3"), "a-wrong-password-of-mine")
    log = caplog.text
    for words in (
        "sign-in refused",
        "signed in: account",
        "refused: GET overview.index for account",
        "form without its token",
        "signed out",
    ):
        assert words in log
    addresses = ours.email("head2"), ours.email("head3")
    for secret in ("a-wrong-password-of-mine", PASSWORD, "a-word-that-is-a-key", *addresses):
        assert secret not in log


def test_a_line_of_the_log_stays_one(settings: Settings) -> None:
    record = logging.LogRecord("admin.x", logging.WARNING, "", 0, "tried %s", ("a\nFORGED line\r",), None)
    written = formatter(settings, dict).format(record)
    assert "\n" not in written
    assert re.match(r"2023-03-29T05:00:00Z WARNING admin.x: tried a\\nFORGED", written)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The application on both kinds of database, as strangers and people meet it."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        database = Database(url)
        with database.writing() as session:
            build_world(session)
        yield create_app(settings, database)
        database.dispose()


def test_what_no_database_holds_is_answered_with_a_sentence(either: Flask, ours: World) -> None:
    visitor = Visitor(either.test_client())
    for far in (2**31, 2**63, 10**30):
        for path in (f"/public/tua-example/{far}/6", f"/done/x?page={far}", f"/public/?page={far}"):
            assert visitor.get(path).status_code in (200, 404), path
    assert visitor.get("/public/a%00b/").status_code == 404
    assert visitor.get("/sign-in?next=%00").status_code == 400
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"email": "a\0@b.example", "password": "x"}).status_code == 400
    visitor.sign_in(ours.email("coordinator"))
    for far in (2**31, 2**63, 10**30):
        for path in (f"/tasks/{far}", f"/evidence/{far}", f"/reports/{far}/6/close/", f"/people/units/{far}/merge"):
            assert visitor.get(path).status_code == 404, path
        assert visitor.post(f"/people/{far}/invite").status_code == 404
        for path in (f"/admin/unit/?page={far}", f"/admin/role/edit/?id={far}", f"/all-tasks/?unit={far}"):
            assert visitor.get(path).status_code in (200, 302, 404), path
    assert visitor.get("/admin/unit/edit/?id=abc").status_code in (302, 404)
    far_away = {"into": 2**63}
    visitor.get("/people/")
    assert visitor.post(f"/people/units/{ours.units['กองคลัง']}/merge", far_away).status_code in (404, 422)
    long = {"name": "ก" * 400, "email": "", "role": "head"}
    assert visitor.post(f"/people/units/{ours.units['กองคลัง']}/staff", long).status_code in (302, 422)
    assert visitor.get("/people/").status_code == 200
