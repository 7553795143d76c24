"""Deliveries: sent once, retried, given up, sent another way; whatever is killed between."""

import re
import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.office import ALL_HOURS, Office, add_member, add_task, local, make_office, settings
from tests.smtp import Mailserver, running_smtp
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.email.smtp import EmailChannel
from tracker.models import Delivery, Digest, Heartbeat, MailboxMessage, Member, Notice, Reminder, Role, Task, Unit
from tracker.reminders import delivery as delivering
from tracker.reminders import digest_forms
from tracker.reminders.delivery import deliver
from tracker.reminders.ledger import claim, forget_heartbeats, heartbeat, mark, next_attempt
from tracker.reminders.remind import remind
from tracker.reminders.sweep import sweep
from tracker.settings import Settings
from tracker.store.db import Database

LEASE = timedelta(minutes=5)
MORNING = local("2023-06-23 09:00")


@pytest.fixture
def office(database: Database) -> Office:
    return make_office(database)


def by_mail(server: Mailserver, lanes: int = 1) -> Settings:
    return settings(smtp_url=server.url, delivery_lanes=lanes)


def states(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(select(Delivery.channel, Delivery.state).order_by(Delivery.created_at, Delivery.channel))
        return [(channel, state) for channel, state in rows]


def test_a_digest_goes_out_by_mail(database: Database, office: Office, smtp: Mailserver) -> None:
    task = add_task(database, office, date(2023, 6, 30))
    assert remind(database, by_mail(smtp), MORNING)["sent"] == 1
    mail = smtp.mails[0]
    with database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.state, row.address, row.attempts) == ("sent", f"head1-{office.agency}@example.go.th", 1)
        assert mail.message["Message-ID"] == f"<{row.id}@example.go.th>"
    assert mail.recipient == f"head1-{office.agency}@example.go.th"
    assert mail.message["Subject"] == "[ครบกำหนด ๓๐ มิ.ย. ๖๖] รายงานผลต่อผู้บริหาร"
    assert mail.message["From"].addresses[0].display_name == "อบต.เขาขาว"
    assert re.fullmatch(r"<http://tracker.example/seen/[^/]+/reminders>", mail.message["List-Unsubscribe"])
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"].datetime == MORNING
    for part in mail.message.iter_parts():
        assert part["Content-Transfer-Encoding"] == "base64"
        [token] = set(re.findall(r"http://tracker.example/done/([^\s?\"]+)", part.get_content()))  # type: ignore[attr-defined]
        link = DoneLinks("only for the tests of reminders").read(token)
        assert link is not None
        assert (link.task_id, link.sent_on) == (task, MORNING.date())
    assert "ท่านได้รับข้อความนี้เพราะรับผิดชอบงานของกองคลัง" in mail.text
    assert '<html lang="th">' in mail.html


def test_a_batch_goes_over_one_connection(database: Database, smtp: Mailserver) -> None:
    office = make_office(database, "ใหญ่", [f"กอง {number}" for number in range(60)])
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)
    before = smtp.connections
    assert remind(database, by_mail(smtp), MORNING)["sent"] == 60
    assert smtp.connections == before + 1
    assert len(set(smtp.recipients)) == 60


def _many_due(database: Database, count: int) -> None:
    office = make_office(database, "ใหญ่", [f"กอง {number}" for number in range(count)])
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)


