"""Reference data under Flask-Admin: units, people, roles, days off, settings; and the state tables, read-only."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext, lazy_gettext, ngettext
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Query
from werkzeug.local import LocalProxy
from wtforms import SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from admin.web.base_view import Guarded, expose
from admin.web.context import db, now, site
from admin.web.form_filling import SEEN
from admin.web.formatting import day, number, sentence, yes_or_no
from admin.web.forms import DayField, SecureForm, SeenField
from admin.web.identity import actor, agency, viewer
from admin.web.labels import KINDS, ROLES, kind_name, role_name, state_name
from admin.web.may import COORDINATOR
from admin.web.request_numbers import whole
from admin.web.two_savers import names, stamp, take_in, values_of
from tracker.errors import TrackerError
from tracker.models import Agency, DayOff, Member, Role, Task, Unit, UnitAlias
from tracker.services.organisation import reference
from tracker.services.organisation.units import add_alias

LAST_PLACE = 9_999
"""The last place that a unit may have in lists."""


class _RequestDatabase(SQLAlchemy):
    """Flask-Admin asks its database for a session: it gets the request's own."""

    def __init__(self) -> None:
        self.session = LocalProxy(db)  # type: ignore[assignment]  # a proxy is as good as their registry


_DATABASE = _RequestDatabase()


def _is_readable(way_back: str) -> bool:
    """Whether Flask-Admin, which leads back there or to its list, can read the address at all."""
    try:
        urlsplit(way_back.replace("\\", "/"))
    except ValueError:
        return False
    return way_back.isprintable()


