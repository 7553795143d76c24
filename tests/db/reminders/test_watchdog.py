"""The dead man's alarm: one mail when sweeps stop, one a day while they stand, one when they run again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.office import local, settings
from tests.smtp import Mailserver
from tracker.channels.base import DeliveryError
from tracker.models import Alarm
from tracker.reminders.ledger import heartbeat
from tracker.reminders.watchdog import watch, watch_disk
from tracker.settings import Settings
from tracker.store.db import Database
from tracker.store.disk import room

START = local("2023-06-23 09:00")
OPERATOR = "operator@host.example"
HOUR = timedelta(hours=1)


def watched(server: Mailserver) -> Settings:
    return settings(smtp_url=server.url, operator_email=OPERATOR, sweep_alarm_after=3600)


def swept(database: Database, at: datetime) -> None:
    with database.writing() as session:
        heartbeat(session, "sweep", at)


def test_the_operator_hears_once_daily_and_when_it_is_over(database: Database, smtp: Mailserver) -> None:
    asked = watched(smtp)
    swept(database, START)
    assert watch(database, asked, START) is None
    assert watch(database, asked, START + HOUR) is None
    stopped = START + HOUR + timedelta(seconds=1)
    assert watch(database, asked, stopped) == "stopped"
    assert watch(database, asked, stopped + 23 * HOUR) is None
    assert watch(database, asked, stopped + 24 * HOUR) == "stopped"
    swept(database, stopped + 25 * HOUR)
    assert watch(database, asked, stopped + 25 * HOUR) == "recovered"
    assert watch(database, asked, stopped + 25 * HOUR) is None
    assert smtp.recipients == [OPERATOR] * 3
    first, second, third = (mail.message for mail in smtp.mails)
    assert "หยุดทำงาน" in first["Subject"]
    assert "2023-06-23 09:00" in smtp.mails[0].text
    assert "tracker doctor" in smtp.mails[0].html
    assert first["Message-ID"] != second["Message-ID"]
    assert "อีกครั้ง" in third["Subject"]


def test_an_installation_that_never_swept_is_told_of(database: Database, smtp: Mailserver) -> None:
    assert watch(database, watched(smtp), START) is None
    assert watch(database, watched(smtp), START + HOUR) is None
    assert watch(database, watched(smtp), START + 2 * HOUR) == "stopped"
    assert "ยังไม่เคย" in smtp.mails[0].text


def test_a_first_watch_gives_the_sweeps_their_time(database: Database, smtp: Mailserver) -> None:
    swept(database, START - 100 * HOUR)
    assert watch(database, watched(smtp), START) is None
    assert watch(database, watched(smtp), START + HOUR / 2) is None
    assert smtp.mails == []


def test_many_watchers_send_one_mail(database: Database, smtp: Mailserver) -> None:
    watch(database, watched(smtp), START)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: watch(database, watched(smtp), START + 2 * HOUR), range(16)))
    assert told.count("stopped") == 1
    assert smtp.recipients == [OPERATOR]


def test_a_mail_that_did_not_go_out_is_tried_again(database: Database, smtp: Mailserver) -> None:
    watch(database, watched(smtp), START)
    smtp.refuse[OPERATOR] = "451 later"
    with pytest.raises(DeliveryError):
        watch(database, watched(smtp), START + 2 * HOUR)
    with database.reading() as session:
        assert session.scalars(select(Alarm.reported_at)).one() is None
    smtp.refuse.clear()
    assert watch(database, watched(smtp), START + 2 * HOUR) == "stopped"


def test_without_an_operator_or_mail_server_nothing_happens(database: Database, smtp: Mailserver) -> None:
    for asked in (settings(smtp_url=smtp.url), settings(operator_email=OPERATOR)):
        watch(database, asked, START)
        assert watch(database, asked, START + 9 * HOUR) is None
    assert smtp.mails == []


def test_the_operator_hears_of_a_filling_disk_before_it_is_full(
    database: Database, smtp: Mailserver, tmp_path: Path
) -> None:
    def asked(low_mb: int) -> Settings:
        return settings(smtp_url=smtp.url, operator_email=OPERATOR, data_dir=tmp_path, disk_low_mb=low_mb)

    plenty, little = 0, 2 * room(tmp_path, 0).free // 2**20
    assert watch_disk(database, asked(plenty), START) is None
    assert watch_disk(database, asked(little), START + HOUR) == "stopped"
    assert watch_disk(database, asked(little), START + 2 * HOUR) is None
    assert watch_disk(database, asked(plenty), START + 3 * HOUR) == "recovered"
    assert watch_disk(database, asked(plenty), START + 4 * HOUR) is None
    assert smtp.recipients == [OPERATOR] * 2
    assert "ใกล้เต็ม" in smtp.mails[0].message["Subject"]
    assert str(tmp_path) in smtp.mails[0].text


def test_a_disk_that_is_low_at_the_first_look_is_told_of_at_once(
    database: Database, smtp: Mailserver, tmp_path: Path
) -> None:
    low = 2 * room(tmp_path, 0).free // 2**20
    asked = settings(smtp_url=smtp.url, operator_email=OPERATOR, data_dir=tmp_path, disk_low_mb=low)
    assert watch_disk(database, asked, START) == "stopped"
