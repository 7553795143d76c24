"""Closes a round as a version: a frozen report with a hash, then submitted and signed (docs/rules.md, "Closing")."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer

from tracker import clock
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import NoticeKind, RoleName, RoundState, SignedHow, TextSource
from tracker.models import ColumnText, Measure, Member, Notice, Plan, ReportVersion, Role, Round, Task
from tracker.reminders.expired import look_again
from tracker.reminders.signatures import waits_for_signature
from tracker.reports.data import RoundNumber, Signer
from tracker.services.audit import Actor, lock, record
from tracker.services.reports.snapshots import snapshot_hash, take_snapshot
from tracker.store.storage import NewEvidence
from tracker.thai.calendar import fiscal_year_start, format_date, round_end
from tracker.thai.numerals import to_thai

LONGEST_NAME = 200


def round_of(session: Session, plan: Plan, number: RoundNumber) -> Round | None:
    """The plan's round, where somebody has drafted or closed it."""
    return session.scalar(select(Round).where(Round.plan_id == plan.id, Round.number == number))


def versions_of(session: Session, plan: Plan, number: RoundNumber) -> Sequence[ReportVersion]:
    """The round's versions, the latest first."""
    query = select(ReportVersion).join(Round).where(Round.plan_id == plan.id, Round.number == number)
    return session.scalars(query.order_by(ReportVersion.number.desc())).all()


def closed_version(session: Session, plan: Plan, number: RoundNumber) -> ReportVersion | None:
    """The version as which the round is closed now; None while it is open."""
    query = select(ReportVersion).join(Round).where(Round.plan_id == plan.id, Round.number == number)
    return session.scalar(query.where(Round.state == RoundState.CLOSED).order_by(ReportVersion.number.desc()).limit(1))


def close_round(
    session: Session,
    plan: Plan,
    number: RoundNumber,
    tz: tzinfo,
    *,
    today: date,
    names: bool = False,
    by: Actor,
    at: datetime,
) -> ReportVersion:
    """Freezes the round's report as it stands, in its published wording, as a new version.

    Where nothing changed since it was opened again, the version it was closed as stands again, with its signatures and
    its files; once that was withdrawn, a new one waits for its signatures. ``names`` lets the text name who is
    missing. Raises ConflictError where the round is closed already or has not ended yet.
    """
    lock(session, plan.agency_id)
    end = round_end(plan.fiscal_year, number)
    if today <= end:
        raise ConflictError(
            f"The round ends on {end.isoformat()}; it can be closed from the day after.",
            f"รอบ {number} เดือนสิ้นสุดวันที่ {format_date(end)} จึงจะปิดรอบได้หลังจากวันนั้น",
        )
    found = round_of(session, plan, number) or Round(agency_id=plan.agency_id, plan_id=plan.id, number=number)
    if found.state == RoundState.CLOSED:
        raise ConflictError(f"The {number}-month round is closed already.", f"ปิดรอบ {number} เดือนไปแล้ว")
    found.state, found.closed_at = RoundState.CLOSED, at
    session.add(found)
    session.flush()
    _, kept = take_snapshot(session, plan, number, tz, names=names)
    sha256 = snapshot_hash(kept)
    latest = next(iter(versions_of(session, plan, number)), None)
    if latest is not None and latest.sha256 == sha256 and latest.withdrawn_at is None:
        version = latest
        version.reopened_at = version.reopened_why = None
    else:
        version = ReportVersion(
            agency_id=plan.agency_id, round=found, number=latest.number + 1 if latest else 1, snapshot=kept,
            sha256=sha256, names=names, closed_at=at, closed_by=by.name, why=latest.reopened_why if latest else None,
        )  # fmt: skip
        session.add(version)
    head = record(
        session, plan.agency_id, "round_closed", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, sha256=sha256, names=names,
    )  # fmt: skip
    if version.record_hash is None:
        version.record_sequence, version.record_hash = head.sequence, head.hash
    return version


def show_progress_pages(
    session: Session, plan: Plan, number: RoundNumber, shown: bool, *, by: Actor, at: datetime
) -> None:
    """Whether the round's report has its progress pages. ConflictError where the round is closed."""
    found = _open_round(session, plan, number)
    if found.progress_pages != shown:
        found.progress_pages = shown
        record(
            session, plan.agency_id, "progress_pages_set", by, at,
            fiscal_year=plan.fiscal_year, round=number, shown=shown,
        )  # fmt: skip


def print_names(session: Session, plan: Plan, number: RoundNumber, printed: bool, *, by: Actor, at: datetime) -> None:
    """Whether the round's text names the units that have not reported. ConflictError where the round is closed."""
    found = _open_round(session, plan, number)
    if found.names != printed:
        found.names = printed
        record(
            session, plan.agency_id, "names_printed_set", by, at,
            fiscal_year=plan.fiscal_year, round=number, shown=printed,
        )  # fmt: skip


