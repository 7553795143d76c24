"""What was typed into a form that came after its sign-in, or its token, had ended: kept for a day and shown again.

A form of these pages that is refused before anybody reads it leads to the same page, filled in, by way of the sign-in
where that has ended. Files are not kept: whoever sent them has not been let in yet.
"""

import json
import re
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from admin.web.context import now, site
from admin.web.limits import limiter
from tracker.services.upkeep.cleanup import WORDS_KEPT

FORMS = {
    "tasks.done": "tasks.show",
    "tasks.not_possible": "tasks.not_possible_form",
    "tasks.note": "tasks.show",
}
"""The forms whose text is kept, and the page that shows it again."""

_LONGEST = 300_000
"""Characters: more than the fields of a form may hold."""
_MOST_FORMS = 1_000
_KEEPS = "30 per 15 minutes"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_and_redirect() -> ResponseReturnValue | None:
    """The way to the filled page for the form of this request; None where its text is none that is kept."""
    page = FORMS.get(request.endpoint or "")
    if request.method != "POST" or page is None or not _is_from_our_page():
        return None
    try:
        with limiter.limit(_KEEPS):
            token = _keep(site().settings.data_dir / "typed")
    except RateLimitExceeded:
        return None
    except RequestEntityTooLarge:  # a stranger's photos are not read, nor the words among them: a draft may have those
        return None if current_user.is_authenticated else redirect(url_for(page, **(request.view_args or {})))
    return redirect(url_for(page, typed=token, **(request.view_args or {}))) if token else None


def typed_before(endpoint: str) -> MultiDict[str, str] | None:
    """What was typed into the form of this name, where the address says so (``?typed=``) and it is still kept."""
    token = request.args.get("typed", "")
    if not _TOKEN.fullmatch(token):
        return None
    path = site().settings.data_dir / "typed" / token
    try:
        if path.stat().st_mtime < _oldest():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return MultiDict(kept["values"]) if kept["form"] == endpoint else None


def _is_from_our_page() -> bool:
    """Whether a page of ours was open: nobody else fills our forms in by sending people here."""
    came_from = urlsplit(request.headers.get("Origin", "")).netloc
    return came_from in (request.host, urlsplit(site().settings.base_url).netloc)


def _keep(folder: Path) -> str | None:
    values = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    if any(upload.filename for upload in request.files.values()):
        values.append(("had_files", "yes"))
    written = json.dumps({"form": request.endpoint, "values": values}, ensure_ascii=False)
    if len(written) > _LONGEST:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder)
    token = secrets.token_hex(16)
    (folder / token).write_text(written, encoding="utf-8")
    return token


def _forget_old(folder: Path) -> None:
    oldest = _oldest()
    with suppress(FileNotFoundError):  # another request may remove one first, and does the same work
        kept = sorted(((path.stat().st_mtime, path) for path in folder.iterdir()), reverse=True)
        for place, (written, path) in enumerate(kept, 1):
            if written < oldest or place > _MOST_FORMS:
                path.unlink(missing_ok=True)


def _oldest() -> float:
    return (now() - WORDS_KEPT).timestamp()
