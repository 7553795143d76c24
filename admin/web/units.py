"""The agency's units, for the choices of forms."""

from sqlalchemy import select

from admin.web.context import db
from tracker.kinds import UnitKind
from tracker.models import Unit


def units_of(agency_id: int, *, groups: bool = False) -> list[Unit]:
    """The agency's active units in its own order; with ``groups`` also those that stand for several of them."""
    query = select(Unit).where(Unit.agency_id == agency_id, Unit.active).order_by(Unit.position, Unit.id)
    return list(db().scalars(query if groups else query.where(Unit.kind != UnitKind.GROUP)))
