"""พิสูจน์รายงาน: whether a closed report is what it was, and what has changed since, cell by cell."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.reports.differences import rows
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, site
from tracker.errors import NotFoundError
from tracker.models import Plan
from tracker.reports import FORMATS
from tracker.reports.data import RoundNumber
from tracker.services.reports import closing
from tracker.services.reports.record_check import record_problems
from tracker.services.reports.verification import verify_version


class VerifyPage(RoundPage):
    """One version of a round against what is recorded and kept now; the latest where none is asked for."""

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Verify"), "verify", "verify")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber) -> ResponseReturnValue:
        versions = closing.versions_of(db(), plan, number)
        asked = request.args.get("version", type=int) or (versions[0].number if versions else 0)
        version = next((one for one in versions if one.number == asked), None)
        if version is None and versions:
            raise NotFoundError("There is no such version of this report.", "ไม่พบรายงานฉบับนี้")
        verified = verify_version(db(), site().evidence, version, site().settings.zone) if version else None
        return self.render(
            "reports/verify.html",
            plan=plan,
            number=number,
            versions=versions,
            verified=verified,
            record_problems=record_problems(db(), plan.agency_id, site().database.witness, site().evidence),
            in_round=rows(verified.in_round) if verified else [],
            later=rows(verified.later) if verified else [],
            formats=FORMATS,
        )
