"""พิสูจน์รายงาน: whether a closed report is what it was, and what has changed since, cell by cell."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.reports.differences import rows
from admin.pages.reports.rounds import asked_round
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, site
from tracker.errors import NotFoundError
from tracker.reports import FORMATS
from tracker.services.reports import closing
from tracker.services.reports.record_check import record_problems
from tracker.services.reports.verification import verify_version


class VerifyPage(AgencyPage):
    """One version of a round against what is recorded and kept now; the latest where none is asked for."""

    def __init__(self) -> None:
        super().__init__(
            name=lazy_gettext("Verify"), endpoint="verify", url="/reports/<int:fiscal_year>/<int:number>/verify"
        )

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        versions = closing.versions_of(db(), plan, round_number)
        asked = request.args.get("version", type=int) or (versions[0].number if versions else 0)
        version = next((one for one in versions if one.number == asked), None)
        if version is None and versions:
            raise NotFoundError("There is no such version of this report.", "ไม่พบรายงานฉบับนี้")
        verified = verify_version(db(), site().evidence, version, site().settings.zone) if version else None
        return self.render(
            "reports/verify.html",
            plan=plan,
            number=round_number,
            versions=versions,
            verified=verified,
            record_problems=record_problems(db(), plan.agency_id, site().database.witness),
            in_round=rows(verified.in_round) if verified else [],
            later=rows(verified.later) if verified else [],
            formats=FORMATS,
        )
