"""What a form left behind that was never saved: files that nobody's evidence names, words that nobody came back for."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Evidence
from tracker.store.storage import EvidenceStore

FILES_KEPT = timedelta(days=3)
"""Longer than a form remembers the files that it was sent with."""
WORDS_KEPT = timedelta(days=1)
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


def forget_unsaved_words(folder: Path, at: datetime) -> int:
    """Removes what was typed into forms that came too late, a day after; gives how many."""
    gone = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < (at - WORDS_KEPT).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
