"""The text layer of PDFs: each letter with its marks is one glyph, told by its own characters, and looks as before."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest
import typst
from PIL import Image, ImageChops, ImageStat

import tracker.reports
from tests.unit.reports.report_sample import squeezed
from tracker.reports.pdf_text import with_text_layer

FONTS = typst.Fonts(
    include_system_fonts=False,
    include_embedded_fonts=True,
    font_paths=[str(Path(tracker.reports.__file__).parent / "fonts")],
)
HARD = [
    "ทำความสะอาดน้ำบ่อ ค่ำ ล้ำ ปล้ำ คำนำ จำเป็น",  # a ring and an า of one ำ, with a tone between them
    "ปีที่ ป้า ปู่ ฟ้าฝั่ง ฬา โป๊ะ เป๋",  # marks moved aside for tall letters
    "ญาติผู้ใหญ่ กตัญญู ฐานะ รัฐบาล ปรากฏ กฎ ฎุ ฏู",  # letters that lose their foot
    "ซื่อสัตย์ ผู้รับผิดชอบ ขั้นตอน กษัตริย์ ก็ สั้น",
    "ข้อ ๑๒.๓ (ก) ITA 2566 ภาษีที่ 12",
]


def typeset(*lines: str, font: str = "Sarabun") -> bytes:
    source = f'#set document(title: "x")\n#set text(font: "{font}", lang: "th", size: 16pt)\n' + "\n\n".join(lines)
    made: bytes = typst.compile(
        source.encode(), format="pdf", font_paths=FONTS, pdf_standards=["a-2a", "ua-1"], timestamp=1
    )
    return made


def read(content: bytes) -> str:
    """By pypdf, which knows no ActualText."""
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages))


@pytest.mark.parametrize("line", HARD)
def test_a_reader_without_actual_text_finds_every_character(line: str) -> None:
    before = typeset(line)
    assert squeezed(line) not in read(before)
    assert squeezed(line) in read(with_text_layer(before))


def test_what_glyphs_tell_has_no_actual_text_beside_it() -> None:
    with pikepdf.open(BytesIO(with_text_layer(typeset(*HARD)))) as pdf:
        assert b"ActualText" not in pdf.pages[0].Contents.read_bytes()


def test_pages_look_as_typst_set_them() -> None:
    before = typeset(*HARD)
    was, now = (drawn(one) for one in (before, with_text_layer(before)))
    assert ImageStat.Stat(was).extrema[0][0] < 50
    assert was.size == now.size
    assert ImageStat.Stat(ImageChops.difference(was, now)).mean[0] < 0.05


def drawn(content: bytes) -> Image.Image:
    with pdfium.PdfDocument(content) as document:
        picture: Image.Image = document[0].render(scale=3).to_pil().convert("L")
        return picture


def test_structure_and_metadata_stay_and_the_bytes_are_the_same_each_time() -> None:
    before = typeset(*HARD)
    assert with_text_layer(before) == with_text_layer(before)
    with pikepdf.open(BytesIO(before)) as was, pikepdf.open(BytesIO(with_text_layer(before))) as now:
        assert was.Root.Metadata.read_bytes() == now.Root.Metadata.read_bytes()
        assert outline(was.Root.StructTreeRoot) == outline(now.Root.StructTreeRoot)
        marked = [pdf.pages[0].Contents.read_bytes().count(b"/MCID") for pdf in (was, now)]
        assert marked[0] == marked[1] > 5


def outline(node: pikepdf.Object) -> list[object]:
    kids = node.get("/K", [])
    children = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [str(node.get("/S")), *(outline(one) for one in children if isinstance(one, pikepdf.Dictionary))]


def test_other_fonts_keep_what_typst_says_of_them() -> None:
    before = typeset("e\u0301 fi", font="Libertinus Serif")
    with pikepdf.open(BytesIO(before)) as was, pikepdf.open(BytesIO(with_text_layer(before))) as now:
        assert was.pages[0].Contents.read_bytes() == now.pages[0].Contents.read_bytes()


def test_a_font_with_added_glyphs_has_right_checksums() -> None:
    with pikepdf.open(BytesIO(with_text_layer(typeset(*HARD)))) as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        content = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    numbers = [int.from_bytes(content[at : at + 4]) for at in range(0, len(content), 4)]
    assert sum(numbers) & 0xFFFFFFFF == 0xB1B0AFBA
