"""Proves a closed report: its hash, its files and its evidence are what they were, and what has changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.errors import NotFoundError
from tracker.kinds import FileState
from tracker.models import Event, Evidence, Plan, ReportFile, ReportVersion, Round
from tracker.reports.data import RoundNumber
from tracker.services.reports.differences import Difference, differences
from tracker.services.reports.snapshots import Snapshot, snapshot_hash, snapshot_of, take_snapshot
from tracker.store.storage import EvidenceStore, digest


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at a version found. ``problems``: what should never happen; ``changes``: work that went on."""

    version: ReportVersion
    problems: tuple[Bilingual, ...]
    changes: tuple[Difference, ...]

    @property
    def in_round(self) -> tuple[Difference, ...]:
        """The changes that concern the round itself."""
        return tuple(one for one in self.changes if not one.later)

    @property
    def later(self) -> tuple[Difference, ...]:
        """The changes of the year's work after the round."""
        return tuple(one for one in self.changes if one.later)


def changes_since(session: Session, version: ReportVersion, tz: tzinfo) -> tuple[Difference, ...]:
    """What is recorded now against what the version froze, cell by cell: a constant number of queries."""
    plan, number = version.round.plan, _round_number(version)
    now, _ = take_snapshot(session, plan, number, tz, names=version.names)
    return tuple(differences(snapshot_of(version), now))


def verify_version(session: Session, store: EvidenceStore, version: ReportVersion, tz: tzinfo) -> Verified:
    """Reads everything again: the snapshot's hash, the record of its closing, files and evidence byte by byte."""
    problems = [
        *_snapshot_problems(session, version),
        *_file_problems(session, store, version),
        *_evidence_problems(session, store, version),
    ]
    return Verified(version, tuple(problems), changes_since(session, version, tz))


def closed_versions(session: Session, agency_id: int) -> Sequence[ReportVersion]:
    """Every version of the agency's reports, the oldest year first."""
    query = select(ReportVersion).join(Round).join(Plan).where(ReportVersion.agency_id == agency_id)
    return session.scalars(query.order_by(Plan.fiscal_year, Round.number, ReportVersion.number)).all()


def _snapshot_problems(session: Session, version: ReportVersion) -> Iterable[Bilingual]:
    if snapshot_hash(version.snapshot) != version.sha256:
        yield Bilingual("the snapshot was changed after it was closed", "เนื้อหาที่ปิดไว้ถูกแก้หลังปิดรอบ")
    plan = version.round.plan
    query = select(Event).where(Event.agency_id == version.agency_id, Event.kind == "round_closed")
    events = session.scalars(query).all()
    reported = {(one.details.get("fiscal_year"), one.details.get("round"), one.details.get("sha256")) for one in events}
    if (plan.fiscal_year, version.round.number, version.sha256) not in reported:
        yield Bilingual("the record of changes does not know this hash", "ประวัติการแก้ไขไม่มีรหัสของฉบับนี้")
    if version.record_hash is not None and version.record_hash not in {one.hash for one in events}:
        yield Bilingual(
            "the record of changes is not the one that the version was closed with",
            "ประวัติการแก้ไขไม่ใช่ประวัติที่ใช้ปิดรายงานฉบับนี้",
        )


def _file_problems(session: Session, store: EvidenceStore, version: ReportVersion) -> Iterable[Bilingual]:
    files = session.scalars(
        select(ReportFile)
        .where(ReportFile.version_id == version.id, ReportFile.state == FileState.MADE)
        .order_by(ReportFile.id)
    )
    for one in files:
        yield from _unlike(store, one.stored_name, one.sha256, f"report.{one.format}")
    if version.scan_stored:
        yield from _unlike(store, version.scan_stored, version.scan_sha256, version.scan_name or "scan")


def _evidence_problems(session: Session, store: EvidenceStore, version: ReportVersion) -> Iterable[Bilingual]:
    snapshot: Snapshot = snapshot_of(version)
    frozen = {
        piece.sha256: piece.name for task in snapshot.tasks or () for piece in task.evidence if piece.sha256 is not None
    }
    if not frozen:
        return
    kept = session.execute(
        select(Evidence.sha256, Evidence.stored_name).where(
            Evidence.agency_id == version.agency_id, Evidence.sha256.in_(frozen)
        )
    )
    where: dict[str | None, str | None] = {}
    for sha256, stored_name in kept:
        where.setdefault(sha256, stored_name)
    for sha256, name in frozen.items():
        yield from _unlike(store, where.get(sha256), sha256, name)


def _unlike(store: EvidenceStore, stored_name: str | None, sha256: str | None, name: str) -> Iterable[Bilingual]:
    try:
        path = store.path(stored_name or "")
    except NotFoundError:
        yield Bilingual(f"{name} is missing", f"ไม่พบไฟล์ {name}")
        return
    if digest(path) != sha256:
        yield Bilingual(f"{name} is not the file that it was", f"ไฟล์ {name} ไม่ตรงกับที่เก็บไว้")


def _round_number(version: ReportVersion) -> RoundNumber:
    return 6 if version.round.number == 6 else 12
