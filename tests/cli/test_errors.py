"""Every error is one sentence that says what is wrong, where, and what to do; 2: not understood, 1: failed."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from tests.cli.conftest import Commands
from tests.db.agency_of_seed import PEOPLE
from tests.postgres import fresh_database
from tracker.store.db import Database

PLAN = ("plan", "import")
YEAR = ("--fiscal-year", "2566")


@pytest.fixture
def running(tracker: Commands, seed_file: Path, tmp_path: Path) -> Commands:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    assert tracker(*PLAN, seed_file, *YEAR).status == 0
    assert tracker("people", "import", people).status == 0
    return tracker


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("plan", "import", "missing.txt", "--fiscal-year", "2566"), "missing.txt"),
        (("plan", "import", ".", "--fiscal-year", "2566"), "is a directory"),
        (("plan", "import", "{seed}"), "--fiscal-year"),
        (("plan", "import", "{seed}", "--fiscal-year", "2023"), "2023"),
        (("plan", "import", "{seed}", "--fiscal-year", "ปีนี้"), "ปีนี้"),
        (("plan", "import", "{seed}", "--fiscal-year", "2566", "--column", "period"), "FIELD=HEADER"),
        (("plan", "import", "{seed}", "--fiscal-year", "2566", "--column", "colour=สี"), "colour"),
        (("plan", "import", "{empty}", "--fiscal-year", "2566"), "empty"),
        (("plan", "import", "{pdf}", "--fiscal-year", "2566"), "PDF"),
        (("plan", "import", "{prose}", "--fiscal-year", "2566"), "no table"),
        (("people", "import", "missing.csv"), "missing.csv"),
        (("people", "import", "{prose}"), "column"),
        (("task", "list"), "There is no agency yet"),
        (("task", "list", "--due-by", "someday"), "someday"),
        (("task", "list", "--due-by", "31/6/2566"), "31/6/2566"),
        (("task", "list", "--state", "finished"), "finished"),
        (("task", "done", "x", "--result", "ทำ"), "x"),
        (("task", "done", "1"), "--result"),
        (("task", "done", "1", "--result", "ทำ", "--evidence", "missing.pdf"), "missing.pdf does not exist"),
        (("task", "done", "1", "--result", "ทำ", "--evidence", "."), "is a folder"),
        (("task", "done", "1", "--result", "ทำ", "--evidence", "{prose}"), "not a photo"),
        (("task", "done", "1", "--result", "ทำ", "--evidence", "https://"), "not a web address"),
        (("report", "--fiscal-year", "2566", "--round", "9", "--out", "o"), "9"),
        (("report", "--fiscal-year", "2566", "--round", "6", "--format", "odt", "--out", "o"), "odt"),
        (("report", "--fiscal-year", "2566", "--round", "6", "--out", "o"), "There is no agency yet"),
        (("remind", "--at", "tomorrow"), "tomorrow"),
        (("remind", "--at", "0001-01-01"), "0001-01-01"),
        (("remind", "--at", "2570-01-01T09:00"), "Common Era"),
        (("restore", "missing.tar.gz"), "missing.tar.gz"),
        (("restore", "{prose}"), "not a whole backup"),
        (("user", "add", "nobody"), "nobody"),
        (("user", "add", "a@b.go.th", "--role", "head"), "needs --unit"),
        (("user", "add", "a@b.go.th", "--role", "executive", "--unit", "x", "--agency", "y"), "takes no --unit"),
        (("period", "มีนาคม"), "--fiscal-year"),
        (("nonsense",), "nonsense"),
        (("plan", "import", "{seed}", "--nonsense", "--fiscal-year", "2566"), "--nonsense"),
    ],
)
def test_what_is_not_understood(
    tracker: Commands, seed_file: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    files = {"empty": b"", "pdf": b"%PDF-1.7\n%%EOF", "prose": "บันทึกข้อความ ไม่มีตาราง".encode()}
    for name, data in files.items():
        (tmp_path / f"{name}.txt").write_bytes(data)
    paths = {"seed": seed_file, **{name: tmp_path / f"{name}.txt" for name in files}}
    answer = tracker(*(argument.format(**paths) for argument in arguments))
    assert answer.status == 2, answer
    assert said in answer.sentence
    assert "no agency yet" in tracker("task", "list").sentence.lower()


def test_a_damaged_backup(tracker: Commands, tmp_path: Path) -> None:
    assert tracker("backup", tmp_path / "whole").status == 0
    whole = (tmp_path / "whole").read_bytes()
    for cut in (len(whole) // 2, len(whole) - 4, 30):
        (tmp_path / "cut").write_bytes(whole[:cut])
        assert "not a whole backup" in tracker("restore", tmp_path / "cut").sentence


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--on", "2099-01-01"), 2, "in the future"),
        (("--on", "1 ม.ค. 2490"), 2, "long before"),
        (("--as", "stranger@example.go.th"), 2, "no member with the address"),
        (("--agency", "อบต.ไม่มี"), 2, "no agency “อบต.ไม่มี”"),
    ],
)
def test_a_tick_that_is_refused_leaves_no_file(
    running: Commands, data_dir: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    photo = tmp_path / "a.png"
    Image.new("RGB", (4, 4), "teal").save(photo)
    (tmp_path / "bad.txt").write_bytes(b"text")
    task = running("task", "list", "--json").json[0]["id"]
    answer = running("task", "done", task, "--result", "ทำ", "--evidence", photo, *arguments)
    assert answer.status == status
    assert said in answer.sentence
    second_bad = running(
        "task", "done", task, "--result", "ทำ", "--evidence", photo, "--evidence", tmp_path / "bad.txt"
    )
    assert "bad.txt is not a photo" in second_bad.sentence
    assert running("task", "done", 99_999, "--result", "ทำ", "--evidence", photo).status == 2
    assert running("task", "done", task, "--result", "  ", "--evidence", photo).status == 2
    assert not any(one.is_file() for one in (data_dir / "evidence").rglob("*"))
    assert running("task", "list", "--state", "done", "--json").json == []


def test_the_wrong_year(running: Commands) -> None:
    assert "has no plan of fiscal year 2570" in running("task", "list", "--fiscal-year", "2570").sentence
    assert running("plan", "show", "--fiscal-year", "2570").status == 2


def test_thai_sentences_for_thai_readers(tracker: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "th_TH.UTF-8")
    assert tracker("task", "list").sentence == "ยังไม่มีหน่วยงานในระบบ กรุณานำเข้าแผนหรือบุคลากรก่อน"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert tracker("task", "list").sentence.startswith("There is no agency yet")


def test_a_data_folder_that_is_a_file(data_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data_dir.parent.mkdir(parents=True)
    data_dir.write_text("")
    answer = Commands(capfd)("task", "list")
    assert answer.status == 1
    assert str(data_dir) in answer.sentence


def test_a_database_file_that_is_none(tracker: Commands, data_dir: Path) -> None:
    (data_dir / "tracker.sqlite3").write_bytes(b"this is not a database at all, but long enough to look" * 40)
    answer = tracker("task", "list")
    assert answer.status == 1
    assert "TRACKER_DATABASE_URL" in answer.sentence


def test_a_setting_that_is_wrong(tracker: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "mysql://x")
    answer = tracker("task", "list")
    assert (answer.status, "TRACKER_DATABASE_URL" in answer.sentence) == (2, True)


def test_postgresql_that_does_not_answer(tracker: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/nothing")
    answer = tracker("task", "list")
    assert answer.status == 1
    assert "The database cannot be used" in answer.sentence
    assert "secret" not in answer.sentence


def test_postgresql_asks_for_its_upgrade(
    tracker: Commands, monkeypatch: pytest.MonkeyPatch, postgres: str, seed_file: Path
) -> None:
    with fresh_database(postgres, template="template0") as url:
        monkeypatch.setenv("TRACKER_DATABASE_URL", url)
        answer = tracker("task", "list")
        assert (answer.status, "tracker db upgrade" in answer.sentence) == (1, True)
        assert tracker("db", "upgrade").status == 0
        assert tracker("db", "upgrade").out.endswith("already.\n")
        assert tracker(*PLAN, seed_file, *YEAR).status == 0
        assert len(tracker("task", "list", "--json").json) == 34


def test_a_broken_record_is_told(running: Commands, data_dir: Path) -> None:
    database = Database(f"sqlite:///{data_dir / 'tracker.sqlite3'}")
    with database.writing() as session:
        for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{trigger}"'))
        session.execute(text("UPDATE event SET actor = 'x' WHERE sequence = 1"))
    database.dispose()
    answer = running("audit", "verify")
    assert answer.status == 1
    assert "event 1 was changed after it was written" in answer.out
