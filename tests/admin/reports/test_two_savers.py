"""One form saves every changed cell; what somebody else saved first is not overwritten, and no typed word is lost."""

import re

import pytest
from sqlalchemy import select

from tests.admin.conftest import Visitor
from tests.admin.reports.test_report_pages import EDIT, QUARTERS, Path, fields_of, name_of, path_of, task, tick, write
from tests.factories import World
from tracker.models import ColumnText, Notice, TextVersion
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.store.db import Database

__all__ = ["path_of"]

HERS = "๑. จัดประชุม\n๒. ติดประกาศ"
MINE = "๑. จัดประชุม\nผู้เข้าร่วม ๑๘ คน\n๒. ติดประกาศ"


def printed(database: Database, path: str) -> str:
    measure, column = path.rsplit("/", 2)[1:]
    with database.reading() as session:
        text = session.scalar(
            select(ColumnText).where(ColumnText.measure_id == int(measure), ColumnText.field == column)
        )
        return "" if text is None else "\n".join(one["text"] for one in text.paragraphs)


def conflict(mine: Visitor, hers: Visitor, path: str, text: str = MINE) -> tuple[str, dict[str, object]]:
    """Both open the page, she saves, then I: the address that I am led to, and the fields of its form."""
    seen = fields_of(mine.get(EDIT).text, path)
    write(hers, path, HERS)
    answer = mine.post(EDIT, {**seen, f"text-{name_of(path)}": text})
    assert answer.status_code == 303
    page = mine.get(answer.location).text
    return answer.location, {**fields_of(page, path), f"mine-{name_of(path)}": text}


def outcome_of(page: str, path: str) -> str:
    found = re.search(rf'<textarea id="text-{name_of(path)}"[^>]*>([^<]*)</textarea>', page)
    assert found
    return found[1]


def test_one_button_saves_every_changed_cell_and_no_other(
    coordinator: Visitor, database: Database, path_of: Path
) -> None:
    page = coordinator.get(EDIT).text
    sent: dict[str, object] = {}
    for number in (1, 2, 3):
        for column in ("summary", "outcome"):
            path = path_of(number, column)
            sent |= fields_of(page, path) | {f"text-{name_of(path)}": outcome_of(page, path)}
    first, second = path_of(1, "outcome"), path_of(3, "summary")
    sent |= {f"text-{name_of(first)}": "เข้าใจมากขึ้น", f"text-{name_of(second)}": "ชี้แจงแล้ว"}
    answer = coordinator.post(EDIT, sent, follow=True)
    assert "บันทึกแล้ว ๒ ช่อง" in answer.text
    with database.reading() as session:
        assert len(session.scalars(select(ColumnText)).all()) == 2
        assert len(session.scalars(select(TextVersion)).all()) == 2
    assert (printed(database, first), printed(database, second)) == ("เข้าใจมากขึ้น", "ชี้แจงแล้ว")


def test_a_result_that_came_in_meanwhile_is_no_other_persons_text(
    coordinator: Visitor, database: Database, ours: World, path_of: Path
) -> None:
    path = path_of(2, "summary")
    page = coordinator.get(EDIT).text
    sent = fields_of(page, path) | {f"text-{name_of(path)}": outcome_of(page, path)}
    tick(database, task(database, ours, "กองคลัง", 2, QUARTERS[0]), "เผยแพร่แล้ว")
    assert coordinator.post(EDIT, sent).status_code == 302
    assert printed(database, path) == ""  # what was not touched follows the tasks
    sent[f"text-{name_of(path)}"] = "รายงานเอง"
    assert coordinator.post(EDIT, sent).status_code == 302
    assert printed(database, path) == "รายงานเอง"


def test_what_could_be_saved_is_saved_and_the_rest_waits(
    coordinator: Visitor, colleague: Visitor, database: Database, path_of: Path
) -> None:
    path, other = path_of(2, "summary"), path_of(2, "outcome")
    page = coordinator.get(EDIT).text
    sent = fields_of(page, path) | fields_of(page, other)
    write(colleague, path, HERS)
    sent |= {f"text-{name_of(path)}": MINE, f"text-{name_of(other)}": "ทราบทั่วกัน"}
    answer = coordinator.post(EDIT, sent)
    page = coordinator.get(answer.location).text
    assert "บันทึกแล้ว ๑ ช่อง" in page
    assert printed(database, other) == "ทราบทั่วกัน"
    assert printed(database, path) == "จัดประชุม\nติดประกาศ"
    assert "มี ๑ ช่องที่มีคนบันทึกไปก่อนท่าน" in page
    assert "นางสาวธิดา (นิติกรชำนาญการ)" in page
    assert "<ins>ผู้เข้าร่วม ๑๘ คน</ins>" in page
    assert outcome_of(page, path) == MINE  # hers with the paragraph that it lacks
    assert outcome_of(coordinator.get(answer.location).text, path) == MINE  # and again after a reload


