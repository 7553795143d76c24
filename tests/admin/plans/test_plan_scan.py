"""A scan on its pages: nothing of it is a plan before each cell was confirmed beside its picture, figures typed."""

from io import BytesIO

import pytest
from flask import Flask

from admin.pages.plans import plan_import, plan_scan
from tests.admin.access.access_walk import PICTURE
from tests.admin.conftest import Visitor
from tests.admin.forms import fields_of
from tests.factories import World
from tracker.errors import NotUnderstoodError, ScanError
from tracker.plan_import.readers.scan import Scan, ScannedCell
from tracker.plan_import.readers.scan_words import MISSING
from tracker.services.plans import scans

ROWS = (
    ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา"),
    ("๑. จัดซื้อโปร่งใส", f"{MISSING}. เผยแพร่แผน", "กองคลัง", ""),
)
TYPED = {"words-5": "๑. เผยแพร่แผน", "words-7": "ภายใน ๓๐ ก.ย. ๒๕๖๗"}


def scanned() -> Scan:
    cells = [
        ScannedCell(0, 0, row, column, 1, 1, (column * 100, row * 40, column * 100 + 99, row * 40 + 39), words)
        for row, texts in enumerate(ROWS)
        for column, words in enumerate(texts)
    ]
    return Scan((PICTURE,), tuple(cells))


@pytest.fixture
def path(coordinator: Visitor, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a scan waits that was sent on the page, and that no worker has read."""

    def is_a_scan(*_: object) -> None:
        raise ScanError("this PDF is a scan")

    monkeypatch.setattr(plan_import, "read_document", is_a_scan)
    monkeypatch.setattr(plan_import, "can_read_scans", lambda: True)
    monkeypatch.setattr(plan_scan, "send", lambda *_: True)
    monkeypatch.setattr(scans, "read_scan", lambda _: scanned())
    coordinator.get("/plan/import/")
    sent = {"document": (BytesIO(b"%PDF-1.7"), "แผน.pdf"), "fiscal_year": "2567"}
    answer = coordinator.post("/plan/import/", sent)
    assert answer.status_code == 303, answer.text
    return answer.location


def all_seen(page: str, **words: str) -> dict[str, object]:
    """The form with every cell of the page confirmed."""
    fields = {name: value for name, value in fields_of(page, "scan").items() if name.startswith("words-")}
    return {**fields, **words, "seen": [name[6:] for name in fields]}


def test_it_waits_for_its_reading_and_can_be_read_at_once(coordinator: Visitor, path: str) -> None:
    waiting = coordinator.get(path)
    assert waiting.headers["Refresh"] == f"3; url={path}"
    assert "แผน.pdf" in coordinator.get("/plan/import/").text
    assert coordinator.post(f"{path}work").location == path
    page = coordinator.get(path)
    assert "Refresh" not in page.headers
    assert "เหลือ ๘ ช่อง" in page.text
    assert coordinator.get(f"{path}0.png").data == PICTURE
    assert coordinator.get(f"{path}1.png").status_code == 404


def test_a_cell_without_its_figures_is_not_confirmed(coordinator: Visitor, path: str) -> None:
    coordinator.post(f"{path}work")
    answer = coordinator.post(path, all_seen(coordinator.get(path).text), follow=True)
    assert f"แทน {MISSING}" in answer.text
    assert "เหลือ ๑ ช่อง" in answer.text
    assert coordinator.post(path, all_seen(answer.text, **TYPED)).location.startswith("/plan/import/")


def test_nothing_is_made_of_a_scan_that_was_not_read(coordinator: Visitor, path: str) -> None:
    assert coordinator.post(path, {"seen": "9" * 5_000}).location == path
    coordinator.post(f"{path}work")
    answer = coordinator.post(path, {"seen": "9" * 5_000, "words-" + "9" * 5_000: "x", "words-99": "x"})
    assert answer.status_code == 303
    assert "เหลือ ๘ ช่อง" in coordinator.get(path).text


def test_words_are_kept_though_nothing_is_confirmed(coordinator: Visitor, path: str) -> None:
    coordinator.post(f"{path}work")
    coordinator.post(path, {"words-7": "ภายในเดือน ก.พ. ๒๕๖๗"})
    page = coordinator.get(path).text
    assert "ภายในเดือน ก.พ. ๒๕๖๗" in page
    assert "เหลือ ๘ ช่อง" in page


def test_confirmed_cells_lead_to_the_preview_of_their_plan(
    coordinator: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator.post(f"{path}work")
    made = coordinator.post(path, all_seen(coordinator.get(path).text, **TYPED)).location
    monkeypatch.undo()
    preview = coordinator.get(made).text
    assert "จัดซื้อโปร่งใส" in preview
    assert "๓๐ ก.ย. ๖๗" in preview
    assert coordinator.get(path).status_code == 404


def test_what_cannot_be_read_says_why(coordinator: Visitor, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: bytes) -> Scan:
        raise NotUnderstoodError("no table", "มองไม่เห็นตาราง")

    monkeypatch.setattr(scans, "read_scan", fails)
    coordinator.post(f"{path}work")
    assert "มองไม่เห็นตาราง" in coordinator.get(path).text


def test_another_agency_sees_nothing_of_it(coordinator: Visitor, path: str, app: Flask, theirs: World) -> None:
    coordinator.post(f"{path}work")
    other = Visitor(app.test_client())
    other.sign_in(theirs.email("coordinator"))
    other.get("/plan/import/")
    for address in (path, f"{path}0.png"):
        assert other.get(address).status_code == 404
    for address in (path, f"{path}work", f"{path}discard"):
        assert other.post(address, {"words-0": "x", "seen": "0"}).status_code == 404


def test_a_scan_is_discarded(coordinator: Visitor, path: str) -> None:
    assert coordinator.post(f"{path}discard", follow=True).status_code == 200
    assert coordinator.get(path).status_code == 404
