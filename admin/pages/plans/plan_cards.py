"""An uploaded plan as its page shows it: measures beside their cells, warnings with a link to their place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from admin.web.pager import page_with
from tracker.plan_draft import DraftMeasure, Mode, Warn
from tracker.plan_import.corrections import MeasureCorrection, StepCorrection, as_typed, retyped
from tracker.plan_import.document import Original, ReadMeasure
from tracker.services.plans.plan_drafts import ReadUpload
from tracker.thai.numerals import to_arabic

PAGE = 20
SHOWN_WARNINGS = 30


@dataclass(frozen=True)
class Card:
    """One measure of the document: ``place`` counts from 0, ``draft`` is None where it is left out."""

    place: int
    original: Original
    draft: DraftMeasure | None
    typed: MeasureCorrection
    warnings: tuple[Warn, ...]
    is_corrected: bool


@dataclass(frozen=True)
class PlacedWarning:
    """A warning and the measure that it is about (None: about the whole document)."""

    warning: Warn
    place: int | None


def cards_of(read: ReadUpload, corrections: Mapping[int, MeasureCorrection]) -> list[Card]:
    cards = []
    for place, (measure, shown) in enumerate(zip(read.as_read.measures, read.measures, strict=True)):
        typed = corrections.get(place) or as_typed(measure.draft)
        draft, warnings = (shown.draft, shown.warnings) if shown else (None, ())
        cards.append(Card(place, measure.original, draft, typed, warnings, place in corrections))
    return cards


def warnings_of(read: ReadUpload) -> list[PlacedWarning]:
    """What is to be looked at: about the document first, then measure by measure."""
    found = [PlacedWarning(warning, None) for warning in read.as_read.warnings]
    for place, measure in enumerate(read.measures):
        found += [PlacedWarning(warning, place) for warning in (measure.warnings if measure else ())]
    return found


def page_of(cards: Sequence[Card], place: int) -> int:
    """The page on which the measure of that place stands."""
    return page_with(next((index for index, card in enumerate(cards) if card.place == place), 0), PAGE)


def typed_correction(read: ReadMeasure) -> MeasureCorrection:
    """What the form of a measure sent; what only differs by spaces is left as it was read."""
    before = as_typed(read.draft)
    sent = request.form
    steps = []
    for place in range(min(sent.get("steps", 0, type=int), 200)):
        was = before.steps[place] if place < len(before.steps) else StepCorrection(None, "")
        name = f"step-{place}-"
        steps.append(
            StepCorrection(
                number=_number(sent.get(f"{name}number", "")),
                text=retyped(was.text, sent.get(f"{name}text", "")),
                responsible=retyped(was.responsible or "", sent.get(f"{name}responsible", "")) or None,
                mode=_mode(sent.get(f"{name}mode", was.mode)),
                period=retyped(was.period or "", sent.get(f"{name}period", "")) or None,
            )
        )
    return MeasureCorrection(
        number=_number(sent.get("number", "")) or before.number,
        title=retyped(before.title, sent.get("title", "")) or before.title,
        details=retyped(before.details, sent.get("details", "")),
        responsible=retyped(before.responsible, sent.get("responsible", "")),
        mode=_mode(sent.get("mode", before.mode)),
        period=retyped(before.period, sent.get("period", "")),
        steps=tuple(steps),
        left_out="left_out" in sent,
    )


def _number(text: str) -> int | None:
    found = re.search(r"[0-9]{1,4}", to_arabic(text))
    return int(found[0]) if found else None


def _mode(text: str) -> Mode:
    return "each" if text == "each" else "jointly"
