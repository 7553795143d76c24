"""A unit as a form has it, in the list of people and among the divisions."""

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from admin.web.context import db, now
from admin.web.identity import actor, agency
from admin.web.two_savers import names, quoted, to_keep
from tracker.errors import NotFoundError
from tracker.kinds import UnitKind
from tracker.models import Unit
from tracker.services.organisation import divisions

_KINDS = ("unit_renamed", "unit_moved", "alias_added", "unit_changed", "unit_alias_changed", "units_merged")


def own_unit(unit_id: int) -> Unit:
    """The unit of the own agency; NotFoundError where there is none."""
    of_agency = select(Unit).where(Unit.agency_id == agency().id, Unit.id == unit_id, Unit.kind != UnitKind.GROUP)
    unit = db().scalar(of_agency)
    if unit is None:
        raise NotFoundError("There is no such unit.", "ไม่พบหน่วยงานนี้")
    return unit


def unit_values(unit: Unit) -> dict[str, str]:
    """What the form's fields are shown with."""
    others = ", ".join(alias.name for alias in unit.aliases)
    return {"name": unit.name, "others": others, "under": str(unit.parent_id or "")}


def change_as_sent(unit: Unit) -> None:
    """Changes what this form changes; ConflictError where a colleague did meanwhile, or the name is another unit's."""
    stands = unit_values(unit)
    typed = {name: request.form.get(name, "") for name in stands}
    typed["others"] = typed["others"].replace("·", ",")
    kept = to_keep(typed, stands, _KINDS, lambda field: _said(unit, field), names(unit))
    divisions.change_unit(
        db(),
        unit,
        name=kept["name"],
        others=kept["others"].split(","),
        under=own_unit(int(kept["under"])) if kept["under"].isdecimal() else None,
        by=actor(),
        at=now(),
    )


def _said(unit: Unit, field: str) -> str:
    words = {
        "name": (gettext("Name"), unit.name),
        "others": (gettext("Other names, with commas between them"), unit_values(unit)["others"]),
        "under": (gettext("Belongs to"), unit.parent.name if unit.parent else ""),
    }
    return quoted(*words[field])
