"""A paste of people beside what is known: who is new, whose unit and duty are read how, and what must be asked.

Nothing is changed here. Answers stand by key: ``LINE:unit``, ``LINE:duty``, ``LINE:email``, ``LINE:phone``,
``LINE:same``, ``LINE:head``, ``LINE:skip``; ``word:KEY`` says what a word for a unit means wherever it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.kinds import OF_AGENCY, RoleName, UnitKind
from tracker.models import Agency, Member, Role, Unit
from tracker.plan_import.parties import party_key
from tracker.services.organisation.pasted_people import Paste, PastedPerson
from tracker.services.organisation.people_table import looks_like_email
from tracker.thai.duties import DUTIES, Duty, duty_of_position, duty_of_word, unit_words
from tracker.thai.phones import read_phone
from tracker.thai.text import fold_name

WHOLE, NEW = "all", "new"
"""Answers for the unit: the whole agency, or a unit that is made of the word."""
_PREFIXES = ("กอง", "สำนัก", "งาน", "ฝ่าย", "กลุ่มงาน", "กลุ่มบริหาร", "กลุ่ม", "หน่วย", "ส่วน")


class Chip(StrEnum):
    """What a row does."""

    NEW = "new"
    ADDS = "adds"
    CHANGES = "changes"
    SAME = "same"
    ASKS = "asks"
    ANSWERED = "answered"
    SKIPPED = "skipped"


class Asks(StrEnum):
    """What a question is about."""

    UNIT = "unit"
    SECOND_HEAD = "second_head"
    SAME_PERSON = "same_person"
    EMAIL = "email"
    PHONE = "phone"
    NO_HEAD = "no_head"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: what the form sends, and, where it names something, its name."""

    key: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at a row; ``about`` is the word, name or unit in question, ``other`` what stands against it."""

    kind: Asks
    about: str
    options: tuple[Option, ...]
    other: str = ""


@dataclass(slots=True)
class Row:
    """One person of the paste as it would be taken over."""

    person: PastedPerson
    duty: Duty
    unit: Unit | None = None
    new_unit: str = ""
    member: Member | None = None
    same_as: int | None = None
    email: str | None = None
    phone: str | None = None
    question: Question | None = None
    answered: bool = False
    skipped: bool = False
    replaces: Member | None = None
    #: was read from no word: the only one of a unit without head becomes its head
    duty_is_open: bool = False
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def unit_key(self) -> str | None:
        """What two rows of one unit share; None for the whole agency."""
        return f"u{self.unit.id}" if self.unit else party_key(self.new_unit) if self.new_unit else None

    @property
    def duty_name(self) -> str:
        """The name under which a form sends the duty."""
        return next(name for name, duty in DUTIES.items() if duty == self.duty)

    @property
    def chip(self) -> Chip:
        if self.skipped:
            return Chip.SKIPPED
        if self.question:
            return Chip.ASKS
        if self.answered:
            return Chip.ANSWERED
        if self.member is None and self.same_as is None:
            return Chip.NEW
        if any(before for before, _ in self.changes.values()):
            return Chip.CHANGES
        return Chip.ADDS if self.changes else Chip.SAME


@dataclass(slots=True)
class Preview:
    """The rows in the paste's order, the lines that are nobody, and who is known but not in the paste."""

    rows: list[Row]
    unread: tuple[str, ...]
    absent: list[Member]
    headless: list[Unit]

    @property
    def open(self) -> list[Row]:
        """The rows that still ask something."""
        return [row for row in self.rows if row.question and not row.skipped]

    @property
    def ready(self) -> list[Row]:
        """The rows that may be taken over now."""
        found: list[Row] = []
        for row in self.rows:
            waits = row.same_as is not None and row.same_as not in {one.person.line for one in found}
            if not row.question and not row.skipped and (row.member is not None or not waits):
                found.append(row)
        return found


def preview(session: Session, agency: Agency, paste: Paste, answers: Mapping[str, str]) -> Preview:
    """The paste beside the agency's units and people; a handful of queries, whatever the number of rows."""
    book = _Book(session, agency)
    rows = [_Reader(book, answers).row(person) for person in paste.people]
    _find_same(rows, answers)
    _settle_heads(book, rows, answers)
    for row in rows:
        row.changes = _changes(row)
    named = {row.member.id for row in rows if row.member}
    absent = [member for member in book.members if member.id not in named and member.active]
    led = {row.unit_key for row in rows if row.duty.role is RoleName.HEAD and not row.skipped}
    headless = [unit for unit in book.units if unit.known and f"u{unit.id}" not in led and not book.heads_of(unit)]
    return Preview(rows, paste.unread, absent, headless)


