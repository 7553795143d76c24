"""เลิกทำการรวมหน่วยงาน: from the notice that tells of the merge."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.identity import actor, viewer
from admin.web.may import COORDINATOR
from tracker.services.organisation import units


class MergeUndoPage(CoordinatorPage):
    """Two units that were made one are two again."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Undo"), endpoint="merge_undo", url="/people/units/undo-merge")

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=["POST"], may=COORDINATOR)
    def undo(self) -> ResponseReturnValue:
        sequence = request.form.get("sequence", 0, type=int)
        unit = units.undo_merge(db(), viewer().agency_id, sequence, by=actor(), at=now())
        flash(gettext("“%(unit)s” is a unit of its own again.", unit=unit.name), "success")
        return redirect(url_for("people.index", _anchor=f"unit-{unit.id}"), 303)
