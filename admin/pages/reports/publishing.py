"""เผยแพร่: one form that shows what will be public, the address that stays, editions, and taking it back."""

from collections.abc import Mapping
from datetime import timedelta

import segno
from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from markupsafe import escape
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from admin.pages.reports.public import preview_page
from admin.pages.reports.report_files import start
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now, site
from admin.web.formatting import number as written
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.errors import ConflictError, NotUnderstoodError, TrackerError
from tracker.models import Plan, ReportVersion
from tracker.reports import FORMATS
from tracker.reports.data import EvidenceEntry, ReportData, RoundNumber
from tracker.reports.published import is_photo, pieces_of
from tracker.services.assessment.proofreading import personal_data_of
from tracker.services.reports import closing, public_address, publishing, report_files
from tracker.services.reports.snapshots import report_of
from tracker.services.tasks.progress import LONGEST_TEXT


class PublishForm(Form):
    """What strangers will see: nothing of people and no picture until it is chosen."""

    public_signers = BooleanField(lazy_gettext("Names and positions of those who signed"))
    public_evidence = BooleanField(lazy_gettext("Documents and links that prove the work"))
    public_photos = BooleanField(lazy_gettext("Photos that prove the work"))
    scan = BooleanField(lazy_gettext("Publish the scan of the signed paper too"))
    licence = SelectField(
        lazy_gettext("Licence of the published data"),
        choices=[SelectChoice(value, value) for value in publishing.LICENCES],
    )
    slug = StringField(lazy_gettext("Name of the agency in the address"), [Length(max=60)])
    local = BooleanField(lazy_gettext("Publish on this machine only, to try it out"))


class WithdrawForm(Form):
    why = TextAreaField(
        lazy_gettext("Why it is withdrawn"),
        [InputRequired(lazy_gettext("Write why it is withdrawn; readers see it.")), Length(max=LONGEST_TEXT)],
    )


