"""The files of a report as bytes on disk: asked for in the database, made by a worker or by whoever comes to them.

The bytes of a version are kept for good, so that a hash that was published holds whatever later releases write.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from tracker.errors import TrackerError
from tracker.kinds import FileState
from tracker.models import Completion, Event, Evidence, Plan, ReportFile, ReportVersion, Task
from tracker.reports import FORMATS, render
from tracker.reports.data import ReportData, RoundNumber
from tracker.services.reports.compose import report_data
from tracker.services.reports.publishing import public_report
from tracker.services.reports.report_assets import report_material
from tracker.services.reports.report_template import template_of
from tracker.services.reports.snapshots import report_hash, report_of
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

LARGE = 600
"""Tasks of a plan from which its files are made by a worker: smaller ones take a second or two."""
MANY_PHOTOS = 20
"""From how many on the annex alone takes that long."""
DRAFTS_KEPT = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(minutes=2)

_log = logging.getLogger(__name__)


def is_large(session: Session, plan: Plan) -> bool:
    """Whether the plan's files take longer than a request should."""
    tasks = session.scalar(select(func.count(Task.id)).where(Task.plan_id == plan.id)) or 0
    photos = select(func.count(Evidence.id)).join(Completion).join(Task)
    shown = session.scalar(photos.where(Task.plan_id == plan.id, Evidence.media_type.startswith("image/"))) or 0
    return tasks > LARGE or shown > MANY_PHOTOS


def ask_for_version(session: Session, version: ReportVersion, at: datetime, *, public: bool) -> list[ReportFile]:
    """Every format of a version, or of its published form; what was made of the same content is not asked for.

    What was signed keeps the files that were signed, whatever Word template the agency has by now.
    """
    contents = _contents(session, version, public_report(version) if public else report_of(version))
    files = {one.format: one for one in _of_version(session, version.id, public)}
    is_signed_form = version.signed_on is not None and not public
    for name in FORMATS:
        one, content = files.get(name), contents[name]
        if is_signed_form and one is not None and one.state == FileState.MADE:
            continue
        if one is None:
            one = files[name] = ReportFile(
                agency_id=version.agency_id, plan_id=version.round.plan_id, number=version.round.number,
                version_id=version.id, public=public, format=name, content=content, state=FileState.ASKED, asked_at=at,
            )  # fmt: skip
            session.add(one)
        elif one.content != content or one.state == FileState.FAILED:
            one.content, one.state, one.asked_at = content, FileState.ASKED, at
        if one.state == FileState.ASKED:
            _reuse(session, one, at)
    session.flush()
    return [files[name] for name in FORMATS]


def ask_for_draft(
    session: Session, plan: Plan, number: RoundNumber, formats: Iterable[str], at: datetime
) -> list[ReportFile]:
    """The draft as the record stands now, in the formats."""
    stand = stand_of(session, plan)
    found = {one.format: one for one in draft_files(session, plan, number) if one.content == stand}
    for name in formats:
        one = found.get(name)
        if one is not None and one.state == FileState.FAILED:
            one.state, one.asked_at = FileState.ASKED, at
        if one is None:
            found[name] = ReportFile(
                agency_id=plan.agency_id, plan_id=plan.id, number=number, public=False, format=name, content=stand,
                state=FileState.ASKED, asked_at=at,
            )  # fmt: skip
            session.add(found[name])
    session.flush()
    return [found[name] for name in FORMATS if name in found]


def draft_files(session: Session, plan: Plan, number: RoundNumber) -> Sequence[ReportFile]:
    """The files of the round's draft that are there or asked for, the latest last."""
    query = select(ReportFile).where(
        ReportFile.plan_id == plan.id, ReportFile.number == number, ReportFile.version_id.is_(None)
    )
    return session.scalars(query.order_by(ReportFile.id)).all()


def version_files(session: Session, version: ReportVersion, *, public: bool = False) -> Sequence[ReportFile]:
    """The files of a version, or of its published form."""
    return _of_version(session, version.id, public)


def bytes_of(session: Session, store: EvidenceStore, version: ReportVersion, ending: str) -> bytes:
    """A file of a version as it was kept; where none is made yet, the same from the snapshot."""
    for one in version_files(session, version):
        if one.format == ending and one.state == FileState.MADE and one.stored_name:
            return store.path(one.stored_name).read_bytes()
    return render(report_of(version), ending, report_material(session, version.agency_id, store))


def stand_of(session: Session, plan: Plan) -> str:
    """How far the agency's record of changes has come: a draft of the same stand is the same draft."""
    last = session.scalar(select(func.max(Event.sequence)).where(Event.agency_id == plan.agency_id))
    return f"event {last or 0}"


