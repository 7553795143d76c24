"""Pages through gunicorn beside a bare application under the same gunicorn that runs the query and answers as much."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import agencies, bare, data
from benchmarks.measure import Line, Scale
from tracker import clock
from tracker.kinds import OPEN_STATES
from tracker.models import Member, Plan, Role, Task
from tracker.runtime.supervise import WEB_PROCESSES, WEB_THREADS, WEB_WORKER
from tracker.sample import load_sample
from tracker.settings import PREFIX, Settings

_ROOT = Path(__file__).parents[1]
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
HALF_SENT = 200
_OTHERS_FROM = 1_000
"""The number of the first agency beside the sample, far above the sample's own ids."""


class Connection:
    """A kept connection; it does no more than a browser must, for it shares the processor with the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self.asked = 0

    def answer(self, request: bytes, status: int) -> bytes:
        """The body of the answer to the request."""
        self._socket.sendall(request)
        head, body = b"", b""
        while not (end := head.find(b"\r\n\r\n") + 4) > 3:
            head += self._received()
        head, body = head[:end], head[end:]
        length = _LENGTH.search(head)
        while len(body) < int(length[1] if length else 0):
            body += self._received()
        assert head.split(b" ", 2)[1] == b"%d" % status, f"not {status}: {head + body[:500]!r}"
        self.asked += 1
        return body

    def close(self) -> None:
        self._socket.close()

    def _received(self) -> bytes:
        received = self._socket.recv(65_536)
        assert received, "the server closed the connection"
        return received


Ask = Callable[[Connection], object]


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of requests took: each one's seconds in order, and all of them together."""

    latencies: Sequence[float]
    seconds: float

    @property
    def p50(self) -> float:
        return self.latencies[len(self.latencies) // 2]

    @property
    def p95(self) -> float:
        return self.latencies[len(self.latencies) * 95 // 100]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


@dataclass(frozen=True, slots=True)
class Facts:
    """The sample agency: who signs in, the head's unit, and its open tasks, to tick off."""

    password: str
    coordinator: str
    head: str
    unit: int
    plan: int
    tasks: list[int]


def lines(scale: Scale, folder: Path) -> Iterator[Line]:
    """A head's list, the overview, a tick: for each size of the database, over one connection and over several."""
    for total in scale.page_tasks:
        own = folder / str(total)
        own.mkdir()
        copies = data.Copies(own, agency=False)
        facts = _facts(copies, own)
        agencies.fill(copies, total - len(facts.tasks), 0, _OTHERS_FROM)
        copies.database.dispose()
        yield from _pages(f"{total:,} tasks", scale, own, copies.path, facts)
        shutil.rmtree(own)


def _pages(size: str, scale: Scale, folder: Path, database: Path, facts: Facts) -> Iterator[Line]:
    floor_file = folder / "bare.sqlite3"
    shutil.copy(database, floor_file)
    ours = {f"{PREFIX}DATA_DIR": str(folder), f"{PREFIX}DATABASE_URL": f"sqlite:///{database}"}
    theirs = {bare.DATABASE: str(floor_file), bare.PLAN: str(facts.plan), bare.UNIT: str(facts.unit)}
    with _serving("admin.wsgi:app", folder, ours) as port, _serving("benchmarks.bare:app", folder, theirs) as bare_port:
        head, coordinator = (_signed_in(port, email, facts.password) for email in (facts.head, facts.coordinator))
        for name, path, floor_path, person in (
            ("head's list", "/tasks/", "/list", head),
            ("overview", "/overview/", "/overview", coordinator),
        ):
            connection = Connection(port)
            length = len(_get(path, person.cookie, connection))
            connection.close()
            ask, ask_floor = partial(_get, path, person.cookie), partial(_get, f"{floor_path}?{length}", "")
            title = f"{name}, {length / 1024:.1f} KiB"
            yield from _compared(title, size, scale, (port, [ask]), (bare_port, [ask_floor]))
        yield _beside_half_sent(size, scale, port, partial(_get, "/tasks/", head.cookie))
        shares = [facts.tasks[at :: max(scale.connections)] for at in range(max(scale.connections))]
        ticks = [partial(_tick, coordinator, share) for share in shares]
        floors = [partial(_bare_tick, share) for share in shares]
        yield from _compared("tick-off or taking back", size, scale, (port, ticks), (bare_port, floors))


def _compared(
    name: str, size: str, scale: Scale, ours: tuple[int, Sequence[Ask]], theirs: tuple[int, Sequence[Ask]]
) -> Iterator[Line]:
    for connections in scale.connections:
        each = max(2, scale.requests // connections // 2 * 2)
        load, floor = (_load(*side, connections, each) for side in (ours, theirs))
        yield Line(
            f"{size}, {connections} conn.: {name}",
            len(load.latencies),
            load.p50,
            floor.p50,
            (
                f"p50; p95 {load.p95 * 1000:.1f} ms (floor {floor.p95 * 1000:.1f} ms);"
                f" {load.per_second:.0f} requests/s (floor {floor.per_second:.0f})",
            ),
        )


def _beside_half_sent(size: str, scale: Scale, port: int, ask: Ask) -> Line:
    """What requests that never come to their end cost the others; the floor is the same without them."""
    alone = _load(port, [ask], 1, scale.requests)
    with ExitStack() as stack:
        for _ in range(HALF_SENT):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            half.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n")
        beside = _load(port, [ask], 1, scale.requests)
    name = f"{size}: head's list beside {HALF_SENT} half-sent requests"
    return Line(name, len(beside.latencies), beside.p95, alone.p95, ("p95",))


def _load(port: int, asks: Sequence[Ask], connections: int, each: int) -> Load:
    """So many requests over each of the connections, after some that warm every process of the server."""
    chosen = list(islice(cycle(asks), connections))
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(partial(_warm, port), chosen))
        begun = perf_counter()
        latencies = [latency for one in pool.map(partial(_repeated, port, each), chosen) for latency in one]
        return Load(sorted(latencies), perf_counter() - begun)


def _warm(port: int, ask: Ask) -> None:
    for _ in range(2 * WEB_PROCESSES):
        _repeated(port, 2, ask)


def _repeated(port: int, times: int, ask: Ask) -> list[float]:
    """The seconds of each request over one kept connection."""
    connection, latencies = Connection(port), []
    for _ in range(times):
        begun = perf_counter()
        ask(connection)
        latencies.append(perf_counter() - begun)
    connection.close()
    return latencies


@dataclass(slots=True)
class _SignedIn:
    cookie: str
    token: str


def _signed_in(port: int, email: str, password: str) -> _SignedIn:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
        token = _token(client.get("/sign-in").text)
        fields = {"email": email, "password": password, "csrf_token": token}
        assert client.post("/sign-in", data=fields).status_code == 302
        token = _token(client.get("/account/").text)
        return _SignedIn("; ".join(f"{name}={value}" for name, value in client.cookies.items()), token)


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    assert found, "a form without its token"
    return found[1]


def _get(path: str, cookie: str, connection: Connection) -> bytes:
    return connection.answer(_request("GET", path, cookie), 200)


def _tick(person: _SignedIn, tasks: Sequence[int], connection: Connection) -> None:
    """Ticks a task off, or takes the last tick back: each time the other, and then the next task."""
    task, ticked = tasks[connection.asked // 2 % len(tasks)], connection.asked % 2
    fields = {"csrf_token": person.token}
    if not ticked:
        fields |= {"result": "ดำเนินการแล้วตามแผน", "done_on": clock.today(data.ZONE).isoformat()}
    path = f"/tasks/{task}/undo" if ticked else f"/tasks/{task}"
    connection.answer(_request("POST", path, person.cookie, urlencode(fields)), 302)


def _bare_tick(tasks: Sequence[int], connection: Connection) -> None:
    connection.answer(_request("POST", f"/tick?{tasks[connection.asked // 2 % len(tasks)]}", ""), 302)


def _request(method: str, path: str, cookie: str, form: str = "") -> bytes:
    """As a browser sends it, without what no server minds."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"Content-Length: {len(form)}"] if method == "POST" else []
    lines += ["Content-Type: application/x-www-form-urlencoded"] if form else []
    return ("\r\n".join([*lines, "", ""]) + form).encode("ascii")


@contextmanager
def _serving(application: str, folder: Path, environment: dict[str, str]) -> Iterator[int]:
    """gunicorn as the tracker starts it, on a free port."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        command = [
            *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--worker-class", WEB_WORKER),
            *(
                "--no-control-socket",
                "--graceful-timeout",
                "1",
                "--workers",
                str(WEB_PROCESSES),
                "--threads",
                str(WEB_THREADS),
                application,
            ),
        ]
        log = folder / f"{application.partition(':')[0]}.log"
        known = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                cwd=folder,
                env=known | environment | {"PYTHONPATH": str(_ROOT)},
                pass_fds=[listener.fileno()],
                stdout=output,
                stderr=output,
            )
        try:
            yield listener.getsockname()[1]
        finally:
            server.terminate()
            server.wait()


def _facts(copies: data.Copies, folder: Path) -> Facts:
    """The sample agency in the year that it is now, as ``tracker up --sample`` makes it."""
    settings = Settings(_env_file=None, data_dir=folder)
    accounts = load_sample(copies.database, settings, clock.now())
    assert accounts is not None
    with copies.database.reading() as session:
        head = session.scalars(select(Role).where(Role.role == "head").order_by(Role.id)).first()
        assert head is not None
        return Facts(
            password=accounts.password or "",
            coordinator=_email(session, "coordinator"),
            head=head.member.email or "",
            unit=head.unit_id or 0,
            plan=session.scalars(select(Plan.id)).one(),
            tasks=list(session.scalars(select(Task.id).where(Task.state.in_(OPEN_STATES)).order_by(Task.id))),
        )


def _email(session: Session, role: str) -> str:
    return session.scalars(select(Member.email).join(Role).where(Role.role == role)).first() or ""
