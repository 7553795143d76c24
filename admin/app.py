"""The Flask application: Flask-Admin as the frame, our own pages in it, one installation behind it."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_login import current_user
from flask_wtf import CSRFProtect
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.middleware.proxy_fix import ProxyFix

from admin.pages import add_views
from admin.pages.accounts import auth, provider
from admin.pages.reminders import line_webhook
from admin.pages.tasks.task_list import dots_words
from admin.translations import FOLDER
from admin.web import (
    compression,
    context,
    errors,
    form_recovery,
    formatting,
    headers,
    installable,
    labels,
    language,
    limits,
    request_watch,
    two_savers,
)
from admin.web import request_numbers as sent
from admin.web.base_view import Page, ReferenceIndex
from admin.web.identity import person
from admin.web.language import gettext
from admin.web.may import ANYONE, COORDINATOR, check_declarations, may
from admin.web.years import forget_year, other_year
from tracker.services.upkeep.doctor import readiness
from tracker.services.upkeep.metrics import metrics
from tracker.settings import Settings, load, secret_key
from tracker.store import migrate
from tracker.store.db import Database, open_database
from tracker.store.storage import open_store

SIGNED_IN_FOR = timedelta(days=30)
LARGEST_FORM = 8 * 2**20
"""Bytes of a form's fields, files aside: a pasted table, or the measures of an import, nine bytes a Thai letter."""
_STATIC = Path(__file__).parent / "static"


class _Application(Flask):
    def log_exception(self, *_exc_info: object) -> None:
        """``errors`` tells it, without the address: that of a done link or an invitation is a key."""


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The web application of an installation, ready to serve.

    Raises NotUnderstoodError for a wrong setting, ConflictError where PostgreSQL waits for `tracker db upgrade`,
    LookupError for a route that does not say who may ask it.
    """
    settings = settings or load()
    database = database or open_database(settings)
    migrate.ensure(database)
    https = settings.base_url.startswith("https:")
    app = _Application(__name__)
    app.request_class = sent.Request
    app.url_map.converters["int"] = sent.RowNumber
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=limits.largest_body(settings),
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        SESSION_COOKIE_NAME="__Host-tracker" if https else "tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_REFRESH_EACH_REQUEST=False,  # but every few minutes of use: see load_person
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask tells to
    evidence = open_store(settings)
    compression.init(app)
    request_watch.init(app, settings)
    headers.init(app, https=https)
    form_recovery.init(app)  # after the request's transaction has ended
    context.init(app, context.Site(settings, database, evidence))
    language.init(app)
    formatting.init(app)
    labels.init(app)
    limits.init(app, settings)
    two_savers.init(app)
    CSRFProtect(app)
    auth.init(app)
    provider.init(app, settings)
    errors.init(app)
    line_webhook.init(app)
    installable.init(app)
    _add_pages(app)
    check_declarations(app)
    return app


def _add_pages(app: Flask) -> None:
    frame = Admin(
        app,
        name="Measure tracker",
        index_view=ReferenceIndex(),
        translations_path=str(FOLDER),
        theme=Bootstrap4Theme(base_template="web/frame.html"),
    )
    pages = add_views(app, frame)
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/livez", "livez", _livez)
    app.add_url_rule("/readyz", "readyz", _readyz)
    app.add_url_rule("/metrics", "metrics", _metrics)
    app.jinja_env.globals.update(
        asset=asset,
        dots_words=dots_words,
        menu_items=lambda: menu_items(pages),
        other_year=other_year,
        place_name=_place_name,
        keeps_agency=lambda: COORDINATOR.allows(person()),
    )


@may(ANYONE)
def _home() -> ResponseReturnValue:
    """Strangers to the sign-in form, heads to their tasks, executives to their page, coordinators to the overview."""
    if not current_user.is_authenticated:
        return redirect(url_for("sign_in.form"))
    forget_year()
    viewer = current_user.viewer
    if viewer is None:
        return redirect(url_for("operations.index"))
    if viewer.coordinator:
        return redirect(url_for("overview.index"))
    return redirect(url_for("executive.index" if viewer.sees_agency else "tasks.index"))


@may(ANYONE)
def _healthz() -> ResponseReturnValue:
    """For the supervisor: the process answers and reaches its database."""
    with context.site().database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return {"status": "ok"}


@may(ANYONE)
def _livez() -> ResponseReturnValue:
    """The process answers, whatever else does not: who restarts processes asks this."""
    return {"status": "ok"}


@may(ANYONE)
def _readyz() -> ResponseReturnValue:
    """For monitors: the state of each part, without the remarks of ``tracker doctor``; 503 where one has failed."""
    here = context.site()
    found = {finding.name: finding.state for finding in readiness(here.database, here.settings, context.now())}
    failed = "failed" in found.values()
    return {"status": "failed" if failed else "ok", **found}, 503 if failed else 200


@may(ANYONE)
def _metrics() -> ResponseReturnValue:
    """For Prometheus with the settings' token; for anybody else there is no such page."""
    here = context.site()
    token = here.settings.metrics_token
    given = request.authorization.token if request.authorization else None
    if token is None or not hmac.compare_digest((given or "").encode(), token.get_secret_value().encode()):
        abort(404)
    told = metrics(here.database, here.settings, context.now()) + request_watch.page_figures(current_app)
    return Response(told, content_type=CONTENT_TYPE_LATEST)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, new whenever its content is."""
    return url_for("static", filename=name, v=_digest(name))


def menu_items(pages: Sequence[Page]) -> list[tuple[str, str, bool]]:
    """The navigation of this request's person: address, name, and whether it leads here."""
    who = person()
    of_tables = request.path.startswith("/admin/") and not request.path.startswith(
        ("/admin/settings/", "/admin/events/")
    )
    here = url_for("people.index") if of_tables else request.path
    shown = [page for page in pages if page.may.allows(who) and page.is_visible()]
    addresses = [page.menu.get_url() for page in shown]
    return [(address, str(page.name), here.startswith(address)) for page, address in zip(shown, addresses, strict=True)]


def _place_name() -> str:
    """What stands at the right of the bar: the person's unit, the agency for who sees all of it."""
    who = person()
    if who.viewer is None or who.member is None:
        return gettext("Operator")
    units = [role.unit.name for role in who.member.roles if role.unit]
    return units[0] if units and not who.viewer.sees_agency else who.member.agency.name
