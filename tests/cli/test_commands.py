"""Every command: what it prints for people, its exact JSON (docs/rules.md, "JSON contract"), and where it works."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from PIL import Image
from sqlalchemy import delete, select, text

from tests.cli.conftest import Commands
from tests.db.agency_of_seed import HEADER, PEOPLE
from tracker.models import Account, Agency, Event, Plan, ReportFile
from tracker.reports.own_template import starter
from tracker.services.accounts.accounts import find_account
from tracker.services.audit import Actor
from tracker.services.reports.closing import close_round
from tracker.services.reports.report_files import ask_for_version, make
from tracker.services.reports.report_template import keep_template
from tracker.settings import load
from tracker.store.db import Database, open_database
from tracker.store.storage import EvidenceStore

PERIOD = {"text", "fiscal_year", "start", "end", "cadences", "checkpoints", "warnings"}
MEASURE = {"number", "title", "details", "steps", "responsible", "period", "summary", "outcome"}
TASK = {"id", "measure", "step", "units", "scheduled_on", "due_on", "cadences", "state", "title"}


@pytest.fixture
def people_file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8-sig")
    return path


@pytest.fixture
def running(tracker: Commands, seed_file: Path, people_file: Path) -> Commands:
    """An agency with the seed's plan and people."""
    assert tracker("plan", "import", seed_file, "--fiscal-year", "2566").status == 0
    assert tracker("people", "import", people_file).status == 0
    return tracker


def test_a_cell_that_begins_with_a_dash_is_a_text(tracker: Commands) -> None:
    for cell in ("- มีนาคม ๒๕๖๖", "-มีนาคม ๒๕๖๖", "– มีนาคม ๒๕๖๖"):
        assert tracker("period", cell, "--fiscal-year", "2566", "--json").json["end"] == "2023-03-31"
    assert tracker("period", "--fiscal-yeer", "2566", "ไตรมาส ๑").status == 2


def test_period(tracker: Commands) -> None:
    assert tracker("period", "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", "--fiscal-year", "๒๕๖๖", "--json").json == {
        "text": "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖",
        "fiscal_year": 2566,
        "start": "2022-10-01",
        "end": "2023-04-30",
        "cadences": [],
        "checkpoints": [{"on": "2023-04-30", "cadences": []}],
        "warnings": [],
    }
    said = tracker("period", "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", "--fiscal-year", "2566")
    assert said.out == "2022-10-01 to 2023-04-30\n1 checkpoint: 2023-04-30\n"


