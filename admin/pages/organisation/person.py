"""A person in the list of people: name and addresses, leave, duty, and its end; each a form in the person's row."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from admin.pages.organisation.people_view import Opened, PeopleView, duty_name
from admin.pages.organisation.unit_form import own_unit
from admin.web.base_view import expose
from admin.web.context import db, now, today
from admin.web.form_recovery import say
from admin.web.formatting import day, sentence
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, names, quoted, to_keep
from admin.web.units import units_of
from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.kinds import RoleName
from tracker.models import Member, Role
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
            kept = self._compared(member, _words(member))
            duties.change_person(db(), member, PersonWords(**kept), by=actor(), at=now())
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
            kept = self._compared(member, _leave_days(member))
            first, last = (read_day(text, today(), "ahead") if text.strip() else None for text in kept.values())
            duties.set_leave(db(), member, first, last, by=actor(), at=now())
        except (ConflictError, NotUnderstoodError) as error:
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
            changed_fields(
                {"role": f"{unit_id or ''} {request.form.get('role', '')}"},
                _duty_of(member),
                ("person_staffed", "role_changed", "role_deleted"),
                lambda _: quoted(gettext("Duty"), _duty_words(member)),
                lambda event: any(member.name in str(value) for value in event.details.values()),
            )
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
        return _saved(gettext("%(name)s is no longer in post and cannot sign in.", name=member.name), member)

    def _refused(
        self, error: ConflictError | NotUnderstoodError, member_id: int, form: Callable[..., str]
    ) -> ResponseReturnValue:
        db().rollback()
        words = say(sentence(error), error.field)
        return form(_member(member_id), problem=words, of_field=error.field), error.http_status

    def _edit(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        return self._opened("edit", member, _words(member), problem, of_field)

    def _leave(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        return self._opened("leave", member, _leave_days(member), problem, of_field)

    def _duty(self, member: Member, *, problem: str = "", of_field: str | None = None) -> str:
        role = _role(member)
        own = {"unit": str(role.unit_id or "") if role else "", "role": duties.duty_word(role) if role else ""}
        units = units_of(agency().id)
        return self._opened("duty", member, own, problem, of_field, stands=_duty_of(member), units=units)

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
            stands={},
            duty=duty_name(role),
            is_last=len(member.roles) == 1,
            others=db().scalars(others.order_by(Member.name, Member.id)).all() if others is not None else (),
        )

    def _opened(
        self,
        what: str,
        member: Member,
        own: Mapping[str, str],
        problem: str,
        of_field: str | None,
        stands: Mapping[str, str] | None = None,
        **more: object,
    ) -> str:
        values = request.form if request.method == "POST" else own
        shown = own if stands is None else stands
        return self.listed(Opened(what, _key(member), None, _role(member), values, problem, of_field, more, shown))

    def _compared(self, member: Member, stands: Mapping[str, str]) -> dict[str, str]:
        """The values to save; ConflictError where somebody else changed one of them meanwhile."""
        labels = {
            "name": gettext("Name"),
            "position": gettext("Position"),
            "email": gettext("E-mail"),
            "phone": gettext("Telephone"),
            "away_from": gettext("On leave from"),
            "away_until": gettext("On leave until"),
        }
        typed = {name: request.form.get(name, "") for name in stands}
        kinds = ("member_changed", "preferences_changed")
        return to_keep(typed, stands, kinds, lambda name: quoted(labels[name], stands[name]), names(member))


def words_sent() -> PersonWords:
    """The person as the form has it."""
    return PersonWords(*(request.form.get(name, "") for name in ("name", "position", "email", "phone")))


def _member(member_id: int) -> Member:
    member = db().scalar(select(Member).where(Member.agency_id == agency().id, Member.id == member_id))
    if member is None:
        raise NotFoundError("There is no such person in your agency.", "ไม่พบบุคลากรคนนี้ในหน่วยงานของท่าน")
    return member


def _words(member: Member) -> dict[str, str]:
    return {name: getattr(member, name) or "" for name in ("name", "position", "email", "phone")}


def _leave_days(member: Member) -> dict[str, str]:
    return {name: day(value) if (value := getattr(member, name)) else "" for name in ("away_from", "away_until")}


def _duty_of(member: Member) -> dict[str, str]:
    """Unit and duty as one value: neither means anything without the other."""
    role = _role(member)
    return {"role": f"{role.unit_id or ''} {duties.duty_word(role)}" if role else ""}


def _duty_words(member: Member) -> str:
    role = _role(member)
    return f"{duty_name(role)} {role.unit.name if role.unit else ''}".strip() if role else ""


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
