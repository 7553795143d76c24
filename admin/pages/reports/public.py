"""``/public/…``: published reports for everybody. Own templates, no session, no way into the rest."""

import hashlib
import json
import re
from collections.abc import Sequence

from flask import Blueprint, Flask, Response, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from admin.pages.reports.differences import rows
from admin.pages.reports.public_data import address, as_bytes, dataset_of, files_of, title_of
from admin.pages.reports.public_fold import folded
from admin.web.context import site
from admin.web.headers import own_styles
from admin.web.limits import PER_ADDRESS, limiter
from admin.web.may import ANYONE, may
from admin.web.pager import asked_pager
from admin.web.public_page import ASK, DAY, PublicWithoutSession, content, page, with_styles
from tracker.errors import NotFoundError, TrackerError
from tracker.models import ReportVersion
from tracker.reports import FORMATS, render
from tracker.reports.open_data import SCHEMA, catalog_json, dataset_json
from tracker.services.reports import publishing
from tracker.services.reports.differences import Difference
from tracker.services.reports.publishing import PublicRound, is_published
from tracker.services.reports.report_assets import report_material

pages = Blueprint("public", __name__, url_prefix="/public")

AGENCIES_A_PAGE = 100
LONGEST_SEARCH = 100
_HASH = re.compile(r"[0-9a-f]{64}")
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_CONTENT = re.compile(rb"<main>(.*)</main>", re.DOTALL)
_PAGE = "html"
"""The format whose content the public page shows, in its own style."""
_LD = "application/ld+json; charset=utf-8"


@pages.get("/")
@may(ANYONE)
def index() -> Response:
    """The agencies that publish here."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with site().database.reading() as session:
        pager = asked_pager(publishing.count_publishing(session, words), AGENCIES_A_PAGE)
        found = publishing.publishing_agencies(session, words, start=pager.start, size=pager.size)
    return page("index.html", agencies=found, words=words, pager=pager)


@pages.get("/catalog.jsonld")
@may(ANYONE)
def catalog() -> Response:
    """Every published report as a DCAT catalogue."""
    with site().database.reading() as session:
        shown = publishing.published_addresses(session)
    found = catalog_json(address(), "รายงานมาตรการส่งเสริมคุณธรรมและความโปร่งใส", [address(*one) for one in shown])
    return content(as_bytes(found), _LD, kept=ASK)


@pages.get("/schema/report.json")
@may(ANYONE)
def schema() -> Response:
    """The schema of the JSON files, under its own address."""
    found = json.loads(SCHEMA.read_text(encoding="utf-8")) | {"$id": address("schema", "report.json")}
    return content(as_bytes(found), "application/schema+json; charset=utf-8", kept=DAY)


@pages.get("/check")
@may(ANYONE)
def check_form() -> Response:
    """The form that checks a file, or the answer to a hash in the address."""
    asked = request.args.get("sha256", "").strip().lower()
    return _checked(asked) if asked else page("check.html", asked=None, known=[])


@pages.post("/check")
@may(ANYONE)
@limiter.limit(PER_ADDRESS)
def check() -> Response:
    """Whether a file is one that was published: it is read once for its hash, and not kept."""
    request.max_content_length = site().settings.upload_limit_mb * 2**20
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return page("check.html", status=422, asked=None, known=[], nothing=True)
    digest = hashlib.file_digest(upload.stream, "sha256")  # type: ignore[arg-type]  # a stream of bytes, all that it asks
    return _checked(digest.hexdigest(), upload.filename)


@pages.get("/<slug>/")
@may(ANYONE)
def agency(slug: str) -> Response:
    """An agency's reports, the latest year first."""
    with site().database.reading() as session:
        found = publishing.public_rounds(session, slug)
    if not found:
        raise NotFoundError("No agency publishes at this address.", "ไม่พบหน่วยงานที่เผยแพร่รายงาน ณ ที่อยู่นี้")
    return page("agency.html", agency=found[0].agency, rounds=found, is_published=is_published)


@pages.get("/<slug>/<int:year>/<int:number>", strict_slashes=False)
@may(ANYONE)
def report(slug: str, year: int, number: int) -> Response:
    """The current edition, at the address that stays."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    return _report_page(found, found.current)


@pages.get("/<slug>/<int:year>/<int:number>/v<int:edition>")
@may(ANYONE)
def edition(slug: str, year: int, number: int, edition: int) -> Response:
    """One edition, which says whether it is the current one."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    return _report_page(found, found.edition(edition))


@pages.get("/<slug>/<int:year>/<int:number>/dataset.jsonld")
@may(ANYONE)
def dataset(slug: str, year: int, number: int) -> Response:
    """What the current edition is, for machines."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    if not is_published(found.current):
        return _gone(found, found.current)
    return content(as_bytes(dataset_json(dataset_of(found))), _LD, kept=ASK)


@pages.get("/<slug>/<int:year>/<int:number>/report.<ending>")
@may(ANYONE)
def current_file(slug: str, year: int, number: int, ending: str) -> Response:
    """A file of the current edition, at an address that stays."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    return _file(found, found.current, ending, kept=ASK)


@pages.get("/<slug>/<int:year>/<int:number>/v<int:edition>/report.<ending>")
@may(ANYONE)
def file(slug: str, year: int, number: int, edition: int, ending: str) -> Response:
    """A file of an edition."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    return _file(found, found.edition(edition), ending, kept=ASK)


@pages.get("/<slug>/<int:year>/<int:number>/v<int:edition>/signed")
@may(ANYONE)
def signed(slug: str, year: int, number: int, edition: int) -> Response:
    """The scan of the signed paper, where the agency shows it."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    version = found.edition(edition)
    if not is_published(version):
        return _gone(found, version)
    if not version.public_scan or version.scan_stored is None:
        raise NotFoundError("There is no scan of the signed paper here.", "ไม่มีไฟล์สแกนฉบับลงนาม ณ ที่อยู่นี้")
    data = site().evidence.path(version.scan_stored).read_bytes()
    return content(data, version.scan_type or "application/octet-stream", kept=ASK, sha256=version.scan_sha256)


