"""Changes of an agency in its copy of the rules, and people's answers to what no record can tell."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.ita.pack import Pack, load_pack
from tracker.models import Plan, RuleAnswer, RuleChanges
from tracker.services.assessment.assessment import assessment_of, pack_of
from tracker.services.audit import Actor, lock, record
from tracker.thai.calendar import to_ce

LONGEST_WORDS = 1000
MOST_OWN_RULES = 50


def change_rule(
    session: Session, agency_id: int, fiscal_year: int, rule_id: str, *, off: bool, text: str, by: Actor, at: datetime
) -> None:
    """Turns a rule off or on and words it anew; an empty or the shipped wording goes back to the shipped one."""
    pack, _ = pack_of(session, agency_id, fiscal_year)
    if pack.rule(rule_id) is None:
        raise NotFoundError("There is no such rule.", "ไม่พบเกณฑ์นี้")
    agency_class = assessment_of(session, agency_id).agency_class
    as_shipped = load_pack(fiscal_year, agency_class).rule(rule_id)
    text = _words(text)
    if as_shipped is not None and text == as_shipped.text:
        text = ""
    change = {name: value for name, value in (("off", off), ("text", text)) if value}

    def edit(changes: dict[str, Any]) -> None:
        rules = changes.setdefault("rules", {})
        rules.pop(rule_id, None)
        if change:
            rules[rule_id] = change

    _edit(session, agency_id, fiscal_year, pack, edit, "rule_changed", by, at, rule=rule_id, **change)


def change_item(
    session: Session,
    agency_id: int,
    fiscal_year: int,
    key: str,
    *,
    number: str,
    title: str,
    covers: str,
    by: Actor,
    at: datetime,
) -> None:
    """Gives an item the number, title and year that the agency read in its own manual."""
    pack, _ = pack_of(session, agency_id, fiscal_year)
    if all(item.key != key for item in pack.items) or covers not in ("current", "previous"):
        raise NotFoundError("There is no such item.", "ไม่พบข้อนี้")
    change = {"number": _words(number, "number")[:20], "title": _words(title, "title"), "covers": covers}
    if not change["title"]:
        raise NotUnderstoodError("Write the item's title.", "กรุณาเขียนชื่อข้อ", field="title")

    def edit(changes: dict[str, Any]) -> None:
        changes.setdefault("items", {})[key] = change

    _edit(session, agency_id, fiscal_year, pack, edit, "rule_item_changed", by, at, item=key, **change)


def change_window(
    session: Session, agency_id: int, fiscal_year: int, opens: date, closes: date, *, by: Actor, at: datetime
) -> None:
    """Sets when the answers of the year are collected. Raises NotUnderstoodError where it ends before it begins."""
    if opens > closes:
        raise NotUnderstoodError("The window ends before it begins.", "ช่วงเก็บคำตอบสิ้นสุดก่อนเริ่ม")
    if opens.year != to_ce(fiscal_year) or closes.year != to_ce(fiscal_year):
        raise NotUnderstoodError(
            f"The window lies in the calendar year of fiscal year {fiscal_year}.",
            f"ช่วงเก็บคำตอบต้องอยู่ในปี พ.ศ. {fiscal_year}",
        )
    pack, _ = pack_of(session, agency_id, fiscal_year)
    window = {"opens": opens.strftime("%m-%d"), "closes": closes.strftime("%m-%d")}

    def edit(changes: dict[str, Any]) -> None:
        changes["window"] = window

    _edit(session, agency_id, fiscal_year, pack, edit, "rule_window_changed", by, at, **window)


def add_rule(
    session: Session, agency_id: int, fiscal_year: int, item: str, text: str, *, by: Actor, at: datetime
) -> None:
    """Adds a rule of the agency's own, which people answer themselves."""
    pack, _ = pack_of(session, agency_id, fiscal_year)
    text = _words(text)
    if all(one.key != item for one in pack.items):
        raise NotFoundError("There is no such item.", "ไม่พบข้อนี้")
    if not text:
        raise NotUnderstoodError("Write what the item must contain.", "กรุณาเขียนว่าข้อนี้ต้องมีอะไร")

    def edit(changes: dict[str, Any]) -> None:
        own = changes.setdefault("own", [])
        if len(own) >= MOST_OWN_RULES:
            raise NotUnderstoodError(
                f"An agency can have {MOST_OWN_RULES} rules of its own.", f"เพิ่มเกณฑ์เองได้ไม่เกิน {MOST_OWN_RULES} ข้อ"
            )
        number = 1 + max((int(one["id"].removeprefix("own-")) for one in own), default=0)
        own.append({"id": f"own-{number}", "item": item, "text": text})

    _edit(session, agency_id, fiscal_year, pack, edit, "rule_added", by, at, item=item, text=text)