def test_many_are_handed_over_beside_each_other_and_each_once(
    database: Database, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many_due(database, 40)
    original = EmailChannel.send
    all_lanes_send, first = Barrier(4, timeout=30), set[EmailChannel]()

    def send(self: EmailChannel, message: Any, begin: Any = None) -> str | None:
        if self not in first:
            first.add(self)
            all_lanes_send.wait()
        return original(self, message, begin)

    monkeypatch.setattr(EmailChannel, "send", send)
    assert remind(database, by_mail(smtp, lanes=4), MORNING) | {"digests": []} == {
        "at": MORNING.isoformat(), "digests": [], "sent": 40, "failed": 0,
    }  # fmt: skip
    assert len(first) == 4
    assert len(smtp.mails) == len(set(smtp.recipients)) == 40
    assert states(database) == [("email", "sent")] * 40


def test_a_kill_of_all_lanes_leaves_one_message_a_lane_unsure(
    database: Database, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many_due(database, 40)
    with monkeypatch.context() as patched:
        _kill_always_after_sending(patched)
        with pytest.raises(KeyboardInterrupt):
            remind(database, by_mail(smtp, lanes=4), MORNING)
    with database.reading() as session:
        assert len(session.scalars(select(Delivery).where(Delivery.unanswered == 1)).all()) == len(smtp.mails) == 4
    later = remind(database, by_mail(smtp, lanes=4), MORNING + timedelta(minutes=6))
    assert (later["sent"], later["failed"]) == (40, 0)
    ids = Counter(mail.message["Message-ID"] for mail in smtp.mails)
    assert sorted(ids.values()) == [1] * 36 + [2] * 4


def test_a_kill_before_sending_sends_one_after_the_lease(
    database: Database, office: Office, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kill_once(monkeypatch, before=True)
    _killed_then_recovered(database, office, smtp)
    assert len(smtp.mails) == 1


def test_a_kill_after_sending_sends_the_same_message_id(
    database: Database, office: Office, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kill_once(monkeypatch, before=False)
    _killed_then_recovered(database, office, smtp)
    assert len(smtp.mails) == 2
    assert len({mail.message["Message-ID"] for mail in smtp.mails}) == 1


def test_an_email_is_handed_over_twice_at_most_and_then_left_to_the_coordinator(
    database: Database, office: Office, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_task(database, office, date(2023, 6, 30))
    _kill_always_after_sending(monkeypatch)
    for minute in (0, 6):
        with pytest.raises(KeyboardInterrupt):
            remind(database, by_mail(smtp), MORNING + timedelta(minutes=minute))
    for minute in (12, 18, 60):
        assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=minute))["sent"] == 0
    assert len(smtp.mails) == 2
    assert len({mail.message["Message-ID"] for mail in smtp.mails}) == 1
    assert states(database) == [("email", "unknown")]
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert f"ไม่แน่ใจว่าข้อความถึงhead1-{office.agency}ทางอีเมลแล้วหรือไม่" in notice.text


def test_answers_that_never_come_count_like_kills(database: Database, office: Office, smtp: Mailserver) -> None:
    add_task(database, office, date(2023, 6, 30))
    for minute in range(0, 120, 5):
        smtp.hang_up_after_data = True
        remind(database, by_mail(smtp), MORNING + timedelta(minutes=minute))
    assert len(smtp.mails) == 2
    assert states(database) == [("email", "unknown")]


def test_a_second_copy_that_was_cut_before_its_last_line_is_none(
    database: Database, office: Office, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever dies while it is on its way has sent nothing: it may be tried as often as that happens."""
    add_task(database, office, date(2023, 6, 30))
    with monkeypatch.context() as first:
        _kill_always_after_sending(first)
        with pytest.raises(KeyboardInterrupt):
            remind(database, by_mail(smtp), MORNING)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as then:
        then.setattr(delivering, "begin", killed)
        for minute in (6, 12, 18):
            with pytest.raises(KeyboardInterrupt):
                remind(database, by_mail(smtp), MORNING + timedelta(minutes=minute))
    assert len(smtp.mails) == 1
    assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=24))["sent"] == 1
    assert len(smtp.mails) == 2


def test_a_kill_leaves_only_the_message_in_flight_unsure(
    database: Database, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(database, "ใหญ่", [f"กอง {number}" for number in range(5)])
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)
    _kill_always_after_sending(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        remind(database, by_mail(smtp), MORNING)
    with database.reading() as session:
        assert sorted(session.scalars(select(Delivery.unanswered))) == [0, 0, 0, 0, 1]


def test_a_message_that_cannot_be_made_holds_up_nobody_elses(
    database: Database, office: Office, smtp: Mailserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)
    original = digest_forms.compose

    def compose(view: Any) -> Any:
        if view.name.startswith("head1"):
            raise ValueError(view.name)
        return original(view)

    monkeypatch.setattr(digest_forms, "compose", compose)
    result = remind(database, by_mail(smtp), MORNING)
    assert (result["sent"], result["failed"]) == (1, 1)
    assert smtp.recipients == [f"head2-{office.agency}@example.go.th"]
    with database.reading() as session:
        error = session.scalars(select(Delivery.error).where(Delivery.state == "failed")).one()
        assert error == "สร้างข้อความไม่ได้ (ValueError)"


def test_a_kill_never_doubles_the_mailbox(database: Database, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    add_task(database, office, date(2023, 6, 30))
    killed = iter([True])

    def compose(view: Any) -> Any:
        if next(killed, False):
            raise KeyboardInterrupt
        return original(view)

    original = digest_forms.compose
    monkeypatch.setattr(digest_forms, "compose", compose)
    with pytest.raises(KeyboardInterrupt):
        remind(database, settings(), MORNING)
    for minute in (1, 6, 7, 12):
        remind(database, settings(), MORNING + timedelta(minutes=minute))
    with database.reading() as session:
        assert len(session.scalars(select(MailboxMessage)).all()) == 1


def test_a_temporary_failure_is_tried_again_within_ten_minutes(
    database: Database, office: Office, smtp: Mailserver
) -> None:
    add_task(database, office, date(2023, 6, 30))
    smtp.next_data = ["451 4.3.0 try later"] * 2
    result = remind(database, by_mail(smtp), MORNING)
    assert (result["sent"], result["failed"]) == (0, 1)
    assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=2))["failed"] == 0
    assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=10))["failed"] == 1
    assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=12))["failed"] == 0
    assert remind(database, by_mail(smtp), MORNING + timedelta(minutes=30))["sent"] == 1
    assert len(smtp.mails) == 1


def test_a_server_that_is_down_is_asked_once_a_run(database: Database) -> None:
    office = make_office(database, "ใหญ่", [f"กอง {number}" for number in range(60)])
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)
    dead = settings(smtp_url="smtp://127.0.0.1:9")
    assert remind(database, dead, MORNING)["sent"] == 0
    with database.reading() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.state == "failed")).all()
        assert "ติดต่อเซิร์ฟเวอร์อีเมล 127.0.0.1 ไม่ได้" in (waiting[0].error or "")
        assert not any(one.unanswered for one in waiting)
        assert len({one.next_attempt_at for one in waiting}) > 20
    with running_smtp() as server:
        remind(database, by_mail(server), MORNING + timedelta(minutes=9))
        assert len(set(server.recipients)) == 60


def test_a_bounce_at_rcpt_goes_to_the_mailbox_and_the_coordinator_hears_of_it(
    database: Database, office: Office, smtp: Mailserver
) -> None:
    add_task(database, office, date(2023, 6, 30))
    address = f"head1-{office.agency}@example.go.th"
    smtp.refuse[address] = "550 5.1.1 no such user"
    result = remind(database, by_mail(smtp), MORNING)
    assert (result["sent"], result["failed"]) == (1, 1)
    assert sorted(states(database)) == [("email", "given_up"), ("mailbox", "sent")]
    with database.reading() as session:
        assert "550 5.1.1 no such user" in (session.get_one(Member, office.members["head1"]).email_failed or "")
    later = remind(database, by_mail(smtp), local("2023-06-26 09:00"))
    assert [one["to"] for one in later["digests"]] == [f"coordinator-{office.agency}@example.go.th"]
    assert f"ส่งข้อความถึงhead1-{office.agency}ทางอีเมลไม่ได้ จึงส่งทางกล่องข้อความแทน" in smtp.mails[0].text
    mailbox = remind(database, by_mail(smtp), local("2023-06-29 09:00"))
    assert [(one["to"], one["channel"]) for one in mailbox["digests"]] == [(address, "mailbox")]


def test_a_refusal_by_policy_leaves_the_address_alone(database: Database, office: Office, smtp: Mailserver) -> None:
    add_task(database, office, date(2023, 6, 30))
    smtp.refuse[f"head1-{office.agency}@example.go.th"] = "554 5.7.1 relaying denied"
    remind(database, by_mail(smtp), MORNING)
    assert sorted(states(database)) == [("email", "given_up"), ("mailbox", "sent")]
    with database.reading() as session:
        assert session.get_one(Member, office.members["head1"]).email_failed is None


def test_retries_keep_the_persons_hours(database: Database, office: Office, smtp: Mailserver) -> None:
    """Friday's last attempts fail: none follows in the evening or on Saturday, and on Monday it is Monday's digest."""
    add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        session.get_one(Member, office.members["head1"]).send_until = time(10)
    smtp.next_data = ["451 4.3.0 try later"] * 2
    assert remind(database, by_mail(smtp), local("2023-06-23 09:52"))["failed"] == 1
    assert remind(database, by_mail(smtp), local("2023-06-23 09:59"))["failed"] == 1
    with database.reading() as session:
        waits_until = session.scalars(select(Delivery.next_attempt_at)).one()
    assert waits_until == local("2023-06-26 08:30")
    for moment in ("2023-06-23 10:10", "2023-06-23 20:00", "2023-06-24 09:00"):
        assert deliver(database, by_mail(smtp), lambda moment=moment: local(moment)).sent == 0
    assert remind(database, by_mail(smtp), local("2023-06-26 09:00"))["sent"] == 1
    assert len(smtp.mails) == 1


def test_an_hour_of_failures_before_the_day_ends_goes_another_way_the_same_day(
    database: Database, office: Office
) -> None:
    add_task(database, office, date(2023, 6, 30))
    dead = settings(smtp_url="smtp://127.0.0.1:9")
    for minute in range(0, 2 * 60, 5):
        remind(database, dead, local("2023-06-23 14:30") + timedelta(minutes=minute))
    assert sorted(states(database)) == [("email", "given_up"), ("mailbox", "sent")]


def test_a_day_of_failures_ends_in_the_mailbox(database: Database) -> None:
    office = make_office(database, **ALL_HOURS)
    add_task(database, office, date(2023, 6, 30))
    dead = settings(smtp_url="smtp://127.0.0.1:9")
    for minute in range(0, 14 * 60, 5):
        remind(database, dead, MORNING + timedelta(minutes=minute))
    assert sorted(states(database)) == [("email", "given_up"), ("mailbox", "sent")]
    with database.reading() as session:
        assert session.scalars(select(Delivery.attempts).where(Delivery.channel == "email")).one() == 8
        assert session.get_one(Member, office.members["head1"]).email_failed is None


def test_an_outage_of_a_week_gives_one_digest(database: Database, office: Office) -> None:
    """Planned before the outage, never tried: its tasks go into the digest of the day on which mail works again."""
    add_task(database, office, date(2023, 6, 30))
    with running_smtp() as server:
        sweep(database, by_mail(server), [office.agency], MORNING)
        for minute in (0, 1):
            remind(database, by_mail(server), local("2023-07-03 09:00") + timedelta(minutes=minute))
        assert [mail.message["Subject"] for mail in server.mails] == ["[เลยกำหนด ๓๐ มิ.ย. ๖๖] รายงานผลต่อผู้บริหาร"]
    with database.reading() as session:
        assert session.scalars(select(Reminder.stage)).all() == ["overdue:1"]


def test_what_mail_could_not_take_yesterday_is_in_todays_digest(database: Database, office: Office) -> None:
    yesterday, today = add_task(database, office, date(2023, 6, 29)), add_task(database, office, date(2023, 6, 30))
    remind(database, settings(smtp_url="smtp://127.0.0.1:9"), local("2023-06-22 16:00"))
    with running_smtp() as server:
        result = remind(database, by_mail(server), MORNING)
        assert [one["tasks"] for one in result["digests"]] == [[yesterday, today]]
        assert result["sent"] == len(server.mails) == 1
    assert states(database) == [("email", "cancelled"), ("email", "sent")]


@pytest.mark.parametrize("change", ["done", "reassigned", "moved", "left"])
def test_what_changed_before_sending_drops_out(
    database: Database, office: Office, smtp: Mailserver, change: str
) -> None:
    task = add_task(database, office, date(2023, 6, 30))
    add_task(database, office, date(2023, 6, 23))
    sweep(database, by_mail(smtp), [office.agency], MORNING)
    with database.writing() as session:
        one = session.get_one(Task, task)
        if change == "done":
            one.state = "done"
        elif change == "reassigned":
            one.units = [session.get_one(Unit, office.units["กองช่าง"])]
        elif change == "moved":
            one.due_on = date(2023, 8, 31)
        else:
            session.get_one(Member, office.members["head1"]).active = False
    deliver(database, by_mail(smtp), lambda: MORNING)
    if change == "left":
        assert smtp.mails == []
        assert states(database) == [("email", "cancelled")]
    else:
        assert smtp.mails[0].message["Subject"] == "[ครบกำหนด ๒๓ มิ.ย. ๖๖] รายงานผลต่อผู้บริหาร"
    with database.reading() as session:
        assert task not in session.scalars(select(Reminder.task_id)).all()


def test_a_coordinator_who_heads_a_unit_ticks_its_late_task_off_from_the_mail(
    database: Database, office: Office, smtp: Mailserver
) -> None:
    with database.writing() as session:
        session.add(Role(agency_id=office.agency, member_id=office.members["head1"], role="coordinator"))
    for unit in office.units:
        add_task(database, office, date(2023, 6, 20), unit=unit)
    remind(database, by_mail(smtp), local("2023-06-20 09:00"))
    remind(database, by_mail(smtp), MORNING)
    *_, mail = [mail for mail in smtp.mails if mail.recipient.startswith("head1-")]
    assert "- กองช่าง ค้าง ๓ วัน\n  รายงานผลต่อผู้บริหาร ๒๐ มิ.ย.\n" in mail.text
    assert mail.text.count("ทำแล้ว: ") == 1
    assert "เพราะรับผิดชอบงานของกองคลัง\n" in mail.text
    assert "ระบบแจ้งผู้บังคับบัญชาและผู้ประสานงานด้วย" in mail.text


def test_the_deputy_hears_of_it_when_the_head_leaves_between(
    database: Database, office: Office, smtp: Mailserver
) -> None:
    add_task(database, office, date(2023, 6, 30))
    sweep(database, by_mail(smtp), [office.agency], MORNING)
    with database.writing() as session:
        add_member(session, office.agency, "deputy", "deputy", office.units["กองคลัง"])
        session.get_one(Member, office.members["head1"]).away_from = date(2023, 6, 1)
    remind(database, by_mail(smtp), MORNING + timedelta(minutes=1))
    remind(database, by_mail(smtp), MORNING + timedelta(minutes=2))
    assert smtp.recipients == ["deputy@example.go.th"]


def test_several_chosen_channels_get_it_each(database: Database, office: Office, smtp: Mailserver) -> None:
    add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        session.execute(update(Member).values(channels=["mailbox", "email"]))
    assert remind(database, by_mail(smtp), MORNING)["sent"] == 2
    assert sorted(states(database)) == [("email", "sent"), ("mailbox", "sent")]


def test_a_claim_is_exclusive_and_ends_with_its_lease(database: Database, office: Office) -> None:
    add_task(database, office, date(2023, 6, 30))
    sweep(database, settings(), [office.agency], MORNING)
    with database.writing() as session:
        first, ids = claim(session, MORNING, 10, LEASE)
    with database.writing() as session:
        assert claim(session, MORNING + timedelta(minutes=4), 10, LEASE)[1] == []
        second, again = claim(session, MORNING + timedelta(minutes=5), 10, LEASE)
        assert again == ids
        assert not mark(session, ids[0], first, state="sent")
        assert mark(session, ids[0], second, state="sent")
    with database.reading() as session:
        row = session.get_one(Delivery, ids[0])
        assert (row.unanswered, row.state) == (0, "sent")
        assert row.first_attempt_at == MORNING


def test_a_claim_takes_no_more_than_its_limit_however_the_rows_are_found(database: Database, office: Office) -> None:
    add_task(database, office, date(2023, 6, 30))
    sweep(database, settings(), [office.agency], MORNING)
    with database.writing() as session:
        one = session.scalars(select(Delivery)).first()
        assert one is not None
        for days in range(1, 41):
            on = one.digest.on - timedelta(days)
            digest = Digest(agency_id=one.agency_id, member_id=one.digest.member_id, on=on, created_at=MORNING)
            due = {"channel": one.channel, "next_attempt_at": one.next_attempt_at, "created_at": MORNING}
            session.add(Delivery(agency_id=one.agency_id, digest=digest, **due))
    with database.writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            for method in ("hashjoin", "mergejoin", "hashagg", "material", "sort"):
                session.execute(text(f"SET LOCAL enable_{method} = off"))
        assert len(claim(session, MORNING, 10, LEASE)[1]) == 10


def test_killed_claims_cost_no_retries(database: Database, office: Office, smtp: Mailserver) -> None:
    add_task(database, office, date(2023, 6, 30))
    sweep(database, by_mail(smtp), [office.agency], MORNING)
    for number in range(10):
        with database.writing() as session:
            assert claim(session, MORNING + number * LEASE, 10, LEASE)[1]
    at = MORNING + 10 * LEASE
    smtp.next_data = ["451 try again later"]
    assert deliver(database, by_mail(smtp), lambda: at).failed == 1
    with database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.state, row.attempts) == ("failed", 1)
        assert row.next_attempt_at is not None
        assert row.next_attempt_at - at <= timedelta(minutes=10)


def test_what_is_put_back_for_want_of_time_goes_with_the_next_batch(
    database: Database, office: Office, smtp: Mailserver
) -> None:
    for unit in office.units:
        add_task(database, office, date(2023, 6, 30), unit=unit)
    sweep(database, by_mail(smtp), [office.agency], MORNING)
    instants = [MORNING + number * timedelta(seconds=90) for number in range(10)]
    clock = iter(instants)
    assert deliver(database, by_mail(smtp), lambda: next(clock)).sent == 2
    with database.reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.sent_at)).all()
        assert [(row.attempts, row.sent_at) for row in rows] == [(1, instants[2]), (1, instants[7])]


def test_waits_grow_and_differ() -> None:
    at = datetime(2023, 6, 23, tzinfo=UTC)
    for number in range(50):
        one = uuid.UUID(int=number * 7919)
        waits = [next_attempt(one, attempts, at, timedelta(minutes=4)) - at for attempts in range(1, 9)]
        assert timedelta(minutes=4) <= waits[0] <= timedelta(minutes=5)
        assert waits == sorted(waits)
    assert len({next_attempt(uuid.uuid4(), 1, at, timedelta(minutes=4)) for _ in range(50)}) > 10


def test_a_heartbeat_never_goes_back(database: Database) -> None:
    for minute in (0, 5, 3):
        with database.writing() as session:
            heartbeat(session, "beat", MORNING + timedelta(minutes=minute))
    with database.reading() as session:
        assert session.get_one(Heartbeat, "beat").at == MORNING + timedelta(minutes=5)


def test_a_worker_that_is_long_gone_is_forgotten(database: Database) -> None:
    with database.writing() as session:
        for name, days in (("worker a@x", 8), ("worker b@y", 6), ("sweep", 9)):
            heartbeat(session, name, MORNING - timedelta(days=days))
        forget_heartbeats(session, MORNING)
    with database.reading() as session:
        assert set(session.scalars(select(Heartbeat.name))) == {"worker b@y", "sweep"}


def _kill_once(monkeypatch: pytest.MonkeyPatch, *, before: bool) -> None:
    """The first message is cut by a kill, before or after the server has it."""
    original = EmailChannel.send
    killed = iter([True])

    def send(self: EmailChannel, message: Any, begin: Any = None) -> str | None:
        now = next(killed, False)
        if now and before:
            raise KeyboardInterrupt
        receipt = original(self, message, begin)
        if now:
            raise KeyboardInterrupt
        return receipt

    monkeypatch.setattr(EmailChannel, "send", send)


def _kill_always_after_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    original = EmailChannel.send

    def send(self: EmailChannel, message: Any, begin: Any = None) -> str | None:
        original(self, message, begin)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailChannel, "send", send)


def _killed_then_recovered(database: Database, office: Office, smtp: Mailserver) -> None:
    add_task(database, office, date(2023, 6, 30))
    with pytest.raises(KeyboardInterrupt):
        remind(database, by_mail(smtp), MORNING)
    for minute in (1, 2, 4, 6, 8, 12):
        remind(database, by_mail(smtp), MORNING + timedelta(minutes=minute))
    assert states(database) == [("email", "sent")]
    with database.reading() as session:
        assert session.scalars(select(Notice)).all() == []
