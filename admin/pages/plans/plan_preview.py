"""ตรวจแผน: what the page of an uploaded plan shows, and what of it still is a question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from admin.pages.plans.plan_cards import PAGE, SHOWN_WARNINGS, Card, cards_of, warnings_of
from admin.pages.plans.plan_choices import OTHER
from admin.pages.plans.plan_upload import years
from admin.web.context import db, now, site
from admin.web.formatting import sentence
from admin.web.identity import actor, agency
from admin.web.labels import kind_name
from admin.web.language import gettext
from admin.web.pager import Pager
from admin.web.units import units_of
from tracker.errors import ConflictError, NotUnderstoodError
from tracker.kinds import UnitKind
from tracker.models import Agency, Member, Unit
from tracker.plan_import.document import ReadDocument
from tracker.services.plans import plan_drafts, plan_parties, plan_work, uploads
from tracker.services.plans.plan_parties import LATER, LED_BY_A_PERSON, NEW_KINDS, Party

FILTERS = ("", "warned", "mended")


@dataclass(frozen=True)
class Answer:
    """One possible answer to what a party is: its value in the form, and its words."""

    value: str
    words: str


@dataclass(frozen=True)
class PartyRow:
    """A party in the form, by its place there: the answers that stand as buttons, and the groups of the list."""

    place: int
    party: Party
    asks: str
    buttons: tuple[Answer, ...]
    groups: tuple[tuple[str, tuple[Answer, ...]], ...]
    was: str

    @property
    def listed(self) -> str:
        """The answer that stands in the list, where it is none of the buttons."""
        decided = self.party.decided
        return "" if any(one.value == decided for one in self.buttons) else decided

    @property
    def button(self) -> str:
        """The button that is chosen."""
        return OTHER if self.buttons and self.listed else self.party.decided


def preview_of(
    token: str, data: bytes, kept: uploads.Upload, read: plan_drafts.ReadUpload, shown: uploads.Upload
) -> dict[str, Any]:
    """What the template needs. ``shown`` is ``kept``, or that with what was typed before the sign-in ended."""
    parties = party_rows(plan_parties.parties_of(db(), read.document, shown), kept, typed=shown is not kept)
    every = cards_of(read, plan_drafts.corrections_of(shown), plan_drafts.corrections_of(kept))
    only = _only(kept)
    cards = _chosen(every, only)
    wanted = request.args.get("page", kept.page, type=int)
    whole = Pager(len(cards), PAGE, 1)
    pager = Pager(len(cards), PAGE, min(max(1, wanted), whole.pages))
    found_warnings = warnings_of(read)
    trial, problem = try_out(token, read.document, data, kept)
    here = {card.place for card in pager.of(cards)}
    return {
        "upload": shown,
        "token": token,
        "count": len(read.document.measures),
        "cards": pager.of(cards),
        "every": every if len(every) <= PAGE else (),
        "here": here,
        "only": only,
        "pager": pager,
        "warnings": found_warnings[:SHOWN_WARNINGS],
        "warning_count": len(found_warnings),
        "rows": parties,
        "questions": [row for row in parties if row.party.is_open],
        "unsettled": {row.party.name for row in parties if row.party.standing != "known" and not row.party.settled},
        "large": len(read.document.measures) > plan_work.LARGE,
        "trial": trial,
        "problem": problem,
        "tasks": dict(trial.by_measure) if trial else {},
        "results": read.as_read.draft.tells_results and not shown.shift_from,
        "years": years(),
        "nothing": trial is not None and not trial.created and not _changes(trial),
    }


def first_question(read: ReadDocument, upload: uploads.Upload) -> int | None:
    """The place in the form of the first party that nobody has decided about; a guess must have been seen too."""
    for place, party in enumerate(plan_parties.parties_of(db(), read, upload)):
        if party.is_open or not party.settled:
            return place
    return None


def questions_in(read: ReadDocument, upload: uploads.Upload) -> int:
    return sum(party.is_open for party in plan_parties.parties_of(db(), read, upload))


def try_out(
    token: str, read: ReadDocument, data: bytes, upload: uploads.Upload
) -> tuple[plan_drafts.Trial | None, str | None]:
    """What an import would do, or why it cannot be done; neither of a large plan that nobody had tried yet."""
    if len(read.measures) > plan_work.LARGE:
        return plan_work.tried(db(), token, upload, now()), None
    with site().database.session(writing=True) as session:
        ours, zone = session.get_one(Agency, upload.agency_id), site().settings.zone
        try:
            return plan_drafts.try_out(session, ours, read, data, upload, tz=zone, by=actor(), at=now()), None
        except (NotUnderstoodError, ConflictError) as error:
            return None, sentence(error)


def party_rows(parties: Sequence[Party], kept: uploads.Upload, *, typed: bool = False) -> list[PartyRow]:
    """The rows of the form, each with its possible answers; ``typed`` ones show what is not kept yet."""
    if not parties:
        return []
    units = [unit for unit in units_of(agency().id) if unit.known]
    people = plan_parties.people_of(db(), agency().id) if any(one.standing != "known" for one in parties) else []
    new = [one.name for one in parties if one.standing != "known"]
    rows = [_row(place, party, kept, units, people, new) for place, party in enumerate(parties)]
    return [replace(row, was=kept.units.get(row.party.name, "")) for row in rows] if typed else rows


def _row(
    place: int, party: Party, kept: uploads.Upload, units: list[Unit], people: list[Member], new: list[str]
) -> PartyRow:
    is_led = party.kind in LED_BY_A_PERSON
    known = tuple(Answer(f"unit {unit.id}", unit.name) for unit in units)
    if party.standing == "known":
        return PartyRow(place, party, "", (), ((gettext("Unit"), known),), party.decided)
    groups: list[tuple[str, tuple[Answer, ...]]] = [(gettext("Another name of"), known)]
    led = tuple(Answer(f"{party.kind} {member.id}", member.name) for member in people) if is_led else ()
    if led:
        groups.insert(0, (_led_by(party.kind), led))
    same = tuple(Answer(f"same {name}", name) for name in new if name != party.name and _may_lead(name, kept))
    if same:
        groups.append((gettext("The same new unit as"), same))
    groups.append((gettext("A new unit"), tuple(Answer(kind, _new(kind)) for kind in NEW_KINDS)))
    groups.append((gettext("Not known yet"), (Answer(LATER, gettext("Its work comes to the coordinator for now")),)))
    buttons = tuple(_buttons(party, people)) if party.standing == "asked" else ()
    return PartyRow(place, party, _asks(party, bool(led)), buttons, tuple(groups), party.decided)


def _may_lead(name: str, kept: uploads.Upload) -> bool:
    """Whether a party may be said to be one with this one: it is not itself said to be one with another."""
    return not kept.units.get(name, "").startswith("same ")


def _buttons(party: Party, people: list[Member]) -> list[Answer]:
    """The likely answers, the likeliest first."""
    found = []
    if party.kind in LED_BY_A_PERSON:
        found += [
            Answer(f"{party.kind} {member.id}", member.name)
            for member in plan_parties.likely_heads(people, party.name, party.kind)
        ]
    if party.like is not None:
        found.append(Answer(f"unit {party.like.id}", gettext("Another name of %(unit)s", unit=party.like.name)))
    if not found or party.kind not in LED_BY_A_PERSON:
        found.append(Answer(party.kind, _new(party.kind)))
    return [*found, Answer(LATER, gettext("Not known yet"))]


def _asks(party: Party, has_people: bool) -> str:
    if party.kind == UnitKind.COMMITTEE and has_people:
        return gettext("A new committee: who chairs it?")
    if party.kind == UnitKind.POSITION and has_people:
        return gettext("A new post: who holds it?")
    return gettext("Which unit is it?")


def _led_by(kind: UnitKind) -> str:
    return gettext("A new committee, chaired by") if kind == UnitKind.COMMITTEE else gettext("A new post, held by")


def _new(kind: UnitKind) -> str:
    return gettext("New: %(kind)s", kind=kind_name(kind))


def _only(kept: uploads.Upload) -> str:
    asked = request.args.get("only", "" if "page" in request.args else kept.only)
    return asked if asked in FILTERS else ""


def _chosen(cards: list[Card], only: str) -> list[Card]:
    if only == "warned":
        return [card for card in cards if card.warnings]
    if only == "mended":
        return [card for card in cards if card.is_corrected]
    return cards


def _changes(trial: plan_drafts.Trial) -> bool:
    return bool(trial.differences or trial.tasks_created or trial.tasks_removed or trial.tasks_completed)
