"""Importing last year's report: refused with the ways out, moved, kept, and its results in their own round."""

import json
from pathlib import Path

from tests.cli.conftest import Commands
from tests.db.agency_of_seed import BANGKOK, PEOPLE, the_plan
from tests.unit.plan_import.import_files import as_text, row
from tracker.services.reports.column_texts import column_views
from tracker.services.reports.compose import measures_of
from tracker.store.db import Database

THIS_YEAR = ("--fiscal-year", "2570")
ROWS = [row("๑. โปร่งใส", "๑. เผยแพร่แผน", "กองคลัง", "รายไตรมาส", "๑. เผยแพร่แล้ว", "ประชาชนทราบ")]


def summaries(tracker: Commands, folder: Path, months: int) -> list[list[str]]:
    """The printed summaries of a round's report."""
    asked = ("report", "--fiscal-year", 2570, "--round", months, "--format", "json", "--out", folder)
    assert tracker(*asked).status == 0
    made = json.loads((folder / f"report-2570-{months}.json").read_text(encoding="utf-8"))
    return [[paragraph["text"] for paragraph in measure["summary"]] for measure in made["measures"]]


def test_the_seed_as_another_year_is_refused_and_stores_nothing(tracker: Commands, seed_file: Path) -> None:
    answer = tracker("plan", "import", seed_file, *THIS_YEAR)
    assert answer.status == 2
    for way in ("--fiscal-year 2566", "--shift-from 2566", "--keep-years"):
        assert way in answer.sentence
    assert tracker("plan", "show", *THIS_YEAR, "--json").status == 2


def test_a_dry_run_shows_it_and_warns(tracker: Commands, seed_file: Path) -> None:
    shown = tracker("plan", "import", seed_file, *THIS_YEAR, "--dry-run", "--json").json
    assert len(shown["measures"]) == 6
    warned = [warning["message"] for warning in shown["warnings"]]
    assert "หน้าปกเป็นปีงบประมาณ 2566 แต่นำเข้าเป็นปีงบประมาณ 2570" in warned
    assert sum("อยู่นอกปีงบประมาณ 2570" in message for message in warned) == 6


def test_the_seed_moved_is_this_year_s_plan_and_nothing_is_late_at_birth(tracker: Commands, seed_file: Path) -> None:
    moved = tracker("plan", "import", seed_file, *THIS_YEAR, "--shift-from", "๒๕๖๖", "--json").json
    assert all(measure["summary"] == measure["outcome"] == [] for measure in moved["measures"])
    assert "๒๕๖๖" not in "".join(measure["period"]["text"] for measure in moved["measures"])
    tasks = tracker("task", "list", *THIS_YEAR, "--json").json
    assert len(tasks) == 34
    assert {task["state"] for task in tasks} == {"pending"}
    assert all("2026-10-01" <= task["due_on"] <= "2027-09-30" for task in tasks)
    again = tracker("plan", "import", seed_file, *THIS_YEAR, "--shift-from", 2566, "--json").json
    assert "differences" not in again


def test_keep_years_takes_them_as_they_stand(tracker: Commands, seed_file: Path) -> None:
    kept = tracker("plan", "import", seed_file, *THIS_YEAR, "--keep-years", "--json").json
    assert kept["measures"][0]["period"]["end"] == "2023-04-30"
    assert any(warning["where"] == "measure 1, ระยะเวลาดำเนินการ" for warning in kept["warnings"])


def test_options_that_contradict_each_other_are_named(tracker: Commands, seed_file: Path) -> None:
    plan = ("plan", "import", seed_file, *THIS_YEAR)
    assert "give one of the two" in tracker(*plan, "--shift-from", 2566, "--keep-years").sentence
    assert "leave it out" in tracker(*plan, "--shift-from", 2570).sentence
    assert "--completed" in tracker(*plan, "--shift-from", 2566, "--completed").sentence
    assert "--shift-from 2566" in tracker(*plan, "--shift-from", 2565).sentence


