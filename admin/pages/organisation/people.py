"""บุคลากร: everybody by unit, who is missing, units added and changed where they stand, and sign-ins for people."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select

from admin.pages.organisation.people_view import OF_UNIT, Opened, PeopleView
from admin.pages.organisation.person import words_sent
from admin.pages.organisation.unit_form import change_as_sent, own_unit, unit_values
from admin.web.base_view import expose
from admin.web.context import db, now, site
from admin.web.form_recovery import say
from admin.web.formatting import sentence
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.channels.base import DeliveryError
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import UnitKind
from tracker.models import Member, TaskUnit, Unit
from tracker.services.accounts import invitations, member_sign_in
from tracker.services.accounts.accounts import hashed
from tracker.services.accounts.first_sign_in import generated_password
from tracker.services.organisation import divisions, duties, units
from tracker.thai.duties import DUTIES


class PeoplePage(PeopleView):
    """Who answers for what."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("People"), endpoint="people", url="/people")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.listed()

    @expose("/staff")
    def own_staff_form(self) -> ResponseReturnValue:
        return self._staff(None)

    @expose("/staff", methods=["POST"], may=COORDINATOR)
    def own_staff(self) -> ResponseReturnValue:
        """A person with a duty in the agency as a whole."""
        return self._add(None)

    @expose("/units/<int:unit_id>/staff")
    def staff_form(self, unit_id: int) -> ResponseReturnValue:
        return self._staff(own_unit(unit_id))

    @expose("/units/<int:unit_id>/staff", methods=["POST"], may=COORDINATOR)
    def staff(self, unit_id: int) -> ResponseReturnValue:
        """A person for a unit."""
        return self._add(own_unit(unit_id))

    @expose("/units/add")
    def add_unit_form(self) -> ResponseReturnValue:
        return self.listed(Opened("unit-new", values={"name": ""}))

    @expose("/units/add", methods=["POST"], may=COORDINATOR)
    def add_unit(self) -> ResponseReturnValue:
        try:
            unit = divisions.add_unit(db(), agency(), request.form.get("name", ""), by=actor(), at=now())
        except NotUnderstoodError as error:
            db().rollback()
            problem = say(sentence(error), "name")
            return self.listed(Opened("unit-new", values=request.form, problem=problem, of_field="name")), 422
        flash(gettext("%(unit)s was added.", unit=unit.name), "success")
        return redirect(url_for("people.index", _anchor=f"unit-{unit.id}"))

    @expose("/units/<int:unit_id>/edit")
    def unit_form(self, unit_id: int) -> ResponseReturnValue:
        return self._unit(own_unit(unit_id))

    @expose("/units/<int:unit_id>/edit", methods=["POST"], may=COORDINATOR)
    def edit_unit(self, unit_id: int) -> ResponseReturnValue:
        """Name, other names and division of a unit."""
        unit = own_unit(unit_id)
        try:
            change_as_sent(unit)
        except (ConflictError, NotUnderstoodError) as error:
            db().rollback()
            problem = say(sentence(error), error.field)
            return self._unit(own_unit(unit_id), problem=problem, of_field=error.field), error.http_status
        flash(gettext("%(unit)s was changed.", unit=unit.name), "success")
        return redirect(url_for("people.index", _anchor=f"unit-{unit_id}"))

    @expose("/units/<int:unit_id>/merge")
    def merge_form(self, unit_id: int) -> ResponseReturnValue:
        """What would move, before two units become one."""
        gone = own_unit(unit_id)
        into = request.args.get("into", type=int)
        kept = own_unit(into) if into else None
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
        gone, kept = own_unit(unit_id), own_unit(request.form.get("into", 0, type=int))
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

    def _add(self, unit: Unit | None) -> ResponseReturnValue:
        sent, unit_id = request.form, unit.id if unit else None
        try:
            member = duties.add_person(db(), agency(), unit, words_sent(), sent.get("role", ""), by=actor(), at=now())
        except (ConflictError, NotUnderstoodError) as error:
            db().rollback()
            again = own_unit(unit_id) if unit_id else None
            return self._staff(again, problem=say(sentence(error), error.field), of_field=error.field), 422
        answers_for = unit.name if unit else agency().name
        flash(gettext("%(name)s answers for %(unit)s now.", name=member.name, unit=answers_for), "success")
        return redirect(url_for("people.index", _anchor=f"unit-{unit.id}" if unit else "agency"))

    def _staff(self, unit: Unit | None, *, problem: str = "", of_field: str | None = None) -> str:
        given = {"name": request.args.get("name", "")[:300], "role": request.args.get("role", "")}
        values = request.form if request.method == "POST" else given
        known = db().scalars(select(Member.name).where(Member.agency_id == agency().id).order_by(Member.name))
        more = {
            "names": known.all(),
            "duties": OF_UNIT if unit else [one for one in DUTIES if one not in OF_UNIT],
        }
        return self.listed(Opened("staff", "", unit.id if unit else None, None, values, problem, of_field, more))

    def _unit(self, unit: Unit, *, problem: str = "", of_field: str | None = None) -> str:
        own = unit_values(unit)
        tops = [one for one in _known_units() if one.parent_id is None and one is not unit]
        values = request.form if request.method == "POST" else own
        return self.listed(Opened("unit", "", unit.id, None, values, problem, of_field, {"tops": tops}, own))


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
