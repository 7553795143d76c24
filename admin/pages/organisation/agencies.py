"""หน่วยงาน: where an operator makes agencies with their first coordinators, one or a pasted table of many."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import joinedload

from admin.web.base_view import Page, expose
from admin.web.context import db, now, site
from admin.web.formatting import number, sentence
from admin.web.identity import person
from admin.web.may import HOST
from tracker.channels.base import DeliveryError
from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.kinds import RoleName
from tracker.models import Agency, Invitation, Member, Role
from tracker.services.accounts import invitations, member_sign_in
from tracker.services.audit import Actor
from tracker.services.organisation.agency_table import MOST, read_agencies
from tracker.services.organisation.founding import Founding, found_agency, understood

SHOWN = 200
"""Agencies of the list; the field above it finds the others."""


class AgenciesPage(Page):
    """Names of agencies and how their coordinators are reached; nothing of what the agencies do."""

    may = HOST

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Agencies"), endpoint="agencies", url="/operations/agencies")

    def is_visible(self) -> bool:
        return bool(current_user.account.operator)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page()

    @expose("/", methods=["POST"], may=HOST)
    def make(self) -> ResponseReturnValue:
        """All of what was typed and pasted, or nothing and the reason."""
        sent = request.form
        try:
            wanted = read_agencies(sent["table"]) if sent.get("table", "").strip() else []
            if not wanted or any(sent.get(name, "").strip() for name in ("agency", "name", "email")):
                wanted = [understood(*(sent.get(name, "") for name in ("agency", "name", "email"))), *wanted]
            made = [found_agency(db(), one, by=_operator(), at=now()) for one in wanted]
        except (NotUnderstoodError, ConflictError) as error:
            db().rollback()
            return self._page(problem=sentence(error)), error.http_status
        links = self._invite(made)
        flash(gettext("Agencies made: %(n)s.", n=number(len(made))), "success")
        return self.render("organisation/agencies_made.html", links=links)

    @expose("/coordinators/<int:member_id>/invite", methods=["POST"], may=HOST)
    def invite(self, member_id: int) -> ResponseReturnValue:
        """A new link for a coordinator who has not signed in yet."""
        is_coordinator = Member.roles.any(Role.role == RoleName.COORDINATOR)
        member = db().scalar(select(Member).where(Member.id == member_id, Member.active, is_coordinator))
        if member is None:
            raise NotFoundError("There is no such coordinator.", "ไม่พบผู้ประสานงานนี้")
        member_sign_in.member_without_sign_in(db(), member.agency_id, member_id)
        links = self._invite([member])
        if not links:
            return redirect(url_for("agencies.index"))
        return self.render("organisation/agencies_made.html", links=links)

    def _invite(self, members: list[Member]) -> list[tuple[Member, str]]:
        """Invites by e-mail where that is set up; gives the links that are to be handed over."""
        settings = site().settings
        by_mail = settings.smtp_url is not None
        waiting = []
        for member in members:
            if member_sign_in.join_known_account(db(), member, by_mail=by_mail):
                continue
            waiting.append((member, invitations.invite(db(), member, by_mail=by_mail, by=_operator(), at=now())))
        if not by_mail:
            return [(member, f"{settings.base_url}{path}") for member, path in waiting]
        db().commit()  # nobody waits for the mail server
        for member, path in waiting:
            try:
                invitations.send(settings, member, path, now())
            except DeliveryError as error:
                invitations.withdraw(db(), member)
                flash(f"{member.email}: {sentence(error)}", "error")
        return []

    def _page(self, *, problem: str | None = None) -> str:
        named = request.args.get("q", "").strip()
        query = select(Agency).order_by(Agency.name, Agency.id).limit(SHOWN)
        if named:
            query = query.where(Agency.name.contains(named, autoescape=True))
        agencies = db().scalars(query).all()
        open_invitation = exists().where(
            Invitation.member_id == Member.id, Invitation.used_at.is_(None), Invitation.expires_at > now()
        )
        coordinators: dict[int, list[tuple[Member, bool]]] = {agency.id: [] for agency in agencies}
        found = db().execute(
            select(Member, open_invitation)
            .join(Role, and_(Role.member_id == Member.id, Role.role == RoleName.COORDINATOR))
            .where(Member.active, Member.agency_id.in_(coordinators))
            .options(joinedload(Member.account))
            .order_by(Member.id)
        )
        for member, is_invited in found:
            coordinators[member.agency_id].append((member, is_invited))
        return self.render(
            "organisation/agencies.html",
            agencies=agencies,
            coordinators=coordinators,
            total=db().scalar(select(func.count(Agency.id))),
            named=named,
            typed=Founding(*(request.form.get(name, "") for name in ("agency", "name", "email"))),
            table=request.form.get("table", ""),
            most=MOST,
            problem=problem,
        )


def _operator() -> Actor:
    return Actor(person().account.email, "web")
