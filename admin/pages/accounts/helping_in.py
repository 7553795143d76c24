"""What the coordinator does for who cannot get in: a link for a new password, the lost telephone's factor away."""

import segno
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin.pages.accounts.second_factor import TRIES, OwnerForm, has_code, knows_password, own_tries, owner_form
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, now, site, writing
from admin.web.formatting import number
from admin.web.identity import actor, agency, person
from admin.web.limits import limiter
from admin.web.may import COORDINATOR
from tracker import clock
from tracker.errors import NotFoundError
from tracker.models import Account, Member
from tracker.services.accounts import forgotten, helping_in

LINKS = "30 per hour"


def _links() -> str:
    return f"password link {person().account.id}"


class HelpingInPage(CoordinatorPage):
    """For one person of the agency."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Help with signing in"), endpoint="helping_in", url="/people/help")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("people.index"))

    @expose("/<int:member_id>/password-link", methods=["POST"], may=COORDINATOR)
    @limiter.limit(LINKS, key_func=_links)
    def password_link(self, member_id: int) -> ResponseReturnValue:
        """Shown with its message where the coordinator may see it; else sent to the person alone."""
        member = _member(member_id)
        account = helping_in.account_of(member)
        if not helping_in.may_be_handed_over(account):
            return self._sent(member, account.email)
        settings = site().settings
        path = helping_in.hand_over_link(db(), settings, member, by=actor(), at=now())
        link, own = f"{settings.base_url}{path}", person().member
        last_day = clock.local(now() + helping_in.VALID, settings.zone).date()
        call = " โทร. ".join(filter(None, (own.name, own.phone))) if own else ""
        return self.render(
            "accounts/password_link.html",
            member=member,
            text=helping_in.password_message(member.name, agency().name, link, last_day, call),
            picture=segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff"),
            last_day=last_day,
        )

    @expose("/<int:member_id>/lost-phone")
    def lost_phone_form(self, member_id: int) -> ResponseReturnValue:
        return self._lost(_member(member_id), _form())

    @expose("/<int:member_id>/lost-phone", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    @limiter.limit(TRIES, key_func=own_tries)
    def lost_phone(self, member_id: int) -> ResponseReturnValue:
        """With the coordinator's own password, and own code where there is one."""
        member, form = _member(member_id), _form()
        if not knows_password(form) or ("code" in form and not has_code(form)):
            return self._lost(member, form), 422
        helping_in.take_factor_away(writing(), site().settings, _member(member_id), by=actor(), at=now())
        flash(gettext("%(name)s signs in with the password alone now.", name=member.name), "success")
        return redirect(url_for("people.index"))

    def _sent(self, member: Member, email: str) -> ResponseReturnValue:
        by = actor()
        db().commit()  # nobody waits for the mail server
        channel = forgotten.send_link(site().settings, site().database, email, now(), by=by)
        if channel is None:
            words = gettext(
                "%(name)s has no own e-mail or LINE that a link can go to: ask the operator.", name=member.name
            )
            flash(words, "error")
        else:
            hours = number(int(forgotten.VALID.total_seconds() // 3600))
            flash(gettext("A link went to %(name)s alone, good for %(n)s hour.", name=member.name, n=hours), "success")
        return redirect(url_for("people.index"))

    def _lost(self, member: Member, form: OwnerForm) -> str:
        account = helping_in.account_of(member)
        if account.factor_since is None:
            raise NotFoundError(f"{member.name} has no second factor.", f"{member.name} ไม่ได้เปิดการยืนยันสองขั้น")
        return self.render("accounts/lost_phone.html", member=member, form=form)


def _form() -> OwnerForm:
    form = owner_form(OwnerForm)
    if person().account.factor_since is None:
        del form.code
    return form


def _member(member_id: int) -> Member:
    of_account = selectinload(Member.account).selectinload(Account.members).selectinload(Member.roles)
    query = select(Member).where(Member.agency_id == agency().id, Member.id == member_id).options(of_account)
    member = db().scalar(query)
    if member is None:
        raise NotFoundError("There is no such person in your agency.", "ไม่พบบุคลากรคนนี้ในหน่วยงานของท่าน")
    return member
