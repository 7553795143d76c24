"""What a page shows where a colleague's report came first: theirs, mine, and what each answer would make of both."""

from datetime import timedelta
from typing import Any

from admin.pages.tasks.task_forms import TickForm
from admin.web.context import now
from admin.web.formatting import number
from admin.web.language import gettext, ngettext
from tracker.models import Completion, Task
from tracker.reminders.posts import post_of
from tracker.services.tasks.second_report import says_the_same, together


def values_of(task: Task, first: Completion, form: TickForm) -> dict[str, Any]:
    """Both reports, and the two texts brought together with what of it is mine."""
    return {
        "task": task,
        "first": first,
        "who": post_of(first.entered_by) if first.entered_by else gettext("A colleague"),
        "span": _span(max(now() - first.entered_at, timedelta())),
        "form": form,
        "result": together(first.result, form.result.data),
        "outcome": together(first.outcome, form.outcome.data),
        "pieces": len(form.evidence),
    }


def adds_nothing(first: Completion, form: TickForm) -> bool:
    """Whether there is nothing to choose: the colleague wrote the same."""
    return says_the_same(first, form.result.data or "", form.outcome.data, form.evidence)


def _span(passed: timedelta) -> str:
    minutes = max(1, int(passed.total_seconds()) // 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes, n=number(minutes))
    if minutes < 24 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60, n=number(minutes // 60))
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days, n=number(days))
