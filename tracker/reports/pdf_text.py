"""A text layer for every reader: in typst's PDFs, each glyph gets the character that it stands for.

typst maps a glyph to its whole cluster and puts the right text beside it as ActualText, which MuPDF, pypdf, pdfminer
and pdf.js do not read (docs/adr/0020). Here a letter with its marks becomes one glyph that stands for their characters,
and an ำ, which shaping parts into a ring and an า, one for itself. What cannot be told so keeps its ActualText. Pages
look as before; structure and metadata stay.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby

import pikepdf

from tracker.reports.pdf_font import Component, EmbeddedFont

_NIKHAHIT, _AA, _AM = "\u0e4d", "\u0e32", "\u0e33"
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_STRING = rb"\((?:[^\\()]|\\.)*\)"
_NUMBER = rb"-?[\d.]+"
_BEGIN, _END = b"BT", b"\nET"
_SEGMENT = re.compile(
    rb"\s*(?:/Span<</ActualText<FEFF(?P<told>[0-9A-F]*)>>>BDC)?\s*0 Tr/(?P<font>\w+) (?P<size>%(n)s) Tf 1 0 0 -1 "
    rb"(?P<x>%(n)s) 0 Tm(?P<shown>\[(?:%(s)s|%(n)s)*\]TJ|%(s)sTj)(?P<end>\nEMC)?" % {b"n": _NUMBER, b"s": _STRING},
    re.DOTALL,
)
_SHOWN = re.compile(rb"(?P<string>%s)|(?P<move>%s)" % (_STRING, _NUMBER), re.DOTALL)
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_MAPPED = re.compile(r"<([0-9A-F]{4})> <([0-9A-F]*)>")
_CHARACTERS_A_BLOCK = 100
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(frozen=True)
class _Glyph:
    number: int
    x: float
    """Thousandths of the font's size, which are the units of Sarabun."""


@dataclass
class _Typeface:
    """A font of the PDF that the tracker ships: its glyphs and their characters, as typst told and by their names."""

    font: EmbeddedFont
    told: Mapping[int, str]
    characters: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = self.font.characters()
        for glyph, cluster in self.told.items():
            own = named.get(glyph, cluster[:1] if _MARKS.search(cluster) or cluster.endswith(_AM) else cluster)
            self.characters[glyph] = own.removeprefix(_NIKHAHIT) or own

    def text(self, glyphs: Iterable[_Glyph]) -> str:
        return "".join(self.characters.get(glyph.number, "") for glyph in glyphs)

    def with_am(self, glyphs: list[_Glyph]) -> list[_Glyph]:
        """The glyphs with ring and า put together; a tone between them comes before both."""
        kept: list[_Glyph] = []
        rings: list[_Glyph] = []
        for glyph in glyphs:
            character = self.characters.get(glyph.number)
            if character == _NIKHAHIT:
                rings.append(glyph)
            elif character == _AA:
                ring = [Component(one.number, round(one.x - glyph.x)) for one in rings]
                added = self.font.add((Component(glyph.number), *ring))
                self.characters[added] = _AM
                kept.append(_Glyph(added, glyph.x))
                rings = []
            else:
                kept.append(glyph)
        return [*kept, *rings]

    def in_clusters(self, glyphs: Iterable[_Glyph]) -> list[_Glyph]:
        """The glyphs with each letter and its marks as one: poppler and pdfminer part words at glyphs without width."""
        clusters: list[list[_Glyph]] = []
        for glyph in glyphs:
            if clusters and self._is_mark(glyph) and clusters[-1][0].number < self.font.count:
                clusters[-1].append(glyph)
            else:
                clusters.append([glyph])
        return [self._one(cluster) for cluster in clusters]

    def _one(self, cluster: list[_Glyph]) -> _Glyph:
        first = cluster[0]
        if len(cluster) == 1:
            return first
        added = self.font.add(tuple(Component(one.number, round(one.x - first.x)) for one in cluster))
        self.characters[added] = self.text(cluster)
        return _Glyph(added, first.x)

    def _is_mark(self, glyph: _Glyph) -> bool:
        return bool(_MARKS.fullmatch(self.characters.get(glyph.number, "")))


@dataclass(frozen=True)
class _Segment:
    """Glyphs shown at once, and the text that they stand for."""

    font: str
    size: bytes
    x: float
    glyphs: list[_Glyph]
    text: str
    needs_actual_text: bool


