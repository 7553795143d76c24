"""The annex and the progress pages, in each kind of document: evidence numbered and cited, photos, QR codes, bars."""

import hashlib
import re
from calendar import monthrange
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pikepdf
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn
from lxml import html
from PIL import Image
from pypdfium2 import raw

from tests.unit.reports.report_sample import measure, report, squeezed
from tests.unit.reports.test_report_formats import text_of
from tracker.plan_import import read_plan
from tracker.reports import progress, render
from tracker.reports.annex import caption, citations, exhibits, hash_lines, used_for
from tracker.reports.annex_tables import tables
from tracker.reports.assets import RenderAssets, in_ascii
from tracker.reports.data import AnnexEntry, EvidenceEntry, NotPossibleEntry, ReportData, StandingCounts, UnitPace


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


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


def test_photos_and_other_evidence_are_numbered_apart_in_the_order_of_the_annex() -> None:
    assert [(one.is_photo, one.number, one.evidence.label) for one in exhibits(with_annex())] == [
        (True, 1, "ประชุม.jpg"), (False, 1, "ข่าว"), (True, 2, "ลงชื่อ.jpg"), (True, 3, "ป้าย.jpg"), (False, 2, "คู่มือ.pdf"),
    ]  # fmt: skip


MONTH_ENDS = [month_end(2022 if month > 9 else 2023, month) for month in (10, 11, 12, *range(1, 10))]
UNITS = ("สำนักปลัด", "กองคลัง", "กองช่าง")


def ticks(*, evidence: tuple[EvidenceEntry, ...] = (), without: tuple[tuple[str, int], ...] = ()) -> list[AnnexEntry]:
    """Every month of the year by every unit, each done on the 20th, but for some units and months."""
    return [
        AnnexEntry(1, 1, (unit,), day, day.replace(day=20), "ติดประกาศ", None, evidence)
        for unit in UNITS
        for day in MONTH_ENDS
        if (unit, day.month) not in without
    ]


def test_a_monthly_step_is_a_matrix_of_units_and_months() -> None:
    annex = ticks(without=(("กองช่าง", 5), ("กองคลัง", 8)))
    annex.append(AnnexEntry(1, 1, ("กองคลัง",), date(2023, 8, 31), date(2023, 9, 4), "ติดประกาศ"))
    refused = NotPossibleEntry(1, 1, ("กองช่าง",), date(2023, 5, 31), "ไม่ได้รับงบประมาณ")
    (table,) = tables(with_annex(annex=tuple(annex), not_possible=(refused,)))
    assert table.headings[:2] == ("ส่วนราชการ", "ต.ค.\n๖๕")
    assert [row[0].lines[0] for row in table.rows] == [*UNITS, "รวม (ครั้ง)"]
    assert [row[-1].lines[0] for row in table.rows] == ["๑๒", "๑๒", "๑๑", "๓๕"]
    assert table.rows[0][1].lines == ("✓", "๒๐ ต.ค.")
    assert (table.rows[1][11].lines, table.rows[1][11].grey) == (("✓ ช้า", "๔ ก.ย."), True)
    assert table.rows[2][8].lines == ("ทำไม่ได้",)
    assert table.notes == ("มาตรการที่ ๑ ขั้นที่ ๑ กองช่าง ๓๑ พ.ค. ๖๖ ไม่สามารถดำเนินการได้ ไม่ได้รับงบประมาณ",)


def test_a_quarterly_step_is_a_row_a_unit_and_everything_else_one_list() -> None:
    quarters = [date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30)]
    annex = [AnnexEntry(1, 1, (unit,), day, None, "ประชุม") for unit in UNITS for day in quarters]
    annex += [AnnexEntry(2, 3, (unit,), None, date(2023, 3, 9), "คู่มือ") for unit in UNITS]
    by_quarter, others = tables(with_annex(annex=tuple(annex), not_possible=()))
    assert [[mark.lines[0] for mark in row] for row in by_quarter.rows][1] == ["๑", "กองคลัง", *["✓ ไม่ทราบวัน"] * 4, "๔"]
    assert [[mark.lines[0] for mark in row] for row in others.rows][2] == ["๒.๓", "กองช่าง", "–", "✓ ๙ มี.ค. ๖๖", "–"]


@pytest.mark.parametrize("changed", [{}, {"round": 6}])
def test_every_tick_stands_in_the_annex_once(changed: dict[str, object]) -> None:
    annex = [
        entry for entry in ticks() if entry.scheduled_on and (not changed or entry.scheduled_on <= date(2023, 3, 31))
    ]
    annex += [AnnexEntry(2, 1, ("กองคลัง",), date(2023, 1, day), date(2023, 1, day), "ตรวจ") for day in range(1, 9)]
    annex += [AnnexEntry(3, 1, ("กองคลัง",), day, day, "รายงาน") for day in (date(2022, 12, 31), date(2023, 3, 31))]
    found = tables(with_annex(annex=tuple(annex), not_possible=(), **changed))
    marks = [mark for table in found for row in table.rows for mark in row if mark.lines[0].startswith("✓")]
    assert len(marks) == len(annex)


