"""เตือนอีกครั้ง: once a day a unit, through the ledger, by LINE, else by e-mail; only by who stands above it."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.line_content import words_of
from tests.line_server import TOKEN, LineServer
from tests.office import Office, add_member, add_task, local, make_office, settings
from tests.smtp import running_smtp
from tracker.errors import ConflictError, ForbiddenError, NotFoundError
from tracker.models import Delivery, Digest, Event, LineQuota, MailboxMessage, Member, Reminder, Task, Unit
from tracker.reminders.delivery import deliver
from tracker.reminders.remind import remind
from tracker.services.access import viewer_for
from tracker.services.audit import Actor, verify
from tracker.services.tasks.remind_again import Prompt, look, remind_again
from tracker.settings import Settings
from tracker.store.db import Database

AT = local("2023-07-18 09:11")
JUNE, MAY = date(2023, 6, 30), date(2023, 5, 31)


@pytest.fixture
def office(database: Database) -> Office:
    office = make_office(database)
    for due in (MAY, JUNE):
        add_task(database, office, due)
    add_task(database, office, date(2023, 7, 31))
    return office


def ask(
    database: Database, office: Office, who: str = "palat", unit: str = "กองคลัง", at: object = AT, **more: object
) -> Prompt:
    with database.writing() as session:
        member = session.get_one(Member, office.members[who])
        by, viewer = Actor(member.name, "line", member.id), viewer_for(session, member)
        set_up = more.pop("settings", settings())
        return remind_again(session, set_up, viewer, office.units[unit], asked_as="ปลัด", by=by, at=at)  # type: ignore[arg-type]


def send(database: Database, set_up: Settings, at: object = AT) -> tuple[int, int]:
    delivered = deliver(database, set_up, lambda: at)  # type: ignore[arg-type, return-value]
    return delivered.sent, delivered.failed


def by_line(line: LineServer, **more: str) -> Settings:
    return settings(line_channel_access_token=TOKEN, line_channel_secret="secret", line_api_base=line.url, **more)


def link_head(database: Database, office: Office) -> None:
    with database.writing() as session:
        session.get_one(Member, office.members["head1"]).line_user_id = f"U{1:032x}"


def test_the_head_is_reminded_in_the_superiors_name_beside_the_days_digest(
    database: Database, office: Office, line: LineServer
) -> None:
    link_head(database, office)
    remind(database, by_line(line), local("2023-07-18 09:00"))
    before = len(line.accepted)
    prompt = ask(database, office, settings=by_line(line))
    assert (len(prompt.tasks), prompt.days) == (2, 48)
    assert [told.channels for told in prompt.told] == [("line",)]
    assert send(database, by_line(line)) == (1, 0)
    assert len(line.accepted) == before + 1
    push = list(line.accepted.values())[-1]
    assert push["to"] == f"U{1:032x}"
    [message] = push["messages"]
    words = words_of(message)
    assert words.startswith(
        "ปลัดฝากเตือน ๒ งาน\nกองคลัง · ๑๘ ก.ค. เวลา ๐๙.๑๑ น.\nรายงานผลต่อผู้บริหาร\nพ.ค. และ มิ.ย. · เลยมา ๔๘ วัน"
    )
    assert "ทำแล้ว" in words
    assert message["altText"].startswith("ปลัดฝากเตือน ๒ งาน · กองคลัง")
    with database.reading() as session:
        [event] = session.scalars(select(Event).where(Event.kind == "unit_reminded"))
        assert (event.channel, event.details["unit"]) == ("line", "กองคลัง")
        assert verify(session, office.agency) == []
    assert remind(database, by_line(line), local("2023-07-18 09:30"))["sent"] == 0


def test_once_a_day_a_unit_whoever_asks(database: Database, office: Office) -> None:
    add_task(database, office, JUNE, unit="กองช่าง")
    ask(database, office)
    for who in ("palat", "nayok", "coordinator"):
        with pytest.raises(ConflictError, match="already that day"):
            ask(database, office, who, at=AT + timedelta(hours=2))
    ask(database, office, unit="กองช่าง")
    ask(database, office, "nayok", at=AT + timedelta(days=1))
    assert send(database, settings()) == (2, 0)


def test_two_superiors_at_one_moment_send_one_message(database: Database, office: Office) -> None:
    together, said = threading.Barrier(2), []

    def press(who: str) -> None:
        together.wait()
        try:
            ask(database, office, who)
            said.append("sent")
        except ConflictError:
            said.append("refused")

    people = [threading.Thread(target=press, args=(who,)) for who in ("palat", "nayok")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(said) == ["refused", "sent"]
    assert send(database, settings()) == (1, 0)


def test_by_mail_where_line_cannot(database: Database, office: Office, line: LineServer) -> None:
    link_head(database, office)
    with running_smtp() as smtp:
        set_up = by_line(line, smtp_url=smtp.url)
        with database.writing() as session:
            quota = LineQuota(month=date(2023, 7, 1), allowed=300, used=300, forecast=300, read_at=AT)
            session.add(quota)
        assert [told.channels for told in ask(database, office, settings=set_up).told] == [("email",)]
        send(database, set_up)
        [mail] = smtp.mails
        assert mail.message["Subject"] == "[ปลัดฝากเตือน] กองคลังค้าง ๒ งาน นานสุด ๔๘ วัน"
        assert "ปลัดฝากเตือน: กองคลังค้าง ๒ งาน นานสุด ๔๘ วัน" in mail.text
        assert mail.text.count("ทำแล้ว: ") == 1
        with database.writing() as session:
            session.merge(LineQuota(month=date(2023, 7, 1), allowed=300, used=0, forecast=0, read_at=AT))
        line.quota = 0  # what we know of the month was wrong: LINE refuses, and the mail goes instead
        later = AT + timedelta(days=1)
        assert [told.channels for told in ask(database, office, settings=set_up, at=later).told] == [("line",)]
        send(database, set_up, later)
        send(database, set_up, later)
        assert len(smtp.mails) == 2
    assert line.accepted == {}


def test_a_killed_worker_sends_no_second_push(database: Database, office: Office, line: LineServer) -> None:
    link_head(database, office)
    ask(database, office, settings=by_line(line))
    line.cut = 1
    assert send(database, by_line(line)) == (0, 1)
    assert send(database, by_line(line), AT + timedelta(minutes=10)) == (1, 0)
    assert len(line.accepted) == 1


def test_what_is_done_meanwhile_drops_out(database: Database, office: Office) -> None:
    prompt = ask(database, office)
    with database.writing() as session:
        session.get_one(Task, prompt.tasks[0].id).state = "done"
    assert send(database, settings()) == (1, 0)
    with database.writing() as session:
        assert "ค้าง ๑ งาน" in session.scalars(select(MailboxMessage.subject)).one()
        for task in session.scalars(select(Task)):
            task.state = "done"
    with pytest.raises(ConflictError, match="nothing late"):
        ask(database, office, at=AT + timedelta(days=1))


def test_outside_of_working_hours_it_waits_for_the_morning(database: Database, office: Office) -> None:
    evening = local("2023-07-18 20:00")
    assert ask(database, office, at=evening).goes_at == local("2023-07-19 08:30")
    assert send(database, settings(), evening) == (0, 0)
    with pytest.raises(ConflictError, match="already that day"):
        ask(database, office, at=local("2023-07-19 09:00"))
    assert send(database, settings(), local("2023-07-19 08:30")) == (1, 0)
    with database.reading() as session:
        assert session.scalars(select(Digest.on).where(Digest.prompt_id.is_not(None))).one() == date(2023, 7, 19)


def test_what_never_went_out_that_day_is_not_sent_later(database: Database, office: Office) -> None:
    ask(database, office)
    assert send(database, settings(), AT + timedelta(days=1)) == (0, 0)
    with database.reading() as session:
        assert session.scalars(select(Delivery.state)).one() == "cancelled"
        assert session.scalars(select(Reminder).where(Reminder.stage.like("asked%"))).all() == []


def test_the_deputy_is_reminded_while_the_head_is_away(database: Database, office: Office) -> None:
    with database.writing() as session:
        deputy = add_member(session, office.agency, "deputy", "deputy", office.units["กองคลัง"])
        session.get_one(Member, office.members["head1"]).away_from = date(2023, 7, 1)
    assert [told.person.id for told in ask(database, office).told] == [deputy]


def test_only_who_stands_above_the_unit(database: Database, office: Office) -> None:
    other = make_office(database, "อบต.ข้างเคียง")
    with pytest.raises(NotFoundError):
        ask(database, office, "head2")
    with database.writing() as session:
        for who in ("staff", "deputy"):
            office.members[who] = add_member(session, office.agency, who, who, office.units["กองคลัง"])
    for who in ("head1", "staff", "deputy"):  # none of the unit's own people, be it for a colleague
        with pytest.raises(ForbiddenError):
            ask(database, office, who)
    with database.writing() as session:
        member = session.get_one(Member, office.members["palat"])
        viewer = viewer_for(session, member)
        with pytest.raises(NotFoundError):
            look(session, settings(), viewer, other.units["กองคลัง"], AT)
        session.get_one(Unit, office.units["กองคลัง"]).parent_id = office.units["กองช่าง"]
    assert ask(database, office, "head2").days == 48


def test_a_unit_without_people_is_not_reminded(database: Database, office: Office) -> None:
    with database.writing() as session:
        session.get_one(Member, office.members["head1"]).active = False
    with pytest.raises(ConflictError, match="Nobody answers"):
        ask(database, office)
