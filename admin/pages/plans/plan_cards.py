"""An uploaded plan as its page shows it: measures beside their cells, warnings with a link to their place."""

from collections.abc import Mapping
from dataclasses import dataclass

from admin.pages.plans.plan_choices import as_plain, shown_as
from tracker.plan_draft import DraftMeasure, Warn
from tracker.plan_import.corrections import MeasureCorrection, as_typed
from tracker.plan_import.document import Original
from tracker.services.plans.plan_drafts import ReadUpload

PAGE = 20
SHOWN_WARNINGS = 30


@dataclass(frozen=True)
class Card:
    """One measure of the document: ``place`` counts from 0, ``draft`` is None where it is left out.

    ``was`` tells what is kept of it, so that a form says whether it was changed.
    """

    place: int
    original: Original
    draft: DraftMeasure | None
    typed: MeasureCorrection
    warnings: tuple[Warn, ...]
    is_corrected: bool
    was: str


@dataclass(frozen=True)
class PlacedWarning:
    """A warning and the measure that it is about (None: about the whole document)."""

    warning: Warn
    place: int | None


def cards_of(
    read: ReadUpload, corrections: Mapping[int, MeasureCorrection], kept: Mapping[int, MeasureCorrection]
) -> list[Card]:
    """The document's measures with the corrections that are shown; ``kept`` are those that are stored."""
    cards = []
    for place, (measure, shown) in enumerate(zip(read.as_read.measures, read.measures, strict=True)):
        plain = as_typed(measure.draft)
        typed, was = (as_plain(of.get(place) or plain) for of in (corrections, kept))
        draft, warnings = (shown.draft, shown.warnings) if shown else (None, ())
        cards.append(Card(place, measure.original, draft, typed, warnings, place in corrections, shown_as(was)))
    return cards


def warnings_of(read: ReadUpload) -> list[PlacedWarning]:
    """What is to be looked at: about the document first, then measure by measure."""
    found = [PlacedWarning(warning, None) for warning in read.as_read.warnings]
    for place, measure in enumerate(read.measures):
        found += [PlacedWarning(warning, place) for warning in (measure.warnings if measure else ())]
    return found
