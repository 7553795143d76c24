"""What a coordinator does for a person who cannot get in: a link for a new password, the second factor taken away.

Whoever holds an account that opens another agency, signs for this one, or keeps it or the installation, is helped by
the own e-mail or LINE alone: nobody else may see such a link, or a coordinator could sign in an executive's name.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.errors import ConflictError, NotFoundError
from tracker.kinds import NoticeKind, RoleName
from tracker.models import Account, Member, Notice
from tracker.services.accounts import forgotten, second_factor
from tracker.services.audit import Actor, record
from tracker.settings import Settings
from tracker.thai.calendar import format_date

VALID = timedelta(days=7)


def account_of(member: Member) -> Account:
    """The person's account; NotFoundError where there is none, or where its password is kept elsewhere."""
    account = member.account
    if account is None or account.password_hash is None or not member.active:
        raise NotFoundError(
            f"{member.name} has no password here: invite the person.", f"{member.name} ยังไม่มีรหัสผ่านในระบบ กรุณาส่งคำเชิญ"
        )
    return account


def may_be_handed_over(account: Account) -> bool:
    """Whether a coordinator may see what opens the account."""
    trusted = any(
        role.role in (RoleName.COORDINATOR, RoleName.EXECUTIVE) for one in account.members for role in one.roles
    )
    return len(account.members) == 1 and not trusted and not account.operator


def hand_over_link(session: Session, settings: Settings, member: Member, *, by: Actor, at: datetime) -> str:
    """The path of a link with which the person sets a new password, good for seven days and once.

    The password until now stays good; the person is told in the next message. ConflictError where nobody else may see
    such a link, NotFoundError without a password.
    """
    account = account_of(member)
    if not may_be_handed_over(account):
        raise ConflictError(
            f"The link for {member.name} goes to the own e-mail or LINE alone.",
            f"ลิงก์ของ {member.name} ส่งทางอีเมลหรือ LINE ของเจ้าตัวเท่านั้น",
        )
    _tell(session, settings, member, f"{by.name} ออกลิงก์ตั้งรหัสผ่านใหม่ให้ท่าน", at)
    record(session, member.agency_id, "password_link_sent", by, at, member=member.id, channel="handed over")
    return forgotten.link_path(settings, account, by_mail=False, at=at, valid=VALID)


def take_factor_away(session: Session, settings: Settings, member: Member, *, by: Actor, at: datetime) -> None:
    """The telephone is lost: signing in takes the password alone until the person sets a factor up again.

    ConflictError where only the person, or the operator, may do that; NotFoundError where there is none.
    """
    account = account_of(member)
    if account.factor_since is None:
        raise NotFoundError(f"{member.name} has no second factor.", f"{member.name} ไม่ได้เปิดการยืนยันสองขั้น")
    if not may_be_handed_over(account):
        raise ConflictError(
            f"Only the operator can take the second factor of {member.name} away.",
            f"การยืนยันสองขั้นของ {member.name} ปิดได้โดยผู้ดูแลระบบเท่านั้น",
        )
    second_factor.remove(session, account)
    _tell(session, settings, member, f"{by.name} ปิดการยืนยันสองขั้นของท่าน", at)
    record(session, member.agency_id, "second_factor_off", by, at, row=member.name)


def password_message(name: str, agency: str, link: str, last_day: date, call: str) -> str:
    """What the coordinator pastes into LINE."""
    return "\n".join(
        [
            f"เรียน {name}",
            "",
            f"กดลิงก์เพื่อตั้งรหัสผ่านใหม่ของระบบติดตามมาตรการ {agency} ใช้ได้ครั้งเดียว ถึง {format_date(last_day, style='short')}",
            link,
            "",
            "รหัสผ่านเดิมยังใช้ได้จนกว่าจะตั้งใหม่ อย่าส่งลิงก์นี้ต่อให้ผู้ใด",
            f"สอบถาม {call}",
        ]
    )


def _tell(session: Session, settings: Settings, member: Member, what: str, at: datetime) -> None:
    on = format_date(local(at, settings.zone).date(), style="short")
    text = f"{what} เมื่อ {on} หากท่านไม่ได้ขอ โปรดแจ้งหน่วยงานของท่าน"
    session.add(
        Notice(
            agency_id=member.agency_id,
            member_id=member.id,
            kind=NoticeKind.OTHER,
            text=text,
            path="/account/",
            created_at=at,
        )
    )
