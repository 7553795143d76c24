"""A paragraph of a table cell: the list number that stood before it, and the text without it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.thai.numerals import to_arabic, to_thai

_SUBNUMBER = re.compile(r"(?P<number>[0-9๐-๙]{1,2}\.[0-9๐-๙]{1,2})[.)]?\s+(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a cell.

    ``number`` is the list number that stood before the text (an int, whatever its digits and mark; of a sub-item the
    string ``"1.1"``), or None for a plain paragraph; ``text`` is never empty and holds no number.
    """

    number: int | str | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """The paragraph in the shape of docs/rules.md, "JSON contract"."""
        return {"number": self.number, "text": self.text}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Paragraph":
        """The paragraph that ``as_json`` wrote."""
        return cls(value["number"], value["text"])

    def typed(self, *, thai_digits: bool = True) -> str:
        """The paragraph as an officer types it: ๑. จัดประชุม, of a sub-item ๑.๑ สำนักปลัด จัดประชุม."""
        if self.number is None:
            return self.text
        number = to_thai(self.number) if thai_digits else str(self.number)
        return f"{number} {self.text}" if isinstance(self.number, str) else f"{number}. {self.text}"


Paragraphs = tuple[Paragraph, ...]


def with_subnumbers(paragraphs: Iterable[Paragraph]) -> Paragraphs:
    """The paragraphs, with ๑.๑ taken off those that stand in a list of that form.

    Such a number means something only where it counts: ๑.๑ begins a list, ๑.๒ goes on with it; 2.5 alone is a decimal.
    """
    found: list[Paragraph] = []
    expected: set[str] = set()
    for paragraph in paragraphs:
        match = _SUBNUMBER.fullmatch(paragraph.text) if paragraph.number is None else None
        number = to_arabic(match["number"]) if match else ""
        first, _, second = number.partition(".")
        if match and (second == "1" or number in expected) and not first.startswith("0"):
            expected.add(f"{first}.{int(second) + 1}")
            found.append(Paragraph(number, match["text"]))
        else:
            found.append(paragraph)
    return tuple(found)
