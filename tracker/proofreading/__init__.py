"""Proof-reads a plan and its report: suggestions with their place, never an order, never a change. Pure."""

from collections.abc import Iterator

from tracker.bilingual import Bilingual
from tracker.proofreading.agency_name import other_spellings
from tracker.proofreading.content import thin_content
from tracker.proofreading.document import KINDS, Document, Suggestion
from tracker.proofreading.marks import careless_marks
from tracker.proofreading.personal import personal_data
from tracker.proofreading.spelling import misspellings

__all__ = ["KINDS", "Document", "Suggestion", "personal_data", "proofread"]


def proofread(document: Document) -> tuple[Suggestion, ...]:
    """Everything that might be corrected, the weightiest kind first, each kind in reading order."""
    found = [
        *personal_data(document),
        *other_spellings(document),
        *_spelling(document),
        *careless_marks(document),
        *thin_content(document),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.key))


def _spelling(document: Document) -> Iterator[Suggestion]:
    names = {document.agency, *document.names}
    for passage in document.passages():
        for found in misspellings(passage.text, names):
            yield Suggestion(
                "spelling",
                passage.place,
                found.written,
                Bilingual(f"Perhaps “{found.meant}” is meant.", f"น่าจะเป็น “{found.meant}”"),
                found.meant,
            )
