"""A published report in a real browser: readable on a phone, without a script, within its policy; and on paper."""

from collections.abc import Callable
from datetime import UTC, datetime

import pypdfium2
import pytest

from tests.browser.conftest import Site, Window
from tests.browser.test_accessibility import violations
from tests.factories import publish_report
from tracker.storage import EvidenceStore

OpenWindow = Callable[..., Window]


@pytest.fixture
def here(site: Site) -> str:
    """The address of a published report of the site's agency."""
    store = EvidenceStore(site.settings.data_dir / "evidence", 2**20)
    after = datetime(site.world.fiscal_year - 543, 4, 3, 5, tzinfo=UTC)
    publish_report(site.database, store, site.world, "tua-example", after)
    return f"/public/tua-example/{site.world.fiscal_year}/6"


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_public_pages_fit_and_break_no_rule(window: OpenWindow, here: str, width: int) -> None:
    stranger, desk = window(width), window(width)
    pages = ("/public/", "/public/tua-example/", here, f"{here}/v1", "/public/check", f"{here}?lang=en")
    inside = here.replace("/public/tua-example", "/reports")
    desk.sign_in("coordinator")
    rounds = [(desk, f"{inside}/{page}/") for page in ("close", "verify", "publish")]
    found = {}
    for one, path in [(stranger, page) for page in pages] + rounds:
        one.open(path)
        assert one.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert one.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Sarabun', 'ก'))"), path
        if broken := violations(one):
            found[path] = broken
    assert found == {}
    assert stranger.page.context.cookies() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_is_read_checked_and_printed_without_a_script(window: OpenWindow, here: str) -> None:
    reader = window(390, scripts=False)
    page = reader.page
    reader.open(here)
    assert page.get_by_text("จัดทำคู่มือการปฏิบัติงาน").first.is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX", exact=True).click()
    page.get_by_role("link", name="ตรวจไฟล์").first.click()
    page.set_input_files("input[type=file]", download.value.path())
    page.get_by_role("button", name="ตรวจ", exact=True).first.click()
    page.get_by_text("ไฟล์นี้เป็นฉบับจริง").wait_for()
    reader.open(here)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert "SHA-256" in text
    assert f"{reader.site.url}{here}" in text
    assert "English" not in text