def _open_round(session: Session, plan: Plan, number: RoundNumber) -> Round:
    """The round to be changed, as it is from its first draft on; ConflictError where it is closed."""
    lock(session, plan.agency_id)
    found = round_of(session, plan, number)
    if found is None:
        found = Round(agency_id=plan.agency_id, plan_id=plan.id, number=number, progress_pages=True, names=False)
        session.add(found)
    if found.state == RoundState.CLOSED:
        raise ConflictError(
            f"The {number}-month round is closed; open it again first.",
            f"ปิดรอบ {number} เดือนไปแล้ว กรุณาเปิดรอบอีกครั้งก่อน",
        )
    return found


def reopen_round(session: Session, plan: Plan, number: RoundNumber, *, why: str, by: Actor, at: datetime) -> Round:
    """Opens a closed round again to amend it; the version that was closed stays, and what is published too.

    A plan whose year was closed is in service again: the next sweep looks at its open tasks.
    """
    lock(session, plan.agency_id)
    version = must_be_closed(session, plan, number)
    version.reopened_at, version.reopened_why = at, why
    record(
        session, plan.agency_id, "round_reopened", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, sha256=version.sha256, why=why,
    )  # fmt: skip
    found = version.round
    found.state, found.closed_at = RoundState.DRAFTED, None
    look_again(session, select(Task.id).where(Task.plan_id == plan.id))
    return found


def submit_for_signature(session: Session, plan: Plan, number: RoundNumber, *, by: Actor, at: datetime) -> list[Member]:
    """Puts the closed report before the executives, who get its link in their next digest; says who they are.

    ConflictError where the round is not closed or this very report was submitted already, NotUnderstoodError where the
    agency has no executive.
    """
    lock(session, plan.agency_id)
    version = must_be_closed(session, plan, number)
    if version.submitted_at is not None:
        raise ConflictError("This report was submitted already.", "ส่งรายงานฉบับนี้ให้ลงนามไปแล้ว")
    executive = select(Role.member_id).where(Role.agency_id == plan.agency_id, Role.role == RoleName.EXECUTIVE)
    readers = session.scalars(select(Member).where(Member.id.in_(executive), Member.active).order_by(Member.id)).all()
    if not readers:
        raise NotUnderstoodError(
            "No executive is known; add one among the people first.", "ยังไม่มีผู้บริหารในระบบ กรุณาเพิ่มในหน้าบุคลากรก่อน"
        )
    words = to_thai(f"รายงานรอบ {number} เดือน ปีงบประมาณ พ.ศ. {plan.fiscal_year} รอท่านลงนาม")
    path = f"/reports/{plan.fiscal_year}/{number}/close/"
    session.add_all(
        Notice(
            agency_id=plan.agency_id, member_id=reader.id, kind=NoticeKind.OTHER, text=words, path=path, created_at=at
        )
        for reader in readers
    )
    version.submitted_at = at
    record(
        session, plan.agency_id, "round_submitted", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, sha256=version.sha256,
        to=[reader.name for reader in readers],
    )  # fmt: skip
    return list(readers)


def approve(
    session: Session,
    plan: Plan,
    number: RoundNumber,
    signer: Signer,
    *,
    today: date,
    by: Actor,
    at: datetime,
) -> ReportVersion:
    """An executive's own act: signs the submitted report in the product, today. A second executive's joins the first's.

    Raises ConflictError where the report was not submitted, is published, was signed on paper or by this person.
    """
    lock(session, plan.agency_id)
    version = _to_sign(session, plan, number)
    if version.submitted_at is None:
        raise ConflictError("The report was not submitted for signature yet.", "ยังไม่ได้ส่งรายงานฉบับนี้ให้ลงนาม")
    if version.signed_how == SignedHow.PAPER:
        raise ConflictError("This report was signed on paper already.", "บันทึกการลงนามบนกระดาษของรายงานฉบับนี้ไว้แล้ว")
    before = list(version.signatures or ()) if version.signed_how == SignedHow.APPROVED else []
    if any(one["name"] == signer.name for one in before):
        raise ConflictError("You signed this report already.", "ท่านลงนามรายงานฉบับนี้แล้ว")
    _keep_signatures(version, SignedHow.APPROVED, [*before, _as_signature(signer)], today)
    _record_signed(session, plan, number, version, by, at)
    return version


