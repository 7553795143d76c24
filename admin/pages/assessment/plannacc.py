"""ตาราง e-PlanNACC: what the national form asks beyond the report, and the sheet that it is filled in from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.pages.reports.report_files import attachment
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now, site
from admin.web.formatting import digits, sentence, yes_or_no
from admin.web.identity import actor
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, quoted
from tracker.errors import NotUnderstoodError
from tracker.memos.money import as_baht, parse_baht
from tracker.memos.plannacc import DIMENSIONS, STATUS_WORDS, WORKS, SheetRow, render
from tracker.models import Plan
from tracker.reports import FORMATS
from tracker.reports.data import RoundNumber
from tracker.services.assessment import budgets
from tracker.services.assessment.budgets import BudgetEntry
from tracker.services.reports.compose import measures_of

_MONEY = ("planned", "ordinance", "disbursed")
_FIELDS = ("work", "dimension", "in_ordinance", *_MONEY, "remarks")


@dataclass(frozen=True)
class Line:
    """A measure on the page: its row of the sheet, what was typed or kept, and what could not be read."""

    measure_id: int
    row: SheetRow
    entry: BudgetEntry
    typed: Mapping[str, str]
    errors: Mapping[str, str]


class PlanNaccPage(RoundPage):
    """One round's measures in the order of the form."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Sheet for e-PlanNACC"), "plannacc", "plannacc")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        return self._page(plan, number, {}, {})

    @expose("/", methods=["POST"], may=COORDINATOR)
    def save(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        entries, errors = _typed(plan, number)
        if errors:
            return self._page(plan, number, entries, errors), 422
        entries = _settled(plan, number, entries)
        budgets.keep_entries(db(), plan, number, entries, by=actor(), at=now())
        flash(gettext("The entries were saved."), "success")
        return self.redirect_here(plan, number)

    @expose("/sheet.xlsx")
    def sheet(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        content = render(budgets.sheet_of(db(), plan, number, site().settings.zone))
        return attachment(content, f"e-plannacc-{plan.fiscal_year}-{number}.xlsx", FORMATS["xlsx"].content_type)

    def _page(
        self,
        plan: Plan,
        number: RoundNumber,
        entries: Mapping[int, BudgetEntry],
        errors: Mapping[int, Mapping[str, str]],
    ) -> str:
        sheet = budgets.sheet_of(db(), plan, number, site().settings.zone)
        kept = {**budgets.entries_of(db(), plan, number), **entries}
        lines = [
            _line(measure.id, row, kept.get(measure.id, BudgetEntry()), errors.get(measure.id, {}))
            for measure, row in zip(measures_of(db(), plan), sheet.rows, strict=True)
        ]
        return self.render(
            "assessment/plannacc.html",
            plan=plan,
            number=number,
            lines=lines,
            stands=_values(budgets.entries_of(db(), plan, number), [line.measure_id for line in lines]),
            totals=[as_baht(amount) or "–" for amount in sheet.totals],
            works=WORKS,
            dimensions=DIMENSIONS,
            statuses=STATUS_WORDS,
        )


def _line(measure_id: int, row: SheetRow, entry: BudgetEntry, errors: Mapping[str, str]) -> Line:
    typed = {name: as_baht(getattr(entry, name)) for name in _MONEY}
    typed |= {name: request.form.get(f"{name}-{measure_id}", "") for name in errors}
    return Line(measure_id, row, entry, typed, errors)


def _settled(plan: Plan, number: RoundNumber, typed: Mapping[int, BudgetEntry]) -> dict[int, BudgetEntry]:
    """The entries to keep: what was typed, and what stands now in fields that were left alone."""
    kept = budgets.entries_of(db(), plan, number)
    stands = _values(kept, typed)
    numbers = {measure.id: measure.number for measure in measures_of(db(), plan)}

    def said(name: str) -> str:
        field, _, measure_id = name.partition("-")
        words = gettext("measure %(n)s: %(field)s", n=digits(numbers[int(measure_id)]), field=_words()[field])
        return quoted(words, _choice(field, stands[name]))

    mine = changed_fields(_values(typed, typed), stands, ("budget_entered",), said)
    found = {}
    for measure_id, entry in typed.items():
        own = {field: getattr(entry, field) for field in _FIELDS if f"{field}-{measure_id}" in mine}
        found[measure_id] = replace(kept.get(measure_id, BudgetEntry()), **own)
    return found


def _values(entries: Mapping[int, BudgetEntry], measures: Iterable[int]) -> dict[str, str]:
    """The fields of these measures as one text each, under their names in the form."""
    values = {}
    for measure_id in measures:
        entry = entries.get(measure_id, BudgetEntry())
        for field in _FIELDS:
            value = getattr(entry, field)
            values[f"{field}-{measure_id}"] = as_baht(value) if field in _MONEY else str(value or "")
    return values


def _choice(field: str, value: str) -> str:
    """What stands in a field, in the words of its choice."""
    if field == "dimension":
        return DIMENSIONS[int(value)] if value else ""
    return yes_or_no(bool(value)) if field == "in_ordinance" else WORKS[value] if field == "work" else value


def _words() -> dict[str, str]:
    return {
        "work": gettext("Kind of work"),
        "dimension": gettext("Dimension of the plan"),
        "in_ordinance": gettext("In the ordinance or the plan of operation"),
        "planned": gettext("Budget by the local development plan"),
        "ordinance": gettext("Budget by the ordinance"),
        "disbursed": gettext("Disbursed by the end of the round"),
        "remarks": gettext("Remarks"),
    }


def _typed(plan: Plan, number: RoundNumber) -> tuple[dict[int, BudgetEntry], dict[int, dict[str, str]]]:
    """What the form sent, by measure, and the amounts that could not be read."""
    kept = budgets.entries_of(db(), plan, number)
    entries: dict[int, BudgetEntry] = {}
    errors: dict[int, dict[str, str]] = {}
    for measure in measures_of(db(), plan):
        if f"work-{measure.id}" not in request.form:
            continue
        entry = replace(
            kept.get(measure.id, BudgetEntry()),
            work=request.form[f"work-{measure.id}"],
            dimension=request.form.get(f"dimension-{measure.id}", type=int),
            in_ordinance=f"in_ordinance-{measure.id}" in request.form,
            remarks=request.form.get(f"remarks-{measure.id}", "").replace("\r\n", "\n").strip(),
        )
        amounts: dict[str, Any] = {}
        for name in _MONEY:
            try:
                amounts[name] = parse_baht(request.form.get(f"{name}-{measure.id}", ""))
            except NotUnderstoodError as error:
                errors.setdefault(measure.id, {})[name] = sentence(error)
        entries[measure.id] = replace(entry, **amounts)
    return entries, errors
