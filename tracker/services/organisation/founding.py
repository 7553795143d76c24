"""A new agency with its first coordinator: by the word that ``tracker up`` prints, or by an operator.

The word is good once and while there is no agency; it is kept as a hash, and gone when it was used.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.errors import ConflictError, NotFoundError, NotUnderstoodError
from tracker.kinds import RoleName
from tracker.models import Account, Agency, Member, Role
from tracker.services import job_state
from tracker.services.accounts.accounts import create_account, fold_email
from tracker.services.accounts.first_sign_in import generated_password
from tracker.services.agency_settings import settings_of
from tracker.services.audit import Actor, record
from tracker.services.organisation.divisions import apply_set
from tracker.services.organisation.people_table import LONGEST, looks_like_email
from tracker.thai.agency_kinds import kind_of
from tracker.thai.text import fix_text, fold_name, squeeze_spaces

VALID = timedelta(days=7)
"""``tracker up`` prints a new word at every start."""
LONGEST_AGENCY = 300


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new agency is called, and who coordinates it."""

    agency: str
    name: str
    email: str


def understood(agency: str, name: str, email: str) -> Founding:
    """What was typed, tidied; NotUnderstoodError where something is missing or makes no sense."""
    found = Founding(squeeze_spaces(fix_text(agency)), squeeze_spaces(fix_text(name)), fold_email(email))
    if problem := _problem(found):
        raise NotUnderstoodError(problem, problem.th)
    return found


def _problem(found: Founding) -> Bilingual | None:
    if not found.agency:
        return Bilingual("Write the name of the agency.", "กรุณาพิมพ์ชื่อหน่วยงาน")
    if not found.name:
        return Bilingual("Write the coordinator's name.", "กรุณาพิมพ์ชื่อผู้ประสานงาน")
    if not looks_like_email(found.email):
        return Bilingual(f"“{found.email}” is not an e-mail address.", f"“{found.email}” ไม่ใช่อีเมล")
    too_long = len(found.agency) > LONGEST_AGENCY or len(found.name) > LONGEST["name"]
    if too_long or len(found.email) > LONGEST["email"]:
        return Bilingual("A name or address is too long.", "ชื่อหรืออีเมลยาวเกินไป")
    return None


def is_new_installation(session: Session) -> bool:
    """Whether there is no agency yet."""
    return session.scalar(select(Agency.id).limit(1)) is None


def set_up_word(session: Session, at: datetime) -> str | None:
    """A new word in place of earlier ones; None, and none is left, where there is an agency already."""
    job_state.keep_latest(session, "set_up", 0)
    if not is_new_installation(session):
        return None
    word = generated_password()
    job_state.put(session, "set_up", {}, at=at, kept_for=VALID, token=_hash(word))
    return word


def path_of(word: str) -> str:
    """Where the word leads."""
    return f"/set-up/{word}"


def check_word(session: Session, word: str, at: datetime) -> None:
    """NotFoundError where the word is none, was used, or there is an agency already."""
    if job_state.get(session, "set_up", _hash(word), at) is None or not is_new_installation(session):
        raise NotFoundError(
            "This set-up link has been used or has expired: start the tracker again for a new one, or sign in.",
            "ลิงก์ตั้งค่านี้ถูกใช้ไปแล้วหรือหมดอายุ กรุณาเริ่มระบบใหม่เพื่อรับลิงก์ใหม่ หรือเข้าสู่ระบบ",
        )


def set_up(session: Session, word: str, wanted: Founding, password_hash: str, at: datetime) -> Account:
    """The first agency, its coordinator and the account with the password; uses the word up.

    NotFoundError for a word that is no longer good, ConflictError where the address has an account.
    """
    job_state.get(session, "set_up", _hash(word), at, to_change=True)  # of two at once the second waits, and finds none
    check_word(session, word, at)
    found_agency(session, wanted, by=Actor(wanted.name, "web"), at=at)
    account = create_account(session, email=wanted.email, password_hash=password_hash, at=at)
    job_state.forget(session, "set_up", _hash(word))
    return account


def found_agency(session: Session, wanted: Founding, *, by: Actor, at: datetime) -> Member:
    """A new agency, its coordinator and the usual units of the kind that its name says.

    ConflictError where there is one of that name.
    """
    agency = Agency(name=wanted.agency)
    known = any(fold_name(name) == fold_name(wanted.agency) for name in session.scalars(select(Agency.name)))
    try:
        if known:
            raise _known(wanted)
        with session.begin_nested():
            session.add(agency)
    except IntegrityError:
        raise _known(wanted) from None
    agency.reminders_from = None  # an insert would take None for "not said" and put the default
    member = Member(agency_id=agency.id, name=wanted.name, email=wanted.email)
    member.roles.append(Role(agency_id=agency.id, role=RoleName.COORDINATOR))
    session.add(member)
    record(
        session, agency.id, "agency_founded", by, at,
        agency=agency.name, coordinator=wanted.email, settings=settings_of(agency),
    )  # fmt: skip
    if named := kind_of(agency.name):
        apply_set(session, agency, named.kind, "replace", by=by, at=at)
    return member


def _known(wanted: Founding) -> ConflictError:
    return ConflictError(f"There is an agency “{wanted.agency}” already.", f"มีหน่วยงานชื่อ “{wanted.agency}” อยู่แล้ว")


def _hash(word: str) -> str:
    """As the table of waiting things names it: 128 bits of the word's hash."""
    return hashlib.sha256(word.strip().lower().encode()).hexdigest()[:32]
