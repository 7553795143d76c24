"""ข้อความในรายงาน: the last two columns of each measure beside the tasks they come from, for the coordinator to edit."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.pages.reports.report_form import SentCell, as_fields, sent_cells, shown
from admin.pages.reports.report_texts import views_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now
from admin.web.form_recovery import keep_typed, typed_before
from admin.web.formatting import day, sentence
from admin.web.formatting import number as number_words
from admin.web.identity import actor
from admin.web.may import COORDINATOR
from tracker.errors import NotFoundError, TrackerError
from tracker.kinds import RoundState
from tracker.models import Plan, Task
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import SourcedParagraph
from tracker.services.reports import column_texts as texts
from tracker.services.reports.closing import round_of
from tracker.services.reports.compose import measures_of
from tracker.services.reports.text_history import version_counts
from tracker.services.reports.text_saving import settle, stamp, state_of
from tracker.services.tasks.progress import LONGEST_TEXT


@dataclass(frozen=True)
class SourceLink:
    """A task under a text, in few words."""

    task: Task
    words: str


class ReportTextPage(RoundPage):
    """The editor of one round's texts: one form, one button, however many cells were changed."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Text of the report"), "report_text", "edit")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        before = typed_before("report_text.save")
        return self._page(plan, number, list(sent_cells(before)) if before else [])

    @expose("/", methods=["POST"], may=COORDINATOR)
    def save(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        sent = list(sent_cells(request.form))
        verb, name, argument = [*request.form.get("do", "").split(" "), "", "", ""][:3]
        try:
            saved, left = _saved(plan, number, sent)
            if name not in {cell.name for cell in left}:
                _done(plan, number, verb, name, argument)
        except TrackerError as error:
            if not sent:
                raise
            db().rollback()
            flash(sentence(error), "error")
            return self._again(plan, number, sent, name)
        if saved:
            count = len(saved)
            words = ngettext("%(n)s text was saved.", "%(n)s texts were saved.", count, n=number_words(count))
            flash(words, "success")
        if left:
            return self._again(plan, number, left, left[0].name)
        return self.redirect_here(plan, number, name or next(iter(saved), None))

    def _again(self, plan: Plan, number: RoundNumber, left: Sequence[SentCell], name: str) -> ResponseReturnValue:
        """To an address that shows what could not be saved, also after a reload."""
        token = keep_typed("report_text.save", [field for cell in left for field in as_fields(cell)])
        if token is None:
            return self._page(plan, number, left), 422
        address = url_for(
            "report_text.index", fiscal_year=plan.fiscal_year, number=number, typed=token, _anchor=name or None
        )
        return redirect(address, 303)

    def _page(self, plan: Plan, number: RoundNumber, sent: Sequence[SentCell]) -> str:
        measures = measures_of(db(), plan)
        views = views_of(plan, number, measures)
        cells = shown(views, sent)
        closed = round_of(db(), plan, number)
        return self.render(
            "reports/report_text.html",
            plan=plan,
            number=number,
            closed=closed is not None and closed.state == RoundState.CLOSED,
            measures=list(zip(cells[::2], cells[1::2], strict=True)),
            drifted=[view for view in views if view.drifted],
            beyond=[view for view in views if view.claims],
            unsaved=[cell for cell in cells if cell.is_unsaved],
            to_choose=[cell for cell in cells if cell.two],
            sources=_sources,
            missing=_missing,
            shown=_shown,
            longest=LONGEST_TEXT,
            counts=version_counts(db(), measures, number),
        )


def _saved(plan: Plan, number: RoundNumber, sent: Sequence[SentCell]) -> tuple[list[str], list[SentCell]]:
    """Saves what can be saved; gives the names of those cells, and the cells that wait for an answer."""
    views = {view.name: view for view in views_of(plan, number, measures_of(db(), plan))}
    saved: list[str] = []
    left = []
    for cell in sent:
        view = views.get(cell.name)
        if view is None:
            raise NotFoundError("There is no such text in this report.", "ไม่พบข้อความนี้ในรายงาน")
        state = state_of(view, cell.own, cell.seen)
        if cell.is_too_long:
            left.append(cell)
        elif cell.mine is not None and cell.choice and cell.seen == stamp(view):
            settle(
                db(), view, number, cell.mine, cell.choice, cell.text, seen=cell.facts, by=actor(), at=now()
            )  # fmt: skip
            saved.append(cell.name)
        elif state == "changed":
            texts.edit_text(db(), view, number, cell.own, seen=cell.facts, by=actor(), at=now())
            saved.append(cell.name)
        elif state == "saved_meanwhile":
            left.append(cell)
    db().flush()
    return saved, left


def _done(plan: Plan, number: RoundNumber, verb: str, name: str, argument: str) -> None:
    """Does what the button beside a cell says, to its text as it is saved now."""
    if not name:
        return
    views = views_of(plan, number, measures_of(db(), plan))
    view = next((one for one in views if one.name == name), None)
    if view is None:
        raise NotFoundError("There is no such text in this report.", "ไม่พบข้อความนี้ในรายงาน")
    if verb == "tasks":
        texts.use_tasks(db(), view, number, by=actor(), at=now())
        flash(gettext("The text follows the tasks."), "success")
    elif verb == "add":
        texts.take_news(db(), view, number, argument, by=actor(), at=now())
        flash(gettext("The sentence was added to the text."), "success")
    elif verb in ("keep", "leave"):
        keys = [argument] if verb == "leave" else _asked_facts(argument)
        texts.keep_text(db(), view, number, keys, by=actor(), at=now())
        flash(gettext("The text stays as it is."), "success")


def _asked_facts(argument: str) -> list[str] | None:
    """The facts that a button names, with commas between; None for all."""
    return argument.split(",") if argument else None


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
