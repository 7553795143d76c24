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
from admin.web.may import COORDINATOR, MEMBER, OVERSEER, Who, declare, must_be


def expose(url: str = "/", methods: Sequence[str] = ("GET",), *, may: Who | None = None) -> Callable[[View], View]:
    """The method answers at this address under its page's own, to those who ``may``.

    Without it whoever may open the page may view; what changes something always says it.
    """

    def decorate(view: View) -> View:
        exposed: View = flask_admin.expose(url, methods)(view)
        return exposed if may is None else declare(exposed, may)

    return decorate


class Guarded:
    """Sends strangers to the sign-in form and answers 403 to those for whom the view is not."""

    is_reference = False
    may: Who = MEMBER
    """Who may open the view; for reference data, who may change it too."""

    def is_accessible(self) -> bool:
        return self.may.allows(person())

    def _run_view(self, view: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Runs the view for whom it is, and once: Flask-Admin's own would run it again after a TypeError."""
        must_be(getattr(view, "may", self.may))
        return view(self, *arguments, **self.loaded(named))

    def loaded(self, named: dict[str, Any]) -> dict[str, Any]:
        """What the view is called with, from what its address names; asked for only once it may run."""
        return named

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

    may = COORDINATOR


class AgencyPage(Page):
    """A page for those who see the whole agency: coordinator and executives."""

    may = OVERSEER


class ReferenceIndex(Guarded, AdminIndexView):
    """``/admin/``: the way into the reference data."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Reference data"), template="organisation/reference.html", url="/admin")

    def is_visible(self) -> bool:
        return False
