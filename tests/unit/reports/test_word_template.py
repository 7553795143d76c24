"""An agency's own Word template: what works, what is refused and where, what can never run."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from tests.unit.reports.report_sample import measure, report, squeezed, typed_lines
from tests.unit.reports.test_report_annex import MATERIAL, with_annex
from tests.unit.reports.test_report_formats import text_of
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan
from tracker.reports import own_template, render
from tracker.reports.assets import RenderAssets
from tracker.thai.paragraphs import Paragraph

Change = Callable[[Document], object]


def saved(document: Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def template(*changes: Change, table: bool = True) -> bytes:
    """A space document as Word makes it, changed, with the table's placeholder at its end."""
    document = docx.Document()
    for change in changes:
        change(document)
    if table:
        document.add_paragraph("{{ table }}")
    return saved(document)


def typed(text: str) -> Change:
    return lambda document: document.add_paragraph(text)


def in_cell(text: str) -> Change:
    return lambda document: setattr(document.add_table(2, 2).rows[1].cells[0], "text", text)


def in_footer(text: str) -> Change:
    return lambda document: setattr(document.sections[0].footer.paragraphs[0], "text", text)


def loop_rows(document: Document) -> None:
    table = document.add_table(3, 6)
    table.rows[0].cells[0].text, table.rows[2].cells[0].text = "{%tr for row in rows %}", "{%tr endfor %}"
    names = ("measure", "steps", "responsible", "period", "summary", "outcome")
    for cell, name in zip(table.rows[1].cells, names, strict=True):
        cell.text = f"{{{{ row.{name} }}}}"


def test_the_starter_works_as_it_is_and_holds_what_the_standard_form_holds() -> None:
    starter = own_template.starter()
    own_template.check(starter)
    data = with_annex()
    content = render(data, "docx", RenderAssets(MATERIAL.file, starter))
    written = squeezed(text_of(content, "docx"))
    assert set(re.findall(r"\{\{|\}\}|\{%", written)) == set()
    for line in [*typed_lines(data), data.agency, data.place, "(นายสมชาย ใจดี)", "ความก้าวหน้า", "ภาคผนวก"]:
        assert squeezed(line) in written
    assert len(docx.Document(BytesIO(content)).inline_shapes) == 4
    assert [draft.summary for draft in read_plan(content, "r.docx", 2566).measures] == [
        m.summary for m in data.measures
    ]


def test_the_same_facts_and_template_give_the_same_bytes() -> None:
    material = RenderAssets(MATERIAL.file, own_template.starter())
    assert own_template.starter() == own_template.starter()
    assert render(with_annex(), "docx", material) == render(with_annex(), "docx", material)


def test_a_table_of_the_agencys_own_is_filled_row_by_row() -> None:
    data = report()
    content = render(data, "docx", RenderAssets(template=template(loop_rows, table=False)))
    (table,) = docx.Document(BytesIO(content)).tables
    lines = {line.text for row in table.rows for cell in row.cells for line in cell.paragraphs}
    assert set(typed_lines(data)) <= lines


def test_conditions_and_loops_over_signers_are_filled() -> None:
    content = template(
        typed("{%p if draft_note %}"), typed("ยังเป็น{{ draft_note }}"), typed("{%p else %}"), typed("ฉบับปิดรอบ"),
        typed("{%p endif %}"), typed("{%p for signer in signers %}"),
        typed("({{ signer.name }}) {{ signer.position }}"),
        typed("{%p endfor %}"),
    )  # fmt: skip
    texts = [
        one.text for one in docx.Document(BytesIO(render(report(), "docx", RenderAssets(template=content)))).paragraphs
    ]
    assert [text for text in texts if text] == [
        "ฉบับปิดรอบ", "(นายสมชาย ใจดี) นิติกรปฏิบัติการ", "(นางสาวสุดา รักไทย) ปลัด อบต.เขาขาว",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "tag", "place"),
    [
        (typed("เรียน {{ agncy }}"), "{{ agncy }}", "ย่อหน้าที่ 1 "),
        (in_cell("{{ agncy }}"), "{{ agncy }}", "ตารางที่ 1 แถวที่ 2 ช่องที่ 1 "),
        (in_footer("{{ agncy }}"), "{{ agncy }}", "ท้ายกระดาษ ย่อหน้าที่ 1 "),
        (typed("{{ agency"), "{{ agency", "ย่อหน้าที่ 1 "),
        (typed("{{ agency + place }}"), "{{ agency + place }}", "ย่อหน้าที่ 1 "),
        (typed("{{ fiscal year }}"), "{{ fiscal year }}", "ย่อหน้าที่ 1 "),
        (typed("{% for a in rows %}{{ a.sumary }}{% endfor %}"), "{{ a.sumary }}", "ย่อหน้าที่ 1 "),
        (typed("{% for a in rows %}"), "{% for a in rows %}", "ย่อหน้าที่ 1 "),
        (typed("{% endif %}"), "{% endif %}", "ย่อหน้าที่ 1 "),
        (typed("ดู {{ annex }}"), "{{ annex }}", "ย่อหน้าที่ 1 "),
        (in_cell("{{ annex }}"), "{{ annex }}", "ตารางที่ 1 แถวที่ 2 ช่องที่ 1 "),
    ],
)
def test_an_error_names_the_placeholder_and_its_place_in_one_sentence(change: Change, tag: str, place: str) -> None:
    with pytest.raises(NotUnderstoodError) as error:
        own_template.check(template(change))
    assert tag in error.value.sentence_th
    assert place in error.value.sentence_th
    assert "\n" not in error.value.sentence_th


