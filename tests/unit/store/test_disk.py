"""Room on the disk, and files that only their owner reads."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.store.disk import NoRoomError, room
from tracker.store.storage import EvidenceStore

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def _everybody_may_read() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def megabytes_free(folder: Path) -> int:
    return room(folder, 0).free // 2**20


def test_a_file_is_refused_before_the_disk_is_full(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    nearly_full = EvidenceStore(folder, 2**20, low_mb=10 * megabytes_free(tmp_path))
    with pytest.raises(NoRoomError, match="nearly full") as caught:
        nearly_full.keep(PDF, "a.pdf")
    assert caught.value.http_status == 507
    assert "ใกล้เต็ม" in caught.value.sentence_th
    assert not folder.exists()
    low_only = EvidenceStore(folder, 2**20, low_mb=2 * megabytes_free(tmp_path))
    assert low_only.keep(PDF, "a.pdf").stored_name


@pytest.mark.usefixtures("_everybody_may_read")
def test_what_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "data" / "evidence", 2**20)
    store.keep(PDF, "a.pdf")
    made = {path: path.stat().st_mode & 0o777 for path in (tmp_path / "data").rglob("*")}
    assert {mode for path, mode in made.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in made.items() if path.is_dir()} == {0o700}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
