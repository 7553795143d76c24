"""ข้อความในรายงาน: the six-column page of a round, whose last two columns the coordinator edits where they stand."""

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import select

from admin.pages.reports.desk import CHANGES, desk_cell, desk_measure, slips_of
from admin.pages.reports.report_form import Cell, SentCell, as_fields, asked, sent_cells, shown
from admin.pages.reports.report_texts import names_left_alone, no_such_text, remarks_of, typed, views_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, defers_write_lock, now, site, today
from admin.web.form_recovery import keep_typed, typed_before
from admin.web.formatting import number as number_words
from admin.web.formatting import sentence
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from tracker.errors import ConflictError, TrackerError
from tracker.kinds import RoundState
from tracker.models import Member, Plan, Round
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import to_paragraphs
from tracker.services.assessment import proofreading
from tracker.services.reports import closing
from tracker.services.reports import column_texts as texts
from tracker.services.reports.compose import measures_of, names_of
from tracker.services.reports.text_history import version_counts
from tracker.services.reports.text_saving import settle, stamp, state_of
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.thai.calendar import round_end


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
        verb, name, argument = asked(request.form)
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
        anchor = name if verb != "names" else ""
        return self.redirect_here(plan, number, anchor or next(iter(saved), None))

    def _again(self, plan: Plan, number: RoundNumber, left: Sequence[SentCell], name: str) -> ResponseReturnValue:
        """To an address that shows what could not be saved, also after a reload."""
        token = keep_typed("report_text.save", [field for cell in left for field in as_fields(cell)])
        if token is None:
            return self._page(plan, number, left), 422
        address = url_for(
            "report_text.index", fiscal_year=plan.fiscal_year, number=number, typed=token, _anchor=name or None
        )
        return redirect(address, 303)

    @expose("/look", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def look(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        """What is to be answered in a cell as it is typed, after what its button makes of the text; saves nothing."""
        sent = next(sent_cells(request.form), None)
        measures = [one for one in measures_of(db(), plan) if sent and sent.name.endswith(f"-{one.id}")]
        views = [view for view in views_of(plan, number, measures) if sent and view.name == sent.name]
        if sent is None or not views:
            raise no_such_text()
        names = names_left_alone()
        cell = desk_cell(shown(views, [sent])[0], names)
        verb, _, argument = asked(request.form)
        text = CHANGES[verb](cell, argument) if verb in CHANGES else None
        if text is not None:
            sent = replace(sent, text=typed(text))
            cell = desk_cell(shown(views, [sent])[0], names)
        parts = {"cell": cell, "everywhere": slips_of([cell]), "closed": False}
        return jsonify(
            text=sent.text,
            typed=typed(to_paragraphs(sent.text)),
            marks=len(cell.marks),
            shown=self.render("reports/desk_shown.html", **parts),
            cards=self.render("reports/desk_answers.html", **parts),
        )

    def _page(self, plan: Plan, number: RoundNumber, sent: Sequence[SentCell]) -> str:
        measures, zone = measures_of(db(), plan), site().settings.zone
        views = views_of(plan, number, measures)
        rounds = {one.number: one for one in db().scalars(select(Round).where(Round.plan_id == plan.id))}
        document = proofreading.document_of(db(), plan, number, zone, views)
        remarks, names = remarks_of(document, views), (document.agency, *document.names)
        end = round_end(plan.fiscal_year, number)
        cells = [desk_cell(cell, names, remarks.get(cell.name, ())) for cell in shown(views, sent)]
        desk = [desk_measure(pair, today(), end, zone) for pair in zip(cells[::2], cells[1::2], strict=True)]
        return self.render(
            "reports/report_text.html",
            plan=plan,
            number=number,
            closed=number in rounds and rounds[number].state == RoundState.CLOSED,
            rounds=[(one, rounds.get(one)) for one in (6, 12)],
            names=names_of(db(), plan, number),
            today=today(),
            desk=desk,
            to_answer=sum(one.to_answer for one in desk),
            done=sum(one.done for one in desk),
            whole=sum(one.whole for one in desk),
            unsaved=[cell for cell in cells if cell.cell.is_unsaved],
            to_choose=[cell for cell in cells if cell.cell.two],
            posts=_posts([cell.view for cell in cells if cell.cell.two]),
            everywhere=slips_of(cells),
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
            raise no_such_text()
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
    """Does what the button says: of the round's names, or to the text of the cell beside it as it is saved now."""
    if verb == "names":
        closing.print_names(db(), plan, number, name == "print", by=actor(), at=now())
    if not name or verb == "names":
        return
    views = views_of(plan, number, measures_of(db(), plan))
    view = next((one for one in views if one.name == name), None)
    if view is None:
        raise no_such_text()
    if verb == "tasks":
        texts.use_tasks(db(), view, number, by=actor(), at=now())
        flash(gettext("The text follows the tasks."), "success")
    elif verb in ("keep", "leave"):
        keys = [argument] if verb == "leave" else _asked_facts(argument)
        texts.keep_text(db(), view, number, keys, by=actor(), at=now())
        flash(gettext("The text stays as it is."), "success")
    elif verb == "stand":
        why = request.form.get(f"why-{name}-{argument}", "")
        texts.keep_claim(db(), view, number, argument, why, by=actor(), at=now())
        flash(gettext("The sentence stays, with your reason in the record."), "success")
    elif verb == "ignore":
        proofreading.leave_alone(db(), plan.agency_id, argument, by=actor(), at=now())
        flash(gettext("“%(word)s” is left alone from now on.", word=argument), "success")
    elif verb == "mend-all":
        _changed(number, views, "mend", argument)
    elif verb in CHANGES:
        _changed(number, [view], verb, argument)


def _changed(number: RoundNumber, views: Sequence[texts.ColumnView], verb: str, argument: str) -> None:
    """Does to the saved texts what a button does; ConflictError where none of them has what it was pressed for."""
    names, changed = names_left_alone(), 0
    for view in views:
        cell = desk_cell(Cell(view), names)
        text = CHANGES[verb](cell, argument)
        if text is None:
            continue
        taken = [one.news for one in cell.news if verb == "add-all" or one.news.key == argument]
        texts.take_text(db(), view, number, text, taken, by=actor(), at=now())
        changed += 1
    if not changed:
        raise ConflictError("The text no longer says this; look at it again.", "ข้อความนี้เปลี่ยนไปแล้ว กรุณาดูอีกครั้ง")
    flash(
        ngettext("%(n)s text was corrected.", "%(n)s texts were corrected.", changed, n=number_words(changed)),
        "success",
    )


def _posts(views: Sequence[texts.ColumnView]) -> dict[str, str]:
    """The post of whoever wrote each text, by name, where one is known."""
    writers = {view.text.edited_by for view in views if view.text}
    if not writers:
        return {}
    of_writers = select(Member.name, Member.position).where(
        Member.agency_id == viewer().agency_id, Member.name.in_(writers), Member.position != ""
    )
    return {row.name: row.position for row in db().execute(of_writers)}


def _asked_facts(argument: str) -> list[str] | None:
    """The facts that a button names, with commas between; None for all."""
    return argument.split(",") if argument else None
