"""The backup of every night, where the settings name a folder for it."""

from datetime import datetime, timedelta
from pathlib import Path

from tracker.services.upkeep.backup import back_up, keep_newest, name_of
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.sealing import read_key

BACKUP = "backup"
"""The sign of life that a backup was made."""
OLD_AFTER = timedelta(hours=50)
"""A night was missed."""


def nightly_backup(database: Database, settings: Settings, at: datetime) -> Path | None:
    """Makes it and removes those beyond ``backup_keep``; None where no folder is set.

    Raises OSError where the folder or the key file does not answer.
    """
    folder = settings.backup_dir
    if folder is None:
        return None
    key = read_key(settings.backup_key_file) if settings.backup_key_file else None
    archive = folder / name_of(at, settings.zone, sealed=key is not None)
    back_up(database, settings.data_dir / "evidence", archive, at, key=key)
    keep_newest(folder, settings.backup_keep)
    return archive