def sign(
    session: Session,
    plan: Plan,
    number: RoundNumber,
    tz: tzinfo,
    signatures: Sequence[Signer],
    signed_on: date,
    *,
    today: date,
    by: Actor,
    at: datetime,
) -> ReportVersion:
    """Records who signed the closed report on paper, in which position, and on which day.

    May be corrected until the report is published. A report that was imported may have been signed before it was closed
    here. Raises NotUnderstoodError for nobody, a name without its position or a day that cannot be, ConflictError where
    the round is not closed or its report is published.
    """
    lock(session, plan.agency_id)
    version = _to_sign(session, plan, number)
    if not signatures or not all(one.name and one.position for one in signatures):
        raise NotUnderstoodError(
            "Write the name and the position of each who signed.", "กรุณาใส่ชื่อและตำแหน่งของผู้ลงนามทุกคน"
        )
    earliest = clock.local(version.closed_at, tz).date()
    if _is_imported(session, plan):
        earliest = min(earliest, fiscal_year_start(plan.fiscal_year))
    if not earliest <= signed_on <= today:
        raise NotUnderstoodError(
            "The day of signing lies between the closing and today; check the date.",
            "วันที่ลงนามต้องไม่ก่อนวันปิดรอบและไม่เกินวันนี้ กรุณาตรวจวันที่",
        )
    _keep_signatures(version, SignedHow.PAPER, [_as_signature(one) for one in signatures], signed_on)
    _record_signed(session, plan, number, version, by, at)
    return version


def waiting_for_signature(session: Session, agency_id: int) -> Sequence[ReportVersion]:
    """The submitted reports that nobody has signed, the oldest first."""
    query = (
        select(ReportVersion)
        .join(Round)
        .where(ReportVersion.agency_id == agency_id, waits_for_signature())
        .options(contains_eager(ReportVersion.round).joinedload(Round.plan), defer(ReportVersion.snapshot))
        .order_by(ReportVersion.submitted_at)
    )
    return session.scalars(query).all()


def signed_reports(session: Session, agency_id: int, most: int) -> Sequence[ReportVersion]:
    """The reports that were signed, the latest first, each as it stands now."""
    query = (
        select(ReportVersion)
        .join(Round)
        .where(
            ReportVersion.agency_id == agency_id,
            ReportVersion.signed_on.is_not(None),
            ReportVersion.reopened_at.is_(None),
        )
        .options(contains_eager(ReportVersion.round).joinedload(Round.plan), defer(ReportVersion.snapshot))
        .order_by(ReportVersion.signed_on.desc(), ReportVersion.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def _to_sign(session: Session, plan: Plan, number: RoundNumber) -> ReportVersion:
    version = must_be_closed(session, plan, number)
    if version.published_at is not None:
        raise ConflictError(
            "This report is published; to sign it anew, withdraw it, open the round again and close it.",
            "เผยแพร่รายงานฉบับนี้แล้ว ถ้าจะแก้ผู้ลงนาม กรุณาถอนรายงาน เปิดรอบอีกครั้ง แล้วปิดรอบใหม่",
        )
    return version


def _is_imported(session: Session, plan: Plan) -> bool:
    """Whether results came with a document: the report existed, perhaps signed, before it was closed here."""
    imported = (
        select(ColumnText.id).join(Measure).where(Measure.plan_id == plan.id, ColumnText.source == TextSource.IMPORTED)
    )
    return session.scalar(imported.limit(1)) is not None


def _as_signature(one: Signer) -> dict[str, str]:
    return {"name": one.name[:LONGEST_NAME], "position": one.position[:LONGEST_NAME]}


def _keep_signatures(version: ReportVersion, how: SignedHow, signatures: list[dict[str, str]], signed_on: date) -> None:
    version.signed_how, version.signatures, version.signed_on = how, signatures, signed_on


def _record_signed(
    session: Session, plan: Plan, number: RoundNumber, version: ReportVersion, by: Actor, at: datetime
) -> None:
    record(
        session, plan.agency_id, "round_signed", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, sha256=version.sha256,
        signed_on=version.signed_on and version.signed_on.isoformat(), how=version.signed_how,
        signatures=version.signatures,
    )  # fmt: skip


def keep_scan(
    session: Session, plan: Plan, number: RoundNumber, scan: NewEvidence, *, by: Actor, at: datetime
) -> str | None:
    """Keeps the scan of the signed paper beside the version; gives the stored name of the one it replaces."""
    lock(session, plan.agency_id)
    version = must_be_closed(session, plan, number)
    if version.signed_on is None:
        raise ConflictError("Record who signed first.", "กรุณาบันทึกผู้ลงนามก่อน")
    replaced = version.scan_stored
    version.scan_stored, version.scan_name, version.scan_type = scan.stored_name, scan.original_name, scan.media_type
    version.scan_size, version.scan_sha256 = scan.size, scan.sha256
    record(
        session, plan.agency_id, "round_scanned", by, at,
        fiscal_year=plan.fiscal_year, round=number, version=version.number, scan_sha256=scan.sha256,
    )  # fmt: skip
    return replaced


def must_be_closed(session: Session, plan: Plan, number: RoundNumber) -> ReportVersion:
    """The version as which the round is closed; ConflictError where it is open."""
    version = closed_version(session, plan, number)
    if version is None:
        raise ConflictError(
            f"Close the {number}-month round first; what is signed and published must not change.",
            f"กรุณาปิดรอบ {number} เดือนก่อน เพราะฉบับที่ลงนามและเผยแพร่ต้องไม่เปลี่ยนอีก",
        )
    return version
