"""LINE's webhook: checks the signature over the raw body, keeps the events, answers at once; a worker does the rest."""

from functools import partial

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from admin.web import queue
from admin.web.context import now, site
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.broker import Work
from tracker.errors import NotUnderstoodError
from tracker.line import inbox

LARGEST = 2**20
PER_ADDRESS = "6000 per minute"

hook = Blueprint("line_webhook", __name__)


@hook.post("/line/webhook")
@may(ANYONE)
@limiter.limit(PER_ADDRESS)
def receive() -> Response:
    """Answers as soon as the events are committed; the worker is told once the answer has left.

    Where no broker answers, the events wait for beat's tick.
    """
    settings = site().settings
    secret = settings.line_channel_secret
    if secret is None or not settings.line_configured:
        return _said(404, "LINE is not set up here: give TRACKER_LINE_CHANNEL_ACCESS_TOKEN and _SECRET.")
    request.max_content_length = LARGEST
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return _said(413, "The body is larger than LINE's.")
    if not inbox.is_signed(secret.get_secret_value(), body, request.headers.get("X-Line-Signature", "")):
        return _said(401, "The signature is not that of this channel.")
    try:
        with site().database.writing() as session:
            kept = inbox.keep(session, body, now())
    except NotUnderstoodError as error:
        return _said(400, error.sentence)
    answer = _said(200, "OK")
    if kept:
        answer.call_on_close(partial(queue.send, settings, Work.LINE_EVENTS))
    return answer


def init(app: Flask) -> None:
    """Adds the webhook, which no form leads to: its signature stands for the form's token."""
    app.extensions["csrf"].exempt(hook)
    app.register_blueprint(hook)


def _said(status: int, words: str) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")
