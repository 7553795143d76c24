"""ข้อความในรายงาน: the last two columns of each measure beside the tasks they come from, for the coordinator to edit."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.pages.reports.report_texts import view_of, views_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now
from admin.web.formatting import day
from admin.web.identity import actor
from admin.web.may import COORDINATOR
from tracker.errors import NotUnderstoodError
from tracker.kinds import RoundState
from tracker.models import Plan, Task
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import SourcedParagraph
from tracker.services.reports import column_texts as texts
from tracker.services.reports.closing import round_of
from tracker.services.reports.compose import measures_of
from tracker.services.reports.text_history import version_counts
from tracker.services.tasks.progress import LONGEST_TEXT


@dataclass(frozen=True)
class SourceLink:
    """A task under a text, in few words."""

    task: Task
    words: str


class ReportTextPage(RoundPage):
    """The roll-up editor of one round."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Text of the report"), "report_text", "edit")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        return self._page(plan, number)

    @expose("/<int:measure_id>/<column>", methods=["POST"], may=COORDINATOR)
    def save(self, plan: Plan, number: RoundNumber, measure_id: int, column: str) -> ResponseReturnValue:
        view = view_of(plan, number, measure_id, column)
        action, typed, keys = request.form.get("action"), request.form.get("text", ""), request.form.get("facts")
        if action == "tasks":
            texts.use_tasks(db(), view, number, by=actor(), at=now())
            flash(gettext("The text follows the tasks."), "success")
        elif action == "keep":
            texts.keep_text(db(), view, number, None if keys is None else keys.split(), by=actor(), at=now())
            flash(gettext("The text stays as it is."), "success")
        elif len(typed) > LONGEST_TEXT:
            raise NotUnderstoodError(
                f"The text is longer than {LONGEST_TEXT} characters; shorten it.",
                f"ข้อความยาวเกิน {LONGEST_TEXT} ตัวอักษร กรุณาย่อ",
            )
        else:
            seen = None if keys is None else keys.split()
            texts.edit_text(db(), view, number, typed, seen=seen, by=actor(), at=now())
            flash(gettext("The text was saved."), "success")
        return self._back(plan, number, view)

    @expose("/<int:measure_id>/<column>/news/add", methods=["POST"], may=COORDINATOR)
    def add_news(self, plan: Plan, number: RoundNumber, measure_id: int, column: str) -> ResponseReturnValue:
        view = view_of(plan, number, measure_id, column)
        texts.take_news(db(), view, number, request.form.get("fact", ""), by=actor(), at=now())
        flash(gettext("The sentence was added to the text."), "success")
        return self._back(plan, number, view)

    @expose("/<int:measure_id>/<column>/news/leave", methods=["POST"], may=COORDINATOR)
    def leave_news(self, plan: Plan, number: RoundNumber, measure_id: int, column: str) -> ResponseReturnValue:
        view = view_of(plan, number, measure_id, column)
        texts.keep_text(db(), view, number, [request.form.get("fact", "")], by=actor(), at=now())
        flash(gettext("The text stays as it is."), "success")
        return self._back(plan, number, view)

    def _back(self, plan: Plan, number: RoundNumber, view: texts.ColumnView) -> ResponseReturnValue:
        """To the text on the page."""
        return self.redirect_here(plan, number, f"{view.column}-{view.measure.id}")

    def _page(self, plan: Plan, number: RoundNumber) -> str:
        measures = measures_of(db(), plan)
        views = views_of(plan, number, measures)
        closed = round_of(db(), plan, number)
        return self.render(
            "reports/report_text.html",
            plan=plan,
            number=number,
            closed=closed is not None and closed.state == RoundState.CLOSED,
            measures=list(zip(views[::2], views[1::2], strict=True)),
            drifted=[view for view in views if view.drifted],
            beyond=[view for view in views if view.claims],
            sources=_sources,
            missing=_missing,
            shown=_shown,
            counts=version_counts(db(), measures, number),
        )


def _sources(view: texts.ColumnView, task_ids: Sequence[int]) -> list[SourceLink]:
    """The tasks that a paragraph came from, as links name them."""
    return [SourceLink(task, _words(task)) for task in (view.tasks[task_id] for task_id in task_ids)]


def _missing(view: texts.ColumnView) -> list[SourceLink]:
    """The tasks of the round that nobody ticked."""
    return _sources(view, [one.task_id for one in view.composed.missing])


def _words(task: Task) -> str:
    units = ", ".join(unit.name for unit in task.units)
    return f"{units} · {day(task.scheduled_on, 'short')}" if task.scheduled_on else units


def _shown(sourced: SourcedParagraph) -> str:
    return sourced.paragraph.typed(thai_digits=False)
