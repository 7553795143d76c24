"""What people asked for holds in the sweep, and what the agency or the rules forbid to turn off does not."""

from datetime import date, time, timedelta

from sqlalchemy import select, update

from tests.office import Office, add_task, local, make_office, settings
from tracker.models import Agency, Delivery, Digest, Member, Notice, Reminder
from tracker.reminders.remind import remind
from tracker.services.audit import Actor
from tracker.services.organisation.preferences import Preferences, set_preferences
from tracker.store.db import Database

MORNING = local("2023-06-23 09:00")
ME = Actor("head", "web")


def wish(database: Database, office: Office, wanted: Preferences, who: str = "head1") -> None:
    with database.writing() as session:
        member, agency = session.get_one(Member, office.members[who]), session.get_one(Agency, office.agency)
        set_preferences(session, member, agency, wanted, by=ME, at=MORNING)


def stages(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        return [(member, stage) for member, stage in session.execute(select(Reminder.member_id, Reminder.stage))]


def test_who_wants_only_what_is_urgent_hears_nothing_in_advance(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(urgent_only=True))
    head = office.members["head1"]
    assert remind(database, settings(), MORNING)["digests"] == []
    dry = remind(database, settings(), MORNING, dry_run=True)
    assert any("nothing before it is due" in skip["why"] for skip in dry["skipped"])
    assert remind(database, settings(), local("2023-06-29 09:00"))["digests"] == []
    remind(database, settings(), local("2023-06-30 09:00"))
    assert stages(database) == [(head, "due")]
    remind(database, settings(), local("2023-07-03 09:00"))
    assert stages(database) == [(head, "due"), (head, "overdue:1")]


def test_the_agency_may_forbid_it(database: Database) -> None:
    office = make_office(database, upcoming_required=True)
    add_task(database, office, date(2023, 6, 30))
    with database.writing() as session:
        session.execute(update(Member).values(urgent_only=True))
    remind(database, settings(), MORNING)
    assert stages(database) == [(office.members["head1"], "upcoming:7")]


def test_escalations_reach_who_wants_only_what_is_urgent(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 1))
    for who in ("head1", "coordinator", "palat"):
        wish(database, office, Preferences(urgent_only=True), who)
    remind(database, settings(), local("2023-06-02 09:00"))
    assert [member for member, _ in stages(database)] == [office.members["head1"]]
    remind(database, settings(), MORNING)
    told = set(stages(database))
    assert (office.members["coordinator"], "escalation:1") in told
    assert (office.members["palat"], "escalation:2") in told


def test_a_digest_waits_for_the_persons_own_hours(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(send_from=time(13)))
    assert remind(database, settings(), MORNING)["sent"] == 0
    with database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.state, row.next_attempt_at) == ("planned", local("2023-06-23 13:00"))
    assert remind(database, settings(), local("2023-06-23 12:59"))["sent"] == 0
    assert remind(database, settings(), local("2023-06-23 13:00"))["sent"] == 1


def test_whose_hours_are_over_hears_on_the_next_working_day(database: Database) -> None:
    office = make_office(database)
    task = add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(send_until=time(10)))
    with database.writing() as session:
        session.add(
            Notice(
                agency_id=office.agency,
                member_id=office.members["head1"],
                task_id=task,
                kind="other",
                text="เรื่องแจ้ง",
                created_at=local("2023-06-22 09:00"),
            )
        )
    afternoon = local("2023-06-23 14:00")
    assert remind(database, settings(), afternoon)["digests"] == []
    assert remind(database, settings(), afternoon)["digests"] == []
    assert remind(database, settings(), local("2023-06-26 09:30"))["sent"] == 1
    with database.reading() as session:
        assert session.scalars(select(Digest.on)).all() == [date(2023, 6, 26)]
        assert session.scalars(select(Notice.taken_at)).one() is not None


def test_send_now_asks_nobody_for_hours(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(send_from=time(13)))
    assert remind(database, settings(), MORNING, ignore_hours=True)["sent"] == 1


def test_hours_that_the_agency_left_no_longer_count(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(send_from=time(15)))
    with database.writing() as session:
        session.execute(update(Agency).values(send_until=time(12)))
    assert remind(database, settings(), MORNING)["sent"] == 1


def test_the_mailbox_alone_unless_the_agency_forbids_it(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    by_mail = settings(smtp_url="smtp://127.0.0.1:9")
    wish(database, office, Preferences(channels=["mailbox"]))
    assert remind(database, by_mail, MORNING, dry_run=True)["digests"][0]["channel"] == "mailbox"
    with database.writing() as session:
        session.execute(update(Agency).values(messages_required=True))
    assert remind(database, by_mail, MORNING, dry_run=True)["digests"][0]["channel"] == "email"


def test_leave_goes_to_the_deputy(database: Database) -> None:
    office = make_office(database)
    add_task(database, office, date(2023, 6, 30))
    wish(database, office, Preferences(away_from=date(2023, 6, 20), away_until=date(2023, 6, 23)))
    remind(database, settings(), MORNING)
    assert [member for member, _ in stages(database)] == [office.members["coordinator"]]
    remind(database, settings(), MORNING + timedelta(days=6))
    assert office.members["head1"] in [member for member, _ in stages(database)]
