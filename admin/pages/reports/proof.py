"""ตรวจถ้อยคำ: what the proof-reader would correct in a round's report, with the way to where it is corrected."""

from collections.abc import Sequence
from itertools import groupby

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.pages.reports.fix_links import fix_link
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now, site
from admin.web.identity import actor
from admin.web.may import COORDINATOR
from tracker.models import Plan
from tracker.proofreading import Suggestion
from tracker.proofreading.document import Kind
from tracker.reports.data import RoundNumber
from tracker.services.assessment import proofreading
from tracker.services.reports.compose import measures_of

_KINDS: dict[Kind, str] = {
    "personal": lazy_gettext("Personal data that strangers would read"),
    "agency_name": lazy_gettext("The agency's name in two spellings"),
    "spelling": lazy_gettext("Likely misspellings"),
    "date_outside": lazy_gettext("Days outside of the round"),
    "no_result": lazy_gettext("Without a result"),
    "outcome_repeats": lazy_gettext("Outcomes that repeat the summary"),
    "pasted": lazy_gettext("The same text twice"),
    "repeats_step": lazy_gettext("Results that repeat their step"),
    "digits": lazy_gettext("Mixed digits"),
    "brackets": lazy_gettext("Brackets and quotes without a partner"),
    "split_am": lazy_gettext("Vowels typed in two pieces"),
    "spaces": lazy_gettext("Double spaces"),
    "no_date": lazy_gettext("Results that name no day"),
}
_COLUMNS = {
    "cover": lazy_gettext("Cover"),
    "title": lazy_gettext("Measure"),
    "steps": lazy_gettext("Steps"),
    "responsible": lazy_gettext("Responsible"),
    "period": lazy_gettext("Period"),
    "summary": lazy_gettext("Summary of action"),
    "outcome": lazy_gettext("Outcome"),
    "annex": lazy_gettext("Annex"),
}
_IN_ONE_LINE: tuple[Kind, ...] = ("personal", "spelling", "agency_name")


class ProofPage(RoundPage):
    """Suggestions only: none keeps the round from being closed."""

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Proof-reading"), "proof", "proof")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        found = proofreading.suggestions_of(db(), plan, number, site().settings.zone)
        measures = {measure.number: measure for measure in measures_of(db(), plan)}
        return self.render(
            "reports/proof.html",
            plan=plan,
            number=number,
            count=len(found),
            groups=_grouped(found),
            kinds=_KINDS,
            column=lambda place: _COLUMNS[place.column],
            fix_link=lambda place: fix_link(plan, number, place, measures),
            known=proofreading.known_words(db(), plan.agency_id),
        )

    @expose("/words", methods=["POST"], may=COORDINATOR)
    def words(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        word = request.form.get("word", "")
        if request.form.get("action") == "check":
            proofreading.check_again(db(), plan.agency_id, word, by=actor(), at=now())
            flash(gettext("“%(word)s” is checked again.", word=word), "success")
        else:
            proofreading.leave_alone(db(), plan.agency_id, word, by=actor(), at=now())
            flash(gettext("“%(word)s” is left alone from now on.", word=word), "success")
        return self.redirect_here(plan, number)


def _grouped(found: Sequence[Suggestion]) -> list[tuple[Kind, list[list[Suggestion]]]]:
    """By kind; within it what says the same of the same words is one line with several places."""
    groups = []
    for kind, of_kind in groupby(found, key=lambda one: one.kind):
        lines: dict[tuple[str, str | None], list[Suggestion]] = {}
        for one in of_kind:
            key = (one.quote, one.proposal) if kind in _IN_ONE_LINE else (str(one.place), one.quote)
            lines.setdefault(key, []).append(one)
        groups.append((kind, list(lines.values())))
    return groups
