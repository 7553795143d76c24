"""A real worker writes the files of a report that were asked for; its progress is in the database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from admin.web import queue
from tests.factories import build_world
from tests.workers.test_worker import celery, wait_until
from tracker.models import Plan, ReportFile
from tracker.reports import FORMATS
from tracker.runtime.embedded_redis import running_redis
from tracker.services.reports import report_files
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_makes_every_format(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        plan = session.get_one(Plan, build_world(session).plan_id)
        asked = report_files.ask_for_draft(session, plan, 6, FORMATS, datetime(2023, 4, 3, tzinfo=UTC))
        ids = [one.id for one in asked]

    def states() -> list[str]:
        with database.reading() as session:
            return list(session.scalars(select(ReportFile.state)))

    with running_redis(tmp_path) as redis:
        environment = {
            "TRACKER_DATA_DIR": str(tmp_path),
            "TRACKER_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "TRACKER_REDIS_URL": redis,
        }
        settings = Settings(_env_file=None, data_dir=tmp_path, redis_url=redis)
        with celery(tmp_path, environment, "worker", "--concurrency", "2"):
            assert all(queue.send(settings, "workers.tasks.make_report_file", file_id) for file_id in ids)
            wait_until(lambda: states() == ["made"] * len(FORMATS), tmp_path)
    store = EvidenceStore(tmp_path / "evidence", 2**20)
    with database.reading() as session:
        for one in session.scalars(select(ReportFile)):
            assert store.path(one.stored_name or "").stat().st_size == one.size
