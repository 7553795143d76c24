"""What a person asked for about reminders, as far as the agency leaves it to them: pure rules.

Nobody can turn off what is late: overdue tasks and escalations are always told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import Row

from tracker.channels.registry import going_out
from tracker.models import Agency
from tracker.reminders.recipients import Person


def stays_inside(chosen: Collection[str]) -> bool:
    """Whether the person chose to get no message outside of the web pages."""
    return bool(chosen) and not any(channel.name in chosen for channel in going_out())


@dataclass(frozen=True, slots=True)
class MemberPreferences:
    """``channels`` as chosen (empty: the installation's order); ``opens`` to ``closes`` is when a digest may come."""

    channels: tuple[str, ...]
    urgent_only: bool
    opens: time
    closes: time


def preferences_of(member: Person, agency: Agency | Row[Any]) -> MemberPreferences:
    """The person's own where the agency allows them; own hours count where they overlap with the agency's.

    ``agency`` is itself or a row with its columns.
    """
    opens = max(member.send_from or agency.send_from, agency.send_from)
    closes = min(member.send_until or agency.send_until, agency.send_until)
    if opens >= closes:
        opens, closes = agency.send_from, agency.send_until
    chosen = [] if agency.messages_required and stays_inside(member.channels) else member.channels
    return MemberPreferences(tuple(chosen), member.urgent_only and not agency.upcoming_required, opens, closes)
