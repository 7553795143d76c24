"""What an agency's reports are written with beside their content: the photos of the annex, its own Word template."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError
from tracker.models import Evidence
from tracker.reports.assets import RenderAssets
from tracker.services.reports.report_template import content_of
from tracker.store.storage import EvidenceStore


def report_material(session: Session, agency_id: int, store: EvidenceStore) -> RenderAssets:
    """The agency's photos by their hash, read from disk only when a report shows them, and its template.

    Good after the session's end.
    """
    photos = select(Evidence.sha256, Evidence.stored_name).where(
        Evidence.agency_id == agency_id, Evidence.media_type.startswith("image/"), Evidence.stored_name.is_not(None)
    )
    stored: dict[str | None, str | None] = {row.sha256: row.stored_name for row in session.execute(photos)}

    def file(sha256: str) -> bytes | None:
        try:
            return store.path(stored.get(sha256) or "").read_bytes()
        except NotFoundError:
            return None

    return RenderAssets(file, content_of(session, agency_id, store))
