"""Publishes a signed report at an address that stays, amends it as a new edition, withdraws it.

An edition's number and files are never another's: what was withdrawn is published again as an edition of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, func, inspect, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.models import Agency, Plan, ReportFile, ReportVersion, Round
from tracker.reports.data import ReportData, RoundNumber, Signer
from tracker.reports.published import published_form
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.closing import must_be_closed
from tracker.services.reports.differences import PUBLIC_AREAS, differences
from tracker.services.reports.public_address import choose_address
from tracker.services.reports.snapshots import Snapshot, report_of
from tracker.thai.numerals import to_arabic, to_thai

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
}
"""Under which published data may be used: SPDX identifiers and addresses."""

UNDO_WITHIN = timedelta(minutes=10)
"""For so long a publication is taken back as if it had not been."""

MOST_WORDS = 6
"""Of a search; further ones do not count."""
_IS_SHOWN = ReportVersion.edition.is_not(None), ReportVersion.withdrawn_at.is_(None)
_SNAPSHOT = ReportVersion.snapshot
"""Large, and not needed for what is served from disk."""
_Row = TypeVar("_Row", ReportVersion, ReportFile)


@dataclass(frozen=True, slots=True)
class PublicRound:
    """All that is published of a round, the latest edition first."""

    agency: Agency
    plan: Plan
    number: RoundNumber
    editions: tuple[ReportVersion, ...]

    @property
    def current(self) -> ReportVersion:
        """The edition that the round's address shows."""
        return self.editions[0]

    def edition(self, number: int) -> ReportVersion:
        """The edition of that number; NotFoundError where there is none."""
        for version in self.editions:
            if version.edition == number:
                return version
        raise _no_report()


def signatures_of(version: ReportVersion) -> tuple[Signer, ...]:
    """Who signed."""
    return tuple(Signer(one["name"], one["position"]) for one in version.signatures or ())


def public_report(version: ReportVersion) -> ReportData:
    """What a published version shows to strangers."""
    return published_form(
        report_of(version),
        signatures_of(version),
        show_signers=version.public_signers,
        evidence=version.public_evidence,
        hidden=version.public_hidden or (),
    )


@dataclass(frozen=True, slots=True)
class PublicChoice:
    """What of people and evidence strangers see, and under which licence.

    ``hidden`` are the keys of the pieces of evidence that are left out all the same; ``scan`` shows the signed paper.
    """

    signers: bool
    evidence: bool
    licence: str
    hidden: frozenset[str] = frozenset()
    scan: bool = False


def latest_choice(session: Session, agency: Agency) -> PublicChoice | None:
    """What was chosen for the agency's latest published report; None where nothing ever was published."""
    query = select(ReportVersion).where(ReportVersion.agency_id == agency.id, ReportVersion.edition.is_not(None))
    latest = session.scalar(query.options(defer(_SNAPSHOT)).order_by(ReportVersion.published_at.desc()).limit(1))
    if latest is None:
        return None
    hidden = frozenset(latest.public_hidden or ())
    return PublicChoice(latest.public_signers, latest.public_evidence, agency.licence, hidden, latest.public_scan)


