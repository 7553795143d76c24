"""Import of a plan: upload, see what was understood and what differs, say which column is what, then confirm."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from admin import uploads
from admin.base_view import CoordinatorPage
from admin.context import db, now, site, today
from admin.forms import Form
from admin.people import actor, agency, person
from admin.wording import fiscal_year, number, sentence
from tracker.errors import NotUnderstoodError
from tracker.plan_import import read_plan
from tracker.plan_import.draft import DraftPlan
from tracker.plan_import.grid import Table
from tracker.plan_import.header_words import FIELDS, TITLES
from tracker.plan_import.readers import read_document
from tracker.services.generate import UnitBook
from tracker.services.plans import PlanImport, import_plan
from tracker.thai.calendar import fiscal_year_of
from tracker.thai.text import squeeze_spaces

_HEADER_ROWS = 3
_LONGEST_HEADER = 80


class PlanUploadForm(Form):
    document = FileField(lazy_gettext("File of the plan"), [FileRequired(lazy_gettext("Choose the file of the plan."))])
    fiscal_year = SelectField(lazy_gettext("Fiscal year"), coerce=int)
    completed = BooleanField(lazy_gettext("It is a finished report: mark its tasks as done with its own results"))

    def __init__(self) -> None:
        super().__init__()
        this = fiscal_year_of(today())
        self.fiscal_year.choices = [SelectChoice(year, fiscal_year(year)) for year in range(this + 1, this - 6, -1)]
        if not self.is_submitted():
            self.fiscal_year.data = this

    def validate_document(self, field: FileField) -> None:
        if field.data and not field.data.filename:
            raise ValidationError(gettext("Choose the file of the plan."))


class PlanImportPage(CoordinatorPage):
    """From a document to tasks, in two steps."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import a plan"), endpoint="plan_import", url="/plan/import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render("plan_import.html", form=PlanUploadForm())

    @expose("/", methods=["POST"])
    def upload(self) -> ResponseReturnValue:
        form = PlanUploadForm()
        if not form.validate():
            return self.render("plan_import.html", form=form), 422
        data = form.document.data.read()
        found = uploads.Upload(
            agency_id=agency().id,
            account_id=person().account.id,
            name=form.document.data.filename,
            fiscal_year=form.fiscal_year.data,
            completed=form.completed.data,
        )
        try:
            read_document(data, found.name)
        except NotUnderstoodError as error:
            form.document.errors = [sentence(error)]
            return self.render("plan_import.html", form=form), 422
        return redirect(url_for("plan_import.preview", token=uploads.keep(site().uploads, data, found)))

    @expose("/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        try:
            draft = _draft(data, found)
        except NotUnderstoodError as error:
            return self.render(
                "plan_columns.html",
                problem=sentence(error),
                fields=[(name, TITLES[name]) for name in FIELDS],
                headers=_headers(data, found.name),
                chosen=found.columns,
                token=token,
            )
        return self.render(
            "plan_preview.html", draft=draft, upload=found, token=token, differences=_differences(draft, data, found)
        )

    @expose("/<token>/columns", methods=["POST"])
    def columns(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        chosen = {name: request.form[name] for name in FIELDS if request.form.get(name)}
        uploads.forget(site().uploads, token)
        again = uploads.keep(site().uploads, data, replace(found, columns=chosen))
        return redirect(url_for("plan_import.preview", token=again))

    @expose("/<token>", methods=["POST"])
    def confirm(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        result = _store(_draft(data, found), data, found)
        uploads.forget(site().uploads, token)
        created = ngettext(
            "%(n)s task created", "%(n)s tasks created", result.tasks_created, n=number(result.tasks_created)
        )
        flash(gettext("The plan was imported: %(created)s.", created=created), "success")
        return redirect(url_for("plan.index", year=found.fiscal_year))


def _waiting(token: str) -> tuple[bytes, uploads.Upload]:
    return uploads.find(site().uploads, token, agency_id=agency().id, account_id=person().account.id)


def _draft(data: bytes, found: uploads.Upload) -> DraftPlan:
    known = UnitBook(db(), agency().id).names
    return read_plan(data, found.name, found.fiscal_year, columns=found.columns, known_names=known)


def _store(draft: DraftPlan, data: bytes, found: uploads.Upload) -> PlanImport:
    zone = site().settings.zone
    return import_plan(
        db(), agency(), draft, data, found.name, completed=found.completed, tz=zone, by=actor(), at=now()
    )


def _differences(draft: DraftPlan, data: bytes, found: uploads.Upload) -> PlanImport:
    """What the import would do, tried and taken back."""
    with db().begin_nested() as trial:
        result = _store(draft, data, found)
        trial.rollback()
    db().expire_all()
    return result


def _headers(data: bytes, name: str) -> list[str]:
    """What may be a header: the short texts of the first rows of the document's tables."""
    texts = []
    for table in read_document(data, name).blocks:
        if isinstance(table, Table):
            filled = [row for row in table.rows if len(row.filled) > 1]
            texts += [squeeze_spaces(cell.text) for row in filled[:_HEADER_ROWS] for cell in row.filled]
    return list(dict.fromkeys(text for text in texts if len(text) <= _LONGEST_HEADER))
