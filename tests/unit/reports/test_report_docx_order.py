"""Word refuses a document whose properties stand in another order than the standard's (ECMA-376, part 1, annex A)."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx.oxml.ns import nsmap, qn
from lxml import etree

from tests.unit.reports.report_sample import report
from tests.unit.reports.test_report_annex import MATERIAL, with_annex
from tracker.reports import own_template, render
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData

ORDER = {
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p tbl",
}  # fmt: skip
RENDERED = {
    "standard": (report(draft=True), RenderAssets()),
    "annex": (with_annex(), MATERIAL),
    "own template": (with_annex(), RenderAssets(MATERIAL.file, own_template.starter())),
}


@pytest.mark.parametrize(("data", "material"), RENDERED.values(), ids=RENDERED)
def test_properties_stand_in_the_order_of_the_standard(data: ReportData, material: RenderAssets) -> None:
    archive = ZipFile(BytesIO(render(data, "docx", material)))
    checked = 0
    for name in archive.namelist():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in etree.fromstring(archive.read(name)).iter(*(qn(f"w:{name}") for name in ORDER)):
            kind = etree.QName(element).localname
            known = ORDER[kind].split()
            children = [etree.QName(child).localname for child in element if child.tag.startswith(f"{{{nsmap['w']}}}")]
            places = [known.index(child) for child in children]
            assert places == sorted(places) or kind == "tc", (name, kind, children)
            checked += 1
    assert checked > 300


@pytest.mark.parametrize(("data", "material"), RENDERED.values(), ids=RENDERED)
def test_every_cell_ends_in_a_paragraph_and_every_row_fills_its_grid(data: ReportData, material: RenderAssets) -> None:
    body = etree.fromstring(ZipFile(BytesIO(render(data, "docx", material))).read("word/document.xml"))
    for cell in body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")
    for table in body.iter(qn("w:tbl")):
        columns = len(table.find(qn("w:tblGrid")))
        assert {sum(map(_columns, row.findall(qn("w:tc")))) for row in table.findall(qn("w:tr"))} <= {columns}
    ids = [
        one.get("id")
        for one in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("data", "material"), RENDERED.values(), ids=RENDERED)
def test_every_style_that_is_used_is_there(data: ReportData, material: RenderAssets) -> None:
    archive = ZipFile(BytesIO(render(data, "docx", material)))
    styles = etree.fromstring(archive.read("word/styles.xml"))
    known = {style.get(qn("w:styleId")) for style in styles.iter(qn("w:style"))}
    body = etree.fromstring(archive.read("word/document.xml"))
    used = {one.get(qn("w:val")) for one in body.iter(qn("w:pStyle"), qn("w:tblStyle"))}
    assert used <= known


def _columns(cell: etree._Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else int(span.get(qn("w:val")))
