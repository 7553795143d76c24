"""The annex and the progress pages, in each kind of document: evidence numbered and cited, photos, QR codes, bars."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pypdfium2 as pdfium
import pytest
from lxml import html
from PIL import Image
from pypdfium2 import raw

from tests.unit.reports.report_sample import measure, report, squeezed
from tests.unit.reports.test_report_formats import text_of
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.reports.annex import citations, exhibits, groups
from tracker.reports.assets import RenderAssets
from tracker.reports.data import AnnexEntry, EvidenceEntry, NotPossibleEntry, ReportData, StandingCounts, UnitPace

DOCUMENTS = ("docx", "pdf", "html")
ADDRESS = "https://www.khaokhao.go.th/news/2566/0123?a=b&c=d"


def photo(width: int, height: int, colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


KEPT = {
    hashlib.sha256(content).hexdigest(): content
    for content in (photo(2000, 1500, "navy"), photo(900, 1600, "maroon"), photo(1600, 900, "olive"))
}
MATERIAL = RenderAssets(KEPT.get)
FIRST, SECOND, THIRD = KEPT


def picture(name: str, sha256: str) -> EvidenceEntry:
    return EvidenceEntry(name, None, sha256, "image/jpeg")


def with_annex(**changes: object) -> ReportData:
    later = AnnexEntry(
        1, 2, ("กองช่าง",), date(2023, 3, 31), date(2023, 4, 3), "ปิดประกาศ", None, (picture("ป้าย.jpg", THIRD),)
    )
    first = AnnexEntry(
        1, 1, ("สำนักปลัด",), date(2023, 3, 31), date(2023, 3, 14), "ประชุม", None,
        (picture("ประชุม.jpg", FIRST), EvidenceEntry("ข่าว", ADDRESS), picture("ลงชื่อ.jpg", SECOND)),
    )  # fmt: skip
    second = AnnexEntry(
        2, 1, ("กองคลัง",), None, date(2023, 1, 9), "คู่มือ", None, (EvidenceEntry("คู่มือ.pdf", None, "ab" * 32),)
    )
    data = report(
        measure(1, pace=StandingCounts(3, 1, 1, 2, 4)),
        measure(2, title="มาตรการที่สอง", pace=StandingCounts(5, 0, 0, 0, 0)),
        annex=(second, later, first),
        by_unit=(UnitPace("สำนักปลัด", StandingCounts(4, 0, 0, 1, 0)), UnitPace("กองช่าง", StandingCounts(2, 1, 1, 0, 0))),
        not_possible=(NotPossibleEntry(1, 2, ("กองช่าง",), date(2023, 3, 31), "ไม่ได้รับงบประมาณ"),),
    )
    return replace(data, **changes)


def test_evidence_is_numbered_through_in_the_order_of_the_annex() -> None:
    assert [(one.number, one.evidence.label) for one in exhibits(with_annex())] == [
        (1, "ประชุม.jpg"), (2, "ข่าว"), (3, "ลงชื่อ.jpg"), (4, "ป้าย.jpg"), (5, "คู่มือ.pdf"),
    ]  # fmt: skip


def test_the_same_words_for_several_dates_are_one_row_with_its_evidence_once() -> None:
    months = [
        AnnexEntry(1, 1, ("กองคลัง",), day, day, "ติดประกาศ", None, (picture("ป้าย.jpg", THIRD),))
        for day in (date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31))
    ]
    other = replace(months[0], units=("กองช่าง",), result="ประชุม", evidence=())
    data = with_annex(annex=(*months, other))
    (group,) = groups(data)
    assert [(row[1], len(row[2])) for row in group.rows] == [(("กองคลัง",), 3), (("กองช่าง",), 2)]
    assert group.rows[0][2][2] == "กำหนด ๓๑ ธ.ค. ๖๕ แล้วเสร็จ ๓๑ ธ.ค. ๖๕"
    assert [one.number for one in exhibits(data)] == [1]


def test_the_narrative_cites_the_evidence_of_its_measure() -> None:
    assert citations(with_annex()) == {1: "(หลักฐานที่ ๑ – ๔ ในภาคผนวก)", 2: "(หลักฐานที่ ๕ ในภาคผนวก)"}
    assert citations(with_annex(thai_digits=False))[2] == "(หลักฐานที่ 5 ในภาคผนวก)"


@pytest.mark.parametrize("format", DOCUMENTS)
def test_citations_captions_addresses_and_progress_are_written(format: str) -> None:  # noqa: A002
    written = squeezed(text_of(render(with_annex(), format, MATERIAL), format))
    for wanted in (
        "(หลักฐานที่ ๑ – ๔ ในภาคผนวก)", "หลักฐานที่ ๔ ป้าย.jpg", "มาตรการที่ ๑ ขั้นที่ ๒ · กองช่าง · ๓ เม.ย. ๖๖", ADDRESS,
        "ความก้าวหน้า", "รายมาตรการ", "รายส่วนราชการ", "แล้วเสร็จล่าช้า", "ไม่ได้รับงบประมาณ",
    ):  # fmt: skip
        assert squeezed(wanted) in written


@pytest.mark.parametrize("format", ["docx", "html"])
def test_what_the_report_says_of_its_annex_is_not_read_back_as_text(format: str) -> None:  # noqa: A002
    data = with_annex()
    plan = read_plan(render(data, format, MATERIAL), f"report.{format}", 2566)
    assert [draft.summary for draft in plan.measures] == [row.summary for row in data.measures]
    assert len(plan.measures) == 2


def test_photos_lie_two_to_a_page_and_are_shrunk_for_print() -> None:
    content = render(with_annex(), "pdf", MATERIAL)
    with pdfium.PdfDocument(content) as document:
        sizes = [
            sorted(item.get_px_size() for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
            for page in document
        ]
    assert [len(found) for found in sizes if found] == [2, 1]
    assert max(max(size) for found in sizes for size in found) == 1400


def test_photos_of_the_docx_say_what_they_show_and_share_no_id() -> None:
    content = render(with_annex(), "docx", MATERIAL)
    body = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    drawn = re.findall(r'<wp:docPr id="(\d+)" name="[^"]*" descr="([^"]*)"', body)
    assert len({number for number, _ in drawn}) == len(drawn) == 4
    assert drawn[0][1] == "QR https://www.khaokhao.go.th/news/2566/0123?a=b&amp;c=d"
    assert drawn[1][1].startswith("หลักฐานที่ ๑ ประชุม.jpg")
    assert len(docx.Document(BytesIO(content)).inline_shapes) == 4


def test_the_page_shows_photos_and_codes_without_any_other_file() -> None:
    page = html.document_fromstring(render(with_annex(), "html", MATERIAL).decode())
    pictures = page.xpath("//figure/img")
    assert pictures[0].get("alt") == "หลักฐานที่ ๑ ประชุม.jpg"
    assert all(one.get("src").startswith("data:image/jpeg;base64,") for one in pictures)
    assert len(page.xpath("//section[@class='links']//svg")) == 1
    assert len(page.xpath("//svg[@class='bar']")) == 4
    assert page.xpath("//*[@style]") == []


@pytest.mark.parametrize("format", DOCUMENTS)
@pytest.mark.parametrize("content", [None, b"no photo"])
def test_a_photo_that_is_gone_or_damaged_is_named_only(format: str, content: bytes | None) -> None:  # noqa: A002
    written = text_of(render(with_annex(), format, RenderAssets(lambda _sha256: content)), format)
    assert squeezed("หลักฐานที่ ๔ ป้าย.jpg") in squeezed(written)


@pytest.mark.parametrize("format", DOCUMENTS)
def test_the_same_photos_give_the_same_bytes(format: str) -> None:  # noqa: A002
    assert render(with_annex(), format, MATERIAL) == render(with_annex(), format, MATERIAL)
