"""A large plan is tried and stored by a worker: what is asked and what came of it wait beside the upload.

Safe to run twice: a trial is taken back, and the same document stored again changes nothing.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from tracker.errors import NotFoundError, TrackerError
from tracker.kinds import WorkState
from tracker.models import Agency, JobState
from tracker.services import job_state
from tracker.services.audit import Actor
from tracker.services.plans import plan_drafts, uploads
from tracker.settings import Settings
from tracker.store.db import Database

LARGE = 150
"""Measures from which on a plan takes longer than a page should."""

Kind = Literal["check", "store"]


@dataclass(frozen=True)
class Work:
    """What was asked of an upload and how far it is. ``basis`` tells the upload as it was then, corrected."""

    kind: Kind
    basis: str
    actor: str
    member_id: int | None
    asked_at: str
    state: WorkState = WorkState.WAITING
    trial: dict[str, Any] | None = None
    problem: tuple[str, str] | None = None

    @property
    def result(self) -> plan_drafts.Trial | None:
        return plan_drafts.Trial.from_json(self.trial) if self.trial else None

    @property
    def asked(self) -> datetime:
        return datetime.fromisoformat(self.asked_at)


def ask(session: Session, token: str, kind: Kind, upload: uploads.Upload, *, by: Actor, at: datetime) -> None:
    """Notes what a worker is to do, in place of what was asked before."""
    work = Work(kind, basis_of(upload), by.name, by.member_id, at.isoformat())
    job_state.forget(session, "plan_work", token)
    job_state.put(session, "plan_work", asdict(work), at=at, kept_for=uploads.KEPT, owner=upload.owner, token=token)


def work_of(session: Session, token: str, at: datetime) -> Work | None:
    """What was last asked of the upload, and how far it is."""
    kept = job_state.get(session, "plan_work", token, at)
    return _work(kept) if kept is not None else None


def tried(session: Session, token: str, upload: uploads.Upload, at: datetime) -> plan_drafts.Trial | None:
    """What a worker found that the upload, as it is now, would do."""
    work = work_of(session, token, at)
    if work is None or work.kind != "check" or work.state != WorkState.DONE:
        return None
    return work.result if work.basis == basis_of(upload) else None


def basis_of(upload: uploads.Upload) -> str:
    """What tells one state of an upload from another; where the person is in it does not."""
    same_place = replace(upload, page=1, only="", anchor="", questions=None)
    return hashlib.sha256(json.dumps(asdict(same_place), sort_keys=True).encode()).hexdigest()


def run(database: Database, settings: Settings, token: str, at: datetime) -> None:
    """Does what was asked of the upload; an error for people is kept for the one who waits.

    The document is read while others may write; what came of it is kept with what it did, whole or not at all.
    """
    with database.writing() as session:
        work = work_of(session, token, at)
        if work is None or work.state == WorkState.DONE:
            return
        _note(session, token, at, replace(work, state=WorkState.RUNNING))
    by = Actor(work.actor, "web", work.member_id)
    try:
        with database.reading() as session:
            data, upload = uploads.content(session, token, at)
            if basis_of(upload) != work.basis:
                raise NotFoundError(
                    "The document was changed meanwhile; look again.", "เอกสารถูกแก้ระหว่างนั้น กรุณาดูผลอีกครั้ง"
                )
            read = plan_drafts.read_upload(session, data, upload).document
        with database.writing() as session:
            agency = session.get_one(Agency, upload.agency_id)
            if work.kind == "check":
                trial = plan_drafts.try_out(session, agency, read, data, upload, tz=settings.zone, by=by, at=at)
            else:
                result = plan_drafts.store(session, agency, read, data, upload, tz=settings.zone, by=by, at=at)
                trial = plan_drafts.Trial.of(result)
            _note(session, token, at, replace(work, state=WorkState.DONE, trial=trial.as_json()))
    except TrackerError as error:
        problem = error.sentence, error.sentence_th
        with database.writing() as session:
            _note(session, token, at, replace(work, state=WorkState.FAILED, problem=problem))


def _note(session: Session, token: str, at: datetime, work: Work) -> None:
    """How far the work is; nothing where the document was put away meanwhile."""
    kept = job_state.get(session, "plan_work", token, at, to_change=True)
    if kept is not None:
        kept.value = asdict(work)


def _work(kept: JobState) -> Work:
    problem = kept.value["problem"]
    kept_as = {"state": WorkState(kept.value["state"]), "problem": tuple(problem) if problem else None}
    return Work(**{**kept.value, **kept_as})