@pages.get("/<slug>/<int:year>/<int:number>/v<int:edition>/report.css")
@may(ANYONE)
def style(slug: str, year: int, number: int, edition: int) -> Response:
    """The style with which the edition was published."""
    with site().database.reading() as session:
        found = publishing.public_round(session, slug, year, number)
    made = _kept(found.edition(edition), _PAGE)
    part = _STYLE.search(made) if made else None
    return content(part[1] if part else b"", "text/css; charset=utf-8", kept=DAY)


def preview_page(session: Session, found: PublicRound, slug: str, licence: str, hidden: Sequence[str]) -> Response:
    """The page of a report that is not published yet, as readers will find it, and above it what they will not see.

    For who is signed in: it is nowhere public, has no files yet, and no browser keeps it.
    """
    version = found.current
    made = render(publishing.public_report(version), _PAGE, report_material(session, found.agency.id, site().evidence))
    body, style = _CONTENT.search(made), _STYLE.search(made)
    shown = page(
        "report.html",
        kept=0,
        found=found,
        version=version,
        title=title_of(found),
        body=folded(body[1].decode(), thai_digits=found.agency.thai_digits) if body else None,
        signatures=publishing.signatures_of(version) if version.public_signers else (),
        files={},
        formats=FORMATS,
        changes=rows(Difference.from_json(one) for one in version.changes or ()),
        is_published=is_published,
        licence=publishing.LICENCES.get(licence, ""),
        licence_name=licence,
        address=address(slug, found.plan.fiscal_year, found.number),
        slug=slug,
        preview_style=style[1].decode() if style else "",
        hidden=hidden,
    )
    shown.headers["Content-Security-Policy"] = with_styles(own_styles(shown.get_data(as_text=True)))
    return shown


def _report_page(found: PublicRound, version: ReportVersion) -> Response:
    if not is_published(version):
        return _gone(found, version)
    made = _kept(version, _PAGE)
    part = _CONTENT.search(made) if made else None
    return page(
        "report.html",
        kept=ASK if part else 0,
        found=found,
        version=version,
        title=title_of(found),
        body=folded(part[1].decode(), thai_digits=found.agency.thai_digits) if part else None,
        signatures=publishing.signatures_of(version) if version.public_signers else (),
        files={one.format: one for one in files_of(version)},
        formats=FORMATS,
        changes=rows(Difference.from_json(one) for one in version.changes or ()),
        is_published=is_published,
        licence=publishing.LICENCES[found.agency.licence],
        address=address(found.agency.slug, found.plan.fiscal_year, found.number),
    )


def _gone(found: PublicRound, version: ReportVersion) -> Response:
    """The tombstone of a report that was withdrawn."""
    return page("withdrawn.html", status=410, found=found, version=version)


def _file(found: PublicRound, version: ReportVersion, ending: str, *, kept: int) -> Response:
    if ending not in FORMATS:
        raise NotFoundError("There is no such file.", "ไม่พบไฟล์นี้")
    if not is_published(version):
        return _gone(found, version)
    one = next((one for one in files_of(version) if one.format == ending), None)
    data = _kept(version, ending)
    if one is None or data is None:
        return page("making.html", status=503, found=found)
    response = content(data, FORMATS[ending].content_type, kept=kept, sha256=one.sha256)
    shown_in_place = "inline" if FORMATS[ending].in_place else "attachment"
    name = f"report-{found.plan.fiscal_year}-{found.number}-v{version.edition}.{ending}"
    response.headers["Content-Disposition"] = f'{shown_in_place}; filename="{name}"'
    response.headers["Content-Security-Policy"] = _file_policy(data if ending == _PAGE else b"")
    return response


def _file_policy(page_: bytes) -> str:
    """Nothing runs in a file; the page of a report may use the style that is in it, known by its hash."""
    if not page_:
        return "default-src 'none'; frame-ancestors 'none'; sandbox"
    styles = own_styles(page_.decode())
    return f"default-src 'none'; style-src {styles}; img-src data:; frame-ancestors 'none'; sandbox"


def _kept(version: ReportVersion, ending: str) -> bytes | None:
    """The bytes that were published; None while they are being made."""
    for one in files_of(version):
        if one.format == ending and one.stored_name:
            return site().evidence.path(one.stored_name).read_bytes()
    return None


def _checked(sha256: str, name: str = "") -> Response:
    if not _HASH.fullmatch(sha256):
        return page("check.html", status=422, asked=sha256[:100], known=[], no_hash=True)
    with site().database.reading() as session:
        known = publishing.find_by_hash(session, sha256)
    return page("check.html", kept=0, asked=sha256, known=known, name=name, is_published=is_published)


@pages.errorhandler(TrackerError)
def _known_error(error: TrackerError) -> Response:
    return page("error.html", status=error.http_status, error=error)


@pages.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    return page("error.html", status=error.code or 500, error=None, too_large=error.code == 413)


@pages.errorhandler(RateLimitExceeded)
def _too_many(_error: RateLimitExceeded) -> Response:
    return page("error.html", status=429, error=None, too_many=True)


def init(app: Flask) -> None:
    """Without the form's token, which lives in a session: nothing that is sent here is kept."""
    app.session_interface = PublicWithoutSession()
    app.register_blueprint(pages)
    app.extensions["csrf"].exempt(pages)
