"""The embedded server: starts, keeps its data, is found by others, survives a killed parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kombu import Connection
from redis import Redis

from tracker.broker import celery_url, embedded_url
from tracker.errors import ConflictError
from tracker.runtime import embedded_redis
from tracker.runtime.embedded_redis import BrokerNotStartedError, running_redis


@pytest.mark.parametrize("name", ["short", "ข้อมูล ของเรา", "long-" + "x" * 100])
def test_it_serves_redis_and_celery_and_keeps_its_data(tmp_path: Path, name: str) -> None:
    data_dir = tmp_path / name
    assert embedded_url(data_dir) is None
    with running_redis(data_dir) as url:
        assert embedded_url(data_dir) == url
        with Redis.from_url(url) as client:
            client.set("kept", "yes")
        with Connection(celery_url(url)) as connection, connection.SimpleQueue("probe") as queue:
            queue.put({"id": 1})
            assert queue.get(timeout=5).payload == {"id": 1}
    assert embedded_url(data_dir) is None
    with running_redis(data_dir) as url, Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"


def test_a_second_one_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path),
        pytest.raises(ConflictError, match="already running"),
        running_redis(tmp_path),
    ):
        pass


def test_a_server_left_behind_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from tracker.runtime.embedded_redis import running_redis\n"
            "with running_redis(Path(sys.argv[1])) as url: print(url, flush=True); time.sleep(60)",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout
    assert holder.stdout.readline()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with running_redis(tmp_path) as url:
        assert embedded_url(tmp_path) == url
    assert embedded_url(tmp_path) is None


@pytest.mark.parametrize("name", ["appendonly.aof.1.incr.aof", "appendonly.aof.1.base.rdb", "appendonly.aof.manifest"])
def test_what_it_kept_is_set_aside_where_it_is_damaged(tmp_path: Path, name: str) -> None:
    with running_redis(tmp_path):
        pass
    (tmp_path / "redis" / "appendonlydir" / name).write_bytes(b"*3\r\n$3\r\nSET\r\n$99\r\ngarbage" * 40)
    with running_redis(tmp_path) as url, Redis.from_url(url) as client:
        client.set("kept", "yes")
    with running_redis(tmp_path) as url, Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"
    assert b"garbage" in (tmp_path / "redis" / "damaged" / name).read_bytes()


def test_a_server_that_starts_without_it_no_better_leaves_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_redis(tmp_path) as url, Redis.from_url(url) as client:
        client.set("kept", "yes")
    with monkeypatch.context() as patch:
        patch.setattr(embedded_redis, "get_binary_path", lambda: Path("/bin/false"))
        with pytest.raises(BrokerNotStartedError, match=r"server\.log"), running_redis(tmp_path):
            pass
    with running_redis(tmp_path) as url, Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"
