"""Invitations: a link, good for seven days and once, with which a member chooses a password.

By e-mail the link goes to the address alone, in a message of its own, and is shown to nobody: whoever opens it owns the
address. (A digest may go by LINE or land in the mailbox, which would prove nothing.) By LINE it goes to the linked LINE
account, or, where no mail is set up, the coordinator hands it over: the account then opens that agency and no other.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from tracker.errors import ConflictError, NotFoundError
from tracker.models import Account, Invitation, Member
from tracker.services.accounts import link_message
from tracker.services.accounts.accounts import create_account, find_account, link_members, set_password
from tracker.services.accounts.link_message import LinkMessage
from tracker.services.audit import Actor, record
from tracker.settings import Settings

VALID = timedelta(days=7)


def invite(session: Session, member: Member, *, by_mail: bool, by: Actor, at: datetime) -> str:
    """Invites the member, and ends earlier invitations; gives the path of the link.

    NotFoundError without an address; ConflictError where the person can sign in already.
    """
    if not member.email or not member.active:
        raise NotFoundError("There is no such person with an e-mail address.", "ไม่พบบุคลากรที่มีอีเมลนี้")
    if member.account_id is not None:
        raise ConflictError(f"{member.name} has a sign-in already.", f"{member.name} มีบัญชีอยู่แล้ว")
    withdraw(session, member)
    word = secrets.token_urlsafe(32)
    path = f"/invitation/{word}"
    session.add(
        Invitation(
            agency_id=member.agency_id,
            member_id=member.id,
            email=member.email,
            word_hash=_hash(word),
            by_mail=by_mail,
            created_at=at,
            expires_at=at + VALID,
        )
    )
    record(session, member.agency_id, "invited", by, at, member=member.id, email=member.email)
    return path


def withdraw(session: Session, member: Member) -> None:
    """Ends the member's open invitations."""
    session.execute(delete(Invitation).where(Invitation.member_id == member.id, Invitation.used_at.is_(None)))


def send(settings: Settings, member: Member, path: str, at: datetime) -> None:
    """Sends the link to the member's address; DeliveryError where the mail server does not take it.

    Call it after committing: a mail server may take long.
    """
    link_message.send_by_mail(settings, _message(member, path), member.email or "", at)


def send_by_line(settings: Settings, member: Member, path: str, at: datetime) -> None:
    """Sends the link to the member's linked LINE account; DeliveryError where LINE does not take it.

    It proves nothing about the e-mail address: the account opens that agency and no other. Call it after committing.
    """
    link_message.send_by_line(settings, _message(member, path), member.line_user_id or "", at)


def _message(member: Member, path: str) -> LinkMessage:
    agency = member.agency.name
    return LinkMessage(
        path=path,
        to_name=member.name,
        sender=agency,
        subject=f"คำเชิญเข้าใช้ระบบติดตามมาตรการ {agency}",
        why=f"{agency} เชิญท่านเข้าใช้ระบบติดตามมาตรการ กรุณาเปิดลิงก์นี้เพื่อตั้งรหัสผ่านของท่าน (ใช้ได้ ๗ วัน และครั้งเดียว)",
        otherwise="หากท่านไม่รู้จักหน่วยงานนี้ โปรดทิ้งข้อความนี้ไป จะไม่มีสิ่งใดเกิดขึ้น",
        button="ตั้งรหัสผ่าน",
    )


def opened(session: Session, word: str, at: datetime) -> Invitation:
    """The invitation behind a link; NotFoundError where it was used, is too old, or its address was changed."""
    found = session.scalar(
        select(Invitation)
        .where(Invitation.word_hash == _hash(word), Invitation.used_at.is_(None), Invitation.expires_at > at)
        .options(joinedload(Invitation.member).joinedload(Member.agency))
        .execution_options(populate_existing=True)  # looked at before the transaction that takes it
    )
    if found is None or found.member.email != found.email or not found.member.active:
        raise NotFoundError(
            "This invitation was used already or is too old: ask the coordinator for a new one.",
            "คำเชิญนี้ถูกใช้ไปแล้วหรือหมดอายุ กรุณาขอคำเชิญใหม่จากผู้ประสานงาน",
        )
    return found


def accept(session: Session, word: str, password_hash: str, at: datetime) -> Account:
    """Gives the invited person an account with the password (``accounts.hashed``).

    NotFoundError for a link that is no longer good, ConflictError where the address has an account that only its owner
    may change.
    """
    invitation = opened(session, word, at)
    member = invitation.member
    account = find_account(session, invitation.email)
    if account is None:
        of = None if invitation.by_mail else member.agency_id
        account = create_account(session, email=invitation.email, password_hash=password_hash, for_agency=of, at=at)
    elif invitation.by_mail and not account.address_proved:
        set_password(account, password_hash)
        account.address_proved = True
        link_members(session, account)
    else:
        raise ConflictError(
            f"{invitation.email} has an account already: sign in with its password.",
            f"{invitation.email} มีบัญชีอยู่แล้ว กรุณาเข้าสู่ระบบด้วยรหัสผ่านเดิม",
        )
    unused = Invitation.id == invitation.id, Invitation.used_at.is_(None)
    if session.scalar(update(Invitation).where(*unused).values(used_at=at).returning(Invitation.id)) is None:
        raise ConflictError("This invitation was just used.", "คำเชิญนี้เพิ่งถูกใช้ไป")
    record(session, member.agency_id, "invitation_accepted", Actor(member.name, "web", member.id), at)
    return account


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
