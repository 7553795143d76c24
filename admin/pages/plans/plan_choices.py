"""What the one form of an import's preview sends: decisions about parties, measures as retyped, options.

Only what differs from what the form was shown with is taken: a page left open elsewhere takes nothing back.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.pages.plans.plan_upload import years
from admin.web.formatting import sentence
from tracker.errors import NotUnderstoodError
from tracker.plan_draft import Mode
from tracker.plan_import.corrections import MeasureCorrection, StepCorrection, as_typed, retyped
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.services.plans import plan_drafts, plan_parties
from tracker.services.plans.uploads import Upload
from tracker.thai.numerals import to_arabic

OTHER = "other"
"""The answer that stands in the list beside the buttons."""
_MOST_PARTIES = 2_000
_MOST_STEPS = 200

Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Taken:
    """The upload with what a form sent, and what of it could not be taken: a sentence each."""

    upload: Upload
    problems: tuple[str, ...]


def taken(session: Session, upload: Upload, read: ReadDocument, sent: Sent) -> Taken:
    """``read`` is the document as it was read, without corrections."""
    problems: list[str] = []
    for party, decision in _decisions(upload, sent):
        try:
            upload = plan_parties.decide(session, upload, party, decision)
        except NotUnderstoodError as error:
            problems.append(sentence(error))
    for place in _places(sent, len(read.measures)):
        upload = _with_measure(upload, place, read.measures[place], sent)
    return Taken(_with_options(upload, sent), tuple(problems))


def shown_as(correction: MeasureCorrection) -> str:
    """What tells a measure in its form from another state of it."""
    text = json.dumps(correction.as_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _decisions(upload: Upload, sent: Sent) -> list[tuple[str, str]]:
    found = []
    for place in range(_MOST_PARTIES):
        party = sent.get(f"party-{place}")
        if party is None:
            break
        shown = sent.get(f"was-{place}", "")
        decision = _answer(sent.get(f"is-{place}", ""), sent.get(f"other-{place}", ""), shown)
        if decision != shown or (decision and f"own-{place}" not in sent and party not in upload.units):
            found.append((party, decision))
    return found


def _answer(button: str, listed: str, shown: str) -> str:
    """A button and the list beside it are one question: whichever of them was changed is the answer."""
    if button in ("", OTHER) or (button == shown and listed):
        return listed or ("" if button == OTHER else button)
    return button


def _places(sent: Sent, count: int) -> list[int]:
    places = {int(text) for text in sent.get("cards", "").split(",") if text.isdecimal()}
    return sorted(place for place in places if place < count)


def _with_measure(upload: Upload, place: int, measure: ReadMeasure, sent: Sent) -> Upload:
    typed = typed_correction(measure, sent, f"m{place}-")
    if sent.get("do") == f"as_read {place}":
        return plan_drafts.with_correction(upload, place, None)
    if shown_as(typed) == sent.get(f"m{place}-was"):
        return upload
    plain = as_plain(as_typed(measure.draft))
    return plan_drafts.with_correction(upload, place, None if typed == plain else typed)


def _with_options(upload: Upload, sent: Sent) -> Upload:
    year = sent.get("fiscal_year", upload.fiscal_year, type=int)
    if year != upload.fiscal_year and year in years():
        upload = replace(upload, fiscal_year=year, shift_from=0, keep_years=False)
    return replace(upload, completed="completed" in sent) if "options" in sent else upload


def typed_correction(read: ReadMeasure, sent: Sent, prefix: str) -> MeasureCorrection:
    """What the form of a measure sent; what only differs by spaces is left as it was read."""
    before = as_typed(read.draft)
    steps = []
    for place in range(min(sent.get(f"{prefix}steps", 0, type=int), _MOST_STEPS)):
        was = before.steps[place] if place < len(before.steps) else StepCorrection(None, "")
        name = f"{prefix}step-{place}-"
        steps.append(
            StepCorrection(
                number=_number(sent.get(f"{name}number", "")),
                text=retyped(was.text, sent.get(f"{name}text", "")),
                responsible=retyped(was.responsible or "", sent.get(f"{name}responsible", "")) or None,
                mode=_mode(sent.get(f"{name}mode", was.mode)),
                period=retyped(was.period or "", sent.get(f"{name}period", "")) or None,
            )
        )
    return as_plain(
        MeasureCorrection(
            number=_number(sent.get(f"{prefix}number", "")) or before.number,
            title=retyped(before.title, sent.get(f"{prefix}title", "")) or before.title,
            details=retyped(before.details, sent.get(f"{prefix}details", "")),
            responsible=retyped(before.responsible, sent.get(f"{prefix}responsible", "")),
            mode=_mode(sent.get(f"{prefix}mode", before.mode)),
            period=retyped(before.period, sent.get(f"{prefix}period", "")),
            steps=tuple(steps),
            left_out=f"{prefix}left_out" in sent,
        )
    )


def as_plain(correction: MeasureCorrection) -> MeasureCorrection:
    """The correction as a form can say it: no empty cell that is not None, no empty steps at its end."""
    steps = [
        replace(step, responsible=step.responsible or None, period=step.period or None) for step in correction.steps
    ]
    while steps and not steps[-1].text:
        steps.pop()
    return replace(correction, steps=tuple(steps))


def _number(text: str) -> int | None:
    found = re.search(r"[0-9]{1,4}", to_arabic(text))
    return int(found[0]) if found else None


def _mode(text: str) -> Mode:
    return "each" if text == "each" else "jointly"
