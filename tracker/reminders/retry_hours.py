"""A message that is tried again comes in the person's hours, as its first attempt did."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models import Agency
from tracker.reminders.member_preferences import preferences_of
from tracker.reminders.outgoing import OutgoingDigest
from tracker.reminders.queries import calendars
from tracker.settings import Settings
from tracker.thai.working_days import next_send_time


def in_hours(session: Session, settings: Settings, parcel: OutgoingDigest, at: datetime) -> datetime:
    """The instant, or the next opening of the person's hours on a working day of the agency."""
    agency = session.get_one(Agency, parcel.delivery.agency_id)
    wanted = preferences_of(parcel.member, agency)
    calendar = calendars(session, [agency.id])[agency.id]
    return next_send_time(at, settings.zone, calendar, wanted.opens, wanted.closes)