def test_periods_line_by_line(tracker: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = ["ไตรมาส ๑", "", "31 มิถุนายน 2566", "ทุกเดือน\\nปีงบประมาณ ๒๕๖๖"]
    (tmp_path / "lines").write_bytes(("\r\n".join(lines) + "\n").encode())
    with (tmp_path / "lines").open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        answer = tracker("period", "-", "--fiscal-year", 2566, "--json")
    results = [json.loads(line) for line in answer.out.splitlines()]
    assert len(results) == 4
    assert all(set(result) == PERIOD for result in results)
    assert [result["end"] for result in results] == ["2022-12-31", None, None, "2023-09-30"]
    assert results[3]["text"] == "ทุกเดือน\nปีงบประมาณ ๒๕๖๖"
    assert len(results[3]["checkpoints"]) == 12
    with (tmp_path / "lines").open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert len(tracker("period", "-", "--fiscal-year", 2566).out.splitlines()) == 4


def test_a_dry_run_shows_and_stores_nothing(tracker: Commands, seed_file: Path) -> None:
    shown = tracker("plan", "import", seed_file, "--fiscal-year", "2566", "--dry-run", "--json").json
    assert set(shown) == {"agency", "fiscal_year", "measures", "warnings"}
    assert len(shown["measures"]) == 6
    assert sum(len(measure["steps"]) for measure in shown["measures"]) == 12
    for measure in shown["measures"]:
        assert set(measure) == MEASURE
        assert set(measure["responsible"]) == {"text", "mode", "parties"}
        assert set(measure["period"]) == PERIOD
        assert all(
            set(paragraph) == {"number", "text"}
            for name in ("summary", "outcome", "details")
            for paragraph in measure[name]
        )
        assert all(set(step) == {"number", "text"} for step in measure["steps"])
    assert all(set(warning) == {"where", "message"} for warning in shown["warnings"])
    assert "เขาขาว" in str(shown["warnings"])
    assert "no agency yet" in tracker("plan", "show", "--fiscal-year", "2566").sentence


def test_import_is_the_dry_run_with_ids(tracker: Commands, seed_file: Path) -> None:
    dry = tracker("plan", "import", seed_file, "--fiscal-year", "2566", "--dry-run", "--json").json
    stored = tracker("plan", "import", seed_file, "--fiscal-year", "2566", "--json").json
    again = tracker("plan", "import", seed_file, "--fiscal-year", "2566", "--json").json
    assert again == stored
    shown = tracker("plan", "show", "--fiscal-year", "2566", "--json").json
    assert shown == stored
    assert without_ids(stored) == dry


def test_a_dry_run_of_a_corrected_file_shows_the_differences(tracker: Commands, tmp_path: Path) -> None:
    first = as_csv(tmp_path / "plan.csv", "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา", "๑. เปิดเผย,๑. จัดทำ,กองคลัง,ไตรมาส ๑")
    tracker("plan", "import", first, "--fiscal-year", "2567", "--agency", "อบต.ตัวอย่าง")
    before = tracker("plan", "show", "--fiscal-year", "2567", "--json").json
    second = as_csv(tmp_path / "new.csv", "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา", "๑. เปิดเผย,๑. จัดทำ,กองคลัง,ไตรมาส ๓")
    dry = tracker("plan", "import", second, "--fiscal-year", "2567", "--dry-run", "--json").json
    assert tracker("plan", "show", "--fiscal-year", "2567", "--json").json == before
    assert dry["differences"]
    assert "changed: " in tracker("plan", "import", second, "--fiscal-year", "2567", "--dry-run").out
    stored = tracker("plan", "import", second, "--fiscal-year", "2567", "--json").json
    assert stored["differences"] == dry["differences"]
    again = tracker("plan", "import", second, "--fiscal-year", "2567", "--dry-run", "--json").json
    assert "differences" not in again


def test_an_open_column_is_asked_and_the_answer_remembered(tracker: Commands, tmp_path: Path) -> None:
    header = "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ช่วงเวลา,ระยะเวลา"
    plan = as_csv(tmp_path / "plan.csv", header, "๑. เปิดเผย,๑. จัดทำ,กองคลัง,ไตรมาส ๑,ไตรมาส ๓")
    whole = ("plan", "import", plan, "--fiscal-year", "2567", "--agency", "อบต.ตัวอย่าง")
    assert any("ไตรมาส ๑" in one["message"] for one in tracker(*whole, "--dry-run", "--json").json["warnings"])
    refused = tracker(*whole)
    assert (refused.status, "--column period=" in refused.sentence, "ไตรมาส ๓" in refused.sentence) == (2, True, True)
    named = tracker(*whole, "--column", "period=ช่วงเวลา", "--json").json
    assert named["measures"][0]["period"]["text"] == "ไตรมาส ๑"
    later = as_csv(tmp_path / "later.csv", header, "๑. เปิดเผย,๑. จัดทำ,กองคลัง,ไตรมาส ๒,ไตรมาส ๔")
    read = tracker("plan", "import", later, "--fiscal-year", "2568", "--json").json
    assert read["measures"][0]["period"]["text"] == "ไตรมาส ๒"


def test_what_is_to_be_looked_at_is_said_in_thai(
    tracker: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = as_csv(tmp_path / "plan.csv", "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา", "๑. เปิดเผย,๑. จัดทำ,กองคลัง,ต.ค. ๕๖")
    whole = ("plan", "import", plan, "--fiscal-year", "2567", "--agency", "อบต.ตัวอย่าง", "--dry-run")
    assert "measure 1, ระยะเวลาดำเนินการ" in tracker(*whole).out
    monkeypatch.setenv("LANG", "th_TH.UTF-8")
    shown = tracker(*whole).out
    assert "มาตรการ 1 ระยะเวลาดำเนินการ" in shown
    assert "หน่วยงานใหม่ 1 หน่วย" in shown
    assert "measure 1" not in shown


def as_csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_ids(one) for name, one in value.items() if name != "id"}
    return [without_ids(one) for one in value] if isinstance(value, list) else value


def test_people(tracker: Commands, people_file: Path) -> None:
    made = tracker("people", "import", people_file, "--agency", "อบต.เขาขาว", "--json").json
    assert set(made) == {"agency", "units", "members", "tasks_created", "changes"}
    assert (made["agency"], made["units"], made["members"]) == ("อบต.เขาขาว", 9, 10)
    assert tracker("people", "import", people_file, "--json").json["changes"] == []
    assert tracker("people", "import", people_file).out == "อบต.เขาขาว: nothing changed (9 units, 10 people).\n"


def test_tasks(running: Commands) -> None:
    rows = running("task", "list", "--fiscal-year", "2566", "--json").json
    assert len(rows) == 146
    assert all(set(row) == TASK for row in rows)
    first = running("task", "list", "--unit", "งานนิติการ", "--due-by", "๓๑ ธ.ค. ๖๕", "--json").json
    assert [(row["measure"], row["step"], row["units"], row["due_on"]) for row in first] == [
        (2, step, ["งานนิติการ"], "2022-12-31") for step in (1, 2, 3)
    ]
    joint = next(row for row in rows if row["measure"] == 6)
    assert joint["units"] == ["ฝ่ายประชาสัมพันธ์", "นิติกร"]
    assert running("task", "list", "--state", "done", "--json").json == []
    assert running("task", "list", "--unit", "งานนิติการ").out.endswith("3 tasks of fiscal year 2566.\n")


def test_a_task_is_ticked_with_evidence(running: Commands, data_dir: Path, tmp_path: Path) -> None:
    photo = tmp_path / "ภาพถ่าย.png"
    Image.new("RGB", (4, 4), "teal").save(photo)
    first = running("task", "list", "--json").json[0]["id"]
    done = running(
        "task", "done", first, "--result", "จัดทำแล้ว", "--outcome", "ดีขึ้น", "--on", "2023-03-01", "--evidence", photo,
        "--evidence", "https://example.go.th/x", "--as", "HEAD0@example.go.th", "--json",
    ).json  # fmt: skip
    assert set(done) == TASK
    assert (done["id"], done["state"]) == (first, "done")
    assert sum(one.is_file() for one in (data_dir / "evidence").iterdir()) == 1
    assert running("task", "done", done["id"], "--result", "อีกครั้ง").status == 1
    assert len(running("task", "list", "--state", "done", "--json").json) == 1


def test_the_report_has_what_was_imported(running: Commands, seed_file: Path, tmp_path: Path) -> None:
    dry = running("plan", "import", seed_file, "--fiscal-year", "2566", "--dry-run", "--json").json
    for months in (6, 12):
        answer = running(
            "report",
            "--fiscal-year",
            2566,
            "--round",
            months,
            "--format",
            "json,csv",
            "--out",
            tmp_path / "out",
            "--json",
        ).json
        assert set(answer) == {"agency", "fiscal_year", "round", "files"}
        made = json.loads((tmp_path / "out" / f"report-2566-{months}.json").read_text(encoding="utf-8"))
        assert set(made) == {"agency", "fiscal_year", "round", "measures"}
        kept = MEASURE if months == 12 else MEASURE - {"summary", "outcome"}
        imported = [{name: measure[name] for name in kept} for measure in dry["measures"]]
        assert [{name: measure[name] for name in kept} for measure in made["measures"]] == imported
        assert [set(measure) for measure in made["measures"]] == [MEASURE | {"progress"}] * 6
        assert [measure["progress"]["total"] for measure in made["measures"]] == [15, 3, 120, 2, 5, 1]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "report-2566-12.csv",
        "report-2566-12.json",
        "report-2566-6.csv",
        "report-2566-6.json",
    ]