def publish(
    session: Session,
    plan: Plan,
    number: RoundNumber,
    *,
    slug: str | None = None,
    choice: PublicChoice,
    by: Actor,
    at: datetime,
) -> ReportVersion:
    """Publishes the signed report; after an earlier edition it says what it changes and why.

    What was withdrawn comes back as a version and an edition of its own. ``slug`` is the agency's name in addresses,
    as long as nothing is published under one. Raises ConflictError where the round is not closed and signed, or this
    version is published.
    """
    lock(session, plan.agency_id)
    version, agency = must_be_closed(session, plan, number), session.get_one(Agency, plan.agency_id)
    if version.signed_on is None:
        raise ConflictError("Record who signed first; only a signed report is published.", "กรุณาบันทึกผู้ลงนามก่อนเผยแพร่")
    if version.published_at is not None and version.withdrawn_at is None:
        raise ConflictError("This report is published already.", "เผยแพร่รายงานฉบับนี้แล้ว")
    if slug is not None or agency.slug is None:
        choose_address(session, agency, slug or "")
    if choice.scan and version.scan_stored is None:
        raise ConflictError("There is no scan of the signed paper to publish.", "ยังไม่มีไฟล์สแกนฉบับลงนามที่จะเผยแพร่")
    _keep_choice(session, agency, choice, by=by, at=at)
    before = _latest_edition(session, version.round_id)
    if version.withdrawn_at is not None:
        version = _once_more(session, version)
    for name, value in _public_columns(choice).items():
        setattr(version, name, value)
    version.edition = ((before.edition or 0) if before else 0) + 1
    version.changes = _changes(before, version) if before else None
    version.published_at = at
    record(
        session, plan.agency_id, "report_published", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, edition=version.edition,
        sha256=version.sha256, signers=choice.signers, evidence=choice.evidence, hidden=len(choice.hidden),
        scan=choice.scan, address=agency.slug,
    )  # fmt: skip
    return version


def previewed(session: Session, plan: Plan, number: RoundNumber, choice: PublicChoice, at: datetime) -> PublicRound:
    """The round as strangers would find it, published with this choice at this instant; nothing is changed."""
    version, agency = must_be_closed(session, plan, number), session.get_one(Agency, plan.agency_id)
    before = _latest_edition(session, version.round_id)
    shown = _copied(
        version, **_public_columns(choice), edition=((before.edition or 0) if before else 0) + 1, published_at=at,
        withdrawn_at=None, changes=_changes(before, version) if before else None,
    )  # fmt: skip
    return PublicRound(agency, plan, number, (shown,))


def can_be_undone(version: ReportVersion, at: datetime) -> bool:
    """Whether readers may still find nothing of it, as if it had not been published."""
    published = version.published_at if is_published(version) else None
    return published is not None and at - published < UNDO_WITHIN


def undo(session: Session, plan: Plan, number: RoundNumber, *, by: Actor, at: datetime) -> ReportVersion:
    """Takes the latest publication back without a trace for readers; the edition before it is shown again.

    ConflictError where it was not published a moment ago: it is withdrawn then, which its address says.
    """
    lock(session, plan.agency_id)
    version = must_be_closed(session, plan, number)
    if not can_be_undone(version, at):
        raise ConflictError(
            "Only what was published in the last ten minutes is undone; withdraw the report instead.",
            "เลิกทำได้ภายใน ๑๐ นาทีหลังเผยแพร่เท่านั้น หลังจากนั้นกรุณาใช้การถอนรายงาน",
        )
    edition, version.edition, version.published_at, version.changes = version.edition, None, None, None
    record(
        session, plan.agency_id, "report_unpublished", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, edition=edition,
    )  # fmt: skip
    return version


def withdraw(session: Session, plan: Plan, number: RoundNumber, *, why: str, by: Actor, at: datetime) -> None:
    """Takes every edition of the round off the public pages, whose addresses say so from then on."""
    lock(session, plan.agency_id)
    query = select(ReportVersion).join(Round).where(Round.plan_id == plan.id, Round.number == number)
    shown = session.scalars(query.where(ReportVersion.edition.is_not(None), ReportVersion.withdrawn_at.is_(None))).all()
    if not shown:
        raise ConflictError("Nothing of this round is published.", "รอบนี้ยังไม่มีรายงานที่เผยแพร่อยู่")
    for version in shown:
        version.withdrawn_at, version.withdrawn_why = at, why
    record(session, plan.agency_id, "report_withdrawn", by, at, fiscal_year=plan.fiscal_year, round=number, why=why)


def is_published(version: ReportVersion) -> bool:
    """Whether strangers may read it."""
    return version.edition is not None and version.withdrawn_at is None


