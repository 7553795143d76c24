"""Signed is an act: an executive approves in the product, or the coordinator records a signature on paper."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.admin.reports.test_public import AFTER, CLOSE, HERE, publish, tick
from tests.factories import World
from tracker.models import Account, Event, Member, ReportVersion
from tracker.services.accounts import second_factor
from tracker.settings import Settings, secret_key
from tracker.store.db import Database


@pytest.fixture(autouse=True)
def after_the_round() -> Iterator[None]:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def palad(app: Flask, ours: World) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(ours.email("clerk"))
    return visitor


def submit(coordinator: Visitor) -> None:
    coordinator.get(CLOSE)
    assert coordinator.post(CLOSE, {"sure": "y"}).status_code == 302
    coordinator.get(CLOSE)
    assert coordinator.post(CLOSE + "submit").status_code == 302


def signed(database: Database) -> tuple[str | None, list[str]]:
    with database.reading() as session:
        version = session.scalars(select(ReportVersion)).one()
        return version.signed_how, [one["position"] for one in version.signatures or ()]


def test_an_executive_signs_what_waits_and_the_public_page_says_how(
    coordinator: Visitor, palad: Visitor, app: Flask, ours: World, database: Database
) -> None:
    tick(database, ours, "เผยแพร่แล้ว")
    assert "รอท่านลงนาม" not in palad.get("/executive/").text
    submit(coordinator)
    page = palad.get("/executive/").text
    assert page.index("มี ๑ เรื่องรอท่านลงนาม") < page.index("ใครค้าง") < page.index('class="outlooks"')
    assert "อนุมัติและลงนาม" in palad.get(CLOSE).text
    assert "อนุมัติและลงนาม" not in coordinator.get(CLOSE).text
    assert coordinator.post(CLOSE + "approve").status_code == 403
    assert palad.post(CLOSE + "approve").status_code == 302
    assert signed(database) == ("approved", ["ผู้ตรวจสอบ"])
    assert "รอท่านลงนาม" not in palad.get("/executive/").text
    palad.get(CLOSE)
    assert palad.post(CLOSE + "approve").status_code == 409
    mayor = Visitor(app.test_client())
    mayor.sign_in(ours.email("mayor"))
    mayor.get(CLOSE)
    assert mayor.post(CLOSE + "approve").status_code == 302
    assert signed(database) == ("approved", ["ผู้ตรวจสอบ", "ผู้รับรอง"])
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "round_signed").order_by(Event.sequence)).all()
        assert [one.details["how"] for one in events] == ["approved", "approved"]
    publish(coordinator, licence="CC-BY-4.0", public_signers="y")
    assert "อนุมัติในระบบของหน่วยงาน" in Visitor(app.test_client()).get(HERE).text


def test_nothing_is_signed_before_it_was_submitted(coordinator: Visitor, palad: Visitor, database: Database) -> None:
    coordinator.get(CLOSE)
    coordinator.post(CLOSE, {"sure": "y"})
    palad.get(CLOSE)
    assert palad.post(CLOSE + "approve").status_code == 409
    assert signed(database) == (None, [])


def test_the_second_factor_is_asked_for_where_one_is_set_up(
    coordinator: Visitor, palad: Visitor, ours: World, database: Database, settings: Settings
) -> None:
    submit(coordinator)
    key = secret_key(settings)
    with database.writing() as session:
        member = session.scalars(select(Member).where(Member.email == ours.email("clerk"))).one()
        account = session.get_one(Account, member.account_id)
        secret = second_factor.begin(account, key)
        account.factor_since = datetime(2023, 4, 1, tzinfo=UTC)
    assert 'name="code"' in palad.get(CLOSE).text
    assert palad.post(CLOSE + "approve", {"code": "000000"}).status_code == 401
    assert signed(database) == (None, [])
    palad.get(CLOSE)
    assert palad.post(CLOSE + "approve", {"code": pyotp.TOTP(secret).at(AFTER)}).status_code == 302
    assert signed(database)[0] == "approved"


def test_on_paper_is_said_to_be_on_paper(coordinator: Visitor, palad: Visitor, app: Flask, database: Database) -> None:
    submit(coordinator)
    coordinator.get(CLOSE)
    paper = {"name": ["นายสมชาย ใจดี"], "position": ["ปลัด"], "signed_on": "3/4/2566"}
    assert coordinator.post(CLOSE + "sign", paper).status_code == 302
    assert signed(database) == ("paper", ["ปลัด"])
    palad.get(CLOSE)
    assert palad.post(CLOSE + "approve").status_code == 409
    publish(coordinator)
    assert "ลงนามบนกระดาษ" in Visitor(app.test_client()).get(HERE).text