def test_a_finished_report(tracker: Commands, seed_file: Path) -> None:
    said = tracker("plan", "import", seed_file, "--fiscal-year", "2566", "--completed")
    assert said.out.endswith("Imported: 34 tasks created, 34 marked done.\n")


def test_a_corrected_file_tells_its_differences(running: Commands, seed_file: Path) -> None:
    seed_file.write_bytes(seed_file.read_bytes().replace("ธันวาคม ๒๕๖๕".encode(), "มกราคม ๒๕๖๖".encode()))
    told = running("plan", "import", seed_file, "--fiscal-year", "2566", "--json").json
    assert told["differences"] == [
        "measure 2, ระยะเวลาดำเนินการ: “ตุลาคม ๒๕๖๕ - ธันวาคม ๒๕๖๕” → “ตุลาคม ๒๕๖๕ - มกราคม ๒๕๖๖”"
    ]


def test_remind(running: Commands) -> None:
    told = running("remind", "--at", "2023-04-24T09:00", "--dry-run", "--json").json
    assert {"at", "digests", "sent", "failed"} <= set(told)
    assert all({"to", "channel", "tasks", "stages"} <= set(digest) for digest in told["digests"])
    assert told["sent"] == told["failed"] == 0


def test_reminders_of_a_day_to_come_are_listed_and_only_sent_by_force(running: Commands) -> None:
    with time_machine.travel(datetime(2023, 4, 20, 9, tzinfo=ZoneInfo("Asia/Bangkok")), tick=False):
        listed = running("remind", "--at", "2023-04-24T09:00")
        assert "That day has not come" in listed.err
        assert listed.out.endswith("0 sent, 0 failed.\n")
        assert running("remind", "--at", "2023-04-24T09:00", "--force", "--json").json["sent"] > 0


