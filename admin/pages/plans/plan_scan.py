"""A scanned plan: each cell's draft beside its picture, confirmed one by one; then it is imported like any document."""

from datetime import timedelta

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, defers_write_lock, now, site, writing
from admin.web.formatting import number
from admin.web.identity import agency, person
from admin.web.may import COORDINATOR
from admin.web.pager import asked_pager
from admin.web.queue import send
from tracker.bilingual import Bilingual
from tracker.broker import Work
from tracker.kinds import WorkState
from tracker.plan_import.readers.scan_words import MISSING
from tracker.services.plans import scans

_PATIENCE = timedelta(seconds=120)
CELLS = 40
"""On a page."""
_LONGEST_NUMBER = 10
"""Figures of a cell's number; more are nobody's form."""


class PlanScanPage(CoordinatorPage):
    """One scan, from its upload to the document that is made of it."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Import a scan"), endpoint="plan_scan", url="/plan/import/<token>/scan")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self, token: str) -> ResponseReturnValue:
        scan = _scan(token)
        if scan.state != WorkState.DONE:
            return self._working(token, scan)
        pager = asked_pager(len(scan.cells), CELLS)
        shown = range(pager.start, min(pager.start + CELLS, len(scan.cells)))
        return self.render(
            "plans/plan_scan.html",
            token=token,
            scan=scan,
            pager=pager,
            cells=[(index, scan.cells[index]) for index in shown if not scan.cells[index].empty],
            missing=MISSING,
        )

    @expose("/", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def confirm(self, token: str) -> ResponseReturnValue:
        """Keeps the page's cells; goes on to the next open one, or to the plan that they make."""
        if _scan(token).state != WorkState.DONE:
            return redirect(url_for("plan_scan.index", token=token), 303)
        words = {int(name[6:]): text for name, text in request.form.items() if _names_a_cell(name)}
        ticked = {int(value) for value in request.form.getlist("seen") if _is_a_number(value)}
        scan = scans.confirm(writing(), token, words, ticked, now())
        if forgotten := sum(MISSING in scan.cells[one].words for one in ticked & words.keys() if one < len(scan.cells)):
            flash(
                ngettext(
                    "%(n)s cell still lacks a figure: put it in place of %(sign)s.",
                    "%(n)s cells still lack a figure: put it in place of %(sign)s.",
                    forgotten, n=number(forgotten), sign=MISSING,
                ),
                "error",
            )  # fmt: skip
        if not scan.open_cells:
            return redirect(url_for("plan_import.preview", token=scans.to_upload(db(), token, now())), 303)
        first = next(index for index, cell in enumerate(scan.cells) if not cell.is_settled)
        page = first // CELLS + 1
        return redirect(url_for("plan_scan.index", token=token, page=page, _anchor=f"cell-{first}"), 303)

    @expose("/work", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def work_here(self, token: str) -> ResponseReturnValue:
        """Reads at once what no worker has read."""
        _scan(token)
        db().commit()
        scans.run(site().database, token, now())
        return redirect(url_for("plan_scan.index", token=token), 303)

    @expose("/discard", methods=["POST"], may=COORDINATOR)
    @defers_write_lock
    def discard(self, token: str) -> ResponseReturnValue:
        _scan(token)
        scans.forget(writing(), token)
        flash(gettext("The scan was discarded; the plan is unchanged."), "success")
        return redirect(url_for("plan_import.index"), 303)

    @expose("/<int:page>.png")
    def picture(self, token: str, page: int) -> Response:
        """The page as it was scanned, upright."""
        found = scans.picture(db(), token, page, now(), agency_id=agency().id, account_id=person().account.id)
        return Response(found, mimetype="image/png", headers={"Cache-Control": "private, max-age=3600"})

    def _working(self, token: str, scan: scans.KeptScan) -> ResponseReturnValue:
        problem = scan.problem and Bilingual(*scan.problem)
        late = now() - scan.asked > _PATIENCE
        page = make_response(
            self.render("plans/plan_scan_work.html", token=token, scan=scan, problem=problem, late=late)
        )
        if scan.state != WorkState.FAILED:
            page.headers["Refresh"] = f"3; url={url_for('plan_scan.index', token=token)}"
        return page


def begin(data: bytes, name: str, fiscal_year: int) -> ResponseReturnValue:
    """Keeps a scan and has a worker read it; leads to its page."""
    scan = scans.KeptScan(agency().id, person().account.id, name, fiscal_year)
    token = scans.keep(writing(), data, scan, now())
    db().commit()  # the worker is to find it
    send(site().settings, Work.SCAN, token)
    return redirect(url_for("plan_scan.index", token=token), 303)


def _names_a_cell(name: str) -> bool:
    return name.startswith("words-") and _is_a_number(name[6:])


def _is_a_number(text: str) -> bool:
    return text.isdecimal() and len(text) < _LONGEST_NUMBER


def _scan(token: str) -> scans.KeptScan:
    """What this person sent under the token; NotFoundError where it is another's or gone."""
    return scans.find(db(), token, now(), agency_id=agency().id, account_id=person().account.id)
