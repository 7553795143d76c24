"""Which account a person of an OpenID Connect provider opens: the linked one, else the one of the verified address.

The provider proves who somebody is; what the person may do stays with the agency. So nobody gets an account by signing
in there alone: the address needs an account or an open invitation.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.errors import ConflictError, ForbiddenError
from tracker.models import Account, Invitation, Member, ProviderLink
from tracker.services.accounts.accounts import create_account, find_account, fold_email
from tracker.services.accounts.oidc import Identity
from tracker.services.audit import Actor, record


def account_of(session: Session, identity: Identity, at: datetime) -> Account:
    """The account that the person opens, linked from then on.

    ForbiddenError where the address is not verified or nobody here knows it; ConflictError where another person of the
    provider has opened the account before (an address that was given to somebody else).
    """
    known = session.scalar(
        select(ProviderLink)
        .where(ProviderLink.issuer == identity.issuer, ProviderLink.subject == identity.subject)
        .options(joinedload(ProviderLink.account))
    )
    if known is not None:
        return known.account
    if identity.email is None:
        raise ForbiddenError(
            "The provider has not verified your e-mail address: sign in with your password.",
            "ผู้ให้บริการยังไม่ยืนยันอีเมลของท่าน กรุณาเข้าสู่ระบบด้วยรหัสผ่าน",
        )
    account = find_account(session, identity.email) or _of_invitation(session, identity.email, at)
    if account is None:
        raise ForbiddenError(
            "Your e-mail address has no sign-in here: ask your agency's coordinator for an invitation.",
            "อีเมลของท่านยังไม่มีบัญชีในระบบนี้ กรุณาขอคำเชิญจากผู้ประสานงานของหน่วยงาน",
        )
    _link(session, account, identity, at)
    return account


def forget(session: Session, account: Account) -> int:
    """Removes the account's links to providers; says how many. The next person with the address links it anew."""
    removed = delete(ProviderLink).where(ProviderLink.account_id == account.id).returning(ProviderLink.id)
    return len(session.scalars(removed).all())


def _link(session: Session, account: Account, identity: Identity, at: datetime) -> None:
    taken = select(ProviderLink.id).where(ProviderLink.account_id == account.id, ProviderLink.issuer == identity.issuer)
    if session.scalar(taken) is not None:
        raise ConflictError(
            "Another person of the provider has opened this account before: ask the operator to check who you are.",
            "บัญชีนี้เคยผูกกับผู้ใช้อีกคนของผู้ให้บริการ กรุณาแจ้งผู้ดูแลระบบให้ตรวจสอบ",
        )
    session.add(ProviderLink(account_id=account.id, issuer=identity.issuer, subject=identity.subject, created_at=at))
    session.flush()
    for member in session.scalars(select(Member).where(Member.account_id == account.id).order_by(Member.id)):
        record(
            session, member.agency_id, "provider_linked", Actor(member.name, "web", member.id), at,
            issuer=identity.issuer,
        )  # fmt: skip


def _of_invitation(session: Session, email: str, at: datetime) -> Account | None:
    invitations = _open_invitations(session, fold_email(email), at)
    if not invitations:
        return None
    account = create_account(session, email=email, at=at)
    for invitation in invitations:
        invitation.used_at = at
        member = invitation.member
        record(session, member.agency_id, "invitation_accepted", Actor(member.name, "web", member.id), at)
    return account


def _open_invitations(session: Session, address: str, at: datetime) -> Sequence[Invitation]:
    return session.scalars(
        select(Invitation)
        .join(Invitation.member)
        .where(
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
            func.lower(Invitation.email) == address,
            Invitation.email == Member.email,
            Member.active,
            Member.account_id.is_(None),
        )
        .options(joinedload(Invitation.member))
        .with_for_update(of=Invitation)
    ).all()