class PublishingPage(RoundPage):
    """The way of a signed report to its readers; executives read, the coordinator acts."""

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Publish"), "publishing", "publish")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        return self._page(plan, number)

    @expose("/", methods=["POST"], may=COORDINATOR)
    def publish(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        form, closed = PublishForm(), closing.must_be_closed(db(), plan, number)
        try:
            _must_be_the_one_seen(closed)
            _must_be_reachable(form)
            version = publishing.publish(
                db(), plan, number, slug=_asked_slug(form), choice=_chosen(form, closed), by=actor(), at=now()
            )
        except NotUnderstoodError as error:
            db().rollback()
            form.slug.errors = [sentence(error)]
            return self._page(plan, number, publish=form), error.http_status
        start(plan, report_files.ask_for_version(db(), version, now(), public=True))
        flash(gettext("The report is published."), "success")
        return self.redirect_here(plan, number)

    @expose("/preview", methods=["POST"], may=COORDINATOR)
    def preview(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        """The page that readers will find with the choices of the form, whole; nothing is kept."""
        form, closed = PublishForm(), closing.must_be_closed(db(), plan, number)
        choice = _chosen(form, closed)
        slug = agency().slug or (form.slug.data or "").strip().lower() or "…"
        found = publishing.previewed(db(), plan, number, choice, now())
        return preview_page(db(), found, slug, choice.licence, _hidden(closed, choice))

    @expose("/address")
    def address(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:  # noqa: ARG002
        """Whether a name in the address is free, while it is typed."""
        try:
            slug = public_address.checked_address(db(), agency(), request.args.get("text", ""))
        except TrackerError as error:
            return f'<p class="error">{escape(sentence(error))}</p>'
        words = gettext("“%(name)s” is free.", name=slug)
        return f'<p class="help">{escape(words)}</p>'

    @expose("/undo", methods=["POST"], may=COORDINATOR)
    def undo(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        version = publishing.undo(db(), plan, number, by=actor(), at=now())
        gone = report_files.forget_public(db(), version)
        db().commit()
        for name in gone:
            site().evidence.forget(name)
        flash(gettext("The publication was undone; readers find nothing of it."), "success")
        return self.redirect_here(plan, number)

    @expose("/withdraw", methods=["POST"], may=COORDINATOR)
    def withdraw(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        form = WithdrawForm()
        if not form.validate() or not (form.why.data or "").strip():
            return self._page(plan, number, withdraw=form), 422
        publishing.withdraw(db(), plan, number, why=(form.why.data or "").strip(), by=actor(), at=now())
        flash(gettext("The report is withdrawn; its address says so."), "success")
        return self.redirect_here(plan, number)

    def _page(
        self,
        plan: Plan,
        number: RoundNumber,
        *,
        publish: PublishForm | None = None,
        withdraw: WithdrawForm | None = None,
    ) -> str:
        ours, base = agency(), site().settings.base_url
        versions, closed = closing.versions_of(db(), plan, number), closing.closed_version(db(), plan, number)
        shown = [one for one in versions if publishing.is_published(one)]
        address = f"{base}/public/{ours.slug}/{plan.fiscal_year}/{number}" if ours.slug else None
        report = report_of(closed) if closed else None
        before = publishing.latest_choice(db(), ours)
        return self.render(
            "reports/publishing.html",
            plan=plan,
            number=number,
            closed=closed,
            personal=len(personal_data_of(db(), plan, number, site().settings.zone)) if closed else 0,
            versions=[one for one in versions if one.edition],
            shown=shown,
            files=report_files.version_files(db(), shown[0], public=True) if shown else [],
            formats=FORMATS,
            base=f"{base}/public/",
            address=address,
            picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
            if address
            else None,
            publish_form=publish or _publish_form(before, _suggestion()),
            withdraw_form=withdraw or WithdrawForm(formdata=None),
            fixed=public_address.is_fixed(db(), ours),
            local=public_address.is_local(base),
            hidden=request.form.getlist("hide") if publish else before.hidden if before else (),
            signatures=publishing.signatures_of(closed) if closed else (),
            report=report,
            documents=_kept_pieces(report, photos=False),
            photos=_kept_pieces(report, photos=True),
            shown_now=_shown_now(shown[0]) if shown else [],
            undo_until=_undo_until(shown[0]) if shown else None,
        )


def _publish_form(before: publishing.PublicChoice | None, suggested: str) -> PublishForm:
    """Everything as it was last published, else nothing of people and evidence."""
    if before is None:
        return PublishForm(formdata=None, slug=suggested, licence=agency().licence)
    return PublishForm(
        formdata=None,
        slug=suggested,
        licence=before.licence,
        public_signers=before.signers,
        public_evidence=before.evidence,
        scan=before.scan,
    )


def _suggestion() -> str:
    return agency().slug or public_address.suggested_address(db(), agency())


def _asked_slug(form: PublishForm) -> str | None:
    """The name for the address, as long as none is fixed."""
    if public_address.is_fixed(db(), agency()):
        return None
    return form.slug.data or agency().slug or ""


def _must_be_the_one_seen(closed: ReportVersion) -> None:
    """Published is what was shown, or nothing: a report that was closed anew meanwhile is looked at first."""
    if request.form.get("seen", closed.sha256) != closed.sha256:
        raise ConflictError(
            "The report was closed anew meanwhile; look at it again, then publish.",
            "มีการปิดรอบใหม่ระหว่างนี้ กรุณาดูตัวอย่างอีกครั้งก่อนเผยแพร่",
        )


def _must_be_reachable(form: PublishForm) -> None:
    """Strangers do not get to a local address: only who says that it is a trial publishes there."""
    base = site().settings.base_url
    if public_address.is_local(base) and not form.local.data:
        raise ConflictError(
            f"Nobody outside gets to {base}: have TRACKER_BASE_URL set to the address that people open, publish the "
            "downloaded files on the agency's website, or say that this is a trial on this machine.",
            f"คนภายนอกเปิดที่อยู่ {base} ไม่ได้ กรุณาให้ผู้ดูแลระบบตั้ง TRACKER_BASE_URL เป็นที่อยู่จริง "
            "หรือดาวน์โหลดไฟล์ไปลงเว็บไซต์ของหน่วยงาน หรือเลือกว่าเป็นการทดลองในเครื่องนี้",
        )


def _chosen(form: PublishForm, closed: ReportVersion) -> publishing.PublicChoice:
    """The choices of the form; pictures are left out by their keys where they are not chosen as a whole."""
    pieces = pieces_of(report_of(closed))
    documents, photos = bool(form.public_evidence.data), bool(form.public_photos.data)
    asked = set(request.form.getlist("hide"))
    hidden = {key for key, one in pieces.items() if key in asked or not (photos if is_photo(one) else documents)}
    evidence = (documents or photos) and len(hidden) < len(pieces)
    return publishing.PublicChoice(
        signers=bool(form.public_signers.data),
        evidence=evidence,
        licence=form.licence.data or agency().licence,
        hidden=frozenset(hidden) if evidence else frozenset(),
        scan=bool(form.scan.data),
    )


def _kept_pieces(report: ReportData | None, *, photos: bool) -> Mapping[str, EvidenceEntry]:
    """The pieces of evidence that the closed report has, pictures or all others."""
    found = pieces_of(report) if report else {}
    return {key: one for key, one in found.items() if is_photo(one) == photos}


def _hidden(closed: ReportVersion, choice: publishing.PublicChoice) -> list[str]:
    """What readers will not see, in words: how many names, documents, pictures."""
    pieces = pieces_of(report_of(closed))
    left_out = [one for key, one in pieces.items() if not choice.evidence or key in choice.hidden]
    signers = 0 if choice.signers else len(publishing.signatures_of(closed))
    return _in_words(
        signers, len([one for one in left_out if not is_photo(one)]), len(list(filter(is_photo, left_out)))
    )


def _shown_now(version: ReportVersion) -> list[str]:
    """What of people and evidence readers see of a published version, in words."""
    pieces = pieces_of(publishing.public_report(version)).values()
    signers = len(publishing.signatures_of(version)) if version.public_signers else 0
    return _in_words(signers, len([one for one in pieces if not is_photo(one)]), len(list(filter(is_photo, pieces))))


def _in_words(signers: int, documents: int, photos: int) -> list[str]:
    counted = (
        (signers, lazy_gettext("names of those who signed")),
        (documents, lazy_gettext("documents and links")),
        (photos, lazy_gettext("photos")),
    )
    return [f"{words}: {written(count)}" for count, words in counted if count]


def _undo_until(version: ReportVersion) -> timedelta | None:
    """For how long the publication can still be undone; None where that is over."""
    if version.published_at is None or not publishing.can_be_undone(version, now()):
        return None
    return publishing.UNDO_WITHIN - (now() - version.published_at)
