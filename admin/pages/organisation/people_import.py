"""นำเข้าบุคลากร: people pasted from Excel or a chat, or a file; read, asked about, then taken over.

What was pasted and answered is kept for a day: whoever leaves and comes back finds the same place.
"""

from dataclasses import replace
from functools import partial

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from admin.pages.organisation.people_questions import button_words, question_words
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, end_read_transaction, now, site, writing
from admin.web.formatting import number, sentence
from admin.web.identity import actor, agency, person
from admin.web.may import COORDINATOR
from tracker.errors import TrackerError
from tracker.kinds import UnitKind
from tracker.models import Unit
from tracker.plan_import.parties import party_key
from tracker.services.organisation.pasted_people import HEADINGS, is_old_table, read_pasted
from tracker.services.organisation.people import PeopleImport, import_in_steps, try_people
from tracker.services.organisation.people_form import people_form
from tracker.services.organisation.people_preview import Preview, preview
from tracker.services.organisation.people_table import read_people
from tracker.services.organisation.people_taking import take_people
from tracker.services.plans import uploads

PASTED = "pasted.txt"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PeopleImportPage(CoordinatorPage):
    """From a paste or a table to people, in two steps."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import people"), endpoint="people_import", url="/people/import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page()

    @expose("/", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def upload(self) -> ResponseReturnValue:
        """A file, else the text of the box, which stays there where nobody is found in it."""
        sent = request.files.get("document")
        if sent and sent.filename:
            data, name = sent.read(), sent.filename
        else:
            data, name = request.form.get("text", "").encode(), PASTED
        try:
            site().evidence.check_room(len(data))
            if is_old_table(data, name):
                _try_out(data, name)
            else:
                read_pasted(data, name)
        except TrackerError as error:
            return self._page(problem=sentence(error)), error.http_status
        kept = uploads.Upload(agency().id, person().account.id, name, 0, kind="people")
        return redirect(url_for("people_import.preview", token=uploads.keep(writing(), data, kept, now())))

    @expose("/form.xlsx")
    def form(self) -> Response:
        """The table to fill in, with the agency's own units."""
        units = select(Unit.name).where(Unit.agency_id == agency().id, Unit.active, Unit.kind != UnitKind.GROUP)
        data = people_form(list(db().scalars(units.order_by(Unit.position, Unit.id))))
        headers = {"Content-Disposition": 'attachment; filename="people.xlsx"'}
        return Response(data, mimetype=_SHEET, headers=headers)

    @expose("/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        data, kept = _waiting(token)
        if is_old_table(data, kept.name):
            return self.render("organisation/people_preview.html", result=_try_out(data, kept.name), name=kept.name)
        return self._preview(token, data, kept)

    @expose("/<token>", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def confirm(self, token: str) -> ResponseReturnValue:
        """Keeps what was answered; with ``save`` takes over the rows that ask nothing any more."""
        data, kept = _waiting(token)
        if is_old_table(data, kept.name):
            return self._confirm_table(token, data, kept)
        answers, here = _answers(kept.answers)
        uploads.change(writing(), token, partial(replace, answers=answers), now(), "people")
        if "save" not in request.form:
            return redirect(url_for("people_import.preview", token=token, _anchor=here))
        found = preview(writing(), agency(), read_pasted(data, kept.name), answers)
        rows, left = found.ready, len(found.open)
        take_people(writing(), agency(), rows, by=actor(), at=now())
        if left:
            flash(gettext("%(n)s people saved; the others wait here.", n=number(len(rows))), "success")
            return redirect(url_for("people_import.preview", token=token))
        uploads.forget(writing(), token, "people")
        flash(gettext("%(n)s people saved.", n=number(len(rows))), "success")
        is_first_day = agency().reminders_from is None
        return redirect(url_for("plan_import.index" if is_first_day else "people.index"))

    def _confirm_table(self, token: str, data: bytes, kept: uploads.Upload) -> ResponseReturnValue:
        rows = read_people(data, kept.name)
        agency_id, by = agency().id, actor()
        end_read_transaction()
        result = import_in_steps(site().database, agency_id, rows, by=by, at=now())
        uploads.forget(writing(), token, "people")
        words = gettext(
            "%(units)s units and %(people)s people are known; %(tasks)s tasks were created.",
            units=number(result.units), people=number(result.members), tasks=number(result.tasks_created),
        )  # fmt: skip
        flash(words if result.changes else gettext("The table changes nothing."), "success")
        return redirect(url_for("people.index"))

    def _page(self, *, problem: str | None = None) -> str:
        units = db().scalars(
            select(Unit)
            .where(Unit.agency_id == agency().id, Unit.active, Unit.known, Unit.kind != UnitKind.GROUP)
            .order_by(Unit.position, Unit.id)
        )
        waiting = uploads.waiting(db(), now(), agency_id=agency().id, account_id=person().account.id, kind="people")
        return self.render(
            "organisation/people_import.html",
            headings=HEADINGS,
            units=units.all(),
            waiting=waiting,
            text=request.form.get("text", ""),
            problem=problem,
        )

    def _preview(self, token: str, data: bytes, kept: uploads.Upload) -> str:
        paste = read_pasted(data, kept.name)
        found = preview(db(), agency(), paste, kept.answers)
        units = db().scalars(
            select(Unit)
            .where(Unit.agency_id == agency().id, Unit.active, Unit.kind != UnitKind.GROUP)
            .order_by(Unit.position, Unit.id)
        )
        return self.render(
            "organisation/people_pasted.html",
            token=token,
            view=found,
            paste=paste,
            units=units.all(),
            headings=HEADINGS,
            counts=_counts(found),
            source=_source(data, kept.name),
            question_words=question_words,
            button_words=button_words,
        )


def _counts(found: Preview) -> dict[str, int]:
    chips = [row.chip for row in found.rows]
    return {chip: chips.count(chip) for chip in dict.fromkeys(chips)}


def _source(data: bytes, name: str) -> str | None:
    """The text that was pasted, to look at; None of a file."""
    return data.decode() if name == PASTED else None


def _answers(before: dict[str, str]) -> tuple[dict[str, str], str]:
    """The answers with what this form says otherwise, and the row to go back to.

    A choice that stands as it was shown is no answer: it would hold on when another answer changes what is read.
    """
    answers, here = dict(before), ""
    for key, value in request.form.items():
        shown = request.form.get(f"was:{key}")
        if shown is not None and value != shown:
            answers[key] = value
    for pressed in request.form.getlist("answer"):
        key, _, value = pressed.partition("=")
        answers[key] = value
        here = f"row-{key.partition(':')[0]}"
        if key.endswith(":unit") and (word := request.form.get(f"word-of:{key}")):
            answers[f"word:{party_key(word)}"] = value
    for line in request.form.getlist("again"):
        answers = {key: value for key, value in answers.items() if not key.startswith(f"{line}:")}
        here = f"row-{line}"
    return answers, here


def _waiting(token: str) -> tuple[bytes, uploads.Upload]:
    """The table that this person sent under the token; NotFoundError where it is another's or gone."""
    uploads.find(db(), token, now(), agency_id=agency().id, account_id=person().account.id, kind="people")
    return uploads.content(db(), token, now(), "people")


def _try_out(data: bytes, name: str) -> PeopleImport:
    """What the table would change, tried and taken back."""
    return try_people(site().database, agency().id, read_people(data, name), by=actor(), at=now())
