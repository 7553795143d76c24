"""The first day's five steps, each ticked by what is there: agency, units and people, plan, invitations, reminders."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.kinds import RoleName, UnitKind
from tracker.models import Agency, Member, Plan, Role, Unit
from tracker.models.agency import LONG_AGO
from tracker.reminders.sweep import look_at_again
from tracker.services.audit import Actor, lock, record
from tracker.thai.working_days import WorkingDays

STEPS = 5
MONDAY = 0


@dataclass(frozen=True, slots=True)
class FirstDay:
    """How far the agency is. ``waiting`` are the people who have no sign-in yet."""

    divisions: int
    sections: int
    headless: int
    people: int
    waiting: int
    led: dict[RoleName, int]
    has_plan: bool
    invitations_sent: bool
    reminders_from: date | None

    @property
    def done(self) -> tuple[bool, bool, bool, bool, bool]:
        """Whether each step is done, in order."""
        has_people = self.divisions + self.sections > 0 and self.headless == 0
        invited = self.people > 1 and (self.waiting == 0 or self.invitations_sent)
        return True, has_people, self.has_plan, invited, self.reminders_from is not None

    @property
    def next(self) -> int | None:
        """The number of the first step that is not done."""
        return next((number for number, done in enumerate(self.done, 1) if not done), None)


def is_setting_up(agency: Agency) -> bool:
    """Whether the agency came to be on the web: one that reminded before there was this list has none."""
    return agency.reminders_from != LONG_AGO


def first_day(session: Session, agency: Agency, fiscal_year: int) -> FirstDay:
    """How far the agency is with its year; a handful of counts."""
    leads = exists().where(
        Role.unit_id == Unit.id, Role.role == RoleName.HEAD, Member.id == Role.member_id, Member.active
    )
    of_agency = (Unit.agency_id == agency.id, Unit.active, Unit.known, Unit.kind != UnitKind.GROUP)
    kinds = session.execute(select(Unit.kind, ~leads, func.count()).where(*of_agency).group_by(Unit.kind, leads)).all()
    has_duty = Member.roles.any()
    people = session.execute(
        select(func.count(), func.count(Member.account_id)).where(
            Member.agency_id == agency.id, Member.active, has_duty
        )
    ).one()
    duties = session.execute(
        select(Role.role, func.count(Role.member_id.distinct()))
        .join(Member)
        .where(Role.agency_id == agency.id, Member.active)
        .group_by(Role.role)
    )
    plan = select(Plan.id).where(Plan.agency_id == agency.id, Plan.fiscal_year == fiscal_year)
    return FirstDay(
        divisions=sum(count for kind, _, count in kinds if kind is UnitKind.DIVISION),
        sections=sum(count for kind, _, count in kinds if kind is not UnitKind.DIVISION),
        headless=sum(count for _, headless, count in kinds if headless),
        people=people[0],
        waiting=people[0] - people[1],
        led={role: count for role, count in duties},  # noqa: C416  (rows, not pairs)
        has_plan=session.scalar(plan) is not None,
        invitations_sent=agency.invitations_sent,
        reminders_from=agency.reminders_from,
    )


def first_reminder_day(calendar: WorkingDays, today: date) -> date:
    """The Monday that comes, or the next working day where it is none."""
    return calendar.next_or_same(today + timedelta((MONDAY - today.weekday() - 1) % 7 + 1))


def switch_on(session: Session, agency: Agency, day: date, *, by: Actor, at: datetime) -> None:
    """Lets reminders go out from the day on."""
    lock(session, agency.id)
    agency.reminders_from = day
    record(session, agency.id, "reminders_switched_on", by, at, day=day.isoformat())
    look_at_again(session, agency.id)


def switch_off(session: Session, agency: Agency, *, by: Actor, at: datetime) -> None:
    """Lets no reminder go out until they are switched on again."""
    lock(session, agency.id)
    agency.reminders_from = None
    record(session, agency.id, "reminders_switched_off", by, at)


def invitations_are_sent(session: Session, agency: Agency, *, by: Actor, at: datetime) -> None:
    """Takes the coordinator's word that everybody has the invitation."""
    lock(session, agency.id)
    agency.invitations_sent = True
    record(session, agency.id, "invitations_sent", by, at)
