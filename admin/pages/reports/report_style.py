"""ปรับสำนวน: what the style rules would make of the report's texts, taken only where the coordinator says so."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.reports.report_texts import typed, views_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now
from admin.web.formatting import number as number_words
from admin.web.identity import actor, agency
from admin.web.language import gettext, ngettext
from admin.web.may import COORDINATOR
from tracker.models import Plan
from tracker.reports.data import RoundNumber
from tracker.reports.style import Rule, styled
from tracker.services.reports import column_texts as texts
from tracker.services.reports.closing import closed_version
from tracker.services.reports.compose import measures_of
from tracker.thai.compare import WordChange, changed_words
from tracker.thai.paragraphs import Paragraphs


@dataclass(frozen=True)
class Suggestion:
    """A text that the rules would change; ``key`` names the text and what would become of it."""

    view: texts.ColumnView
    paragraphs: Paragraphs
    rules: tuple[Rule, ...]

    @property
    def key(self) -> str:
        content = f"{typed(self.view.printed)}\0{typed(self.paragraphs)}"
        return f"{self.view.measure.id}-{self.view.column}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"

    @property
    def difference(self) -> tuple[tuple[WordChange, str], ...]:
        return changed_words(typed(self.view.printed), typed(self.paragraphs))


class ReportStylePage(RoundPage):
    """The style pass of one round."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Style of the texts"), "report_style", "style")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        return self.render(
            "reports/report_style.html",
            plan=plan,
            number=number,
            suggestions=list(_suggestions(plan, number)),
            closed=closed_version(db(), plan, number) is not None,
            rule_name=_rule_name,
        )

    @expose("/", methods=["POST"], may=COORDINATOR)
    def take(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        asked = set(request.form.getlist("take"))
        taken = [one for one in _suggestions(plan, number) if one.key in asked]
        for one in taken:
            texts.take_style(db(), one.view, number, one.paragraphs, by=actor(), at=now())
        if taken:
            count = len(taken)
            words = ngettext("%(n)s text was changed.", "%(n)s texts were changed.", count, n=number_words(count))
            flash(words, "success")
        if len(taken) < len(asked):
            flash(gettext("Some texts changed in the meantime: look at them again."), "error")
        if not asked:
            flash(gettext("Choose the texts to change first."), "error")
        return self.redirect_here(plan, number)


def _suggestions(plan: Plan, number: RoundNumber) -> Iterator[Suggestion]:
    for view in views_of(plan, number, measures_of(db(), plan)):
        found = styled(view.printed, thai_digits=agency().thai_digits)
        if found.rules:
            yield Suggestion(view, found.paragraphs, found.rules)


def _rule_name(rule: Rule) -> str:
    return {
        "starts": gettext("repeated beginnings"),
        "days": gettext("days written out"),
        "digits": gettext("digits of one kind"),
    }[rule]