def remove_rule(session: Session, agency_id: int, fiscal_year: int, rule_id: str, *, by: Actor, at: datetime) -> None:
    """Removes a rule that the agency had added."""
    pack, changes = pack_of(session, agency_id, fiscal_year)
    if changes is None or all(one["id"] != rule_id for one in changes.changes.get("own", ())):
        raise NotFoundError("There is no such rule of your own.", "ไม่พบเกณฑ์ที่เพิ่มเองข้อนี้")

    def edit(changes: dict[str, Any]) -> None:
        changes["own"] = [one for one in changes["own"] if one["id"] != rule_id]
        changes.get("rules", {}).pop(rule_id, None)

    _edit(session, agency_id, fiscal_year, pack, edit, "rule_removed", by, at, rule=rule_id)


def reset_rules(session: Session, agency_id: int, fiscal_year: int, *, by: Actor, at: datetime) -> None:
    """Takes all changes off: the agency has the shipped rules again. Answers stay."""
    lock(session, agency_id)
    _, found = pack_of(session, agency_id, fiscal_year)
    if found is not None:
        record(session, agency_id, "rules_reset", by, at, fiscal_year=fiscal_year, changes=found.changes)
        session.delete(found)
        session.flush()


def answer(
    session: Session, agency_id: int, fiscal_year: int, rule_id: str, note: str, *, by: Actor, at: datetime
) -> None:
    """A person's word that a rule is fulfilled, and where that is seen. Raises NotUnderstoodError for no words."""
    pack, _ = pack_of(session, agency_id, fiscal_year)
    note = _words(note)
    if pack.rule(rule_id) is None:
        raise NotFoundError("There is no such rule.", "ไม่พบเกณฑ์นี้")
    if not note:
        raise NotUnderstoodError("Write where it can be seen.", "กรุณาเขียนว่าดูได้ที่ไหน เช่น ที่อยู่เว็บไซต์หรือหน้าในแผน")
    lock(session, agency_id)
    found = _answer(session, agency_id, fiscal_year, rule_id)
    if found is None:
        found = RuleAnswer(agency_id=agency_id, fiscal_year=fiscal_year, rule=rule_id)
        session.add(found)
    found.note, found.answered_by, found.answered_at = note, by.name, at
    record(session, agency_id, "rule_answered", by, at, fiscal_year=fiscal_year, rule=rule_id, note=note)


def answer_of(session: Session, plan: Plan, rule_id: str) -> str:
    """Where a person said it can be seen that the rule is fulfilled; nothing where nobody did."""
    found = _answer(session, plan.agency_id, plan.fiscal_year, rule_id)
    return found.note if found else ""


def take_back(session: Session, agency_id: int, fiscal_year: int, rule_id: str, *, by: Actor, at: datetime) -> None:
    """Takes a person's word back."""
    lock(session, agency_id)
    found = _answer(session, agency_id, fiscal_year, rule_id)
    if found is not None:
        session.delete(found)
        record(session, agency_id, "rule_answer_taken_back", by, at, fiscal_year=fiscal_year, rule=rule_id)


def _edit(
    session: Session,
    agency_id: int,
    fiscal_year: int,
    pack: Pack,
    edit: Callable[[dict[str, Any]], None],
    kind: str,
    by: Actor,
    at: datetime,
    **details: Any,
) -> None:
    lock(session, agency_id)
    _, found = pack_of(session, agency_id, fiscal_year)
    if found is None:
        found = RuleChanges(agency_id=agency_id, fiscal_year=fiscal_year, base_version=pack.base, changes={})
        session.add(found)
    changes = deepcopy(found.changes)  # a column's value that is changed in place is not written
    edit(changes)
    found.changes, found.edited_by, found.edited_at, found.base_version = changes, by.name, at, pack.base
    record(session, agency_id, kind, by, at, fiscal_year=fiscal_year, **details)


def _answer(session: Session, agency_id: int, fiscal_year: int, rule_id: str) -> RuleAnswer | None:
    return session.scalar(
        select(RuleAnswer).where(
            RuleAnswer.agency_id == agency_id, RuleAnswer.fiscal_year == fiscal_year, RuleAnswer.rule == rule_id
        )
    )


def _words(text: str, field: str = "text") -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST_WORDS:
        raise NotUnderstoodError(
            f"The text is longer than {LONGEST_WORDS} characters; shorten it.",
            f"ข้อความยาวเกิน {LONGEST_WORDS} ตัวอักษร กรุณาย่อ",
            field=field,
        )
    return words
