"""คำเชิญ: a message ready for LINE for each person, a sheet of QR codes, e-mail to all where that is set up."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

import segno
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import number, sentence
from admin.web.identity import actor, agency, person
from admin.web.labels import role_name
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, quoted
from tracker import clock
from tracker.channels.base import DeliveryError
from tracker.errors import ConflictError, NotFoundError
from tracker.kinds import OPEN_STATES, RoleName
from tracker.models import Invitation, Member, Plan, Role, Task, TaskUnit
from tracker.services.accounts import invitations, member_sign_in
from tracker.services.accounts.accounts import sign_in_name
from tracker.services.accounts.invitation_text import Invited, invitation_text
from tracker.services.accounts.reach import is_reachable
from tracker.services.audit import record
from tracker.services.organisation.first_day import invitations_are_sent
from tracker.thai.calendar import fiscal_year_of

LONGEST_FRAME = 600
"""Characters that the coordinator's own words may have: a message is read on a phone."""


@dataclass(frozen=True, slots=True)
class Card:
    """A person with the message, as far as there is one; ``picture`` is the link as a QR code."""

    member: Member
    what: str
    invitation: Invitation | None = None
    text: str = ""
    link: str = ""
    word: str = ""
    picture: str = ""
    last_day: date | None = None

    @property
    def is_in(self) -> bool:
        return self.member.account_id is not None


class InvitationsPage(CoordinatorPage):
    """Everybody who has a duty, the next one to be invited first."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Invitations"), endpoint="invitations", url="/people/invitations")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        settings = site().settings
        cards = _cards()
        waiting = [card for card in cards if not card.is_in]
        left = [card for card in waiting if card.invitation and not card.invitation.copied_at]
        return self.render(
            "organisation/invitations.html",
            cards=cards,
            waiting=waiting,
            unmade=[card for card in waiting if card.invitation is None and sign_in_name(card.member)],
            next=left[0] if left else None,
            given=sum(1 for card in cards if card.is_in or (card.invitation and card.invitation.copied_at)),
            hears_by_line=_can_hear_by_line,
            copied=sum(1 for card in waiting if card.invitation and card.invitation.copied_at),
            reachable=is_reachable(settings.base_url),
            host=urlsplit(settings.base_url).netloc,
            by_mail=settings.smtp_url is not None,
            frame=agency().invitation_frame,
            longest=LONGEST_FRAME,
        )

    @expose("/sheet")
    def sheet(self) -> ResponseReturnValue:
        """Six on a page of A4, to print and cut."""
        cards = [card for card in _cards() if card.invitation and not card.is_in]
        if not is_reachable(site().settings.base_url):
            return redirect(url_for("invitations.index"))
        pages = [cards[at : at + 6] for at in range(0, len(cards), 6)]
        return self.render("organisation/invitation_sheet.html", pages=pages)

    @expose("/prepare", methods=["POST"], may=COORDINATOR)
    def prepare(self) -> ResponseReturnValue:
        """A link for everybody who has neither a sign-in nor an open one."""
        joined = []
        for member in _people():
            if member.account_id is None and sign_in_name(member):
                try:
                    if member_sign_in.join_known_account(db(), member):
                        joined.append(member.name)
                        continue
                except ConflictError:
                    continue  # the page says that the link must go by e-mail
                invitations.hand_over(db(), site().settings, member, by=actor(), at=now())
        if joined:
            names = ", ".join(joined)
            flash(gettext("%(names)s had a sign-in, which opens this agency now too.", names=names), "success")
        return redirect(url_for("invitations.index"))

    @expose("/<int:member_id>/copied", methods=["POST"], may=COORDINATOR)
    def copied(self, member_id: int) -> ResponseReturnValue:
        """The message was copied: said with the time, on the page that is open and when it is opened again."""
        member = member_sign_in.member_without_sign_in(db(), agency().id, member_id)
        _open_invitation(member).copied_at = now()
        if request.accept_mimetypes.best == "application/json":
            return {"copied": _time(now())}
        return redirect(url_for("invitations.index", _anchor="next"))

    @expose("/<int:member_id>/line", methods=["POST"], may=COORDINATOR)
    def line(self, member_id: int) -> ResponseReturnValue:
        """The person's own link to the person's linked LINE account; it counts as given."""
        member, settings = member_sign_in.member_without_sign_in(db(), agency().id, member_id), site().settings
        if not _can_hear_by_line(member):
            raise ConflictError("The person is not linked with LINE.", "บุคลากรคนนี้ยังไม่ได้เชื่อม LINE")
        invitation = _open_invitation(member)
        path = invitations.path_again(settings, invitation)
        db().commit()  # nobody waits for LINE
        try:
            invitations.send_by_line(settings, member, path, now())
        except DeliveryError as error:
            flash(sentence(error), "error")
        else:
            invitation.copied_at = now()
            flash(gettext("Sent to %(name)s by LINE.", name=member.name), "success")
        return redirect(url_for("invitations.index", _anchor="next"))

    @expose("/frame", methods=["POST"], may=COORDINATOR)
    def frame(self) -> ResponseReturnValue:
        """The words before the link, for all; link, last day and whom to call always stand there."""
        typed, stands = request.form.get("frame", "").strip()[:LONGEST_FRAME], agency().invitation_frame
        label = gettext("First paragraph")
        changed_fields(
            {"frame": typed},
            {"frame": stands},
            ("settings_changed",),
            lambda _: quoted(label, stands),
            lambda event: "invitation_frame" in event.details.get("changes", {}),
        )
        if typed != stands:
            agency().invitation_frame = typed
            changes = {"invitation_frame": [stands, typed]}
            record(db(), agency().id, "settings_changed", actor(), now(), row=agency().name, changes=changes)
        return redirect(url_for("invitations.index", _anchor="next"))

    @expose("/mail", methods=["POST"], may=COORDINATOR)
    def mail(self) -> ResponseReturnValue:
        """To everybody who has an address and is not in yet, each to the own address alone."""
        settings = site().settings
        if settings.smtp_url is None:
            raise ConflictError("No e-mail is set up here.", "ยังไม่ได้ตั้งค่าอีเมลของระบบ")
        wanted = [member for member in _people() if member.account_id is None and member.email]
        sending = [
            (member, invitations.invite(db(), member, by_mail=True, by=actor(), at=now()))
            for member in wanted
            if not member_sign_in.join_known_account(db(), member, by_mail=True)
        ]
        db().commit()  # nobody waits for the mail server
        sent = 0
        for member, path in sending:
            try:
                invitations.send(settings, member, path, now())
                sent += 1
            except DeliveryError as error:
                invitations.withdraw(db(), member)
                flash(f"{member.name}: {sentence(error)}", "error")
        flash(gettext("Invitations sent by e-mail: %(n)s.", n=number(sent)), "success")
        return redirect(url_for("invitations.index"))

    @expose("/sent", methods=["POST"], may=COORDINATOR)
    def sent(self) -> ResponseReturnValue:
        """Everybody has it: the step of the first day is done."""
        invitations_are_sent(db(), agency(), by=actor(), at=now())
        return redirect(url_for("first_reminders.index"))


def _open_invitation(member: Member) -> Invitation:
    invitation = invitations.open_invitation(db(), member, now())
    if invitation is None:
        raise NotFoundError("There is no open invitation.", "ไม่มีคำเชิญที่ยังใช้ได้")
    return invitation


def _can_hear_by_line(member: Member) -> bool:
    return site().settings.line_configured and member.line_user_id is not None


def _people() -> list[Member]:
    """Who has a duty in the agency: executives, coordinators, then the units' people in their order."""
    query = select(Member).where(Member.agency_id == agency().id, Member.active, Member.roles.any())
    loaded = query.options(selectinload(Member.roles).joinedload(Role.unit))
    order = {RoleName.EXECUTIVE: -2, RoleName.COORDINATOR: -1}

    def place(member: Member) -> tuple[int, int, int, int]:
        role = min(member.roles, key=lambda one: (order.get(one.role, 0), one.unit.position if one.unit else 0))
        return order.get(role.role, 0), -role.rank, role.unit.position if role.unit else 0, member.id

    return sorted(db().scalars(loaded), key=place)


