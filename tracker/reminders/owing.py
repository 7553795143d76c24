"""The units of an escalation, for their superiors: how each can be asked, and who answers while its head is away."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.reminders.message_links import PersonLinks
from tracker.reminders.recipients import People
from tracker.reminders.wording import head_of, short_day
from tracker.thai.phones import dial


@dataclass(frozen=True, slots=True)
class OwingUnit:
    """A unit that owes something to the reader's knowledge.

    ``page`` is where its tasks can be read, ``post`` who answers for it, ``call`` the address that dials that person,
    ``leave`` says that its head is away. ``is_staffed``: somebody there can be reminded again.
    """

    unit_id: int
    page: str
    post: str
    call: str = ""
    leave: str = ""
    is_staffed: bool = True


def owing_units(units: Mapping[int, str], people: People, own: PersonLinks) -> dict[str, OwingUnit]:
    """The units by name, as the reader of ``own`` may ask them."""
    return {name: _owing(unit_id, name, people, own) for unit_id, name in units.items()}


def _owing(unit_id: int, name: str, people: People, own: PersonLinks) -> OwingUnit:
    answering = [people.members[one] for one in people.of_unit(unit_id)]
    away = people.away_head(unit_id)
    leave = ""
    if away is not None:
        until = f"ถึง {short_day(away.away_until)} " if away.away_until else " "
        leave = f"หัวหน้าลา{until}{'รองหัวหน้ารับแทน' if answering else 'ยังไม่มีผู้รับแทน'}"
    phone = next((one.phone for one in answering if one.phone), None)
    return OwingUnit(
        unit_id=unit_id,
        page=own.read("unit", unit_id),
        post=head_of(name),
        call=dial(phone) if phone else "",
        leave=leave,
        is_staffed=bool(answering),
    )
