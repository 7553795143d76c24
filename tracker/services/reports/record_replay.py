"""What the record of changes says is stored: an agency's events, played from the first to the last."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.kinds import TaskState
from tracker.models import Event
from tracker.services.agency_settings import SETTINGS, as_recorded

Tick = tuple[str, str | None, str | None, datetime]
"""Result, outcome, the day it was done, and the instant it was entered."""

ReportKey = tuple[int, int, int]
"""Fiscal year, months of the round, number of the version."""

TextKey = tuple[int, str, int]
"""Id of the measure, column, months of the round."""

_TICKED = (TaskState.SUBMITTED, TaskState.DONE)


@dataclass(slots=True)
class RecordedTask:
    """What the record says of a task. ``standing`` is the tick that counts; ``refusal`` the reason, text and day of a
    "not possible" (what an older event does not tell is absent); ``due`` is empty where nobody moved the due day;
    ``units`` are None where an older event made or gave the task. ``entered_by`` are the members behind the ticks, by
    the instant of each, and ``evidence_names`` what a piece was called, None where an older event does not say."""

    state: str | None = None
    ticks: list[Tick] = field(default_factory=list)
    standing: Tick | None = None
    units: frozenset[int] | None = None
    evidence: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    entered_by: dict[datetime, int | None] = field(default_factory=dict)
    evidence_names: set[tuple[str, str | None]] = field(default_factory=set)
    refusal: dict[str, Any] = field(default_factory=dict)
    due: list[str | None] = field(default_factory=list)


@dataclass(slots=True)
class RecordedReport:
    """What the record says of a closed version: its hash, the latest signing, and whether strangers may read it.

    ``closed_by``: None where it came back after a withdrawal; ``names``: whether it names who is missing, None where
    the record does not say; ``reopened``: its round was opened again after it.
    """

    sha256: str
    signed: Mapping[str, Any] | None = None
    edition: int | None = None
    shown: bool = False
    names: bool | None = None
    closed_by: str | None = None
    reopened: bool = False


@dataclass(slots=True)
class Recorded:
    """What the record says of an agency.

    ``edits`` are all texts that were ever written, by column, round and words: a measure that an undone import brings
    back has its text under another id. ``texts_of_old``: edits of an older release do not say of which measure.
    ``words`` are the hashes of a plan's cells by fiscal year and measure; those of ``whole_plans`` are complete.
    """

    tasks: dict[int, RecordedTask] = field(default_factory=lambda: defaultdict(RecordedTask))
    reports: dict[ReportKey, RecordedReport] = field(default_factory=dict)
    texts: dict[TextKey, list[Any]] = field(default_factory=dict)
    edits: set[tuple[str, int, str]] = field(default_factory=set)
    texts_of_old: bool = False
    words: dict[int, dict[int, dict[str, str]]] = field(default_factory=dict)
    whole_plans: set[int] = field(default_factory=set)
    settings: dict[str, str | None] = field(default_factory=dict)


def recorded(session: Session, agency_id: int) -> Recorded:
    """The agency's events played in their order; events of kinds that change nothing of this are passed over."""
    found = Recorded()
    events = session.scalars(
        select(Event).where(Event.agency_id == agency_id).order_by(Event.sequence).execution_options(yield_per=1000)
    )
    for event in events:
        try:
            _play(found, event)
        except (KeyError, TypeError, ValueError):
            continue  # an event that was changed tells nothing; the chain names it
    return found


def _play(found: Recorded, event: Event) -> None:
    if event.task_id is not None:
        _play_task(found.tasks[event.task_id], event)
    elif play := _OF_REPORTS.get(event.kind):
        play(found, event)
    else:
        _play_plan(found, event)
        _play_settings(found, event)


def _play_task(task: RecordedTask, event: Event) -> None:
    details = event.details
    task.state = event.to_state or task.state
    pieces: list[str] = details.get("evidence") or []
    if event.kind == "note_withdrawn":
        for piece in pieces:
            task.evidence.remove(piece)
    else:
        task.evidence += pieces
        task.evidence_names |= set(zip(pieces, details.get("evidence_names", [None] * len(pieces)), strict=True))
    if event.kind == "ticked_off":
        task.standing = _tick(event)
        task.ticks.append(task.standing)
        if "member" in details:
            task.entered_by[task.standing[3]] = details["member"]
    elif event.kind in ("withdrawn", "sent_back") and event.from_state in _TICKED:
        task.standing = None
    elif event.kind == "not_possible":
        task.refusal = {key: details[key] for key in ("reason", "text", "declared_on") if key in details}
    elif event.kind == "progress_noted":
        task.notes.append((details["text"], details["noted_on"]))
    elif event.kind == "note_withdrawn":
        task.notes.remove((details["text"], details["noted_on"]))
    elif event.kind == "due_moved":
        task.due = [details["after"]]
    elif event.kind == "reassigned":
        task.units = frozenset(details["after"]) if "after" in details else None


