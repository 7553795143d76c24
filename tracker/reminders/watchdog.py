"""The dead man's alarm: when no sweep has finished for too long, or the disk fills, the operator hears of it by e-mail.

Whoever watches calls ``watch`` from time to time, from as many processes as there are: the row of the alarm is claimed
by a conditional update, so that one mail goes out when sweeps stop, one a day while they stand still, and one when
they run again. It needs neither broker nor worker: those are what it watches.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update

from tracker.channels.base import Message
from tracker.channels.email.smtp import email_sender
from tracker.clock import local
from tracker.models import Alarm, Heartbeat
from tracker.reminders.ledger import insert_missing
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.disk import STOP_SHARE, Room, room

SWEEP, DISK = "sweep", "disk"
REPEATED_AFTER = timedelta(days=1)
"""A stop lasts until somebody acts, and sweeps are daily: each missed one is reported once."""
_IDS = uuid.UUID("6b0f4b0e-3b0f-4f0e-9d51-6f7c0f5a2c11")

AlarmKind = Literal["stopped", "recovered"]


def watch(database: Database, settings: Settings, at: datetime) -> AlarmKind | None:
    """Looks once at the sweeps, and tells the operator what is new; what was told, None for nothing.

    Raises DeliveryError where the mail server does not take the message: the next look tries again.
    """
    with database.reading() as session:
        beat, alarm = session.get(Heartbeat, SWEEP), session.get(Alarm, SWEEP)
    last = beat.at if beat else None
    watched_from = alarm.watched_from if alarm else at
    stopped = at - max(last or watched_from, watched_from) > timedelta(seconds=settings.sweep_alarm_after)
    return _tell(database, settings, SWEEP, at, is_wrong=stopped, words=lambda kind: _of_sweeps(settings, kind, last))


def watch_disk(database: Database, settings: Settings, at: datetime) -> AlarmKind | None:
    """As ``watch``, at the room on the data folder's disk: while there still is some."""
    here = room(settings.data_dir, settings.disk_low_mb)
    return _tell(database, settings, DISK, at, is_wrong=here.is_low, words=lambda kind: _of_disk(settings, kind, here))


def _tell(
    database: Database,
    settings: Settings,
    name: str,
    at: datetime,
    *,
    is_wrong: bool,
    words: Callable[[AlarmKind], tuple[str, str]],
) -> AlarmKind | None:
    if settings.operator_email is None or settings.smtp_url is None:
        return None
    with database.reading() as session:
        alarm = session.get(Alarm, name)
    if alarm is None:
        _begin(database, name, at)
        if name == SWEEP or not is_wrong:  # sweeps are given their time first
            return None
    before = alarm.reported_at if alarm else None
    kind: AlarmKind
    if is_wrong and (before is None or at - before >= REPEATED_AFTER):
        kind, after = "stopped", at
    elif not is_wrong and before is not None:
        kind, after = "recovered", None
    else:
        return None
    if not _change(database, name, before, after):
        return None
    try:
        _send(settings, f"{name} {kind}", words(kind), at)
    except BaseException:
        _change(database, name, after, before)
        raise
    return kind


def _begin(database: Database, name: str, at: datetime) -> None:
    """From now on it is watched: an installation that never swept is told of as well."""
    with database.writing() as session:
        session.execute(insert_missing(session, Alarm), [{"name": name, "watched_from": at}])


def _change(database: Database, name: str, before: datetime | None, after: datetime | None) -> bool:
    """Whether this process is the one that made the change."""
    unchanged = Alarm.reported_at.is_(None) if before is None else Alarm.reported_at == before
    with database.writing() as session:
        changed = session.execute(update(Alarm).where(Alarm.name == name, unchanged).values(reported_at=after))
        return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _send(settings: Settings, what: str, words: tuple[str, str], at: datetime) -> None:
    assert settings.operator_email is not None  # noqa: S101  (``watch`` asked)
    email = email_sender(settings)
    assert email is not None  # noqa: S101
    subject, text = words
    message = Message(
        id=uuid.uuid5(_IDS, f"{settings.base_url} {what} {at.isoformat()}"),
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


def _of_sweeps(settings: Settings, kind: AlarmKind, last: datetime | None) -> tuple[str, str]:
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


def _of_disk(settings: Settings, kind: AlarmKind, here: Room) -> tuple[str, str]:
    if kind == "recovered":
        return (
            "[ปกติแล้ว] พื้นที่เก็บข้อมูลของระบบเพียงพอ (the disk has room again)",
            f"พื้นที่ว่างเพียงพอแล้ว\nThe disk has room again: {here}.\n\n{settings.base_url}/operations/\n",
        )
    return (
        "[ด่วน] พื้นที่เก็บข้อมูลของระบบใกล้เต็ม (the disk is nearly full)",
        f"พื้นที่ว่างเหลือ {here.free / 1e9:.1f} GB ถ้าลดลงอีก ระบบจะหยุดรับไฟล์ แล้วจะบันทึกผลงานไม่ได้\n\n"
        f"{here} on the disk of {settings.data_dir}. Uploads stop below {here.low // STOP_SHARE / 1e9:.1f} GB, and "
        f"on a full disk nothing is saved.\nWhat to do: make room (old backups, logs, other files), or give the disk "
        f"more.\n\n{settings.base_url}/operations/\n",
    )


def _page(subject: str, text: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{subject}</title></head>'
        f"<body>{paragraphs}</body></html>"
    )
