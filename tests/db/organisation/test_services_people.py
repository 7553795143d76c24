"""People and units: imported twice, before and after the plan, added, renamed, known by other names."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.agency_of_seed import (
    BANGKOK,
    BY,
    DIVISIONS,
    HEADER,
    PEOPLE,
    bring_people,
    bring_plan,
    counts,
    facts,
    kinds,
    tasks_of_measure,
    the_agency,
    the_plan,
    tick,
)
from tests.office import local, settings
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.models import Account, Member, Role, Task, Unit
from tracker.reminders.remind import remind
from tracker.services.accounts.accounts import create_account
from tracker.services.organisation.duties import PersonWords, add_person
from tracker.services.organisation.people_table import read_people
from tracker.services.organisation.units import add_alias, merge_units, rename_unit, set_mode
from tracker.services.reports.compose import report_data
from tracker.services.tasks import progress
from tracker.services.tasks.generate import UnitBook, generate_tasks
from tracker.services.tasks.tasks import list_tasks
from tracker.store.db import Database

AT = datetime(2023, 3, 1, 3, tzinfo=UTC)


def plan_for(*parties: str, period: str = "มีนาคม ๒๕๖๖") -> str:
    rows = ["มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา"]
    for number, party in enumerate(parties, 1):
        rows.append(f"<p>{number}. มาตรการ{number}</p>\t<p>๑. ทำข้อ{number}</p>\t<p>{party}</p>\t<p>{period}</p>")
    return "\n".join(rows)


def people(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


def unit(session: Session, name: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.name == name)).one()


def live(session: Session) -> list[tuple[str, str]]:
    tasks = session.scalars(select(Task).where(Task.state != "cancelled").order_by(Task.id))
    return [("/".join(unit.name for unit in task.units), task.state) for task in tasks]


def test_the_table_makes_units_people_and_roles(database: Database) -> None:
    with database.writing() as session:
        result = bring_people(session)
        assert (result.units, result.members, result.tasks_created) == (9, 10, 0)
    with database.reading() as session:
        legal = session.scalars(select(Member).where(Member.email == "legal@example.go.th")).one()
        assert {(role.role, role.unit.name) for role in legal.roles if role.unit} == {
            ("head", "งานนิติการ"),
            ("head", "นิติกร"),
        }
        assert unit(session, "งานนิติการ").parent is unit(session, "สำนักปลัด")
        executives = session.scalars(select(Role).where(Role.role == "executive").order_by(Role.rank)).all()
        assert [(role.rank, role.unit_id) for role in executives] == [(1, None), (2, None)]
        assert [one.position for one in session.scalars(select(Unit).order_by(Unit.id))] == list(range(1, 10))


def test_twice_changes_nothing(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, seed)
        before = facts(session)
    with database.writing() as session:
        again = bring_people(session, at=AT)
        assert (again.changes, again.tasks_created) == ([], 0)
        assert facts(session) == before
        shuffled = "\n".join([HEADER, *reversed(PEOPLE.split("\n")[1:])])
        assert bring_people(session, shuffled, at=AT).changes == []


def test_a_division_added_later_gets_its_tasks(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        ids = {task.id for task in session.scalars(select(Task))}
    with database.writing() as session:
        result = bring_people(session, people("กองสาธารณสุข,division,,นางหมอ ใจดี,head,,health@example.go.th,"))
        assert result.tasks_created == 3 + 24 + 1
        assert counts(session) == [18, 3, 144, 2, 6, 1]
        assert ids < {task.id for task in session.scalars(select(Task))}


def test_the_placeholder_goes_untouched_and_stays_in_the_record_touched(database: Database) -> None:
    with database.writing() as session:
        bring_plan(session, plan_for("ทุกส่วนราชการ", "ทุกกอง"))
        noted = tasks_of_measure(session, 2)[0]
        progress.note_progress(session, noted, text="เริ่มแล้ว", noted_on=date(2023, 2, 1), by=BY, at=AT)
        assert live(session) == [("ทุกส่วนราชการ", "pending"), ("ทุกกอง", "in_progress")]
    with database.writing() as session:
        bring_people(session)
        assert counts(session) == [5, 5]
        assert session.get_one(Task, noted.id).state == "cancelled"
        assert [note.text for note in session.get_one(Task, noted.id).notes] == ["เริ่มแล้ว"]
        assert kinds(session)[-2:] == ["left_plan", "tasks_generated"]


def test_an_unknown_party_becomes_a_unit_that_no_fan_out_counts(database: Database) -> None:
    with database.writing() as session:
        bring_people(session, people("กองคลัง,division,,นางคลัง,head,,a@example.go.th,"))
        bring_plan(session, plan_for("กองประปา", "ทุกส่วนราชการ"))
        found = unit(session, "กองประปา")
        assert (found.known, found.kind, found.roles) == (False, "division", [])
        assert live(session) == [("กองประปา", "pending"), ("กองคลัง", "pending")]
    with database.writing() as session:
        result = bring_people(session, people("กองประปา,division,,นายน้ำ,head,,b@example.go.th,"))
        assert "unit confirmed: กองประปา" in result.changes
        assert live(session) == [("กองประปา", "pending"), ("กองคลัง", "pending"), ("กองประปา", "pending")]


@pytest.mark.parametrize(
    ("party", "kind"),
    [
        ("คณะกรรมการจัดทำแผน", "committee"),
        ("คณะทำงานประเมิน", "committee"),
        ("กองช่าง", "division"),
        ("สำนักปลัด", "division"),
        ("งานนิติการ", "section"),
        ("ฝ่ายปกครอง", "section"),
        ("นักทรัพยากรบุคคล", "position"),
        ("ทุกส่วนราชการ", "group"),
        ("เจ้าหน้าที่ทุกคน", "group"),
    ],
)
def test_the_kind_of_an_unknown_party(sqlite: Database, party: str, kind: str) -> None:
    with sqlite.writing() as session:
        bring_plan(session, plan_for(party))
        assert unit(session, party).kind == kind


def test_staff_of_a_unit_are_the_unit(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_people(session)
        bring_plan(session, plan_for("เจ้าหน้าที่ฝ่ายประชาสัมพันธ์/นิติกร"))
        assert live(session) == [("ฝ่ายประชาสัมพันธ์/นิติกร", "pending")]
        assert all(one.known for one in session.scalars(select(Unit)))


def test_a_renamed_unit_is_still_what_documents_call_it(database: Database) -> None:
    document = plan_for("กองการศึกษา", "ทุกกอง")
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, document)
        before = [(task.id, task.party_key) for task in session.scalars(select(Task).order_by(Task.id))]
        rename_unit(session, unit(session, "กองการศึกษา"), " กองการศึกษา  ศาสนาและวัฒนธรรม ", by=BY, at=AT)
    with database.writing() as session:
        generate_tasks(session, the_plan(session), BY, AT)
        bring_plan(session, document + "\n", at=AT)
        assert bring_people(session).changes == []
        after = [(task.id, task.party_key) for task in session.scalars(select(Task).order_by(Task.id))]
        assert after == before
        assert live(session)[0] == ("กองการศึกษา ศาสนาและวัฒนธรรม", "pending")
        rename_unit(session, unit(session, "กองการศึกษา ศาสนาและวัฒนธรรม"), "กองการศึกษา", by=BY, at=AT)
        assert [alias.name for alias in unit(session, "กองการศึกษา").aliases] == ["กองการศึกษา ศาสนาและวัฒนธรรม"]
        with pytest.raises(ConflictError):
            rename_unit(session, unit(session, "กองการศึกษา"), "กองคลัง", by=BY, at=AT)
        with pytest.raises(NotUnderstoodError):
            rename_unit(session, unit(session, "กองการศึกษา"), " ", by=BY, at=AT)


def test_an_alias_takes_over_the_party_that_nobody_knew(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, plan_for("งานกฎหมาย", "กองคลัง/งานกฎหมาย", "ทุกกอง"))
        task = tasks_of_measure(session, 1)[0]
        tick(session, task)
        add_alias(session, unit(session, "งานนิติการ"), "งานกฎหมาย", by=BY, at=AT)
    with database.writing() as session:
        assert session.scalar(select(Unit).where(Unit.name == "งานกฎหมาย")) is None
        assert live(session)[:2] == [("งานนิติการ", "done"), ("กองคลัง/งานนิติการ", "pending")]
        before = facts(session)
        generate_tasks(session, the_plan(session), BY, AT)
        bring_plan(session, plan_for("งานกฎหมาย", "กองคลัง/งานกฎหมาย", "ทุกกอง"), at=AT)
        assert facts(session) == before
        with pytest.raises(ConflictError):
            add_alias(session, unit(session, "งานนิติการ"), "กองคลัง", by=BY, at=AT)
        assert UnitBook(session, the_agency(session).id).named("งาน กฎหมาย") is unit(session, "งานนิติการ")


def test_each_and_jointly(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        result = bring_plan(session, plan_for("ทุกกอง", "กองคลัง/กองช่าง"))
        first, second = result.plan.measures
        set_mode(session, first, "jointly", by=BY, at=AT)
        set_mode(session, second, "each", by=BY, at=AT)
        assert counts(session) == [1, 2]
        assert len(tasks_of_measure(session, 1)[0].units) == 5
        set_mode(session, first, "jointly", by=BY, at=AT)
        assert kinds(session).count("mode_changed") == 2
    with database.writing() as session:
        again = bring_plan(session, plan_for("ทุกกอง", "กองคลัง/กองช่าง") + "\n")
        assert (again.differences, counts(session)) == ([], [1, 2])
        tick(session, tasks_of_measure(session, 2)[0])
        set_mode(session, second := session.merge(second), "jointly", by=BY, at=AT)
        assert [task.state for task in tasks_of_measure(session, 2)] == ["done", "pending"]
        set_mode(session, second, "each", by=BY, at=AT)
        assert [task.state for task in tasks_of_measure(session, 2)] == ["done", "pending"]
        assert counts(session) == [1, 2]


def test_neither_merging_nor_a_switch_rewrites_the_adopted_text(database: Database) -> None:
    """The third and fourth column are what the agency adopted, in words, whoever does it now."""

    def adopted(session: Session) -> list[tuple[object, ...]]:
        data = report_data(session, the_plan(session), 12, BANGKOK)
        return [(one.title, one.steps, one.responsible.text, one.period.text) for one in data.measures]

    with database.writing() as session:
        bring_people(session)
        bring_plan(session, plan_for("ทุกกอง", "กองคลัง/กองช่าง", "กองช่าง"))
        before = adopted(session)
        assert [words[2] for words in before] == ["ทุกกอง", "กองคลัง/กองช่าง", "กองช่าง"]
        for measure, mode in zip(the_plan(session).measures, ("jointly", "each", "jointly"), strict=True):
            set_mode(session, measure, mode, by=BY, at=AT)
        merge_units(session, unit(session, "กองช่าง"), unit(session, "กองคลัง"), by=BY, at=AT)
    with database.reading() as session:
        assert [one.units[0].name for one in tasks_of_measure(session, 3)] == ["กองคลัง"]
        assert adopted(session) == before


def test_a_unit_that_is_no_longer_active_leaves_the_fan_out(database: Database) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, plan_for("ทุกกอง"))
        done = tasks_of_measure(session, 1)[0]
        tick(session, done)
        for name in DIVISIONS[:2]:
            unit(session, name).active = False
        generate_tasks(session, the_plan(session), BY, AT)
        assert live(session) == [(DIVISIONS[0], "done"), *((name, "pending") for name in DIVISIONS[2:])]


def test_people_are_known_by_their_addresses(database: Database) -> None:
    with database.writing() as session:
        bring_people(
            session,
            people(
                "กองคลัง,division,,สมชาย ใจดี,head,,,",
                "กองช่าง,division,,สมชาย ใจดี,head,,somchai@example.go.th,",
            ),
        )
        assert session.query(Member).count() == 1
    with database.writing() as session:
        session.add(Member(agency_id=the_agency(session).id, name="สมชาย ใจดี"))
        session.flush()
        result = bring_people(session, people("กองช่าง,division,,สมชาย ใจดีมาก,head,,SOMCHAI@example.go.th,U9"))
        assert sorted(result.changes) == ["line_user_id changed: สมชาย ใจดีมาก", "name changed: สมชาย ใจดีมาก"]
        result = bring_people(session, people("กองช่าง,division,,คนใหม่,head,,new@example.go.th,"))
        assert result.changes == [
            "person added: คนใหม่",
            "role given: คนใหม่ is head of กองช่าง",
            "no longer head: สมชาย ใจดีมาก",
        ]


def test_a_telephone_comes_with_the_table_in_one_form(database: Database) -> None:
    header = "unit,unit_kind,name,role,email,เบอร์โทร\n"
    with database.writing() as session:
        bring_people(session, f"{header}กองคลัง,division,สมชาย,head,a@example.go.th,081-234 5678\n")
        assert session.scalars(select(Member.phone)).one() == "0812345678"
        result = bring_people(session, f"{header}กองคลัง,division,สมชาย,head,a@example.go.th,๐๒ ๑๒๓ ๔๕๖๗ ต่อ ๑๒\n")
        assert result.changes == ["phone changed: สมชาย"]
        assert session.scalars(select(Member.phone)).one() == "021234567 ต่อ 12"
        assert bring_people(session, f"{header}กองคลัง,division,สมชาย,head,a@example.go.th,\n").changes == []
        with pytest.raises(NotUnderstoodError, match="Row 2: “12345” is not a telephone number"):
            bring_people(session, f"{header}กองคลัง,division,สมชาย,head,a@example.go.th,12345\n")


def test_a_namesake_without_address_does_not_take_anothers(sqlite: Database) -> None:
    with sqlite.writing() as session:
        bring_people(session, people("กองคลัง,division,,สมชาย,head,,one@example.go.th,"))
        agency = the_agency(session)
        session.add(Member(agency_id=agency.id, name="สมหญิง"))
        session.flush()
        bring_people(session, people("กองช่าง,division,,สมหญิง,head,,one@example.go.th,"))
        assert session.query(Member).count() == 2


def test_an_account_made_before_the_person_is_the_persons(sqlite: Database) -> None:
    with sqlite.writing() as session:
        create_account(session, email="head0@example.go.th", password_hash="a hash", at=AT)
        bring_people(session)
        member = session.scalars(select(Member).where(Member.email == "head0@example.go.th")).one()
        assert member.account is session.scalars(select(Account)).one()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("unit,name,email\nกองคลัง,ก,a@b.go.th", "no column role"),
        (people("กองคลัง,division,,ก,boss,,,"), "Row 2: “boss” is not a role"),
        (people("กองคลัง,department,,ก,head,,,"), "Row 2: “department” is not a unit_kind"),
        (people("กองคลัง,division,,ก,head,,,", ",,,ข,head,,,"), "Row 3: a person needs a unit"),
        (people("กองคลัง,division,,,head,,,"), "Row 2: the head has no name"),
        (people("กองคลัง,division,,ก,head,,no-address,"), "Row 2: “no-address” is not an e-mail address"),
        (people(",,,ก,executive,3,,"), "Row 2: “3” is not a rank"),
        (people("กองคลัง,division,กองไม่มี,ก,head,,,"), "Row 2: the parent “กองไม่มี” is not a unit"),
        (people("กองคลัง,division,กองคลัง,ก,head,,,"), "would stand above itself"),
        (people(f"{'ก' * 301},division,,ก,head,,,"), "Row 2: the unit is longer than 300 characters"),
        (people(f"กองคลัง,division,,{'ก' * 301},head,,,"), "Row 2: the name is longer than 300 characters"),
        (people(f"กองคลัง,division,,ก,head,,{'a' * 320}@x.go.th,"), "Row 2: the email is longer than 320 characters"),
        ("", "empty"),
    ],
)
def test_a_table_that_cannot_be_read_leaves_everything_as_it_was(sqlite: Database, table: str, said: str) -> None:
    with sqlite.writing() as session:
        bring_people(session)
        before = facts(session)
    with pytest.raises(NotUnderstoodError, match=said) as refused, sqlite.writing() as session:
        bring_people(session, table)
    words = re.sub(r"“.*?”|\(\w+\)|people\.csv", "", refused.value.sentence_th)
    assert re.search("[ก-๙]", words)
    assert not re.search("[a-z]{3}", words) or "คอลัมน์" in words, "the Thai sentence says it in Thai"
    with sqlite.reading() as session:
        assert facts(session) == before


def test_thai_headers_and_words() -> None:
    table = "ส่วนราชการ,ประเภท,ชื่อ-สกุล,บทบาท,อีเมล,ลำดับ\nกองคลัง,กอง,นางคลัง,หัวหน้า,A@B.go.th,\n,,นายก,ผู้บริหาร,,๒\n"
    first, second = read_people(b"\xef\xbb\xbf" + table.encode(), "people.csv")
    assert (first.unit_kind, first.role, first.email) == ("division", "head", "a@b.go.th")
    assert (second.role, second.rank, second.unit) == ("executive", 2, "")
    assert read_people(table.encode("cp874"), "people.csv")[0].name == "นางคลัง"


def test_lists_are_filtered_and_sorted(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, seed)
        tick(session, tasks_of_measure(session, 2)[0])
    with database.reading() as session:
        plan = the_plan(session)
        every = list_tasks(session, plan)
        assert len(every) == 146
        assert [(row.measure, row.step) for row in every] == sorted((row.measure, row.step) for row in every)
        of_works = list_tasks(session, plan, unit="กองช่าง")
        assert len(of_works) == 3 + 24 + 1
        assert {row.units for row in of_works} == {("กองช่าง",)}
        assert [row.measure for row in list_tasks(session, plan, state="done")] == [2]
        assert {row.measure for row in list_tasks(session, plan, due_by=date(2022, 12, 31))} == {2, 3}
        joint = list_tasks(session, plan, unit="เจ้าหน้าที่ฝ่ายประชาสัมพันธ์")
        assert [row.units for row in joint] == [("ฝ่ายประชาสัมพันธ์", "นิติกร")]
        assert set(every[0].as_json()) == {
            "id", "measure", "step", "units", "scheduled_on", "due_on", "cadences", "state", "title",
        }  # fmt: skip


@pytest.mark.parametrize("change", ["table", "page", "merge"])
def test_who_answers_for_a_unit_from_now_on_hears_at_once_of_what_is_late(database: Database, change: str) -> None:
    coordinator = ",,,ผู้ประสานงาน,coordinator,,coordinator@example.go.th,"
    with database.writing() as session:
        bring_people(session, people(coordinator, "กองคลัง,division,,ใหม่,head,,new@example.go.th,"))
        bring_plan(session, plan_for("ฝ่ายพัสดุ"))
    late = local("2023-04-03 09:00")
    assert [one["to"] for one in remind(database, settings(), late)["digests"]] == ["coordinator@example.go.th"]
    with database.writing() as session:
        lone = unit(session, "ฝ่ายพัสดุ")
        if change == "table":
            bring_people(session, people("ฝ่ายพัสดุ,section,,ใหม่,head,,new@example.go.th,"), at=AT)
        elif change == "page":
            new = PersonWords("ใหม่", email="new@example.go.th")
            add_person(session, lone.agency, lone, new, "head", by=BY, at=AT)
        else:
            merge_units(session, lone, unit(session, "กองคลัง"), by=BY, at=AT)
    digests = remind(database, settings(), local("2023-04-03 10:00"))["digests"]
    assert [(one["to"], list(one["stages"].values())) for one in digests] == [("new@example.go.th", ["overdue:1"])]
