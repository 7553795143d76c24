"""Where an account is signed in: begun with a random token, ended at the server, forgotten after a time unused."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from tracker.models import Account, Member, Role, SignedIn

UNUSED = timedelta(days=30)
LONGEST = timedelta(days=180)
SEEN_EVERY = timedelta(minutes=5)
"""How exact ``seen_at`` is: writing at every page would cost more than it tells."""

_FOUND = (
    select(SignedIn, Member)
    .join(SignedIn.account)
    .outerjoin(Member, and_(Member.account_id == Account.id, Member.active))
    .outerjoin(Member.agency)
    .outerjoin(Member.roles)
    .outerjoin(Role.unit)
    .options(
        contains_eager(SignedIn.account),
        contains_eager(Member.agency),
        contains_eager(Member.roles).contains_eager(Role.unit),
    )
    .where(
        SignedIn.token_hash == bindparam("token_hash"),
        SignedIn.session_key == Account.session_key,
        SignedIn.seen_at > bindparam("seen_after"),
        SignedIn.created_at > bindparam("created_after"),
    )
    .order_by(Member.id, Role.id)
)
"""Every page begins with it: one statement, built once."""


def begin(session: Session, account: Account, *, device: str, address: str, at: datetime) -> str:
    """Signs the account in somewhere; gives the token for that browser. What has ended of the account's is removed."""
    session.execute(delete(SignedIn).where(SignedIn.account_id == account.id, ~_alive(account, at)))
    _note_account_seen(session, account.id, at)
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            account_id=account.id,
            token_hash=_hash(token),
            session_key=account.session_key,
            created_at=at,
            seen_at=at,
            device=device[:300],
            address=address[:64],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> tuple[SignedIn, list[Member]] | None:
    """The place of a token with its account, and the account's active members with their agencies, roles and units.

    None where it ended, was unused for long, or the password changed. One query.
    """
    given = {"token_hash": _hash(token), "seen_after": at - UNUSED, "created_after": at - LONGEST}
    rows = session.execute(_FOUND, given).unique().all()
    if not rows:
        return None
    return rows[0][0], [member for _, member in rows if member is not None]


def note_seen(session: Session, signed_in_id: int, at: datetime) -> None:
    """Remembers that the place was in use, and its account."""
    used = update(SignedIn).where(SignedIn.id == signed_in_id, SignedIn.seen_at < at - SEEN_EVERY).values(seen_at=at)
    account_id = session.scalar(used.returning(SignedIn.account_id))
    if account_id is not None:
        _note_account_seen(session, account_id, at)


def places_of(session: Session, account: Account, at: datetime) -> Sequence[SignedIn]:
    """Where the account is signed in, the latest used first."""
    query = select(SignedIn).where(SignedIn.account_id == account.id, _alive(account, at))
    return session.scalars(query.order_by(SignedIn.seen_at.desc(), SignedIn.id.desc())).all()


def end(session: Session, account: Account, signed_in_id: int) -> bool:
    """Signs the account out in one place; False where that is none of its own."""
    ended = delete(SignedIn).where(SignedIn.account_id == account.id, SignedIn.id == signed_in_id)
    return session.scalar(ended.returning(SignedIn.id)) is not None


def end_others(session: Session, account: Account, kept_id: int) -> int:
    """Signs the account out everywhere but in one place; says in how many."""
    others = delete(SignedIn).where(SignedIn.account_id == account.id, SignedIn.id != kept_id)
    return len(session.scalars(others.returning(SignedIn.id)).all())


def _note_account_seen(session: Session, account_id: int, at: datetime) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(seen_at=at))


def _alive(account: Account, at: datetime) -> ColumnElement[bool]:
    return and_(
        SignedIn.session_key == account.session_key,
        SignedIn.seen_at > at - UNUSED,
        SignedIn.created_at > at - LONGEST,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
