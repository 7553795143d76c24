"""What an import leaves behind so that it can be taken back: the plan, its texts and the units as they were before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.kinds import TextSource
from tracker.models import ColumnText, Measure, Plan, Role, Unit, UnitAlias
from tracker.plan_draft import DraftMeasure
from tracker.services.plans.amend import live
from tracker.services.reports.compose import as_paragraphs


@dataclass(frozen=True)
class Standing:
    """The ids of an agency's units, other names and roles before an import."""

    units: frozenset[int]
    aliases: frozenset[int]
    roles: frozenset[int]


def standing(session: Session, agency_id: int) -> Standing:
    """What the agency has now."""
    session.flush()
    return Standing(
        frozenset(session.scalars(select(Unit.id).where(Unit.agency_id == agency_id))),
        frozenset(session.scalars(select(UnitAlias.id).where(UnitAlias.agency_id == agency_id))),
        frozenset(session.scalars(select(Role.id).where(Role.agency_id == agency_id))),
    )


def before_import(session: Session, plan: Plan) -> dict[str, Any]:
    """The stored plan as it is, for the undo of what is about to be imported over it."""
    measures = session.scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .options(selectinload(Measure.steps), selectinload(Measure.texts))
        .order_by(Measure.position)
    ).all()
    return {
        "measures": [draft_of(measure).as_json() for measure in measures],
        "texts": [[_text(text) for text in measure.texts] for measure in measures],
        "short_names": [[step.short_name for step in live(measure.steps)] for measure in measures],
        "warnings": plan.warnings,
        "source_name": plan.source_name,
        "source_sha256": plan.source_sha256,
        "imported_at": plan.imported_at and plan.imported_at.isoformat(),
    }


def after_import(
    session: Session, agency_id: int, sequence: int, earlier: Standing, before: dict[str, Any] | None
) -> dict[str, Any]:
    """The whole of ``Plan.undo``: ``before`` is None where the import made the plan; ``sequence`` its event's place."""
    later = standing(session, agency_id)
    return {
        "sequence": sequence,
        "before": before,
        "units": sorted(later.units - earlier.units),
        "aliases": sorted(later.aliases - earlier.aliases),
        "roles": sorted(later.roles - earlier.roles),
    }


def restore_texts(session: Session, plan: Plan, before: dict[str, Any]) -> None:
    """Gives each measure, in the plan's order, the texts of its last two columns and its steps' short names again.

    What the coordinator wrote meanwhile stays as it stands.
    """
    measures = session.scalars(
        select(Measure)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .options(selectinload(Measure.texts), selectinload(Measure.steps))
        .order_by(Measure.position)
        .execution_options(populate_existing=True)
    ).all()
    for measure, short_names in zip(measures, before["short_names"], strict=True):
        for step, short_name in zip(live(measure.steps), short_names, strict=True):
            step.short_name = step.short_name or short_name
    for measure, kept in zip(measures, before["texts"], strict=True):
        wanted = {(one["field"], one["round"], one["source"]): one for one in kept}
        for text in list(measure.texts):
            values = wanted.pop((text.field, text.round, str(text.source)), None)
            if text.source == TextSource.COORDINATOR:
                continue
            if values is None:
                measure.texts.remove(text)
            else:
                _take(text, values)
        for (field, number, source), values in wanted.items():
            text = ColumnText(agency_id=measure.agency_id, field=field, round=number, source=TextSource(source))
            _take(text, values)
            measure.texts.append(text)
    session.flush()


def draft_of(measure: Measure) -> DraftMeasure:
    """The stored measure as an import would give it, without the texts of the report's two columns."""
    return DraftMeasure(
        number=measure.number,
        title=measure.title,
        details=as_paragraphs(measure.details),
        steps=tuple(step.draft() for step in live(measure.steps)),
        responsible=measure.responsible,
        period=measure.period.read(),
    )


def _text(text: ColumnText) -> dict[str, Any]:
    return {
        "field": text.field,
        "round": text.round,
        "source": str(text.source),
        "paragraphs": text.paragraphs,
        "basis": text.basis,
        "facts": text.facts,
        "edited_by": text.edited_by,
        "edited_at": text.edited_at.isoformat(),
    }


def _take(text: ColumnText, values: dict[str, Any]) -> None:
    text.paragraphs, text.basis, text.facts = values["paragraphs"], values["basis"], values["facts"]
    text.edited_by, text.edited_at = values["edited_by"], datetime.fromisoformat(values["edited_at"])
