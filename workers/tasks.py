"""Thin tasks: ids in, one call into ``tracker``, nothing out. Safe to repeat, to lose and to run twice at once."""

import logging
from datetime import timedelta
from functools import cache

from celery.signals import worker_ready

from tracker import clock
from tracker.line.event_worker import work_off
from tracker.line.menu_changes import keep_menus_right
from tracker.models import Heartbeat
from tracker.reminders import delivery, drafts, ledger, outcome_counts, quota
from tracker.reminders import plan_announcements as beginnings
from tracker.reminders import sweep as sweeping
from tracker.reminders.channel_selection import messages_left
from tracker.reminders.ledger import CLOCKS_DIFFER
from tracker.reminders.queries import agencies_due
from tracker.reminders.watchdog import SWEEP
from tracker.services import job_state
from tracker.services.plans import plan_work, scans
from tracker.services.reports import report_files
from tracker.services.upkeep import cleanup as leftovers
from tracker.services.upkeep import retention
from tracker.services.upkeep.nightly import BACKUP, nightly_backup
from tracker.settings import Settings, load
from tracker.store.db import Database, open_database
from tracker.store.storage import EvidenceStore, open_store
from workers.app import HARD_LIMIT, app

BEGIN_NO_BATCH_AFTER = timedelta(seconds=HARD_LIMIT - 400)
BACKUP_LIMIT = 4 * 3600
"""Seconds: a province's evidence is read once."""
LONG_WITHOUT = timedelta(days=7)
"""Without a finished sweep: an outage, or a clock that jumped."""

_log = logging.getLogger(__name__)


@cache
def _settings() -> Settings:
    return load()


@cache
def _database() -> Database:
    """This process's connections, made after the fork."""
    return open_database(_settings())


@worker_ready.connect
def _begin(**_: object) -> None:
    """A worker that comes up looks at once, rather than at beat's first tick."""
    draft_rounds.delay()
    announce_plans.delay()
    read_line_quota.delay()
    sweep_all.delay()


@app.task
def sweep_all() -> None:
    """Beat's tick: hands out the agencies that have something due, a batch a task."""
    at = clock.now()
    with _database().reading() as session:
        last = session.get(Heartbeat, SWEEP)
        if last and not last.at - CLOCKS_DIFFER <= at <= last.at + LONG_WITHOUT:
            _log.warning("the last sweep was at %s, it is %s now", last.at.isoformat(), at.isoformat())
        due = agencies_due(session, clock.local(at, _settings().zone).date())
    for batch in sweeping.batches(due, sweeping.AGENCIES_A_BATCH):
        sweep_agencies.delay(batch)
    if not due:
        _alive("sweep")


@app.task
def sweep_agencies(agency_ids: list[int]) -> None:
    """Sweeps a batch of agencies and has what it planned delivered."""
    left = messages_left(_settings())
    if sweeping.sweep(_database(), _settings(), agency_ids, clock.now(), left=left):
        deliver.delay(agency_ids)
    _alive("sweep")


@app.task
def sweep_agency_now(agency_id: int) -> None:
    """The coordinator's "send now": whatever the hour."""
    left = messages_left(_settings())
    sweeping.sweep(_database(), _settings(), [agency_id], clock.now(), ignore_hours=True, left=left)
    deliver.delay([agency_id])


@app.task
def deliver(agency_ids: list[int] | None = None) -> None:
    """Makes the deliveries that are due, of these agencies or of all."""
    until = clock.now() + BEGIN_NO_BATCH_AFTER
    delivered = delivery.deliver(_database(), _settings(), clock.now, agency_ids=agency_ids, until=until)
    outcome_counts.count(_settings(), delivered.outcomes)


@app.task
def work_line_events() -> None:
    """Works off what people sent by LINE; told by the webhook, and by beat in case that was not heard."""
    until = clock.now() + BEGIN_NO_BATCH_AFTER
    if work_off(_database(), _settings(), clock.now, until=until):
        deliver.delay()  # a superior may have had a unit reminded


@app.task
def draft_rounds() -> None:
    """Drafts the reports of rounds that have ended, and tells the coordinators."""
    drafts.draft_rounds(_database(), _settings(), clock.now())


@app.task
def make_report_file(file_id: int) -> None:
    """Writes one file of a report that somebody asked for."""
    report_files.make(_database(), _store(), file_id, clock.now(), _settings().zone)


@app.task
def make_report_files() -> None:
    """Beat's tick: files that were asked for and nobody makes; drafts of yesterday go."""
    at = clock.now()
    with _database().reading() as session:
        waiting = report_files.waiting(session, at)
    for file_id in waiting:
        make_report_file.delay(file_id)
    with _database().writing() as session:
        report_files.forget_drafts(session, _store(), at)


@app.task
def forget_leftovers() -> None:
    """Removes what was never saved (files of forms, documents, words that nobody came back for) and old messages."""
    at = clock.now()
    with _database().reading() as session:
        leftovers.forget_unsaved_files(session, _store(), at)
    with _database().writing() as session:
        job_state.forget_expired(session, at)
    leftovers.forget_folders_of_before(_settings().data_dir)
    retention.forget_messages(_database(), _settings(), at)


@app.task(time_limit=BACKUP_LIMIT, soft_time_limit=BACKUP_LIMIT - 60)
def back_up_nightly() -> None:
    """Leaves a backup in the folder of the settings, and takes the oldest away."""
    settings, at = _settings(), clock.now()
    if nightly_backup(_database(), settings, at) is not None:
        _alive(BACKUP)


@app.task
def announce_plans() -> None:
    """Tells each head the year's tasks, once."""
    beginnings.announce_plans(_database(), _settings(), clock.now())


@app.task
def read_line_quota() -> None:
    """Keeps what LINE says of the month, for the pages."""
    quota.read_quota(_database(), _settings(), clock.now())


@app.task
def keep_line_menus() -> None:
    """Gives the menu of today's roles to people who have another one."""
    keep_menus_right(_database(), _settings())


@app.task
def work_upload(token: str) -> None:
    """Tries or stores a large plan that was uploaded; what came of it waits beside the document."""
    plan_work.run(_database(), _settings(), token, clock.now())


@app.task
def read_scan(token: str) -> None:
    """Reads a scanned plan, cell by cell; the draft waits beside its pictures."""
    scans.run(_database(), token, clock.now())


@app.task
def heartbeat() -> None:
    """A sign of life of beat, which sent this, and of the worker, which runs it."""
    _alive("beat")
    _alive(f"worker {heartbeat.request.hostname}")
    with _database().writing() as session:
        ledger.forget_heartbeats(session, clock.now())


def _store() -> EvidenceStore:
    return open_store(_settings())


def _alive(name: str) -> None:
    with _database().writing() as session:
        ledger.heartbeat(session, name, clock.now())
