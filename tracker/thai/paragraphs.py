"""A paragraph of a table cell: the list number that stood before it, and the text without it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a cell.

    ``number`` is the list number that stood before the text (an int, whatever its digits and mark), or None for a
    plain paragraph; ``text`` is never empty and holds no number.
    """

    number: int | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """The paragraph in the shape of the JSON contract (docs/rules.md, "JSON contract")."""
        return {"number": self.number, "text": self.text}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Paragraph":
        """The paragraph that ``as_json`` wrote."""
        return cls(value["number"], value["text"])


Paragraphs = tuple[Paragraph, ...]