def test_texts_that_the_table_leaves_out_stand_under_the_matrix() -> None:
    told = ["ลูกเสือ", "จิตอาสา", "ผู้สูงอายุ", "ยาเสพติด", "ถนน", "น้ำประปา", "ขยะ", "ไฟฟ้า", "ตลาด", "วัด", "โรงเรียน", "กีฬา"]
    annex = tuple(replace(one, result=f"อบรมเรื่อง{word}") for one, word in zip(ticks()[:12], told, strict=True))
    (table,) = tables(with_annex(annex=annex, not_possible=()))
    assert len(table.notes) == 12
    assert table.notes[0] == "มาตรการที่ ๑ ขั้นที่ ๑ สำนักปลัด (๒๐ ต.ค. ๖๕): อบรมเรื่องลูกเสือ"


def test_an_address_is_one_exhibit_with_every_tick_that_it_proves() -> None:
    data = with_annex(annex=tuple(ticks(evidence=(EvidenceEntry("ข่าว", ADDRESS), picture("IMG_2041.jpg", THIRD)))))
    link, picture_ = exhibits(data)
    assert (len(link.entries), len(picture_.entries)) == (36, 36)
    assert list(used_for(link, data)) == [
        "มาตรการที่ ๑ ขั้นที่ ๑ รวม ๓๖ ครั้ง (๒๐ ต.ค. ๖๕ – ๒๐ ก.ย. ๖๖) · สำนักปลัด ๑๒ กองคลัง ๑๒ กองช่าง ๑๒"
    ]
    assert citations(data) == {1: "(หลักฐานที่ ๑ และภาพที่ ๑ ในภาคผนวก)"}
    with pdfium.PdfDocument(render(data, "pdf", MATERIAL)) as document:
        drawn = [len(list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))) for page in document]
    assert sum(drawn) == 1


def test_a_photo_is_captioned_by_what_it_shows_where_and_when_never_by_its_file() -> None:
    entry = AnnexEntry(
        1, 2, ("กองช่าง",), None, date(2023, 1, 18), "ประชุมคณะกรรมการ\nครั้งที่ ๑", None, (picture("IMG_2041.JPG", THIRD),)
    )
    data = with_annex(annex=(entry,))
    assert caption(exhibits(data)[0], data) == (
        "ภาพที่ ๑ ประชุมคณะกรรมการ", "มาตรการที่ ๑ ขั้นที่ ๒ · กองช่าง · ๑๘ มกราคม ๒๕๖๖",
    )  # fmt: skip
    said = with_annex(annex=(replace(entry, evidence=(picture("ป้ายหน้าสำนักงาน", THIRD),)),))
    assert caption(exhibits(said)[0], said)[0] == "ภาพที่ ๑ ป้ายหน้าสำนักงาน"


def test_hashes_stand_at_the_end_one_line_each() -> None:
    lines = hash_lines(with_annex())
    assert [line[:2] for line in lines] == [
        ("หลักฐานที่ ๒", "คู่มือ.pdf"), ("ภาพที่ ๑", ""), ("ภาพที่ ๒", ""), ("ภาพที่ ๓", ""),
    ]  # fmt: skip
    with pdfium.PdfDocument(render(with_annex(), "pdf", MATERIAL)) as document:
        text = document[len(document) - 1].get_textpage().get_text_range()
    for _, _, code in lines:
        assert code in text


@pytest.mark.parametrize(
    ("address", "ascii_only"),
    [
        ("https://www.อบต.ไทย/ข่าว?ปี=๒", "https://www.xn--m3cj0d.xn--o3cw4h/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7?%E0%B8%9B%E0%B8%B5=%E0%B9%92"),
        ("https://a.go.th:8080/b%20c?d=e&f=g#h", "https://a.go.th:8080/b%20c?d=e&f=g#h"),
        ("https://[::1", "https://[::1"),
    ],
)  # fmt: skip
def test_a_code_holds_punycode_and_percent_codes(address: str, ascii_only: str) -> None:
    assert in_ascii(address) == ascii_only


def test_a_long_address_has_a_larger_code() -> None:
    short, long = (
        exhibits(with_annex(annex=(AnnexEntry(1, 1, ("ก",), None, None, "ก", None, (EvidenceEntry("ก", link),)),)))[0]
        for link in (ADDRESS, ADDRESS + "x" * 400)
    )
    assert (short.qr_side, long.qr_side) == (2.2, 2.8)


def test_the_year_of_a_unit_takes_a_few_pages() -> None:
    """Twelve months by three units in four steps, each with the same address: 144 ticks."""
    annex = tuple(
        replace(entry, measure=measure_, step=step, evidence=(EvidenceEntry("ข่าว", ADDRESS),))
        for measure_ in (1, 2)
        for step in (1, 2)
        for entry in ticks()
    )
    with pdfium.PdfDocument(render(with_annex(annex=annex), "pdf")) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    first = next(place for place, text in enumerate(texts) if "ภาคผนวก ก" in text)
    assert len(texts) - first <= 4


