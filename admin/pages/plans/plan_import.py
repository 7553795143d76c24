"""Import of a plan: upload, see it beside its cells, settle parties and corrections in one form, then create."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.pages.plans import plan_preview, plan_scan
from admin.pages.plans.plan_cards import PAGE
from admin.pages.plans.plan_choices import taken
from admin.pages.plans.plan_upload import PROBLEM, PlanUploadForm, headers_of, years
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, now, site, today, writing
from admin.web.form_recovery import keep_typed, typed_before
from admin.web.formatting import number, sentence
from admin.web.identity import actor, agency, person
from admin.web.may import COORDINATOR
from admin.web.pager import page_with
from admin.web.queue import send
from tracker.bilingual import Bilingual
from tracker.broker import Work
from tracker.errors import ConflictError, NotUnderstoodError, ScanError
from tracker.kinds import WorkState
from tracker.plan_import.column_choice import ColumnQuestion
from tracker.plan_import.document import ReadDocument
from tracker.plan_import.header_words import FIELDS, TITLES
from tracker.plan_import.moving import moved_document
from tracker.plan_import.period import parse_period
from tracker.plan_import.readers import read_document
from tracker.plan_import.readers.scan_words import can_read_scans
from tracker.services.plans import plan_drafts, plan_parties, plan_work, scans, undoing, uploads
from tracker.services.plans.birth import birth_of
from tracker.services.plans.plan_edit import LONGEST_CELL
from tracker.services.tasks.generate import UnitBook
from tracker.thai.calendar import fiscal_year_of

_PATIENCE = timedelta(seconds=30)


class PlanImportPage(CoordinatorPage):
    """From a document to tasks: nothing is in the plan before the last step."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import a plan"), endpoint="plan_import", url="/plan/import")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._upload_page(PlanUploadForm(typed_before("plan_import.upload")))

    @expose("/", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def upload(self) -> ResponseReturnValue:
        form = PlanUploadForm()
        if not form.validate():
            return self._unread(form, form.problems)
        try:
            data, name = form.sent()
            account_id, year = person().account.id, form.fiscal_year.data
            found = uploads.Upload(agency_id=agency().id, account_id=account_id, name=name, fiscal_year=year)
            read_document(data, name)
        except ScanError as error:
            if not can_read_scans():
                return self._unread(form, [sentence(error)])
            return plan_scan.begin(data, name, year)
        except NotUnderstoodError as error:
            return self._unread(form, [sentence(error)])
        return redirect(url_for("plan_import.preview", token=uploads.keep(writing(), data, found, now())))

    def _unread(self, form: PlanUploadForm, problems: list[str]) -> ResponseReturnValue:
        """To an address that says what is wrong and has the form as it was filled in, also after a reload."""
        typed = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
        token = keep_typed("plan_import.upload", [*typed, *((PROBLEM, problem) for problem in problems)])
        if token is None:
            form.document.errors = problems
            return self._upload_page(form), 422
        return redirect(url_for("plan_import.index", typed=token), 303)

    @expose("/period")
    def period(self) -> ResponseReturnValue:
        """How a period that is being typed would be read: a piece of a page, for scripts."""
        asked = request.args.get("year", type=int)
        year = asked if asked in years() else fiscal_year_of(today())
        typed = request.args.get("text", "").strip()[:LONGEST_CELL]
        return self.render("plans/period_read.html", read=parse_period(typed, year) if typed else None)

    @expose("/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        data, kept = _waiting(token)
        shown = kept
        try:
            if typed := typed_before("plan_import.confirm"):
                as_read = plan_drafts.read_upload(db(), data, kept).as_read
                shown = taken(db(), kept, as_read, typed).upload
            read = plan_drafts.read_upload(db(), data, shown)
        except NotUnderstoodError as error:
            return self._columns_page(token, data, kept, sentence(error))
        question = plan_drafts.open_question(read.as_read, kept)
        if question:
            return self._question_page(token, data, read.as_read, kept, question)
        return self.render("plans/plan_preview.html", **plan_preview.preview_of(token, data, kept, read, shown))

    @expose("/<token>", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def confirm(self, token: str) -> ResponseReturnValue:
        """Keeps all that the page's one form holds, then does what its button says."""
        data, found = _waiting(token)
        if plan_drafts.open_question(plan_drafts.read_upload(db(), data, found).as_read, found):
            return redirect(url_for("plan_import.preview", token=token), 303)
        kept = _keep(token, data, found)
        for problem in kept.problems:
            flash(problem, "error")
        if kept.problems:
            return redirect(_back(token, kept.upload, "parties"), 303)
        return self._then(token, _button()[0], data, kept)

    @expose("/<token>/year", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def year(self, token: str) -> ResponseReturnValue:
        """What a document of another year is to be: its own year's, this year's plan, or as it stands."""
        data, found = _waiting(token)
        other = plan_drafts.read_upload(db(), data, found).as_read.other_year
        answer = request.form.get("answer", "")
        own = request.form.get("own", other.fiscal_year if other else 0, type=int)
        known = own in years() or (other is not None and own == other.fiscal_year)
        if answer not in ("own", "shift", "keep") or not known:
            raise NotUnderstoodError("Choose what the document is to be.", "กรุณาเลือกว่าจะใช้เอกสารนี้ทำอะไร")
        agrees = other is None or own == other.fiscal_year
        chosen: plan_drafts.YearAnswer = "own" if answer == "own" else "shift" if answer == "shift" else "keep"

        def answered(kept: uploads.Upload) -> uploads.Upload:
            after = plan_drafts.with_year(kept, own, chosen, agrees=agrees)
            return plan_drafts.read_otherwise(db(), data, kept, after)

        uploads.change(writing(), token, answered, now())
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
            after = plan_drafts.read_otherwise(db(), data, found, replace(found, columns=chosen))
        except NotUnderstoodError as error:
            return self._columns_page(token, data, replace(found, columns=chosen), sentence(error)), 422
        uploads.change(
            writing(), token, lambda kept: replace(kept, columns=chosen, corrections=after.corrections), now()
        )
        return redirect(url_for("plan_import.preview", token=token))

    @expose("/<token>/discard", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def discard(self, token: str) -> ResponseReturnValue:
        _upload(token)
        uploads.forget(writing(), token)
        flash(gettext("The document was discarded; the plan is unchanged."), "success")
        return redirect(url_for("plan_import.index"))

    @expose("/<token>/work")
    def work(self, token: str) -> ResponseReturnValue:
        """How far the background is; asks for itself again until it is done."""
        found = _upload(token)
        work = plan_work.work_of(db(), token, now())
        if work is None or (work.state == WorkState.DONE and work.kind == "check"):
            return redirect(url_for("plan_import.preview", token=token, _anchor="finish" if work else None))
        result = work.result
        if work.state == WorkState.DONE and result is not None:
            return self._created(token, found, result.tasks_created)
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

    def _then(self, token: str, do: str, data: bytes, kept: "_Kept") -> ResponseReturnValue:
        """What the button says, after everything is kept."""
        found = kept.upload
        if do == "columns":
            return redirect(url_for("plan_import.columns_form", token=token), 303)
        if do == "leave":
            return redirect(url_for("plan_import.index"), 303)
        if do == "check":
            return self._ask(token, "check", found)
        if do in ("store", "questions"):
            question = plan_preview.first_question(kept.read, found)
            if question is not None:
                return redirect(_back(token, found, f"party-{question}"), 303)
        if do == "store":
            return self._store(token, data, found, kept.read)
        if do == "keep" and "quietly" not in request.form:
            flash(gettext("Draft kept. Nothing is in the plan yet."), "success")
        return redirect(_back(token, found, {"questions": "finish", "later": "parties"}.get(do, found.anchor)), 303)

    def _store(self, token: str, data: bytes, found: uploads.Upload, read: ReadDocument) -> ResponseReturnValue:
        if plan_work.tried(db(), token, found, now()):
            return self._ask(token, "store", found)
        if len(read.measures) > plan_work.LARGE:
            return self._ask(token, "check", found)
        try:
            zone = site().settings.zone
            result = plan_drafts.store(db(), agency(), read, data, found, tz=zone, by=actor(), at=now())
        except (NotUnderstoodError, ConflictError):  # the page says the same sentence of its trial
            db().rollback()
            return redirect(_back(token, found, "finish"), 303)
        return self._created(token, found, result.tasks_created)

    def _created(self, token: str, found: uploads.Upload, tasks: int) -> ResponseReturnValue:
        """Sets the document aside for an undo, and leads to its plan."""
        session = writing()
        uploads.set_aside(session, token, now())
        undoing.remember_document(session, agency().id, found.fiscal_year, token)
        created = ngettext("%(n)s task created", "%(n)s tasks created", tasks, n=number(tasks))
        flash(gettext("The plan was imported: %(created)s.", created=created), "success")
        return redirect(url_for("plan.index", year=found.fiscal_year), 303)

    def _ask(self, token: str, kind: plan_work.Kind, found: uploads.Upload) -> ResponseReturnValue:
        plan_work.ask(writing(), token, kind, found, by=actor(), at=now())
        db().commit()  # the worker is to find it
        if not send(site().settings, Work.UPLOAD, token):
            _run_here(token)
        return redirect(url_for("plan_import.work", token=token))

    def _upload_page(self, form: PlanUploadForm) -> str:
        waiting = uploads.waiting(db(), now(), agency_id=agency().id, account_id=person().account.id)
        scanned = scans.waiting(db(), now(), agency_id=agency().id, account_id=person().account.id)
        return self.render("plans/plan_import.html", form=form, waiting=waiting, scanned=scanned)

    def _columns_page(
        self,
        token: str,
        data: bytes,
        found: uploads.Upload,
        problem: str | None,
        questions: Sequence[ColumnQuestion] = (),
    ) -> str:
        asked = [option.header for question in questions for option in question.options]
        return self.render(
            "plans/plan_columns.html",
            problem=problem,
            questions=questions,
            titles=TITLES,
            fields=[(name, TITLES[name]) for name in FIELDS],
            headers=list(dict.fromkeys([*headers_of(data, found.name), *asked])),
            chosen={question.field: question.options[0].header for question in questions} | found.columns,
            token=token,
        )

    def _question_page(
        self, token: str, data: bytes, read: ReadDocument, found: uploads.Upload, question: plan_drafts.Question
    ) -> str:
        if question == "columns":
            return self._columns_page(token, data, found, None, read.questions)
        other = read.other_year
        if question == "round" or other is None:
            return self.render("plans/plan_round.html", token=token, upload=found)
        moved = moved_document(
            plan_drafts.read_upload(db(), data, replace(found, fiscal_year=other.fiscal_year)).as_read,
            found.fiscal_year,
        )
        units = UnitBook(db(), agency().id)
        return self.render(
            "plans/plan_year.html",
            token=token,
            upload=found,
            other=other,
            shifted=birth_of(moved.draft, units, today()),
            as_it_is=birth_of(read.draft, units, today()),
            results=sum(bool(one.draft.summary or one.draft.outcome) for one in read.measures),
            rows=[(one.draft, to.draft.period.text) for one, to in zip(read.measures, moved.measures, strict=True)],
            years=[year for year in years() if year not in (other.fiscal_year, found.fiscal_year)],
        )


def _run_here(token: str) -> None:
    """Does a worker's work in this request, once it holds no lock of its own."""
    db().commit()
    plan_work.run(site().database, site().settings, token, now())


def _button() -> tuple[str, str]:
    """Which button of the page's form was pressed, and what it names; the primary one has no need to say."""
    do, _, which = request.form.get("do", "store").partition(" ")
    return do, which


@dataclass(frozen=True)
class _Kept:
    """The upload as it is kept, the document that would be imported, and what could not be taken, a sentence each."""

    upload: uploads.Upload
    read: ReadDocument
    problems: tuple[str, ...]


def _keep(token: str, data: bytes, found: uploads.Upload) -> _Kept:
    """Keeps all that the form holds, whatever its button.

    The document is read before anybody has to wait; where another window changed it meanwhile, the form's own changes
    are made to what stands now.
    """
    (do, which), sent = _button(), request.form
    as_read = plan_drafts.read_upload(db(), data, found).as_read
    result = taken(db(), found, as_read, sent)
    after = _at_place(result.upload, do, which, as_read)
    if after.fiscal_year != found.fiscal_year:
        after = plan_drafts.read_otherwise(db(), data, found, after)
    read = plan_drafts.read_upload(db(), data, after).document
    if do == "later":
        after = _all_later(read, after)
    kept = after = replace(after, questions=plan_preview.questions_in(read, after))

    def edit(standing: uploads.Upload) -> uploads.Upload:
        nonlocal kept
        if standing != found:
            kept = _at_place(taken(db(), standing, as_read, sent).upload, do, which, as_read)
        return kept

    uploads.change(writing(), token, edit, now())
    db().commit()  # what was chosen stays, whatever comes of the rest
    if kept is not after:
        read = plan_drafts.read_upload(db(), data, kept).document
    return _Kept(kept, read, result.problems)


def _at_place(upload: uploads.Upload, do: str, which: str, read: ReadDocument) -> uploads.Upload:
    """The upload with where its page goes next: another page, other measures, or one of them."""
    if do == "page" and which.isdecimal():
        return replace(upload, page=int(which), anchor="measures")
    if do == "only" and which in plan_preview.FILTERS:
        return replace(upload, only=which, page=1, anchor="measures")
    if do == "at" and which.isdecimal() and int(which) < len(read.measures):
        return replace(upload, only="", page=page_with(int(which), PAGE), anchor=f"measure-{which}")
    if do == "as_read" and which.isdecimal():
        return replace(upload, anchor=f"measure-{which}")
    return upload


def _all_later(read: ReadDocument, upload: uploads.Upload) -> uploads.Upload:
    """The upload with every open question put off: those units are made without people."""
    for party in plan_parties.parties_of(db(), read, upload):
        if party.is_open:
            upload = plan_parties.decide(db(), upload, party.name, plan_parties.LATER)
    return upload


def _back(token: str, found: uploads.Upload, anchor: str = "") -> str:
    """The page that the form was on."""
    page = found.page if found.page > 1 else None
    return url_for("plan_import.preview", token=token, page=page, only=found.only or None, _anchor=anchor or None)


def _upload(token: str) -> uploads.Upload:
    """What this person sent under the token; NotFoundError where it is another's or gone."""
    return uploads.find(db(), token, now(), agency_id=agency().id, account_id=person().account.id)


def _waiting(token: str) -> tuple[bytes, uploads.Upload]:
    """As ``_upload``, with the document."""
    _upload(token)
    return uploads.content(db(), token, now())