def _account(email: str) -> Account:
    database = open_database(load())
    with database.reading() as session:
        account = find_account(session, email)
    database.dispose()
    assert account
    return account


def test_accounts(running: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = running("user", "add", "head0@example.go.th", "--json").json
    assert set(made) == {"email", "password"}
    assert _account("head0@example.go.th").password_by_other
    (tmp_path / "password").write_text("a phrase that is long enough\n")
    with (tmp_path / "password").open() as stream, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", stream)
        said = running("user", "add", "head0@example.go.th", "--password-stdin")
    assert said.out == "Password changed: head0@example.go.th\n"
    assert not _account("head0@example.go.th").password_by_other
    coordinator = running("user", "add", "new@example.go.th", "--role", "coordinator", "--name", "คนใหม่", "--json")
    assert coordinator.status == 0
    reset = running("user", "reset-second-factor", "head0@example.go.th")
    assert reset.out == "Second factor removed: head0@example.go.th signs in with the password alone\n"
    assert "no account" in running("user", "reset-second-factor", "nobody@example.go.th").sentence


def test_backup_restore_and_audit(
    running: Commands, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = running("backup", tmp_path / "b.tar.gz", "--json").json
    assert set(made) == {"archive", "sha256", "rows"}
    assert "already holds data" in running("restore", tmp_path / "b.tar.gz").sentence
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "second"))
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "tracker.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    assert running("restore", tmp_path / "b.tar.gz", "--json").json["rows"] == made["rows"]
    (found,) = running("audit", "verify", "--json").json
    assert found == {"agency": "องค์การบริหารส่วนตำบลเขาวาว", "problems": [], "reports": []}
    assert len(running("task", "list", "--json").json) == 146


def test_backups_of_a_folder_are_named_kept_and_sealed(
    running: Commands, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = tmp_path / "backups", tmp_path / "key"
    folder.mkdir()
    key.write_bytes(b"k" * 32)
    for day in (1, 2, 3):
        with time_machine.travel(datetime(2023, 4, day, 2, tzinfo=UTC), tick=False):
            said = running("backup", folder, "--keep", "2", "--key-file", key)
            assert "secret-key) is not in it: keep a copy apart" in said.out
    assert sorted(path.name for path in folder.iterdir()) == [
        f"measure-tracker-2023-04-0{day}-090000.tar.gz.sealed" for day in (2, 3)
    ]
    assert "for a folder" in running("backup", tmp_path / "b.tar.gz", "--keep", "2").sentence
    (tmp_path / "short").write_bytes(b"k")
    assert "too short" in running("backup", tmp_path / "b.tar.gz", "--key-file", tmp_path / "short").sentence
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "second"))
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "tracker.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    newest = max(folder.iterdir())
    assert "--key-file" in running("restore", newest).sentence
    assert "the record of changes is whole" in running("restore", newest, "--key-file", key).out