def test_results_belong_to_the_round_of_the_cover_or_of_the_option(tracker: Commands, tmp_path: Path) -> None:
    document = tmp_path / "report.txt"
    document.write_bytes(as_text(ROWS, cover=("อบต.เขาขาว", "ประจำปีงบประมาณ ๒๕๗๐", "รอบ ๖ เดือน")))
    assert tracker("plan", "import", document, *THIS_YEAR).status == 0
    assert summaries(tracker, tmp_path, 6) == [["เผยแพร่แล้ว"]]
    assert ["เผยแพร่แล้ว"] not in summaries(tracker, tmp_path, 12)
    rows = [row("๑. โปร่งใส", "๑. เผยแพร่แผน", "กองคลัง", "รายไตรมาส", "๑. เผยแพร่ครบทั้งปี", "ประชาชนทราบ")]
    document.write_bytes(as_text(rows, cover=("อบต.เขาขาว", "ประจำปีงบประมาณ ๒๕๗๐")))
    silent = tracker("plan", "import", document, *THIS_YEAR)
    assert "--round 6" in silent.out
    assert summaries(tracker, tmp_path, 12) == [["เผยแพร่ครบทั้งปี"]]
    assert summaries(tracker, tmp_path, 6) == [["เผยแพร่แล้ว"]]
    assert "--round 6" not in tracker("plan", "import", document, *THIS_YEAR, "--round", 6).out
    assert summaries(tracker, tmp_path, 6) == [["เผยแพร่ครบทั้งปี"]]


def test_a_six_month_report_marks_only_the_tasks_of_its_round_done(tracker: Commands, tmp_path: Path) -> None:
    document = tmp_path / "report.txt"
    document.write_bytes(as_text(ROWS, cover=("อบต.เขาขาว", "ประจำปีงบประมาณ ๒๕๗๐", "รอบ ๖ เดือน")))
    assert tracker("plan", "import", document, *THIS_YEAR, "--completed").status == 0
    states = {task["scheduled_on"]: task["state"] for task in tracker("task", "list", *THIS_YEAR, "--json").json}
    done = [day for day, state in states.items() if state == "done"]
    assert sorted(done) == ["2026-12-31", "2027-03-31"]
    assert len(states) == 4


def test_units_that_would_be_new_stand_beside_the_one_most_alike(tracker: Commands, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "unit,unit_kind,name,role,email,line_user_id\nกองการคลัง,division,ก ข,head,a@example.go.th,\n", encoding="utf-8"
    )
    assert tracker("people", "import", people, "--agency", "อบต.เขาขาว").status == 0
    document = tmp_path / "plan.txt"
    document.write_bytes(as_text(ROWS, cover=()))
    shown = tracker("plan", "import", document, *THIS_YEAR, "--dry-run").out
    assert "1 new units:" in shown
    assert "กองคลัง (most like กองการคลัง)" in shown
    assert "new units" not in tracker("plan", "show", *THIS_YEAR).out


def test_people_brought_after_the_seed_leave_its_texts_as_they_are(
    tracker: Commands, data_dir: Path, seed_file: Path, tmp_path: Path
) -> None:
    """By the commands as a coordinator types them: of the twelve cells none has news."""
    assert tracker("plan", "import", seed_file, "--fiscal-year", "2566").status == 0
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    assert tracker("people", "import", people).status == 0
    assert len(tracker("task", "list", "--fiscal-year", "2566", "--json").json) > 34
    database = Database(f"sqlite:///{data_dir / 'tracker.sqlite3'}")
    try:
        with database.reading() as session:
            plan = the_plan(session)
            measures = measures_of(session, plan)
            views = column_views(session, plan, measures, 12, BANGKOK, thai_digits=True)
            assert [one.drifted for one in views] == [False] * 12
    finally:
        database.dispose()
