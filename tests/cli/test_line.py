"""``tracker line menu``: the menus under the chat, made by one command, and again in place of the former ones."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Commands
from tests.line_content import SECRET, running_talk
from tests.line_server import TOKEN

PEOPLE = (
    "unit,unit_kind,name,role,rank,email,line_user_id\n"
    "กองคลัง,division,นางสาวหนึ่ง,head,,one@example.go.th,U1\n"
    ",,นายสอง,executive,1,two@example.go.th,U2\n"
    ",,นางสาม,coordinator,,three@example.go.th,\n"
)


def test_the_menus_are_set_for_everybody_and_replace_the_former_ones(
    tracker: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who is not linked sees how to link, a unit's people their tasks, executives who is late and what they sign."""
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    assert tracker("people", "import", str(people), "--agency", "อบต.เขาขาว").status == 0
    with running_talk() as line:
        for name, value in {
            "LINE_API_BASE": line.url,
            "LINE_DATA_API_BASE": line.url,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_CHANNEL_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(f"TRACKER_{name}", value)
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


def test_without_line_the_command_says_what_is_missing(tracker: Commands) -> None:
    answer = tracker("line", "menu")
    assert answer.status == 2
    assert "TRACKER_LINE_CHANNEL_ACCESS_TOKEN" in answer.sentence
