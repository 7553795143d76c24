"""LINE: a person's own link, and the coordinator's view of who is linked, with one-time codes for both."""

import segno
from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from admin.web.context import db, end_read_transaction, now, site
from admin.web.identity import actor, person, viewer
from admin.web.limits import limiter
from admin.web.may import COORDINATOR, MEMBER, may
from tracker.channels.line.client import OfficialAccount, line_client
from tracker.errors import NotFoundError
from tracker.line.linking import VALID, new_code, unlink
from tracker.models import Member
from tracker.settings import secret_key

pages = Blueprint("line", __name__)
CODES = "30 per hour"
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


@pages.post("/people/<int:member_id>/line-unlink")
@may(COORDINATOR)
def unlink_member(member_id: int) -> ResponseReturnValue:
    return _unlinked(_member(member_id), back=url_for("line.everybody"))


def init(app: Flask) -> None:
    """Adds the pages; other pages lead to them where LINE is set up."""
    app.register_blueprint(pages)
    app.jinja_env.globals["line_is_set_up"] = lambda: site().settings.line_configured


def _code_page(member: Member, back: str) -> str:
    account = _official_account()
    made = new_code(db(), member, secret_key(site().settings), actor(), now())
    address = account.address_with(made) if account else None
    return render_template(
        "reminders/line_code.html",
        member=member,
        code=made,
        days=VALID.days,
        back=back,
        account=account,
        address=address,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
        if address
        else None,
    )


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
