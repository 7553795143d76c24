"""เลิกทำการแก้แผน: the last press of the editor's button, taken back from the notice that says what it did."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import select

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.formatting import number
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from admin.web.request_numbers import instant
from tracker.errors import NotUnderstoodError
from tracker.models import Measure, Plan
from tracker.services.access import plans_of
from tracker.services.plans.edit_undo import undo_edits
from tracker.services.tasks import bulk


class EditUndoPage(CoordinatorPage):
    """Cells, rows, order and due days that one press changed, as they were before."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Undo"), endpoint="edit_undo", url="/plan/undo-edits")

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=["POST"], may=COORDINATOR)
    def undo(self) -> ResponseReturnValue:
        try:
            edited_at = instant(request.form.get("edited_at", ""))
        except ValueError:
            raise NotUnderstoodError("There is nothing to undo.", "ไม่มีรายการให้ยกเลิก") from None
        days = bulk.undo(db(), viewer(), edited_at, by=actor(), at=now())
        rows = undo_edits(db(), viewer().agency_id, edited_at, by=actor(), at=now())
        back, touched = rows.back + days.back, rows.touched + days.touched
        if back:
            words = ngettext("%(n)s change was taken back.", "%(n)s changes were taken back.", back, n=number(back))
        else:
            words = gettext("There is nothing left to undo.")
        if touched:
            words += " " + ngettext(
                "%(n)s other stays: it was changed again since.",
                "%(n)s others stay: they were changed again since.",
                touched,
                n=number(touched),
            )
        flash(words, "success" if back else "warning")
        return redirect(_page(), 303)


def said_with_undo(words: str) -> None:
    """Tells what was changed just now, with the button that takes it back."""
    flash(words, f"undo-edits:{now().isoformat()}")


def _page() -> str:
    """The measure that was being edited, where it is still in the plan; else the plan."""
    plans = plans_of(viewer()).with_only_columns(Plan.id)
    came_from = request.form.get("measure", type=int)
    of_agency = select(Measure.id).where(Measure.plan_id.in_(plans), ~Measure.retired)
    measure_id = db().scalar(of_agency.where(Measure.id == came_from))
    return url_for("plan_edit.index", measure_id=measure_id) if measure_id else url_for("plan.index")
