"""A link that is too old leads to a new one: for its person, by its way, to its address, and a few times a day."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from pydantic import SecretStr

from admin.app import create_app
from admin.web.limits import limiter
from tests.admin.conftest import NOON, TODAY, Visitor
from tests.factories import World, task_of
from tests.line_server import TOKEN, LineServer
from tests.smtp import Mailserver
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.reading_link import ReadingLinks, Shown
from tracker.models import Member
from tracker.settings import Settings, secret_key
from tracker.store.db import Database

LATER = NOON + timedelta(days=15)
LINE_ID = "U" + "7" * 32
MARCH = date(2023, 3, 31)


@pytest.fixture(autouse=True)
def _counters_at_zero() -> Iterator[None]:
    yield
    limiter.reset()


@contextmanager
def later(settings: Settings, database: Database, **channels: object) -> Iterator[Callable[[], Visitor]]:
    """Strangers' browsers, fifteen days after the messages went out."""
    app = create_app(settings.model_copy(update=channels), database)
    with time_machine.travel(LATER, tick=False):
        yield lambda: Visitor(app.test_client())


def by_line(line: LineServer) -> dict[str, object]:
    secret = SecretStr("channel secret")
    return {"line_channel_access_token": SecretStr(TOKEN), "line_channel_secret": secret, "line_api_base": line.url}


def old(settings: Settings, world: World, who: str, shown: Shown = "tasks", thing: int = 0, to: str = "") -> str:
    links = ReadingLinks(secret_key(settings))
    return f"/seen/{links.token(world.members[who], shown, thing, TODAY, to or world.email(who))}"


def mailed(smtp: Mailserver) -> str:
    return re.findall(r"http://reports\.example(/\S+)", smtp.mails[-1].text)[0]


@pytest.mark.parametrize("shown", ["tasks", "reminders"])
def test_a_list_and_a_choice_are_sent_anew_by_mail(
    settings: Settings, database: Database, ours: World, smtp: Mailserver, shown: Shown
) -> None:
    address = old(settings, ours, "head2", shown)
    with later(settings, database, smtp_url=SecretStr(smtp.url)) as stranger:
        guest = stranger()
        page = guest.get(f"{address}/reminders" if shown == "reminders" else address)
        assert page.status_code == 410
        assert f'action="{address}/again"' in page.text
        answer = guest.post(f"{address}/again")
        assert answer.status_code == 200
        assert ours.email("head2") not in answer.text
        assert [mail.recipient for mail in smtp.mails] == [ours.email("head2")]
        assert stranger().get(mailed(smtp), follow=True).status_code == 200


def test_a_link_of_line_is_sent_anew_by_line(
    settings: Settings, database: Database, ours: World, line: LineServer
) -> None:
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).line_user_id = LINE_ID
        task = task_of(session, ours, "กองคลัง", 3, MARCH).id
    done = f"/done/{DoneLinks(secret_key(settings)).token(ours.members['head2'], task, TODAY, LINE_ID)}"
    with later(settings, database, **by_line(line)) as stranger:
        for address in (old(settings, ours, "head2", to=LINE_ID), done):
            guest = stranger()
            assert "ส่งลิงก์ใหม่ทาง LINE" in guest.get(address).text
            assert guest.post(f"{address}/again").status_code == 200
        pushed = [str(push["messages"]) for push in line.accepted.values()]
        assert line.people == [LINE_ID, LINE_ID]
        fresh = [re.findall(r"http://reports\.example(/[^'\"]+)", push)[0] for push in pushed]
        assert [path.split("/")[1] for path in fresh] == ["seen", "done"]
        assert [stranger().get(path).status_code for path in fresh] == [200, 200]


def test_where_the_thing_is_gone_the_new_link_leads_to_the_own_tasks(
    settings: Settings, database: Database, ours: World, smtp: Mailserver
) -> None:
    """A head who stands above no other unit, and a report that is no longer put before the executive."""
    cases = [("head2", "unit", ours.units["กองช่าง"]), ("clerk", "report", 9_999)]
    with later(settings, database, smtp_url=SecretStr(smtp.url)) as stranger:
        for who, shown, thing in cases:
            guest, address = stranger(), old(settings, ours, who, shown, thing)  # type: ignore[arg-type]
            guest.get(address)
            assert guest.post(f"{address}/again").status_code == 200
            fresh = ReadingLinks(secret_key(settings)).read(mailed(smtp).removeprefix("/seen/"))
            assert fresh is not None
            assert (fresh.shown, fresh.thing) == ("tasks", 0)


def test_an_executive_s_link_leads_to_the_same_unit(
    settings: Settings, database: Database, ours: World, smtp: Mailserver
) -> None:
    address = old(settings, ours, "clerk", "unit", ours.units["กองคลัง"])
    with later(settings, database, smtp_url=SecretStr(smtp.url)) as stranger:
        guest = stranger()
        guest.get(address)
        guest.post(f"{address}/again")
        assert "กองคลัง" in stranger().get(mailed(smtp)).text


def test_a_person_gets_few_new_links_whichever_old_one_is_shown(
    settings: Settings, database: Database, ours: World, smtp: Mailserver
) -> None:
    with later(settings, database, smtp_url=SecretStr(smtp.url)) as stranger:
        codes = []
        for shown in ("tasks", "reminders", "tasks", "reminders"):
            guest, address = stranger(), old(settings, ours, "head2", shown)  # type: ignore[arg-type]
            guest.get(address)
            codes.append(guest.post(f"{address}/again").status_code)
        assert codes == [200, 200, 200, 429]
        other = old(settings, ours, "head1")
        guest.get(other)
        assert guest.post(f"{other}/again").status_code == 200


def test_no_link_is_sent_for_one_that_is_good_forged_or_no_longer_theirs(
    settings: Settings, database: Database, ours: World, smtp: Mailserver
) -> None:
    links = ReadingLinks(secret_key(settings))
    good = f"/seen/{links.token(ours.members['head1'], 'tasks', 0, LATER.date(), ours.email('head1'))}"
    unlinking = old(settings, ours, "head1", "line")
    moved, left = old(settings, ours, "head2"), old(settings, ours, "clerk")
    with database.writing() as session:
        session.get_one(Member, ours.members["head2"]).email = "other@tua.example"
        session.get_one(Member, ours.members["clerk"]).active = False
    with later(settings, database, smtp_url=SecretStr(smtp.url)) as stranger:
        for address in (good, unlinking, moved, left, f"{good}x"):
            guest = stranger()
            assert "/again" not in guest.get(address).text
            assert guest.post(f"{address}/again").status_code in (302, 400, 404)
        assert smtp.mails == []


def test_without_a_way_to_send_no_button_stands_there(settings: Settings, database: Database, ours: World) -> None:
    with later(settings, database) as stranger:
        assert "/again" not in stranger().get(old(settings, ours, "head2")).text
