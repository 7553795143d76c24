"""State that lives between requests or until a worker comes, kept, found and forgotten by a token.

A document's bytes lie in its row: they come and go with it in one transaction, and no host needs another's disk.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.models import JobKind, JobState

_TOKEN = re.compile(r"[0-9a-f]{32}")


def put(
    session: Session,
    kind: JobKind,
    value: dict[str, Any],
    *,
    at: datetime,
    kept_for: timedelta,
    owner: tuple[int, int] | None = None,
    content: bytes | None = None,
    token: str | None = None,
) -> str:
    """Keeps the value until its time; gives the token that finds it: a new one, or the one that is given.

    ``owner`` is an agency and an account. What has expired goes, also where no worker clears it.
    """
    forget_expired(session, at)
    agency_id, account_id = owner or (None, None)
    kept = JobState(
        kind=kind,
        token=token or secrets.token_hex(16),
        agency_id=agency_id,
        account_id=account_id,
        value=value,
        content=content,
        kept_at=at,
        expires_at=at + kept_for,
    )
    session.add(kept)
    session.flush()
    return kept.token


def get(session: Session, kind: JobKind, token: str, at: datetime, *, to_change: bool = False) -> JobState | None:
    """What the token finds, as it stands now; None where it never was or has expired.

    ``to_change``: nobody else changes it before this transaction ends.
    """
    if not _TOKEN.fullmatch(token):
        return None
    query = select(JobState).where(JobState.kind == kind, JobState.token == token, JobState.expires_at > at)
    if to_change:
        query = query.with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def of_owner(session: Session, kind: JobKind, owner: tuple[int, int], at: datetime) -> list[JobState]:
    """What waits of an agency and an account, the latest first."""
    query = select(JobState).where(
        JobState.kind == kind, JobState.agency_id == owner[0], JobState.account_id == owner[1], JobState.expires_at > at
    )
    return list(session.scalars(query.order_by(JobState.kept_at.desc(), JobState.token)))


def forget(session: Session, kind: JobKind, token: str) -> None:
    """Removes it, where it is still there."""
    session.execute(delete(JobState).where(JobState.kind == kind, JobState.token == token))


def forget_expired(session: Session, at: datetime) -> int:
    """Removes what nobody came back for in time; gives how many."""
    gone = session.execute(delete(JobState).where(JobState.expires_at <= at))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult


def keep_latest(session: Session, kind: JobKind, most: int) -> None:
    """Removes the oldest of a kind until no more than ``most`` are left."""
    latest = select(JobState.token).where(JobState.kind == kind).order_by(JobState.kept_at.desc(), JobState.token)
    older = session.scalars(latest.offset(most)).all()
    session.execute(delete(JobState).where(JobState.kind == kind, JobState.token.in_(older)))
