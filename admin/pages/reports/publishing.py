"""เผยแพร่: the public address of a round's report, its editions, what strangers see, and taking it back."""

import segno
from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from admin.pages.reports.report_files import start
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now, site
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.errors import NotUnderstoodError
from tracker.models import Plan, ReportVersion
from tracker.reports import FORMATS
from tracker.reports.data import RoundNumber
from tracker.services.assessment.proofreading import personal_data_of
from tracker.services.reports import closing, publishing, report_files
from tracker.services.reports.snapshots import snapshot_of
from tracker.services.tasks.progress import LONGEST_TEXT


class ChoiceForm(Form):
    """What strangers see, for every report that is published from now on."""

    public_signers = BooleanField(lazy_gettext("Names and positions of those who signed"))
    public_evidence = BooleanField(lazy_gettext("Evidence: names of files, links, photos"))
    licence = SelectField(
        lazy_gettext("Licence of the published data"),
        choices=[SelectChoice(value, value) for value in publishing.LICENCES],
    )


class PublishForm(ChoiceForm):
    slug = StringField(lazy_gettext("Name of the agency in the address"), [Length(max=60)])
    scan = BooleanField(lazy_gettext("Publish the scan of the signed paper too"))


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
        form = PublishForm()
        slug = None if agency().slug else (form.slug.data or "")
        try:
            version = publishing.publish(
                db(),
                plan,
                number,
                slug=slug,
                scan=bool(form.scan.data),
                choice=_chosen(form) if "licence" in request.form else None,
                by=actor(),
                at=now(),
            )
        except NotUnderstoodError as error:
            db().rollback()
            form.slug.errors = [sentence(error)]
            return self._page(plan, number, publish=form), error.http_status
        start(plan, report_files.ask_for_version(db(), version, now(), public=True))
        flash(gettext("The report is published."), "success")
        return self.redirect_here(plan, number)

    @expose("/choices", methods=["POST"], may=COORDINATOR)
    def choose(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        form = ChoiceForm()
        if not form.validate():
            return self._page(plan, number, choice=form), 422
        publishing.choose(db(), agency(), _chosen(form), by=actor(), at=now())
        flash(gettext("Saved; it holds for what is published from now on."), "success")
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
        choice: ChoiceForm | None = None,
        publish: PublishForm | None = None,
        withdraw: WithdrawForm | None = None,
    ) -> str:
        ours = agency()
        versions, closed = closing.versions_of(db(), plan, number), closing.closed_version(db(), plan, number)
        shown = [one for one in versions if publishing.is_published(one)]
        address = f"{site().settings.base_url}/public/{ours.slug}/{plan.fiscal_year}/{number}" if ours.slug else None
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
            base=f"{site().settings.base_url}/public/",
            address=address,
            picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
            if address
            else None,
            choice_form=choice or ChoiceForm(formdata=None, obj=ours),
            publish_form=publish or PublishForm(formdata=None, obj=ours),
            withdraw_form=withdraw or WithdrawForm(formdata=None),
            slug=ours.slug,
            signatures=publishing.signatures_of(closed) if closed else (),
            pieces=_pieces(closed),
        )


def _chosen(form: ChoiceForm) -> publishing.PublicChoice:
    return publishing.PublicChoice(
        bool(form.public_signers.data), bool(form.public_evidence.data), form.licence.data or ""
    )


def _pieces(closed: ReportVersion | None) -> int:
    """How many pieces of evidence the closed report would show to strangers."""
    tasks = snapshot_of(closed).tasks if closed else ()
    return sum(len(task.evidence) for task in tasks or ())
