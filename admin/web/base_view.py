"""Bases of the views: pages of our own in Flask-Admin's frame, and its editors for reference data."""

from collections.abc import Callable, Sequence
from typing import Any

import flask_admin
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, BaseView
from flask_babel import lazy_gettext
from flask_login import current_user

from admin.web.context import View
from admin.web.form_recovery import keep_and_redirect
from admin.web.identity import person
from tracker.services.access import Viewer


def expose(url: str = "/", methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Flask-Admin's decorator, with its type: the method answers at this address under its page's own."""
    exposed: Callable[[View], View] = flask_admin.expose(url, methods)
    return exposed


class Guarded:
    """Sends strangers to the sign-in form and answers 403 to those for whom the view is not."""

    is_reference = False

    def allows(self, viewer: Viewer | None) -> bool:
        """Whether this person may open the view; ``None`` is an operator without an agency."""
        return viewer is not None

    def is_accessible(self) -> bool:
        who = person()
        return bool(who.is_authenticated) and self.allows(who.viewer)

    def _run_view(self, view: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Runs the view once; Flask-Admin's own would run it a second time after a TypeError."""
        return view(self, *arguments, **named)

    def inaccessible_callback(self, _name: str, **_arguments: Any) -> ResponseReturnValue:
        if current_user.is_authenticated:
            abort(403)
        if led := keep_and_redirect():
            return led
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.form", next=back))


class Page(Guarded, BaseView):
    """A page of our own: its url is absolute, its template extends the shared frame."""

    def render(self, template: str, **values: Any) -> str:
        """The template's text, with what the frame needs."""
        return str(super().render(template, **values))


class CoordinatorPage(Page):
    """A page for the coordinator alone."""

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and viewer.coordinator


class AgencyPage(Page):
    """A page for those who see the whole agency: coordinator and executives."""

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and viewer.sees_agency


class ReferenceIndex(Guarded, AdminIndexView):
    """``/admin/``: the way into the reference data."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Reference data"), template="organisation/reference.html", url="/admin")

    def is_visible(self) -> bool:
        return False

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and viewer.coordinator
