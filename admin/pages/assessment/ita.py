"""ตรวจความพร้อม ITA: a round held against the assessment's rules, with the way to what is missing."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now, site, today
from admin.web.formatting import is_thai
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, quoted
from tracker.ita.check import Finding, State
from tracker.ita.pack import Mark, Rule
from tracker.kinds import TaskState
from tracker.models import Plan
from tracker.reports.data import RoundNumber
from tracker.services.assessment import assessment, rule_edits
from tracker.services.assessment.assessment import Readiness

STATES: dict[State, tuple[str, str]] = {
    "passed": ("done", lazy_gettext("complete")),
    "missing": ("late", lazy_gettext("missing")),
    "unknown": ("soon", lazy_gettext("answer yourself")),
}
MARKS: dict[Mark, str] = {
    "V": lazy_gettext("read in a source"),
    "V-unofficial": lazy_gettext("not from an official paper"),
    "M": lazy_gettext("not confirmed by the manual"),
    "inference": lazy_gettext("inferred, not confirmed by the manual"),
    "own": lazy_gettext("of the agency"),
}


class ItaPage(RoundPage):
    """One round before the assessment; executives read, the coordinator answers."""

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Readiness for ITA"), "ita", "ita")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        ready = assessment.readiness(db(), plan, number, site().settings.zone, today())
        return self.render(
            "assessment/ita.html",
            plan=plan,
            number=number,
            ready=ready,
            today=today(),
            states=STATES,
            unsure=sum(finding.rule.mark not in ("V", "own") for finding in ready.findings),
            marks=MARKS,
            fix_link=lambda finding: fix_link(ready, finding),
            wording=rule_words,
        )

    @expose("/answer", methods=["POST"], may=COORDINATOR)
    def answer(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        rule = request.form.get("rule", "")
        if request.form.get("action") == "take_back":
            rule_edits.take_back(db(), plan.agency_id, plan.fiscal_year, rule, by=actor(), at=now())
            flash(gettext("The answer was taken back."), "success")
        else:
            note, stands = request.form.get("note", ""), rule_edits.answer_of(db(), plan, rule)
            changed_fields(
                {"note": note},
                {"note": stands},
                ("rule_answered",),
                lambda _: quoted(gettext("It is fulfilled; it can be seen at"), stands),
            )
            rule_edits.answer(db(), plan.agency_id, plan.fiscal_year, rule, note, by=actor(), at=now())
            flash(gettext("The answer was kept."), "success")
        return self.redirect_here(plan, number, f"rule-{rule}")


def rule_words(rule: Rule) -> str:
    """What the rule asks for, in the reader's language."""
    return rule.text if is_thai() else rule.text_en


def fix_link(ready: Readiness, finding: Finding) -> str | None:
    """The page on which what a finding tells is corrected; None where only an answer helps."""
    asked = ready.plans.get(finding.rule.item)
    if asked is None or finding.where == "answer":
        return None
    plan, number = asked
    first = finding.measures[0] if finding.measures else None
    coordinates = viewer().coordinator
    if finding.where == "people" and coordinates:
        return url_for("people.index")
    if finding.where == "evidence":
        return url_for("all_tasks.index", year=plan.fiscal_year, state=TaskState.DONE, measure=first)
    pages = {"proof": "proof.index", "closing": "closing.index", "publishing": "publishing.index"}
    if coordinates:
        pages["texts"] = "report_text.index"
    if finding.where in pages:
        return url_for(pages[finding.where], fiscal_year=plan.fiscal_year, number=number)
    return url_for("plan.index", year=plan.fiscal_year, _anchor=f"measure-{first}" if first else None)
