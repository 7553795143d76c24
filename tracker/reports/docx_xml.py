"""WordprocessingML for Thai: runs, paragraphs and tables with the complex-script font, size and language on every run.

python-docx sets Latin fonts only; Word draws Thai with w:cs, w:szCs and w:bCs and breaks its lines by w:lang w:bidi.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

FONT = "TH SarabunPSK"
SIZE = 16
TWIPS_PER_CM = 567

_RUN_FONTS = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
_LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="th-TH"/>'
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_LIGHT_BELOW = '<w:tcBorders><w:bottom w:val="dotted" w:sz="2" w:space="0" w:color="auto"/></w:tcBorders>'


def run_properties(size: float = SIZE, *, bold: bool = False) -> str:
    """The w:rPr of a run: font, weight, size in points and language, for Latin and for complex script."""
    weight = "<w:b/><w:bCs/>" if bold else ""
    half_points = int(size * 2)
    return f'<w:rPr>{_RUN_FONTS}{weight}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>{_LANGUAGE}</w:rPr>'


def run(text: str, size: float = SIZE, *, bold: bool = False) -> str:
    """A run of text; a line feed in it is a line break."""
    content = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{run_properties(size, bold=bold)}{content}</w:r>"


def field(instruction: str, shown: str, size: float = SIZE) -> str:
    """A field such as PAGE, with the text that is shown until it is updated."""
    properties = run_properties(size)

    def part(content: str) -> str:
        return f"<w:r>{properties}{content}</w:r>"

    return (
        part('<w:fldChar w:fldCharType="begin"/>')
        + part(f'<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>')
        + part('<w:fldChar w:fldCharType="separate"/>')
        + run(shown, size)
        + part('<w:fldChar w:fldCharType="end"/>')
    )


def hyperlink(runs: str, key: str) -> str:
    """Runs that open the address of the relationship ``key``."""
    return f'<w:hyperlink {nsdecls("r")} r:id="{key}">{runs}</w:hyperlink>'


def paragraph(content: str, style: str, properties: str = "") -> str:
    """A paragraph of runs in a named style; ``properties`` are further elements of its w:pPr."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def cell(paragraphs: str, width: int, *, merge: str = "", shade: str = "", light_below: bool = False) -> str:
    """A table cell; ``merge`` is restart or continue where cells are joined downwards."""
    lined = _LIGHT_BELOW if light_below else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shaded = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    centred = '<w:vAlign w:val="center"/>' if shade else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}{lined}{shaded}{centred}</w:tcPr>{paragraphs}</w:tc>'
    )


def bare_cell(content: str, width: int, columns: int) -> str:
    """A cell across columns without borders at its sides and foot."""
    borders = "".join(f'<w:{edge} w:val="nil"/>' for edge in ("left", "bottom", "right"))
    spanned = f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{columns}"/>'
    return f"<w:tc><w:tcPr>{spanned}<w:tcBorders>{borders}</w:tcBorders></w:tcPr>{content}</w:tc>"


def text_of(block: Any) -> str:
    """A block as XML, to stand inside another."""
    return etree.tostring(block, encoding="unicode")


def row(cells: Iterable[str], *, whole: bool, heading: bool = False) -> Any:
    """A table row; ``whole`` keeps it on one page, ``heading`` repeats it at the top of every page."""
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if heading else "")
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>")


def table(widths: Sequence[int], *, bordered: bool = True) -> Any:
    """An empty table of fixed column widths in twips."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    borders = f"<w:tblBorders>{_BORDERS}</w:tblBorders>" if bordered else ""
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblStyle w:val="{"TableGrid" if bordered else "TableNormal"}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid></w:tbl>'
    )


def element(xml: str) -> Any:
    """One element from text whose ``w`` prefix is not declared yet."""
    name_end = min(index for index in (xml.find(" "), xml.find(">"), xml.find("/>")) if index > 0)
    return parse_xml(f"{xml[:name_end]} {nsdecls('w')}{xml[name_end:]}")


def set_style(style: Any, *, size: float = SIZE, bold: bool = False) -> None:
    """Gives a style the Thai run properties in place of whatever fonts and colours it had."""
    properties = style.element.rPr
    if properties is not None:
        style.element.remove(properties)
    style.element.append(element(run_properties(size, bold=bold)))


def set_defaults(styles: Any) -> None:
    """Gives the document's defaults the Thai run properties and single spacing without gaps."""
    defaults = styles.find(qn("w:docDefaults"))
    for child in list(defaults):
        defaults.remove(child)
    for name, content in (
        ("w:rPrDefault", run_properties()),
        ("w:pPrDefault", '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'),
    ):
        default = OxmlElement(name)
        default.append(element(content))
        defaults.append(default)
