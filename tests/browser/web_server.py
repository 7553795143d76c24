"""The production web server for a test: gunicorn in a copy of a process that has loaded the application already."""

import multiprocessing
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import URLError

import pytest
from gunicorn.app import wsgiapp

from tests.browser.installation import PATIENCE
from tracker.runtime.supervise import WEB_WORKER
from tracker.settings import Settings

_COPIES = multiprocessing.get_context("forkserver")
_COPIES.set_forkserver_preload(["admin.app", __name__])  # by far the most of a server's start is reading its modules


@contextmanager
def running_web(settings: Settings, base_url: str | None = None) -> Iterator[str]:
    """The address of a web server of this installation on a free port; it ends with the block.

    ``base_url`` is what its links say, where that is another address.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "TRACKER_DATA_DIR": str(settings.data_dir),
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_BASE_URL": base_url or url,
    }
    process = _COPIES.Process(target=_serve, args=(port, environment, settings.data_dir))
    process.start()
    try:
        _wait_for(url, process, settings.data_dir)
        yield url
    finally:
        process.terminate()
        process.join(30)
        process.close()


def _serve(port: int, environment: Mapping[str, str], folder: Path) -> None:
    """Becomes ``gunicorn admin.wsgi:app``, started in the data folder with this environment."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with (folder / "web.log").open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    sys.argv = [
        *("gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", WEB_WORKER, "--threads", "4", "--no-control-socket", "admin.wsgi:app"),
    ]
    wsgiapp.run()


def _wait_for(url: str, process: BaseProcess, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.is_alive():
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  (our own server)
                return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"The web server did not start:\n{(folder / 'web.log').read_text()}")