@pytest.mark.parametrize(
    ("choice", "edited", "outcome", "in_history"),
    [
        ("append", None, "จัดประชุม\nผู้เข้าร่วม ๑๘ คน\nติดประกาศ", 0),
        ("append", "๑. ทั้งสองอย่าง", "ทั้งสองอย่าง", 1),
        ("replace", None, "จัดประชุม\nผู้เข้าร่วม ๑๘ คน\nติดประกาศ", 0),
        ("discard", None, "จัดประชุม\nติดประกาศ", 1),
    ],
)
def test_each_choice_gives_its_outcome_and_both_texts_stay_in_the_history(
    coordinator: Visitor, colleague: Visitor, database: Database, path_of: Path, choice: str, edited: str | None,
    outcome: str, in_history: int,
) -> None:  # fmt: skip
    path = path_of(2, "summary")
    address, fields = conflict(coordinator, colleague, path)
    proposed = outcome_of(coordinator.get(address).text, path)
    answer = coordinator.post(
        EDIT, {**fields, f"choice-{name_of(path)}": choice, f"text-{name_of(path)}": edited or proposed}
    )
    assert answer.status_code == 302
    assert printed(database, path) == outcome
    with database.reading() as session:
        texts = [
            "\n".join(one["text"] for one in version.paragraphs)
            for version in session.scalars(select(TextVersion).order_by(TextVersion.id))
        ]
        told = session.scalars(select(Notice).where(Notice.kind == "other")).all()
    assert {"จัดประชุม\nติดประกาศ", "จัดประชุม\nผู้เข้าร่วม ๑๘ คน\nติดประกาศ"} <= set(texts)
    assert texts[-1] == outcome
    assert len(texts) == 2 + in_history
    assert [notice.path for notice in told] == ([f"{path}/versions/"] if choice == "replace" else [])


def test_hers_that_changes_once_more_is_compared_anew_and_the_choice_is_kept(
    coordinator: Visitor, colleague: Visitor, database: Database, path_of: Path
) -> None:
    path = path_of(2, "summary")
    _, fields = conflict(coordinator, colleague, path)
    write(colleague, path, "๑. จัดประชุมใหญ่")
    sent = {**fields, f"choice-{name_of(path)}": "replace", f"text-{name_of(path)}": MINE}
    answer = coordinator.post(EDIT, sent)
    assert answer.status_code == 303
    assert printed(database, path) == "จัดประชุมใหญ่"
    page = coordinator.get(answer.location).text
    assert "เปลี่ยนอีกครั้งระหว่างนั้น" in page
    assert re.search(r'value="replace"\s[^>]*checked', page)
    assert outcome_of(page, path) == MINE


def test_the_same_text_on_both_sides_is_no_conflict(
    coordinator: Visitor, colleague: Visitor, database: Database, path_of: Path
) -> None:
    path = path_of(2, "summary")
    seen = fields_of(coordinator.get(EDIT).text, path)
    write(colleague, path, HERS)
    answer = coordinator.post(EDIT, {**seen, f"text-{name_of(path)}": HERS.replace("\n", "  \r\n")})
    assert answer.status_code == 302
    with database.reading() as session:
        assert len(session.scalars(select(TextVersion)).all()) == 1


def test_a_text_that_is_too_long_comes_back_whole(coordinator: Visitor, database: Database, path_of: Path) -> None:
    path, other = path_of(2, "summary"), path_of(1, "summary")
    page = coordinator.get(EDIT).text
    long = "ก" * (LONGEST_TEXT + 1)
    sent = fields_of(page, path) | fields_of(page, other)
    answer = coordinator.post(EDIT, {**sent, f"text-{name_of(path)}": long, f"text-{name_of(other)}": "จัดแล้ว"})
    assert answer.status_code == 303
    page = coordinator.get(answer.location).text
    assert outcome_of(page, path) == long
    assert "กรุณาย่อ" in page
    assert printed(database, other) == "จัดแล้ว"


def test_a_sign_in_that_ended_loses_no_cell(coordinator: Visitor, path_of: Path) -> None:
    path = path_of(2, "summary")
    seen = fields_of(coordinator.get(EDIT).text, path)
    sent = {**seen, f"text-{name_of(path)}": "พิมพ์ไว้นาน", "csrf_token": "old"}
    answer = coordinator.client.post(EDIT, data=sent, headers={"Origin": "http://localhost"}, follow_redirects=True)
    assert outcome_of(answer.text, path) == "พิมพ์ไว้นาน"
