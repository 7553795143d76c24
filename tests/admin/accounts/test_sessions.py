"""Sign-ins are listed, end at the server, and are forgotten when unused."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select, update

from admin.pages.accounts.signed_in import device_words
from tests.admin.conftest import NOON, Visitor
from tests.factories import PASSWORD, World
from tracker.models import SignedIn
from tracker.store.db import Database

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"


def on_a_phone(app: Flask, email: str) -> Visitor:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    phone = Visitor(client)
    phone.sign_in(email)
    return phone


def test_a_phone_is_listed_and_signed_out_from_afar(app: Flask, head: Visitor, ours: World) -> None:
    phone = on_a_phone(app, ours.email("head2"))
    page = head.get("/account/signed-in/").text
    assert "Chrome, Android" in page
    assert page.count("เครื่องนี้") == 1
    number = page.split("/account/signed-in/")[1].split("/end")[0]
    assert head.post(f"/account/signed-in/{number}/end").status_code == 302
    assert phone.get("/tasks/").location.startswith("/sign-in")
    assert head.get("/tasks/").status_code == 200


def test_all_others_are_signed_out_at_once(app: Flask, head: Visitor, ours: World) -> None:
    others = [on_a_phone(app, ours.email("head2")) for _ in range(2)]
    stranger_to_it = on_a_phone(app, ours.email("head3"))
    head.get("/account/signed-in/")
    assert head.post("/account/signed-in/others/end").status_code == 302
    assert [one.get("/tasks/").status_code for one in others] == [302, 302]
    assert head.get("/tasks/").status_code == stranger_to_it.get("/tasks/").status_code == 200


def test_the_cookie_of_a_signed_out_browser_opens_nothing(app: Flask, ours: World) -> None:
    visitor = on_a_phone(app, ours.email("head2"))
    kept = visitor.client.get_cookie("tracker")
    assert kept
    visitor.post("/sign-out")
    visitor.client.set_cookie("tracker", kept.value)
    assert visitor.get("/tasks/").status_code == 302


def test_another_persons_sign_in_is_not_there(app: Flask, head: Visitor, ours: World, database: Database) -> None:
    other = on_a_phone(app, ours.email("head3"))
    with database.reading() as session:
        latest = session.scalars(select(SignedIn.id).order_by(SignedIn.id.desc())).first()
    assert head.post(f"/account/signed-in/{latest}/end").status_code == 404
    assert other.get("/tasks/").status_code == 200


def test_a_new_password_keeps_this_browser_and_ends_the_others(app: Flask, head: Visitor, ours: World) -> None:
    phone = on_a_phone(app, ours.email("head2"))
    head.get("/account/")
    new = "ฝนหยุดแล้ว แต่รถยังติด"
    assert head.post("/account/password", {"current": PASSWORD, "new": new, "again": new}).status_code == 302
    assert head.get("/tasks/").status_code == 200
    assert phone.get("/tasks/").status_code == 302


def test_it_is_noted_when_a_sign_in_was_used_and_ends_after_a_month_without(head: Visitor, database: Database) -> None:
    def seen() -> timedelta:
        with database.reading() as session:
            return session.scalars(select(SignedIn.seen_at)).one() - NOON

    for minutes, noted in ((4, 0), (6, 6), (10, 6), (12, 12)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            assert head.get("/tasks/").status_code == 200
        assert seen() == timedelta(minutes=noted)
    with database.writing() as session:
        session.execute(update(SignedIn).values(seen_at=NOON - timedelta(days=30)))
    assert head.get("/tasks/").status_code == 302


def test_devices_are_named_in_words() -> None:
    assert device_words(PHONE.replace("Chrome/120.0", "Chrome/120.0 Line/13.1")) == "LINE, Android"
    assert device_words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1") == "Safari, iPhone"


def test_the_cookie_is_renewed_by_use_but_not_with_every_page(head: Visitor) -> None:
    assert "Set-Cookie" not in head.get("/tasks/").headers
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        assert "Expires=Fri, 28 Apr 2023" in head.get("/tasks/").headers["Set-Cookie"]
        assert "Set-Cookie" not in head.get("/tasks/").headers
