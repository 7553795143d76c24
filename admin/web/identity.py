"""The signed-in person: account, the agencies it serves, and what it may see in the one it works in."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import cast

import flask_login
from flask import Response, g, request
from flask import session as cookie
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from admin.web import known_devices
from admin.web.context import View, db, now, site, today
from tracker import clock
from tracker.errors import ForbiddenError
from tracker.models import Account, Agency, Member
from tracker.services.access import Viewer, viewer_for
from tracker.services.accounts import sessions
from tracker.services.audit import Actor
from tracker.store.db import Database

_log = logging.getLogger(__name__)
_BY_PASSWORD = "by_password"  # noqa: S105  (a name in the cookie)


class SignedInUser(UserMixin):
    """One who signed in. ``viewer`` is None for an operator whom no agency invited."""

    def __init__(
        self, account: Account, token: str, members: Sequence[Member], signed_in_id: int | None = None
    ) -> None:
        self.account = account
        self.token = token
        self.members = members
        self.signed_in_id = signed_in_id
        chosen = [member for member in self.members if member.id == cookie.get("member")]
        self.member: Member | None = next(iter(chosen or self.members), None)
        self.viewer: Viewer | None = viewer_for(db(), self.member) if self.member else None

    def get_id(self) -> str:
        return self.token

    @property
    def name(self) -> str:
        return self.member.name if self.member else self.account.email

    @property
    def agency(self) -> Agency | None:
        return self.member.agency if self.member else None

    @property
    def owes_password(self) -> bool:
        """Whether somebody else knows the password with which this person signed in."""
        return self.account.password_by_other and bool(cookie.get(_BY_PASSWORD))

    @property
    def should_have_factor(self) -> bool:
        """Whether a second factor is recommended: for coordinators and operators."""
        return self.account.operator or (self.viewer is not None and self.viewer.coordinator)

    @property
    def owes_factor(self) -> bool:
        """Whether the person must set a second factor up before anything else."""
        due = self.factor_due_on
        return due is not None and today() >= due

    @property
    def factor_due_on(self) -> date | None:
        """The day from which on the person does not go without a second factor; None where nobody asks for it."""
        if self.account.factor_since is not None or not self.should_have_factor:
            return None
        settings = site().settings
        begun = clock.local(self.account.created_at, settings.zone).date()
        if self.agency is not None and self.agency.factor_required:
            return begun
        return begun + settings.factor_grace if settings.second_factor_required else None


class AnonymousUser(AnonymousUserMixin):
    """One who has not signed in."""

    viewer = None
    agency = None


def load_person(token: str) -> SignedInUser | None:
    """The person of a session cookie; None where that sign-in has ended."""
    found = sessions.find(db(), token, now())
    if found is None:
        return None
    place, members = found
    if now() - place.seen_at > sessions.SEEN_EVERY:
        g.seen = place.id
        cookie.modified = True  # it lasts for so many days from here on
    return SignedInUser(place.account, token, members, place.id)


def sign_in(account: Account, *, by: str) -> None:
    """Signs the account in in this browser, as a new session of its own in place of the one there was.

    ``by`` says for the log what proved it: password, password and code, provider, invitation.
    """
    lasting = ("language", "member", "year") if current_user.is_authenticated else ("language",)
    kept = {name: cookie[name] for name in lasting if name in cookie}
    if current_user.is_authenticated:
        sessions.end(db(), current_user.account, current_user.signed_in_id)
    cookie.clear()
    cookie.update(kept)
    g.pop("csrf_token", None)
    generate_csrf()  # with the sign-in: two pages that are asked for at once must not each begin another
    address, device = request.remote_addr or "", request.user_agent.string
    token = sessions.begin(db(), account, device=device, address=address, at=now())
    login_user(SignedInUser(account, token, _members_of(account)))
    cookie.permanent = True
    cookie[_BY_PASSWORD] = by.startswith("password")
    known_devices.remember(account.email)
    _log.info("signed in: account %s by %s, from %s", account.id, by, address)


def _members_of(account: Account) -> Sequence[Member]:
    query = select(Member).where(Member.account_id == account.id, Member.active).order_by(Member.id)
    return db().scalars(query).all()


def note_seen(response: Response) -> Response:
    """Once the answer has left: the session was in use. A busy database is not worth an error."""
    if "seen" in g:
        response.call_on_close(partial(_note_seen, site().database, g.seen, now()))
    return response


def _note_seen(database: Database, signed_in_id: int, at: datetime) -> None:
    with suppress(OperationalError), database.writing() as session:
        sessions.note_seen(session, signed_in_id, at)


def person() -> SignedInUser:
    """The signed-in person of this request: no proxy, which looks for the person again at every word."""
    return cast(SignedInUser, current_user._get_current_object())


def login_required(view: View) -> View:
    """Flask-Login's decorator, with its type: strangers go to the sign-in form."""
    required: View = flask_login.login_required(view)
    return required


def viewer() -> Viewer:
    """What the signed-in person may see; ForbiddenError for one whom no agency invited."""
    found: Viewer | None = person().viewer
    if found is None:
        raise ForbiddenError(
            "No agency has invited you yet; ask its coordinator to add your e-mail address.",
            "ยังไม่มีหน่วยงานใดเพิ่มชื่อท่าน กรุณาให้ผู้ประสานงานเพิ่มอีเมลของท่านในรายชื่อบุคลากร",
        )
    return found


def agency() -> Agency:
    """The agency that the signed-in person works in."""
    viewer()
    found = person().agency
    assert found is not None  # noqa: S101  (a viewer has an agency)
    return found


def actor() -> Actor:
    """The signed-in person, for the record."""
    who = viewer()
    return Actor(who.name, "web", who.member_id)


login_manager = LoginManager()
login_manager.user_loader(load_person)
login_manager.anonymous_user = AnonymousUser
login_manager.session_protection = None
login_manager.login_view = "sign_in.form"
login_manager.login_message = None