def _tick(event: Event) -> Tick:
    details = event.details
    return details["result"], details.get("outcome"), details.get("done_on"), event.at.astimezone(UTC)


def _closed(found: Recorded, event: Event) -> None:
    details = event.details
    key = _report_key(details)
    report = found.reports.get(key)
    if report is None or report.sha256 != details["sha256"]:
        found.reports[key] = RecordedReport(details["sha256"], names=details.get("names"), closed_by=event.actor)
    else:
        report.reopened = False


def _reopened(found: Recorded, event: Event) -> None:
    details = event.details
    if report := found.reports.get(_report_key(details)):
        report.reopened = True


def _signed(found: Recorded, event: Event) -> None:
    details = event.details
    if report := found.reports.get(_report_key(details)):
        report.signed = details


def _published(found: Recorded, event: Event) -> None:
    """A version that comes back after a withdrawal is closed and signed as the withdrawn one was."""
    details = event.details
    key = _report_key(details)
    report = found.reports.get(key)
    if report is None:
        before = max((one for one in found.reports if one[:2] == key[:2]), default=None)
        report = RecordedReport(details["sha256"], found.reports[before].signed if before else None)
        found.reports[key] = report
    report.edition, report.shown = details["edition"], True
    if "address" in details:
        found.settings["slug"] = details["address"]


def _withdrawn(found: Recorded, event: Event) -> None:
    details = event.details
    for key, report in found.reports.items():
        if key[:2] == (details["fiscal_year"], details["round"]):
            report.shown = False


def _unpublished(found: Recorded, event: Event) -> None:
    """Within minutes, and without a trace: the edition that was shown before is shown again."""
    details = event.details
    if report := found.reports.get(_report_key(details)):
        report.edition, report.shown = None, False


def _edited(found: Recorded, event: Event) -> None:
    details = event.details
    if "measure_id" not in details:
        found.texts_of_old = True
        return
    paragraphs = details["paragraphs"]
    found.texts[details["measure_id"], details["column"], details["round"]] = paragraphs
    found.edits.add((details["column"], details["round"], words_of(paragraphs)))


_WHOLE_PLAN = ("plan_imported", "plan_amended", "plan_import_undone")
"""Changes after which the record has every cell of the plan; other changes tell of the cells that they wrote."""


def _play_plan(found: Recorded, event: Event) -> None:
    """The words of a plan's cells, and who its tasks belong to."""
    details = event.details
    if event.kind in _WHOLE_PLAN:
        year = details["fiscal_year"]
        found.words[year] = {}
        found.whole_plans.discard(year)
        if "words" in details:
            found.whole_plans.add(year)
    for measure, cells in details.get("words", {}).items():
        known = found.words.setdefault(details["fiscal_year"], {})
        if cells is None:
            known.pop(int(measure), None)
        else:
            known.setdefault(int(measure), {}).update(cells)
    for units, tasks in details.get("assigned", {}).items():
        for task_id in tasks:
            found.tasks[task_id].units = frozenset(map(int, units.split(",")))
    if event.kind in ("units_merged", "alias_added") and "gone" in details:
        gone, kept = details["gone"], details["kept"]
        for task in found.tasks.values():
            if task.units and gone in task.units:
                task.units = task.units - {gone} | {kept}


def _play_settings(found: Recorded, event: Event) -> None:
    """What an agency begins with counts for what nobody had set before; then each change."""
    details, known = event.details, found.settings
    for name, value in details.get("settings", {}).items():
        known.setdefault(name, value)
    if event.kind == "settings_changed":
        known |= {name: after for name, (_, after) in details.get("changes", {}).items() if name in SETTINGS}
    elif event.kind == "public_choice":
        known["public_signers"] = as_recorded(details["signers"])
        known["public_evidence"] = as_recorded(details["evidence"])
        known["licence"] = details["licence"]
    elif event.kind == "reminders_switched_on":
        known["reminders_from"] = details["day"]
    elif event.kind == "reminders_switched_off":
        known["reminders_from"] = None
    elif event.kind == "invitations_sent":
        known["invitations_sent"] = "True"
    elif "place" in details and event.kind in ("plan_imported", "plan_amended"):
        known["place"] = details["place"]


def words_of(paragraphs: list[Any]) -> str:
    """Paragraphs as one text that can be compared."""
    return json.dumps(paragraphs, ensure_ascii=False, sort_keys=True)


def _report_key(details: Mapping[str, Any]) -> ReportKey:
    return details["fiscal_year"], details["round"], details["version"]


_OF_REPORTS: dict[str, Callable[[Recorded, Event], None]] = {
    "round_closed": _closed,
    "round_reopened": _reopened,
    "round_signed": _signed,
    "report_published": _published,
    "report_unpublished": _unpublished,
    "report_withdrawn": _withdrawn,
    "text_edited": _edited,
}