def test_a_restore_with_a_file_missing_ends_with_1(
    running: Commands, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    task = running("task", "list", "--json").json[0]["id"]
    assert running("task", "done", task, "--result", "ทำแล้ว", "--evidence", tmp_path / "a.pdf").status == 0
    [kept] = [path for path in (data_dir / "evidence").iterdir() if path.is_file()]
    kept.unlink()
    running("backup", tmp_path / "b.tar.gz")
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "second"))
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "tracker.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    restored = running("restore", tmp_path / "b.tar.gz")
    assert restored.status == 1
    assert f"a row names the file {kept.name}, which is not there" in restored.out


def test_db_upgrade_and_doctor(tracker: Commands) -> None:
    assert tracker("db", "upgrade").out.endswith("already.\n")
    upgraded = tracker("db", "upgrade", "--json").json
    assert upgraded["before"] == upgraded["now"]
    found = {finding["name"]: finding["state"] for finding in tracker("doctor", "--json").json}
    assert found["database"] == found["migrations"] == "ok"
    assert {"broker", "mail", "LINE", "fonts"} <= set(found)


def test_help_of_every_command(tracker: Commands) -> None:
    commands = "up|demo|period|plan import|plan show|people import|task list|task done|remind|report|doctor|user add"
    for words in ("", *commands.split("|"), "db upgrade", "backup", "restore", "audit verify"):
        answer = tracker(*words.split(), "--help")
        assert (answer.status, answer.err) == (0, ""), words
        assert answer.out.startswith("Usage: tracker")


