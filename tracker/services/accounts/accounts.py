"""Sign-in accounts: argon2 passwords, the key that ends older sessions, the link to the people of each agency."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.errors import ConflictError, ForbiddenError, NotUnderstoodError
from tracker.models import Account, Member
from tracker.services.accounts.passwords import LONGEST, SHORTEST, PasswordProblem, password_problem
from tracker.thai.phones import read_phone

_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$DZ3r50/bD9Lndhi0NoTm/A$ESzZxlpZd0AGONQz2tBUDcO6OaSSRsbaH6bb+efuZj4"
"""Of a word that was thrown away, so that a sign-in takes as long where no such account is. Made once: a hash takes
64 MB and a third of a second, which every process would spend on being started."""


def fold_email(email: str) -> str:
    """An address in the form in which accounts and members are compared: no spaces around it, lower case.

    Who has no e-mail address signs in with the telephone number: its digits.
    """
    return read_phone(email) or email.strip().lower()


_SENTENCES: dict[PasswordProblem, tuple[str, str]] = {
    "short": (
        f"The password is too short: use at least {SHORTEST} characters, for example a few words.",
        f"รหัสผ่านสั้นไป กรุณาใช้อย่างน้อย {SHORTEST} ตัวอักษร เช่น คำหลายคำต่อกัน",
    ),
    "long": (
        f"The password is too long: use at most {LONGEST} characters.",
        f"รหัสผ่านยาวไป กรุณาใช้ไม่เกิน {LONGEST} ตัวอักษร",
    ),
    "leaked": (
        "The password is on lists of leaked passwords, or close to one: use a few words that do not belong together.",
        "รหัสผ่านนี้อยู่ในรายการรหัสที่เคยรั่วไหลหรือใกล้เคียง กรุณาใช้คำหลายคำที่ไม่เกี่ยวกัน",
    ),
    "personal": (
        "The password is made of your name, your e-mail address or your agency: use other words.",
        "รหัสผ่านนี้ใช้ชื่อ อีเมล หรือชื่อหน่วยงานของท่าน กรุณาใช้คำอื่น",
    ),
    "pattern": (
        "The password repeats itself or follows the keyboard, the alphabet or a date: use a few words instead.",
        "รหัสผ่านนี้ซ้ำกันหรือเรียงตามแป้นพิมพ์ ตัวอักษร หรือวันที่ กรุณาใช้คำหลายคำแทน",
    ),
    "guessable": (
        "The password is easy to guess: use a few words that do not belong together.",
        "รหัสผ่านนี้เดาง่าย กรุณาใช้คำหลายคำที่ไม่เกี่ยวกัน",
    ),
}


def sign_in_name(member: Member) -> str | None:
    """What the person types to sign in: the e-mail address, else the telephone number; None without either."""
    return member.email or member.phone


def hashed(password: str, own_words: Iterable[str] = ()) -> str:
    """The hash of a password, for ``set_password``; NotUnderstoodError where the password is weak.

    It takes its time on purpose: call it while no writing transaction is open.
    """
    if problem := password_problem(password, own_words):
        raise NotUnderstoodError(*_SENTENCES[problem])
    return _HASHER.hash(password)


def own_words(session: Session, email: str) -> list[str]:
    """What anybody would guess first: the address, the names of the people who have it, and of their agencies."""
    address = fold_email(email)
    of_account = Member.account.has(Account.email == address)
    of_address = or_(func.lower(Member.email) == address, Member.phone == address, of_account)
    people = session.scalars(select(Member).where(of_address).options(joinedload(Member.agency)))
    return [address, *(name for member in people for name in (member.name, member.agency.name))]


def set_password(account: Account, password_hash: str, *, by_other: bool = False) -> None:
    """Gives the account a new password and ends its older sessions; ``by_other``: who made it is not its owner."""
    account.password_hash = password_hash
    account.password_by_other = by_other
    account.session_key = secrets.token_urlsafe(24)


def create_account(
    session: Session,
    *,
    email: str,
    password_hash: str | None = None,
    password_by_other: bool = False,
    operator: bool = False,
    for_agency: int | None = None,
    at: datetime,
) -> Account:
    """A new account, linked to the members who have its address; ConflictError where the address has an account.

    Without a password nobody can sign in until one is set. ``for_agency`` is the agency whose coordinator makes it for
    a person, knowing the password: nobody has proved the address then, and the account opens no other agency.
    """
    address = fold_email(email)
    name, _, host = address.rpartition("@")
    is_address = bool(name and host) and not any(mark.isspace() for mark in address)
    if not is_address and read_phone(address) is None:
        raise NotUnderstoodError(
            f"“{email}” is no e-mail address: write it like somchai@example.go.th.",
            f"“{email}” ไม่ใช่ที่อยู่อีเมล กรุณาพิมพ์เช่น somchai@example.go.th",
        )
    if find_account(session, address) is not None:
        raise ConflictError(
            f"{address} has an account already: change its password instead.",
            f"{address} มีบัญชีอยู่แล้ว ให้เปลี่ยนรหัสผ่านแทน",
        )
    account = Account(
        email=address,
        operator=operator,
        address_proved=for_agency is None,
        session_key=secrets.token_urlsafe(24),
        created_at=at,
    )
    session.add(account)
    session.flush()
    _link(session, account, for_agency)
    if password_hash is not None:
        set_password(account, password_hash, by_other=password_by_other)
    return account


def find_account(session: Session, email: str) -> Account | None:
    """The account of an address, or None."""
    return session.scalar(select(Account).where(Account.email == fold_email(email)))


def link_members(session: Session, account: Account) -> Sequence[Member]:
    """Links the members who have the account's address and no account yet; gives those that were linked.

    None for an account whose address nobody has proved: its password may be known in another agency.
    """
    return _link(session, account) if account.address_proved else []


def _link(session: Session, account: Account, agency_id: int | None = None) -> Sequence[Member]:
    has_it = or_(func.lower(Member.email) == account.email, and_(Member.email.is_(None), Member.phone == account.email))
    query = select(Member).where(has_it, Member.account_id.is_(None))
    found = session.scalars(query if agency_id is None else query.where(Member.agency_id == agency_id)).all()
    for member in found:
        member.account = account
    return found


def authenticate(session: Session, email: str, password: str) -> Account | None:
    """The account that the address and password open, or None; it takes as long for an unknown address."""
    account = find_account(session, email)
    known = account.password_hash if account and account.password_hash else _NOBODY
    if not _matches(known, password) or account is None or not account.password_hash:
        return None
    return account


def hashed_anew(session: Session, account: Account, *, current: str, new: str) -> str:
    """The hash of the new password of somebody who knows the current one; ForbiddenError where that is wrong."""
    if not right_password(account, current):
        raise _wrong_current()
    return hashed(new, own_words(session, account.email))


def change_password(session: Session, account: Account, password_hash: str) -> None:
    """Takes what ``hashed_anew`` gave; ForbiddenError where the password was changed since the account was read."""
    known = account.password_hash
    session.refresh(account, with_for_update=True)
    if account.password_hash != known:
        raise _wrong_current()
    set_password(account, password_hash)


def _wrong_current() -> ForbiddenError:
    return ForbiddenError("The current password is not right: type it again.", "รหัสผ่านปัจจุบันไม่ถูกต้อง กรุณาพิมพ์ใหม่")


def right_password(account: Account, password: str) -> bool:
    """Whether this is the account's password."""
    return bool(account.password_hash) and _matches(account.password_hash or "", password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
