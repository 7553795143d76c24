"""The parties of an uploaded plan: which unit each means, guessed where the names say so, asked where they do not.

What a person decides waits with the upload, by the party's name: ``unit 7`` (it is that unit), a kind of new unit
(``committee``; ``committee 12`` with that person at its head), ``same กองช่าง`` (one with that other new name), or
``later`` (a unit without people). The words of the document never change with it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import NotUnderstoodError
from tracker.kinds import RoleName, UnitKind
from tracker.models import Agency, Member, Role, Unit
from tracker.plan_draft import DraftMeasure, Responsible
from tracker.plan_import.document import ReadDocument, ReadMeasure
from tracker.plan_import.parties import fans_out, party_key
from tracker.plan_import.party_guess import surely_means
from tracker.services.audit import Actor, record
from tracker.services.organisation import units
from tracker.services.plans.uploads import Upload
from tracker.services.tasks.generate import UnitBook, kind_of

_LIKE = 0.6
"""Letters in common from which on a known unit is named beside a new one, for a person to say whether it is."""
LATER = "later"
NEW_KINDS = tuple(kind for kind in UnitKind if kind != UnitKind.GROUP)
LED_BY_A_PERSON = (UnitKind.COMMITTEE, UnitKind.POSITION)
"""Kinds whose person is asked for at once: no people's table names a committee's chair."""

Standing = Literal["asked", "guessed", "known"]


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A party that no unit answers to, how often it stands in the plan, and the known unit most like it."""

    name: str
    times: int
    like: Unit | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the document: the measures that name it, what it means, and what was decided about it.

    ``decided`` is the guess or the unit that answers to the name until somebody decides otherwise; ``settled`` says
    that no guess of ours stands in it. ``units`` are what a known party means: itself, or all that a group stands for.
    """

    name: str
    measures: tuple[int, ...]
    standing: Standing
    units: tuple[Unit, ...]
    like: Unit | None
    kind: UnitKind
    decided: str
    settled: bool

    @property
    def is_open(self) -> bool:
        """Whether it still is a question."""
        return not self.decided

    @property
    def fans_out(self) -> bool:
        return self.standing == "known" and not self.decided.startswith("unit ")


def parties_of(session: Session, read: ReadDocument, upload: Upload) -> list[Party]:
    """The document's parties: the unknown ones first, then those that were guessed, then the known ones."""
    book = UnitBook(session, upload.agency_id)
    known = _known(session, upload.agency_id)
    names = [(name, unit.id) for unit in known for name in (unit.name, *(alias.name for alias in unit.aliases))]
    spoken = _named_in(one.draft for one in read.measures)
    decisions = _standing_decisions(session, upload, spoken)
    found = [
        _known_party(party, measures, unit, book, decisions)
        if (unit := book.named(party)) is not None or fans_out(party)
        else _new_party(party, measures, known, surely_means(party, names), decisions)
        for party, measures in spoken.items()
    ]
    order: tuple[Standing, ...] = ("asked", "guessed", "known")
    return sorted(found, key=lambda one: order.index(one.standing))


def new_units(session: Session, agency_id: int, measures: Iterable[DraftMeasure]) -> list[NewUnit]:
    """The units that an import of the measures would make, in the order of the document."""
    book, known = UnitBook(session, agency_id), _known(session, agency_id)
    return [
        NewUnit(party, len(places), _most_like(party, known))
        for party, places in _named_in(measures).items()
        if book.named(party) is None and not fans_out(party)
    ]


def decide(session: Session, upload: Upload, party: str, decision: str) -> Upload:
    """Notes what a party is (see above), or that it is open again (an empty text).

    Raises NotUnderstoodError for a decision that names nothing, or that leads through other names back to itself.
    """
    decided = {name: value for name, value in upload.units.items() if name != party}
    if decision:
        _check(session, upload.agency_id, decision)
        decided[party] = decision
        if _root(party, decided) is None:
            raise NotUnderstoodError(
                f"“{party}” is said to be another name of itself: say of one of them what it is.",
                f"“{party}” ถูกเลือกให้เป็นหน่วยงานเดียวกันวนกลับมาหาตัวเอง กรุณาเลือกว่าชื่อใดชื่อหนึ่งคือหน่วยงานใด",
            )
    return replace(upload, units=decided)


