"""Requests that no page of ours makes: any role, any address, odd things in path, query, form and files; seeded."""

import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.routing import Rule

from tests.admin.access.access_walk import OF_REFERENCE, SENT, Things, Whose
from tests.conftest import ROOT

_NAMES = re.compile(r'\bname="([a-z_]{1,40})"')
_READ = re.compile(r"""(?:form|args|values)(?:\.get(?:list)?)?[(\[]\s*["']([a-z_]{1,40})["']""")
ODD: tuple[str, ...] = (
    *("", " ", "0", "-1", "1", "2", "2566", "๒๕๖๖", "99999999999999999999", "1e309", "NaN", "null", "true", "on", "[]"),
    *("[1]", '{"a":1}', "[[", '{"1":', "วัน", "31/2/2566", "30/9/2566", "2566-02-30", "0001-01-01", "9999-12-31"),
    *("24:61", "08:30", "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\u202eกลับ", "\ufeff", "ก" * 3000, "(" * 3000, "%s%n"),
    *("../../etc/passwd", "https://[", "//elsewhere.example/", "javascript:alert(1)", "<script>alert(1)</script>"),
    *(
        "{{7*7}}",
        "' OR 1=1 --",
        "\U0001f600",
        "1,2,3",
        "1 2",
        "½",
        "²",
        "1_000",
        "+5",
        "٣",
        "๙" * 400,
        "a@b",
        "a@[::1]",
    ),
)
_FILES: tuple[tuple[str, bytes], ...] = (
    ("plan.docx", b"PK\x03\x04" + bytes(40)),
    ("plan.xlsx", b"PK\x05\x06" + bytes(18)),
    ("a.csv", "หน่วย,ชื่อ\n\x00,\xff\n".encode("utf-16")),
    ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
    ("รูป\r\n.png", b"\x89PNG\r\n\x1a\n" + bytes(12)),
    ("x" * 300 + ".jpg", b"\xff\xd8\xff"),
    ("", b""),
    ("..\\..\\a.html", b"<html><table><tr><td rowspan=99999 colspan=99999>\xa1"),
)


_WEIGHTS = {"coordinator": 6, "operator": 3}
"""Who may ask for most is let in furthest."""


@dataclass(frozen=True)
class OddRequest:
    """One request, as the test client sends it."""

    role: str
    method: str
    path: str
    form: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, str, bytes], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        sent = {name: list(value) if isinstance(value, tuple) else [value] for name, value in self.form.items()}
        for name, filename, content in self.files:
            sent.setdefault(name, []).append((BytesIO(content), filename))
        return sent


@cache
def _read_by(module: str) -> tuple[str, ...]:
    """The names that a page's own module reads."""
    file = sys.modules[module].__file__
    found = set(_READ.findall(Path(file).read_text(encoding="utf-8"))) if file else set()
    return tuple(sorted(found)) or field_names()


@cache
def field_names() -> tuple[str, ...]:
    """The names of fields in templates, and those that code reads from forms and queries."""
    found: set[str] = set()
    for file in (ROOT / "admin").rglob("*.html"):
        found.update(_NAMES.findall(file.read_text(encoding="utf-8")))
    for file in (ROOT / "admin").rglob("*.py"):
        found.update(_READ.findall(file.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def odd_requests(
    app: Flask, things: Mapping[Whose, Things], roles: tuple[str, ...], seed: int, count: int
) -> Iterator[OddRequest]:
    """So many requests, the same for the same seed and routes."""
    dice = random.Random(seed)  # noqa: S311
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    for _ in range(count):
        rule = dice.choice(rules)
        method = dice.choice(sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
        owner = things[dice.choice(list(things))]
        own = _read_by(app.view_functions[rule.endpoint].__module__)
        form = _fields(dice, owner, own) if method == "POST" else {}
        files = tuple((dice.choice(_file_fields()), *dice.choice(_FILES)) for _ in range(dice.choice((0, 0, 1, 2))))
        yield OddRequest(
            dice.choices(roles, [_WEIGHTS.get(role, 1) for role in roles])[0],
            method,
            _path(dice, rule, owner) + _query(dice, rule, owner, own),
            form,
            files if method == "POST" else (),
            _headers(dice),
        )


def _file_fields() -> tuple[str, ...]:
    return tuple(name for name in field_names() if re.search("file|photo|document|scan|evidence|template", name))


def _path(dice: random.Random, rule: Rule, owner: Things) -> str:
    """The rule's address with what is there, or now and then with something odd."""

    def filled(match: re.Match[str]) -> str:
        name = match[1].rpartition(":")[2]
        value = owner.values.get(name)
        value = value() if callable(value) else value
        if value is None or dice.random() < 0.25:
            value = dice.choice(ODD) or "0"
        return quote(str(value), safe="")

    return re.sub(r"<([^>]+)>", filled, rule.rule)


def _query(dice: random.Random, rule: Rule, owner: Things, own: Sequence[str]) -> str:
    pairs = [(_name(dice, own), dice.choice(ODD)) for _ in range(dice.choice((0, 0, 1, 3)))]
    view, _, action = rule.endpoint.rpartition(".")
    if action in OF_REFERENCE and dice.random() < 0.7:
        pairs.append(("id", str(owner.rows.get(view, ""))))
    return f"?{urlencode(pairs)}" if pairs else ""


def _fields(dice: random.Random, owner: Things, own: Sequence[str]) -> dict[str, Any]:
    """What good forms send, of which some is odd, and odd things besides."""
    sent: dict[str, Any] = {**SENT} if dice.random() < 0.7 else {}
    for name, value in owner.values.items():
        if not callable(value) and dice.random() < 0.3:
            sent[name] = str(value)
    for name in (_name(dice, own) for _ in range(dice.choice((1, 3, 8, 20)))):
        sent[name] = tuple(dice.choices(ODD, k=3)) if dice.random() < 0.2 else dice.choice(ODD)
    return sent


def _name(dice: random.Random, own: Sequence[str]) -> str:
    return dice.choice(own if dice.random() < 0.8 else field_names())


def _headers(dice: random.Random) -> dict[str, str]:
    odd = {
        "Accept": dice.choice(("application/json", "*/*", "text/html;q=x", "")),
        "Accept-Language": dice.choice(("en", "th", "xx-@@", "*;q=")),
        "If-None-Match": dice.choice(('"x"', "W/", "*")),
        "Range": dice.choice(("bytes=0-1", "bytes=-", "bytes=99999999-", "lines=1")),
        "X-Forwarded-For": dice.choice(("1.2.3.4", ",,", "x")),
        "Cookie": dice.choice(("language=xx", "year=ๆ", "tracker=x.y.z")),
    }
    kept = dice.sample(sorted(odd), dice.choice((0, 0, 1, 2)))
    return {name: odd[name].encode().decode("latin-1") for name in kept if name != "Cookie" or dice.random() < 0.1}
