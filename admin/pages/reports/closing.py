"""ตรวจและปิดรอบ: what to look at first, closing, the frozen report, opening again, handing it in, who signed."""

from collections.abc import Iterable
from datetime import date

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from admin.pages.reports.report_files import attachment, start
from admin.pages.reports.report_texts import views_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, end_read_transaction, now, site, today
from admin.web.formatting import day, sentence
from admin.web.forms import Form, PastDayField
from admin.web.identity import actor, person, viewer
from admin.web.limits import PER_ACCOUNT, failed, limiter
from admin.web.may import COORDINATOR, EXECUTIVE
from admin.web.two_savers import changed_fields, quoted
from tracker.errors import NotFoundError, NotUnderstoodError, TrackerError
from tracker.kinds import SignedHow
from tracker.models import Plan, ReportVersion
from tracker.reports import FORMATS
from tracker.reports.data import RoundNumber, Signer
from tracker.services.accounts import second_factor
from tracker.services.assessment.proofreading import suggestions_of
from tracker.services.reports import closing, report_files
from tracker.services.reports.compose import measures_of, names_of, progress_pages_of
from tracker.services.reports.pre_close_checks import checks_of
from tracker.services.reports.publishing import signatures_of
from tracker.services.reports.snapshots import report_of
from tracker.services.reports.verification import changes_since
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.settings import secret_key
from tracker.store.storage import NewEvidence
from tracker.thai.calendar import round_end

AT_ONCE = 20
SIGNERS = 5
SCANS = ("application/pdf", "image/jpeg", "image/png")


class CloseForm(Form):
    names = BooleanField(lazy_gettext("The published text names the units that have not reported"))
    sure = BooleanField(lazy_gettext("Close the round nevertheless"))


class ReopenForm(Form):
    why = TextAreaField(
        lazy_gettext("Why the round is opened again"),
        [
            InputRequired(lazy_gettext("Write why the round is opened again.")),
            Length(max=LONGEST_TEXT),
        ],
    )


class SignForm(Form):
    signed_on = PastDayField(lazy_gettext("Day of signing"), [InputRequired(lazy_gettext("Write the day of signing."))])
    scan = FileField(lazy_gettext("Scan of the signed paper"))

    @property
    def signers(self) -> list[Signer]:
        """Names with positions, as far as anything was typed."""
        pairs = zip(request.form.getlist("name"), request.form.getlist("position"), strict=False)
        return [Signer(name.strip(), position.strip()) for name, position in pairs if name.strip() or position.strip()]


class ApproveForm(Form):
    code = StringField(lazy_gettext("Code of the second factor"))


