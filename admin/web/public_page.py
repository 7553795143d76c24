"""What every public page is made with: its own template, language by its address, no session, no cookie, cached."""

import hashlib
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from admin.web.language import PUBLIC, choose_language

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ASK, DAY = -1, 86_400
"""How long browsers and proxies may keep: a page and a file never without asking whether it is the same (it may be
withdrawn the next moment); what never changes, for so many seconds."""


def with_styles(hashes: str) -> str:
    """The policy of a public page that has styles of its own, which are known by their hashes."""
    return _POLICY.replace("style-src 'self'", f"style-src 'self' {hashes}")


class PublicWithoutSession(SecureCookieSessionInterface):
    """Sessions for the pages of those who sign in; on public pages there is none to read or to write."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(PUBLIC):
            return self.make_null_session(app)
        return super().open_session(app, request)


def page(template: str, *, status: int = 200, kept: int = ASK, **values: Any) -> Response:
    """A page. It is rendered beside the application's context: nothing in it knows who may be signed in."""
    english = choose_language() == "en"
    text = current_app.jinja_env.get_template(f"public/{template}").render(
        english=english, language={"lang": "en"} if english else {}, request=request, **values
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    return sent(response, kept=kept if status in (200, 410) else 0)


def content(data: bytes, media_type: str, *, kept: int, sha256: str | None = None) -> Response:
    """Data or a file; its hash is its ETag."""
    response = Response(data, content_type=media_type)
    response.set_etag(sha256 or hashlib.sha256(data).hexdigest())
    return sent(response, kept=kept)


def sent(response: Response, *, kept: int) -> Response:
    """The response with its policy and its cache; not changed since, for who has it already."""
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    if not kept:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = "public, no-cache" if kept == ASK else f"public, max-age={kept}"
    response.add_etag()
    if response.status_code == 200:
        response.make_conditional(request)
    return response
