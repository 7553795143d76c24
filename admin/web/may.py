"""Who may ask a route: declared beside it, held before its handler runs (docs/rules.md, "Access").

The application does not start with a route that declares nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from flask import Flask, abort

from admin.web.context import SAFE_METHODS, View
from admin.web.identity import SignedInUser, login_required, person, viewer
from tracker.services.access import Viewer, must_be_executive, must_coordinate

FILES = ("static", "admin.static")
"""Endpoints of Flask and Flask-Admin that declare nothing: files that everybody may have."""
_DECLARED = "may"
"""The attribute of views and pages that has their declaration."""


@dataclass(frozen=True)
class Who:
    """Those who may ask a route. ``refuse`` raises ForbiddenError with a sentence of its own for who may not."""

    name: str
    allows: Callable[[SignedInUser], bool]
    refuse: Callable[[Viewer], None] | None = None


def _is_operator(who: SignedInUser) -> bool:
    return bool(who.is_authenticated) and (who.viewer is None or who.account.operator)


ANYONE = Who("anyone, strangers too", lambda _who: True)
SIGNED_IN = Who("whoever is signed in", lambda who: bool(who.is_authenticated))
MEMBER = Who("whom an agency invited", lambda who: who.viewer is not None)
OVERSEER = Who("who sees the whole agency", lambda who: who.viewer is not None and who.viewer.sees_agency)
EXECUTIVE = Who(
    "an executive", lambda who: who.viewer is not None and who.viewer.executive_rank is not None, must_be_executive
)
COORDINATOR = Who("the coordinator", lambda who: who.viewer is not None and who.viewer.coordinator, must_coordinate)
OPERATOR = Who("an operator, or one whom no agency invited yet", _is_operator)
HOST = Who("an operator", lambda who: bool(who.is_authenticated) and who.account.operator)


def must_be(who: Who) -> None:
    """Raises ForbiddenError, or answers 403, where the signed-in person is none of them."""
    if who.allows(person()):
        return
    asking = viewer()
    if who.refuse is not None:
        who.refuse(asking)
    abort(403)


def declare(view: View, who: Who) -> View:
    """The view with its declaration, which ``declared`` reads."""
    setattr(view, _DECLARED, who)
    return view


def may(who: Who) -> Callable[[View], View]:
    """Declares who may ask a route of no page: strangers are led to the sign-in form, others are answered 403."""

    def decorate(view: View) -> View:
        if who is ANYONE:
            return declare(view, who)

        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            must_be(who)
            return view(*arguments, **named)

        return declare(cast(View, login_required(guarded)), who)

    return decorate


def declared(app: Flask, endpoint: str, method: str) -> Who | None:
    """Who may ask the endpoint so: its own declaration, else its page's, which for changes only reference data has."""
    view = app.view_functions[endpoint]
    if own := getattr(view, _DECLARED, None):
        return cast(Who, own)
    page = getattr(view, "__self__", None)
    if method in SAFE_METHODS or getattr(page, "is_reference", False):
        return getattr(page, _DECLARED, None)
    return None


def check_declarations(app: Flask) -> None:
    """Raises LookupError that names each route without a declaration."""
    missing = [
        f"{method} {rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FILES
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if declared(app, rule.endpoint, method) is None
    ]
    if missing:
        raise LookupError(f"Who may ask is not declared (admin/web/may.py): {', '.join(missing)}")
