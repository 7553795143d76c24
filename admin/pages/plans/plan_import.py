"""Import of a plan: upload, see it beside its cells, correct what was misread, settle unknown units, then create."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from admin.pages.plans.plan_cards import PAGE, SHOWN_WARNINGS, Card, cards_of, page_of, typed_correction, warnings_of
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, now, site, today, writing
from admin.web.formatting import fiscal_year, number, sentence
from admin.web.forms import Form
from admin.web.identity import actor, agency, person
from admin.web.may import COORDINATOR
from admin.web.pager import asked_pager
from admin.web.queue import send
from admin.web.units import units_of
from tracker.bilingual import Bilingual
from tracker.broker import Work
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.kinds import WorkState
from tracker.models import Agency, Unit
from tracker.plan_import import read_plan
from tracker.plan_import.document import ReadDocument
from tracker.plan_import.grid import Table
from tracker.plan_import.header_words import FIELDS, TITLES
from tracker.plan_import.moving import moved_document
from tracker.plan_import.period import parse_period
from tracker.plan_import.readers import read_document
from tracker.services.plans import plan_drafts, plan_work, uploads
from tracker.services.plans.plan_edit import LONGEST_CELL
from tracker.thai.calendar import fiscal_year_of
from tracker.thai.text import squeeze_spaces

_HEADER_ROWS = 3
_LONGEST_HEADER = 80
_LONGEST_PASTE = 500_000
YEARS_BACK = 10
"""Reports of the years before are kept for showing and copying; older ones are on paper."""
_PATIENCE = timedelta(seconds=30)
_PASTED = "วางข้อความ.txt"


class PlanUploadForm(Form):
    document = FileField(lazy_gettext("File of the plan"))
    pasted = TextAreaField(lazy_gettext("Or paste the table here"), [Length(max=_LONGEST_PASTE)])
    fiscal_year = SelectField(lazy_gettext("Fiscal year"), coerce=int)
    completed = BooleanField(lazy_gettext("It is a finished report: mark its tasks as done with its own results"))

    def __init__(self) -> None:
        super().__init__()
        self.fiscal_year.choices = [SelectChoice(year, fiscal_year(year)) for year in _years()]
        if not self.is_submitted():
            self.fiscal_year.data = fiscal_year_of(today())

    def sent(self) -> tuple[bytes, str]:
        """The document's bytes and name; NotUnderstoodError where neither a file nor a text was sent."""
        if self.document.data and self.document.data.filename:
            return self.document.data.read(), self.document.data.filename
        if self.pasted.data and self.pasted.data.strip():
            return self.pasted.data.encode(), _PASTED
        raise NotUnderstoodError("Choose the file of the plan.", "กรุณาเลือกไฟล์แผน หรือวางตารางของแผน")


