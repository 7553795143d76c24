"""Who may see and tick what: own units, foreign units, foreign agencies."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.db.agency_of_seed import BY, HEADER, bring_people, bring_plan, tick
from tracker.errors import ForbiddenError, NotFoundError
from tracker.models import Agency, Delivery, Digest, Event, Evidence, MailboxMessage, Member, Plan, Task
from tracker.services import access
from tracker.services.access import Viewer
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import link

AT = datetime(2023, 3, 1, 3, tzinfo=UTC)
PEOPLE = "\n".join(
    [
        HEADER,
        "สำนักปลัด,division,,หัวหน้าสำนัก,head,,office@example.go.th,",
        "กองคลัง,division,,หัวหน้าคลัง,head,,finance@example.go.th,",
        "กองคลัง,division,,เจ้าหน้าที่คลัง,staff,,clerk@example.go.th,",
        "งานนิติการ,section,สำนักปลัด,หัวหน้านิติการ,head,,legal@example.go.th,",
        ",,,ผู้ประสาน,coordinator,,coordinator@example.go.th,",
        ",,,ปลัด,executive,1,palad@example.go.th,",
    ]
)
PLAN = (
    "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\n"
    "<p>๑. ก</p>\t<p>๑. ทำ</p>\t<p>ทุกกอง</p>\t<p>มีนาคม ๒๕๖๖</p>\n"
    "<p>๒. ข</p>\t<p>๑. ทำ</p>\t<p>งานนิติการ</p>\t<p>มีนาคม ๒๕๖๖</p>\n"
    "<p>๓. ค</p>\t<p>๑. ทำ</p>\t<p>กองคลัง/งานนิติการ</p>\t<p>มีนาคม ๒๕๖๖</p>"
)


@pytest.fixture
def fill() -> Fill:
    return two_agencies


def two_agencies(database: Database) -> None:
    """Two agencies with the same people and plan; every task has evidence, every member a message."""
    with database.writing() as session:
        for name in ("อบต.หนึ่ง", "อบต.สอง"):
            bring_people(session, PEOPLE, name)
            bring_plan(session, PLAN, name)
        for task in session.scalars(select(Task)):
            progress.tick_off(
                session, task, result="ทำ", done_on=AT.date(), today=AT.date(),
                evidence=[link("https://a.example")], by=BY, at=AT,
            )  # fmt: skip


def viewer(session: Session, email: str, agency: str = "อบต.หนึ่ง") -> Viewer:
    member = session.scalars(select(Member).join(Agency).where(Member.email == email, Agency.name == agency)).one()
    return access.viewer_for(session, member)


def shown(session: Session, query: Select[Task]) -> list[str]:
    tasks = session.scalars(query.order_by(Task.id)).all()
    return [f"{task.step.measure.number} {'/'.join(unit.name for unit in task.units)}" for task in tasks]


@pytest.mark.parametrize(
    ("email", "sees"),
    [
        ("finance@example.go.th", ["1 กองคลัง", "3 กองคลัง/งานนิติการ"]),
        ("clerk@example.go.th", ["1 กองคลัง", "3 กองคลัง/งานนิติการ"]),
        ("legal@example.go.th", ["2 งานนิติการ", "3 กองคลัง/งานนิติการ"]),
        ("office@example.go.th", ["1 สำนักปลัด", "2 งานนิติการ", "3 กองคลัง/งานนิติการ"]),
        ("coordinator@example.go.th", ["1 สำนักปลัด", "1 กองคลัง", "2 งานนิติการ", "3 กองคลัง/งานนิติการ"]),
        ("palad@example.go.th", ["1 สำนักปลัด", "1 กองคลัง", "2 งานนิติการ", "3 กองคลัง/งานนิติการ"]),
    ],
)
def test_tasks_and_their_evidence(database: Database, email: str, sees: list[str]) -> None:
    with database.reading() as session:
        who = viewer(session, email)
        assert shown(session, access.tasks_of(who)) == sees
        evidence = session.scalars(access.evidence_of(who)).all()
        assert len(evidence) == len(sees)
        assert {piece.agency_id for piece in evidence} == {who.agency_id}
        own = shown(session, access.own_tasks_of(who))
        assert own == ([] if who.sees_agency else sees)


def test_one_task_by_its_number(database: Database) -> None:
    with database.reading() as session:
        finance, coordinator = viewer(session, "finance@example.go.th"), viewer(session, "coordinator@example.go.th")
        mine = session.scalars(access.tasks_of(finance).order_by(Task.id)).first()
        every = session.scalars(select(Task).order_by(Task.id)).all()
        assert mine is not None
        assert access.visible_task(session, finance, mine.id) is mine
        foreign_unit = next(
            task for task in every if task.agency_id == mine.agency_id and task.units[0] not in mine.units
        )
        foreign_agency = next(task for task in every if task.agency_id != mine.agency_id)
        for task in (foreign_unit, foreign_agency):
            assert not access.may_tick(finance, task)
            with pytest.raises(NotFoundError):
                access.visible_task(session, finance, task.id)
        assert access.may_tick(finance, mine)
        assert access.may_tick(coordinator, foreign_unit)
        assert not access.may_tick(coordinator, foreign_agency)
        assert not access.may_tick(viewer(session, "palad@example.go.th"), mine)
        with pytest.raises(NotFoundError):
            access.visible_task(session, coordinator, foreign_agency.id)
        with pytest.raises(NotFoundError):
            access.visible_task(session, coordinator, 99_999)


def test_the_rest_of_an_agency(database: Database) -> None:
    with database.writing() as session:
        for member in session.scalars(select(Member)):
            session.add(_message(session, member))
    with database.reading() as session:
        coordinator, head = viewer(session, "coordinator@example.go.th"), viewer(session, "legal@example.go.th")
        palad = viewer(session, "palad@example.go.th")
        for who in (coordinator, head, palad):
            assert [plan.agency_id for plan in session.scalars(access.plans_of(who))] == [who.agency_id]
        assert {event.agency_id for event in session.scalars(access.events_of(coordinator))} == {coordinator.agency_id}
        assert session.scalars(access.events_of(head)).all() == []
        assert session.scalars(access.deliveries_of(head)).all() == []
        assert {one.agency_id for one in session.scalars(access.deliveries_of(palad))} == {palad.agency_id}
        assert [one.member_id for one in session.scalars(access.mailbox_of(head))] == [head.member_id]
        assert [one.member_id for one in session.scalars(access.mailbox_of(palad))] == [palad.member_id]
        assert len(session.scalars(access.mailbox_of(coordinator)).all()) == 6
        access.must_coordinate(coordinator)
        for who in (head, palad):
            with pytest.raises(ForbiddenError):
                access.must_coordinate(who)


def _message(session: Session, member: Member) -> MailboxMessage:
    digest = Digest(agency_id=member.agency_id, member_id=member.id, on=AT.date(), created_at=AT)
    delivery = Delivery(agency_id=member.agency_id, digest=digest, channel="mailbox", created_at=AT)
    session.add_all([digest, delivery])
    session.flush()
    return MailboxMessage(
        agency_id=member.agency_id,
        member_id=member.id,
        delivery_id=delivery.id,
        subject="งาน",
        body_text="",
        body_html="",
        sent_at=AT,
    )


def test_a_member_without_units_sees_nothing(database: Database) -> None:
    with database.writing() as session:
        agency = session.scalars(select(Agency)).first()
        assert agency is not None
        stranger = Member(agency_id=agency.id, name="คนใหม่")
        session.add(stranger)
        session.flush()
        who = access.viewer_for(session, stranger)
        assert session.scalars(access.tasks_of(who)).all() == []
        assert session.scalars(access.evidence_of(who)).all() == []
        assert session.scalars(access.deliveries_of(who)).all() == []
        assert session.query(Evidence).count() == session.query(Task).count()
        assert session.query(Plan).count() == 2
        assert session.query(Event).count() > 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_ticking_needs_no_other_agencys_lock(database: Database) -> None:
    """Two writers of two agencies on PostgreSQL do not wait for each other; SQLite has one writer at a time."""
    with database.writing() as session:
        tasks = session.scalars(select(Task).order_by(Task.id)).all()
        for task in tasks:
            progress.withdraw(session, task, by=BY, at=AT)
    with database.writing() as one, database.writing() as other:
        tick(one, one.get_one(Task, tasks[0].id))
        tick(other, other.get_one(Task, tasks[-1].id))