class _Book:
    """The agency's units and people, by the words that mean them."""

    def __init__(self, session: Session, agency: Agency) -> None:
        units = select(Unit).where(Unit.agency_id == agency.id, Unit.active, Unit.kind != UnitKind.GROUP)
        loaded = units.options(selectinload(Unit.aliases), selectinload(Unit.roles).joinedload(Role.member))
        self.units = list(session.scalars(loaded.order_by(Unit.position, Unit.id)))
        self.by_key = {alias.name_key: unit for unit in self.units for alias in unit.aliases}
        self.by_key |= {unit.name_key: unit for unit in self.units}
        people = select(Member).where(Member.agency_id == agency.id).options(selectinload(Member.roles))
        self.members = list(session.scalars(people.order_by(Member.id)))

    def unit(self, word: str) -> Unit | None:
        """The unit that a word means exactly, with or without its กอง, สำนัก, งาน; of สป./นิติการ the last part."""
        if not word:
            return None
        key = party_key(word)
        found = self.by_key.get(key) or self._of_short(key)
        if found is None and "/" in word:
            parts = [self.unit(part) for part in word.split("/")]
            return parts[-1] if all(parts) else None
        return found

    def _of_short(self, key: str) -> Unit | None:
        found = {self.by_key[prefix + key] for prefix in _PREFIXES if prefix + key in self.by_key}
        return found.pop() if len(found) == 1 else None

    def heads_of(self, unit: Unit) -> list[Member]:
        """Who leads the unit now."""
        return [role.member for role in unit.roles if role.role is RoleName.HEAD and role.member.active]

    def member(self, person: PastedPerson, email: str | None, phone: str | None) -> Member | None:
        """The person by address, else by name."""
        for known, value in (("email", email), ("phone", phone)):
            found = [one for one in self.members if value and getattr(one, known) == value]
            if found:
                return found[0]
        name = fold_name(person.name)
        return next((one for one in self.members if fold_name(one.name) == name), None)


class _Reader:
    """Reads rows with the answers that were given."""

    def __init__(self, book: _Book, answers: Mapping[str, str]) -> None:
        self.book = book
        self.answers = answers

    def row(self, person: PastedPerson) -> Row:
        """One person with unit, duty and addresses, and the first thing that must be asked."""
        line = person.line
        email, phone = self._address(person, "email"), self._address(person, "phone")
        member = self.book.member(person, email, phone)
        duty = self._duty(person)
        row = Row(person, duty or Duty(RoleName.STAFF), member=member, email=email, phone=phone)
        row.skipped = f"{line}:skip" in self.answers
        row.answered = any(key.startswith(f"{line}:") for key in self.answers)
        if duty is None and member and any(role.role is RoleName.COORDINATOR for role in member.roles):
            row.duty = Duty(RoleName.COORDINATOR)
        elif duty is None:
            row.duty_is_open = True
        question = self._unit(row)
        question = self._asked_address(person, "email", Asks.EMAIL) or question
        question = self._asked_address(person, "phone", Asks.PHONE) or question
        row.question = question or self._other_of_that_name(row)
        return row

    def _duty(self, person: PastedPerson) -> Duty | None:
        if answer := DUTIES.get(self.answers.get(f"{person.line}:duty", "")):
            return answer
        return (
            duty_of_word(person.duty)
            or duty_of_position(person.position or person.name)
            or duty_of_position(person.name)
        )

    def _unit(self, row: Row) -> Question | None:
        """Sets the row's unit; gives the question where no unit is known."""
        person, word = row.person, row.person.unit
        answer = self.answers.get(f"{person.line}:unit") or self.answers.get(f"word:{party_key(word)}" if word else "")
        if row.duty.role in OF_AGENCY and not answer:
            return None
        if answer == WHOLE:
            if row.duty.role not in OF_AGENCY:
                row.duty = Duty(RoleName.EXECUTIVE)
            return None
        if answer == NEW:
            row.new_unit = word or unit_words(person.position)
            return None
        if answer:
            row.unit = next((unit for unit in self.book.units if str(unit.id) == answer), None)
        guess = self.book.unit(unit_words(person.position)) or self.book.unit(unit_words(person.name))
        row.unit = row.unit or self.book.unit(word) or (guess if not word else None)
        if row.unit is None:
            row.unit = self.book.unit(person.position) if not word else None
        return None if row.unit else _which_unit(person, guess, has_word=bool(word or unit_words(person.position)))

    def _address(self, person: PastedPerson, name: str) -> str | None:
        """The address in the form in which it is kept; None where there is none, or it is no address."""
        written = self.answers.get(f"{person.line}:{name}", getattr(person, name)).strip()
        if name == "phone":
            return read_phone(written)
        return written.lower() if looks_like_email(written) else None

    def _asked_address(self, person: PastedPerson, name: str, kind: Asks) -> Question | None:
        written = self.answers.get(f"{person.line}:{name}", getattr(person, name)).strip()
        if written in ("", "-", "–") or self._address(person, name):
            return None
        return Question(kind, written, (Option(f"{person.line}:{name}", ""),))

    def _other_of_that_name(self, row: Row) -> Question | None:
        """Whether somebody of this name but another e-mail address is known, and nobody said who is meant."""
        member, line = row.member, row.person.line
        if member is None or not row.email or not member.email or member.email == row.email:
            return None
        answer = self.answers.get(f"{line}:same")
        if answer == "other":
            row.member = None
        if answer:
            return None
        options = (Option(f"{line}:same", "same"), Option(f"{line}:same", "other"))
        return Question(Asks.SAME_PERSON, row.person.name, options, other=member.email)


