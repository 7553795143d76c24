"""From the printed word to an agency with its coordinator, and an operator's pasted table of many."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import NOON, Visitor, counted_queries
from tests.factories import PASSWORD, World
from tests.smtp import running_smtp
from tracker.models import Account, Agency, Event, Invitation, JobState, Member, Unit
from tracker.services.organisation import founding
from tracker.settings import Settings
from tracker.store.db import Database

TYPED: dict[str, object] = {
    "agency": "องค์การบริหารส่วนตำบลเขาวาว",
    "name": "นักจัดการงานทั่วไป",
    "email": "Plan@khaowao.example ",
    "password": PASSWORD,
}
TABLE = "หน่วยงาน\tผู้ประสานงาน\tอีเมล\nเทศบาลตำบลหนึ่ง\tนางหนึ่ง\tone@x.example\nอบต.สอง\tนายสอง\ttwo@x.example\n"


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@pytest.fixture
def empty(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "empty.sqlite3"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def newcomer(settings: Settings, empty: Database) -> Visitor:
    app = create_app(settings, empty)
    app.testing = True
    return Visitor(app.test_client())


@pytest.fixture
def operator(app: Flask) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in("operator@host.example")
    return visitor


def printed_word(database: Database) -> str:
    with database.writing() as session:
        word = founding.set_up_word(session, NOON)
    assert word is not None
    return word


def test_the_word_makes_agency_coordinator_and_sign_in_in_one_step(newcomer: Visitor, empty: Database) -> None:
    word = printed_word(empty)
    assert "/set-up/" in newcomer.get("/sign-in").text
    assert newcomer.get(f"/set-up/?word=+{word}+").location == f"/set-up/{word}"
    assert newcomer.get(f"/set-up/{word}").status_code == 200
    answer = newcomer.post(f"/set-up/{word}", TYPED, follow=True)
    assert answer.status_code == 200
    assert "หน่วยงานของท่านมี ๖ กอง ถูกต้องไหม" in answer.text
    assert "ขึ้นต้นว่า “องค์การบริหารส่วนตำบล”" in answer.text
    with empty.reading() as session:
        agency = session.scalars(select(Agency)).one()
        member = session.scalars(select(Member)).one()
        assert agency.name == "องค์การบริหารส่วนตำบลเขาวาว"
        assert agency.reminders_from is None  # nothing is sent before she switches it on
        assert [role.role for role in member.roles] == ["coordinator"]
        assert member.account is not None
        assert member.account.email == "plan@khaowao.example"
        assert not member.account.operator
        assert session.scalars(select(Event.kind)).all() == ["agency_founded", "units_set"]
        assert "สำนักปลัด" in session.scalars(select(Unit.name)).all()
        assert session.scalars(select(JobState).where(JobState.kind == "set_up")).all() == []
    assert newcomer.get("/people/").status_code == 200


def test_the_word_is_good_once_and_for_a_week_and_kept_as_a_hash(newcomer: Visitor, empty: Database) -> None:
    word = printed_word(empty)
    with empty.reading() as session:
        kept = session.scalars(select(JobState)).one()
        assert word not in f"{kept.token} {kept.value} {kept.content!r}"
    with time_machine.travel(NOON + timedelta(days=7, seconds=1), tick=False):
        assert newcomer.get(f"/set-up/{word}").status_code == 404
    newcomer.get(f"/set-up/{word}")
    assert newcomer.post(f"/set-up/{word}", TYPED).status_code == 302
    newcomer.get("/account/")
    again = TYPED | {"agency": "อีกแห่ง", "email": "other@x.example"}
    assert newcomer.post(f"/set-up/{word}", again).status_code == 404
    with empty.reading() as session:
        assert len(session.scalars(select(Agency)).all()) == 1


def test_a_new_start_ends_the_word_before_and_an_agency_ends_all(empty: Database) -> None:
    first, second = printed_word(empty), printed_word(empty)
    with empty.reading() as session:
        founding.check_word(session, second, NOON)
        with pytest.raises(founding.NotFoundError):
            founding.check_word(session, first, NOON)
    with empty.writing() as session:
        session.add(Agency(name="อบต.อื่น"))
    with empty.writing() as session:
        with pytest.raises(founding.NotFoundError):
            founding.check_word(session, second, NOON)
        assert founding.set_up_word(session, NOON) is None
        assert session.scalars(select(JobState)).all() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agency": " "}, "กรุณาพิมพ์ชื่อหน่วยงาน"),
        ({"name": ""}, "กรุณาพิมพ์ชื่อของท่าน"),
        ({"email": "plan"}, "“plan” ไม่ใช่อีเมล"),
        ({"password": "สั้น"}, "รหัสผ่านสั้นไป"),
        ({"password": "plan@khaowao.example"}, "รหัสผ่านนี้ใช้ชื่อ"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(
    newcomer: Visitor, empty: Database, wrong: dict[str, object], said: str
) -> None:
    word = printed_word(empty)
    newcomer.get(f"/set-up/{word}")
    answer = newcomer.post(f"/set-up/{word}", TYPED | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    kept = {"นักจัดการงานทั่วไป", "องค์การบริหารส่วนตำบลเขาวาว"} - {TYPED[name] for name in wrong}
    assert all(f'value="{text}"' in answer.text for text in kept)
    with empty.reading() as session:
        assert session.scalars(select(Agency)).all() == []
        founding.check_word(session, word, NOON)


def test_wrong_words_are_counted(newcomer: Visitor, empty: Database) -> None:
    printed_word(empty)
    answers = [newcomer.get(f"/set-up/guess-{number}").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_an_operator_makes_one_agency_and_hands_the_link_over(operator: Visitor, stranger: Visitor) -> None:
    operator.get("/operations/agencies/")
    page = operator.post(
        "/operations/agencies/", {"agency": "โรงเรียนบ้านใหม่", "name": "ครูใหม่", "email": "kru@x.example"}
    ).text
    link = re.search(r"/invitation/[\w-]+", page)
    assert link
    stranger.get(link[0])
    assert stranger.post(link[0], {"new": PASSWORD, "again": PASSWORD}).status_code == 302
    assert "โรงเรียนบ้านใหม่" in stranger.get("/people/").text
    assert "kru@x.example" in operator.get("/operations/agencies/?q=บ้านใหม่").text


def test_a_pasted_table_makes_many_or_none(operator: Visitor, database: Database) -> None:
    operator.get("/operations/agencies/")
    refused = operator.post("/operations/agencies/", {"table": f"{TABLE}อบต.ตัวอย่าง\tนายซ้ำ\tsame@x.example\n"})
    assert refused.status_code == 409
    assert "มีหน่วยงานชื่อ “อบต.ตัวอย่าง” อยู่แล้ว" in refused.text
    assert "เทศบาลตำบลหนึ่ง\tนางหนึ่ง\tone@x.example" in refused.text
    with database.reading() as session:
        assert len(session.scalars(select(Agency)).all()) == 2
    made = operator.post("/operations/agencies/", {"table": TABLE})
    assert len(set(re.findall(r"/invitation/[\w-]+", made.text))) == 2
    with database.reading() as session:
        assert {"เทศบาลตำบลหนึ่ง", "อบต.สอง"} < set(session.scalars(select(Agency.name)))


def test_a_coordinator_without_sign_in_gets_a_new_link(operator: Visitor, database: Database, ours: World) -> None:
    operator.get("/operations/agencies/")
    operator.post("/operations/agencies/", {"table": TABLE})
    with database.reading() as session:
        waiting = session.scalars(select(Member.id).where(Member.email == "one@x.example")).one()
    page = operator.post(f"/operations/agencies/coordinators/{waiting}/invite")
    assert "/invitation/" in page.text
    with database.reading() as session:
        assert len(session.scalars(select(Invitation).where(Invitation.member_id == waiting)).all()) == 1
    assert operator.post(f"/operations/agencies/coordinators/{ours.members['head2']}/invite").status_code == 404


def test_who_has_an_account_coordinates_the_new_agency_too(operator: Visitor, database: Database, ours: World) -> None:
    operator.get("/operations/agencies/")
    email = ours.email("coordinator")
    operator.post("/operations/agencies/", {"agency": "เทศบาลตำบลสาม", "name": "คนเดิม", "email": email})
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        assert {member.agency.name for member in account.members} == {"อบต.ตัวอย่าง", "เทศบาลตำบลสาม"}


def test_with_mail_the_links_go_to_the_addresses(settings: Settings, database: Database) -> None:
    with running_smtp() as server:
        with_mail = settings.model_copy(update={"smtp_url": SecretStr(server.url), "mail_from": "t@x.example"})
        app = create_app(with_mail, database)
        app.testing = True
        operator = Visitor(app.test_client())
        operator.sign_in("operator@host.example")
        operator.get("/operations/agencies/")
        page = operator.post("/operations/agencies/", {"table": TABLE})
        assert "/invitation/" not in page.text
        assert {mail.recipient for mail in server.mails} == {"one@x.example", "two@x.example"}


def test_nobody_else_makes_agencies(coordinator: Visitor, stranger: Visitor) -> None:
    assert coordinator.get("/operations/agencies/").status_code == 403
    assert coordinator.post("/operations/agencies/", {"table": TABLE}).status_code == 403
    assert stranger.get("/operations/agencies/").status_code == 302


def test_the_list_asks_as_much_for_many_agencies(operator: Visitor, database: Database) -> None:
    def asked() -> int:
        with counted_queries(database) as statements:
            operator.get("/operations/agencies/")
        return len(statements)

    few = asked()
    table = "\n".join(f"อบต.ที่ {number}\tนาย {number}\tn{number}@x.example" for number in range(30))
    operator.post("/operations/agencies/", {"table": table})
    assert asked() == few
