"""What a form left behind that was never saved: files that no row names, folders of before."""

import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.services.upkeep.archive import NAMES_OF_FILES
from tracker.store.db import Base
from tracker.store.storage import EvidenceStore

FILES_KEPT = timedelta(days=3)
"""Longer than a form remembers the files that it was sent with."""
_AT_ONCE = 500


def forget_unsaved_files(session: Session, store: EvidenceStore, at: datetime) -> int:
    """Removes the files of forms that were left; gives how many."""
    gone = 0
    waiting = store.waiting(at - FILES_KEPT)
    for first in range(0, len(waiting), _AT_ONCE):
        names = waiting[first : first + _AT_ONCE]
        saved = _named_by_rows(session, names)
        for name in names:
            if name not in saved:
                store.forget(name)
                gone += 1
            store.settle(name)
    return gone


def _named_by_rows(session: Session, names: Collection[str]) -> set[str]:
    """Those that a row of any table names: evidence, a report's file, its template, the paper that was signed."""
    tables = Base.metadata.tables
    columns = (tables[table].c[column] for table, (column, _) in NAMES_OF_FILES.items())
    return {name for column in columns for name in session.scalars(select(column).where(column.in_(names)))}


def forget_folders_of_before(data_dir: Path) -> None:
    """Removes what earlier versions kept in folders for a day: uploads and typed words, which the database has now."""
    for name in ("uploads", "typed"):
        shutil.rmtree(data_dir / name, ignore_errors=True)
