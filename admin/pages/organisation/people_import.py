"""นำเข้าบุคลากร: a table of units and people, seen with its differences first, then taken over."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, now, site, writing
from admin.web.formatting import number, sentence
from admin.web.forms import Form
from admin.web.identity import actor, agency, person
from admin.web.may import COORDINATOR
from tracker.errors import TrackerError
from tracker.models import Agency
from tracker.services.organisation.people import PeopleImport, import_people
from tracker.services.organisation.people_table import COLUMNS, read_people
from tracker.services.plans import uploads


class PeopleUploadForm(Form):
    document = FileField(
        lazy_gettext("Table of units and people"), [FileRequired(lazy_gettext("Choose the file of the people."))]
    )


class PeopleImportPage(CoordinatorPage):
    """From a table to people, in two steps."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import people"), endpoint="people_import", url="/people/import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(PeopleUploadForm(formdata=None))

    @expose("/", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def upload(self) -> ResponseReturnValue:
        form = PeopleUploadForm()
        if not form.validate():
            return self._page(form), 422
        data, name = form.document.data.read(), form.document.data.filename
        try:
            _try_out(data, name)
        except TrackerError as error:
            form.document.errors = [sentence(error)]
            return self._page(form), error.http_status
        kept = uploads.Upload(agency().id, person().account.id, name, 0, kind="people")
        return redirect(url_for("people_import.preview", token=uploads.keep(writing(), data, kept, now())))

    @expose("/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        data, kept = _waiting(token)
        result = _try_out(data, kept.name)
        return self.render("organisation/people_preview.html", result=result, name=kept.name)

    @expose("/<token>", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def confirm(self, token: str) -> ResponseReturnValue:
        data, kept = _waiting(token)
        rows = read_people(data, kept.name)
        result = import_people(writing(), agency(), rows, by=actor(), at=now())
        uploads.forget(writing(), token, "people")
        words = gettext(
            "%(units)s units and %(people)s people are known; %(tasks)s tasks were created.",
            units=number(result.units), people=number(result.members), tasks=number(result.tasks_created),
        )  # fmt: skip
        flash(words if result.changes else gettext("The table changes nothing."), "success")
        return redirect(url_for("people.index"))

    def _page(self, form: PeopleUploadForm) -> str:
        return self.render("organisation/people_import.html", form=form, columns=COLUMNS)


def _waiting(token: str) -> tuple[bytes, uploads.Upload]:
    """The table that this person sent under the token; NotFoundError where it is another's or gone."""
    uploads.find(db(), token, now(), agency_id=agency().id, account_id=person().account.id, kind="people")
    return uploads.content(db(), token, now(), "people")


def _try_out(data: bytes, name: str) -> PeopleImport:
    """What the table would change, tried and taken back."""
    rows = read_people(data, name)
    with site().database.session(writing=True) as session:  # ended without a commit
        return import_people(session, session.get_one(Agency, agency().id), rows, by=actor(), at=now())