def settle(session: Session, agency: Agency, read: ReadDocument, upload: Upload, *, by: Actor, at: datetime) -> None:
    """Makes the units, heads and other names that were decided about, of the parties that the document still has."""
    spoken = _named_in(one.draft for one in read.measures)
    book = UnitBook(session, agency.id)
    new = [party for party in spoken if party in upload.units and book.named(party) is None]
    for party in new:
        decision = upload.units[party]
        if decision.startswith("unit "):
            units.add_alias(session, _unit(session, agency.id, decision), party, by=by, at=at)
        elif decision.partition(" ")[0] in NEW_KINDS:
            _make(session, agency, party, decision, by, at)
    for party in new:
        if upload.units[party].startswith("same "):
            root = _root(party, upload.units) or party
            if root != party and root in spoken:
                units.add_alias(session, UnitBook(session, agency.id).unit(root), party, by=by, at=at)


def as_decided(session: Session, read: ReadDocument, upload: Upload) -> ReadDocument:
    """The document with the known parties that somebody gave to other units: their cells keep their words."""
    book = UnitBook(session, upload.agency_id)
    given: dict[str, str] = {}
    for party, decision in upload.units.items():
        named = book.named(party)
        if named is not None and decision.startswith("unit "):
            unit = _unit(session, upload.agency_id, decision)
            if unit is not named:
                given[party_key(party)] = unit.name
    if not given:
        return read
    return replace(read, measures=tuple(_with_parties(one, given) for one in read.measures))


def people_of(session: Session, agency_id: int) -> list[Member]:
    """The agency's people with their roles, for the choice of who leads a new unit."""
    query = select(Member).where(Member.agency_id == agency_id, Member.active).order_by(Member.id)
    return list(session.scalars(query.options(selectinload(Member.roles).joinedload(Role.unit))))


def likely_heads(people: Iterable[Member], party: str, kind: UnitKind) -> list[Member]:
    """Who most likely chairs a committee (the ปลัด, or the head of the first division) or holds a post of that name."""
    roles = [(role, member) for member in people for role in member.roles]
    executives = sorted(
        ((role.rank, member.id, member) for role, member in roles if role.role == RoleName.EXECUTIVE),
        key=lambda one: one[:2],
    )
    if kind == UnitKind.POSITION:
        rank = 2 if party.startswith("นายก") else 1 if party.startswith("ปลัด") else 0
        return [member for of_rank, _, member in executives if of_rank == rank][:1]
    heads = sorted(
        (
            (role.unit.position, member.id, member)
            for role, member in roles
            if role.role == RoleName.HEAD and role.unit is not None and role.unit.kind == UnitKind.DIVISION
        ),
        key=lambda one: one[:2],
    )
    return list(dict.fromkeys(member for found in (executives[:1], heads[:1]) for _, _, member in found))


def _known(session: Session, agency_id: int) -> list[Unit]:
    return list(
        session.scalars(
            select(Unit)
            .where(Unit.agency_id == agency_id, Unit.known, Unit.active, Unit.kind != UnitKind.GROUP)
            .options(selectinload(Unit.aliases))
            .order_by(Unit.position, Unit.id)
        )
    )


def _named_in(measures: Iterable[DraftMeasure]) -> dict[str, list[int]]:
    """Each party, as it is first written, with the numbers of the measures that name it, once for each place."""
    first: dict[str, str] = {}
    places: dict[str, list[int]] = defaultdict(list)
    for measure in measures:
        for party in _parties(measure):
            places[first.setdefault(party_key(party), party)].append(measure.number)
    return places


def _parties(draft: DraftMeasure) -> Iterator[str]:
    cells: Iterable[Responsible | None] = (draft.responsible, *(step.responsible for step in draft.steps))
    for cell in cells:
        if cell is not None:
            yield from cell.parties


def _standing_decisions(session: Session, upload: Upload, spoken: Collection[str]) -> dict[str, str]:
    """What was decided and still can be: units go and are merged, and a name that another leads to is mended away."""
    found: dict[str, str] = {}
    for party, decision in upload.units.items():
        if decision.startswith("same "):
            if _root(party, upload.units) not in spoken:
                continue
        else:
            try:
                _check(session, upload.agency_id, decision)
            except NotUnderstoodError:
                continue
        found[party] = decision
    return found


