"""Links a member with a LINE account by a one-time code that is typed to the official account."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.models import LineConversation, LineEvent, LineLinkCode, Member
from tracker.services.audit import Actor, lock, record
from tracker.thai.numerals import to_arabic

DIGITS, LETTERS = "23456789", "ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, PREFIX = 8, 3
VALID = timedelta(days=7)
"""A code is handed over on paper or by telephone, to people who are away for days."""
WRONG_CODE: Literal["wrong_code"] = "wrong_code"
MOST_TRIES, TRIES_WITHIN = 5, timedelta(hours=1)
"""Wrong codes that a LINE user may type within that time."""
MOST_TRIES_OF_CODE = 20
"""Wrong codes with a code's beginning after which that code no longer works."""

_CODE = re.compile(f"[{DIGITS}{LETTERS}]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a typed code; ``member`` is whose code it is, or who has this LINE account already (``taken``)."""

    outcome: Literal["linked", "wrong_code", "too_many", "taken"]
    member: Member | None = None


def new_code(session: Session, member: Member, key: str, by: Actor, at: datetime) -> str:
    """A fresh code for the member, shown this once; earlier ones stop working. ``key`` is the secret key."""
    if not member.active:
        raise ConflictError(f"{member.name} is no longer in use.", f"{member.name} ไม่ได้ใช้งานแล้ว")
    lock(session, member.agency_id)
    session.execute(delete(LineLinkCode).where(LineLinkCode.member_id == member.id, LineLinkCode.used_at.is_(None)))
    code = _random_code()
    session.add(
        LineLinkCode(
            agency_id=member.agency_id,
            member_id=member.id,
            prefix=code[:PREFIX],
            code_hash=_hash(key, code),
            created_at=at,
            expires_at=at + VALID,
        )
    )
    record(session, member.agency_id, "line_code_made", by, at, member=member.id, name=member.name)
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(text: str) -> str | None:
    """The code in what was typed (spaces, dashes, small letters and Thai digits are fine); None where it is none."""
    code = re.sub(r"[\s-]", "", to_arabic(text)).upper()
    if not _CODE.fullmatch(code) or not set(code) & set(DIGITS) or not set(code) & set(LETTERS):
        return None
    return code


def has_tried_too_often(session: Session, user_id: str, at: datetime) -> bool:
    """Whether this LINE user has typed so many wrong codes that no more are looked at for a while."""
    tried = select(func.count(LineEvent.id)).where(
        LineEvent.user_id == user_id, LineEvent.outcome == WRONG_CODE, LineEvent.happened_at > at - TRIES_WITHIN
    )
    return (session.scalar(tried) or 0) >= MOST_TRIES


def use_code(
    session: Session, user_id: str, code: str, key: str, line_name: str | None, typed_at: datetime, at: datetime
) -> Attempt:
    """Links the code's member with the LINE user: one LINE account is one member of an agency at most."""
    if has_tried_too_often(session, user_id, typed_at):
        return Attempt("too_many")
    alike = session.scalars(
        select(LineLinkCode).where(
            LineLinkCode.prefix == code[:PREFIX],
            LineLinkCode.used_at.is_(None),
            LineLinkCode.expires_at > typed_at,
            LineLinkCode.tries < MOST_TRIES_OF_CODE,
        )
    ).all()
    typed_hash = _hash(key, code)
    matching = [one for one in alike if hmac.compare_digest(one.code_hash, typed_hash)]
    if not matching or not matching[0].member.active:
        tried = update(LineLinkCode).where(LineLinkCode.id.in_([one.id for one in alike]))
        session.execute(tried.values(tries=LineLinkCode.tries + 1))
        return Attempt(WRONG_CODE)
    return _link(session, matching[0], user_id, line_name, at)


def linked_members(session: Session, user_id: str) -> Sequence[Member]:
    """The people, one an agency, whom this LINE account is."""
    return session.scalars(
        select(Member).where(Member.line_user_id == user_id, Member.active).order_by(Member.id)
    ).all()


def unlink(session: Session, member: Member, by: Actor, at: datetime) -> None:
    """Parts the member from the LINE account: messages go another way from then on."""
    if member.line_user_id is None:
        return
    _forget_conversations(session, member)
    member.line_user_id = member.line_name = member.line_failed = None
    record(session, member.agency_id, "line_unlinked", by, at, member=member.id, name=member.name)


def _link(session: Session, code: LineLinkCode, user_id: str, line_name: str | None, at: datetime) -> Attempt:
    lock(session, code.agency_id)
    member = code.member
    session.refresh(member)
    taken = [one for one in linked_members(session, user_id) if one.agency_id == code.agency_id and one is not member]
    if taken:
        return Attempt("taken", taken[0])
    used = session.execute(
        update(LineLinkCode).where(LineLinkCode.id == code.id, LineLinkCode.used_at.is_(None)).values(used_at=at)
    )
    if not used.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        return Attempt(WRONG_CODE)
    if member.line_user_id != user_id:
        _forget_conversations(session, member)
    member.line_user_id, member.line_name, member.line_failed = user_id, line_name, None
    by = Actor(member.name, "line", member.id)
    record(session, member.agency_id, "line_linked", by, at, member=member.id, name=member.name)
    return Attempt("linked", member)


def _forget_conversations(session: Session, member: Member) -> None:
    session.execute(delete(LineConversation).where(LineConversation.member_id == member.id))


def _random_code() -> str:
    while True:
        code = "".join(secrets.choice(DIGITS + LETTERS) for _ in range(LENGTH))
        if read_code(code):
            return code


def _hash(key: str, code: str) -> str:
    return hmac.new(key.encode(), f"line code {code}".encode(), hashlib.sha256).hexdigest()
