"""กองและงาน: the agency's units on the first day, a usual set at one click, changed in place."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.organisation.unit_form import change_as_sent, own_unit, unit_values
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now
from admin.web.formatting import sentence
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import UnitKind
from tracker.plan_import.parties import party_key
from tracker.services.organisation import divisions
from tracker.services.organisation.unit_sets import SETS
from tracker.thai.agency_kinds import AgencyKind, kind_of

KIND_TITLES = {
    AgencyKind.SUBDISTRICT: lazy_gettext("Subdistrict administration (อบต.)"),
    AgencyKind.MUNICIPALITY: lazy_gettext("Municipality"),
    AgencyKind.SCHOOL: lazy_gettext("School"),
    AgencyKind.HOSPITAL: lazy_gettext("Hospital"),
}


class DivisionsPage(CoordinatorPage):
    """Which units there are: what ทุกส่วนราชการ will mean."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Divisions"), endpoint="divisions", url="/people/divisions")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page()

    @expose("/set", methods=["POST"], may=COORDINATOR)
    def use_set(self) -> ResponseReturnValue:
        """A usual set; where rows were changed, first the question what becomes of them."""
        kind, how = _kind(), request.form.get("how", "")
        if not how and divisions.is_changed(divisions.unit_rows(db(), agency().id)):
            return self._page(asked=kind)
        if how != "keep":
            divisions.apply_set(db(), agency(), kind, "append" if how == "append" else "replace", by=actor(), at=now())
        return redirect(url_for("divisions.index", _anchor="units"))

    @expose("/add", methods=["POST"], may=COORDINATOR)
    def add(self) -> ResponseReturnValue:
        try:
            unit = divisions.add_unit(db(), agency(), request.form.get("name", ""), by=actor(), at=now())
        except NotUnderstoodError as error:
            db().rollback()
            return self._page(problem=sentence(error)), 422
        return _back_to(unit.id if "often" not in request.form else None)

    @expose("/<int:unit_id>", methods=["POST"], may=COORDINATOR)
    def change(self, unit_id: int) -> ResponseReturnValue:
        change_as_sent(own_unit(unit_id))
        return _back_to(unit_id)

    @expose("/<int:unit_id>/place", methods=["POST"], may=COORDINATOR)
    def place(self, unit_id: int) -> ResponseReturnValue:
        """One place up or down; or, dragged, before another one or last."""
        unit, step = own_unit(unit_id), request.form.get("step")
        if step in ("up", "down"):
            divisions.step_unit(db(), unit, -1 if step == "up" else 1)
        else:
            before = request.form.get("before", type=int)
            divisions.place_unit(db(), unit, own_unit(before) if before else None)
        return _back_to(unit_id)

    @expose("/<int:unit_id>/strike", methods=["POST"], may=COORDINATOR)
    def strike(self, unit_id: int) -> ResponseReturnValue:
        """Out, with a way back until she goes on; where tasks or people stand on it, the way to merge it."""
        try:
            divisions.strike_unit(db(), own_unit(unit_id), by=actor(), at=now())
        except ConflictError as error:
            flash(sentence(error), "error")
            db().rollback()
            return redirect(url_for("people.merge_form", unit_id=unit_id))
        return _back_to(unit_id)

    @expose("/<int:unit_id>/take-back", methods=["POST"], may=COORDINATOR)
    def take_back(self, unit_id: int) -> ResponseReturnValue:
        divisions.take_back_unit(db(), own_unit(unit_id), by=actor(), at=now())
        return _back_to(unit_id)

    @expose("/done", methods=["POST"], may=COORDINATOR)
    def done(self) -> ResponseReturnValue:
        """Right so: what was struck out goes, and the people come."""
        divisions.forget_struck(db(), agency().id)
        return redirect(url_for("people_import.index"))

    def _page(self, *, problem: str | None = None, asked: AgencyKind | None = None) -> str:
        rows = divisions.unit_rows(db(), agency().id)
        shown = [row for row in rows if row.unit.active or not row.holds]
        chosen = divisions.chosen_set(agency(), rows)
        named = kind_of(agency().name)
        used = [row.unit for row in rows if row.unit.active]
        names = {key for unit in used for key in (unit.name_key, *(alias.name_key for alias in unit.aliases))}
        often = [unit for unit in SETS[chosen or AgencyKind.SUBDISTRICT].often if party_key(unit.name) not in names]
        tops = [unit for unit in used if unit.kind is UnitKind.DIVISION and unit.parent_id is None]
        return self.render(
            "organisation/divisions.html",
            rows=shown,
            tops=tops,
            works=[unit for unit in used if unit.kind is not UnitKind.DIVISION and unit.kind is not UnitKind.COMMITTEE],
            sets=SETS,
            titles=KIND_TITLES,
            chosen=chosen,
            named=named,
            often=often,
            problem=problem,
            unit_values=unit_values,
            asked=asked,
        )


def _kind() -> AgencyKind:
    try:
        return AgencyKind(request.form.get("kind", ""))
    except ValueError:
        raise NotUnderstoodError("Choose one of the sets.", "กรุณาเลือกชุดหน่วยงาน") from None


def _back_to(unit_id: int | None) -> ResponseReturnValue:
    return redirect(url_for("divisions.index", _anchor=f"unit-{unit_id}" if unit_id else "add"))
