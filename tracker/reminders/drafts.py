"""On the first working day after a round's last day its report is drafted, and the coordinator gets its link.

The draft composes itself from what is recorded whenever it is opened; what is kept is that, and when, it was drafted.
"""

from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.kinds import NoticeKind, RoundState
from tracker.models import Notice, Plan, Round
from tracker.reminders.ledger import insert_missing
from tracker.reminders.queries import calendars
from tracker.reminders.sweep import AGENCIES_A_BATCH, batches
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.thai.calendar import RoundMonths, fiscal_year_of, round_end
from tracker.thai.numerals import to_thai

CATCHES_UP = timedelta(30)
"""A report is due soon after its round; a later draft would surprise a coordinator who wrote it by hand."""


def draft_rounds(database: Database, settings: Settings, at: datetime) -> int:
    """Drafts the rounds that have ended, of every agency where a working day has come since; says how many.

    A round that nobody drafted within 30 days (no worker ran, or the plan came later) is left to the coordinator.
    Each batch of plans is a transaction of its own, so that no tick waits for all agencies.
    """
    day = local(at, settings.zone).date()
    drafted = 0
    for months in get_args(RoundMonths):
        year = fiscal_year_of(day - CATCHES_UP)
        end = round_end(year, months)
        if not end < day <= end + CATCHES_UP:
            continue
        has_draft = exists().where(Round.plan_id == Plan.id, Round.number == months)
        with database.reading() as session:
            waiting = session.scalars(
                select(Plan.id).where(Plan.fiscal_year == year, ~has_draft).order_by(Plan.id)
            ).all()
        for batch in batches(waiting, AGENCIES_A_BATCH):
            with database.writing() as session:
                plans = session.scalars(select(Plan).where(Plan.id.in_(batch)).order_by(Plan.id)).all()
                working = calendars(session, {plan.agency_id for plan in plans})
                due = [plan for plan in plans if day >= working[plan.agency_id].after(end, 1)]
                drafted += sum(_draft(session, plan, months, at) for plan in due)
    return drafted


def _draft(session: Session, plan: Plan, months: RoundMonths, at: datetime) -> bool:
    """Drafts one round and tells the coordinators; False where another worker was first."""
    made = insert_missing(session, Round).returning(Round.id)
    row = {
        "agency_id": plan.agency_id,
        "plan_id": plan.id,
        "number": months,
        "state": RoundState.DRAFTED,
        "drafted_at": at,
    }
    if session.scalars(made, [row]).first() is None:
        return False
    words = to_thai(f"ร่างรายงานรอบ {months} เดือน ปีงบประมาณ พ.ศ. {plan.fiscal_year} พร้อมให้ตรวจแล้ว")
    session.add(
        Notice(
            agency_id=plan.agency_id,
            kind=NoticeKind.ROUND_DRAFTED,
            text=words,
            path=f"/reports/{plan.fiscal_year}/{months}/close/",
            created_at=at,
        )
    )
    return True
