"""LINE: a person's own link, and the coordinator's view of who is linked, with one-time codes for both."""

from dataclasses import dataclass
from datetime import date

import segno
from flask import Blueprint, Flask, abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from admin.web.context import db, end_read_transaction, now, site, today
from admin.web.identity import actor, person, viewer
from admin.web.limits import limiter
from admin.web.may import COORDINATOR, MEMBER, may
from tracker.channels.email.done_link import mark_of
from tracker.channels.line.client import OfficialAccount, line_client
from tracker.errors import NotFoundError
from tracker.line.linking import VALID, new_code, unlink
from tracker.models import Member
from tracker.settings import secret_key

pages = Blueprint("line", __name__)
CODES = "30 per hour"
SLIPS = "10 per hour"
MOST_SLIPS = 200
"""On one sheet: more people than a small office has."""
ACCOUNT_TIMEOUT_SECONDS = 3


def _account() -> str:
    return f"line code {person().account.id}"


@pages.before_request
def _only_where_set_up() -> None:
    if not site().settings.line_configured:
        abort(404)


@pages.get("/account/line")
@may(MEMBER)
def own() -> ResponseReturnValue:
    return render_template("reminders/line.html", member=_me(), days=VALID.days)


@pages.post("/account/line/code")
@may(MEMBER)
@limiter.limit(CODES, key_func=_account)
def own_code() -> ResponseReturnValue:
    return _code_page(_me(), back=url_for("line.own"))


@pages.post("/account/line/unlink")
@may(MEMBER)
def own_unlink() -> ResponseReturnValue:
    return _unlinked(_me(), back=url_for("line.own"))


@pages.get("/account/line/state")
@may(MEMBER)
def own_state() -> ResponseReturnValue:
    return _state(_me())


@pages.get("/people/line")
@may(COORDINATOR)
def everybody() -> ResponseReturnValue:
    members = db().scalars(
        select(Member).where(Member.agency_id == viewer().agency_id, Member.active).order_by(Member.name, Member.id)
    )
    return render_template("reminders/people_line.html", members=members.all())


@pages.post("/people/<int:member_id>/line-code")
@may(COORDINATOR)
@limiter.limit(CODES, key_func=_account)
def code(member_id: int) -> ResponseReturnValue:
    return _code_page(_member(member_id), back=url_for("line.everybody"))


@pages.get("/people/<int:member_id>/line-state")
@may(COORDINATOR)
def state(member_id: int) -> ResponseReturnValue:
    return _state(_member(member_id))


@pages.post("/people/line/slips")
@may(COORDINATOR)
@limiter.limit(SLIPS, key_func=_account)
def slips() -> ResponseReturnValue:
    """A sheet with a slip for each who is not linked yet, each with a code of its own; earlier ones stop working."""
    account = _official_account()
    members = (
        db()
        .scalars(
            select(Member)
            .where(Member.agency_id == viewer().agency_id, Member.active, Member.line_user_id.is_(None))
            .order_by(Member.name, Member.id)
            .limit(MOST_SLIPS)
        )
        .all()
    )
    made = [_slip(member, account) for member in members]
    return render_template("reminders/line_slips.html", slips=made, account=account, until=_until())


@pages.post("/people/<int:member_id>/line-unlink")
@may(COORDINATOR)
def unlink_member(member_id: int) -> ResponseReturnValue:
    return _unlinked(_member(member_id), back=url_for("line.everybody"))


def init(app: Flask) -> None:
    """Adds the pages; other pages lead to them where LINE is set up."""
    app.register_blueprint(pages)
    app.jinja_env.globals["line_is_set_up"] = lambda: site().settings.line_configured


@dataclass(frozen=True, slots=True)
class Slip:
    """A person's code, the address that types it, and that address as a QR code; none where LINE does not answer."""

    member: Member
    code: str
    address: str | None
    picture: str | None


def _slip(member: Member, account: OfficialAccount | None) -> Slip:
    code = new_code(db(), member, secret_key(site().settings), actor(), now())
    address = account.address_with(code) if account else None
    picture = (
        segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff") if address else None
    )
    return Slip(member, code, address, picture)


def _code_page(member: Member, back: str) -> str:
    account = _official_account()
    is_own = member.id == viewer().member_id
    return render_template(
        "reminders/line_code.html",
        member=member,
        slip=_slip(member, account),
        until=_until(),
        back=back,
        account=account,
        before=_mark(member),
        state=url_for("line.own_state") if is_own else url_for("line.state", member_id=member.id),
    )


def _until() -> date:
    return today() + VALID


def _state(member: Member) -> ResponseReturnValue:
    """Whether the person is linked now, and what the LINE account calls itself: a page waits for it to change."""
    return jsonify(mark=_mark(member), name=member.line_name or "")


def _mark(member: Member) -> str:
    """What tells one LINE account from another, and is none; empty where none is linked."""
    return mark_of(member.line_user_id) if member.line_user_id else ""


def _official_account() -> OfficialAccount | None:
    """Asked of LINE before anything is written: the page stands without the answer, too."""
    end_read_transaction()
    client = line_client(site().settings, ACCOUNT_TIMEOUT_SECONDS)
    if client is None:
        return None
    with client:
        return client.account()


def _unlinked(member: Member, back: str) -> ResponseReturnValue:
    unlink(db(), member, actor(), now())
    flash(gettext("%(name)s is no longer linked with LINE.", name=member.name), "success")
    return redirect(back)


def _me() -> Member:
    return db().get_one(Member, viewer().member_id)


def _member(member_id: int) -> Member:
    member = db().scalar(select(Member).where(Member.agency_id == viewer().agency_id, Member.id == member_id))
    if member is None:
        raise NotFoundError("There is no such person in your agency.", "ไม่พบบุคลากรคนนี้ในหน่วยงานของท่าน")
    return member
