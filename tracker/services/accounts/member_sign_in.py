"""A sign-in for a person of an agency: a new one, or the account that the address has already."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotFoundError
from tracker.models import Account, Member
from tracker.services.accounts.accounts import create_account, find_account, link_members, sign_in_name
from tracker.services.audit import Actor, record


def member_without_sign_in(session: Session, agency_id: int, member_id: int) -> Member:
    """The agency's person of an address; NotFoundError where there is none, ConflictError with a sign-in already."""
    member = session.scalar(select(Member).where(Member.agency_id == agency_id, Member.id == member_id))
    if member is None or sign_in_name(member) is None:
        raise NotFoundError(
            "There is no such person with an e-mail address or a telephone number.", "ไม่พบบุคลากรที่มีอีเมลหรือโทรศัพท์นี้"
        )
    if member.account_id is not None:
        raise ConflictError(f"{member.name} has a sign-in already.", f"{member.name} มีบัญชีอยู่แล้ว")
    return member


def join_known_account(session: Session, member: Member, *, by_mail: bool = False) -> bool:
    """Whether the address had an account, which now opens this agency too.

    An account whose address nobody has proved opens no second agency (ConflictError); where the invitation goes
    ``by_mail`` the answer is False, for that proves the address.
    """
    known = find_account(session, sign_in_name(member) or "")
    if known is None or (by_mail and not known.address_proved):
        return False
    if member not in link_members(session, known):
        raise ConflictError(
            f"Another agency made an account for {known.email}, and nobody has proved the address yet: "
            "invite the person by e-mail, or ask the operator.",
            f"หน่วยงานอื่นสร้างบัญชี {known.email} ไว้และยังไม่มีการยืนยันอีเมล กรุณาเชิญทางอีเมลหรือติดต่อผู้ดูแลระบบ",
        )
    return True


def give_sign_in(session: Session, member: Member, password_hash: str, *, by: Actor, at: datetime) -> Account:
    """An account of the person's address, whose password the coordinator knows: it opens this agency alone."""
    account = create_account(
        session,
        email=sign_in_name(member) or "",
        password_hash=password_hash,
        password_by_other=True,
        for_agency=member.agency_id,
        at=at,
    )
    record(session, member.agency_id, "account_created", by, at, email=account.email)
    return account
