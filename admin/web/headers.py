"""Response headers that keep browsers from doing more than the pages need."""

import base64
import hashlib
import re

from flask import Flask, Response, request

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def init(app: Flask, *, https: bool) -> None:
    """Adds the headers to every response; a view that sets its own policy keeps it."""

    def protect(response: Response) -> Response:
        headers = response.headers
        if (target := headers.get("Location", "")).startswith(request.host_url):  # whatever host the browser named
            headers["Location"] = target.removeprefix(request.host_url.rstrip("/"))
            response.set_data("")
        ancestors, frames = ("'self'", "SAMEORIGIN") if is_beside() else ("'none'", "DENY")
        headers.setdefault("Content-Security-Policy", f"{_POLICY}; frame-ancestors {ancestors}")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", frames)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        for_all = request.path.startswith(("/static/", "/admin/static/")) or request.blueprint == "public"
        if not for_all and headers.get("Cache-Control", "").split(",")[0] != "private":
            headers["Cache-Control"] = "no-store"
        return response

    app.after_request(protect)
    app.jinja_env.globals["is_beside"] = is_beside


def is_beside() -> bool:
    """Whether a page of ours shows this one in a frame, as the list shows a task beside it; no script can claim it."""
    asked = request.headers
    return asked.get("Sec-Fetch-Dest") == "iframe" and asked.get("Sec-Fetch-Site") == "same-origin"


def own_styles(page: str) -> str:
    """What a policy takes for a style of a page that we composed whole: the style sheets in it, by their hashes."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _STYLE.findall(page))
    return " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
