"""Signing in and out."""

import re

import pytest
from flask import Flask

from admin.app import create_app
from admin.pages.accounts.auth import same_site
from tests.admin.conftest import Visitor
from tests.factories import PASSWORD, World
from tracker.models import Member
from tracker.settings import Settings
from tracker.store.db import Database


def test_strangers_are_led_to_the_sign_in_form(stranger: Visitor) -> None:
    assert stranger.get("/").location == "/sign-in"
    assert stranger.get("/tasks/?year=2566").location == "/sign-in?next=/tasks/?year%3D2566"
    assert "เข้าสู่ระบบ" in stranger.get("/sign-in").text


@pytest.mark.parametrize(
    ("who", "page"), [("head2", "/tasks/"), ("coordinator", "/overview/"), ("mayor", "/executive/")]
)
def test_each_person_lands_on_the_page_of_the_role(stranger: Visitor, ours: World, who: str, page: str) -> None:
    assert stranger.sign_in(ours.email(who)).status_code == 302
    assert stranger.get("/").location == page


def test_an_operator_sees_the_installation_and_no_agency(stranger: Visitor) -> None:
    stranger.sign_in("operator@host.example")
    assert stranger.get("/").location == "/operations/"
    assert "ไม่เห็นเนื้อหาของหน่วยงานใด" in stranger.get("/operations/").text
    for page in ("/tasks/", "/overview/", "/plan/", "/reports/", "/people/", "/admin/unit/"):
        assert stranger.get(page).status_code == 403


def test_the_address_is_compared_without_case_and_blanks(stranger: Visitor, ours: World) -> None:
    assert stranger.sign_in(f"  {ours.email('head2').upper()} ").status_code == 302


@pytest.mark.parametrize(("email", "password"), [("head2@tua.example", "wrong"), ("nobody@tua.example", PASSWORD)])
def test_a_wrong_pair_is_refused_with_one_sentence(stranger: Visitor, email: str, password: str) -> None:
    answer = stranger.sign_in(email, password)
    assert answer.status_code == 401
    assert "อีเมลหรือรหัสผ่านไม่ถูกต้อง" in answer.text
    assert email in answer.text


def test_two_pages_asked_for_at_once_after_the_sign_in_have_the_same_token(stranger: Visitor, ours: World) -> None:
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in", {"email": ours.email("head2"), "password": PASSWORD})
    assert answer.status_code == 302
    with stranger.client.session_transaction() as signed_in:
        begun = signed_in["csrf_token"]
    stranger.get("/tasks/")
    with stranger.client.session_transaction() as seen:
        assert seen["csrf_token"] == begun


