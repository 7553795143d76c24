"""The first sign-in of an installation: a generated password, kept in a file that only its owner can read."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from tracker.models import Account
from tracker.services.accounts.accounts import create_account, hashed
from tracker.settings import Settings
from tracker.store.db import Database

OPERATOR_EMAIL = "operator@localhost"

_THEN = "The operator runs the installation, and gives agencies their coordinators on the page “Agencies”."
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can sign in under an address; ``who`` is for people."""

    email: str
    who: str


def generated_password() -> str:
    """A password of 16 random characters in groups of four: 79 bits, easy to type."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def first_sign_in_file(settings: Settings) -> Path:
    """Where the first sign-in is kept until somebody deletes it."""
    return settings.data_dir / "first-sign-in.txt"


def keep_first_sign_in(settings: Settings, sign_ins: Sequence[SignIn], password: str, then: str = "") -> None:
    """Writes the addresses, the password that opens them all, and what to do then."""
    width = max(len(one.email) for one in sign_ins)
    lines = [f"  {one.email:{width}}  {one.who}" for one in sign_ins]
    text = "\n".join(["Sign in as", *lines, f"with the password  {password}", *([then] if then else []), ""])
    path = first_sign_in_file(settings)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def ensure_sign_in(database: Database, settings: Settings, at: datetime) -> None:
    """Makes an operator's account where no account exists at all."""
    with database.writing() as session:
        if session.scalar(select(Account.id).limit(1)) is not None:
            return
        email = settings.operator_email or OPERATOR_EMAIL
        password = generated_password()
        account = create_account(session, email=email, password_hash=hashed(password), operator=True, at=at)
        keep_first_sign_in(settings, [SignIn(account.email, "operator")], password, _THEN)
