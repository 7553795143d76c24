"""รายงาน: the report of each round in every format, a draft until the round is closed; then its versions."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from admin.pages.reports.report_files import attachment, left_to_workers, start
from admin.pages.reports.rounds import asked_round
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, now, site, today
from admin.web.identity import viewer
from admin.web.may import OVERSEER
from admin.web.years import years
from tracker.errors import NotFoundError
from tracker.models import Plan, ReportFile, ReportVersion, Round
from tracker.reports import FORMATS, render
from tracker.reports.data import RoundNumber
from tracker.reports.formats import offered_first
from tracker.services.reports import closing, report_files
from tracker.services.reports.compose import report_data
from tracker.services.reports.report_assets import report_material
from tracker.services.reports.year_before import unfinished_year_before
from tracker.thai.calendar import fiscal_year_of, round_end


class ReportsPage(AgencyPage):
    """The two rounds of a plan and their files."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Reports"), endpoint="reports", url="/reports")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years(opens_today=True)
        plan = found.shown
        if plan is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        rounds = {one.number: one for one in db().scalars(select(Round).where(Round.plan_id == plan.id))}
        versions = {
            one.round_id: one
            for one in db().scalars(
                select(ReportVersion).join(Round).where(Round.plan_id == plan.id).order_by(ReportVersion.number)
            )
        }
        return self.render(
            "reports/reports.html",
            years=found,
            plan=plan,
            rounds=[(number, rounds.get(number), round_end(plan.fiscal_year, number)) for number in (6, 12)],
            versions=versions,
            formats=FORMATS,
            today=today(),
            waiting=closing.waiting_for_signature(db(), viewer().agency_id),
            before=unfinished_year_before(db(), viewer().agency_id, fiscal_year_of(today())),
        )

    @expose("/<int:fiscal_year>/<int:number>.<ending>")
    def download(self, fiscal_year: int, number: int, ending: str) -> ResponseReturnValue:
        plan, round_number = _asked(fiscal_year, number, ending)
        name = f"report-{fiscal_year}-{number}.{ending}"
        version = closing.closed_version(db(), plan, round_number)
        if version is not None:
            return attachment(_of_version(version, ending), name, FORMATS[ending].content_type)
        made = _draft_files(plan, round_number).get(ending)
        fresh = made is not None and ("kept" in request.args or made.content == report_files.stand_of(db(), plan))
        if made is not None and fresh and made.stored_name:
            return attachment(site().evidence.path(made.stored_name).read_bytes(), name, FORMATS[ending].content_type)
        if left_to_workers(plan):
            return redirect(url_for("reports.files", fiscal_year=fiscal_year, number=number, wanted=ending))
        data = report_data(db(), plan, round_number, site().settings.zone)
        material = report_material(db(), plan.agency_id, site().evidence)
        return attachment(render(data, ending, material), name, FORMATS[ending].content_type)

    @expose("/<int:fiscal_year>/<int:number>/v<int:version>.<ending>")
    def version(self, fiscal_year: int, number: int, version: int, ending: str) -> ResponseReturnValue:
        plan, round_number = _asked(fiscal_year, number, ending)
        versions = {one.number: one for one in closing.versions_of(db(), plan, round_number)}
        if version not in versions:
            raise NotFoundError("There is no such version of this report.", "ไม่พบรายงานฉบับนี้")
        name = f"report-{fiscal_year}-{number}-v{version}.{ending}"
        return attachment(_of_version(versions[version], ending), name, FORMATS[ending].content_type)

    @expose("/<int:fiscal_year>/<int:number>/files/")
    def files(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        return self.render(
            "reports/report_files.html",
            plan=plan,
            number=round_number,
            files=_draft_files(plan, round_number),
            stand=report_files.stand_of(db(), plan),
            formats=FORMATS,
            wanted=request.args.get("wanted", offered_first("readers").name),
        )

    @expose("/<int:fiscal_year>/<int:number>/files/", methods=["POST"], may=OVERSEER)
    def make(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        wanted = [name for name in FORMATS if name in request.form.getlist("format")] or list(FORMATS)
        start(plan, report_files.ask_for_draft(db(), plan, round_number, wanted, now()))
        flash(gettext("The files are being made; they appear here."), "success")
        return redirect(url_for("reports.files", fiscal_year=fiscal_year, number=number))


def _asked(fiscal_year: int, number: int, ending: str) -> tuple[Plan, RoundNumber]:
    if ending not in FORMATS:
        raise NotFoundError("There is no such report.", "ไม่พบรายงานนี้")
    return asked_round(fiscal_year, number)


def _of_version(version: ReportVersion, ending: str) -> bytes:
    return report_files.bytes_of(db(), site().evidence, version, ending)


def _draft_files(plan: Plan, number: RoundNumber) -> dict[str, ReportFile]:
    """The draft's latest files by format."""
    return {one.format: one for one in report_files.draft_files(db(), plan, number)}
