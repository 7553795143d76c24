"""The floors of the house: imports go down or stay on their floor, and no two rooms import each other."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = ("tracker", "workers", "admin", "migrations")

FLOORS: dict[int, tuple[str, ...]] = {
    1: (
        "tracker.thai",
        "tracker.settings",
        "tracker.errors",
        "tracker.clock",
        "tracker.paragraphs",
        "tracker.said",
        "tracker.write_queue",
    ),
    2: (
        "tracker.plan_import",
        "tracker.schedule",
        "tracker.rollup",
        "tracker.rules",
        "tracker.style",
        "tracker.proof",
        "tracker.working_days",
        "tracker.outlook",
        "tracker.passwords",
        "tracker.channels",
        "tracker.db",
        "tracker.oidc",
        "tracker.photos",
        "tracker.storage",
        "tracker.embedded_redis",
        "tracker.processes",
    ),
    3: ("tracker.models", "tracker.migrate"),
    4: ("tracker.services", "tracker.reminders", "tracker.reports", "tracker.papers", "tracker.line"),
    5: ("tracker.first_sign_in", "tracker.sample", "tracker.supervise", "tracker.cli", "workers", "admin"),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

PURE = (
    "tracker.thai",
    "tracker.schedule",
    "tracker.rollup",
    "tracker.style",
    "tracker.working_days",
    "tracker.outlook",
    "tracker.passwords",
    "tracker.photos",
    "tracker.plan_import",
    "tracker.proof",
    "tracker.rules",
)
IMPURE_IMPORTS = (
    "sqlalchemy",
    "flask",
    "celery",
    "redis",
    "httpx",
    "smtplib",
    "socket",
    "time",
    "tracker.clock",
    "tracker.db",
)

CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("pendulum", "now"),
    ("pendulum", "today"),
    ("func", "now"),
}


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    """Every module of the folders by its dotted name."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(name: str, path: Path) -> Iterator[str]:
    """What a module imports, anywhere in it, as dotted names; relative imports resolved."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def within(name: str, *rooms: str) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def room_of(name: str) -> str | None:
    """The room of the table that a module stands in."""
    return next((room for room in FLOOR_OF if within(name, room)), None)


def test_every_module_stands_in_a_room() -> None:
    homeless = [name for name, _ in modules("tracker", "workers", "admin") if not room_of(name) and name != "tracker"]
    assert homeless == []


def test_imports_never_go_up() -> None:
    reversed_arrows = [
        f"{name} imports {target}"
        for name, path in modules("tracker", "workers", "admin")
        for target in imports(name, path)
        if (room := room_of(name)) and (other := room_of(target)) and FLOOR_OF[other] > FLOOR_OF[room]
    ]
    assert reversed_arrows == []


def test_rooms_of_a_floor_do_not_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for name, path in modules("tracker", "workers", "admin"):
        for target in imports(name, path):
            room, other = room_of(name), room_of(target)
            if room and other and room != other:
                graph.setdefault(room, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"rooms import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [("tracker", ("workers", "admin")), ("workers", ("admin",)), ("admin", ("workers",))],
)
def test_processes_do_not_import_each_other(folder: str, forbidden: tuple[str, ...]) -> None:
    found = [f"{n} imports {t}" for n, path in modules(folder) for t in imports(n, path) if within(t, *forbidden)]
    assert found == []


def test_pure_rooms_know_no_database_no_web_no_clock() -> None:
    found = [
        f"{name} imports {target}"
        for name, path in modules("tracker")
        if within(name, *PURE)
        for target in imports(name, path)
        if within(target, *IMPURE_IMPORTS)
    ]
    assert found == []


def test_migrations_import_nothing_of_ours() -> None:
    found = [
        f"{name} imports {target}"
        for name, path in modules("migrations/versions")
        for target in imports(name, path)
        if within(target, *OURS)
    ]
    assert found == []


def test_only_the_clock_module_reads_the_clock() -> None:
    found = []
    for name, path in modules("tracker", "workers", "admin"):
        if name == "tracker.clock":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            owner_name = getattr(owner, "id", getattr(owner, "attr", ""))
            if (owner_name, node.func.attr) in CLOCK_READERS:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_the_domain_knows_neither_the_web_nor_celery() -> None:
    found = [
        f"{name} imports {target}"
        for name, path in modules("tracker")
        for target in imports(name, path)
        if within(target, "flask", "flask_admin", "flask_login", "flask_wtf", "wtforms", "celery", "kombu")
    ]
    assert found == []