def with_text_layer(content: bytes) -> bytes:
    """The PDF of typst, with a text layer that every reader finds whole; the same bytes give the same bytes."""
    with pikepdf.open(BytesIO(content)) as pdf:
        typefaces: dict[tuple[int, int], _Typeface] = {}
        pages: dict[tuple[tuple[str, tuple[int, int]], ...], _Page] = {}
        for page in pdf.pages:
            fonts = {name[1:]: font for name, font in page.resources.get("/Font", {}).items()}
            for font in fonts.values():
                if font.objgen not in typefaces and (typeface := _typeface(font)):
                    typefaces[font.objgen] = typeface
            key = tuple((name, font.objgen) for name, font in fonts.items())
            writer = pages.setdefault(
                key, _Page({name: typefaces[number] for name, number in key if number in typefaces})
            )
            page.Contents.write(writer.rewritten(page.Contents.read_bytes()))
        for number, typeface in typefaces.items():
            _put(pdf, pdf.get_object(number), typeface)
        return _saved(pdf)


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes, which tell nothing of the machine or the hour."""
    out = BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()


def _typeface(font: pikepdf.Object) -> _Typeface | None:
    descriptor = font.DescendantFonts[0].FontDescriptor
    if "Sarabun" not in str(font.BaseFont) or "/FontFile2" not in descriptor:
        return None
    told = {
        int(glyph, 16): bytes.fromhex(text).decode("utf-16-be")
        for glyph, text in _MAPPED.findall(font.ToUnicode.read_bytes().decode("ascii"))
    }
    return _Typeface(EmbeddedFont(descriptor.FontFile2.read_bytes()), told)


def _put(pdf: pikepdf.Pdf, font: pikepdf.Object, typeface: _Typeface) -> None:
    """Writes the characters and, where glyphs were added, the font and its widths."""
    font.ToUnicode = pdf.make_stream(_to_unicode(typeface.characters))
    if not (advances := typeface.font.added_advances):
        return
    descendant = font.DescendantFonts[0]
    descendant.W.append(typeface.font.count)
    descendant.W.append(pikepdf.Array(advances))
    descriptor = descendant.FontDescriptor
    descriptor.FontFile2 = pdf.make_stream(typeface.font.write())
    if "/CIDSet" in descriptor:
        del descriptor.CIDSet  # says which glyphs there were; PDF/A-2 does without


def _to_unicode(characters: Mapping[int, str]) -> bytes:
    lines = [
        f"<{glyph:04X}> <{text.encode('utf-16-be').hex().upper()}>\n"
        for glyph, text in sorted(characters.items())
        if text
    ]
    blocks = [lines[at : at + _CHARACTERS_A_BLOCK] for at in range(0, len(lines), _CHARACTERS_A_BLOCK)]
    return _CMAP.format(
        blocks="".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    ).encode("ascii")


class _Page:
    """Rewrites the text of pages that name the same fonts; words return, so each is rewritten once."""

    def __init__(self, typefaces: Mapping[str, _Typeface]) -> None:
        self._typefaces = typefaces
        self._known: dict[bytes, bytes] = {}

    def rewritten(self, content: bytes) -> bytes:
        before, *rest = content.split(_BEGIN)
        parts = (one.partition(_END) for one in rest)
        return before + b"".join(self._block(inside) + after for inside, _, after in parts)

    def _block(self, inside: bytes) -> bytes:
        if inside not in self._known:
            segments = list(self._segments(inside))
            understood = [segment for segment in segments if segment]
            rewritten = self._written(understood) if len(understood) == len(segments) else inside
            self._known[inside] = _BEGIN + rewritten + _END
        return self._known[inside]

    def _segments(self, inside: bytes) -> Iterator[_Segment | None]:
        """What is shown in a text object; None where it is not as typst writes it, or in a font that is not ours."""
        at = 0
        while at < len(inside):
            match = _SEGMENT.match(inside, at)
            typeface = self._typefaces.get(match["font"].decode()) if match else None
            if match is None or typeface is None or (match["told"] is None) != (match["end"] is None):
                yield None
                return
            yield _segment(match, typeface)
            at = match.end()

    def _written(self, segments: list[_Segment]) -> bytes:
        runs = groupby(segments, key=lambda one: (one.font, one.size, id(one) if one.needs_actual_text else None))
        return b"".join(self._run(list(run)) for _, run in runs)

    def _run(self, segments: list[_Segment]) -> bytes:
        first = segments[0]
        glyphs = [_Glyph(glyph.number, one.x + glyph.x) for one in segments for glyph in one.glyphs]
        shown = self._shown(glyphs, first.x, self._typefaces[first.font].font)
        at = first.x * float(first.size) / 1000
        line = b" 0 Tr/%s %s Tf 1 0 0 -1 %s 0 Tm[%s]TJ" % (first.font.encode(), first.size, b"%.7g" % at, shown)
        if not first.needs_actual_text:
            return line
        told = ("\ufeff" + first.text).encode("utf-16-be").hex().upper().encode()
        return b"/Span<</ActualText<%s>>>BDC%s\nEMC" % (told, line)

    def _shown(self, glyphs: list[_Glyph], x: float, font: EmbeddedFont) -> bytes:
        """Strings, and between them by how many thousandths the next glyph stands further left than the widths say."""
        out = b""
        for glyph in glyphs:
            if move := round(x - glyph.x):
                out += b">%d<" % move
                x -= move
            out += b"%04X" % glyph.number
            x += font.advance(glyph.number)
        return (b"<" + out + b">").replace(b"<>", b"")


def _segment(match: re.Match[bytes], typeface: _Typeface) -> _Segment:
    glyphs = list(_glyphs(match["shown"], typeface.font))
    if match["told"] is None:
        text = "".join(typeface.told.get(glyph.number, "") for glyph in glyphs)
    else:
        text = bytes.fromhex(match["told"].decode()).decode("utf-16-be")
    glyphs = typeface.in_clusters(typeface.with_am(glyphs) if _AM in text else glyphs)
    size = match["size"]
    x = float(match["x"]) * 1000 / float(size)
    return _Segment(match["font"].decode(), size, x, glyphs, text, typeface.text(glyphs) != text)


def _glyphs(shown: bytes, font: EmbeddedFont) -> Iterator[_Glyph]:
    x = 0.0
    for match in _SHOWN.finditer(shown):
        if match["move"]:
            x -= float(match["move"])
            continue
        string = _ESCAPED.sub(_unescaped, match["string"][1:-1])
        for at in range(0, len(string), 2):
            number = int.from_bytes(string[at : at + 2])
            yield _Glyph(number, x)
            x += font.advance(number)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8)])
    return _LETTERS.get(match[2], match[2])
