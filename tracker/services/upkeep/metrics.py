"""What a monitor draws and alarms by, in the text format of Prometheus: of the installation, of no agency or person."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from tracker.broker import waiting
from tracker.models import Delivery, Heartbeat
from tracker.reminders import outcome_counts
from tracker.reminders.conditions import delivery_is_due, delivery_is_open
from tracker.reminders.watchdog import SWEEP
from tracker.services.upkeep.nightly import BACKUP
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.disk import room

_LIVES = {SWEEP: "of the last finished sweep", BACKUP: "of the last nightly backup", "beat": "of beat's last tick"}


def metrics(database: Database, settings: Settings, at: datetime) -> bytes:
    """The present figures, from indexes alone; one that cannot be had is left out, and its absence is the alarm."""
    registry = CollectorRegistry()
    registry.register(_Figures([*_of_ledger(database, at), *_of_disk(settings), *_of_broker(settings)]))
    return generate_latest(registry)


class _Figures(Collector):
    """Figures of this instant: nothing of them stays in the process, or in the files in which web processes count."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _of_ledger(database: Database, at: datetime) -> Iterator[Metric]:
    with database.reading() as session:
        open_ones = session.execute(
            select(Delivery.channel, Delivery.state, func.count())
            .where(delivery_is_open())
            .group_by(Delivery.channel, Delivery.state)
        ).all()
        oldest = session.scalar(select(func.min(Delivery.next_attempt_at)).where(delivery_is_due(at)))
        beats = {beat.name: beat.at for beat in session.scalars(select(Heartbeat).where(Heartbeat.name.in_(_LIVES)))}
    deliveries = GaugeMetricFamily(
        "tracker_deliveries_open", "Deliveries that have not come to an end", labels=["channel", "state"]
    )
    for channel, state, count in open_ones:
        deliveries.add_metric([channel, state], count)
    yield deliveries
    overdue = (at - oldest).total_seconds() if oldest else 0
    yield _gauge("delivery_overdue_seconds", "For how long the oldest delivery has been due", overdue)
    for name, last in beats.items():
        yield _gauge(f"{name}_age_seconds", f"Age {_LIVES[name]}", (at - last).total_seconds())


def _of_disk(settings: Settings) -> Iterator[Metric]:
    disk = room(settings.data_dir, settings.disk_low_mb)
    yield _gauge("disk_free_bytes", "Free bytes on the disk of the data folder", disk.free)
    yield _gauge("disk_low_bytes", "Free bytes below which the operator is told", disk.low)


def _of_broker(settings: Settings) -> Iterator[Metric]:
    if (length := waiting(settings)) is not None:
        yield _gauge("queue_length", "Messages that wait for a worker", length)
    if counted := outcome_counts.counted(settings):
        yield _outcomes(counted)


def _outcomes(counted: Mapping[tuple[str, str], int]) -> Metric:
    found = CounterMetricFamily(
        "tracker_delivery_outcomes", "What came of handing messages over", labels=["channel", "outcome"]
    )
    for (channel, outcome), count in counted.items():
        found.add_metric([channel, outcome], count)
    return found


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"tracker_{name}", words, value=value)
