"""The second factor: codes by time (RFC 6238) from an app, and ten recovery codes for the day the phone is lost.

The secret is encrypted with a key derived from the installation's. A code is good in its half minute and in the ones
beside it, and only once; recovery codes are kept as argon2 hashes.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, ForbiddenError
from tracker.models import Account, RecoveryCode
from tracker.thai.numerals import to_arabic

ISSUER = "Measure tracker"
CODES = 10
STEP_SECONDS = 30
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_CODE_LENGTH = 12
_HASHER = PasswordHasher()


def begin(account: Account, key: str) -> str:
    """A new secret, waiting for its first code; ConflictError where a second factor is in use."""
    if account.factor_since is not None:
        raise ConflictError("A second factor is in use already: remove it first.", "ใช้การยืนยันสองขั้นอยู่แล้ว กรุณาปิดก่อน")
    secret = pyotp.random_base32()
    account.factor_secret = _vault(key).encrypt(secret.encode()).decode("ascii")
    return secret


def waiting_secret(account: Account, key: str) -> str | None:
    """The secret that waits for its first code."""
    return _secret(account, key) if account.factor_since is None else None


def provisioning_uri(account: Account, secret: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm(
    session: Session, account: Account, code: str, key: str, at: datetime, recovery: Mapping[str, str]
) -> list[str]:
    """Takes the second factor into use with its first code; gives the recovery codes, never to be seen again.

    ``recovery`` is what ``generate_recovery_codes`` gave. ForbiddenError where the code does not fit.
    """
    if account.factor_since is not None or not _take_step(session, account, code, key, at):
        raise wrong_code()
    account.factor_since = at
    return new_recovery_codes(session, account, recovery)


def verify(session: Session, account: Account, code: str, key: str, at: datetime) -> bool:
    """Whether the code opens the account now; it is used up by that."""
    if account.factor_since is None:
        return False
    return _take_step(session, account, code, key, at) or _take_recovery_code(session, account, code, at)


def generate_recovery_codes() -> dict[str, str]:
    """Ten recovery codes and their hashes, nobody's yet.

    It takes its time on purpose: call it while no writing transaction is open.
    """
    codes: dict[str, str] = {}
    while len(codes) < CODES:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        codes.setdefault(code[:2], code)
    return {code: _HASHER.hash(code) for code in codes.values()}


def new_recovery_codes(session: Session, account: Account, made: Mapping[str, str]) -> list[str]:
    """The codes that were made in place of all earlier ones, as people read them."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.add_all(
        RecoveryCode(account_id=account.id, mark=code[:2], code_hash=code_hash) for code, code_hash in made.items()
    )
    return ["-".join(code[start : start + 4] for start in range(0, _CODE_LENGTH, 4)) for code in made]


def codes_left(session: Session, account: Account) -> int:
    """How many recovery codes are still good."""
    query = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(query) or 0


def remove(session: Session, account: Account) -> None:
    """Signing in takes the password alone again."""
    account.factor_secret = account.factor_since = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def wrong_code() -> ForbiddenError:
    """The one sentence for every code that does not fit."""
    return ForbiddenError(
        "The code is wrong or has already been used: enter the one the app shows now.",
        "รหัสไม่ถูกต้องหรือใช้ไปแล้ว กรุณาพิมพ์รหัสที่แอปแสดงอยู่ตอนนี้",
    )


def _take_step(session: Session, account: Account, code: str, key: str, at: datetime) -> bool:
    typed, secret = "".join(to_arabic(code).split()), _secret(account, key)
    if secret is None or not (typed.isascii() and typed.isdigit()):
        return False
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    fitting = [step for step in (now - 1, now, now + 1) if secrets.compare_digest(totp.generate_otp(step), typed)]
    if not fitting:
        return False
    step = fitting[-1]
    session.flush()
    is_new = or_(Account.factor_step.is_(None), Account.factor_step < step)
    taken = update(Account).where(Account.id == account.id, is_new).values(factor_step=step).returning(Account.id)
    return session.scalar(taken) is not None


def _take_recovery_code(session: Session, account: Account, code: str, at: datetime) -> bool:
    typed = "".join(mark for mark in code.casefold() if mark.isalnum())
    if len(typed) != _CODE_LENGTH:
        return False
    found = session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account.id, RecoveryCode.mark == typed[:2], RecoveryCode.used_at.is_(None)
        )
    )
    if found is None or not _fits(found.code_hash, typed):
        return False
    unused = RecoveryCode.id == found.id, RecoveryCode.used_at.is_(None)
    return session.scalar(update(RecoveryCode).where(*unused).values(used_at=at).returning(RecoveryCode.id)) is not None


def _fits(code_hash: str, code: str) -> bool:
    try:
        return _HASHER.verify(code_hash, code)
    except (VerificationError, InvalidHashError):
        return False


def _secret(account: Account, key: str) -> str | None:
    """The secret in clear; None where there is none or the installation's key is another one than it was."""
    if account.factor_secret is None:
        return None
    try:
        return _vault(key).decrypt(account.factor_secret.encode("ascii")).decode("ascii")
    except InvalidToken:
        return None


def _vault(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