class PlanImportPage(CoordinatorPage):
    """From a document to tasks: nothing is in the plan before the last step."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import a plan"), endpoint="plan_import", url="/plan/import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._upload_page(PlanUploadForm())

    @expose("/", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def upload(self) -> ResponseReturnValue:
        form = PlanUploadForm()
        if not form.validate():
            return self._upload_page(form), 422
        try:
            data, name = form.sent()
            found = uploads.Upload(
                agency_id=agency().id,
                account_id=person().account.id,
                name=name,
                fiscal_year=form.fiscal_year.data,
                completed=form.completed.data,
            )
            read_document(data, name)
        except NotUnderstoodError as error:
            form.document.errors = [sentence(error)]
            return self._upload_page(form), 422
        return redirect(url_for("plan_import.preview", token=uploads.keep(writing(), data, found, now())))

    @expose("/period")
    def period(self) -> ResponseReturnValue:
        """How a period that is being typed would be read: a piece of a page, for scripts."""
        year = request.args.get("year", fiscal_year_of(today()), type=int)
        typed = request.args.get("text", "").strip()[:LONGEST_CELL]
        return self.render("plans/period_read.html", read=parse_period(typed, year) if typed else None)

    @expose("/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        return self._preview(token)

    @expose("/<token>/year", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def year(self, token: str) -> ResponseReturnValue:
        """What a document of another year is to be: its own year's, this year's plan, or as it stands."""
        data, found = _waiting(token)
        other = plan_drafts.read_upload(db(), data, found).as_read.other_year
        answer = request.form.get("answer", "")
        own = request.form.get("own", other.fiscal_year if other else 0, type=int)
        known = own in _years() or (other is not None and own == other.fiscal_year)
        if answer not in ("own", "shift", "keep") or not known:
            raise NotUnderstoodError("Choose what the document is to be.", "กรุณาเลือกว่าจะใช้เอกสารนี้ทำอะไร")
        agrees = other is None or own == other.fiscal_year
        chosen: plan_drafts.YearAnswer = "own" if answer == "own" else "shift" if answer == "shift" else "keep"
        uploads.change(writing(), token, lambda kept: plan_drafts.with_year(kept, own, chosen, agrees=agrees), now())
        return redirect(url_for("plan_import.preview", token=token))

    @expose("/<token>/round", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def round(self, token: str) -> ResponseReturnValue:
        """Which round the results of a document are of, where its cover does not say."""
        _upload(token)
        months = request.form.get("months", 0, type=int)
        if months not in (6, 12):
            raise NotUnderstoodError("Choose the round that the document reports.", "กรุณาเลือกรอบที่เอกสารรายงาน")
        uploads.change(writing(), token, lambda kept: replace(kept, round=months), now())
        return redirect(url_for("plan_import.preview", token=token))

    @expose("/<token>/columns")
    def columns_form(self, token: str) -> ResponseReturnValue:
        return self._columns_page(token, *_waiting(token), problem=None)

    @expose("/<token>/columns", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def columns(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        chosen: dict[str, str] = {name: request.form[name] for name in FIELDS if request.form.get(name)}
        try:
            read_plan(data, found.name, found.fiscal_year, columns=chosen)
        except NotUnderstoodError as error:
            return self._columns_page(token, data, replace(found, columns=chosen), sentence(error)), 422
        uploads.change(writing(), token, lambda kept: replace(kept, columns=chosen, corrections={}), now())
        return redirect(url_for("plan_import.preview", token=token))

    @expose("/<token>/measures/<int:place>", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def correct(self, token: str, place: int) -> ResponseReturnValue:
        """Takes the measure as it was retyped; ``as_read`` puts it back."""
        data, found = _waiting(token)
        measures = plan_drafts.read_upload(db(), data, found).as_read.measures
        if place >= len(measures):
            raise NotFoundError("There is no such measure in this document.", "ไม่พบมาตรการนี้ในเอกสาร")
        typed = None if "as_read" in request.form else typed_correction(measures[place])
        uploads.change(writing(), token, lambda kept: plan_drafts.with_correction(kept, place, typed), now())
        flash(gettext("Kept. Nothing is in the plan yet."), "success")
        return redirect(_at(token, place, request.form))

    @expose("/<token>/units", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def units(self, token: str) -> ResponseReturnValue:
        """What each unknown party is: another name of a unit, a unit of its own, or not decided."""
        _upload(token)
        decisions = list(zip(request.form.getlist("party"), request.form.getlist("is"), strict=False))
        session = writing()

        def decided(kept: uploads.Upload) -> uploads.Upload:
            for party, decision in decisions:
                kept = plan_drafts.decide(session, kept, party, decision)
            return kept

        uploads.change(session, token, decided, now())
        flash(gettext("Kept. Nothing is in the plan yet."), "success")
        return redirect(url_for("plan_import.preview", token=token, _anchor="units"))

    @expose("/<token>/discard", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def discard(self, token: str) -> ResponseReturnValue:
        _upload(token)
        uploads.forget(writing(), token)
        flash(gettext("The document was put away; the plan is as it was."), "success")
        return redirect(url_for("plan_import.index"))

    @expose("/<token>/check", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def check(self, token: str) -> ResponseReturnValue:
        """Has a large plan tried in the background."""
        return self._ask(token, "check", _upload(token))

    @expose("/<token>/work")
    def work(self, token: str) -> ResponseReturnValue:
        """How far the background is; asks for itself again until it is done."""
        found = _upload(token)
        work = plan_work.work_of(db(), token, now())
        if work is None or (work.state == WorkState.DONE and work.kind == "check"):
            return redirect(url_for("plan_import.preview", token=token, _anchor="differences" if work else None))
        result = work.result
        if work.state == WorkState.DONE and result is not None:
            uploads.forget(writing(), token)
            return self._created(found, result.tasks_created)
        problem = work.problem and Bilingual(*work.problem)
        late = now() - work.asked > _PATIENCE
        page = make_response(
            self.render("plans/plan_work.html", work=work, token=token, upload=found, problem=problem, late=late)
        )
        if work.state != WorkState.FAILED:
            # with its address: an anchor that came along would keep the browser on the page
            page.headers["Refresh"] = f"2; url={url_for('plan_import.work', token=token)}"
        return page

    @expose("/<token>/work", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def work_here(self, token: str) -> ResponseReturnValue:
        """Does at once what no worker has done."""
        _upload(token)
        _run_here(token)
        return redirect(url_for("plan_import.work", token=token))

    @expose("/<token>", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def confirm(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        if plan_work.tried(db(), token, found, now()):
            return self._ask(token, "store", found)
        read, zone = plan_drafts.read_upload(db(), data, found).document, site().settings.zone
        if plan_drafts.open_question(read, found):
            return redirect(url_for("plan_import.preview", token=token))
        result = plan_drafts.store(writing(), agency(), read, data, found, tz=zone, by=actor(), at=now())
        uploads.forget(writing(), token)
        return self._created(found, result.tasks_created)

    def _created(self, found: uploads.Upload, tasks: int) -> ResponseReturnValue:
        created = ngettext("%(n)s task created", "%(n)s tasks created", tasks, n=number(tasks))
        flash(gettext("The plan was imported: %(created)s.", created=created), "success")
        return redirect(url_for("plan.index", year=found.fiscal_year))

    def _ask(self, token: str, kind: plan_work.Kind, found: uploads.Upload) -> ResponseReturnValue:
        plan_work.ask(writing(), token, kind, found, by=actor(), at=now())
        db().commit()  # the worker is to find it
        if not send(site().settings, Work.UPLOAD, token):
            _run_here(token)
        return redirect(url_for("plan_import.work", token=token))

    def _upload_page(self, form: PlanUploadForm) -> str:
        waiting = uploads.waiting(db(), now(), agency_id=agency().id, account_id=person().account.id)
        return self.render("plans/plan_import.html", form=form, waiting=waiting)

    def _columns_page(self, token: str, data: bytes, found: uploads.Upload, problem: str | None) -> str:
        return self.render(
            "plans/plan_columns.html",
            problem=problem,
            fields=[(name, TITLES[name]) for name in FIELDS],
            headers=_headers(data, found.name),
            chosen=found.columns,
            token=token,
        )

    def _question_page(
        self, token: str, data: bytes, read: ReadDocument, found: uploads.Upload, question: plan_drafts.Question
    ) -> str:
        other = read.other_year
        if question == "round" or other is None:
            return self.render("plans/plan_round.html", token=token, upload=found)
        moved = moved_document(
            plan_drafts.read_upload(db(), data, replace(found, fiscal_year=other.fiscal_year)).as_read,
            found.fiscal_year,
        )
        return self.render(
            "plans/plan_year.html",
            token=token,
            upload=found,
            other=other,
            results=sum(bool(one.draft.summary or one.draft.outcome) for one in read.measures),
            rows=[(one.draft, to.draft.period.text) for one, to in zip(read.measures, moved.measures, strict=True)],
            years=[year for year in _years() if year not in (other.fiscal_year, found.fiscal_year)],
        )

    def _preview(self, token: str) -> ResponseReturnValue:
        data, found = _waiting(token)
        try:
            read = plan_drafts.read_upload(db(), data, found)
        except NotUnderstoodError as error:
            return self._columns_page(token, data, found, sentence(error))
        question = plan_drafts.open_question(read.as_read, found)
        if question:
            return self._question_page(token, data, read.as_read, found, question)
        parties = plan_drafts.unknown_parties(db(), read.document, found)
        every = cards_of(read, plan_drafts.corrections_of(found))
        only = request.args.get("only", "")
        cards = _chosen(every, only)
        pager = asked_pager(len(cards), PAGE)
        found_warnings = warnings_of(read)
        return self.render(
            "plans/plan_preview.html",
            upload=found,
            token=token,
            count=len(read.document.measures),
            cards=pager.of(cards),
            only=only,
            pager=pager,
            warnings=found_warnings[:SHOWN_WARNINGS],
            warning_count=len(found_warnings),
            address=lambda place: url_for(
                "plan_import.preview", token=token, page=page_of(every, place), _anchor=f"measure-{place}"
            ),
            parties=parties,
            undecided=sum(not party.decided for party in parties),
            units=_known_units() if parties else (),
            kinds=plan_drafts.NEW_KINDS,
            large=len(read.document.measures) > plan_work.LARGE,
            trial=self._trial(token, read.document, data, found),
        )

    def _trial(self, token: str, read: ReadDocument, data: bytes, found: uploads.Upload) -> plan_drafts.Trial | None:
        if not read.measures:
            return None
        if len(read.measures) > plan_work.LARGE:
            return plan_work.tried(db(), token, found, now())
        with site().database.session(writing=True) as session:
            ours, zone = session.get_one(Agency, found.agency_id), site().settings.zone
            return plan_drafts.try_out(session, ours, read, data, found, tz=zone, by=actor(), at=now())


def _years() -> range:
    """The fiscal years that a plan may be of: the next one and back."""
    this = fiscal_year_of(today())
    return range(this + 1, this - YEARS_BACK, -1)


def _run_here(token: str) -> None:
    """Does a worker's work in this request, once it holds no lock of its own."""
    db().commit()
    plan_work.run(site().database, site().settings, token, now())


