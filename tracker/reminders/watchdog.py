"""The dead man's alarm: when no sweep has finished for too long, the operator hears of it by e-mail.

Whoever watches calls ``watch`` from time to time, from as many processes as there are: the row of the alarm is claimed
by a conditional update, so that one mail goes out when sweeps stop, one a day while they stand still, and one when
they run again. It needs neither broker nor worker: those are what it watches.
"""

import uuid
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker.channels.base import Message
from tracker.channels.email.smtp import email_sender
from tracker.clock import local
from tracker.models import Alarm, Heartbeat
from tracker.reminders.ledger import insert_missing
from tracker.settings import Settings
from tracker.store.db import Database

SWEEP = "sweep"
REPEATED_AFTER = timedelta(days=1)
"""A stop lasts until somebody acts, and sweeps are daily: each missed one is reported once."""
_IDS = uuid.UUID("6b0f4b0e-3b0f-4f0e-9d51-6f7c0f5a2c11")

AlarmKind = Literal["stopped", "recovered"]


def watch(database: Database, settings: Settings, at: datetime) -> AlarmKind | None:
    """Looks once, and tells the operator what is new; what was told, None for nothing.

    Raises DeliveryError where the mail server does not take the message: the next look tries again.
    """
    if settings.operator_email is None or settings.smtp_url is None:
        return None
    with database.reading() as session:
        beat = session.get(Heartbeat, SWEEP)
        alarm = session.get(Alarm, SWEEP)
    if alarm is None:
        _begin(database, at)
        return None
    last = beat.at if beat else None
    stopped = at - max(last or alarm.watched_from, alarm.watched_from) > timedelta(seconds=settings.sweep_alarm_after)
    kind: AlarmKind
    if stopped and (alarm.reported_at is None or at - alarm.reported_at >= REPEATED_AFTER):
        kind, reported_at = "stopped", at
    elif not stopped and alarm.reported_at is not None:
        kind, reported_at = "recovered", None
    else:
        return None
    if not _change(database, alarm.reported_at, reported_at):
        return None
    try:
        _send(settings, kind, last, at)
    except BaseException:
        _change(database, reported_at, alarm.reported_at)
        raise
    return kind


def _begin(database: Database, at: datetime) -> None:
    """From now on sweeps are expected: an installation that never swept is told of as well."""
    with database.writing() as session:
        session.execute(insert_missing(session, Alarm), [{"name": SWEEP, "watched_from": at}])


def _change(database: Database, before: datetime | None, after: datetime | None) -> bool:
    """Whether this process is the one that made the change."""
    with database.writing() as session:
        return _changed(session, before, after)


def _changed(session: Session, before: datetime | None, after: datetime | None) -> bool:
    unchanged = Alarm.reported_at.is_(None) if before is None else Alarm.reported_at == before
    changed = session.execute(update(Alarm).where(Alarm.name == SWEEP, unchanged).values(reported_at=after))
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _send(settings: Settings, kind: AlarmKind, last: datetime | None, at: datetime) -> None:
    assert settings.operator_email is not None  # noqa: S101  (``watch`` asked)
    email = email_sender(settings)
    assert email is not None  # noqa: S101
    subject, text = _words(settings, kind, last)
    message = Message(
        id=uuid.uuid5(_IDS, f"{settings.base_url} {kind} {at.isoformat()}"),
        to=settings.operator_email,
        to_name="",
        sender="Measure tracker",
        subject=subject,
        text=text,
        html=_page(subject, text),
        at=at,
        preferences_url=f"{settings.base_url}/operations/",
    )
    with email:
        email.send(message)


def _words(settings: Settings, kind: AlarmKind, last: datetime | None) -> tuple[str, str]:
    if kind == "recovered":
        return (
            "[ปกติแล้ว] ระบบส่งการแจ้งเตือนทำงานอีกครั้ง (reminders run again)",
            f"ระบบตรวจงานและส่งการแจ้งเตือนได้ตามปกติแล้ว\n"
            f"Sweeps finish again; what was due meanwhile goes out now.\n\n{settings.base_url}/operations/\n",
        )
    since = local(last, settings.zone).strftime("%Y-%m-%d %H:%M") if last else ""
    thai = f"ไม่มีการตรวจงานที่เสร็จสมบูรณ์ตั้งแต่ {since} น." if since else "ยังไม่เคยมีการตรวจงานที่เสร็จสมบูรณ์"
    english = f"No sweep has finished since {since}." if since else "No sweep has ever finished."
    return (
        "[ด่วน] ระบบแจ้งเตือนหยุดทำงาน (reminders have stopped)",
        f"{thai}\nงานที่ครบกำหนดจะยังไม่มีการแจ้งเตือนจนกว่าระบบจะทำงานอีกครั้ง แล้วระบบจะส่งที่ค้างให้เอง\n\n"
        f"{english} Nobody is reminded until worker and beat run again; what is due goes out then.\n"
        f"What to do: run “tracker doctor” on the server, look into the folder logs of the data directory, and start "
        f"“tracker up” (or the worker and beat containers) again.\n\n{settings.base_url}/operations/\n",
    )


def _page(subject: str, text: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{subject}</title></head>'
        f"<body>{paragraphs}</body></html>"
    )