def test_ten_failures_on_an_account_make_a_pause(stranger: Visitor) -> None:
    answers = [stranger.sign_in("head2@tua.example", "wrong").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    assert "ลองหลายครั้งเกินไป" in stranger.sign_in("head2@tua.example").text


def test_ten_failures_elsewhere_do_not_lock_out_a_device_that_is_known(
    stranger: Visitor, head: Visitor, app: Flask, ours: World
) -> None:
    head.post("/sign-out")
    assert [stranger.sign_in(ours.email("head2"), "wrong").status_code for _ in range(11)][-1] == 429
    assert Visitor(app.test_client()).sign_in(ours.email("head2")).status_code == 429
    assert head.sign_in(ours.email("head2"), "wrong").status_code == 401
    assert head.sign_in(ours.email("head2")).status_code == 302


def test_a_known_device_has_ten_tries_for_its_own_account_alone(stranger: Visitor, head: Visitor, ours: World) -> None:
    head.post("/sign-out")
    assert [head.sign_in(ours.email("head2"), "wrong").status_code for _ in range(11)] == [401] * 10 + [429]
    for _ in range(10):
        stranger.sign_in(ours.email("head3"), "wrong")
    assert head.sign_in(ours.email("head3")).status_code == 429


def test_the_mark_of_a_known_device_is_signed_and_names_nobody(head: Visitor, app: Flask, ours: World) -> None:
    mark = head.client.get_cookie("known")
    assert mark is not None
    assert mark.http_only
    assert ours.email("head2") not in mark.value
    forger = Visitor(app.test_client())
    forger.client.set_cookie("known", f"{mark.value[:-1]}{'A' if mark.value[-1] != 'A' else 'B'}")
    assert [forger.sign_in(ours.email("head2"), "wrong").status_code for _ in range(11)][-1] == 429
    assert Visitor(app.test_client()).sign_in(ours.email("head2")).status_code == 429


def test_a_password_that_the_coordinator_made_is_changed_before_anything_else(
    coordinator: Visitor, stranger: Visitor, database: Database, ours: World
) -> None:
    with database.writing() as session:
        person = session.get_one(Member, ours.members["head3"])
        session.delete(person.account)
    shown = coordinator.post(f"/people/{ours.members['head3']}/sign-in").text
    made = re.search(r"<b>([^<]+)</b>", shown)
    assert made
    stranger.sign_in(ours.email("head3"), made[1])
    for page in ("/", "/tasks/", "/plan/"):
        assert stranger.get(page).location == "/account/"
    assert "รหัสผ่านนี้มีผู้อื่นตั้งให้" in stranger.get("/account/").text
    new = "แม่น้ำสายยาวไหลช้า"
    assert stranger.post("/account/password", {"current": made[1], "new": new, "again": new}).status_code == 302
    assert stranger.get("/tasks/").status_code == 200


def test_sign_out_needs_a_post_and_ends_the_session(head: Visitor) -> None:
    assert head.get("/sign-out").status_code == 405
    assert head.post("/sign-out").location == "/sign-in"
    assert head.get("/tasks/").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
        "/\t/evil.example",
    ],
)
def test_only_addresses_of_our_own_are_followed(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert same_site(target) == "/"
        assert same_site("/tasks/?year=2566") == "/tasks/?year=2566"


def test_next_leads_back_to_the_page_that_was_asked_for(stranger: Visitor, ours: World) -> None:
    assert stranger.sign_in(ours.email("head2"), next_="/plan/").location == "/plan/"


def test_changing_the_password_ends_other_sessions(head: Visitor, app: Flask, ours: World) -> None:
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in(ours.email("head2"))
    wrong = head.post("/account/password", {"current": "x", "new": "y" * 20, "again": "y" * 20})
    assert "รหัสผ่านปัจจุบันไม่ถูกต้อง" in wrong.text
    new = "แม่น้ำสายยาวไหลช้า"
    assert head.post("/account/password", {"current": PASSWORD, "new": new, "again": new}).status_code == 302
    assert head.get("/tasks/").status_code == 200
    assert elsewhere.get("/tasks/").status_code == 302
    assert elsewhere.sign_in(ours.email("head2"), new).status_code == 302


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short", "รหัสผ่านสั้นไป"),
        ("password1234", "เคยรั่วไหล"),
        ("1212121212121212", "ซ้ำกันหรือเรียงตาม"),
        ("head2-head2-1", "ใช้ชื่อ อีเมล หรือชื่อหน่วยงาน"),
        ("หัวหน้ากองคลัง1", "ใช้ชื่อ อีเมล หรือชื่อหน่วยงาน"),
        ("อบต.ตัวอย่าง66", "ใช้ชื่อ อีเมล หรือชื่อหน่วยงาน"),
        ("measuretracker", "เดาง่าย"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(head: Visitor, new: str, sentence: str) -> None:
    answer = head.post("/account/password", {"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_cookie_is_for_us_alone_and_for_https_where_the_site_is(settings: Settings, database: Database) -> None:
    secure = settings.model_copy(update={"base_url": "https://tracker.example.go.th"})
    for chosen, is_secure in ((settings, False), (secure, True)):
        visitor = Visitor(create_app(chosen, database).test_client())
        answer = visitor.client.get("/sign-in", base_url=chosen.base_url)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) == is_secure
        assert ("Strict-Transport-Security" in answer.headers) == is_secure
