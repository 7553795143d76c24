"""Importing the real report, importing it again, and importing corrected copies of it."""

import json
from datetime import UTC, date, datetime

from sqlalchemy import select

from tests.db.agency_of_seed import (
    BANGKOK,
    BY,
    PEOPLE,
    TICKED_AT,
    bring_people,
    bring_plan,
    counts,
    facts,
    kinds,
    tasks_of_measure,
    the_plan,
    tick,
)
from tracker.models import ColumnText, Evidence, Measure, Step, Task, Unit
from tracker.plan_import import read_plan
from tracker.reports.rollup import to_paragraphs
from tracker.services.plans import plans
from tracker.services.reports.compose import report_data
from tracker.services.tasks import progress
from tracker.store.db import Database
from tracker.store.storage import link
from tracker.thai.numerals import to_thai

MARCH = datetime(2023, 3, 1, 3, tzinfo=UTC)
COLUMNS = ("number", "title", "details", "steps", "responsible", "period", "summary", "outcome")


def rows_of(seed: bytes) -> list[list[str]]:
    """The seed's measures as lists of cells."""
    return [line.split("\t") for line in seed.decode().splitlines() if line.startswith("<p>")]


def document(rows: list[list[str]], columns: int = 6) -> str:
    """A document of those rows with the first columns alone."""
    header = [
        "มาตรการ/แนวทาง",
        "ขั้นตอน/วิธีปฏิบัติ",
        "หน่วยงานผู้รับผิดชอบ",
        "ระยะเวลาดำเนินการ",
        "สรุปผลดำเนินการ",
        "ผลลัพธ์/ความสำเร็จ",
    ]
    return "\n".join("\t".join(cells[:columns]) for cells in [header, *rows])