@pytest.mark.parametrize(
    "code",
    [
        "{{ ''.__class__.__mro__ }}", "{{ agency.__class__ }}", "{{ rows.append(1) }}", "{{ 'x' * 999999999 }}",
        "{% for a in range(9) %}x{% endfor %}", "{% for a in rows if a %}{% endfor %}", "{{ agency|upper }}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}", "{% raw %}{% endraw %}", "{{ self }}", "{{ cycler }}", "{{ rows[0] }}",
        "{# x #}", "".join(f"{{% for {name} in rows %}}" for name in "abcd") + "{% endfor %}" * 4,
    ],
)  # fmt: skip
def test_a_template_computes_nothing(code: str) -> None:
    with pytest.raises(NotUnderstoodError):
        own_template.check(template(typed(code)))


def hidden(code: str) -> Change:
    """In the name of a bookmark, which no page shows."""

    def change(document: Document) -> None:
        paragraph = document.add_paragraph()._p
        paragraph.append(paragraph.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "77", qn("w:name"): code}))

    return change


@pytest.mark.parametrize(
    "code",
    [
        "{{ agency.zfill(5000000) }}", "{{ agency.__class__.__mro__ }}", "{{ 'x' * 5000000 }}", "{% set x = agency %}",
        "{% for a in rows %}{% for b in rows %}x{% endfor %}{% endfor %}", "{% include '/etc/passwd' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ agency|upper }}", "{{ lipsum() }}",
    ],
)  # fmt: skip
def test_a_template_computes_nothing_where_no_page_shows_it_either(code: str) -> None:
    with pytest.raises(NotUnderstoodError):
        own_template.check(template(hidden(code)))


def test_a_hidden_placeholder_shows_nothing_of_the_inside() -> None:
    content = render(
        report(),
        "docx",
        RenderAssets(template=template(hidden("[{{ agency.zfill }}{{ rows.pop }}{{ agency.__class__ }}]"))),
    )
    with ZipFile(BytesIO(content)) as package:
        assert b"[]" in package.read("word/document.xml")


def test_a_loop_in_a_loop_is_refused_with_its_place() -> None:
    twice = typed("{% for a in rows %}{% for b in signers %}{{ a.steps }}{% endfor %}{% endfor %}")
    with pytest.raises(NotUnderstoodError, match="within another loop"):
        own_template.check(template(twice))


def test_a_document_that_is_wrong_inside_is_refused_with_a_sentence() -> None:
    def without_width(document: Document) -> None:
        document.sections[0]._sectPr.find(qn("w:pgMar")).set(qn("w:left"), "wide")

    with pytest.raises(NotUnderstoodError, match="save it again"):
        own_template.check(template(without_width))


def test_what_people_wrote_is_never_read_as_a_placeholder() -> None:
    code = "{{ 7*7 }} {% for %} <w:p/> &amp;"
    data = report(measure(1, title=code, summary=(Paragraph(None, code),)), agency=code)
    written = text_of(render(data, "docx", RenderAssets(template=template(typed("{{ agency }}"), loop_rows))), "docx")
    assert squeezed(written).count(squeezed(code)) >= 4
    assert "49" not in written


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, part in more.items():
            target.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def same(_name: str, part: bytes) -> bytes:
    return part


def _macro_type(_name: str, part: bytes) -> bytes:
    return part.replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main", b"vnd.ms-word.document.macroEnabled.main"
    )


def _external(name: str, part: bytes) -> bytes:
    link = (
        b'<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="http://evil.example/a.png" TargetMode="External"/></Relationships>'
    )
    return part.replace(b"</Relationships>", link) if name == "word/_rels/document.xml.rels" else part


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged"),
        (b"%PDF-1.7", "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (b"\0" * (own_template.LARGEST + 1), "larger than 2 MB"),
        (repacked(template(), _macro_type), "without macros"),
        (repacked(template(), same, **{"word__vbaProject.bin": b"x"}), "macros"),
        (repacked(template(), same, **{"word__embeddings__a.bin": b"x"}), "embedded"),
        (repacked(template(), _external), "another place"),
        (template(table=False), "shows no report"),
    ],
)
def test_a_file_that_is_no_plain_word_document_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(NotUnderstoodError, match=words):
        own_template.check(content)
