"""Evidence files: always an attachment, never shown in our origin, only to those who see the task."""

from flask import Response, send_file
from flask_login import login_required

from admin.context import db, site
from admin.people import viewer
from tracker.errors import NotFoundError
from tracker.models import Evidence
from tracker.services.access import evidence_of


@login_required
def download(evidence_id: int) -> Response:
    """The file under its own name."""
    piece = db().scalar(evidence_of(viewer()).where(Evidence.id == evidence_id))
    if piece is None or piece.stored_name is None:
        raise NotFoundError("There is no such file, or it is not yours to see.", "ไม่พบไฟล์นี้ หรือไฟล์นี้ไม่ใช่ของหน่วยงานท่าน")
    response = send_file(
        site().evidence.path(piece.stored_name),
        mimetype=piece.media_type,
        as_attachment=True,
        download_name=piece.original_name,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