def _cards() -> list[Card]:
    """Everybody with the open invitation, in a fixed number of queries."""
    people = _people()
    open_ones = db().scalars(
        select(Invitation)
        .where(
            Invitation.agency_id == agency().id,
            Invitation.nonce.is_not(None),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now(),
        )
        .order_by(Invitation.id)
    )
    by_member = {one.member_id: one for one in open_ones}
    facts = _facts()
    cards = []
    for member in people:
        what = _what(member)
        invitation = by_member.get(member.id)
        if member.account_id is not None or invitation is None or invitation.email != sign_in_name(member):
            cards.append(Card(member, what))
            continue
        path = invitations.path_again(site().settings, invitation)
        link = f"{site().settings.base_url}{path}"
        text = invitation_text(_invited(member, invitation, link, facts.get(member.id, (0, None))))
        picture = segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
        last_day = clock.local(invitation.expires_at, site().settings.zone).date()
        cards.append(Card(member, what, invitation, text, link, path.rpartition("/")[2], picture, last_day))
    return cards


def _invited(member: Member, invitation: Invitation, link: str, facts: tuple[int, date | None]) -> Invited:
    own = person().member
    units = [role.unit.name for role in member.roles if role.unit and role.role is RoleName.HEAD]
    deputy_of = next((role.unit.name for role in member.roles if role.unit and role.role is RoleName.DEPUTY), "")
    return Invited(
        name=member.name,
        agency=agency().name,
        fiscal_year=fiscal_year_of(today()),
        units=" และ".join(units),
        deputy_of="" if units else deputy_of,
        is_executive=any(role.role is RoleName.EXECUTIVE for role in member.roles),
        tasks=facts[0],
        first_due=facts[1],
        link=link,
        last_day=clock.local(invitation.expires_at, site().settings.zone).date(),
        sender=own.name if own else "",
        phone=(own.phone or "") if own else "",
        frame=agency().invitation_frame,
        thai_digits=agency().thai_digits,
    )


def _facts() -> dict[int, tuple[int, date | None]]:
    """By person: how many tasks of the year the own units have, and the first day."""
    rows = db().execute(
        select(Role.member_id, func.count(Task.id.distinct()), func.min(Task.due_on))
        .join(TaskUnit, TaskUnit.unit_id == Role.unit_id)
        .join(Task, Task.id == TaskUnit.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            Role.agency_id == agency().id,
            Plan.fiscal_year == fiscal_year_of(today()),
            Task.state.in_(OPEN_STATES),
        )
        .group_by(Role.member_id)
    )
    return {member: (tasks, first) for member, tasks, first in rows}


def _what(member: Member) -> str:
    """What the person is, in a few words."""
    return " · ".join(
        dict.fromkeys(
            role.unit.name
            if role.unit and role.role is RoleName.HEAD
            else f"{role_name(role.role)} {role.unit.name if role.unit else ''}".strip()
            for role in member.roles
        )
    )


def _time(at: datetime) -> str:
    return f"{clock.local(at, site().settings.zone):%H:%M}"
