"""The public list of agencies: searched, ordered and cut into pages by the database."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import Fill
from tests.factories import build_world, publish_report
from tracker.services.reports.publishing import count_publishing, publishing_agencies
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

AT = datetime(2023, 4, 5, 5, tzinfo=UTC)


@pytest.fixture
def fill() -> Fill:
    return five_agencies


def five_agencies(database: Database) -> None:
    """Four agencies that publish, and one that does not."""
    names = {"เกาะ ๒": "koh", "กาหลง": "kalong", "แก่ง": "kaeng", "ขามป้อม": "kham"}
    with database.writing() as session:
        worlds = {slug: build_world(session, name, f"{slug}.example") for name, slug in names.items()}
        build_world(session, "กก", "kok.example")
    with TemporaryDirectory() as folder:
        for slug, world in worlds.items():
            publish_report(database, EvidenceStore(Path(folder), 2**20), world, slug, AT)


def found(database: Database, words: str = "", start: int = 0, size: int = 100) -> list[tuple[str, int]]:
    with database.reading() as session:
        rows = publishing_agencies(session, words, start=start, size=size)
        return [(agency.name, year) for agency, year in rows]


def test_the_list_is_in_the_dictionarys_order_a_page_at_a_time(database: Database) -> None:
    assert found(database) == [("กาหลง", 2566), ("เกาะ ๒", 2566), ("แก่ง", 2566), ("ขามป้อม", 2566)]
    assert found(database, start=1, size=2) == [("เกาะ ๒", 2566), ("แก่ง", 2566)]


@pytest.mark.parametrize(
    ("words", "count"), [("", 4), ("เกาะ 2", 1), ("อำเภอตัวอย่าง", 4), ("ขาม จังหวัด", 1), ("100%", 0), ("กก", 0)]
)
def test_words_stand_in_the_name_or_the_place(database: Database, words: str, count: int) -> None:
    assert len(found(database, words)) == count
    with database.reading() as session:
        assert count_publishing(session, words) == count
