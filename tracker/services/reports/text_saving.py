"""Many cells of a report saved at once, each only where nobody saved it since it was shown.

What two people wrote is put together by the one who came second; both texts stay in the history.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.kinds import NoticeKind, RoleName
from tracker.models import Member, Notice, Role
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import to_paragraphs
from tracker.services.audit import Actor
from tracker.services.reports.column_texts import ColumnView, edit_text, print_again, remember_unprinted
from tracker.thai.merging import merge_texts
from tracker.thai.numerals import to_thai
from tracker.thai.paragraphs import Paragraphs

CellState = Literal["untouched", "same", "changed", "saved_meanwhile"]
Choice = Literal["append", "replace", "discard"]
CHOICES: tuple[Choice, ...] = ("append", "replace", "discard")

_COLUMN_TH = {"summary": "สรุปผลดำเนินการ", "outcome": "ผลลัพธ์/ความสำเร็จ"}


def stamp(view: ColumnView) -> str:
    """What a form carries of a cell that it shows: whether somebody wrote its text, and a hash of the text."""
    return f"{'own' if view.text else 'tasks'}-{_hash(view.as_typed)}"


def state_of(view: ColumnView, typed: str, seen: str) -> CellState:
    """How a cell that was shown as the stamp says, and came back as typed, stands to its text now.

    A result that came in meanwhile under a text of the tasks is no other person's text: it is news.
    """
    paragraphs = to_paragraphs(typed)
    kind, _, shown = seen.partition("-")
    if _hash(paragraphs) == shown:
        return "untouched"
    if paragraphs == view.as_typed:
        return "same"
    if seen == stamp(view) or (kind == "tasks" and view.text is None):
        return "changed"
    return "saved_meanwhile"


def outcomes(view: ColumnView, mine: str) -> Mapping[Choice, Paragraphs]:
    """What the cell would say by each choice, where hers is what it says now."""
    hers, own = view.as_typed, to_paragraphs(mine)
    return {"append": merge_texts(hers, own).paragraphs, "replace": own, "discard": hers}


def settle(
    session: Session,
    view: ColumnView,
    number: RoundNumber,
    mine: str,
    choice: Choice,
    written: str,
    *,
    seen: Collection[str] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Puts two texts of a cell together as chosen; ``written`` is the outcome as it was edited before saving.

    An outcome that nobody edited is that of the choice. Mine stays in the history also where it is not printed; whose
    text is replaced is told.
    """
    proposed, edited, colleague = outcomes(view, mine), to_paragraphs(written), _colleague(session, view, by)
    is_edited = edited not in proposed.values() and bool(edited)
    outcome = edited if is_edited and choice != "discard" else proposed[choice]
    written_by_me = (proposed["replace"], *((edited,) if is_edited else ()))
    unprinted = [text for text in written_by_me if text and text not in (outcome, view.as_typed)]
    remember_unprinted(session, view, number, unprinted, by=by, at=at)
    if outcome == view.as_typed:
        print_again(session, view, number, by=by, at=at)
        return
    typed = "\n".join(paragraph.typed() for paragraph in outcome)
    edit_text(session, view, number, typed, seen=seen, by=by, at=at)
    if choice == "replace" and colleague is not None:
        session.add(_told(view, number, colleague, by, at))


def _colleague(session: Session, view: ColumnView, by: Actor) -> Member | None:
    """The coordinator whose text the cell prints, unless it is who acts."""
    if view.text is None or not view.text.edited_by:
        return None
    query = select(Member).join(Role, Role.member_id == Member.id)
    query = query.where(Member.agency_id == view.measure.agency_id, Member.name == view.text.edited_by, Member.active)
    found = session.scalar(query.where(Role.role == RoleName.COORDINATOR).order_by(Member.id).limit(1))
    return None if found is None or found.id == by.member_id else found


def _told(view: ColumnView, number: RoundNumber, colleague: Member, by: Actor, at: datetime) -> Notice:
    year, measure = view.measure.plan.fiscal_year, view.measure
    column = _COLUMN_TH[view.column]
    words = f"{by.name} ใช้ข้อความอื่นแทนข้อความของท่านใน{column} มาตรการ {measure.number} รายงานรอบ {number} เดือน ปี {year}"
    path = f"/reports/{year}/{number}/edit/{measure.id}/{view.column}/versions/"
    return Notice(
        agency_id=measure.agency_id, member_id=colleague.id, kind=NoticeKind.OTHER, text=to_thai(words), path=path,
        created_at=at,
    )  # fmt: skip


def _hash(paragraphs: Paragraphs) -> str:
    words = json.dumps([one.as_json() for one in paragraphs], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:32]