def _which_unit(person: PastedPerson, guess: Unit | None, *, has_word: bool) -> Question:
    key = f"{person.line}:unit"
    options = [Option(key, str(guess.id), guess.name)] if guess else []
    if has_word:
        options.append(Option(key, NEW, person.unit or unit_words(person.position)))
    return Question(Asks.UNIT, person.unit or person.position or person.name, (*options, Option(key, WHOLE)))


def _find_same(rows: Sequence[Row], answers: Mapping[str, str]) -> None:
    """Marks a row whose person stands further up already, and asks whether it is one person with two duties."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.skipped:
            continue
        keys = [f"n{fold_name(row.person.name)}", *(f"{one}" for one in (row.email, row.phone) if one)]
        earlier = next((first[key] for key in keys if key in first), None)
        line = row.person.line
        if earlier is not None and answers.get(f"{line}:same") != "other":
            row.same_as, row.member = earlier.person.line, earlier.member
            if answers.get(f"{line}:same") != "same":
                options = [Option(f"{line}:same", "same")]
                if not row.email or row.email != earlier.email:
                    options.append(Option(f"{line}:same", "other"))
                row.question = Question(
                    Asks.SAME_PERSON, row.person.name, tuple(options), other=str(earlier.person.line)
                )
        elif earlier is not None:
            row.member = None
        for key in keys:
            first.setdefault(key, row)


def _settle_heads(book: _Book, rows: Sequence[Row], answers: Mapping[str, str]) -> None:
    """Lets each unit have one head: a second one is asked about, and of a unit without one somebody is."""
    by_unit: dict[str, list[Row]] = {}
    for row in rows:
        if row.unit_key and not row.skipped:
            by_unit.setdefault(row.unit_key, []).append(row)
    for of_unit in by_unit.values():
        unit = of_unit[0].unit
        before = book.heads_of(unit) if unit else []
        heads = [row for row in of_unit if row.duty.role is RoleName.HEAD]
        stays = [one for one in before if all(one is not row.member for row in of_unit if row not in heads)]
        _ask_second_heads(heads, stays, answers)
        if not heads and not stays:
            _choose_head(of_unit, answers)


def _ask_second_heads(heads: Sequence[Row], before: Sequence[Member], answers: Mapping[str, str]) -> None:
    standing: str | None = next((one.name for one in before), None)
    member: Member | None = next(iter(before), None)
    for row in heads:
        line = row.person.line
        is_same = row.member is not None and row.member is member
        if standing is None or is_same:
            standing, member = row.person.name, row.member
        elif answers.get(f"{line}:head") == "replace":
            row.replaces, standing, member = member, row.person.name, row.member
        elif row.question is None:
            name = row.unit.name if row.unit else row.new_unit
            options = [Option(f"{line}:duty", "deputy"), Option(f"{line}:duty", "staff")]
            if member is not None:
                options.insert(1, Option(f"{line}:head", "replace", standing))
            row.question = Question(Asks.SECOND_HEAD, name, tuple(options), other=standing)


def _choose_head(of_unit: Sequence[Row], answers: Mapping[str, str]) -> None:
    """The only one whose duty no word says leads the unit; of several, the one who is named."""
    candidates = [row for row in of_unit if row.duty_is_open and row.duty.role is RoleName.STAFF]
    if len(candidates) == 1 and len(of_unit) == 1:
        candidates[0].duty = Duty(RoleName.HEAD)
    elif candidates and not any(f"{row.person.line}:duty" in answers for row in of_unit):
        row = candidates[0]
        options = [Option(f"{one.person.line}:duty", "head", one.person.name) for one in candidates]
        options.append(Option(f"{row.person.line}:duty", "staff"))
        row.question = row.question or Question(
            Asks.NO_HEAD, row.unit.name if row.unit else row.new_unit, tuple(options)
        )


def _changes(row: Row) -> dict[str, tuple[str, str]]:
    """What the row adds or changes of a known person: before (empty: an addition) and after, by field."""
    member, found = row.member, dict[str, tuple[str, str]]()
    if member is None:
        return found
    for name, after in (
        ("name", row.person.name),
        ("position", row.person.position),
        ("email", row.email),
        ("phone", row.phone),
    ):
        before = getattr(member, name) or ""
        if after and after != before:
            found[name] = (before, after)
    has_role = any(
        role.role is row.duty.role and role.unit_id == (row.unit.id if row.unit else None) and not row.new_unit
        for role in member.roles
    )
    if not has_role:
        found["duty"] = ("", row.unit.name if row.unit else row.new_unit)
    return found
