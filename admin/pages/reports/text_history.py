"""ประวัติข้อความ: every version of a text in the report, two of them compared word by word, and the way back."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.pages.reports.report_texts import typed, view_of
from admin.pages.reports.rounds import RoundPage
from admin.web.base_view import expose
from admin.web.context import db, now
from admin.web.identity import actor
from admin.web.language import gettext
from admin.web.may import COORDINATOR
from tracker.models import Plan, TextVersion
from tracker.reports.data import RoundNumber
from tracker.services.reports import column_texts as texts
from tracker.services.reports.closing import closed_version
from tracker.services.reports.compose import as_paragraphs
from tracker.services.reports.text_history import text_version, text_versions
from tracker.thai.compare import changed_words


class TextHistoryPage(RoundPage):
    """The memory of one column of one measure."""

    may = COORDINATOR

    def __init__(self) -> None:
        super().__init__(lazy_gettext("History of a text"), "text_history", "edit/<int:measure_id>/<column>/versions")

    @expose("/")
    def index(self, plan: Plan, number: RoundNumber, measure_id: int, column: str) -> ResponseReturnValue:
        view = view_of(plan, number, measure_id, column)
        versions = text_versions(db(), view.measure, view.column, number)
        old, new = _chosen(versions)
        return self.render(
            "reports/text_history.html",
            plan=plan,
            number=number,
            view=view,
            versions=versions,
            old=old,
            new=new,
            text=_text,
            now_printed=typed(view.printed),
            difference=changed_words(_text(old), _text(new) if new else typed(view.printed)) if old else (),
            closed=closed_version(db(), plan, number) is not None,
        )

    @expose("/<int:version_id>/back", methods=["POST"], may=COORDINATOR)
    def back(
        self, plan: Plan, number: RoundNumber, measure_id: int, column: str, version_id: int
    ) -> ResponseReturnValue:
        view = view_of(plan, number, measure_id, column)
        version = text_version(db(), view.measure, view.column, number, version_id)
        texts.go_back(db(), view, number, version, by=actor(), at=now())
        flash(gettext("The older text is printed again."), "success")
        anchor = f"{column}-{measure_id}"
        return redirect(url_for("report_text.index", fiscal_year=plan.fiscal_year, number=number, _anchor=anchor))


def _chosen(versions: Sequence[TextVersion]) -> tuple[TextVersion | None, TextVersion | None]:
    """The two that are to be compared: as the address says, else the last two; None as the second: what is printed."""
    by_id = {one.id: one for one in versions}
    old, new = (by_id.get(request.args.get(name, 0, type=int)) for name in ("old", "new"))
    if old is None and versions:
        new = versions[0]
        old = versions[1] if len(versions) > 1 else None
    return old, new


def _text(version: TextVersion) -> str:
    return typed(as_paragraphs(version.paragraphs))
