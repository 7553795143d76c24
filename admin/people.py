"""The signed-in person: account, the agencies it serves, and what it may see in the one it works in."""

from typing import cast

from flask import session as cookie
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from admin.context import db
from tracker.errors import ForbiddenError
from tracker.models import Account, Agency, Member
from tracker.services.access import Viewer, viewer_for
from tracker.services.accounts import account_of_session
from tracker.services.audit import Actor


class Person(UserMixin):
    """One who signed in. ``viewer`` is None for an operator whom no agency invited."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.members = list(
            db().scalars(
                select(Member)
                .where(Member.account_id == account.id, Member.active)
                .options(joinedload(Member.agency), selectinload(Member.roles))
                .order_by(Member.id)
            )
        )
        chosen = [member for member in self.members if member.id == cookie.get("member")]
        self.member: Member | None = (chosen or self.members or [None])[0]
        self.viewer: Viewer | None = viewer_for(db(), self.member) if self.member else None

    def get_id(self) -> str:
        return f"{self.account.id} {self.account.session_key}"

    @property
    def name(self) -> str:
        return self.member.name if self.member else self.account.email

    @property
    def agency(self) -> Agency | None:
        return self.member.agency if self.member else None


class Stranger(AnonymousUserMixin):
    """One who has not signed in."""

    viewer = None
    agency = None


def load_person(cookie_id: str) -> Person | None:
    """The person of a session cookie; None where the account is gone or its password changed since."""
    account_id, _, session_key = cookie_id.partition(" ")
    if not account_id.isdigit():
        return None
    account = account_of_session(db(), int(account_id), session_key)
    return Person(account) if account else None


def person() -> Person:
    """The signed-in person of this request."""
    return cast(Person, current_user)


def viewer() -> Viewer:
    """What the signed-in person may see; ForbiddenError for one whom no agency invited."""
    found: Viewer | None = current_user.viewer
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
login_manager.anonymous_user = Stranger
login_manager.session_protection = None
login_manager.login_view = "sign_in.form"
login_manager.login_message = None