def test_two_agencies_are_told_apart(running: Commands, seed_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("\n".join([HEADER, "กองคลัง,division,,นางคลัง,head,,z@example.go.th,"]))
    assert running("people", "import", table, "--agency", "อบต.อื่น").status == 0
    assert "2 agencies; say which with --agency" in running("task", "list").sentence
    assert "2 agencies" in running("people", "import", table).sentence
    assert running("plan", "import", seed_file, "--fiscal-year", 2566, "--agency", "อบต. อื่น").status == 0
    for agency in ("อบต.อื่น", "องค์การบริหารส่วนตำบลเขาวาว"):
        rows = running("task", "list", "--agency", agency, "--json").json
        assert len(rows) == (34 if agency == "อบต.อื่น" else 146)
    theirs = running("task", "list", "--agency", "อบต.อื่น", "--json").json[0]["id"]
    sentence = running("task", "done", theirs, "--result", "x", "--agency", "องค์การบริหารส่วนตำบลเขาวาว").sentence
    assert f"no task {theirs}" in sentence


def test_a_report_is_proof_read(tracker: Commands, seed_file: Path) -> None:
    assert tracker("plan", "import", seed_file, "--fiscal-year", 2566).status == 0
    found = tracker("report", "check", "--fiscal-year", 2566, "--round", 12, "--json").json
    assert (found["fiscal_year"], found["round"]) == (2566, 12)
    spelling = [(one["quote"], one["proposal"]) for one in found["suggestions"] if one["kind"] == "spelling"]
    assert ("รับผิชอบ", "รับผิดชอบ") in spelling
    assert ("เบี่ยยังชีพ", "เบี้ยยังชีพ") in spelling
    assert found["suggestions"][0]["place"] == {"measure": None, "column": "cover", "paragraph": 1}
    assert [(one["measure"], one["quote"], one["done"]) for one in found["claims"]] == [
        (1, "ทุกส่วน", 0),
        (5, "ทุกครั้ง", 0),
    ]
    twelve = tracker("report", "check", "--fiscal-year", 2566, "--round", 12)
    assert "measure 1, summary: claims more than was ticked (0 of 1 occasions): ทุกส่วน" in twelve.out
    told = tracker("report", "check", "--fiscal-year", 2566, "--round", 6)
    assert "measure 1, title, paragraph 1: รับผิชอบ → รับผิดชอบ" in told.out
    assert "none of them keeps the round from being closed" in told.out


def test_a_report_needs_its_year_round_and_folder(tracker: Commands) -> None:
    assert "--fiscal-year" in tracker("report", "--round", 6, "--out", "o").sentence
    assert "--round" in tracker("report", "--fiscal-year", 2566, "--out", "o").sentence
    assert "--out" in tracker("report", "--fiscal-year", 2566, "--round", 6).sentence


def test_the_report_of_a_closed_round_is_the_file_that_was_kept(
    running: Commands, data_dir: Path, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{data_dir / 'tracker.sqlite3'}")
    store, by = EvidenceStore(data_dir / "evidence", 2**20), Actor("test", "cli")
    with database.writing() as session:
        plan = session.scalars(select(Plan)).one()
        closed = datetime(plan.fiscal_year - 543, 10, 2, 5, tzinfo=UTC)
        version = close_round(session, plan, 12, UTC, today=closed.date(), by=by, at=closed)
        files = {one.format: one.id for one in ask_for_version(session, version, closed, public=False)}
    assert make(database, store, files["docx"], closed, UTC)
    with database.writing() as session:
        kept = store.path(session.get_one(ReportFile, files["docx"]).stored_name or "").read_bytes()
        template = starter()
        keep_template(session, plan.agency_id, template, "แบบ.docx", store.keep_made(template), by=by, at=closed)
    database.dispose()
    asked = ("report", "--fiscal-year", plan.fiscal_year, "--round", 12, "--out", tmp_path / "out")
    assert running(*asked, "--format", "docx,csv").status == 0
    assert (tmp_path / "out" / f"report-{plan.fiscal_year}-12.docx").read_bytes() == kept


def test_audit_verify_shows_what_changed_since_a_report_was_closed(running: Commands, data_dir: Path) -> None:
    database = Database(f"sqlite:///{data_dir / 'tracker.sqlite3'}")
    with database.writing() as session:
        plan = session.scalars(select(Plan)).one()
        today = date(plan.fiscal_year - 543, 10, 2)
        closed = datetime(today.year, 10, 2, 5, tzinfo=UTC)
        close_round(session, plan, 12, UTC, today=today, by=Actor("test", "cli"), at=closed)
    database.dispose()
    (found,) = running("audit", "verify", "--json").json
    (report,) = found["reports"]
    assert (report["round"], report["version"], report["problems"], report["changes"]) == (12, 1, [], [])
    task = running("task", "list", "--json").json[0]
    assert running("task", "done", task["id"], "--result", "ทำแล้ว", "--on", task["scheduled_on"]).status == 0
    (found,) = running("audit", "verify", "--json", "--round", "12").json
    cells = {(one["area"], one["cell"]): (one["before"], one["after"]) for one in found["reports"][0]["changes"]}
    assert cells["task", "state"][0] == "pending"
    assert cells["task", "result"] == (None, "ทำแล้ว")
    told = running("audit", "verify").out
    assert "12 months, version 1: whole;" in told
    assert "result: – → ทำแล้ว" in told
    assert running("audit", "verify", "--round", "6", "--json").json[0]["reports"] == []


def test_audit_verify_names_a_record_whose_end_was_cut(running: Commands, data_dir: Path) -> None:
    task = running("task", "list", "--json").json[0]
    assert running("task", "done", task["id"], "--result", "ทำแล้ว", "--on", task["scheduled_on"]).status == 0
    database = Database(f"sqlite:///{data_dir / 'tracker.sqlite3'}")
    with database.writing() as session:
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(delete(Event))
    database.dispose()
    verified = running("audit", "verify", "--json")
    assert verified.status == 1
    (found,) = json.loads(verified.out)
    assert any("its end was cut" in problem for problem in found["problems"])


def test_set_up_prints_a_link_until_there_is_an_agency(tracker: Commands) -> None:
    first, second = tracker("set-up", "--json").json["link"], tracker("set-up", "--json").json["link"]
    assert "/set-up/" in first
    assert first != second
    assert second.rpartition("/")[0] in tracker("set-up").out
    database = open_database(load())
    with database.writing() as session:
        session.add(Agency(name="อบต.ตัวอย่าง"))
    database.dispose()
    assert tracker("set-up", "--json").json == {"link": None}
    assert tracker("set-up").out == "There is an agency already; its coordinator signs in.\n"
