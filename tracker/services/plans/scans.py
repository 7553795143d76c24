"""A scanned plan between its upload and its reading: read by a worker, then confirmed cell by cell by a person.

Nothing of it is a plan before every cell was seen beside its picture; then its tables are a document like any other
(docs/rules.md, "Scans").
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotFoundError, TrackerError
from tracker.kinds import WorkState
from tracker.models import JobState
from tracker.plan_import.readers.scan import ScannedCell, as_document, read_scan
from tracker.plan_import.readers.scan_words import MISSING
from tracker.services import job_state
from tracker.services.plans import uploads
from tracker.services.plans.uploads import KEPT, Upload
from tracker.store.db import Database

_KIND: Literal["scan"] = "scan"
LONGEST_WORDS = 20_000


@dataclass(frozen=True)
class KeptScan:
    """A scan of one agency and account: how far its reading is, and its cells with what was said of them."""

    agency_id: int
    account_id: int
    name: str
    fiscal_year: int
    state: WorkState = WorkState.WAITING
    asked_at: str = ""
    pages: int = 0
    cells: tuple[ScannedCell, ...] = ()
    problem: tuple[str, str] | None = None

    @property
    def asked(self) -> datetime:
        return datetime.fromisoformat(self.asked_at)

    @property
    def open_cells(self) -> int:
        """How many nobody has confirmed yet."""
        return sum(not cell.is_settled for cell in self.cells)


def keep(session: Session, data: bytes, scan: KeptScan, at: datetime) -> str:
    """Keeps a scanned PDF until a worker has read it; gives the token that finds it again."""
    value = asdict(replace(scan, asked_at=at.isoformat()))
    owner = scan.agency_id, scan.account_id
    return job_state.put(session, _KIND, value, at=at, kept_for=KEPT, owner=owner, content=data)


def find(session: Session, token: str, at: datetime, *, agency_id: int, account_id: int) -> KeptScan:
    """The scan of a token, for the one who sent it; NotFoundError otherwise."""
    return _scan(_mine(session, token, at, agency_id, account_id))


def waiting(session: Session, at: datetime, *, agency_id: int, account_id: int) -> list[tuple[str, KeptScan]]:
    """One person's scans that wait, each with its token, latest first."""
    return [(one.token, _scan(one)) for one in job_state.of_owner(session, _KIND, (agency_id, account_id), at)]


def picture(session: Session, token: str, page: int, at: datetime, *, agency_id: int, account_id: int) -> bytes:
    """The picture of a page (from 0), PNG; NotFoundError where there is none."""
    kept = _mine(session, token, at, agency_id, account_id)
    if not 0 <= page < _scan(kept).pages:
        raise _gone()
    with zipfile.ZipFile(io.BytesIO(kept.content or b"")) as pictures:
        return pictures.read(f"{page}.png")


def run(database: Database, token: str, at: datetime) -> None:
    """Reads the scan; what goes wrong is kept for the one who waits. Safe to run twice."""
    with database.writing() as session:
        kept = job_state.get(session, _KIND, token, at, to_change=True)
        if kept is None or _scan(kept).state == WorkState.DONE:
            return
        data = kept.content or b""
        kept.value = asdict(replace(_scan(kept), state=WorkState.RUNNING))
    try:
        found = read_scan(data)
    except TrackerError as error:
        _note(database, token, at, state=WorkState.FAILED, problem=(error.sentence, error.sentence_th))
        return
    pictures = io.BytesIO()
    with zipfile.ZipFile(pictures, "w") as archive:
        for number, page in enumerate(found.pages):
            archive.writestr(f"{number}.png", page)
    pages, cells = len(found.pages), found.cells
    _note(database, token, at, pictures.getvalue(), state=WorkState.DONE, pages=pages, cells=cells)


def confirm(session: Session, token: str, words: Mapping[int, str], seen: set[int], at: datetime) -> KeptScan:
    """Keeps what stands in cells (by their number) and which of them were compared with their pictures.

    A cell in which a figure is still missing is not confirmed.
    """
    kept = job_state.get(session, _KIND, token, at, to_change=True)
    if kept is None:
        raise _gone()
    scan = _scan(kept)
    cells = list(scan.cells)
    for number, text in words.items():
        if 0 <= number < len(cells):
            kept_words = text.replace("\r\n", "\n").strip()[:LONGEST_WORDS]
            is_seen = number in seen and MISSING not in kept_words
            cells[number] = replace(cells[number], words=kept_words, seen=is_seen)
    after = replace(scan, cells=tuple(cells))
    kept.value = asdict(after)
    return after


def to_upload(session: Session, token: str, at: datetime) -> str:
    """Makes the confirmed tables a document that waits to be imported; gives its token. ConflictError while cells are
    open."""
    kept = job_state.get(session, _KIND, token, at, to_change=True)
    if kept is None:
        raise _gone()
    scan = _scan(kept)
    if scan.open_cells:
        raise ConflictError(
            f"{scan.open_cells} cells are not confirmed yet: compare each with its picture.",
            f"ยังไม่ได้ยืนยัน {scan.open_cells} ช่อง กรุณาเทียบแต่ละช่องกับภาพ",
        )
    upload = Upload(scan.agency_id, scan.account_id, f"{scan.name}.html", scan.fiscal_year)
    made = uploads.keep(session, as_document(scan.cells), upload, at)
    job_state.forget(session, _KIND, token)
    return made


def forget(session: Session, token: str) -> None:
    """Removes a scan."""
    job_state.forget(session, _KIND, token)


def _note(database: Database, token: str, at: datetime, content: bytes | None = None, **changes: Any) -> None:
    with database.writing() as session:
        kept = job_state.get(session, _KIND, token, at, to_change=True)
        if kept is not None and _scan(kept).state != WorkState.DONE:
            kept.value = asdict(replace(_scan(kept), **changes))
            kept.content = content or kept.content


def _mine(session: Session, token: str, at: datetime, agency_id: int, account_id: int) -> JobState:
    kept = job_state.get(session, _KIND, token, at)
    if kept is None or (kept.agency_id, kept.account_id) != (agency_id, account_id):
        raise _gone()
    return kept


def _scan(kept: JobState) -> KeptScan:
    value = dict(kept.value)
    cells = tuple(ScannedCell(**{**cell, "box": tuple(cell["box"])}) for cell in value["cells"])
    problem = tuple(value["problem"]) if value["problem"] else None
    return KeptScan(**{**value, "state": WorkState(value["state"]), "cells": cells, "problem": problem})


def _gone() -> NotFoundError:
    return NotFoundError("The scan is no longer there; choose it again.", "ไม่พบภาพสแกนที่ส่งไว้แล้ว กรุณาเลือกไฟล์อีกครั้ง")
