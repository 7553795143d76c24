"""Digests by LINE: one push per person, never twice, within the month's quota, with e-mail behind it."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.line_server import TOKEN, LineServer
from tests.office import Office, add_task, local, make_office, settings
from tests.smtp import running_smtp
from tracker.channels.line.channel import LINE
from tracker.channels.line.client import LineClient
from tracker.channels.line.postback import Button, read_button
from tracker.models import Delivery, Member
from tracker.reminders.remind import remind
from tracker.reminders.sweep import sweep
from tracker.settings import Settings
from tracker.store.db import Database

KEY = "sixteen characters or more"
MORNING = local("2023-06-23 09:00")


@pytest.fixture
def office(database: Database) -> Office:
    office = make_office(database)
    with database.writing() as session:
        for member in session.scalars(select(Member)):
            member.line_user_id = f"U{member.id:032x}"
    add_task(database, office, date(2023, 6, 30))
    return office


def by_line(line: LineServer, **more: str) -> Settings:
    return settings(
        line_channel_access_token=TOKEN, line_channel_secret="secret", line_api_base=line.url, secret_key=KEY, **more
    )


def rows(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        found = session.execute(
            select(Delivery.channel, Delivery.state).order_by(Delivery.created_at, Delivery.channel)
        )
        return [(channel, state) for channel, state in found]


def test_a_digest_is_pushed_with_the_deliverys_id_as_retry_key(
    database: Database, office: Office, line: LineServer
) -> None:
    result = remind(database, by_line(line), MORNING)
    assert (result["digests"][0]["channel"], result["sent"]) == ("line", 1)
    [(key, push)] = line.accepted.items()
    assert push["to"] == f"U{office.members['head1']:032x}"
    [message] = push["messages"]
    assert message["altText"] == ("ถึงหรือใกล้ถึงกำหนด ๑ งาน · กองคลัง: รายงานผลต่อผู้บริหาร (มิ.ย.) อีก ๗ วัน (๓๐ มิ.ย.)")
    words = json.dumps(message["contents"], ensure_ascii=False)
    assert re.search(r'"uri": "http://tracker.example/done/[^"]+"', words)
    task = result["digests"][0]["tasks"][0]
    pressed = [read_button(KEY, data) for data in re.findall(r'"data": "([^"]+)"', words)]
    assert pressed == [Button(act, task) for act in ("done", "later", "cannot")]
    with database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert (str(row.id), row.state, row.receipt) == (key, "sent", f"accepted-{key}")


@pytest.mark.usefixtures("office")
def test_an_accepted_push_whose_answer_was_lost_is_not_sent_twice(database: Database, line: LineServer) -> None:
    line.cut = 1
    assert remind(database, by_line(line), MORNING)["failed"] == 1
    assert remind(database, by_line(line), MORNING + timedelta(minutes=6))["sent"] == 1
    assert line.requests == 2
    assert len(line.accepted) == 1
    assert rows(database) == [("line", "sent")]


@pytest.mark.usefixtures("office")
def test_a_kill_between_push_and_mark_is_settled_by_the_retry_key(
    database: Database, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = LineClient.send
    killed = iter([True])

    def send(self: LineClient, message: Any, begin: Any = None) -> str | None:
        receipt = original(self, message, begin)
        if next(killed, False):
            raise KeyboardInterrupt
        return receipt

    monkeypatch.setattr(LineClient, "send", send)
    with pytest.raises(KeyboardInterrupt):
        remind(database, by_line(line), MORNING)
    remind(database, by_line(line), MORNING + timedelta(minutes=6))
    assert len(line.accepted) == 1
    assert rows(database) == [("line", "sent")]


@pytest.mark.usefixtures("office")
def test_what_is_unsure_after_23_hours_becomes_unknown_and_is_left_alone(database: Database, line: LineServer) -> None:
    line.cut = 1
    remind(database, by_line(line), MORNING)
    silent = by_line(line).model_copy(update={"line_api_base": "http://127.0.0.1:9"})
    for hour in range(1, 23):
        remind(database, silent, MORNING + timedelta(hours=hour))
    assert rows(database) == [("line", "failed")]
    for hour in (23, 30, 48):
        remind(database, by_line(line), MORNING + timedelta(hours=hour))
    assert rows(database) == [("line", "unknown")]
    assert line.requests == 1


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("answer", [(429, "The API rate limit has been exceeded. Try again later."), (500, "Oops")])
def test_a_busy_line_is_waited_out(database: Database, line: LineServer, answer: tuple[int, str]) -> None:
    line.answers = [answer]
    assert remind(database, by_line(line), MORNING)["failed"] == 1
    assert remind(database, by_line(line), MORNING + timedelta(minutes=6))["sent"] == 1
    assert rows(database) == [("line", "sent")]


def test_a_used_up_quota_goes_on_by_mail(database: Database, office: Office, line: LineServer) -> None:
    line.answers = [(429, "You have reached your monthly limit.")]
    with running_smtp() as smtp:
        result = remind(database, by_line(line, smtp_url=smtp.url), MORNING)
        assert (result["sent"], result["failed"]) == (1, 1)
        assert len(smtp.mails) == 1
    assert sorted(rows(database)) == [("email", "sent"), ("line", "given_up")]
    with database.reading() as session:
        assert session.get_one(Member, office.members["head1"]).line_failed is None


def test_what_no_channel_took_by_evening_is_in_the_next_days_digest(
    database: Database, office: Office, line: LineServer
) -> None:
    """LINE refused it for good, and the mail server was down all day: nobody was told of anything."""
    head = f"U{office.members['head1']:032x}"
    line.answers = [(429, "You have reached your monthly limit.")]
    remind(database, by_line(line, smtp_url="smtp://127.0.0.1:9"), MORNING)
    assert sorted(rows(database)) == [("email", "failed"), ("line", "given_up")]
    remind(database, by_line(line), local("2023-06-26 09:00"))
    pushes = [push["messages"][0]["altText"] for push in line.accepted.values() if push["to"] == head]
    assert pushes == ["ถึงหรือใกล้ถึงกำหนด ๑ งาน · กองคลัง: รายงานผลต่อผู้บริหาร (มิ.ย.) อีก ๔ วัน (๓๐ มิ.ย.)"]


def test_a_dead_id_disables_the_address_and_goes_on_by_mail(
    database: Database, office: Office, line: LineServer
) -> None:
    with database.writing() as session:
        session.get_one(Member, office.members["head1"]).line_user_id = "nobody"
    with running_smtp() as smtp:
        remind(database, by_line(line, smtp_url=smtp.url), MORNING)
        assert len(smtp.mails) == 1
    with database.reading() as session:
        assert "'to'" in (session.get_one(Member, office.members["head1"]).line_failed or "")


def test_the_last_messages_of_the_month_are_for_what_is_urgent(
    database: Database, office: Office, line: LineServer
) -> None:
    add_task(database, office, date(2023, 6, 23), unit="กองช่าง")
    line.quota = LINE.limits.kept_for_urgent
    with running_smtp() as smtp:
        result = remind(database, by_line(line, smtp_url=smtp.url), MORNING)
    assert {one["to"].partition("-")[0]: one["channel"] for one in result["digests"]} == {
        "head1": "email",
        "head2": "line",
    }


def test_pushes_under_way_count_as_used(database: Database, office: Office, line: LineServer) -> None:
    other = make_office(database, "อบต.อื่น")
    with database.writing() as session:
        session.get_one(Member, other.members["head1"]).line_user_id = "U" + "9" * 32
    add_task(database, other, date(2023, 6, 30))
    there = by_line(line, smtp_url="smtp://127.0.0.1:9")
    left = LINE.limits.kept_for_urgent + 1
    first = sweep(database, there, [office.agency], MORNING, left={"line": left})
    second = sweep(database, there, [other.agency], MORNING, left={"line": left})
    assert [one.channels for one in (*first, *second)] == [("line",), ("email",)]
