"""The memory of a report's texts: every version of a column with who, when, whence, and a way back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError
from tracker.models import Measure, TextVersion
from tracker.reports.data import RoundNumber
from tracker.reports.rollup import Column
from tracker.thai.paragraphs import Paragraphs

Source = Literal["imported", "coordinator", "tasks", "style", "restored"]


def remember(
    measure: Measure,
    column: Column,
    number: int,
    paragraphs: Paragraphs,
    source: Source,
    *,
    task_ids: Iterable[int] = (),
    basis: str | None = None,
    from_number: int | None = None,
    by: str,
    at: datetime,
) -> TextVersion:
    """Appends a version of a column's text; ``number`` is the round."""
    before = [one.number for one in measure.text_versions if (one.field, one.round) == (column, number)]
    version = TextVersion(
        agency_id=measure.agency_id, field=column, round=number, number=max(before, default=0) + 1, source=source,
        from_number=from_number, paragraphs=[one.as_json() for one in paragraphs], task_ids=sorted(set(task_ids)),
        basis=basis, edited_by=by, edited_at=at,
    )  # fmt: skip
    measure.text_versions.append(version)
    return version


def text_versions(session: Session, measure: Measure, column: Column, number: RoundNumber) -> Sequence[TextVersion]:
    """What was ever printed in the column in the round, the latest first."""
    query = select(TextVersion).where(
        TextVersion.measure_id == measure.id,
        TextVersion.field == column,
        TextVersion.round == number,
    )
    return session.scalars(query.order_by(TextVersion.edited_at.desc(), TextVersion.id.desc())).all()


def text_version(
    session: Session, measure: Measure, column: Column, number: RoundNumber, version_id: int
) -> TextVersion:
    """One of them; NotFoundError where it is no version of this text."""
    found = next((one for one in text_versions(session, measure, column, number) if one.id == version_id), None)
    if found is None:
        raise NotFoundError("There is no such version of this text.", "ไม่พบข้อความฉบับนี้")
    return found


def version_counts(session: Session, measures: Sequence[Measure], number: RoundNumber) -> dict[tuple[int, str], int]:
    """How many versions each column of the measures has in the round, by measure id and column: one query."""
    rows = session.execute(
        select(TextVersion.measure_id, TextVersion.field, func.count())
        .where(TextVersion.measure_id.in_([one.id for one in measures]), TextVersion.round == number)
        .group_by(TextVersion.measure_id, TextVersion.field)
    )
    return {(measure_id, column): count for measure_id, column, count in rows}
