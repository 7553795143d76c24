"""What holds for every format: the same bytes for the same facts, hostile text harmless, no text lost."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.unit.reports.report_sample import report, squeezed, with_text
from tracker.errors import NotUnderstoodError
from tracker.reports import FORMATS, as_html, render
from tracker.reports.clean import clean

HOSTILE = [
    "<script>alert(1)</script>&amp;\"'<b>",
    "]]><!--",
    '=cmd|"/C calc"!A0',
    "#eval(1) $x$ @y <z> [w]",
    "ก\x00\x01\x0bข\x1fค\ufffeง\ud800จ",
    "ว่า\ttab\r\nบรรทัด",
    "{{ config }} {% raw %}",
    "W" * 3000,
    "../../etc/passwd",
]


def strings_of(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings_of(one)


def text_of(content: bytes, format: str) -> str:  # noqa: A002
    """All text of a report's file, by a reader that is not the writer."""
    if format == "docx":
        document = docx.Document(BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    if format == "pdf":
        with pdfium.PdfDocument(content) as document:
            return "".join(page.get_textpage().get_text_range() for page in document)
    if format == "xlsx":
        values = (
            row for sheet in openpyxl.load_workbook(BytesIO(content)) for row in sheet.iter_rows(values_only=True)
        )
        return "\n".join(str(value) for row in values for value in row if value is not None)
    if format == "html":
        return str(html.document_fromstring(content.decode()).text_content())
    if format == "json":
        return "\n".join(strings_of(json.loads(content)))
    return content.decode("utf-8-sig").replace('""', '"')


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_facts_give_the_same_bytes_in_any_process(format: str) -> None:  # noqa: A002
    here = hashlib.sha256(render(report(), format)).hexdigest()
    program = (
        "import hashlib; from tests.unit.reports.report_sample import report; from tracker.reports import render;"
        f"print(hashlib.sha256(render(report(), {format!r})).hexdigest())"
    )
    root = Path(__file__).parents[3]
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(format: str, text: str) -> None:  # noqa: A002
    written = text_of(render(with_text(text), format), format)
    harmless = text.translate(dict.fromkeys((0, 1, 11, 31, 65534, 55296)))
    assert squeezed(harmless) in squeezed(written)
    assert "\x00" not in written


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1))
def test_any_paragraph_text_survives(format: str, text: str) -> None:  # noqa: A002
    content = render(with_text(text), format)
    if format == "pdf":
        assert content.startswith(b"%PDF-")
        return
    assert squeezed(text) in squeezed(text_of(content, format))


THAI = st.text(
    st.sampled_from([chr(code) for code in range(0x0E01, 0x0E2F)] + list("ะาเแโไๆ๐๑๒ .-()abcXYZ09/")), min_size=1
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=THAI)
def test_any_thai_text_survives_in_the_pdf(text: str) -> None:
    assert squeezed(text) in squeezed(text_of(render(with_text(text), "pdf"), "pdf"))


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotUnderstoodError, match="docx, pdf, xlsx, html, json, csv"):
        render(report(), "doc")


def test_json_is_the_contract_unescaped() -> None:
    content = render(report(), "json")
    assert json.loads(content) == report().as_json()
    assert "ทุกส่วนราชการ" in content.decode()


def test_html_stands_alone_without_script_and_names_its_columns() -> None:
    page = html.document_fromstring(render(report(), "html").decode())
    assert page.get("lang") == "th"
    assert page.xpath("//script | //link | //img | //*[@style] | //@*[starts-with(name(), 'on')]") == []
    assert len(page.xpath("//style")) == 1
    assert [head.get("scope") for head in page.xpath("//table[@class='report']/thead//th")] == ["col"] * 6
    assert len(page.xpath("//h1")) == 1


def test_html_links_a_style_sheet_where_the_site_forbids_one_inside() -> None:
    page = html.document_fromstring(as_html.render(report(), stylesheet_href="/static/report.css").decode())
    assert page.xpath("//link[@rel='stylesheet']/@href") == ["/static/report.css"]
    assert page.xpath("//style") == []


def test_html_links_only_addresses_of_the_web() -> None:
    text = render(with_text("javascript:alert(1)"), "html").decode()
    assert "href" not in text
    assert 'href="https://example.go.th/a?b=1&amp;c=2"' in render(report(), "html").decode()


def test_clean_takes_out_only_what_no_document_may_hold() -> None:
    assert clean(("ก\x00ข\r\nค\tง", 5, None)) == ("กข\nค ง", 5, None)
    assert clean(report()) == report()
