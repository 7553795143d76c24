"""The compose file's installation without an engine: each service's own command and settings, behind the real proxy."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.installation import PATIENCE
from tests.conftest import ROOT
from tests.factories import PASSWORD, build_world
from tracker import clock
from tracker.models import Completion
from tracker.runtime.embedded_redis import running_redis
from tracker.store.db import Database
from tracker.thai.calendar import fiscal_year_of

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
BIN = Path(sys.executable).parent
WORDS = "ประชุมชี้แจงแล้ว"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_from_the_printed_link_to_a_tick_over_https(database_url: str, chromium: Browser, tmp_path: Path) -> None:
    with ExitStack() as running:
        redis = running.enter_context(running_redis(tmp_path / "valkey"))
        places = {"TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_DATABASE_URL": database_url}
        (tmp_path / "data").mkdir()
        http, https, web = (_free_port() for _ in range(3))
        site = f"https://localhost:{https}"
        ours = places | {"TRACKER_REDIS_URL": redis, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures")}
        link = _printed_link(_environment("upgrade", ours), site)
        command = [part.replace("0.0.0.0:8000", f"127.0.0.1:{web}") for part in SERVICES["web"]["command"]]
        running.enter_context(_process(command, _environment("web", ours), tmp_path / "web.log"))
        ports = {"HTTP_PORT": str(http), "HTTPS_PORT": str(https), "WEB": f"127.0.0.1:{web}"}
        keeps = {"XDG_DATA_HOME": str(tmp_path / "caddy"), "XDG_CONFIG_HOME": str(tmp_path / "caddy")}
        proxy = [part.replace("/etc/caddy", str(ROOT / "deploy")) for part in SERVICES["proxy"]["command"]]
        running.enter_context(_process(proxy, _environment("proxy", ports | keeps), tmp_path / "proxy.log"))
        _until_answered(f"http://127.0.0.1:{web}/readyz", tmp_path)
        _until_listening(https, tmp_path)
        context = chromium.new_context(ignore_https_errors=True, locale="th-TH", viewport={"width": 390, "height": 844})
        context.set_default_timeout(PATIENCE * 1000)
        running.callback(context.close)
        page = context.new_page()
        _set_up_an_agency(page, link)
        assert {one["name"] for one in context.cookies() if one["secure"]} >= {"__Host-tracker"}
        context.clear_cookies()
        database = Database(database_url)
        running.callback(database.dispose)
        _tick(page, site, database)
        with database.reading() as session:
            assert list(session.scalars(select(Completion.result))) == [WORDS]
        plain = HTTPConnection("localhost", http)
        plain.request("GET", "/sign-in")
        assert plain.getresponse().headers["Location"] == "https://localhost/sign-in"
        plain.close()


def _set_up_an_agency(page: Page, link: str) -> None:
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 200
    assert answer.header_value("strict-transport-security")
    page.fill("input[name=agency]", "องค์การบริหารส่วนตำบลเขาขาว")
    page.fill("input[name=name]", "นางประสาน ดี")
    page.fill("input[name=email]", "plan@khaokhao.example")
    page.fill("input[name=password]", "a long word of the coordinator 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/divisions/**")


def _tick(page: Page, site: str, database: Database) -> None:
    with database.writing() as session:
        world = build_world(session, fiscal_year=fiscal_year_of(clock.now().date()))
        head = world.email("head2")
    page.goto(f"{site}/sign-in")
    page.fill("input[name=email]", head)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(re.compile("/tasks/"))
    page.locator(".task-foot a.button").first.click()
    page.get_by_label("ทำอะไรไปแล้ว").fill(WORDS)
    page.get_by_role("button", name="บันทึกว่าทำแล้ว").click()
    expect(page.locator(".notice.undo")).to_be_visible()


def _environment(service: str, others: Mapping[str, str]) -> dict[str, str]:
    """What the file gives the service, the hosts of its network aside; nothing of the machine's own settings."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    given = {name: str(value) for name, value in SERVICES[service].get("environment", {}).items()}
    own = {name: value.replace("${SITE_NAME:?put it into .env}", "localhost") for name, value in given.items()}
    del known["PATH"]
    return known | own | {"PATH": f"{BIN}:{os.environ['PATH']}"} | dict(others)


def _printed_link(environment: dict[str, str], site: str) -> str:
    done = subprocess.run(
        SERVICES["upgrade"]["command"],
        env=environment | {"TRACKER_BASE_URL": site},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"https://\S+/set-up/\S+", done.stdout)
    assert found, done.stdout
    return found[0]


@contextmanager
def _process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        pytest.fail(f"This test needs {command[0]}: apt-get install {command[0]}")
    with log.open("wb") as out:
        process = subprocess.Popen([program, *command[1:]], env=environment, cwd=log.parent, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until_answered(url: str, logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310  (our own server)
                return
        except (URLError, OSError):
            _wait(deadline, logs)


def _until_listening(port: int, logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            _wait(deadline, logs)
        else:
            return


def _wait(deadline: float, logs: Path) -> None:
    if time.monotonic() > deadline:
        pytest.fail("\n".join(log.read_text(errors="replace") for log in logs.glob("*.log")))
    time.sleep(0.1)
