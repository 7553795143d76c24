"""``tracker line menu``: the menus under the chat, made by one command, and again in place of the former ones."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from tests.cli.conftest import Commands
from tests.line_content import SECRET, running_talk
from tests.line_server import TOKEN
from tracker.line.menu_changes import keep_menus_right
from tracker.models import Member
from tracker.settings import load
from tracker.store.db import open_database

PEOPLE = (
    "unit,unit_kind,name,role,rank,email,line_user_id\n"
    "กองคลัง,division,นางสาวหนึ่ง,head,,one@example.go.th,U1\n"
    ",,นายสอง,executive,1,two@example.go.th,U2\n"
    ",,นางสาม,coordinator,,three@example.go.th,\n"
)


def on_line(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {
        "LINE_API_BASE": url,
        "LINE_DATA_API_BASE": url,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_CHANNEL_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)


def test_the_menus_are_set_for_everybody_and_replace_the_former_ones(
    tracker: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who is not linked sees how to link, a unit's people their tasks, executives who is late and what they sign."""
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    assert tracker("people", "import", str(people), "--agency", "อบต.เขาขาว").status == 0
    with running_talk() as line:
        on_line(monkeypatch, line.url)
        first = tracker("line", "menu", "--json").json["menus"]
        answer = tracker("line", "menu")
        assert answer.status == 0
        assert len(line.menus) == 3
        assert not set(line.menus) & set(first.values())

        def labels(menu_id: str | None) -> list[str]:
            assert Image.open(BytesIO(line.pictures[menu_id or ""])).size == (2500, 843)
            return [area["action"]["text"] for area in line.menus[menu_id or ""]["areas"]]

        assert labels(line.default_menu) == ["เชื่อมบัญชีด้วยรหัส"]
        assert labels(line.menu_of["U1"]) == ["งานของฉัน", "ส่งผลงาน", "ถามผู้ประสานงาน"]
        assert labels(line.menu_of["U2"]) == ["ใครค้าง", "รอลงนาม", "งานของฉัน"]
        assert line.problems == []


def test_who_becomes_an_executive_is_given_that_menu_by_the_workers(
    tracker: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    assert tracker("people", "import", str(people), "--agency", "อบต.เขาขาว").status == 0
    with running_talk() as line:
        on_line(monkeypatch, line.url)
        settings = load()
        database = open_database(settings)
        assert keep_menus_right(database, settings) == 0  # the operator made none
        menus = tracker("line", "menu", "--json").json["menus"]
        assert keep_menus_right(database, settings) == 0
        people.write_text(
            PEOPLE.replace("กองคลัง,division,นางสาวหนึ่ง,head,", ",,นางสาวหนึ่ง,executive,2"), encoding="utf-8"
        )
        assert tracker("people", "import", str(people), "--agency", "อบต.เขาขาว").status == 0
        assert keep_menus_right(database, settings) == 1
        assert line.menu_of == {"U1": menus["executive"], "U2": menus["executive"]}
        with database.writing() as session:
            away = session.scalars(select(Member).where(Member.line_user_id == "U2")).one()
            away.roles.clear()
        assert keep_menus_right(database, settings) == 1
        assert line.menu_of["U2"] == menus["unit"]
        assert keep_menus_right(database, settings) == 0
        assert line.problems == []


def test_without_line_the_command_says_what_is_missing(tracker: Commands) -> None:
    answer = tracker("line", "menu")
    assert answer.status == 2
    assert "TRACKER_LINE_CHANNEL_ACCESS_TOKEN" in answer.sentence
