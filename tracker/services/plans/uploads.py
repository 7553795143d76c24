"""Documents that wait for their confirmation: kept for two weeks, with what was asked and mended."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from tracker.errors import NotFoundError
from tracker.models import JobKind, JobState
from tracker.services import job_state

KEPT = timedelta(days=14)
"""From the upload, or from the last change of what was asked about it: long enough to outlast a leave."""

Kind = Literal["plan", "people"]


@dataclass(frozen=True)
class Upload:
    """One document, who sent it for which agency, and how it is to be read.

    ``corrections`` are measures as the coordinator retyped them, by their place in the document; ``units`` says what a
    party that nobody knew is. Nothing of either is in the plan before the document is imported. A table of people has
    no fiscal year (0). ``shift_from`` is the year whose plan is moved into this one (0: none), ``keep_years`` says that
    years which are not this one's are meant so, ``round`` that the results are of this round (0: as the cover says).
    ``page``, ``only`` and ``anchor`` are where the person was in it, ``questions`` how many were open then (None: not
    looked at yet).
    ``answers`` are those of a table of people, by row.
    """

    agency_id: int
    account_id: int
    name: str
    fiscal_year: int
    columns: dict[str, str] = field(default_factory=dict)
    completed: bool = False
    corrections: dict[str, Any] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    kind: Kind = "plan"
    shift_from: int = 0
    keep_years: bool = False
    round: int = 0
    page: int = 1
    only: str = ""
    anchor: str = ""
    questions: int | None = None
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> tuple[int, int]:
        """The agency and the account."""
        return self.agency_id, self.account_id


@dataclass(frozen=True)
class Waiting:
    """A document that waits, with the token that finds it."""

    token: str
    upload: Upload


def keep(session: Session, data: bytes, upload: Upload, at: datetime) -> str:
    """Keeps the document; gives the token that finds it again."""
    return job_state.put(session, upload.kind, asdict(upload), at=at, kept_for=KEPT, owner=upload.owner, content=data)


def change(session: Session, token: str, edit: Callable[[Upload], Upload], at: datetime, kind: Kind = "plan") -> None:
    """Changes what was asked about a kept document, as it stands now; NotFoundError where it is gone."""
    kept = job_state.get(session, kind, token, at, to_change=True)
    if kept is None:
        raise _gone()
    kept.value, kept.expires_at = asdict(edit(_upload(kept))), at + KEPT


def find(session: Session, token: str, at: datetime, *, agency_id: int, account_id: int, kind: Kind = "plan") -> Upload:
    """What was sent under a token, for the one who sent it; NotFoundError otherwise."""
    kept = job_state.get(session, kind, token, at)
    if kept is None or (kept.agency_id, kept.account_id) != (agency_id, account_id):
        raise _gone()
    return _upload(kept)


def content(session: Session, token: str, at: datetime, kind: Kind = "plan") -> tuple[bytes, Upload]:
    """The document of a token, whoever sent it; NotFoundError where it is gone."""
    kept = job_state.get(session, kind, token, at)
    if kept is None:
        raise _gone()
    return kept.content or b"", _upload(kept)


def waiting(session: Session, at: datetime, *, agency_id: int, account_id: int, kind: Kind = "plan") -> list[Waiting]:
    """The documents of one person that wait, latest first."""
    kept = job_state.of_owner(session, kind, (agency_id, account_id), at)
    return [Waiting(one.token, _upload(one)) for one in kept]


def forget(session: Session, token: str, kind: Kind = "plan") -> None:
    """Removes a document that was imported, with the work that it gave."""
    job_state.forget(session, kind, token)
    job_state.forget(session, "plan_work", token)


def set_aside(session: Session, token: str, at: datetime) -> None:
    """Keeps a plan's document that was imported, with all that was chosen, for the case that the import is undone."""
    _rename(session, "plan", "plan_saved", token, at)
    job_state.forget(session, "plan_work", token)


def bring_back(session: Session, token: str, at: datetime) -> bool:
    """Lets a document whose import was undone wait again; False where it is no longer kept."""
    return _rename(session, "plan_saved", "plan", token, at)


def _rename(session: Session, old: JobKind, new: JobKind, token: str, at: datetime) -> bool:
    kept = job_state.get(session, old, token, at, to_change=True)
    if kept is None:
        return False
    value, owner, content = kept.value, (kept.agency_id or 0, kept.account_id or 0), kept.content
    job_state.forget(session, old, token)
    job_state.put(session, new, value, at=at, kept_for=KEPT, owner=owner, content=content, token=token)
    return True


def _upload(kept: JobState) -> Upload:
    return Upload(**kept.value)


def _gone() -> NotFoundError:
    return NotFoundError("The uploaded file is no longer there; choose it again.", "ไม่พบไฟล์ที่ส่งไว้แล้ว กรุณาเลือกไฟล์อีกครั้ง")