def count_publishing(session: Session, words: str) -> int:
    """How many agencies ``publishing_agencies`` has: one query."""
    return session.scalar(select(func.count()).select_from(Agency).where(*_publishing(words))) or 0


def publishing_agencies(session: Session, words: str, *, start: int, size: int) -> Sequence[tuple[Agency, int]]:
    """The agencies that show at least one report, from the one at ``start`` on, in the dictionary's order, each with
    the latest year that it shows: one query. Each of the words stands in the name or the place (district, province).
    """
    shown = exists().where(ReportVersion.round_id == Round.id, *_IS_SHOWN)
    latest = (
        select(func.max(Plan.fiscal_year))
        .join(Round, Round.plan_id == Plan.id)
        .where(Plan.agency_id == Agency.id, shown)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Agency, latest)
        .where(*_publishing(words))
        .order_by(Agency.name_order, Agency.id)
        .limit(size)
        .offset(start)
    )
    return [(agency, year) for agency, year in rows]


def _publishing(words: str) -> Iterator[ColumnElement[bool]]:
    yield Agency.slug.is_not(None)
    yield Agency.id.in_(select(ReportVersion.agency_id).where(*_IS_SHOWN))
    for word in words.split()[:MOST_WORDS]:
        forms = {word, to_arabic(word), to_thai(word)}
        yield or_(
            *(column.icontains(form, autoescape=True) for column in (Agency.name, Agency.place) for form in forms)
        )


def public_rounds(
    session: Session, slug: str, fiscal_year: int | None = None, number: int | None = None
) -> Sequence[PublicRound]:
    """What the agency of that address published, withdrawn or not, the latest year first: two queries."""
    query = (
        select(ReportVersion)
        .join(ReportVersion.round)
        .join(Round.plan)
        .join(Plan.agency)
        .where(Agency.slug == slug, ReportVersion.edition.is_not(None))
        .options(
            contains_eager(ReportVersion.round).contains_eager(Round.plan).contains_eager(Plan.agency),
            selectinload(ReportVersion.files),
            defer(_SNAPSHOT),
        )
        .order_by(Plan.fiscal_year.desc(), Round.number.desc(), ReportVersion.edition.desc())
    )
    if fiscal_year is not None:
        query = query.where(Plan.fiscal_year == fiscal_year, Round.number == number)
    found: dict[int, list[ReportVersion]] = {}
    for version in session.scalars(query):
        found.setdefault(version.round_id, []).append(version)
    return [
        PublicRound(
            versions[0].round.plan.agency, versions[0].round.plan, 6 if versions[0].round.number == 6 else 12,
            tuple(versions),
        )
        for versions in found.values()
    ]  # fmt: skip


def public_round(session: Session, slug: str, fiscal_year: int, number: int) -> PublicRound:
    """What is published at an address; NotFoundError where nothing ever was."""
    found = public_rounds(session, slug, fiscal_year, number)
    if not found:
        raise _no_report()
    return found[0]


@dataclass(frozen=True, slots=True)
class Known:
    """What a hash belongs to: a published version, and which of its files (None: the snapshot itself)."""

    version: ReportVersion
    format: str | None


def find_by_hash(session: Session, sha256: str) -> Sequence[Known]:
    """Published reports, withdrawn ones too, of which a file, the scan or the snapshot has the hash: two queries."""
    whole = (
        select(ReportVersion)
        .where(ReportVersion.edition.is_not(None))
        .options(joinedload(ReportVersion.round).joinedload(Round.plan).joinedload(Plan.agency), defer(_SNAPSHOT))
    )
    of_file = whole.join(ReportFile, ReportFile.version_id == ReportVersion.id).add_columns(ReportFile.format)
    files = session.execute(of_file.where(ReportFile.sha256 == sha256).order_by(ReportFile.id.desc())).all()
    scan = ReportVersion.public_scan & (ReportVersion.scan_sha256 == sha256)
    found = {version.id: Known(version, ending) for version, ending in files}
    for version in session.scalars(whole.where((ReportVersion.sha256 == sha256) | scan)):
        found[version.id] = Known(version, None if version.sha256 == sha256 else "scan")
    return list(found.values())


