"""A person in the list of people: name and addresses, leave, duty, and its end; each a form in the person's row."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from admin.pages.organisation.people_view import Opened, PeopleView, duty_name
from admin.web.base_view import expose
from admin.web.context import db, now, today
from admin.web.form_recovery import say
from admin.web.formatting import day, sentence
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from admin.web.units import units_of
from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.kinds import RoleName
from tracker.models import Member, Role, Unit
from tracker.services.organisation import duties
from tracker.services.organisation.duties import PersonWords
from tracker.thai.days import read_day


class PersonPage(PeopleView):
    """One person of the list."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Person"), endpoint="person", url="/people/person")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("people.index"))

    @expose("/<int:member_id>/edit")
    def edit_form(self, member_id: int) -> ResponseReturnValue:
        return self._edit(_member(member_id))

    @expose("/<int:member_id>/edit", methods=["POST"], may=COORDINATOR)
    def edit(self, member_id: int) -> ResponseReturnValue:
        member = _member(member_id)
        try:
            duties.change_person(db(), member, words_sent(), by=actor(), at=now())
        except (ConflictError, NotUnderstoodError) as error:
            return self._refused(error, member_id, self._edit)
        return _saved(gettext("%(name)s was changed.", name=member.name), member)

    @expose("/<int:member_id>/leave")
    def leave_form(self, member_id: int) -> ResponseReturnValue:
        return self._leave(_member(member_id))

    @expose("/<int:member_id>/leave", methods=["POST"], may=COORDINATOR)
    def leave(self, member_id: int) -> ResponseReturnValue:
        member = _member(member_id)
        try:
            first, last = (
                read_day(text, today(), "ahead") if (text := request.form.get(name, "").strip()) else None
                for name in ("away_from", "away_until")
            )
            duties.set_leave(db(), member, first, last, by=actor(), at=now())
        except NotUnderstoodError as error:
            return self._refused(error, member_id, self._leave)
        return _saved(
            gettext("%(name)s is on leave from %(day)s on.", name=member.name, day=day(first))
            if first
            else gettext("%(name)s is not on leave.", name=member.name),
            member,
        )

    @expose("/<int:member_id>/duty")
    def duty_form(self, member_id: int) -> ResponseReturnValue:
        return self._duty(_member(member_id))

    @expose("/<int:member_id>/duty", methods=["POST"], may=COORDINATOR)
    def duty(self, member_id: int) -> ResponseReturnValue:
        """Another unit or duty instead of the one of the row; where it has none, one more."""
        member, unit_id = _member(member_id), request.form.get("unit", type=int)
        try:
            duties.give_duty(
                db(),
                member,
                own_unit(unit_id) if unit_id else None,
                request.form.get("role", ""),
                instead_of=_role(member),
                head_becomes=request.form.get("head_becomes", ""),
                by=actor(),
                at=now(),
            )
        except (ConflictError, NotUnderstoodError) as error:
            return self._refused(error, member_id, self._duty)
        return _saved(gettext("%(name)s has the duty now.", name=member.name), member)

    @expose("/<int:member_id>/end")
    def end_form(self, member_id: int) -> ResponseReturnValue:
        return self._end(_member(member_id))

    @expose("/<int:member_id>/end", methods=["POST"], may=COORDINATOR)
    def end(self, member_id: int) -> ResponseReturnValue:
        member, follower = _member(member_id), request.form.get("follower", type=int)
        role = _role(member)
        if role is None:
            raise NotFoundError("This duty has ended already.", "หน้าที่นี้สิ้นสุดไปแล้ว")
        try:
            duties.end_duty(db(), role, _member(follower) if follower else None, by=actor(), at=now())
        except ConflictError as error:
            return self._refused(error, member_id, self._end)
        if member.active:
            return _saved(gettext("The duty of %(name)s has ended.", name=member.name), member)
        return _saved(gettext("%(name)s is out of office and signs in no more.", name=member.name), member)

    def _refused(
        self, error: ConflictError | NotUnderstoodError, member_id: int, form: Callable[..., str]
    ) -> ResponseReturnValue:
        db().rollback()
        words = say(sentence(error), error.field)
        return form(_member(member_id), problem=words, of_field=error.field), error.http_status

    def _edit(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        own = {"name": member.name, "position": member.position, "email": member.email, "phone": member.phone}
        return self._opened("edit", member, own, problem, of_field)

    def _leave(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        days = {name: day(value) if (value := getattr(member, name)) else "" for name in ("away_from", "away_until")}
        return self._opened("leave", member, days, problem, of_field)

    def _duty(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        role = _role(member)
        own = {"unit": str(role.unit_id or "") if role else "", "role": duties.duty_word(role) if role else ""}
        return self._opened("duty", member, own, problem, of_field, units=units_of(agency().id))

    def _end(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        role = _role(member)
        if role is None:
            raise NotFoundError("This duty has ended already.", "หน้าที่นี้สิ้นสุดไปแล้ว")
        others = (
            select(Member).where(Member.agency_id == agency().id, Member.active, Member.id != member.id)
            if role.role is RoleName.HEAD
            else None
        )
        return self._opened(
            "end",
            member,
            {"follower": ""},
            problem,
            of_field,
            duty=duty_name(role),
            is_last=len(member.roles) == 1,
            others=db().scalars(others.order_by(Member.name, Member.id)).all() if others is not None else (),
        )

    def _opened(
        self,
        what: str,
        member: Member,
        own: Mapping[str, str | None],
        problem: str,
        of_field: str | None,
        **more: object,
    ) -> str:
        values = request.form if request.method == "POST" else {name: value or "" for name, value in own.items()}
        return self.listed(Opened(what, _key(member), None, _role(member), values, problem, of_field, more))


def words_sent() -> PersonWords:
    """The person as the form has it."""
    return PersonWords(*(request.form.get(name, "") for name in ("name", "position", "email", "phone")))


def own_unit(unit_id: int) -> Unit:
    """The unit of the own agency; NotFoundError where there is none."""
    unit = db().scalar(select(Unit).where(Unit.agency_id == agency().id, Unit.id == unit_id, Unit.kind != "group"))
    if unit is None:
        raise NotFoundError("There is no such unit.", "ไม่พบหน่วยงานนี้")
    return unit


def _member(member_id: int) -> Member:
    member = db().scalar(select(Member).where(Member.agency_id == agency().id, Member.id == member_id))
    if member is None:
        raise NotFoundError("There is no such person in your agency.", "ไม่พบบุคลากรคนนี้ในหน่วยงานของท่าน")
    return member


def _role(member: Member) -> Role | None:
    """The duty that the row has (``?of=``), where the person still has it."""
    of = request.values.get("of", type=int)
    return next((role for role in member.roles if role.id == of), None)


def _key(member: Member) -> str:
    """The row of the person that is meant, else the first."""
    role = _role(member) or next(iter(member.roles), None)
    return f"{member.id}-{role.id if role else 0}"


def _saved(words: str, member: Member) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("people.index", _anchor=f"person-{_key(member)}"))