def make(database: Database, store: EvidenceStore, file_id: int, at: datetime, tz: tzinfo) -> bool:
    """Writes one file that was asked for; False where there is nothing to do. Safe to repeat and to run twice at once.

    No transaction is open while the file is written.
    """
    with database.reading() as session:
        wanted = session.get(ReportFile, file_id)
        if wanted is None or wanted.state != FileState.ASKED:
            return False
        content, ending = wanted.content, wanted.format
        data = _data_of(session, wanted, tz)
        material = report_material(session, wanted.agency_id, store)
    try:
        written = render(data, ending, material)
    except Exception as error:
        _log.exception("report file %s (%s) could not be written", file_id, ending)
        reason = error.sentence if isinstance(error, TrackerError) else type(error).__name__
        with database.writing() as session:
            session.execute(_asked(file_id, content).values(state=FileState.FAILED, problem=reason[:300]))
        return True
    stored = store.keep_made(written)
    with database.writing() as session:
        made = session.execute(
            _asked(file_id, content).values(
                state=FileState.MADE,
                made_at=at,
                stored_name=stored,
                sha256=hashlib.sha256(written).hexdigest(),
                size=len(written),
                problem=None,
            )
        )
    if not made.rowcount:  # type: ignore[attr-defined]  # somebody else was first
        store.forget(stored)
    return True


def waiting(session: Session, at: datetime) -> Sequence[int]:
    """Files that were asked for a while ago and nobody made: the broker may have lost them."""
    query = select(ReportFile.id).where(
        ReportFile.state == FileState.ASKED, ReportFile.asked_at <= at - ASKED_AGAIN_AFTER
    )
    return session.scalars(query.order_by(ReportFile.id)).all()


def forget_drafts(session: Session, store: EvidenceStore, at: datetime) -> int:
    """Removes the files of drafts that are older than a day; says how many."""
    old = session.scalars(
        select(ReportFile).where(ReportFile.version_id.is_(None), ReportFile.asked_at < at - DRAFTS_KEPT)
    ).all()
    for one in old:
        session.delete(one)
        if one.stored_name:
            store.forget(one.stored_name)
    return len(old)


def forget_public(session: Session, version: ReportVersion) -> list[str]:
    """Takes away the files of the published form; gives the names of those on disk that nobody uses any more."""
    gone = _of_version(session, version.id, True)
    names = {one.stored_name for one in gone if one.stored_name}
    for one in gone:
        session.delete(one)
    session.flush()
    still_used = ReportFile.agency_id == version.agency_id, ReportFile.stored_name.in_(names)
    used = set(session.scalars(select(ReportFile.stored_name).where(*still_used)))
    return sorted(names - used)


def _contents(session: Session, version: ReportVersion, report: ReportData) -> dict[str, str]:
    """What each format is written from: the report, for some also the agency's template."""
    content, template = report_hash(report), template_of(session, version.agency_id)
    own = hashlib.sha256(f"{content} {template.sha256}".encode()).hexdigest() if template else content
    return {name: own if kind.from_template else content for name, kind in FORMATS.items()}


def _of_version(session: Session, version_id: int, public: bool) -> Sequence[ReportFile]:
    query = select(ReportFile).where(ReportFile.version_id == version_id, ReportFile.public == public)
    return session.scalars(query.order_by(ReportFile.id)).all()


def _reuse(session: Session, wanted: ReportFile, at: datetime) -> None:
    """Takes the bytes that were kept of the same content, so that they are the same for good."""
    query = select(ReportFile).where(
        ReportFile.plan_id == wanted.plan_id, ReportFile.version_id.is_not(None), ReportFile.state == FileState.MADE,
        ReportFile.format == wanted.format, ReportFile.content == wanted.content,
    )  # fmt: skip
    kept = session.scalar(query.order_by(ReportFile.id).limit(1))
    if kept is not None:
        wanted.state, wanted.made_at, wanted.stored_name = FileState.MADE, at, kept.stored_name
        wanted.sha256, wanted.size, wanted.problem = kept.sha256, kept.size, None


def _data_of(session: Session, wanted: ReportFile, tz: tzinfo) -> ReportData:
    if wanted.version_id is None:
        plan = session.get_one(Plan, wanted.plan_id)
        return report_data(session, plan, 6 if wanted.number == 6 else 12, tz)
    version = session.get_one(ReportVersion, wanted.version_id)
    return public_report(version) if wanted.public else report_of(version)


def _asked(file_id: int, content: str) -> Update:
    return update(ReportFile).where(
        ReportFile.id == file_id, ReportFile.state == FileState.ASKED, ReportFile.content == content
    )
