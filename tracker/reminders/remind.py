"""One sweep, delivered: what ``tracker remind`` and the coordinator's "send now" do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import local
from tracker.models import Agency, Member
from tracker.reminders.channel_selection import ChannelSelector, messages_left
from tracker.reminders.delivery import deliver
from tracker.reminders.outcomes import Delivered
from tracker.reminders.planning import Skip
from tracker.reminders.queries import agencies_due
from tracker.reminders.stages import Stage
from tracker.reminders.sweep import AGENCIES_A_BATCH, PlannedDigest, batches, plan_sweep, sweep
from tracker.settings import Settings
from tracker.store.db import Database


def remind(
    database: Database,
    settings: Settings,
    at: datetime,
    *,
    dry_run: bool = False,
    agency_id: int | None = None,
    ignore_hours: bool = False,
) -> dict[str, Any]:
    """Sweeps at ``at`` (aware, or naive on the installation's clock) and makes what is due.

    Gives the JSON of docs/rules.md, "JSON contract". ``dry_run`` changes nothing and adds
    ``skipped``: which open task gives whom nothing now, and why.
    """
    if at.tzinfo is None:
        at = at.replace(tzinfo=settings.zone)
    if dry_run:
        return _dry_run(database, settings, at, agency_id, ignore_hours=ignore_hours)
    with database.reading() as session:
        due = agencies_due(session, local(at, settings.zone).date())
    agencies = [agency for agency in due if agency_id in (None, agency)]
    left = messages_left(settings) if agencies else None
    digests = sweep(database, settings, agencies, at, ignore_hours=ignore_hours, left=left)
    delivered = deliver(database, settings, lambda: at, agency_ids=None if agency_id is None else [agency_id])
    with database.reading() as session:
        return _as_json(session, settings, at, digests, delivered)


def _dry_run(
    database: Database, settings: Settings, at: datetime, agency_id: int | None, *, ignore_hours: bool
) -> dict[str, Any]:
    digests: list[PlannedDigest] = []
    skipped: list[Skip] = []
    channels = ChannelSelector(settings, messages_left(settings))
    with database.session(writing=True) as session:  # what looking changes is thrown away
        agencies = session.scalars(select(Agency.id).order_by(Agency.id)).all()
        wanted = [agency for agency in agencies if agency_id in (None, agency)]
        for batch in batches(wanted, AGENCIES_A_BATCH):
            found = plan_sweep(session, settings, batch, at, channels, ignore_hours=ignore_hours, every_task=True)
            digests += found.digests
            skipped += found.skipped
        result = _as_json(session, settings, at, digests, Delivered())
        names = _names(session, {one.member_id for one in skipped if one.member_id})
    result["skipped"] = [_skip_as_json(one, names) for one in skipped]
    return result


def _as_json(
    session: Session, settings: Settings, at: datetime, digests: Sequence[PlannedDigest], delivered: Delivered
) -> dict[str, Any]:
    names = _names(session, {digest.member_id for digest in digests})
    return {
        "at": at.astimezone(settings.zone).isoformat(),
        "digests": [
            {
                "to": names[digest.member_id],
                "channel": channel,
                "tasks": sorted({task for task, _ in digest.stages}),
                "stages": _most_urgent(digest),
            }
            for digest in digests
            for channel in digest.channels
        ],
        "sent": delivered.sent,
        "failed": delivered.failed,
    }


def _most_urgent(digest: PlannedDigest) -> dict[str, str]:
    """By task, its most urgent stage, as the digest tells it."""
    most_urgent: dict[int, Stage] = {}
    for task, stage in digest.stages:
        if task not in most_urgent or stage.urgency < most_urgent[task].urgency:
            most_urgent[task] = stage
    return {str(task): stage.key for task, stage in sorted(most_urgent.items())}


def _names(session: Session, members: Collection[int]) -> dict[int, str]:
    """How a person is called where a program reads it: the e-mail address, else the name."""
    rows = session.execute(select(Member.id, Member.email, Member.name).where(Member.id.in_(members)))
    return {member: email or name for member, email, name in rows}


def _skip_as_json(skip: Skip, names: dict[int, str]) -> dict[str, Any]:
    concerned: dict[str, Any] = {}
    if skip.task_id is not None:
        concerned["task"] = skip.task_id
    if skip.member_id is not None:
        concerned["to"] = names[skip.member_id]
    return concerned | {"why": skip.why}
