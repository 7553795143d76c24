"""Devices on which somebody has signed in.

They count their wrong passwords for themselves: a stranger who uses up an account's tries does not lock its owner out.

The mark is OWASP's device cookie: a random number bound to the address and signed with the installation's key. It
proves nothing but that; the password is asked for all the same, ten times in a quarter of an hour.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

KNOWN_FOR = timedelta(days=400)
"""As long as browsers keep a cookie."""


def remember(address: str) -> None:
    """Marks this request's browser as one of the account of this address."""
    mark = _serializer().dumps([_digest(address), secrets.token_hex(8)])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _name(),
            mark,
            max_age=KNOWN_FOR,
            path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response


def counter(address: str) -> str | None:
    """The name under which this browser's tries for the address are counted; None where it never signed in with it."""
    try:
        whose, number = _serializer().loads(request.cookies.get(_name(), ""), max_age=int(KNOWN_FOR.total_seconds()))
    except BadData:
        return None
    return f"device {number}" if whose == _digest(address) else None


def _digest(address: str) -> str:
    """The mark names nobody to who finds the device."""
    return hashlib.sha256(f"{current_app.secret_key!r} {address}".encode()).hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None  # noqa: S101  (create_app sets it)
    return URLSafeTimedSerializer(current_app.secret_key, salt="known device")


def _name() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"