def _chosen(cards: list[Card], only: str) -> list[Card]:
    if only == "warned":
        return [card for card in cards if card.warnings]
    if only == "mended":
        return [card for card in cards if card.is_corrected]
    return cards


def _at(token: str, place: int, sent: Any) -> str:
    """The page that the form was on, at its measure."""
    page, only = sent.get("page", 1, type=int), sent.get("only") or None
    return url_for("plan_import.preview", token=token, page=page, only=only, _anchor=f"measure-{place}")


def _known_units() -> list[Unit]:
    return [unit for unit in units_of(agency().id) if unit.known]


def _upload(token: str) -> uploads.Upload:
    """What this person sent under the token; NotFoundError where it is another's or gone."""
    return uploads.find(db(), token, now(), agency_id=agency().id, account_id=person().account.id)


def _waiting(token: str) -> tuple[bytes, uploads.Upload]:
    """As ``_upload``, with the document."""
    _upload(token)
    return uploads.content(db(), token, now())


def _headers(data: bytes, name: str) -> list[str]:
    """What may be a header: the short texts of the first rows of the document's tables."""
    texts = []
    for table in read_document(data, name).blocks:
        if isinstance(table, Table):
            filled = [row for row in table.rows if len(row.filled) > 1]
            texts += [squeeze_spaces(cell.text) for row in filled[:_HEADER_ROWS] for cell in row.filled]
    return list(dict.fromkeys(text for text in texts if len(text) <= _LONGEST_HEADER))
