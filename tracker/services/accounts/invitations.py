"""Invitations: a link, good for seven days and once, with which a member chooses a password.

By e-mail the link goes to the address alone, in a message of its own, and is shown to nobody: whoever opens it owns the
address. (A digest may go by LINE or land in the mailbox, which would prove nothing.) By LINE it goes to the linked LINE
account, or, where no mail is set up, the coordinator hands it over: the account then opens that agency and no other.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from tracker.errors import ConflictError, NotFoundError
from tracker.models import Account, Invitation, Member
from tracker.services.accounts import link_message
from tracker.services.accounts.accounts import create_account, find_account, link_members, set_password, sign_in_name
from tracker.services.accounts.link_message import LinkMessage
from tracker.services.audit import Actor, record
from tracker.settings import Settings, secret_key

VALID = timedelta(days=7)


def invite(session: Session, member: Member, *, by_mail: bool, by: Actor, at: datetime) -> str:
    """Invites the member, and ends earlier invitations; gives the path of the link.

    NotFoundError without an address and a number; ConflictError where the person can sign in already.
    """
    withdraw(session, member)
    word = secrets.token_urlsafe(32)
    _keep(session, member, word, by_mail=by_mail, by=by, at=at)
    return _path(word)


def hand_over(session: Session, settings: Settings, member: Member, *, by: Actor, at: datetime) -> str:
    """The path of a link that the coordinator hands over: the one that is still open, else a new one.

    Its word can be made again from the row and the installation's secret key, so that the message can be shown again;
    the row alone opens nothing. NotFoundError and ConflictError as ``invite``.
    """
    found = open_invitation(session, member, at)
    if found is None:
        nonce = secrets.token_hex(16)
        found = _keep(session, member, _word(settings, nonce), by_mail=False, by=by, at=at, nonce=nonce)
    return path_again(settings, found)


def open_invitation(session: Session, member: Member, at: datetime) -> Invitation | None:
    """The latest open invitation of the member whose link can be shown."""
    query = select(Invitation).where(
        Invitation.member_id == member.id,
        Invitation.nonce.is_not(None),
        Invitation.used_at.is_(None),
        Invitation.expires_at > at,
        Invitation.email == sign_in_name(member),
    )
    return session.scalars(query.order_by(Invitation.id.desc()).limit(1)).first()


def path_again(settings: Settings, invitation: Invitation) -> str:
    """The path of an invitation that was handed over, made again."""
    return _path(_word(settings, invitation.nonce or ""))


def _keep(
    session: Session, member: Member, word: str, *, by_mail: bool, by: Actor, at: datetime, nonce: str | None = None
) -> Invitation:
    name = sign_in_name(member)
    if name is None or not member.active:
        raise NotFoundError(
            "There is no such person with an e-mail address or a telephone number.", "ไม่พบบุคลากรที่มีอีเมลหรือโทรศัพท์นี้"
        )
    if member.account_id is not None:
        raise ConflictError(f"{member.name} has a sign-in already.", f"{member.name} มีบัญชีอยู่แล้ว")
    invitation = Invitation(
        agency_id=member.agency_id,
        member_id=member.id,
        email=name,
        word_hash=_hash(word),
        by_mail=by_mail,
        nonce=nonce,
        created_at=at,
        expires_at=at + VALID,
    )
    session.add(invitation)
    record(session, member.agency_id, "invited", by, at, member=member.id, email=name)
    return invitation


def _path(word: str) -> str:
    return f"/invitation/{word}"


def _word(settings: Settings, nonce: str) -> str:
    """A word that can be typed from paper: 80 bits in groups of four, of a keyed hash of the row's nonce."""
    digest = hmac.new(secret_key(settings).encode(), f"invitation {nonce}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest[:10]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


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
    if found is None or sign_in_name(found.member) != found.email or not found.member.active:
        raise NotFoundError(
            "This invitation has been used or has expired: ask the coordinator for a new one.",
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
    withdraw(session, member)  # the first use ends the others
    record(session, member.agency_id, "invitation_accepted", Actor(member.name, "web", member.id), at)
    return account


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
