"""เลิกทำ beside a line of the record: only where what it tells of can still be taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from admin.web.context import db, now
from admin.web.identity import actor, viewer
from tracker.models import Event, Plan, ReportVersion, Round
from tracker.services.access import plans_of
from tracker.services.organisation import merge_undo
from tracker.services.plans.undoing import is_undoable
from tracker.services.reports.publishing import UNDO_WITHIN, can_be_undone
from tracker.services.tasks import bulk

MOST_MERGES = 5
"""Merges of a page that are looked into: each is asked for itself."""


@dataclass(frozen=True, slots=True)
class UndoWay:
    """Where เลิกทำ leads: a form for ``address`` with one field; without a field, a page that asks first."""

    address: str
    field: str = ""
    value: str = ""


def undo_ways(acts: Sequence[Sequence[Event]]) -> dict[int, UndoWay]:
    """By the number of its newest event, how each act that can still be taken back is.

    Changes of tasks and of the plan are taken back by who made them, the rest by any coordinator.
    """
    if not viewer().coordinator:
        return {}
    ways: dict[int, UndoWay] = {}
    for found in (_of_tasks(acts), _of_edits(acts), _of_merges(acts), _of_imports(acts), _of_publications(acts)):
        ways.update(found)
    return ways


def _of_tasks(acts: Sequence[Sequence[Event]]) -> Iterator[tuple[int, UndoWay]]:
    own = [act for act in acts if act[0].task_id is not None and act[0].kind in bulk.UNDOES and _is_own(act[0])]
    ids = {event.task_id for act in own for event in act}
    if not ids:
        return
    latest = select(func.max(Event.sequence)).where(Event.agency_id == viewer().agency_id, Event.task_id.in_(ids))
    untouched = set(db().scalars(latest.group_by(Event.task_id)))
    for act in own:
        if any(event.sequence in untouched for event in act):
            yield act[0].sequence, UndoWay(url_for("bulk_tasks.undo"), "ordered_at", act[0].at.isoformat())


def _of_edits(acts: Sequence[Sequence[Event]]) -> Iterator[tuple[int, UndoWay]]:
    own = [act[0] for act in acts if act[0].kind == "plan_edited" and act[0].details.get("undo") and _is_own(act[0])]
    if not own:
        return
    since = select(Event).where(
        Event.agency_id == viewer().agency_id,
        Event.kind.in_(("plan_edited", "plan_imported", "plan_amended")),
        Event.sequence >= min(event.sequence for event in own),
    )
    latest: dict[object, int] = {}
    replaced = 0
    for event in db().scalars(since.order_by(Event.sequence)):
        if event.kind == "plan_edited":
            latest[_row_of(event)] = event.sequence
        else:
            replaced = event.sequence
    for event in own:
        if latest[_row_of(event)] == event.sequence > replaced:
            yield event.sequence, UndoWay(url_for("edit_undo.undo"), "edited_at", event.at.isoformat())


def _row_of(event: Event) -> object:
    undo: dict[str, Any] = event.details.get("undo") or {}
    return ("step", undo["step"]) if "step" in undo else ("measure", undo.get("measure"))


def _of_merges(acts: Sequence[Sequence[Event]]) -> Iterator[tuple[int, UndoWay]]:
    merges = [act[0].sequence for act in acts if act[0].kind == "units_merged"]
    for sequence in merges[:MOST_MERGES]:
        if merge_undo.is_undoable(db(), viewer().agency_id, sequence):
            yield sequence, UndoWay(url_for("merge_undo.undo"), "sequence", str(sequence))


def _of_imports(acts: Sequence[Sequence[Event]]) -> Iterator[tuple[int, UndoWay]]:
    imports = {act[0].sequence for act in acts if act[0].kind in ("plan_imported", "plan_amended")}
    if not imports:
        return
    for plan in db().scalars(plans_of(viewer())).all():
        if plan.undo is not None and plan.undo["sequence"] in imports and is_undoable(db(), plan):
            yield plan.undo["sequence"], UndoWay(url_for("plan_undo.index", plan_id=plan.id))


def _of_publications(acts: Sequence[Sequence[Event]]) -> Iterator[tuple[int, UndoWay]]:
    at = now()
    told = [act[0] for act in acts if act[0].kind == "report_published" and at - act[0].at < UNDO_WITHIN]
    if not told:
        return
    versions = select(ReportVersion, Round.number, Plan.fiscal_year).select_from(ReportVersion).join(Round).join(Plan)
    recent = versions.where(Plan.agency_id == viewer().agency_id, ReportVersion.published_at > at - UNDO_WITHIN)
    standing = {
        (year, number, version.number)
        for version, number, year in db().execute(recent.order_by(ReportVersion.id))
        if can_be_undone(version, at)
    }
    for event in told:
        year, number = event.details["fiscal_year"], event.details["round"]
        if (year, number, event.details["version"]) in standing:
            yield event.sequence, UndoWay(url_for("publishing.index", fiscal_year=year, number=number))


def _is_own(event: Event) -> bool:
    return event.actor == actor().name and event.channel == "web"
