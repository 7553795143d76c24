"""The coordinator's page of deliveries: filters, words, send again, addresses, LINE's month."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from admin.app import create_app
from tests.admin.conftest import NOON, TODAY, Visitor, counted_queries
from tests.factories import World, task_of
from tests.line_server import running_line
from tracker.models import Delivery, Digest, Event, LineQuota, Member, Reminder
from tracker.reminders.delivery import deliver
from tracker.reminders.quota import forecast, read_quota
from tracker.reminders.remind import remind
from tracker.services.audit import verify
from tracker.settings import Settings
from tracker.store.db import Database

YESTERDAY = TODAY - timedelta(1)


def add_delivery(
    database: Database,
    world: World,
    who: str = "head2",
    on: date = TODAY,
    *,
    digest: int | None = None,
    **values: object,
) -> uuid.UUID:
    """A delivery of a digest with one reminder (or a further one of a digest)."""
    with database.writing() as session:
        member = world.members[who]
        if digest is None:
            row = Digest(agency_id=world.agency_id, member_id=member, on=on, created_at=NOON)
            session.add(row)
            session.flush()
            digest = row.id
            task = task_of(session, world, "กองคลัง", 3, date(2023, 3, 31))
            session.add(
                Reminder(
                    agency_id=world.agency_id,
                    task_id=task.id,
                    member_id=member,
                    digest_id=digest,
                    stage=f"upcoming:{7 + (TODAY - on).days}",
                    created_at=NOON,
                )
            )
        facts = {"agency_id": world.agency_id, "digest_id": digest, "channel": "email", "created_at": NOON}
        delivery = Delivery(**{**facts, **values})  # type: ignore[arg-type]
        session.add(delivery)
        session.flush()
        return delivery.id


def stored(database: Database, delivery: uuid.UUID) -> Delivery:
    with database.reading() as session:
        return session.get_one(Delivery, delivery)


def test_the_list_is_filtered_by_person_state_and_day(
    coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    add_delivery(database, ours, "head2", state="sent", sent_at=NOON, subject="เรื่องหนึ่ง")
    add_delivery(database, ours, "head3", YESTERDAY, state="given_up", error="ไม่มีผู้รับนี้", subject="เรื่องสอง")
    add_delivery(database, theirs, "head3", state="sent", sent_at=NOON, subject="เรื่องของเขา")
    page = coordinator.get("/reminders/deliveries").text
    assert "เรื่องหนึ่ง" in page
    assert "ไม่มีผู้รับนี้" in page
    assert "เรื่องของเขา" not in page
    for query, shown, hidden in (
        (f"person={ours.members['head3']}", "เรื่องสอง", "เรื่องหนึ่ง"),
        ("state=sent", "เรื่องหนึ่ง", "เรื่องสอง"),
        ("day=28/3/2566", "เรื่องสอง", "เรื่องหนึ่ง"),
        ("day=๒๙ มี.ค. ๖๖", "เรื่องหนึ่ง", "เรื่องสอง"),
        (f"person={theirs.members['head3']}", "ไม่พบรายการ", "เรื่องของเขา"),
    ):
        page = coordinator.get(f"/reminders/deliveries?{query}").text
        assert shown in page, query
        assert hidden not in page, query
    wrong = coordinator.get("/reminders/deliveries?day=<script>&state=nothing&person=x&page=99")
    assert wrong.status_code == 200
    assert 'aria-invalid="true"' in wrong.text
    assert "<script>&" not in wrong.text


def test_what_line_took_is_called_accepted(coordinator: Visitor, database: Database, ours: World) -> None:
    add_delivery(database, ours, channel="line", state="sent", sent_at=NOON)
    assert "LINE รับแล้ว" in coordinator.get("/reminders/deliveries").text


@pytest.mark.parametrize("state", ["failed", "given_up", "unknown"])
def test_a_message_that_did_not_arrive_is_sent_again(
    coordinator: Visitor, database: Database, settings: Settings, ours: World, state: str
) -> None:
    failed = add_delivery(
        database, ours, "head2", YESTERDAY, channel="mailbox", state=state, attempts=8,
        unanswered=2 * (state == "unknown"),
        first_attempt_at=NOON - timedelta(1), next_attempt_at=NOON + timedelta(1) if state == "failed" else None,
    )  # fmt: skip
    coordinator.get("/reminders/deliveries")
    answer = coordinator.post(f"/reminders/deliveries/{failed}/resend", follow=True)
    assert "ส่งอีกครั้งภายในหนึ่งนาที" in answer.text
    assert stored(database, failed).state == "planned"
    remind(database, settings, NOON, agency_id=ours.agency_id)
    assert stored(database, failed).state == "sent"
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "delivery_resent")).one()
        assert event.details["member"] == "หัวหน้ากองคลัง"
        assert verify(session, ours.agency_id) == []
        assert session.scalars(select(Digest.on).where(Digest.member_id == ours.members["head2"])).all() == [TODAY]


def test_an_old_message_joins_the_next_one_of_a_person_who_has_todays(
    coordinator: Visitor, database: Database, settings: Settings, ours: World
) -> None:
    add_delivery(database, ours, "head2", TODAY, state="sent", sent_at=NOON)
    old = add_delivery(database, ours, "head2", YESTERDAY, state="given_up")
    coordinator.get("/reminders/deliveries")
    assert "ข้อความถัดไป" in coordinator.post(f"/reminders/deliveries/{old}/resend", follow=True).text
    remind(database, settings, NOON, agency_id=ours.agency_id)
    assert stored(database, old).state == "cancelled"
    with database.reading() as session:
        left = session.scalars(select(Reminder.stage).where(Reminder.member_id == ours.members["head2"])).all()
    assert left == ["upcoming:7"]


def test_who_was_reached_another_way_is_not_told_twice(coordinator: Visitor, database: Database, ours: World) -> None:
    add_delivery(database, ours, "head2", TODAY, state="sent", sent_at=NOON)
    old = add_delivery(database, ours, "head2", YESTERDAY, state="given_up", channel="line")
    add_delivery(
        database, ours, "head2", digest=stored(database, old).digest_id, channel="email", state="sent", sent_at=NOON
    )
    coordinator.get("/reminders/deliveries")
    answer = coordinator.post(f"/reminders/deliveries/{old}/resend")
    assert answer.status_code == 409
    assert "ไม่ต้องส่งซ้ำ" in answer.text
    assert stored(database, old).state == "given_up"


def test_what_goes_into_the_next_message_is_not_sent_again(
    coordinator: Visitor, database: Database, settings: Settings, ours: World
) -> None:
    """LINE refused yesterday's for good, e-mail did not work: today's tells it all, whoever asks before it is made."""
    old = add_delivery(database, ours, "head2", YESTERDAY, channel="line", state="given_up")
    digest = stored(database, old).digest_id
    add_delivery(database, ours, digest=digest, state="failed", next_attempt_at=NOON - timedelta(hours=20))
    deliver(database, settings, lambda: NOON)
    coordinator.get("/reminders/deliveries")
    answer = coordinator.post(f"/reminders/deliveries/{old}/resend")
    assert answer.status_code == 409
    assert "ข้อความถัดไปของผู้รับเอง" in answer.text
    remind(database, settings, NOON, agency_id=ours.agency_id)
    with database.reading() as session:
        told = select(Reminder.stage).join(Digest).where(Digest.member_id == ours.members["head2"], Digest.on == TODAY)
        assert "upcoming:7" in session.scalars(told).all()


@pytest.mark.parametrize("state", ["sent", "claimed", "planned", "cancelled"])
def test_what_arrived_or_is_under_way_is_not_sent_again(
    coordinator: Visitor, database: Database, ours: World, state: str
) -> None:
    delivery = add_delivery(database, ours, state=state)
    page = coordinator.get("/reminders/deliveries")
    assert f"{delivery}/resend" not in page.text
    assert coordinator.post(f"/reminders/deliveries/{delivery}/resend").status_code == 409
    assert stored(database, delivery).state == state


def test_nobody_else_sends_again(
    head: Visitor, coordinator: Visitor, database: Database, ours: World, theirs: World
) -> None:
    mine = add_delivery(database, ours, state="given_up")
    foreign = add_delivery(database, theirs, state="given_up")
    head.get("/tasks/")
    assert head.post(f"/reminders/deliveries/{mine}/resend").status_code == 403
    assert head.post(f"/reminders/deliveries/{ours.members['head2']}/mended/email").status_code == 403
    coordinator.get("/reminders/deliveries")
    assert coordinator.post(f"/reminders/deliveries/{foreign}/resend").status_code == 404
    assert coordinator.post(f"/reminders/deliveries/{theirs.members['head2']}/mended/email").status_code == 404
    assert coordinator.post(f"/reminders/deliveries/{ours.members['head2']}/mended/mailbox").status_code == 404
    assert coordinator.client.post(f"/reminders/deliveries/{mine}/resend").status_code == 400
    assert {stored(database, one).state for one in (mine, foreign)} == {"given_up"}


def test_addresses_are_listed_and_corrected(coordinator: Visitor, database: Database, ours: World) -> None:
    assert "ลองส่งใหม่" not in coordinator.get("/reminders/deliveries").text
    with database.writing() as session:
        session.get_one(Member, ours.members["head1"]).email = None
        session.get_one(Member, ours.members["head2"]).email_failed = "550 ไม่มีผู้ใช้นี้"
    page = coordinator.get("/reminders/deliveries").text
    assert "มี ๑ คนที่ไม่มีทั้งอีเมลและ LINE" in page
    assert "550 ไม่มีผู้ใช้นี้" in page
    coordinator.post(f"/reminders/deliveries/{ours.members['head2']}/mended/email")
    with database.reading() as session:
        assert session.get_one(Member, ours.members["head2"]).email_failed is None
        assert session.scalars(select(Event).where(Event.kind == "address_mended")).one().actor == "ผู้ประสานงาน"


def test_lines_month_is_read_by_a_worker_and_shown(database: Database, settings: Settings, ours: World) -> None:
    with running_line() as line:
        line.quota = 200
        settings = settings.model_copy(
            update={
                "line_channel_access_token": SecretStr("channel-access-token"),
                "line_channel_secret": SecretStr("secret"),
                "line_api_base": line.url,
            }
        )
        read_quota(database, settings, NOON)
        line.accepted = {str(number): {"to": "x"} for number in range(190)}
        read_quota(database, settings, NOON)
    read_quota(database, settings, NOON + timedelta(hours=1))  # LINE is gone: what is known stays
    with database.reading() as session:
        row = session.scalars(select(LineQuota)).one()
        assert (row.month, row.allowed, row.used, row.read_at) == (date(2023, 3, 1), 200, 190, NOON)
    visitor = Visitor(create_app(settings, database).test_client())
    visitor.sign_in(ours.email("coordinator"))
    page = visitor.get("/reminders/deliveries").text
    assert "ใช้ไปแล้ว ๑๙๐ จาก ๒๐๐ ข้อความ" in page
    assert "เกินที่ LINE ให้ส่งได้" in page


def test_the_forecast_follows_working_days() -> None:
    assert forecast(0, TODAY) == 0
    assert forecast(22, date(2023, 3, 31)) == 22
    assert forecast(10, date(2023, 3, 1)) == 220  # March 2023 has 22 working days (6 March is a holiday)
    assert forecast(5, date(2023, 1, 1)) == 5  # no working day yet


def test_the_list_asks_as_often_for_many_as_for_few(coordinator: Visitor, database: Database, ours: World) -> None:
    add_delivery(database, ours, "head1", state="given_up")
    with counted_queries(database) as few:
        coordinator.get("/reminders/deliveries")
    for number in range(60):
        add_delivery(
            database,
            ours,
            "head3",
            TODAY - timedelta(number),
            state="failed",
            next_attempt_at=datetime(2023, 4, 1, tzinfo=UTC),
        )
    with counted_queries(database) as many:
        page = coordinator.get("/reminders/deliveries?page=1").text
    assert len(few) == len(many) <= 12
    assert "หน้า ๑ จาก ๒" in page
