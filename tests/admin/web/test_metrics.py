"""``/metrics``: the installation's figures for who has the token, and no page for anybody else."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from admin.app import create_app
from tests.admin.conftest import NOON
from tests.conftest import ROOT
from tests.factories import World
from tracker.broker import QUEUE
from tracker.models import Delivery, Digest, Heartbeat
from tracker.reminders.outcome_counts import count
from tracker.runtime.embedded_redis import running_redis
from tracker.settings import Settings
from tracker.store.db import Database

TOKEN = "a token of the monitor"


@pytest.mark.parametrize("given", [None, "", "a token of the monitox", TOKEN])
def test_without_the_token_there_is_no_such_page(settings: Settings, database: Database, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": f"Bearer {given}"}
    closed = create_app(settings, database).test_client()
    opened = create_app(settings.model_copy(update={"metrics_token": SecretStr(TOKEN)}), database).test_client()
    assert closed.get("/metrics", headers=headers).status_code == 404
    assert opened.get("/metrics", headers=headers).status_code == (200 if given == TOKEN else 404)


def test_it_tells_of_ledger_sweeps_backup_and_disk(settings: Settings, database: Database, ours: World) -> None:
    with database.writing() as session:
        digest = Digest(agency_id=ours.agency_id, member_id=ours.members["head1"], on=NOON.date(), created_at=NOON)
        session.add(digest)
        session.flush()
        for channel, state, minutes in (("email", "failed", 40), ("line", "planned", -5), ("mailbox", "sent", None)):
            due = None if minutes is None else NOON - timedelta(minutes=minutes)
            session.add(
                Delivery(
                    agency_id=ours.agency_id,
                    digest_id=digest.id,
                    channel=channel,
                    state=state,
                    next_attempt_at=due,
                    created_at=NOON,
                )
            )
        session.add_all([Heartbeat(name="sweep", at=NOON - timedelta(minutes=3)), Heartbeat(name="backup", at=NOON)])
    app = create_app(settings.model_copy(update={"metrics_token": SecretStr(TOKEN)}), database)
    told = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text.splitlines()
    assert 'tracker_deliveries_open{channel="email",state="failed"} 1.0' in told
    assert 'tracker_deliveries_open{channel="line",state="planned"} 1.0' in told
    assert not any("mailbox" in line for line in told)
    assert "tracker_delivery_overdue_seconds 2400.0" in told
    assert "tracker_sweep_age_seconds 180.0" in told
    assert "tracker_backup_age_seconds 0.0" in told
    assert any(line.startswith("tracker_disk_free_bytes ") for line in told)
    assert not any(line.startswith("tracker_queue_length") for line in told)


def test_it_counts_what_waits_for_a_worker(settings: Settings, database: Database, tmp_path: Path) -> None:
    here = settings.model_copy(update={"metrics_token": SecretStr(TOKEN), "data_dir": tmp_path})
    with running_redis(tmp_path) as url, Redis.from_url(url) as client:
        client.lpush(QUEUE, "one", "two")
        answer = create_app(here, database).test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "tracker_queue_length 2.0" in answer.text.splitlines()


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
def test_alarms_and_dashboard_name_what_there_is(
    settings: Settings, database: Database, tmp_path: Path, file: str
) -> None:
    here = settings.model_copy(update={"metrics_token": SecretStr(TOKEN), "data_dir": tmp_path})
    with database.writing() as session:
        session.add_all(Heartbeat(name=name, at=NOON) for name in ("sweep", "backup", "beat"))
    with running_redis(tmp_path):
        count(here, Counter({("email", "channel"): 3}))
        client = create_app(here, database).test_client()
        client.get("/livez")
        told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    there = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE)) | set(
        re.findall(r"^(tracker_\w+)", told, re.MULTILINE)
    )
    named = set(re.findall(r"tracker_\w+", (ROOT / "docs" / "monitoring" / file).read_text(encoding="utf-8")))
    assert named
    assert named <= there
    assert 'tracker_delivery_outcomes_total{channel="email",outcome="channel"} 3.0' in told.splitlines()
