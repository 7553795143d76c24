"""A large plan is tried and stored by a worker: what is asked and what came of it stand beside the upload.

Safe to run twice: a trial is taken back, and the same document stored again changes nothing.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from tracker.errors import NotFoundError, TrackerError
from tracker.models import Agency
from tracker.services.audit import Actor
from tracker.services.plans import plan_drafts, uploads
from tracker.settings import Settings
from tracker.store.db import Database

LARGE = 150
"""Measures from which on a plan takes longer than a page should."""

Kind = Literal["check", "store"]
State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Work:
    """What was asked of an upload and how far it is. ``basis`` tells the upload as it was then, mends included."""

    kind: Kind
    basis: str
    actor: str
    member_id: int | None
    asked_at: str
    state: State = "waiting"
    trial: dict[str, Any] | None = None
    problem: tuple[str, str] | None = None

    @property
    def result(self) -> plan_drafts.Trial | None:
        return plan_drafts.Trial.from_json(self.trial) if self.trial else None

    @property
    def asked(self) -> datetime:
        return datetime.fromisoformat(self.asked_at)


def ask(folder: Path, token: str, kind: Kind, upload: uploads.Upload, *, by: Actor, at: datetime) -> None:
    """Notes what a worker is to do."""
    _keep(folder, token, Work(kind, basis_of(upload), by.name, by.member_id, at.isoformat()))


def work_of(folder: Path, token: str) -> Work | None:
    """What was last asked of the upload, and how far it is."""
    try:
        value = json.loads((folder / f"{token}.work").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Work(**{**value, "problem": tuple(value["problem"]) if value["problem"] else None})


def tried(folder: Path, token: str, upload: uploads.Upload) -> plan_drafts.Trial | None:
    """What a worker found that the upload, as it is now, would do."""
    work = work_of(folder, token)
    fits = work is not None and work.kind == "check" and work.state == "done" and work.basis == basis_of(upload)
    return work.result if work is not None and fits else None


def basis_of(upload: uploads.Upload) -> str:
    """What tells one state of an upload from another."""
    return hashlib.sha256(json.dumps(asdict(upload), sort_keys=True).encode()).hexdigest()


def run(database: Database, settings: Settings, token: str, at: datetime) -> None:
    """Does what was asked of the upload; an error for people is kept for the one who waits."""
    folder = settings.data_dir / "uploads"
    work = work_of(folder, token)
    if work is None or work.state == "done":
        return
    work = replace(work, state="running")
    _keep(folder, token, work)
    by = Actor(work.actor, "web", work.member_id)
    try:
        data, upload = uploads.content(folder, token)
        if basis_of(upload) != work.basis:
            raise NotFoundError("The document was changed meanwhile; look again.", "เอกสารถูกแก้ระหว่างนั้น กรุณาดูผลอีกครั้ง")
        with database.reading() as session:  # reading takes its time; nobody waits for it
            read = plan_drafts.read_upload(session, data, upload).document
        with database.writing() as session:
            agency = session.get_one(Agency, upload.agency_id)
            if work.kind == "check":
                trial = plan_drafts.try_out(session, agency, read, data, upload, tz=settings.zone, by=by, at=at)
            else:
                result = plan_drafts.store(session, agency, read, data, upload, tz=settings.zone, by=by, at=at)
                trial = plan_drafts.Trial.of(result)
    except TrackerError as error:
        _keep(folder, token, replace(work, state="failed", problem=(error.sentence, error.sentence_th)))
        return
    _keep(folder, token, replace(work, state="done", trial=trial.as_json()))


def _keep(folder: Path, token: str, work: Work) -> None:
    uploads.write(folder / f"{token}.work", asdict(work))
