"""The end of each agency's record as a digest is written, for the digest to carry (docs/rules.md, "The record")."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from tracker.models import Agency, Event
from tracker.store.witness import Head

_LAST = select(func.max(Event.sequence)).where(Event.agency_id == Agency.id).correlate(Agency).scalar_subquery()
_ENDS = (
    select(Event.agency_id, Event.sequence, Event.hash, Event.at)
    .join(Agency, Agency.id == Event.agency_id)
    .where(Agency.id.in_(bindparam("agencies", expanding=True)), Event.sequence == _LAST)
)


def read_heads(session: Session, agencies: Collection[int]) -> dict[int, Head]:
    """The heads by agency, none where nothing is recorded; one look into the index an agency."""
    ends = session.execute(_ENDS, {"agencies": list(agencies)})
    return {agency: Head(sequence, hash_, at) for agency, sequence, hash_, at in ends}
