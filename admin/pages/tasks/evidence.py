"""Evidence files: always an attachment, never shown in our origin, only to those who see the task.

What is shown is the small picture of a photo, which we drew ourselves.
"""

from flask import Response, send_file

from admin.web.context import db, site
from admin.web.identity import viewer
from admin.web.may import MEMBER, may
from tracker.errors import NotFoundError
from tracker.models import Evidence
from tracker.services.access import evidence_of
from tracker.store import photos

SHOWN_FOR = "private, max-age=86400, immutable"
"""A thumbnail never changes; only the browser of who may see it keeps it."""


@may(MEMBER)
def download(evidence_id: int) -> Response:
    """The file under its own name."""
    piece, stored_name = _visible(evidence_id)
    return _sandboxed(
        send_file(
            site().evidence.path(stored_name),
            mimetype=piece.media_type,
            as_attachment=True,
            download_name=piece.original_name,
            conditional=False,
        )
    )


@may(MEMBER)
def thumbnail(evidence_id: int) -> Response:
    """The small picture of a photo; 404 for any other file."""
    piece, stored_name = _visible(evidence_id)
    if not piece.is_photo:
        raise _no_such_file()
    response = send_file(site().evidence.thumbnail(stored_name), mimetype=photos.MEDIA_TYPE, conditional=False)
    response.headers["Cache-Control"] = SHOWN_FOR
    return _sandboxed(response)


def _visible(evidence_id: int) -> tuple[Evidence, str]:
    piece = db().scalar(evidence_of(viewer()).where(Evidence.id == evidence_id))
    if piece is None or piece.stored_name is None:
        raise _no_such_file()
    return piece, piece.stored_name


def _no_such_file() -> NotFoundError:
    return NotFoundError("There is no such file, or it is not yours to see.", "ไม่พบไฟล์นี้ หรือไฟล์นี้ไม่ใช่ของหน่วยงานท่าน")


def _sandboxed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response
