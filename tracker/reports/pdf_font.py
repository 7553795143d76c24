"""A TrueType font inside of a PDF: what its glyphs are called, and glyphs put together of others that it has."""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NAME = re.compile(r"uni(?P<codes>(?:[0-9A-F]{4})+)(?:\..*)?")
_CHECKSUM_WHOLE = 0xB1B0AFBA
_LONG_OFFSETS = 1
_MOVED_BY_WORDS = 0x0003  # ARG_1_AND_2_ARE_WORDS, ARGS_ARE_XY_VALUES
_MORE_COMPONENTS = 0x0020
_STANDARD_NAMES = 258
_POST_WITH_NAMES, _POST_WITHOUT_NAMES = 0x00020000, 0x00030000


@dataclass(frozen=True)
class Component:
    """A glyph within another, moved by so many units of the font."""

    glyph: int
    dx: int = 0


class EmbeddedFont:
    """The tables of a font that typst embedded; glyphs may be added."""

    def __init__(self, content: bytes) -> None:
        entries = (struct.unpack_from(">4sIII", content, 12 + 16 * at) for at in range(_u16(content, 4)))
        self._tables = {tag: content[start : start + length] for tag, _, start, length in entries}
        self.count = _u16(self._tables[b"maxp"], 4)
        """Glyphs that the font has of its own."""
        self._with_width = _u16(self._tables[b"hhea"], 34)
        widths: tuple[int, ...] = struct.unpack_from(">" + "H2x" * self._with_width, self._tables[b"hmtx"])
        self._advances: list[int] = [*widths, *widths[-1:] * (self.count - self._with_width)]
        self._added: dict[tuple[Component, ...], int] = {}

    @property
    def added_advances(self) -> Sequence[int]:
        """The widths of the glyphs that were added, in their order."""
        return self._advances[self.count :]

    def characters(self) -> Mapping[int, str]:
        """Glyph → the characters that its name tells (``uni0E48.small`` is ่); others are left out."""
        post = self._tables[b"post"]
        if struct.unpack_from(">I", post)[0] != _POST_WITH_NAMES:
            return {}
        indices = struct.unpack_from(f">{self.count}H", post, 34)
        names, at = list[str](), 34 + 2 * self.count
        while at < len(post):
            names.append(post[at + 1 : at + 1 + post[at]].decode("latin-1"))
            at += 1 + post[at]
        told = {
            glyph: _NAME.fullmatch(names[index - _STANDARD_NAMES])
            for glyph, index in enumerate(indices)
            if index >= _STANDARD_NAMES
        }
        return {glyph: _spelt(match["codes"]) for glyph, match in told.items() if match}

    def add(self, components: tuple[Component, ...]) -> int:
        """The number of the glyph put together of these, as wide as the first; the same ones give the same glyph."""
        if components not in self._added:
            self._added[components] = len(self._advances)
            self._advances.append(self._advances[components[0].glyph])
        return self._added[components]

    def advance(self, glyph: int) -> int:
        """How far a glyph moves on, in units of the font."""
        return self._advances[glyph]

    def write(self) -> bytes:
        """The font with what was added; names of glyphs are left out, which a PDF does without."""
        offsets = list(self._offsets())
        drawn = [self._composed(parts, offsets) for parts in self._added]
        for record, _ in drawn:
            offsets.append(offsets[-1] + len(record))
        changed = {
            b"glyf": self._tables[b"glyf"][: offsets[self.count]] + b"".join(record for record, _ in drawn),
            b"loca": struct.pack(f">{len(offsets)}I", *offsets),
            b"maxp": self._maximum(),
            b"head": self._head(),
            b"post": struct.pack(">I", _POST_WITHOUT_NAMES) + self._tables[b"post"][4:32],
            **self._metrics([left for _, left in drawn]),
        }
        return _joined({**self._tables, **changed})

    def _offsets(self) -> Sequence[int]:
        loca = self._tables[b"loca"]
        if _u16(self._tables[b"head"], 50) == _LONG_OFFSETS:
            return struct.unpack_from(f">{self.count + 1}I", loca)
        return [2 * half for half in struct.unpack_from(f">{self.count + 1}H", loca)]

    def _composed(self, parts: tuple[Component, ...], offsets: Sequence[int]) -> tuple[bytes, int]:
        """An added glyph's record and where its outline begins; a blank adds nothing to it."""
        seen = [part for part in parts if offsets[part.glyph] < offsets[part.glyph + 1]]
        if not seen:
            return b"", 0
        boxes = [_box(self._tables[b"glyf"], offsets[part.glyph], part.dx) for part in seen]
        lefts, lows, rights, highs = zip(*boxes, strict=True)
        record = struct.pack(">5h", -1, min(lefts), min(lows), max(rights), max(highs))
        for at, part in enumerate(seen, start=1):
            flags = _MOVED_BY_WORDS | (_MORE_COMPONENTS if at < len(seen) else 0)
            record += struct.pack(">HHhh", flags, part.glyph, part.dx, 0)
        return record + b"\0" * (-len(record) % 4), min(lefts)

    def _maximum(self) -> bytes:
        maxp, most = bytearray(self._tables[b"maxp"]), max(map(len, self._added), default=0)
        points, contours, composite_points, composite_contours = struct.unpack_from(">4H", maxp, 6)
        elements, depth = struct.unpack_from(">2H", maxp, 28)
        struct.pack_into(">H", maxp, 4, len(self._advances))
        struct.pack_into(
            ">2H", maxp, 10, max(composite_points, most * points), max(composite_contours, most * contours)
        )
        struct.pack_into(">2H", maxp, 28, max(elements, most), depth + 1)
        return bytes(maxp)

    def _head(self) -> bytes:
        head = bytearray(self._tables[b"head"])
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">H", head, 50, _LONG_OFFSETS)
        return bytes(head)

    def _metrics(self, lefts: Sequence[int]) -> dict[bytes, bytes]:
        """Widths of all glyphs one by one, the added ones' after the others'."""
        hmtx, paired = self._tables[b"hmtx"], 4 * self._with_width
        own = struct.unpack_from(f">{self.count - self._with_width}h", hmtx, paired)
        rest = zip(self._advances[self._with_width :], (*own, *lefts), strict=True)
        hhea = bytearray(self._tables[b"hhea"])
        struct.pack_into(">H", hhea, 34, len(self._advances))
        return {
            b"hmtx": hmtx[:paired] + b"".join(struct.pack(">Hh", *pair) for pair in rest),
            b"hhea": bytes(hhea),
        }


def _u16(table: bytes, at: int) -> int:
    found: int = struct.unpack_from(">H", table, at)[0]
    return found


def _spelt(codes: str) -> str:
    return "".join(chr(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4))


def _box(glyf: bytes, start: int, dx: int) -> tuple[int, int, int, int]:
    left, low, right, high = struct.unpack_from(">4h", glyf, start + 2)
    return left + dx, low, right + dx, high


def _joined(tables: Mapping[bytes, bytes]) -> bytes:
    """The tables as one file with right checksums."""
    power = len(tables).bit_length() - 1
    content = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    start, body = 12 + 16 * len(tables), b""
    for tag, table in sorted(tables.items()):
        content += struct.pack(">4sIII", tag, _checksum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    whole = bytearray(content + body)
    entries = [struct.unpack_from(">4sIII", whole, 12 + 16 * at) for at in range(len(tables))]
    head = next(start for tag, _, start, _ in entries if tag == b"head")
    struct.pack_into(">I", whole, head + 8, (_CHECKSUM_WHOLE - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