def test_photos_of_a_page_are_small() -> None:
    noise = Image.effect_noise((1600, 1200), 60).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=90)
    kept = {hashlib.sha256(out.getvalue()).hexdigest(): out.getvalue()}
    data = with_annex(annex=(AnnexEntry(1, 1, ("ก",), None, None, "ก", None, (picture("ก.jpg", next(iter(kept))),)),))
    page = html.document_fromstring(render(data, "html", RenderAssets(kept.get)).decode())
    assert int(page.xpath("//figure/img")[0].get("width")) == 640


def test_the_addresses_are_links_in_pdf_and_docx() -> None:
    with pikepdf.open(BytesIO(render(with_annex(), "pdf", MATERIAL))) as pdf:
        opened = [str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", ()) if "/A" in note]
    assert opened == [ADDRESS]
    document = docx.Document(BytesIO(render(with_annex(), "docx", MATERIAL)))
    (link,) = document.element.body.iter(qn("w:hyperlink"))
    assert document.part.rels[link.get(qn("r:id"))].target_ref == ADDRESS
    assert "".join(one.text for one in link.iter(qn("w:t"))).replace("\u200b", "") == ADDRESS


def test_the_narrative_cites_the_evidence_of_its_measure() -> None:
    assert citations(with_annex()) == {
        1: "(หลักฐานที่ ๑ และภาพที่ ๑ – ๓ ในภาคผนวก)", 2: "(หลักฐานที่ ๒ ในภาคผนวก)",
    }  # fmt: skip
    assert citations(with_annex(thai_digits=False))[2] == "(หลักฐานที่ 2 ในภาคผนวก)"


@pytest.mark.parametrize("format", DOCUMENTS)
def test_citations_captions_addresses_and_progress_are_written(format: str) -> None:  # noqa: A002
    written = squeezed(text_of(render(with_annex(), format, MATERIAL), format))
    for wanted in (
        "(หลักฐานที่ ๑ และภาพที่ ๑ – ๓ ในภาคผนวก)", "ภาพที่ ๓ ปิดประกาศ", "มาตรการที่ ๑ ขั้นที่ ๒ · กองช่าง · ๓ เมษายน ๒๕๖๖", ADDRESS,
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
    assert drawn[1][1].startswith("ภาพที่ ๑ ประชุม")
    assert len(docx.Document(BytesIO(content)).inline_shapes) == 4


def test_the_page_shows_photos_and_codes_without_any_other_file() -> None:
    page = html.document_fromstring(render(with_annex(), "html", MATERIAL).decode())
    pictures = page.xpath("//figure/img")
    assert pictures[0].get("alt") == "ภาพที่ ๑ ประชุม"
    assert all(one.get("src").startswith("data:image/jpeg;base64,") for one in pictures)
    assert len(page.xpath("//section[@class='links']//svg")) == 1
    assert len(page.xpath("//svg[@class='bar']")) == 5
    assert page.xpath("//*[@style]") == []


@pytest.mark.parametrize("format", DOCUMENTS)
@pytest.mark.parametrize("content", [None, b"no photo"])
def test_a_photo_that_is_gone_or_damaged_is_named_only(format: str, content: bytes | None) -> None:  # noqa: A002
    written = text_of(render(with_annex(), format, RenderAssets(lambda _sha256: content)), format)
    assert squeezed("ภาพที่ ๓") in squeezed(written)


@pytest.mark.parametrize("format", DOCUMENTS)
def test_the_same_photos_give_the_same_bytes(format: str) -> None:  # noqa: A002
    assert render(with_annex(), format, MATERIAL) == render(with_annex(), format, MATERIAL)


def test_the_progress_of_measures_has_a_sum_and_a_dash_for_none() -> None:
    by_measure, by_unit = progress.charts(with_annex())
    *bars, last = by_measure.bars
    assert (last.name, last.total) == ("รวม", sum(bar.total for bar in bars))
    assert progress.figures(last, with_annex())[0] == "๑๖"
    assert "๐" not in progress.figures(by_unit.bars[0], with_annex())
    assert "–" in progress.figures(by_unit.bars[0], with_annex())


def test_a_chart_that_fits_on_a_page_is_not_cut() -> None:
    """Fourteen measures and nine units: the second table moves whole to the next page."""
    data = with_annex()
    many = replace(
        data,
        measures=tuple(replace(data.measures[0], number=number) for number in range(1, 15)),
        by_unit=tuple(replace(data.by_unit[0], unit=f"กองที่ {number}") for number in range(1, 10)),
    )
    with pdfium.PdfDocument(render(many, "pdf", MATERIAL)) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert [len(set(re.findall(r"กองที่ \d", text))) for text in texts if "กองที่ " in text] == [9]