class ClosingPage(RoundPage):
    """One round on its way to being signed; executives read, the coordinator acts."""

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Check and close"), "closing", "close")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        return self._page(plan, number)

    @expose("/", methods=["POST"], may=COORDINATOR)
    def close(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        form, zone = CloseForm(), site().settings.zone
        names = bool(form.names.data)
        ended = today() > round_end(plan.fiscal_year, number)
        if ended and not form.sure.data and checks_of(db(), plan, number, zone).asks_once_more:
            return self._page(plan, number, asking=True), 409
        version = closing.close_round(db(), plan, number, zone, today=today(), names=names, by=actor(), at=now())
        start(plan, report_files.ask_for_version(db(), version, now(), public=False))
        flash(gettext("The round is closed; its report no longer changes."), "success")
        return self.redirect_here(plan, number)

    @expose("/progress-pages", methods=["POST"], may=COORDINATOR)
    def progress_pages(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        shown = request.form.get("shown") == "1"
        closing.show_progress_pages(db(), plan, number, shown, by=actor(), at=now())
        flash(gettext("Saved."), "success")
        return self.redirect_here(plan, number)

    @expose("/reopen", methods=["POST"], may=COORDINATOR)
    def reopen(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        form = ReopenForm()
        if not form.validate() or not (form.why.data or "").strip():
            return self._page(plan, number, reopening=form), 422
        closing.reopen_round(db(), plan, number, why=(form.why.data or "").strip(), by=actor(), at=now())
        flash(gettext("The round is open again."), "success")
        return self.redirect_here(plan, number)

    @expose("/submit", methods=["POST"], may=COORDINATOR)
    def submit(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        readers = closing.submit_for_signature(db(), plan, number, by=actor(), at=now())
        names = ", ".join(reader.name for reader in readers)
        flash(
            gettext("Submitted for signature to %(names)s; the link comes with the next digest.", names=names),
            "success",
        )
        return self.redirect_here(plan, number)

    @expose("/sign", methods=["POST"], may=COORDINATOR)
    def sign(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        version = closing.must_be_closed(db(), plan, number)
        form = SignForm()
        if not form.validate():
            return self._page(plan, number, signing=form), 422
        stands = _signing(version)
        typed = {"name": _said_signers(form.signers), "signed_on": form.signed_on.raw_data[0]}
        labels = {"name": gettext("Who signs"), "signed_on": form.signed_on.label.text}
        mine = changed_fields(
            typed,
            stands,
            ("round_signed",),
            lambda name: quoted(labels[name], stands[name]),
            lambda event: event.details["sha256"] == version.sha256,
        )
        if "signed_on" not in mine and version.signed_on:
            form.signed_on.data = version.signed_on
        try:
            _sign(plan, number, form)
        except NotUnderstoodError as error:
            db().rollback()
            form.signed_on.errors = [sentence(error)]
            return self._page(plan, number, signing=form), error.http_status
        flash(gettext("The signatures are recorded."), "success")
        return self.redirect_here(plan, number)

    @expose("/approve", methods=["POST"], may=EXECUTIVE)
    @limiter.limit(PER_ACCOUNT, key_func=lambda: f"approve {viewer().account_id}", deduct_when=failed)
    def approve(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        version = closing.must_be_closed(db(), plan, number)
        form, account = ApproveForm(), person().account
        if account.factor_since is not None and not second_factor.verify(
            db(), account, form.code.data or "", secret_key(site().settings), now()
        ):
            form.code.errors = [sentence(second_factor.wrong_code())]
            return self._page(plan, number, approving=form), 401
        closing.approve(db(), plan, number, _own_signature(version), today=today(), by=actor(), at=now())
        flash(gettext("You signed the report; the record keeps the instant."), "success")
        return self.redirect_here(plan, number)

    @expose("/scan")
    def scan(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        version = closing.closed_version(db(), plan, number)
        if version is None or version.scan_stored is None:
            raise NotFoundError("There is no scan of a signed paper.", "ยังไม่มีไฟล์สแกนฉบับลงนาม")
        ending = (version.scan_type or "").rpartition("/")[2].replace("jpeg", "jpg")
        content = site().evidence.path(version.scan_stored).read_bytes()
        return attachment(content, f"signed-{plan.fiscal_year}-{number}.{ending}", version.scan_type or "")

    def _page(
        self,
        plan: Plan,
        number: RoundNumber,
        *,
        reopening: ReopenForm | None = None,
        signing: SignForm | None = None,
        approving: ApproveForm | None = None,
        asking: bool = False,
    ) -> str:
        version, zone = closing.closed_version(db(), plan, number), site().settings.zone
        changes = changes_since(db(), version, zone) if version else ()
        views = None if version else views_of(plan, number, measures_of(db(), plan))
        return self.render(
            "reports/closing.html",
            plan=plan,
            number=number,
            closed=version,
            ends=round_end(plan.fiscal_year, number),
            today=today(),
            to_fix=0 if version else len(suggestions_of(db(), plan, number, zone, views)),
            checks=None if version else checks_of(db(), plan, number, zone, views),
            changed=sum(not one.later for one in changes),
            formats=FORMATS,
            files=report_files.version_files(db(), version) if version else [],
            at_once=AT_ONCE,
            close_form=CloseForm() if asking else CloseForm(formdata=None, names=names_of(db(), plan, number)),
            asking=asking,
            progress_pages=progress_pages_of(db(), plan, number),
            reopen_form=reopening or ReopenForm(formdata=None),
            signed_now=_signing(version) if version else {},
            sign_form=signing or _sign_form(version),
            signers=signing.signers if signing else _signers(version),
            signer_rows=SIGNERS,
            approve_form=approving or ApproveForm(formdata=None),
            asks_code=person().account.factor_since is not None,
            may_approve=version is not None and _may_approve(version),
        )


def _sign_form(version: ReportVersion | None) -> SignForm:
    on: date | None = version.signed_on if version else None
    return SignForm(formdata=None, signed_on=on or today())


def _signers(version: ReportVersion | None) -> list[Signer]:
    """Who signed; before that, who is to sign by the report itself."""
    if version is None:
        return []
    return list(signatures_of(version)) or list(report_of(version).signers)


def _signing(version: ReportVersion) -> dict[str, str]:
    """What the form of the signatures is shown with."""
    return {"name": _said_signers(_signers(version)), "signed_on": day(version.signed_on or today())}


def _said_signers(signers: Iterable[Signer]) -> str:
    return "; ".join(f"{one.name} {one.position}".strip() for one in signers)


def _may_approve(version: ReportVersion) -> bool:
    """Whether the signed-in executive's signature is what the report waits for."""
    return (
        viewer().executive_rank is not None
        and version.submitted_at is not None
        and version.published_at is None
        and version.signed_how != SignedHow.PAPER
        and all(one.name != viewer().name for one in signatures_of(version))
    )


def _own_signature(version: ReportVersion) -> Signer:
    """The signed-in person's name with the position under which the report itself names them."""
    return next(
        (one for one in report_of(version).signers if one.name == viewer().name), Signer(viewer().name, "ผู้รับรอง")
    )


def _sign(plan: Plan, number: RoundNumber, form: SignForm) -> None:
    on, zone = form.signed_on.data or today(), site().settings.zone
    end_read_transaction()
    scan, replaced = _scan(form), None
    try:
        closing.sign(db(), plan, number, zone, form.signers, on, today=today(), by=actor(), at=now())
        if scan:
            replaced = closing.keep_scan(db(), plan, number, scan, by=actor(), at=now())
    except TrackerError:
        if scan:
            site().evidence.remove(scan)
        raise
    if replaced:
        db().commit()
        site().evidence.forget(replaced)


def _scan(form: SignForm) -> NewEvidence | None:
    """The scan that was sent, checked by its content."""
    upload = form.scan.data
    if not getattr(upload, "filename", ""):
        return None
    scan = site().evidence.keep(upload.read(), upload.filename)
    if scan.media_type not in SCANS:
        site().evidence.remove(scan)
        raise NotUnderstoodError(
            "The scan is a PDF or a photo (JPEG, PNG); scan the signed paper into one of these.",
            "ไฟล์สแกนต้องเป็น PDF หรือรูปภาพ (JPEG, PNG) กรุณาสแกนฉบับลงนามใหม่",
        )
    return scan
