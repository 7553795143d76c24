"""Conditions that a partial index answers: its values stand in the statement, for no index matches a parameter."""

from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from tracker.kinds import OPEN_DELIVERIES, OPEN_STATES
from tracker.models import Delivery, Task


def task_is_due(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """An open task that is to be looked at by the day."""
    return and_(task_is_open(), Task.next_stage_on <= day)


def task_is_open() -> ColumnElement[bool]:
    """A task that waits for its people."""
    return _among(Task.state, OPEN_STATES)


def delivery_is_due(at: datetime) -> ColumnElement[bool]:
    """A delivery whose next attempt is due, or whose lease has ended."""
    return and_(_among(Delivery.state, OPEN_DELIVERIES), Delivery.next_attempt_at <= at)


def delivery_is_open() -> ColumnElement[bool]:
    """A delivery that has not come to an end."""
    return and_(_among(Delivery.state, OPEN_DELIVERIES), Delivery.next_attempt_at.is_not(None))


def _among(column: InstrumentedAttribute[str], values: tuple[str, ...]) -> ColumnElement[bool]:
    return column.in_(bindparam(None, values, expanding=True, literal_execute=True))
