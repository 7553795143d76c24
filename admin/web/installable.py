"""The pages as an app on a phone: the manifest, and the service worker at the root, whose reach is every page."""

from pathlib import Path

from flask import Flask, Response, jsonify, request, url_for

from admin.web.language import gettext
from admin.web.may import ANYONE, may

_WORKER = Path(__file__).parent.parent / "static" / "worker.js"
_ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


def is_fetched_ahead() -> bool:
    """Whether the service worker keeps this page for later: what is said once is not said on it (worker.js)."""
    return "X-Ahead" in request.headers


@may(ANYONE)
def _manifest() -> Response:
    """What a phone shows of the app: name, colours, icons, and that it opens without the browser's frame."""
    response = jsonify(
        name=gettext("Measure tracker"),
        short_name=gettext("Measures"),
        start_url=url_for("home"),
        scope="/",
        display="standalone",
        background_color="#f6f4ee",
        theme_color="#0d5c63",
        icons=[
            {
                "src": url_for("static", filename=f"icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in _ICONS
        ],
    )
    response.mimetype = "application/manifest+json"
    return response


@may(ANYONE)
def _worker() -> Response:
    return Response(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


def init(app: Flask) -> None:
    """Both at the root: a worker serves no page above its own address."""
    app.add_url_rule("/manifest.webmanifest", "manifest", _manifest)
    app.add_url_rule("/worker.js", "worker", _worker)
    app.jinja_env.globals["is_fetched_ahead"] = is_fetched_ahead
