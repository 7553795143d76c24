"""A forgotten password: a signed link, good for an hour and once, with which the account's owner sets a new one.

It ends with the password that it replaces, and with the person. By e-mail it goes to the account's own address, which
that proves; by LINE only where the account serves one agency.
"""

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.channels.base import DeliveryError
from tracker.errors import NotFoundError
from tracker.kinds import OF_AGENCY, ChannelName
from tracker.models import Account, Member
from tracker.services.accounts.accounts import find_account, link_members, set_password
from tracker.services.accounts.link_message import LinkMessage, send_by_line, send_by_mail
from tracker.services.audit import Actor, record
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

_log = logging.getLogger(__name__)

VALID = timedelta(hours=1)
_SALT = "forgotten password"
_ASKED = Actor("ลืมรหัสผ่าน", "web")
"""Who typed the address is not known."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """The account that a good link opens; ``by_mail``: whoever has it owns the address."""

    account: Account
    by_mail: bool


def send_link(
    settings: Settings, database: Database, email: str, at: datetime, *, by: Actor = _ASKED
) -> Literal["line", "email"] | None:
    """Sends a link where the address has an account with a password that serves somebody; says by which channel.

    It takes as long as the mail server or LINE: call it where nobody waits for the answer, or after committing.
    """
    with database.reading() as session:
        account = find_account(session, email)
        known = account is not None and account.password_hash is not None and _serves(session, account)
        routes = _routes(session, settings, account, at) if account and known else []
        people = [(member.agency_id, member.id) for member in _active_members(session, account)] if account else []
    sent = next((route.channel for route in routes if _sent(settings, route, at)), None)
    if sent is None:
        _log.info("forgotten password: no link was sent")
        return None
    with database.writing() as session:
        for agency_id, member_id in people:
            record(session, agency_id, "password_link_sent", by, at, member=member_id, channel=sent)
    return sent


def link_path(settings: Settings, account: Account, *, by_mail: bool, at: datetime, valid: timedelta = VALID) -> str:
    """The path of a link that opens the account from now on, for as long as it is ``valid``."""
    facts = [account.id, int((at + valid).timestamp()), int(by_mail), _mark(account)]
    return f"/sign-in/password/{_serializer(settings).dumps(facts)}"


def opened(session: Session, settings: Settings, token: str, at: datetime) -> OpenedLink:
    """What a link opens; changes nothing. NotFoundError where it was used, is too old, or the person has left."""
    try:
        account_id, expires, by_mail, mark = _serializer(settings).loads(token)
    except BadData:
        raise _gone() from None
    account = session.scalar(select(Account).where(Account.id == account_id).execution_options(populate_existing=True))
    if account is None or at >= datetime.fromtimestamp(expires, UTC):
        raise _gone()
    if not hmac.compare_digest(mark, _mark(account)) or not _serves(session, account):
        raise _gone()
    return OpenedLink(account, bool(by_mail))


def choose_password(session: Session, settings: Settings, token: str, password_hash: str, at: datetime) -> Account:
    """Gives the account the password (``accounts.hashed``), which ends its sessions and all such links.

    NotFoundError where the link is no longer good.
    """
    account = opened(session, settings, token, at).account
    session.refresh(account, with_for_update=True)
    link = opened(session, settings, token, at)
    set_password(account, password_hash)
    if link.by_mail and not account.address_proved:
        account.address_proved = True
        link_members(session, account)
    for member in _active_members(session, account):
        by = Actor(member.name, "web", member.id)
        record(session, member.agency_id, "password_chosen", by, at, member=member.id)
    return account


@dataclass(frozen=True, slots=True)
class _Route:
    channel: Literal["line", "email"]
    message: LinkMessage
    address: str


def _routes(session: Session, settings: Settings, account: Account, at: datetime) -> list[_Route]:
    """The ways to the account's owner, the person's own channel first."""
    members = _active_members(session, account)
    routes = []
    if line_user_id := _line_account(settings, account, members):
        routes.append(_Route("line", _message(settings, account, members, by_mail=False, at=at), line_user_id))
    if settings.smtp_url is not None and "@" in account.email:
        routes.append(_Route("email", _message(settings, account, members, by_mail=True, at=at), account.email))
    return routes


def _line_account(settings: Settings, account: Account, members: Sequence[Member]) -> str | None:
    """Where LINE reaches the person, if it is the person's channel and may open the account.

    A coordinator hands out LINE's codes: where there is mail, the accounts that sign and decide go by mail.
    """
    if not settings.line_configured or len(members) != 1 or account.operator:
        return None
    (member,) = members
    if member.line_failed or (member.channels and ChannelName.LINE not in member.channels):
        return None
    decides = any(role.role in OF_AGENCY for role in member.roles)
    return None if decides and settings.smtp_url is not None else member.line_user_id


def _sent(settings: Settings, route: _Route, at: datetime) -> bool:
    send = send_by_line if route.channel == "line" else send_by_mail
    try:
        send(settings, route.message, route.address, at)
    except DeliveryError as error:
        _log.warning("forgotten password: a link was not sent by %s: %s", route.channel, error)
        return False
    return True


def _message(
    settings: Settings, account: Account, members: Sequence[Member], *, by_mail: bool, at: datetime
) -> LinkMessage:
    return LinkMessage(
        path=link_path(settings, account, by_mail=by_mail, at=at),
        to_name=members[0].name if members else account.email,
        sender=members[0].agency.name if members else "ระบบติดตามมาตรการ",
        subject="ตั้งรหัสผ่านใหม่ ระบบติดตามมาตรการ",
        why=f"มีผู้แจ้งว่าลืมรหัสผ่านของ {account.email} กรุณาเปิดลิงก์นี้เพื่อตั้งรหัสผ่านใหม่ (ใช้ได้ ๑ ชั่วโมง และครั้งเดียว)",
        otherwise="หากท่านไม่ได้แจ้ง โปรดทิ้งข้อความนี้ไป รหัสผ่านเดิมยังใช้ได้ และอย่าส่งลิงก์นี้ต่อให้ผู้ใด",
        button="ตั้งรหัสผ่านใหม่",
    )


def _active_members(session: Session, account: Account) -> list[Member]:
    query = select(Member).where(Member.account_id == account.id, Member.active).order_by(Member.id)
    return list(session.scalars(query.options(joinedload(Member.agency), selectinload(Member.roles))))


def _serves(session: Session, account: Account) -> bool:
    return account.operator or bool(_active_members(session, account))


def _mark(account: Account) -> str:
    """What changes with the password and the address."""
    facts = f"{account.email}\n{account.session_key}\n{account.password_hash}"
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(settings), salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})


def _gone() -> NotFoundError:
    return NotFoundError(
        "This link has been used or has expired: ask for a new one under “Forgotten password”, or ask the coordinator.",
        "ลิงก์นี้ใช้ไปแล้วหรือหมดอายุ กรุณาขอลิงก์ใหม่ที่ “ลืมรหัสผ่าน” หรือจากผู้ประสานงาน",
    )
