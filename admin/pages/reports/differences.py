"""Differences between two versions of a report, as rows that people read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from admin.web.formatting import day, digits, number
from admin.web.labels import role_name, state_name
from admin.web.language import gettext
from tracker.services.reports.differences import Difference

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Row:
    """One cell that differs: where it stands, what it is called, what it held and holds ("": nothing)."""

    where: str
    cell: str
    before: str
    after: str
    task_id: int | None


def rows(differences: Iterable[Difference]) -> list[Row]:
    """The differences in the reader's words."""
    return [
        Row(_where(one), cell_name(one.cell), _value(one, one.before), _value(one, one.after), one.task_id)
        for one in differences
    ]


def cell_name(cell: str) -> str:
    """What a cell of a report, a task or the people is called."""
    names = {
        "agency": gettext("Agency"),
        "place": gettext("District and province"),
        "signers": gettext("Who signs"),
        "measure": gettext("Measure"),
        "title": gettext("Title of the measure"),
        "details": gettext("Details"),
        "responsible": gettext("Responsible"),
        "period": gettext("Period"),
        "step": gettext("Step"),
        "summary": gettext("Summary of action"),
        "outcome": gettext("Outcome"),
        "progress": gettext("Tasks done"),
        "task": gettext("Task"),
        "step_text": gettext("Text of the step"),
        "units": gettext("Units"),
        "scheduled_on": gettext("Day by the plan"),
        "due_on": gettext("Due date"),
        "state": gettext("State"),
        "done_on": gettext("Day it was done"),
        "result": gettext("What was done"),
        "reason": gettext("Reason"),
        "notes": gettext("Progress notes"),
        "evidence": gettext("Evidence"),
    }
    return names.get(cell) or role_name(cell)


def _where(one: Difference) -> str:
    parts = []
    if one.measure is not None:
        parts.append(gettext("Measure %(n)s", n=number(one.measure)))
    if one.step is not None:
        parts.append(gettext("step %(n)s", n=number(one.step)))
    parts += [day(date.fromisoformat(part), "short") if _DAY.fullmatch(part) else part for part in one.place]
    return " · ".join(parts)


def _value(one: Difference, value: str | None) -> str:
    if value is None:
        return ""
    if one.cell == "state":
        return state_name(value)
    if one.cell == "progress":
        done, _, total = value.partition("/")
        return gettext("%(n)s of %(all)s", n=digits(done), all=digits(total))
    return day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
