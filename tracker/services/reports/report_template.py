"""The agency's own Word template: tried before it is kept, one at a time, every change recorded."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import ReportTemplate
from tracker.services.audit import Actor, record
from tracker.store.storage import EvidenceStore


def template_of(session: Session, agency_id: int) -> ReportTemplate | None:
    """The agency's template; None where its reports are set in the standard form."""
    return session.get(ReportTemplate, agency_id)


def keep_template(
    session: Session, agency_id: int, content: bytes, name: str, stored_name: str, *, by: Actor, at: datetime
) -> str | None:
    """Takes a template that was tried and stored; gives the stored name of the one it replaces, to be forgotten."""
    old = template_of(session, agency_id)
    replaced = old.stored_name if old else None
    kept = old or ReportTemplate(agency_id=agency_id)
    kept.original_name, kept.stored_name, kept.size = name[-300:], stored_name, len(content)
    kept.sha256, kept.kept_at, kept.kept_by = hashlib.sha256(content).hexdigest(), at, by.name
    session.add(kept)
    record(session, agency_id, "report_template_kept", by, at, name=kept.original_name, sha256=kept.sha256)
    return replaced


def remove_template(session: Session, agency_id: int, *, by: Actor, at: datetime) -> str | None:
    """Goes back to the standard form; gives the stored name to be forgotten, None where there was no template."""
    kept = template_of(session, agency_id)
    if kept is None:
        return None
    session.delete(kept)
    record(session, agency_id, "report_template_removed", by, at, name=kept.original_name, sha256=kept.sha256)
    return kept.stored_name


def content_of(session: Session, agency_id: int, store: EvidenceStore) -> bytes | None:
    """The template's bytes."""
    kept = template_of(session, agency_id)
    return store.path(kept.stored_name).read_bytes() if kept else None
