"""What a monitor draws and alarms by, in the text format of Prometheus: of the installation, of no agency or person."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select

from tracker.broker import QUEUE, redis_url
from tracker.models import Delivery, Heartbeat
from tracker.reminders.conditions import delivery_is_due, delivery_is_open
from tracker.reminders.watchdog import SWEEP
from tracker.services.upkeep.nightly import BACKUP
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.disk import room

_TIMEOUT_SECONDS = 2
_LIVES = {SWEEP: "of the last finished sweep", BACKUP: "of the last nightly backup", "beat": "of beat's last tick"}


def metrics(database: Database, settings: Settings, at: datetime) -> bytes:
    """The present figures, from indexes alone; one that cannot be had is left out, and its absence is the alarm."""
    found = CollectorRegistry()
    _of_ledger(found, database, at)
    disk = room(settings.data_dir, settings.disk_low_mb)
    _gauge(found, "disk_free_bytes", "Free bytes on the disk of the data folder").set(disk.free)
    _gauge(found, "disk_low_bytes", "Free bytes below which the operator is told").set(disk.low)
    url = redis_url(settings)
    waiting = _queue_length(url) if url else None
    if waiting is not None:
        _gauge(found, "queue_length", "Messages that wait for a worker").set(waiting)
    return generate_latest(found)


def _of_ledger(found: CollectorRegistry, database: Database, at: datetime) -> None:
    with database.reading() as session:
        open_ones = session.execute(
            select(Delivery.channel, Delivery.state, func.count())
            .where(delivery_is_open())
            .group_by(Delivery.channel, Delivery.state)
        ).all()
        oldest = session.scalar(select(func.min(Delivery.next_attempt_at)).where(delivery_is_due(at)))
        beats = {beat.name: beat.at for beat in session.scalars(select(Heartbeat).where(Heartbeat.name.in_(_LIVES)))}
    deliveries = _gauge(found, "deliveries_open", "Deliveries that have not come to an end", "channel", "state")
    for channel, state, count in open_ones:
        deliveries.labels(channel, state).set(count)
    overdue = (at - oldest).total_seconds() if oldest else 0
    _gauge(found, "delivery_overdue_seconds", "For how long the oldest delivery has been due").set(overdue)
    for name, last in beats.items():
        _gauge(found, f"{name}_age_seconds", f"Age {_LIVES[name]}").set((at - last).total_seconds())


def _gauge(found: CollectorRegistry, name: str, words: str, *labels: str) -> Gauge:
    return Gauge(f"tracker_{name}", words, labels, registry=found)


def _queue_length(url: str) -> int | None:
    try:
        with Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS) as client:
            return int(client.llen(QUEUE))
    except (RedisError, OSError):
        return None
