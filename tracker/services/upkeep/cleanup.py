"""What a form left behind that was never saved: files that nobody's evidence names, folders of before."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Evidence
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
        saved = set(session.scalars(select(Evidence.stored_name).where(Evidence.stored_name.in_(names))))
        for name in names:
            if name not in saved:
                store.forget(name)
                gone += 1
            store.settle(name)
    return gone


def forget_folders_of_before(data_dir: Path) -> None:
    """Removes what earlier versions kept in folders for a day: uploads and typed words, which the database has now."""
    for name in ("uploads", "typed"):
        shutil.rmtree(data_dir / name, ignore_errors=True)
