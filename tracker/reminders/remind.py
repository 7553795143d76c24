"""One sweep, delivered: what ``tracker remind`` and the coordinator's "send now" do."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import select

from tracker.clock import local
from tracker.models import Agency, Member
from tracker.reminders.channel_selection import ChannelSelector, messages_left
from tracker.reminders.delivery import deliver
from tracker.reminders.outcomes import Delivered
from tracker.reminders.planning import Skip
from tracker.reminders.queries import agencies_due, has_leftovers
from tracker.reminders.stages import Stage
from tracker.reminders.sweep import AGENCIES_A_BATCH, PlannedDigest, SweepResult, batches, plan_sweep, sweep
from tracker.settings import Settings
from tracker.store.db import Database

MEMBERS_A_STATEMENT = 5_000
"""Within SQLite's and PostgreSQL's limits of parameters."""


@dataclass(slots=True)
class Reminded:
    """What a sweep did, or would do: its lists are read once, ``digests`` to their end before ``skipped``.

    ``skipped`` is None unless it was a dry run.
    """

    at: str
    digests: Iterator[dict[str, Any]]
    delivered: Delivered
    skipped: Iterator[dict[str, Any]] | None = None

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The JSON of docs/rules.md, "JSON contract", field by field."""
        yield "at", self.at
        yield "digests", self.digests
        yield "sent", self.delivered.sent
        yield "failed", self.delivered.failed
        if self.skipped is not None:
            yield "skipped", self.skipped


def remind(
    database: Database,
    settings: Settings,
    at: datetime,
    *,
    dry_run: bool = False,
    agency_id: int | None = None,
    ignore_hours: bool = False,
) -> dict[str, Any]:
    """``sweep_and_deliver`` with its lists in memory: for one agency, or a few."""
    done = sweep_and_deliver(
        database, settings, at, dry_run=dry_run, agency_id=agency_id, ignore_hours=ignore_hours
    ).fields()
    return {name: list(value) if isinstance(value, Iterator) else value for name, value in done}


def sweep_and_deliver(
    database: Database,
    settings: Settings,
    at: datetime,
    *,
    dry_run: bool = False,
    agency_id: int | None = None,
    ignore_hours: bool = False,
) -> Reminded:
    """Sweeps at ``at`` (aware, or naive on the installation's clock) and makes what is due.

    ``dry_run`` changes and locks nothing, looks at a batch of agencies a time, and adds which open task gives whom
    nothing now, and why.
    """
    if at.tzinfo is None:
        at = at.replace(tzinfo=settings.zone)
    at_text = at.astimezone(settings.zone).isoformat()
    if dry_run:
        looked = _DryRun(database, settings, at, agency_id, ignore_hours=ignore_hours)
        return Reminded(at_text, looked.digests(), Delivered(), looked.skipped())
    with database.reading() as session:
        due = agencies_due(session, local(at, settings.zone).date())
    agencies = [agency for agency in due if agency_id in (None, agency)]
    left = messages_left(settings) if agencies else None
    digests = sweep(database, settings, agencies, at, ignore_hours=ignore_hours, left=left)
    delivered = deliver(database, settings, lambda: at, agency_ids=None if agency_id is None else [agency_id])
    return Reminded(at_text, _as_json(database, digests), delivered)


class _DryRun:
    """What a sweep would do, a batch of agencies a time; who gets nothing is set aside until the digests were told."""

    def __init__(
        self, database: Database, settings: Settings, at: datetime, agency_id: int | None, *, ignore_hours: bool
    ) -> None:
        self._database, self._settings, self._at = database, settings, at
        self._agency_id, self._ignore_hours = agency_id, ignore_hours
        self._set_aside = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (closed where it was read)

    def digests(self) -> Iterator[dict[str, Any]]:
        channels = ChannelSelector(self._settings, messages_left(self._settings))
        for batch in batches(self._agencies(), AGENCIES_A_BATCH):
            found = self._look(batch, channels)
            names = _names(self._database, {one.member_id for one in found.skipped if one.member_id})
            for skip in found.skipped:
                self._set_aside.write(json.dumps(_skip_as_json(skip, names)) + "\n")
            yield from _as_json(self._database, found.digests)

    def skipped(self) -> Iterator[dict[str, Any]]:
        with self._set_aside:
            self._set_aside.seek(0)
            yield from map(json.loads, self._set_aside)

    def _agencies(self) -> Sequence[int]:
        if self._agency_id is not None:
            return [self._agency_id]
        with self._database.reading() as session:
            return session.scalars(select(Agency.id).order_by(Agency.id)).all()

    def _look(self, batch: list[int], channels: ChannelSelector) -> SweepResult:
        """What looking changes, which is only what earlier days left behind, is thrown away."""
        day = local(self._at, self._settings.zone).date()
        with self._database.reading() as session:
            changes = has_leftovers(session, batch, day)
        with self._database.session(writing=changes) as session:
            return plan_sweep(
                session, self._settings, batch, self._at, channels, ignore_hours=self._ignore_hours, looks_only=True
            )


def _as_json(database: Database, digests: Sequence[PlannedDigest]) -> Iterator[dict[str, Any]]:
    for some in batches(digests, MEMBERS_A_STATEMENT):
        names = _names(database, {digest.member_id for digest in some})
        for digest in some:
            for channel in digest.channels:
                yield {
                    "to": names[digest.member_id],
                    "channel": channel,
                    "tasks": sorted({task for task, _ in digest.stages}),
                    "stages": _most_urgent(digest),
                }


def _most_urgent(digest: PlannedDigest) -> dict[str, str]:
    """By task, its most urgent stage, as the digest tells it."""
    most_urgent: dict[int, Stage] = {}
    for task, stage in digest.stages:
        if task not in most_urgent or stage.urgency < most_urgent[task].urgency:
            most_urgent[task] = stage
    return {str(task): stage.key for task, stage in sorted(most_urgent.items())}


def _names(database: Database, members: Collection[int]) -> dict[int, str]:
    """How a person is called where a program reads it: the e-mail address, else the name."""
    names: dict[int, str] = {}
    with database.reading() as session:
        for some in batches(members, MEMBERS_A_STATEMENT):
            rows = session.execute(select(Member.id, Member.email, Member.name).where(Member.id.in_(some)))
            names |= {member: email or name for member, email, name in rows}
    return names


def _skip_as_json(skip: Skip, names: dict[int, str]) -> dict[str, Any]:
    concerned: dict[str, Any] = {}
    if skip.task_id is not None:
        concerned["task"] = skip.task_id
    if skip.member_id is not None:
        concerned["to"] = names[skip.member_id]
    return concerned | {"why": skip.why}
