"""What was typed into a form that came after its sign-in, or its token, had ended: kept for a day and shown again.

A form of these pages that is refused before anybody reads it leads to the same page, filled in, by way of the sign-in
where that has ended. Files are not kept: whoever sent them has not been let in yet.
"""

import json
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from admin.web.context import db, now, site, writing
from admin.web.limits import limiter
from tracker.services import job_state

FORMS = {
    "tasks.done": "tasks.show",
    "tasks.not_possible": "tasks.not_possible_form",
    "tasks.note": "tasks.show",
    "report_text.save": "report_text.index",
    "plan_import.confirm": "plan_import.preview",
    "plan_edit.save": "plan_edit.index",
}
"""The forms whose text is kept, and the page that shows it again."""

KEPT = timedelta(days=1)
_LONGEST = 300_000
"""Characters: more than the fields of a form may hold."""
_MOST_FORMS = 1_000
_KEEPS = "30 per 15 minutes"


def keep_and_redirect() -> ResponseReturnValue | None:
    """The way to the filled page for the form of this request; None where its text is none that is kept."""
    page = FORMS.get(request.endpoint or "")
    if request.method != "POST" or page is None or not _is_from_our_page():
        return None
    try:
        with limiter.limit(_KEEPS):
            token = _keep()
    except RateLimitExceeded:
        return None
    except RequestEntityTooLarge:  # a stranger's photos are not read, nor the words among them: a draft may have those
        return None if current_user.is_authenticated else redirect(url_for(page, **(request.view_args or {})))
    return redirect(url_for(page, typed=token, **(request.view_args or {}))) if token else None


def typed_before(endpoint: str) -> MultiDict[str, str] | None:
    """What was typed into the form of this name, where the address says so (``?typed=``) and it is still kept."""
    token = request.args.get("typed", "")
    kept = job_state.get(db(), "form", token, now()) if token else None
    if kept is None or kept.value["form"] != endpoint:
        return None
    return MultiDict(kept.value["values"])


def keep_typed(endpoint: str, values: Iterable[tuple[str, str]]) -> str | None:
    """The token by which a form's page shows what could not be saved (``?typed=``); None where it is too much."""
    typed = {"form": endpoint, "values": [list(pair) for pair in values]}
    if len(json.dumps(typed, ensure_ascii=False)) > _LONGEST:
        return None
    session = writing()
    job_state.keep_latest(session, "form", _MOST_FORMS - 1)
    return job_state.put(session, "form", typed, at=now(), kept_for=KEPT)


def _is_from_our_page() -> bool:
    """Whether a page of ours was open: nobody else fills our forms in by sending people here."""
    came_from = urlsplit(request.headers.get("Origin", "")).netloc
    return came_from in (request.host, urlsplit(site().settings.base_url).netloc)


def _keep() -> str | None:
    values = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    if any(upload.filename for upload in request.files.values()):
        values.append(("had_files", "yes"))
    return keep_typed(request.endpoint or "", values)
