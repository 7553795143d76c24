"""What works and what does not: database, migrations, broker, the channels, sign-in provider, fonts, workers."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any

import redis
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.broker import redis_url
from tracker.channels.base import Health
from tracker.channels.registry import going_out
from tracker.clock import local
from tracker.errors import TrackerError
from tracker.models import Agency, Digest, Heartbeat
from tracker.reminders.watchdog import SWEEP
from tracker.services.accounts import oidc
from tracker.services.upkeep.nightly import BACKUP, OLD_AFTER
from tracker.settings import Settings
from tracker.store import migrate
from tracker.store.db import Database
from tracker.store.disk import room

TIMEOUT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined: it works, is switched off, or has failed; ``remark`` says what to do."""

    name: str
    state: Health
    remark: str

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "state": self.state, "remark": self.remark}


def examine(settings: Settings, at: datetime) -> list[Finding]:
    """Tries every part of the installation; sends no message."""
    return list(_examined(settings, at))


def _examined(settings: Settings, at: datetime) -> Iterator[Finding]:
    yield _tried("data folder", lambda: _data_dir(settings))
    database = Database(settings.database_url)
    yield _tried("database", lambda: _database(database))
    yield _tried("migrations", lambda: _migrations(database))
    yield _tried("broker", lambda: _broker(settings))
    yield _tried("workers", lambda: _workers(database, settings, at))
    yield _tried("disk", lambda: _disk(settings))
    yield _tried("nightly backup", lambda: _backup(database, settings, at))
    yield _tried("clock", lambda: _clock(database, settings, at))
    for channel in going_out():
        if channel.check is not None:
            yield _tried(channel.check_name, partial(channel.check, settings))
    yield _tried("sign-in provider", lambda: _provider(settings))
    yield _tried("fonts", _fonts)
    database.dispose()


def readiness(database: Database, settings: Settings, at: datetime) -> list[Finding]:
    """Whether this installation serves: what a balancer or a monitor asks every few seconds, in milliseconds."""
    return [
        _tried("database", lambda: _database(database)),
        _tried("broker", lambda: _broker(settings)),
        _tried("sweep", lambda: _sweep(database, settings, at)),
        _tried("disk", lambda: _disk(settings)),
    ]


def _tried(name: str, check: Callable[[], tuple[Health, str]]) -> Finding:
    try:
        return Finding(name, *check())
    except TrackerError as error:
        return Finding(name, "failed", error.sentence)
    except (SQLAlchemyError, redis.RedisError, smtplib.SMTPException, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        return Finding(name, "failed", f"{type(error).__name__}: {reason}")


def _data_dir(settings: Settings) -> tuple[Health, str]:
    probe = settings.data_dir / ".doctor"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    probe.write_bytes(b"")
    probe.unlink()
    return "ok", str(settings.data_dir)


def _database(database: Database) -> tuple[Health, str]:
    with database.engine.connect() as connection:
        version = connection.scalar(text("SELECT sqlite_version()" if database.is_sqlite else "SHOW server_version"))
    return "ok", f"{database.engine.dialect.name} {version}"


def _migrations(database: Database) -> tuple[Health, str]:
    if database.is_sqlite:
        migrate.ensure(database)
    if migrate.is_current(database):
        return "ok", f"at {migrate.head()}"
    return "failed", f"at {migrate.current(database)}, this version needs {migrate.head()}; run `tracker db upgrade`"


def _broker(settings: Settings) -> tuple[Health, str]:
    url = redis_url(settings)
    if url is None:
        return "off", "the embedded server runs while `tracker up` runs"
    with redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS) as client:
        version = client.info("server").get("redis_version")
    return "ok", f"{'named in the settings' if settings.redis_url else 'embedded'}, version {version}"


def _workers(database: Database, settings: Settings, at: datetime) -> tuple[Health, str]:
    with database.reading() as session:
        beats = {beat.name: beat.at for beat in session.scalars(select(Heartbeat))}
    if not beats:
        return "off", "no worker has run yet; `tracker up` starts them"
    latest = max(beats.values())
    late = at - latest > timedelta(seconds=settings.sweep_alarm_after)
    return ("failed" if late else "ok"), f"last sign of life {latest.isoformat(timespec='seconds')}"


def _sweep(database: Database, settings: Settings, at: datetime) -> tuple[Health, str]:
    with database.reading() as session:
        last = session.get(Heartbeat, SWEEP)
    if last is None:
        return "off", "no sweep has finished yet"
    late = at - last.at > timedelta(seconds=settings.sweep_alarm_after)
    return ("failed" if late else "ok"), f"last finished {last.at.isoformat(timespec='seconds')}"


def _disk(settings: Settings) -> tuple[Health, str]:
    here = room(settings.data_dir, settings.disk_low_mb)
    if here.is_low:
        return "failed", f"{here}: make room for {settings.data_dir}, or uploads stop and then everything does"
    return "ok", str(here)


def _backup(database: Database, settings: Settings, at: datetime) -> tuple[Health, str]:
    if settings.backup_dir is None:
        return "off", "TRACKER_BACKUP_DIR is not set: back up with `tracker backup`"
    with database.reading() as session:
        last = session.get(Heartbeat, BACKUP)
    if last is None:
        return "off", f"none yet in {settings.backup_dir}; the first comes at night while worker and beat run"
    made = f"last made {last.at.isoformat(timespec='seconds')}"
    if at - last.at > OLD_AFTER:
        return "failed", f"{made}: look into the worker's log, and whether {settings.backup_dir} can be written"
    return "ok", made


def _clock(database: Database, settings: Settings, at: datetime) -> tuple[Health, str]:
    today = local(at, settings.zone).date()
    with database.reading() as session:
        ahead, latest = session.execute(
            select(func.count(), func.max(Agency.swept_on)).where(Agency.swept_on > today)
        ).one()
        sent_ahead = session.scalar(select(func.max(Digest.on)).where(Digest.ahead))
    if ahead:
        return "failed", (
            f"reminders of {ahead} agencies were last swept on {latest}, which has not come: set the clock right; "
            "the next sweep takes back what that day recorded"
        )
    repaired = f"; a clock that was ahead once recorded reminders up to {sent_ahead}, which count no more"
    return "ok", f"today is {today}{repaired if sent_ahead else ''}"


def _provider(settings: Settings) -> tuple[Health, str]:
    if not settings.oidc_configured:
        return "off", "TRACKER_OIDC_ISSUER and _CLIENT_ID are not both set: people sign in with passwords"
    try:
        oidc.discover(settings)
    except TrackerError as error:
        return "failed", error.sentence
    return "ok", f"{settings.oidc_issuer} answers; it must know {oidc.return_address(settings)} as our return address"


def _fonts() -> tuple[Health, str]:
    found = [file.name for file in files("tracker.reports").joinpath("fonts").iterdir() if file.name.endswith(".ttf")]
    return ("ok", f"Sarabun, {len(found)} files") if found else ("failed", "Sarabun is missing; install again")
