"""A whole installation as its users meet it: ``tracker up`` with web, worker, beat, broker, and a real mail server."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.smtp import Mail, Mailserver

TRACKER = str(Path(sys.executable).with_name("tracker"))
PATIENCE = 90
"""Seconds that a page, a mail or a server may take on a machine that other tests share."""
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_LINK = re.compile(r"https?://\S+")


def browser_path() -> str:
    """The browser of the tests: Chromium without windows where it is there, for it takes the least of the processor."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return found or pytest.fail("The browser tests need Chromium: apt-get install chromium-headless-shell")


@dataclass
class Installation:
    """A running tracker: its address, its mail server, and its command line."""

    folder: Path
    smtp: Mailserver
    database_url: str | None = None
    url: str = ""
    _read: set[int] = field(default_factory=set)

    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        own |= {
            "TRACKER_DATA_DIR": str(self.folder / "data"),
            "TRACKER_SMTP_URL": self.smtp.url,
            "TRACKER_SWEEP_INTERVAL": "10",
        }
        return own | ({"TRACKER_DATABASE_URL": self.database_url} if self.database_url else {})

    def command(self, *arguments: str, typed: str = "") -> str:
        """Runs ``tracker`` to its end; gives what it printed."""
        done = subprocess.run(
            [TRACKER, *arguments],
            env=self.environment(),
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mail_to(self, address: str, words: str) -> Mail:
        """The first unread message to an address with these words in its text, waited for."""
        found: list[Mail] = []

        def arrived() -> bool:
            for place, mail in enumerate(list(self.smtp.mails)):
                if place not in self._read and mail.recipient == address and words in mail.text:
                    self._read.add(place)
                    found.append(mail)
                    return True
            return False

        self.until(arrived, f"no message to {address} says “{words}”")
        return found[0]

    def until(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                mails = [f"{mail.recipient}: {mail.message['subject']}" for mail in self.smtp.mails]
                logs = [path.read_text(errors="replace") for path in (self.folder / "data" / "logs").glob("*")]
                raise AssertionError("\n".join([complaint, *mails, *logs]))
            time.sleep(0.1)


def link_in(mail: Mail, path: str, after: str = "") -> str:
    """The first address behind these words in a message's text that leads to a path."""
    return next(link for link in _LINK.findall(mail.text.partition(after)[2] if after else mail.text) if path in link)


@contextmanager
def running(installation: Installation) -> Iterator[Installation]:
    """``tracker up`` on a free port until the block ends."""
    printed = installation.folder / "printed.txt"
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [TRACKER, "up", "--port", "0"],
            env=installation.environment(),
            cwd=installation.folder,
            stdout=out,
            stderr=out,
        )
    try:
        ready = "Ctrl-C stops it."
        installation.until(lambda: ready in printed.read_text() or process.poll() is not None, "it did not start")
        assert process.poll() is None, printed.read_text()
        match = re.search(r"http://\S+", printed.read_text())
        assert match
        installation.url = match[0]
        yield installation
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