def published_addresses(session: Session) -> Sequence[tuple[str, int, int]]:
    """Name in the address, year and round of every report that is shown: one query."""
    rows = session.execute(
        select(Agency.slug, Plan.fiscal_year, Round.number)
        .join(Plan, Plan.agency_id == Agency.id)
        .join(Round, Round.plan_id == Plan.id)
        .join(ReportVersion, ReportVersion.round_id == Round.id)
        .where(Agency.slug.is_not(None), ReportVersion.edition.is_not(None), ReportVersion.withdrawn_at.is_(None))
        .distinct()
        .order_by(Agency.slug, Plan.fiscal_year, Round.number)
    )
    return [(slug, year, number) for slug, year, number in rows if slug]


def _keep_choice(session: Session, agency: Agency, choice: PublicChoice, *, by: Actor, at: datetime) -> None:
    """The agency keeps what it chose of people, evidence and licence; NotUnderstoodError for an unknown licence."""
    if choice.licence not in LICENCES:
        raise NotUnderstoodError("Choose one of the licences.", "กรุณาเลือกสัญญาอนุญาต")
    before = agency.public_signers, agency.public_evidence, agency.licence
    after = choice.signers, choice.evidence, choice.licence
    if before == after:
        return
    agency.public_signers, agency.public_evidence, agency.licence = after
    names = "signers", "evidence", "licence"
    changes = {name: [one, other] for name, one, other in zip(names, before, after, strict=True) if one != other}
    record(
        session, agency.id, "public_choice", by, at,
        signers=choice.signers, evidence=choice.evidence, licence=choice.licence, changes=changes,
    )  # fmt: skip


def _public_columns(choice: PublicChoice) -> dict[str, object]:
    return {
        "public_signers": choice.signers,
        "public_evidence": choice.evidence,
        "public_hidden": sorted(choice.hidden) or None,
        "public_scan": choice.scan,
    }


def _latest_edition(session: Session, round_id: int) -> ReportVersion | None:
    query = select(ReportVersion).where(ReportVersion.round_id == round_id, ReportVersion.edition.is_not(None))
    return session.scalar(query.order_by(ReportVersion.edition.desc()).limit(1))


def _once_more(session: Session, withdrawn: ReportVersion) -> ReportVersion:
    """The signed report as the round's next version, with the files and the scan that were signed."""
    version = _copied(
        withdrawn, number=withdrawn.number + 1, edition=None, published_at=None, changes=None, why=None,
        withdrawn_at=None, withdrawn_why=None,
    )  # fmt: skip
    withdrawn.scan_stored = None
    session.flush()
    session.add(version)
    session.flush()
    signed = select(ReportFile).where(ReportFile.version_id == withdrawn.id, ~ReportFile.public)
    session.add_all([_copied(one, version_id=version.id) for one in session.scalars(signed.order_by(ReportFile.id))])
    return version


def _copied(row: _Row, **changes: object) -> _Row:
    columns = inspect(type(row)).column_attrs.keys()
    return type(row)(**{name: getattr(row, name) for name in columns if name != "id"} | changes)


def _changes(before: ReportVersion, after: ReportVersion) -> list[dict[str, object]]:
    """The cells that read otherwise; of an edition that was withdrawn nothing is shown again."""
    old, new = (Snapshot(report_of(one), None, None) for one in (before, after))
    found = [one for one in differences(old, new) if one.area in PUBLIC_AREAS]
    if before.withdrawn_at is not None:
        found = [replace(one, before=None, after=None) for one in found]
    return [one.as_json() for one in found]


def _no_report() -> NotFoundError:
    return NotFoundError("There is no published report at this address.", "ไม่พบรายงานที่เผยแพร่ ณ ที่อยู่นี้")