def _known_party(
    party: str, measures: list[int], unit: Unit | None, book: UnitBook, decisions: Mapping[str, str]
) -> Party:
    kind = unit.kind if unit is not None else UnitKind.GROUP
    stands_for = tuple(book.meant(party))
    if kind == UnitKind.GROUP or unit is None:
        return Party(party, _once(measures), "known", stands_for, None, UnitKind.GROUP, LATER, True)
    decided = decisions.get(party, "")
    own = decided if decided.startswith("unit ") else f"unit {unit.id}"
    return Party(party, _once(measures), "known", (unit,), None, kind, own, True)


def _new_party(
    party: str, measures: list[int], known: list[Unit], guess: int | None, decisions: Mapping[str, str]
) -> Party:
    decided = decisions.get(party, "")
    like = next((unit for unit in known if unit.id == guess), None) or _most_like(party, known)
    standing: Standing = "asked" if guess is None else "guessed"
    shown = decided or (f"unit {guess}" if guess is not None else "")
    return Party(party, _once(measures), standing, (), like, kind_of(party), shown, bool(decided))


def _once(numbers: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


def _check(session: Session, agency_id: int, decision: str) -> None:
    word, _, rest = decision.partition(" ")
    if word == "unit":
        _unit(session, agency_id, decision)
    elif word in NEW_KINDS:
        if rest:
            _person(session, agency_id, rest)
    elif decision != LATER and not (word == "same" and rest):
        raise NotUnderstoodError(f"“{decision}” is no kind of unit.", "กรุณาเลือกว่าเป็นหน่วยงานใด")


def _root(party: str, decisions: Mapping[str, str]) -> str | None:
    """The name to which a party's ``same`` leads in the end; None where it leads back."""
    seen = {party}
    while (decision := decisions.get(party, "")).startswith("same "):
        party = decision.removeprefix("same ")
        if party in seen:
            return None
        seen.add(party)
    return party


def _make(session: Session, agency: Agency, party: str, decision: str, by: Actor, at: datetime) -> None:
    kind, _, person = decision.partition(" ")
    last = session.scalar(select(func.max(Unit.position)).where(Unit.agency_id == agency.id)) or 0
    unit = Unit(
        agency_id=agency.id,
        name=party,
        name_key=party_key(party),
        kind=UnitKind(kind),
        known=True,
        position=last + 1,
        roles=[],
    )
    session.add(unit)
    session.flush()
    record(session, agency.id, "unit_added", by, at, unit=party, unit_kind=kind)
    if person:
        units.appoint(session, unit, _person(session, agency.id, person), RoleName.HEAD, by=by, at=at)


def _unit(session: Session, agency_id: int, decision: str) -> Unit:
    number = decision.removeprefix("unit ")
    unit = session.get(Unit, int(number)) if number.isdecimal() else None
    if unit is None or unit.agency_id != agency_id or not _takes_names(unit):
        raise NotUnderstoodError(
            "This unit is not one of the agency's; choose another.", "ไม่พบหน่วยงานที่เลือก กรุณาเลือกใหม่"
        )
    return unit


def _takes_names(unit: Unit) -> bool:
    """Whether a party may be another name of the unit: it is in use, and no group of others."""
    return unit.active and unit.kind != UnitKind.GROUP


def _person(session: Session, agency_id: int, number: str) -> Member:
    member = session.get(Member, int(number)) if number.isdecimal() else None
    if member is None or member.agency_id != agency_id or not member.active:
        raise NotUnderstoodError("This person is not one of the agency's; choose another.", "ไม่พบบุคคลที่เลือก กรุณาเลือกใหม่")
    return member


def _with_parties(measure: ReadMeasure, given: Mapping[str, str]) -> ReadMeasure:
    def renamed(cell: Responsible) -> Responsible:
        named = tuple(dict.fromkeys(given.get(party_key(party), party) for party in cell.parties))
        return replace(cell, parties=named)

    draft = measure.draft
    steps = tuple(
        replace(step, responsible=renamed(step.responsible)) if step.responsible else step for step in draft.steps
    )
    return replace(measure, draft=replace(draft, responsible=renamed(draft.responsible), steps=steps))


def _most_like(party: str, known: Iterable[Unit]) -> Unit | None:
    """The unit whose name is most like the party's, for a person to say whether it is."""
    key = party_key(party)
    scored = [(SequenceMatcher(None, key, unit.name_key, autojunk=False).ratio(), unit) for unit in known]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= _LIKE else None
