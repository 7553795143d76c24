"""The floors of the house: imports go down or stay on their floor, no two rooms import each other,
and inside of a room no two subjects."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = ("tracker", "workers", "admin", "migrations")

FLOORS: dict[int, tuple[str, ...]] = {
    1: ("tracker.errors", "tracker.thai", "tracker.clock", "tracker.settings", "tracker.bilingual", "tracker.kinds"),
    2: (
        "tracker.schedule",
        "tracker.plan_draft",
        "tracker.plan_import",
        "tracker.store",
        "tracker.broker",
        "tracker.channels",
        "tracker.proofreading",
        "tracker.ita",
        "tracker.forecast",
    ),
    3: ("tracker.models",),
    4: ("tracker.reports", "tracker.memos", "tracker.reminders", "tracker.services", "tracker.line"),
    5: ("tracker.runtime", "tracker.sample", "tracker.cli", "workers", "admin"),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

#: rooms of several subjects: no two subjects of one import each other
SUBJECTS = ("tracker.services", "admin", "admin.pages")

PURE = (
    "tracker.kinds",
    "tracker.thai",
    "tracker.schedule",
    "tracker.plan_draft",
    "tracker.plan_import",
    "tracker.forecast",
    "tracker.proofreading",
    "tracker.ita",
    "tracker.reports.rollup",
    "tracker.reports.standing",
    "tracker.reports.style",
    "tracker.services.accounts.passwords",
    "tracker.store.photos",
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
    "tracker.store.db",
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


def no_circle(arrows: Iterator[tuple[str, str]]) -> None:
    """Fails where rooms import each other, by whatever way round."""
    graph: dict[str, set[str]] = {}
    for room, other in arrows:
        if room != other:
            graph.setdefault(room, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"rooms import each other: {' -> '.join(error.args[1])}")


def test_rooms_of_a_floor_do_not_import_each_other() -> None:
    no_circle(
        (room, other)
        for name, path in modules("tracker", "workers", "admin")
        for target in imports(name, path)
        if (room := room_of(name)) and (other := room_of(target))
    )


@pytest.mark.parametrize("house", SUBJECTS)
def test_subjects_of_a_room_do_not_import_each_other(house: str) -> None:
    def subject(name: str) -> str:
        return name.removeprefix(f"{house}.").split(".")[0]

    no_circle(
        (subject(name), subject(target))
        for name, path in modules(*house.split(".")[:1])
        if name.startswith(f"{house}.")
        for target in imports(name, path)
        if target.startswith(f"{house}.")
    )


def test_models_do_not_import_each_other() -> None:
    no_circle(
        (name, ".".join(target.split(".")[:3]))
        for name, path in modules("tracker/models")
        if name != "tracker.models"
        for target in imports(name, path)
        if target.startswith("tracker.models.")
    )


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
