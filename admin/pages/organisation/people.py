"""บุคลากร: units with their people, who is missing, units that are one, and sign-ins for people."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site
from admin.web.form_recovery import say
from admin.web.formatting import sentence
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.channels.base import DeliveryError
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.kinds import UnitKind
from tracker.models import Invitation, Member, Role, SignedIn, TaskUnit, Unit
from tracker.services.accounts import invitations, member_sign_in
from tracker.services.accounts.accounts import hashed
from tracker.services.accounts.first_sign_in import generated_password
from tracker.services.organisation import units


class PeoplePage(CoordinatorPage):
    """Who answers for what."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("People"), endpoint="people", url="/people")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page()

    @expose("/units/<int:unit_id>/staff", methods=["POST"], may=COORDINATOR)
    def staff(self, unit_id: int) -> ResponseReturnValue:
        """A person for a unit that needs one."""
        unit, sent = _unit(unit_id), request.form
        try:
            member = units.staff(
                db(),
                unit,
                name=sent.get("name", ""),
                email=sent.get("email", ""),
                role=sent.get("role", "head"),
                by=actor(),
                at=now(),
            )
        except NotUnderstoodError as error:
            db().rollback()
            return self._page(problem=say(sentence(error), error.field), of_unit=unit_id), 422
        flash(gettext("%(name)s answers for %(unit)s now.", name=member.name, unit=unit.name), "success")
        return redirect(url_for("people.index", _anchor=f"unit-{unit_id}"))

    @expose("/units/<int:unit_id>/merge")
    def merge_form(self, unit_id: int) -> ResponseReturnValue:
        """What would move, before two units become one."""
        gone = _unit(unit_id)
        into = request.args.get("into", type=int)
        kept = _unit(into) if into else None
        of_gone = select(TaskUnit.task_id).where(TaskUnit.unit_id == gone.id)
        return self.render(
            "organisation/unit_merge.html",
            gone=gone,
            kept=kept,
            others=[unit for unit in _known_units() if unit is not gone],
            tasks=db().scalar(select(func.count()).select_from(of_gone.subquery())) or 0,
        )

    @expose("/units/<int:unit_id>/merge", methods=["POST"], may=COORDINATOR)
    def merge(self, unit_id: int) -> ResponseReturnValue:
        gone, kept = _unit(unit_id), _unit(request.form.get("into", 0, type=int))
        name = gone.name
        sequence = units.merge_units(db(), gone, kept, by=actor(), at=now())
        flash(gettext("“%(gone)s” is “%(kept)s” now.", gone=name, kept=kept.name), f"undo-merge:{sequence}")
        return redirect(url_for("people.index", _anchor=f"unit-{kept.id}"))

    @expose("/<int:member_id>/sign-in", methods=["POST"], may=COORDINATOR)
    def sign_in(self, member_id: int) -> ResponseReturnValue:
        """A sign-in for a member who has none; the password is shown this once."""
        password = generated_password()
        password_hash = hashed(password)  # before the first query, with which this request begins to write
        member = _without_sign_in(member_id)
        if _joined(member):
            return redirect(url_for("people.index"))
        member_sign_in.give_sign_in(db(), member, password_hash, by=actor(), at=now())
        return self.render("organisation/new_sign_in.html", member=member, password=password)

    @expose("/<int:member_id>/invite", methods=["POST"], may=COORDINATOR)
    def invite(self, member_id: int) -> ResponseReturnValue:
        """By e-mail to the address alone, or to the linked LINE account; else as a link to hand over, shown once."""
        member, settings = _without_sign_in(member_id), site().settings
        by_line = request.form.get("by") == "line" and settings.line_configured and member.line_user_id is not None
        by_mail = settings.smtp_url is not None and not by_line
        if _joined(member, by_mail=by_mail):
            return redirect(url_for("people.index"))
        path = invitations.invite(db(), member, by_mail=by_mail, by=actor(), at=now())
        if not by_mail and not by_line:
            return self.render("organisation/invited.html", member=member, link=f"{settings.base_url}{path}")
        db().commit()  # nobody waits for the mail server
        try:
            (invitations.send_by_line if by_line else invitations.send)(settings, member, path, now())
        except DeliveryError as error:
            invitations.withdraw(db(), member)
            flash(sentence(error), "error")
            return redirect(url_for("people.index"))
        if by_line:
            words = gettext("%(name)s was invited by LINE; the link is good for seven days.", name=member.name)
        else:
            words = gettext("%(name)s was invited by e-mail; the link is good for seven days.", name=member.name)
        flash(words, "success")
        return redirect(url_for("people.index"))

    def _page(self, *, problem: str | None = None, of_unit: int | None = None) -> str:
        found = db().scalars(
            select(Unit)
            .where(Unit.agency_id == agency().id, Unit.active, Unit.kind != UnitKind.GROUP)
            .options(selectinload(Unit.roles).joinedload(Role.member), selectinload(Unit.parent))
            .order_by(~Unit.known, Unit.position, Unit.id)
        )
        others = db().scalars(
            select(Role)
            .where(Role.agency_id == agency().id, Role.unit_id.is_(None))
            .options(selectinload(Role.member))
            .order_by(Role.role, Role.rank, Role.id)
        )
        last_seen = select(SignedIn.account_id, func.max(SignedIn.seen_at)).join(
            Member, Member.account_id == SignedIn.account_id
        )
        seen = db().execute(last_seen.where(Member.agency_id == agency().id).group_by(SignedIn.account_id))
        invited = db().execute(
            select(Invitation.member_id, func.max(Invitation.expires_at))
            .where(Invitation.agency_id == agency().id, Invitation.used_at.is_(None), Invitation.expires_at > now())
            .group_by(Invitation.member_id)
        )
        return self.render(
            "organisation/people.html",
            seen={account: at for account, at in seen},  # noqa: C416  (rows, not pairs)
            invited={member: until for member, until in invited},  # noqa: C416
            units=found.all(),
            others=others.all(),
            problem=problem,
            of_unit=of_unit,
        )


def _unit(unit_id: int) -> Unit:
    unit = db().scalar(
        select(Unit).where(Unit.agency_id == agency().id, Unit.id == unit_id, Unit.kind != UnitKind.GROUP)
    )
    if unit is None:
        raise NotFoundError("There is no such unit.", "ไม่พบหน่วยงานนี้")
    return unit


def _known_units() -> list[Unit]:
    query = select(Unit).where(Unit.agency_id == agency().id, Unit.active, Unit.kind != UnitKind.GROUP)
    return list(db().scalars(query.order_by(~Unit.known, Unit.position, Unit.id)))


def _without_sign_in(member_id: int) -> Member:
    return member_sign_in.member_without_sign_in(db(), agency().id, member_id)


def _joined(member: Member, *, by_mail: bool = False) -> bool:
    """Whether the address had an account, which now opens this agency too: the person reads that then."""
    if not member_sign_in.join_known_account(db(), member, by_mail=by_mail):
        return False
    flash(gettext("%(name)s has a sign-in already, which opens this agency now too.", name=member.name), "success")
    return True