class _ReferenceView(Guarded, ModelView):
    """Rows of the coordinator's own agency, and of no other."""

    form_base_class = SecureForm
    list_template = "organisation/reference_list.html"
    create_template = "organisation/reference_create.html"
    edit_template = "organisation/reference_edit.html"
    is_reference = True
    is_table = True
    """Whether it stands among the reference tables: what has a page of its own does not."""
    may = COORDINATOR
    page_size = 100
    can_set_page_size = False
    column_type_formatters = {  # noqa: RUF012
        type(None): lambda _view, _value, _name: "",
        int: lambda _view, value, _name: number(value),
    }
    action_disallowed_list = ("delete",)

    def __init__(self, model: type, name: Any, endpoint: str) -> None:
        super().__init__(model, _DATABASE, name=name, endpoint=endpoint)

    def is_visible(self) -> bool:
        return False

    def _run_view(self, view: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if not _is_readable(request.values.get("url", "")):
            abort(400)
        return super()._run_view(view, *arguments, **named)

    def get_query(self) -> Query[Any]:
        return self.own(super().get_query())

    def get_count_query(self) -> Query[Any]:
        return self.own(super().get_count_query())

    def own(self, query: Query[Any]) -> Query[Any]:
        """The rows of the signed-in person's agency."""
        return query.filter(self.model.agency_id == viewer().agency_id)

    def get_one(self, id: Any) -> Any:  # noqa: A002
        try:
            row = super().get_one(str(whole(id)))
        except ValueError:
            return None
        return row if row is not None and row.agency_id == viewer().agency_id else None

    def handle_view_exception(self, exc: Exception) -> bool:
        db().rollback()
        if isinstance(exc, IntegrityError):
            flash(gettext("There is another one of this name or day, or something still refers to this one."), "error")
            return True
        if isinstance(exc, TrackerError):
            flash(sentence(exc), "error")
            return True
        return bool(super().handle_view_exception(exc))

    def get_edit_form(self) -> Any:
        form_class = super().get_edit_form()
        setattr(form_class, SEEN, SeenField())
        return form_class

    def edit_form(self, obj: Any = None) -> Any:
        form = super().edit_form(obj)
        form[SEEN].data = stamp(values_of(self._stored(obj)))
        return form

    def update_model(self, form: Any, model: Any) -> bool:
        """What a colleague saved meanwhile stays; ConflictError where both changed the same field."""
        take_in(form, self._stored(model), (f"{self.endpoint}_changed",), names(model))
        return bool(super().update_model(form, model))

    def _stored(self, model: Any) -> Any:
        """The form as it would be shown now."""
        return self._edit_form_class(obj=model)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:  # noqa: ARG002  Flask-Admin's
        if is_created:
            model.agency_id = viewer().agency_id
        changes = {} if is_created else reference.changes_of(model)
        self.prepare(model)
        reference.settle(db(), agency(), f"{self.endpoint}_changed", model, changes=changes, by=actor(), at=now())

    def on_model_delete(self, model: Any) -> None:
        reference.settle(db(), agency(), f"{self.endpoint}_deleted", model, by=actor(), at=now())

    def prepare(self, model: Any) -> None:
        """Sets what the form does not; TrackerError where the row makes no sense."""


def _of_agency(model: Any, *order: Any) -> Callable[[], Any]:
    return lambda: db().query(model).filter(model.agency_id == viewer().agency_id).order_by(*order)


def _choices(words: Mapping[Any, Any]) -> dict[str, Any]:
    return {"choices": [SelectChoice(value, word) for value, word in words.items()]}


_UNITS = {"query_factory": _of_agency(Unit, Unit.position, Unit.id), "blank_text": "–"}
_MEMBERS = {"query_factory": _of_agency(Member, Member.name, Member.id)}


class UnitView(_ReferenceView):
    can_delete = False
    column_list = form_columns = ("name", "kind", "parent", "position", "known", "active", "remind_staff")
    column_default_sort = "position"
    column_labels = {  # noqa: RUF012
        "name": lazy_gettext("Name"), "kind": lazy_gettext("Kind"), "parent": lazy_gettext("Under"),
        "position": lazy_gettext("Position in lists"), "known": lazy_gettext("Confirmed"),
        "active": lazy_gettext("In use"), "remind_staff": lazy_gettext("Remind the staff too"),
    }  # fmt: skip
    form_overrides = {"kind": SelectField}  # noqa: RUF012
    form_args = {  # noqa: RUF012
        "parent": _UNITS, "kind": _choices(KINDS), "position": {"validators": [NumberRange(0, LAST_PLACE)]},
    }  # fmt: skip
    column_formatters = {  # noqa: RUF012
        "kind": lambda _view, _context, row, _name: kind_name(row.kind),
        "known": lambda _view, _context, row, _name: yes_or_no(row.known),
        "active": lambda _view, _context, row, _name: yes_or_no(row.active),
        "remind_staff": lambda _view, _context, row, _name: yes_or_no(row.remind_staff),
    }

    def prepare(self, model: Unit) -> None:
        reference.prepare_unit(db(), model, by=actor(), at=now())


class AliasView(_ReferenceView):
    column_list = form_columns = ("name", "unit")
    column_labels = {"name": lazy_gettext("Other name"), "unit": lazy_gettext("Unit")}  # noqa: RUF012
    form_args = {"unit": _UNITS}  # noqa: RUF012

    def create_model(self, form: Any) -> bool:
        """Also takes over the tasks of a unit that only a plan named so."""
        try:
            add_alias(db(), form.unit.data, form.name.data, by=actor(), at=now())
        except TrackerError as error:
            self.handle_view_exception(error)
            return False
        return True

    def prepare(self, model: UnitAlias) -> None:
        reference.prepare_alias(model)


class MemberView(_ReferenceView):
    can_delete = False
    column_list = ("name", "email", "away_from", "away_until", "active")
    form_columns = ("name", "email", "phone", "line_user_id", "away_from", "away_until", "active")
    column_labels = {  # noqa: RUF012
        "name": lazy_gettext("Name"), "email": lazy_gettext("E-mail"), "phone": lazy_gettext("Telephone"),
        "line_user_id": lazy_gettext("LINE user id"),
        "away_from": lazy_gettext("On leave from"), "away_until": lazy_gettext("On leave until"),
        "active": lazy_gettext("In use"),
    }  # fmt: skip
    form_overrides = {"away_from": DayField, "away_until": DayField}  # noqa: RUF012
    column_formatters = {  # noqa: RUF012
        "away_from": lambda _view, _context, row, _name: day(row.away_from, "short") if row.away_from else "",
        "away_until": lambda _view, _context, row, _name: day(row.away_until, "short") if row.away_until else "",
        "active": lambda _view, _context, row, _name: yes_or_no(row.active),
    }

    def prepare(self, model: Member) -> None:
        reference.prepare_member(db(), model)


class RoleView(_ReferenceView):
    column_list = form_columns = ("member", "role", "unit", "rank")
    column_labels = {  # noqa: RUF012
        "member": lazy_gettext("Person"), "role": lazy_gettext("Role"), "unit": lazy_gettext("Unit"),
        "rank": lazy_gettext("Rank of an executive (one or two)"),
    }  # fmt: skip
    form_overrides = {"role": SelectField}  # noqa: RUF012
    form_args = {"unit": _UNITS, "member": _MEMBERS, "role": _choices(ROLES)}  # noqa: RUF012
    column_formatters = {"role": lambda _view, _context, row, _name: role_name(row.role)}  # noqa: RUF012

    def prepare(self, model: Role) -> None:
        reference.prepare_role(db(), model)

    def on_model_delete(self, model: Role) -> None:
        reference.check_coordinator_left(db(), viewer().agency_id, without=model)
        super().on_model_delete(model)


class DayOffView(_ReferenceView):
    is_table = False
    column_list = form_columns = ("on", "name", "off")
    column_default_sort = ("on", True)
    column_labels = {"on": lazy_gettext("Day"), "name": lazy_gettext("Name"), "off": lazy_gettext("Offices are closed")}  # noqa: RUF012
    form_overrides = {"on": DayField}  # noqa: RUF012
    column_formatters = {  # noqa: RUF012
        "on": lambda _view, _context, row, _name: day(row.on, "long"),
        "off": lambda _view, _context, row, _name: yes_or_no(row.off),
    }


class WorkingDaysField(StringField):
    """Three numbers of working days: 3, 7, 30."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(str(days) for days in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = [part.strip() for part in (valuelist[0] if valuelist else "").split(",")]
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):
            raise ValueError(gettext("Write three numbers of working days, such as 3, 7, 30."))
        self.data = [int(part) for part in parts]
        try:
            reference.check_escalation(self.data)
        except TrackerError as error:
            raise ValueError(sentence(error)) from None


class SettingsView(_ReferenceView):
    """One row, so that its form is its list."""

    is_table = False
    can_create = can_delete = False
    edit_template = "organisation/reference_settings.html"
    form_columns = (
        "name", "place", "send_from", "send_until", "review", "thai_digits", "escalate_after",
        "upcoming_required", "messages_required", "factor_required",
    )  # fmt: skip
    form_overrides = {"send_from": TimeField, "send_until": TimeField, "escalate_after": WorkingDaysField}  # noqa: RUF012
    column_labels = {  # noqa: RUF012
        "name": lazy_gettext("Name of the agency"), "place": lazy_gettext("District and province"),
        "send_from": lazy_gettext("Send reminders from"), "send_until": lazy_gettext("Send reminders until"),
        "review": lazy_gettext("The coordinator reviews what is ticked off"),
        "thai_digits": lazy_gettext("Thai digits in documents"),
        "escalate_after": lazy_gettext("Working days late until coordinator, clerk and mayor are told"),
        "upcoming_required": lazy_gettext("Nobody may turn off reminders of days to come"),
        "messages_required": lazy_gettext("Nobody may choose the mailbox alone"),
        "factor_required": lazy_gettext("Coordinators sign in with a second factor from the first day"),
    }  # fmt: skip

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        return redirect(self.get_url(".edit_view", id=viewer().agency_id))

    def edit_form(self, obj: Agency | None = None) -> Any:
        form = super().edit_form(obj)
        if site().settings.second_factor_required:
            days = site().settings.factor_grace.days
            form.factor_required.description = ngettext(
                "The installation asks for it anyway, %(n)s day after an account is made; here at once.",
                "The installation asks for it anyway, %(n)s days after an account is made; here at once.",
                days, n=number(days),
            )  # fmt: skip
        return form

    def own(self, query: Query[Any]) -> Query[Any]:
        return query.filter(Agency.id == viewer().agency_id)

    def get_one(self, id: Any) -> Any:  # noqa: A002
        return agency() if str(id) == str(viewer().agency_id) else None

    def prepare(self, model: Agency) -> None:
        reference.prepare_agency(model)


class RecordView(_ReferenceView):
    """A table that carries state: shown, never edited here."""

    can_create = can_edit = can_delete = False
    column_display_actions = False


class TaskRecords(RecordView):
    column_list = ("id", "title", "scheduled_on", "due_on", "state")
    column_searchable_list = ("title",)
    column_labels = {  # noqa: RUF012
        "id": lazy_gettext("Number"), "title": lazy_gettext("Task"), "scheduled_on": lazy_gettext("Planned for"),
        "due_on": lazy_gettext("Due"), "state": lazy_gettext("State"),
    }  # fmt: skip
    column_formatters = {  # noqa: RUF012
        "scheduled_on": lambda _view, _context, row, _name: day(row.scheduled_on, "short"),
        "due_on": lambda _view, _context, row, _name: day(row.due_on, "short"),
        "state": lambda _view, _context, row, _name: state_name(row.state),
    }


def reference_views() -> list[_ReferenceView]:
    """The editors and records, in the order of their tabs."""
    return [
        UnitView(Unit, lazy_gettext("Units"), "unit"),
        AliasView(UnitAlias, lazy_gettext("Other names"), "unit_alias"),
        MemberView(Member, lazy_gettext("Persons"), "member"),
        RoleView(Role, lazy_gettext("Roles"), "role"),
        DayOffView(DayOff, lazy_gettext("Days off"), "day_off"),
        SettingsView(Agency, lazy_gettext("Settings"), "settings"),
        TaskRecords(Task, lazy_gettext("Task records"), "task_records"),
    ]
