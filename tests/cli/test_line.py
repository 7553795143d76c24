"""``tracker line menu``: the menu under the chat, made by one command, and again in place of the former one."""

from io import BytesIO

import pytest
from PIL import Image

from tests.cli.conftest import Commands
from tests.line_content import SECRET, running_talk
from tests.line_server import TOKEN


def test_the_menu_is_set_for_everybody_and_replaces_the_former_one(
    tracker: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_talk() as line:
        for name, value in {
            "LINE_API_BASE": line.url,
            "LINE_DATA_API_BASE": line.url,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_CHANNEL_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(f"TRACKER_{name}", value)
        first = tracker("line", "menu", "--json").json["menu"]
        answer = tracker("line", "menu")
        assert (answer.status, list(line.menus)) == (0, [line.default_menu])
        assert line.default_menu != first
        [menu] = line.menus.values()
        assert [area["action"]["text"] for area in menu["areas"]] == ["งานของฉัน", "ส่งผลงาน", "ถามผู้ประสานงาน"]
        assert Image.open(BytesIO(line.pictures[line.default_menu or ""])).size == (2500, 843)


def test_without_line_the_command_says_what_is_missing(tracker: Commands) -> None:
    answer = tracker("line", "menu")
    assert answer.status == 2
    assert "TRACKER_LINE_CHANNEL_ACCESS_TOKEN" in answer.sentence