def test_the_seed_end_to_end(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        result = bring_plan(session, seed)
        assert (result.created, result.differences, result.tasks_created) == (True, [], 34)
        assert counts(session) == [3, 3, 24, 2, 1, 1]
        assert session.query(Step).count() == 12
        placeholders = session.scalars(select(Unit).where(Unit.kind == "group")).all()
        assert {unit.name for unit in placeholders} == {
            "ทุกส่วนราชการ",
            "หัวหน้าส่วนทุกส่วน",
            "เจ้าหน้าที่ทุกคนขององค์การบริหารส่วนตำบลเขาขาว",
        }
        assert not any(unit.known for unit in session.scalars(select(Unit)))
    with database.writing() as session:
        assert bring_people(session).tasks_created == 15 + 120 + 5
        assert counts(session) == [15, 3, 120, 2, 5, 1]
        joint = tasks_of_measure(session, 6)[0]
        assert [unit.name for unit in joint.units] == ["ฝ่ายประชาสัมพันธ์", "นิติกร"]
        months = [task for task in tasks_of_measure(session, 3, step=1) if task.units[0].name == "กองช่าง"]
        assert len(months) == 12
        assert {task.scheduled_on: task.cadences for task in months}[date(2023, 3, 31)] == [
            "monthly",
            "quarterly",
            "half-yearly",
        ]


def test_people_first_gives_the_same_tasks(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_people(session)
        bring_plan(session, seed)
        assert counts(session) == [15, 3, 120, 2, 5, 1]
        assert session.query(Task).count() == 146


def test_the_same_file_again_changes_nothing(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        tick(session, tasks_of_measure(session, 1)[0])
        progress.move_due(session, tasks_of_measure(session, 1)[1], date(2023, 5, 9), by=BY, at=MARCH)
    with database.writing() as session:
        before = facts(session)
    with database.writing() as session:
        again = bring_plan(session, seed, at=TICKED_AT)
        assert (again.created, again.differences, again.tasks_created) == (False, [], 0)
        people = bring_people(session, at=TICKED_AT)
        assert (people.changes, people.tasks_created) == ([], 0)
        assert facts(session) == before
        assert the_plan(session).imported_at != TICKED_AT


def test_imported_columns_are_printed_as_they_are_in_the_round_of_the_document(database: Database, seed: bytes) -> None:
    draft = read_plan(seed, "plan.txt", 2566).as_json()
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
    with database.reading() as session:
        data = report_data(session, the_plan(session), 12, BANGKOK).as_json()
        other = report_data(session, the_plan(session), 6, BANGKOK).as_json()
    for imported, reported in zip(draft["measures"], data["measures"], strict=True):
        assert {name: reported[name] for name in COLUMNS} == {name: imported[name] for name in COLUMNS}
        assert set(reported) == {*COLUMNS, "progress"}
        assert reported["progress"]["done"] == 0
    assert [measure["progress"]["total"] for measure in data["measures"]] == [15, 3, 120, 2, 5, 1]
    for imported, reported in zip(draft["measures"], other["measures"], strict=True):
        printed = [paragraph["text"] for name in ("summary", "outcome") for paragraph in reported[name]]
        assert not any(one["text"] in printed for name in ("summary", "outcome") for one in imported[name])


def test_four_columns_ticked_give_the_last_two(database: Database, seed: bytes) -> None:
    draft = read_plan(seed, "plan.txt", 2566)
    with database.writing() as session:
        bring_plan(session, document(rows_of(seed), columns=4))
        bring_people(session)
        for measure in draft.measures:
            steps = len(measure.steps)
            for position in range(1, steps + 1):
                said = {}
                for column in ("summary", "outcome"):
                    cell = getattr(measure, column)
                    typed = [f"{to_thai(p.number)}.{p.text}" if p.number else p.text for p in cell]
                    if len(cell) == steps:
                        said[column] = cell[position - 1].text
                    else:
                        said[column] = "\n".join(typed) if position == steps else ""
                for task in tasks_of_measure(session, measure.number, position):
                    tick(session, task, said["summary"] or "ดำเนินการแล้ว", said["outcome"] or None)
    with database.reading() as session:
        data = report_data(session, the_plan(session), 12, BANGKOK)
        for wanted, reported in zip(draft.measures, data.measures, strict=True):
            said = [one for one in reported.summary if not one.text.startswith("ดำเนินการครบทั้ง")]
            assert tuple(said) == wanted.summary
            assert reported.outcome == wanted.outcome
            assert reported.done == reported.total


def test_a_measure_inserted_in_the_middle_moves_the_others_down(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        done = tasks_of_measure(session, 4)[0]
        tick(session, done)
        ids = {task.id for number in range(1, 7) for task in tasks_of_measure(session, number)}
    rows = rows_of(seed)
    new = ["<p>๓. มาตรการใหม่ด้านพัสดุ</p>", "<p>๑. ประกาศแผนจัดซื้อ</p>", "<p>กองคลัง</p>", "<p>มีนาคม ๒๕๖๖</p>", "", ""]
    rows.insert(2, new)
    for number, cells in enumerate(rows[3:], 4):
        text = cells[0].removeprefix("<p>")
        cells[0] = f"<p>{to_thai(number)}{text[1:]}"
    with database.writing() as session:
        result = bring_plan(session, document(rows), at=MARCH)
        assert result.differences == [
            "measure 3 added: มาตรการใหม่ด้านพัสดุ",
            "measure 3 is now measure 4",
            "measure 4 is now measure 5",
            "measure 5 is now measure 6",
            "measure 6 is now measure 7",
        ]
        assert counts(session) == [15, 3, 1, 120, 2, 5, 1]
        assert session.get_one(Task, done.id).step.measure.number == 5
        assert session.get_one(Task, done.id).state == "done"
        kept = {task.id for number in (1, 2, 4, 5, 6, 7) for task in tasks_of_measure(session, number)}
        assert kept == ids


def test_a_step_whose_words_change_keeps_its_work(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        task = tasks_of_measure(session, 2, step=2)[0]
        tick(session, task)
    rows = rows_of(seed)
    rows[1][1] = rows[1][1].replace("จัดให้มีช่องทาง", "เปิดให้มีช่องทาง")
    with database.writing() as session:
        result = bring_plan(session, document(rows), at=MARCH)
        (difference,) = result.differences
        assert difference.startswith("measure 2, step 2, text changed: “จัดให้มีช่องทาง")
        same = session.get_one(Task, task.id)
        assert same.state == "done"
        assert same.title.startswith("เปิดให้มีช่องทาง")
        assert same.completion is not None


def test_a_step_that_is_inserted_and_one_that_is_corrected_are_told_apart(database: Database, seed: bytes) -> None:
    """Step 2 is corrected and moves to 3: its work goes with its words, not with its number."""
    with database.writing() as session:
        bring_plan(session, seed)
        task = tasks_of_measure(session, 2, step=2)[0]
        tick(session, task)
    rows = rows_of(seed)
    rows[1][1] = (
        rows[1][1].replace("๓.", "๔.").replace("๒.จัดให้มี", "๓.เปิดให้มี").replace("<p>๓.", "<p>๒.อบรมบุคลากร</p> <p>๓.", 1)
    )
    with database.writing() as session:
        bring_plan(session, document(rows), at=MARCH)
        assert [len(tasks_of_measure(session, 2, step)) for step in (1, 2, 3, 4)] == [1, 1, 1, 1]
        assert tasks_of_measure(session, 2, step=3)[0].id == task.id
        assert tasks_of_measure(session, 2, step=2)[0].state == "pending"


def test_work_never_goes_to_another_measure_of_the_same_number(database: Database, seed: bytes) -> None:
    """Measure 3 is dropped, and what was 4 takes its number with a word corrected."""
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        third, fourth = tasks_of_measure(session, 3)[0], tasks_of_measure(session, 4)[0]
        tick(session, third)
        tick(session, fourth)
    rows = rows_of(seed)
    del rows[2]
    for number, cells in enumerate(rows[2:], 3):
        cells[0] = f"<p>{to_thai(number)}" + cells[0].removeprefix("<p>")[1:]
    rows[2][0] = rows[2][0].replace("ความรู้ ความเข้าใจ", "ความรู้และความเข้าใจ")
    with database.writing() as session:
        bring_plan(session, document(rows), at=MARCH)
        assert session.get_one(Task, fourth.id).step.measure.number == 3
        assert not session.get_one(Task, fourth.id).step.measure.retired
        assert session.get_one(Task, third.id).step.measure.retired
        assert session.get_one(Task, third.id).state == "done"


def test_a_dropped_step_without_work_goes_one_with_work_stays_in_the_record(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        worked = tasks_of_measure(session, 1, step=3)[0]
        tick(session, worked)
    rows = rows_of(seed)
    rows[0][1] = rows[0][1].split(" <p>๓.")[0]
    rows[1][1] = rows[1][1].split(" <p>๓.")[0]
    with database.writing() as session:
        result = bring_plan(session, document(rows), at=MARCH)
        assert result.differences == [
            "measure 1, step 3 is no longer in the document; what was recorded for it is kept",
            "measure 2, step 3 removed",
        ]
        assert counts(session) == [10, 2, 120, 2, 5, 1]
        assert session.get_one(Task, worked.id).state == "done"
        others = session.scalars(select(Task).where(Task.step_id == worked.step_id, Task.id != worked.id))
        assert [task.state for task in others] == []
    with database.writing() as session:
        back = bring_plan(session, seed, at=TICKED_AT)
        assert [difference.split(":")[0] for difference in back.differences] == [
            "measure 1, step 3 is in the document again",
            "measure 2, step 3 added",
        ]
        assert counts(session) == [15, 3, 120, 2, 5, 1]
        assert session.get_one(Task, worked.id).state == "done"


def test_a_dropped_measure_without_work_goes(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
    with database.writing() as session:
        result = bring_plan(session, document(rows_of(seed)[:5]), at=MARCH)
        assert result.differences == ["measure 6 removed"]
        assert session.query(Measure).count() == 5
        assert counts(session) == [3, 3, 24, 2, 1]


def test_a_moved_period_keeps_moved_days_completions_and_evidence(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        done, moved, noted, plain, *_ = tasks_of_measure(session, 1, step=1)
        progress.tick_off(
            session,
            done,
            result="จัดทำคู่มือแล้ว",
            done_on=date(2023, 2, 1),
            today=date(2023, 3, 1),
            evidence=[link("https://example.go.th/manual")],
            by=BY,
            at=MARCH,
        )
        progress.move_due(session, moved, date(2023, 7, 9), by=BY, at=MARCH)
        progress.note_progress(session, noted, text="กำลังร่าง", noted_on=date(2023, 2, 3), by=BY, at=MARCH)
    rows = rows_of(seed)
    rows[0][3] = rows[0][3].replace("เมษายน ๒๕๖๖", "พฤษภาคม ๒๕๖๖")
    with database.writing() as session:
        result = bring_plan(session, document(rows), at=TICKED_AT)
        assert result.differences == [
            "measure 1, ระยะเวลาดำเนินการ: “ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖” → “ตุลาคม ๒๕๖๕ - พฤษภาคม ๒๕๖๖”"
        ]
        assert counts(session) == [15, 3, 120, 2, 5, 1]
        same = session.get_one(Task, done.id)
        assert (same.state, same.completion and same.completion.result) == ("done", "จัดทำคู่มือแล้ว")
        assert session.query(Evidence).count() == 1
        kept = session.get_one(Task, moved.id)
        assert (kept.state, kept.scheduled_on, kept.due_on) == ("pending", date(2023, 4, 30), date(2023, 7, 9))
        under_way = session.get_one(Task, noted.id)
        assert (under_way.state, under_way.due_on) == ("in_progress", date(2023, 5, 31))
        assert [note.text for note in under_way.notes] == ["กำลังร่าง"]
        assert session.get(Task, plain.id) is None
        fresh = [task for task in tasks_of_measure(session, 1) if task.scheduled_on == date(2023, 5, 31)]
        assert len(fresh) == 12
    with database.writing() as session:
        before = facts(session)
        again = bring_plan(session, document(rows), at=TICKED_AT)
        assert (again.differences, again.tasks_created, facts(session)) == ([], 0, before)


def test_a_cadence_that_loses_a_month_keeps_the_report_of_that_month(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session)
        october, november = tasks_of_measure(session, 3, step=1)[:2]
        tick(session, october)
        progress.note_progress(session, november, text="ร่าง", noted_on=date(2022, 11, 8), by=BY, at=MARCH)
    rows = rows_of(seed)
    rows[2][3] = "<p>ทุกเดือน ธันวาคม ๒๕๖๕ - กันยายน ๒๕๖๖</p>"
    with database.writing() as session:
        bring_plan(session, document(rows), at=MARCH)
        assert session.get_one(Task, october.id).state == "done"
        assert session.get_one(Task, november.id).state == "cancelled"
        assert len(tasks_of_measure(session, 3)) == 100 + 1


def test_summary_cells_are_replaced_and_the_coordinators_text_stays(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, document(rows_of(seed), columns=4))
    with database.writing() as session:
        result = bring_plan(session, seed, at=MARCH)
        assert result.differences == [
            f"measure {number}, {column} added" for number in range(1, 7) for column in ("summary", "outcome")
        ]
        measure = session.scalars(select(Measure).where(Measure.number == 2)).one()
        session.add(
            ColumnText(
                agency_id=measure.agency_id,
                measure_id=measure.id,
                field="summary",
                round=12,
                source="coordinator",
                paragraphs=[{"number": None, "text": "ข้อความของผู้ประสานงาน"}],
                edited_at=MARCH,
            )
        )
    rows = rows_of(seed)
    rows[1][4], rows[4][5] = "<p>ประเมินความเสี่ยงแล้ว</p>", "<p>ครบถ้วน</p>"
    with database.writing() as session:
        result = bring_plan(session, document(rows), at=TICKED_AT)
        assert result.differences == [
            "measure 2, summary changed",
            "measure 2, summary: the coordinator's text stays",
            "measure 5, outcome changed",
        ]
        data = report_data(session, the_plan(session), 12, BANGKOK)
        assert data.measures[1].summary == to_paragraphs("ข้อความของผู้ประสานงาน")
        assert data.measures[4].outcome == to_paragraphs("ครบถ้วน")
        own = session.scalars(select(ColumnText).where(ColumnText.source == "coordinator")).one()
        session.delete(own)
        session.flush()
        session.expire_all()
        again = report_data(session, the_plan(session), 12, BANGKOK)
        assert again.measures[1].summary == to_paragraphs("ประเมินความเสี่ยงแล้ว")
    with database.writing() as session:
        assert bring_plan(session, document(rows, columns=4), at=TICKED_AT).differences == []
        assert report_data(session, the_plan(session), 12, BANGKOK).measures[4].outcome == to_paragraphs("ครบถ้วน")


def test_a_finished_report_ticks_only_where_it_is_said(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_people(session)
        assert bring_plan(session, seed).tasks_completed == 0
        assert {task.state for task in session.scalars(select(Task))} == {"pending"}
    with database.writing() as session:
        result = bring_plan(session, seed, completed=True, at=TICKED_AT)
        assert (result.tasks_completed, result.tasks_created) == (146, 0)
        assert {task.state for task in session.scalars(select(Task))} == {"done"}
        assert tasks_of_measure(session, 2, step=2)[0].completion.result.startswith("มีช่องทางการแจ้งเรื่องร้องเรียน")  # type: ignore[union-attr]
        data = report_data(session, the_plan(session), 12, BANGKOK).as_json()
        assert all(measure["progress"]["done"] == measure["progress"]["total"] for measure in data["measures"])
    draft = read_plan(seed, "plan.txt", 2566).as_json()
    assert [m["summary"] for m in data["measures"]] == [m["summary"] for m in draft["measures"]]
    with database.writing() as session:
        assert bring_plan(session, seed, completed=True, at=TICKED_AT).tasks_completed == 0


def test_a_finished_report_names_no_day_and_so_none_is_on_time(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed, completed=True, at=MARCH)
        assert {task.completion.done_on for task in session.scalars(select(Task)) if task.completion} == {None}
        year, half = (report_data(session, the_plan(session), number, BANGKOK) for number in (12, 6))
    for measure in year.measures:
        assert (measure.pace.unknown_day, measure.pace.on_time, measure.pace.late) == (measure.total, 0, 0)
    assert 0 < sum(one.pace.unknown_day for one in half.measures) < sum(one.total for one in half.measures)


def test_what_is_stored_reads_back_as_it_was_understood(database: Database, seed: bytes) -> None:
    draft = read_plan(seed, "plan.txt", 2566)
    with database.writing() as session:
        bring_plan(session, seed)
    with database.reading() as session:
        shown = plans.with_ids(session, the_plan(session))
    ids = [shown.pop("id"), *(measure.pop("id") for measure in shown["measures"])]
    ids += [step.pop("id") for measure in shown["measures"] for step in measure["steps"]]
    assert len(ids) == 1 + 6 + 12
    assert shown.pop("agency") == "องค์การบริหารส่วนตำบลเขาขาว"
    wanted = draft.as_json()
    del wanted["agency"]
    assert json.dumps(shown, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def test_the_same_bytes_read_otherwise_are_an_amendment(database: Database) -> None:
    """The same file with another choice of columns (or more known names) is not the same plan."""
    header = "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tระยะเวลา\tช่วงที่ทำจริง"
    cells = ("๑. มาตรการ", "๑. ทำ", "กองคลัง", "มีนาคม ๒๕๖๖", "มิถุนายน ๒๕๖๖")
    table = header + "\n" + "\t".join(f"<p>{cell}</p>" for cell in cells)
    data = table.encode()
    with database.writing() as session:
        first = bring_plan(session, data)
        draft = read_plan(data, "plan.txt", 2566, columns={"period": "ช่วงที่ทำจริง"})
        agency = first.plan.agency
        again = plans.import_plan(session, agency, draft, data, "plan.txt", tz=BANGKOK, by=BY, at=MARCH)
        assert again.differences == ["measure 1, ระยะเวลาดำเนินการ: “มีนาคม ๒๕๖๖” → “มิถุนายน ๒๕๖๖”"]
        assert [task.scheduled_on for task in session.scalars(select(Task))] == [date(2023, 6, 30)]


def test_every_import_that_changes_something_is_an_event(database: Database, seed: bytes) -> None:
    with database.writing() as session:
        bring_plan(session, seed)
        bring_people(session, PEOPLE)
        bring_plan(session, document(rows_of(seed)[:5]), at=MARCH)
        assert kinds(session) == [
            "plan_imported",
            "tasks_generated",
            "people_imported",
            "tasks_generated",
            "plan_amended",
            "tasks_generated",
        ]


def test_a_step_with_its_own_party_and_period(database: Database) -> None:
    rows = [
        ["<p>๑. มาตรการ</p>", "<p>๑. ขั้นแรก</p>", "<p>กองคลัง</p>", "<p>มีนาคม ๒๕๖๖</p>", "", ""],
        ["", "<p>๒. ขั้นที่สอง</p>", "<p>กองช่าง</p>", "<p>มิถุนายน ๒๕๖๖</p>", "", ""],
    ]
    with database.writing() as session:
        bring_plan(session, document(rows, columns=4))
        found = {task.title: (task.units[0].name, task.due_on) for task in session.scalars(select(Task))}
        assert found == {
            "ขั้นแรก": ("กองคลัง", date(2023, 3, 31)),
            "ขั้นที่สอง": ("กองช่าง", date(2023, 6, 30)),
        }
    rows[1][3] = "<p>กรกฎาคม ๒๕๖๖</p>"
    with database.writing() as session:
        result = bring_plan(session, document(rows, columns=4), at=MARCH)
        assert result.differences == ["measure 1, step 2, ระยะเวลาดำเนินการ: “มิถุนายน ๒๕๖๖” → “กรกฎาคม ๒๕๖๖”"]
