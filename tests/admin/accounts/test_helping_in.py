"""A coordinator helps who cannot get in: a link for a new password, the factor of a lost telephone taken away."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.accounts.test_second_factor import code_at, set_up
from tests.admin.conftest import NOON, Visitor
from tests.factories import PASSWORD, World
from tests.smtp import running_smtp
from tracker.models import Account, Event, Member, Notice, Role
from tracker.settings import Settings
from tracker.store.db import Database

CHOSEN: dict[str, object] = {"new": "อีกรหัสหนึ่งที่ยาว-8842", "again": "อีกรหัสหนึ่งที่ยาว-8842"}


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


def link_for(coordinator: Visitor, member_id: int) -> str:
    coordinator.get("/people/")
    answer = coordinator.post(f"/people/help/{member_id}/password-link")
    assert answer.status_code == 200
    found = re.search(r"/sign-in/password/[\w.-]+", answer.text)
    assert found
    return found[0]


def test_a_link_is_handed_over_and_ends_the_sessions_once_it_is_used(
    app: Flask, coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    member = ours.members["head2"]
    assert f"/people/help/{member}/password-link" in coordinator.get("/people/").text
    link = link_for(coordinator, member)
    assert head.get("/tasks/").status_code == 200  # the password until now stays good
    guest = Visitor(app.test_client())
    with time_machine.travel(NOON + timedelta(days=6), tick=False):
        guest.get(link)
        assert guest.post(link, CHOSEN).status_code == 302
        assert head.get("/tasks/").status_code == 302
        assert guest.get(link).status_code == 404
    with database.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.member_id == member)).one()
        assert "ออกลิงก์ตั้งรหัสผ่านใหม่ให้ท่าน" in notice.text
        assert "password_link_sent" in session.scalars(select(Event.kind)).all()


def test_a_link_that_was_handed_over_ends_after_seven_days(app: Flask, coordinator: Visitor, ours: World) -> None:
    link = link_for(coordinator, ours.members["head2"])
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        assert Visitor(app.test_client()).get(link).status_code == 404


def test_nobody_else_sees_the_link_of_who_keeps_the_agency_signs_for_it_or_serves_another(
    settings: Settings, database: Database, ours: World, theirs: World
) -> None:
    with database.writing() as session:
        second = session.get_one(Member, ours.members["head1"])
        second.roles.append(Role(agency_id=ours.agency_id, role="coordinator"))
        account = session.get_one(Member, ours.members["head3"]).account
        session.add(Member(agency_id=theirs.agency_id, account=account, name="หัวหน้ากองช่าง", email="head3@tua.example"))
    with running_smtp() as mail:
        app = create_app(settings.model_copy(update={"smtp_url": SecretStr(mail.url)}), database)
        coordinator = Visitor(app.test_client())
        coordinator.sign_in(ours.email("coordinator"))
        for who in ("head1", "head3", "mayor"):
            coordinator.get("/people/")
            answer = coordinator.post(f"/people/help/{ours.members[who]}/password-link", follow=True)
            assert "/sign-in/password/" not in answer.text
            assert "ส่งลิงก์ถึง" in answer.text
        assert [one.recipient for one in mail.mails] == [ours.email(who) for who in ("head1", "head3", "mayor")]


def test_without_a_way_to_the_person_it_is_said(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        second = session.get_one(Member, ours.members["head1"])
        second.roles.append(Role(agency_id=ours.agency_id, role="coordinator"))
    coordinator.get("/people/")
    answer = coordinator.post(f"/people/help/{ours.members['head1']}/password-link", follow=True)
    assert "ไม่มีอีเมลหรือ LINE ของเจ้าตัว" in answer.text


def test_who_has_no_password_is_invited_instead(coordinator: Visitor, database: Database, ours: World) -> None:
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).account_id = None
    coordinator.get("/people/")
    assert coordinator.post(f"/people/help/{ours.members['head2']}/password-link").status_code == 404


def test_the_factor_of_a_lost_telephone_goes_by_the_coordinators_own_password_and_code(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    member = ours.members["head2"]
    path = f"/people/help/{member}/lost-phone"
    assert coordinator.get(path).status_code == 404  # there is none
    set_up(head)
    secret, _ = set_up(coordinator)
    assert path in coordinator.get("/people/").text
    coordinator.get(path)
    code = code_at(secret, 60)
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        assert coordinator.post(path, {"password": "wrong", "code": code}).status_code == 422
        assert coordinator.post(path, {"password": PASSWORD, "code": "000000"}).status_code == 422
        answer = coordinator.post(path, {"password": PASSWORD, "code": code}, follow=True)
    assert "เข้าด้วยรหัสผ่านอย่างเดียวแล้ว" in answer.text
    with database.reading() as session:
        account = session.scalars(select(Account).join(Member).where(Member.id == member)).one()
        assert account.factor_since is None
        notice = session.scalars(select(Notice).where(Notice.member_id == member)).one()
        assert "ปิดการยืนยันสองขั้นของท่าน" in notice.text


def test_the_factor_of_who_keeps_the_agency_is_the_operators(
    coordinator: Visitor, head: Visitor, database: Database, ours: World
) -> None:
    set_up(head)
    with database.writing() as session:
        second = session.get_one(Member, ours.members["head2"])
        second.roles.append(Role(agency_id=ours.agency_id, role="coordinator"))
    path = f"/people/help/{ours.members['head2']}/lost-phone"
    coordinator.get(path)
    assert coordinator.post(path, {"password": PASSWORD}).status_code == 409
