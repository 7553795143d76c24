"""The sweep: who gets what when, once, whatever happens around it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from tests.office import BANGKOK, add_member, add_task, local, make_office, settings
from tracker.models import DayOff, Delivery, Digest, MailboxMessage, Member, Notice, Plan, Reminder, Round, Task, Unit
from tracker.reminders import remind as reminding
from tracker.reminders.expired import give_back_stale
from tracker.reminders.notices import notify
from tracker.reminders.queries import agencies_due
from tracker.reminders.remind import remind
from tracker.reminders.sweep import look_at_again, sweep
from tracker.services.audit import Actor
from tracker.services.reports.closing import close_round, reopen_round
from tracker.store.db import Database

BARE = settings()


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that go to the database inside the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def told(database: Database) -> list[tuple[str, str, str]]:
    """Day, person and stage of every reminder recorded."""
    with database.reading() as session:
        rows = session.execute(
            select(Digest.on, Member.name, Reminder.stage)
            .join(Reminder, Reminder.digest_id == Digest.id)
            .join(Member, Member.id == Digest.member_id)
            .order_by(Digest.on, Member.name, Reminder.stage)
        )
        return [(f"{on}", name.partition("-")[0], stage) for on, name, stage in rows]


def run(database: Database, text: str, **options: object) -> dict:
    return remind(database, BARE, local(text), **options)  # type: ignore[arg-type]


def test_each_stage_of_a_monthly_task_reaches_the_head_once(database: Database) -> None:
    task = add_task(database, make_office(database), date(2023, 6, 30))
    day = local("2023-06-19 00:00")
    for hour in range(9, 24 * 23, 8):
        at = day + timedelta(hours=hour, minutes=45)
        remind(database, BARE, at)
    assert [entry for entry in told(database) if entry[1] == "head1"] == [
        ("2023-06-23", "head1", "upcoming:7"),
        ("2023-06-29", "head1", "upcoming:1"),
        ("2023-06-30", "head1", "due"),
        ("2023-07-03", "head1", "overdue:1"),
        ("2023-07-10", "head1", "overdue:8"),
    ]
    with database.reading() as session:
        assert set(session.scalars(select(Delivery.state))) == {"sent"}
        assert set(session.scalars(select(Reminder.task_id))) == {task}


def test_the_json_of_a_sweep(database: Database) -> None:
    office = make_office(database)
    tasks = sorted(add_task(database, office, date(2023, 6, day)) for day in (23, 30))
    expected = {
        "to": f"head1-{office.agency}@example.go.th",
        "channel": "mailbox",
        "tasks": tasks,
        "stages": {f"{tasks[0]}": "due", f"{tasks[1]}": "upcoming:7"},
    }
    dry = run(database, "2023-06-23 09:00", dry_run=True)
    assert dry["digests"] == [expected]
    assert (dry["sent"], dry["failed"]) == (0, 0)
    assert told(database) == []
    assert run(database, "2023-06-23 09:00") == {
        "at": "2023-06-23T09:00:00+07:00",
        "digests": [expected],
        "sent": 1,
        "failed": 0,
    }
    assert run(database, "2023-06-23 09:01")["digests"] == []
    with database.reading() as session:
        message = session.scalars(select(MailboxMessage)).one()
        assert message.subject == "[ครบกำหนด ๒๓ มิ.ย. ๖๖] งานตามแผนมาตรการ ๒ รายการ"
        assert f"http://tracker.example/tasks/{tasks[1]}" in message.body_text


def test_a_dry_run_waits_for_nobody(database: Database) -> None:
    task = add_task(database, make_office(database), date(2023, 6, 30))
    bound = Database(_giving_up_after_a_second(database))
    with database.writing() as session:  # somebody's tick, not yet committed
        session.scalars(select(Task).where(Task.id == task).with_for_update()).one()
        dry = run(bound, "2023-06-23 09:00", dry_run=True)
    bound.dispose()
    assert [digest["tasks"] for digest in dry["digests"]] == [[task]]


def _giving_up_after_a_second(database: Database) -> str:
    wait = {} if database.is_sqlite else {"options": "-clock_timeout=1s"}
    return database.url.update_query_dict(wait).render_as_string(hide_password=False)


def test_no_statement_names_everybody_who_was_reminded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        add_task(database, make_office(database, f"อบต.ที่ {number}"), date(2023, 6, 30))
    monkeypatch.setattr(reminding, "MEMBERS_A_STATEMENT", 2)
    most = 0

    def count(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        nonlocal most
        if statement.startswith("SELECT member.id, member.email, member.name"):
            most = max(most, len(parameters))

    event.listen(database.engine, "before_cursor_execute", count)
    dry = run(database, "2023-06-23 09:00", dry_run=True)
    real = run(database, "2023-06-23 09:00")
    event.remove(database.engine, "before_cursor_execute", count)
    assert most == 2
    assert len(real["digests"]) == 3
    assert dry["digests"] == real["digests"]


def test_a_naive_instant_is_the_installations_clock(database: Database) -> None:
    add_task(database, make_office(database), date(2023, 6, 30))
    naive = local("2023-06-23 09:00").replace(tzinfo=None)
    assert remind(database, BARE, naive)["sent"] == 1


@pytest.mark.parametrize("at", ["2023-06-23 08:29", "2023-06-23 16:30", "2023-06-24 10:00"])
def test_nothing_goes_out_outside_of_working_hours(database: Database, at: str) -> None:
    add_task(database, make_office(database), date(2023, 6, 23))
    assert run(database, at)["digests"] == []
    assert "closed" in run(database, at, dry_run=True)["skipped"][0]["why"]


def test_send_now_ignores_hours_and_holidays(database: Database) -> None:
    add_task(database, make_office(database), date(2023, 6, 23))
    assert run(database, "2023-06-24 22:00", ignore_hours=True)["sent"] == 1


def test_a_stage_on_a_holiday_goes_out_the_working_day_before_and_names_the_true_day(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 4, 13))  # Songkran; the 12th is added by the agency
    with database.writing() as session:
        session.add(DayOff(agency_id=office.agency, on=date(2023, 4, 12), name="ทำบุญตำบล"))
    assert run(database, "2023-04-11 09:00")["digests"][0]["stages"].popitem()[1] == "due"
    with database.reading() as session:
        message = session.scalars(select(MailboxMessage)).one()
        assert "๑๓ เม.ย. ๖๖" in message.subject


def test_an_outage_of_a_week_gives_one_digest_with_the_most_urgent_stage(database: Database) -> None:
    office = make_office(database)
    for month, day in ((6, 23), (6, 30)):
        add_task(database, office, date(2023, month, day))
    run(database, "2023-06-16 09:00")
    run(database, "2023-07-03 09:00")
    entries = [entry for entry in told(database) if entry[:2] == ("2023-07-03", "head1")]
    assert [stage for *_, stage in entries] == ["overdue:1", "overdue:8"]


def test_a_done_or_cancelled_task_is_never_reminded_of(database: Database) -> None:
    office = make_office(database)
    for day, state in enumerate(("done", "submitted", "not_possible", "cancelled"), 12):
        reason = "no_budget" if state == "not_possible" else None
        add_task(database, office, date(2023, 6, day), state=state, reason=reason)
    assert run(database, "2023-07-10 09:00")["digests"] == []


def test_a_stage_that_comes_after_todays_digest_waits_for_the_next_working_day(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 23))
    run(database, "2023-06-23 09:00")
    later = add_task(database, office, date(2023, 6, 24))
    assert run(database, "2023-06-23 10:00")["digests"] == []
    assert [one["tasks"] for one in run(database, "2023-06-26 09:00")["digests"] if one["to"].startswith("head1")] == [
        sorted({later, later - 1})
    ]


def test_the_deputy_gets_it_while_the_head_is_on_leave(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        add_member(session, office.agency, "deputy", "deputy", office.units["กองคลัง"])
        add_member(session, office.agency, "clerk", "staff", office.units["กองคลัง"])
        session.get_one(Member, office.members["head1"]).away_from = date(2023, 6, 19)
    assert [entry[1] for entry in _after(database, "2023-06-23 09:00")] == ["deputy"]


def test_staff_hear_of_it_only_where_the_unit_wants_it(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        add_member(session, office.agency, "clerk", "staff", office.units["กองคลัง"])
        session.get_one(Unit, office.units["กองคลัง"]).remind_staff = True
    assert [entry[1] for entry in _after(database, "2023-06-23 09:00")] == ["clerk", "head1"]


def test_a_unit_without_people_goes_to_the_coordinator(database: Database) -> None:
    office = make_office(database)
    with database.writing() as session:
        unit = Unit(agency_id=office.agency, name="คณะทำงาน", name_key="คณะทำงาน", kind="committee", known=False)
        session.add(unit)
        session.flush()
        office.units["คณะทำงาน"] = unit.id
    add_task(database, office, date(2023, 6, 30), unit="คณะทำงาน")
    assert [entry[1] for entry in _after(database, "2023-06-23 09:00")] == ["coordinator"]
    with database.reading() as session:
        assert "ยังไม่มีผู้รับผิดชอบ" in session.scalars(select(MailboxMessage.body_text)).one()


def test_escalations_climb_and_each_person_hears_of_them_once_a_week(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    add_task(database, office, date(2023, 7, 4))
    for offset in range(65):
        run(database, f"{date(2023, 6, 26) + timedelta(offset)} 09:00")
    escalated = [entry for entry in told(database) if entry[2].startswith("escalation")]
    assert escalated == [
        ("2023-07-05", "coordinator", "escalation:1"),
        ("2023-07-11", "palat", "escalation:2"),
        ("2023-07-12", "coordinator", "escalation:1"),
        ("2023-07-18", "palat", "escalation:2"),
        ("2023-08-18", "nayok", "escalation:3"),
        ("2023-08-25", "nayok", "escalation:3"),
    ]


def test_a_plan_imported_late_reaches_the_head_before_the_superiors(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2022, 12, 30))
    for offset in range(15):
        run(database, f"{date(2023, 6, 5) + timedelta(offset)} 09:00")
    first = {entry[1]: entry[0] for entry in reversed(told(database))}
    assert first == {"head1": "2023-06-06", "coordinator": "2023-06-09", "palat": "2023-06-15"}


def test_a_held_escalation_stays_with_the_head(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30), escalation_held=True)
    for offset in range(65):
        run(database, f"{date(2023, 6, 26) + timedelta(offset)} 09:00")
    assert {entry[1] for entry in told(database)} == {"head1"}


def test_a_moved_deadline_is_told_anew(database: Database) -> None:
    office = make_office(database)
    task = add_task(database, office, date(2023, 6, 23))
    run(database, "2023-06-23 09:00")
    with database.writing() as session:
        session.execute(update(Task).values(due_on=date(2023, 7, 28), next_stage_on=date.min))
    run(database, "2023-07-21 09:00")
    assert told(database)[-1] == ("2023-07-21", "head1", "upcoming:7@2023-07-28")
    with database.reading() as session:
        assert session.scalars(select(MailboxMessage.body_text).order_by(MailboxMessage.id.desc())).first()
        assert session.get_one(Task, task).next_stage_on == date(2023, 7, 27)


def test_a_plan_out_of_service_reminds_nobody(database: Database) -> None:
    closed = make_office(database, "ปิดแล้ว")
    old = make_office(database, "เก่า", fiscal_year=2564)
    add_task(database, closed, date(2023, 6, 23))
    add_task(database, old, date(2021, 3, 24))
    with database.writing() as session:
        session.add(Round(agency_id=closed.agency, plan_id=closed.plan, number=12, state="closed"))
    assert run(database, "2023-06-23 09:00")["digests"] == []
    with database.reading() as session:
        assert agencies_due(session, date(2024, 1, 1)) == []


def test_a_year_that_is_opened_again_reminds_again(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 9, 30))
    by, at = Actor("ผู้ประสานงาน", "web"), local("2023-10-02 08:00")
    with database.writing() as session:
        plan = session.get_one(Plan, office.plan)
        close_round(session, plan, 12, BANGKOK, today=at.date(), by=by, at=at)
    assert run(database, "2023-10-02 09:00")["digests"] == []
    with database.writing() as session:
        reopen_round(session, session.get_one(Plan, office.plan), 12, why="แก้ไข", by=by, at=at)
    assert [one["to"].partition("-")[0] for one in run(database, "2023-10-02 10:00")["digests"]] == ["head1"]


def test_giving_back_a_days_digests_names_no_task_by_itself(database: Database) -> None:
    """On the day on which a round closes, a digest has thousands of tasks: no database takes as many parameters."""
    most = []
    for number, days in enumerate([1, 20]):
        office = make_office(database, f"หน่วยงาน {number}")
        for day in range(1, days + 1):
            add_task(database, office, date(2023, 6, day))
        sweep(database, BARE, [office.agency], local("2023-06-22 09:00"))
        counts: list[int] = []

        def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
            if statement.startswith(("UPDATE task", "DELETE FROM reminder")):
                counts.append(len(parameters))  # type: ignore[arg-type]  # noqa: B023  (called within the round)

        event.listen(database.engine, "before_cursor_execute", note)
        with database.writing() as session:
            give_back_stale(session, [office.agency], date(2023, 6, 23))
        event.remove(database.engine, "before_cursor_execute", note)
        most.append(counts)
    assert len(most[0]) == 2
    assert most[0] == most[1]


def test_two_sweeps_at_once_record_one_digest(database: Database) -> None:
    offices = [make_office(database, f"หน่วยงาน {number}") for number in range(4)]
    for office in offices:
        for day in (23, 30):
            add_task(database, office, date(2023, 6, day))
    agencies = [office.agency for office in offices]
    at = local("2023-06-23 09:00")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: sweep(database, BARE, agencies, at), range(4)))
    assert sum(len(digests) for digests in found) == 4
    with database.reading() as session:
        assert session.scalar(select(func.count(Digest.id))) == 4
        assert session.scalar(select(func.count(Delivery.id))) == 4
        assert session.scalar(select(func.count(Reminder.id))) == 8


def test_the_number_of_queries_does_not_follow_people_or_tasks(database: Database) -> None:
    counts = []
    for round_, (agencies, units) in enumerate([(1, 1), (5, 12)]):
        made = []
        for number in range(agencies):
            names = [f"กอง {unit}" for unit in range(units)]
            office = make_office(database, f"หน่วยงาน {round_} {number}", names)
            made.append(office.agency)
            for name in names:
                for day in (23, 29, 30):
                    add_task(database, office, date(2023, 6, day), unit=name)
        with counted_queries(database) as statements:
            digests = sweep(database, BARE, made, local("2023-06-23 09:00"))
        assert len(digests) == agencies * units
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 18


def test_nothing_due_asks_little(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 9, 30))
    run(database, "2023-06-23 09:00")
    with counted_queries(database) as statements:
        assert run(database, "2023-06-23 10:00")["digests"] == []
    assert len([one for one in statements if "FROM task" in one]) == 1


def test_a_notice_waits_for_the_next_days_digest(database: Database) -> None:
    office = make_office(database)
    with database.writing() as session:
        session.add(
            Notice(agency_id=office.agency, kind="submitted", text="กองคลังส่งงาน", created_at=local("2023-06-23 10:00"))
        )
    assert run(database, "2023-06-23 11:00")["digests"] == []
    assert run(database, "2023-06-26 09:00")["digests"] == [
        {"to": f"coordinator-{office.agency}@example.go.th", "channel": "mailbox", "tasks": [], "stages": {}}
    ]
    assert run(database, "2023-06-27 09:00")["digests"] == []
    with database.reading() as session:
        assert "กองคลังส่งงาน" in session.scalars(select(MailboxMessage.subject)).one()


def test_a_notice_meant_for_one_person_goes_out_the_same_day(database: Database) -> None:
    office = make_office(database)
    at = local("2023-06-23 10:00")
    with database.writing() as session:
        to = office.members["coordinator"]
        session.add(Notice(agency_id=office.agency, member_id=to, kind="other", text="โปรดลงนาม", created_at=at))
    assert [one["to"] for one in run(database, "2023-06-23 11:00")["digests"]] == [
        f"coordinator-{office.agency}@example.go.th"
    ]
    assert run(database, "2023-06-23 13:00")["digests"] == []


def test_new_people_make_the_sweep_look_again(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 23))
    run(database, "2023-06-23 09:00")
    with database.writing() as session:
        session.get_one(Member, office.members["head1"]).active = False
        add_member(session, office.agency, "successor", "head", office.units["กองคลัง"])
        look_at_again(session, office.agency)
    assert [entry[1] for entry in _after(database, "2023-06-23 10:00")] == ["successor"]


def _after(database: Database, text: str) -> list[tuple[str, str, str]]:
    """What one sweep adds."""
    before = told(database)
    run(database, text)
    return [entry for entry in told(database) if entry not in before]


def test_a_returned_task_is_news_to_its_owner(database: Database) -> None:
    office = make_office(database)
    task = add_task(database, office, date(2023, 9, 8), state="returned", return_note="ขอภาพถ่าย")
    with database.writing() as session:
        notify(session, session.get_one(Task, task), "returned", "ส่งกลับให้แก้ไข: ขอภาพถ่าย", local("2023-06-22 15:00"))
    assert [one["to"].partition("-")[0] for one in run(database, "2023-06-23 09:00")["digests"]] == ["head1"]
    with database.reading() as session:
        assert "ส่งกลับให้แก้ไข: ขอภาพถ่าย" in session.scalars(select(MailboxMessage.body_text)).one()


def test_a_dry_run_says_of_every_open_task_why_not(database: Database) -> None:
    office = make_office(database)
    later, undated = add_task(database, office, date(2023, 8, 31)), add_task(database, office, None)
    run(database, "2023-06-23 09:00")
    skipped = run(database, "2023-06-23 09:00", dry_run=True)["skipped"]
    head = f"head1-{office.agency}@example.go.th"
    assert skipped == [
        {"task": later, "to": head, "why": "nothing is due; its next stage is on 2023-08-24"},
        {"task": undated, "to": head, "why": "it has no due date"},
    ]
