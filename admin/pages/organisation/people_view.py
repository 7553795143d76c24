"""The list of people that its pages share: narrowed, with one of its rows open as a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request, url_for

from admin.web.base_view import CoordinatorPage
from admin.web.context import db, now, site, today
from admin.web.formatting import ago, clock_time, day, number
from admin.web.identity import agency
from admin.web.labels import role_name
from admin.web.language import gettext, ngettext
from admin.web.may import COORDINATOR
from tracker import clock
from tracker.kinds import OF_AGENCY, RoleName
from tracker.models import Role
from tracker.services.organisation.duties import duty_word
from tracker.services.organisation.people_list import NOT_LINKED, PeopleList, Standing, people_list
from tracker.thai.calendar import fiscal_year_of
from tracker.thai.duties import DUTIES

FILTERS = (Standing.IN, Standing.INVITED, Standing.UNINVITED, NOT_LINKED, Standing.LEFT)
OF_UNIT = [word for word, duty in DUTIES.items() if duty.role not in OF_AGENCY]
NOW_MINUTES = 15
"""Who was seen so lately is there now."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The one form that stands open: what it does, at which row or unit, what it holds, what is wrong with it.

    ``stands`` is what is stored of its fields now.
    """

    what: str
    key: str = ""
    unit_id: int | None = None
    role: Role | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    of_field: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    stands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with how many people it finds, and the address that turns it on or off."""

    name: str
    count: int
    address: str
    is_on: bool


class PeopleView(CoordinatorPage):
    """A page that shows the list."""

    may = COORDINATOR

    def listed(self, opened: Opened | None = None) -> str:
        """The whole list, or with a search what it finds; with a form open in its place."""
        everybody = people_list(db(), agency().id, fiscal_year_of(today()), now())
        words, shown = request.args.get("q", "")[:100], [one for one in FILTERS if one in request.args.getlist("show")]
        found = everybody.narrowed(words, shown) if opened is None and (words or shown) else everybody
        return self.render(
            "organisation/people.html",
            title=_title(everybody),
            everybody=everybody,
            found=found,
            narrowed=found is not everybody,
            words=words,
            chips=_chips(everybody, words, shown),
            opened=opened,
            duty_words=duty_words(),
            of_unit=OF_UNIT,
            duty_name=duty_name,
            duty_word=duty_word,
            seen_words=_seen_words,
            today=today(),
            by_mail=site().settings.smtp_url is not None,
        )


def duty_words() -> dict[str, str]:
    """What the duties are called in forms, by their words."""
    return {
        "head": gettext("Head"),
        "acting": gettext("Acting head"),
        "deputy": role_name(RoleName.DEPUTY),
        "staff": role_name(RoleName.STAFF),
        "executive": gettext("Executive (told after %(n)s working days)", n=number(_days(1))),
        "executive2": gettext("Executive (told after %(n)s working days)", n=number(_days(2))),
        "coordinator": role_name(RoleName.COORDINATOR),
    }


def duty_name(role: Role) -> str:
    """What a person is, in a few words."""
    if role.role is RoleName.EXECUTIVE:
        return gettext("Executive (%(n)s days)", n=number(_days(role.rank)))
    return gettext("Acting head") if role.acting and role.role is RoleName.HEAD else role_name(role.role)


def _days(rank: int) -> int:
    return int(agency().escalate_after[rank])


def _title(everybody: PeopleList) -> str:
    """What needs doing, the worst first."""
    headless = everybody.headless
    waiting = sum(row.standing is not Standing.IN for row in everybody.people)
    said = []
    if headless:
        said.append(
            gettext("%(unit)s has no head yet", unit=headless[0].name)
            if len(headless) == 1
            else ngettext(
                "%(n)s unit has no head yet", "%(n)s units have no head yet", len(headless), n=number(len(headless))
            )
        )
    if waiting:
        said.append(
            ngettext(
                "%(n)s person has not signed in yet", "%(n)s people have not signed in yet", waiting, n=number(waiting)
            )
        )
    if not said:
        return gettext("Every unit has a head, and everybody has signed in")
    return said[0] if len(said) == 1 else gettext("%(first)s, and %(second)s", first=said[0], second=said[1])


def _chips(everybody: PeopleList, words: str, shown: list[str]) -> list[Chip]:
    names = {
        Standing.IN: gettext("in"),
        Standing.INVITED: gettext("invited, not yet signed in"),
        Standing.UNINVITED: gettext("not invited"),
        NOT_LINKED: gettext("not linked with LINE"),
        Standing.LEFT: gettext("out of office"),
    }

    def address(wanted: list[str]) -> str:
        return url_for("people.index", q=words or None, show=wanted)

    chips = [Chip(gettext("All"), len(everybody.people), address([]), not shown)]
    for one in FILTERS:
        count, is_on = everybody.count(one), one in shown
        if count or is_on:
            others = [other for other in shown if other != one]
            chips.append(Chip(names[one], count, address(others if is_on else [*shown, one]), is_on))
    return chips


def _seen_words(at: datetime) -> str:
    """When somebody was last seen: now, today's time, yesterday, a day."""
    seen, minutes = clock.local(at, site().settings.zone).date(), (now() - at).total_seconds() / 60
    if minutes < NOW_MINUTES:
        return gettext("now")
    if seen == today():
        return gettext("today, %(time)s", time=clock_time(at))
    return ago(seen, today()) if (today() - seen).days == 1 else day(seen, "short")
