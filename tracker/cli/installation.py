"""The installation that a command works on."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import click

from tracker import clock, settings
from tracker.store import migrate
from tracker.store.db import Database, open_database
from tracker.store.storage import EvidenceStore, open_store


@dataclass(frozen=True)
class Installation:
    """The settings, the database brought up to date, and the instant at which the command was given."""

    settings: settings.Settings
    at: datetime

    @cached_property
    def database(self) -> Database:
        database = open_database(self.settings)
        if context := click.get_current_context(silent=True):
            context.call_on_close(database.dispose)
        migrate.ensure(database)
        return database

    @property
    def evidence(self) -> EvidenceStore:
        return open_store(self.settings)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    @property
    def today(self) -> date:
        return clock.local(self.at, self.tz).date()


def installation() -> Installation:
    """This process's installation: DATA_DIR exists, SQLite is at this version's schema."""
    loaded = settings.load()
    loaded.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Installation(loaded, clock.now())
