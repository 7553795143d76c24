"""Every address of the web for every role: what there is to ask for, whose it is, and what came back."""

import uuid
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from typing import Any, Literal

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.admin.conftest import NOON, TODAY, Visitor
from tests.factories import World, publish_report, task_of
from tracker.channels.email.done_link import DoneLinks
from tracker.channels.reading_link import ReadingLinks
from tracker.kinds import WorkState
from tracker.models import (
    Account,
    Completion,
    DayOff,
    Delivery,
    Digest,
    Event,
    Evidence,
    MailboxMessage,
    Member,
    Notice,
    Role,
    SignedIn,
    TextVersion,
    UnitAlias,
)
from tracker.plan_import.readers.scan import ScannedCell
from tracker.plan_import.readers.scan_words import MISSING
from tracker.services.accounts import forgotten
from tracker.services.accounts.invitations import invite
from tracker.services.audit import Actor
from tracker.services.plans import scans
from tracker.services.plans.scans import KeptScan
from tracker.services.plans.uploads import Upload, keep
from tracker.settings import Settings, secret_key
from tracker.store.db import Database
from tracker.store.storage import EvidenceStore

Whose = Literal["", "own unit", "other unit", "own agency", "other agency"]
MARCH = date(2023, 3, 31)
ROLES = ("stranger", "head", "deputy", "staff", "coordinator", "executive", "operator")
MEMBER_OF = {
    "head": "head2",
    "deputy": "deputy2",
    "staff": "staff2",
    "coordinator": "coordinator",
    "executive": "clerk",
}
UNIT_OF: dict[Whose, str] = {"own unit": "กองคลัง", "other unit": "กองช่าง", "other agency": "กองคลัง"}
HEAD_OF: dict[Whose, str] = {"own unit": "head2", "other unit": "head3", "other agency": "head2"}
MARKS: dict[Whose, str] = {"own unit": "ของกองเรา-7701", "other unit": "ของกองอื่น-7702", "other agency": "ของเขา-7703"}
"""Words planted in what belongs to each: where they show, somebody sees it."""

PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTU3VgAAAABJRU5ErkJggg==")

SENT = {
    "result": "ทำแล้ว", "done_on": "14/3/2566", "note": "x", "reason": "no_budget", "due_on": "1/4/2566",
    "declared_on": "14/3/2566",
    "until": "1/4/2566", "hold": "1", "text": "x", "why": "x", "language": "th", "digits": "thai",
}  # fmt: skip
"""What good forms send: who may is then answered otherwise than who may not."""

BY_UNIT = ("signed_in_id", "task_id", "member_id", "message_id", "delivery_id", "evidence_id")
BY_AGENCY = ("measure_id", "step_id", "plan_id", "unit_id")
OF_REFERENCE = ("edit_view", "delete_view", "details_view", "action_view")


@dataclass(frozen=True)
class Asked:
    """One line of the table: an address and whose thing it names."""

    method: str
    rule: str
    endpoint: str
    whose: Whose

    @property
    def key(self) -> tuple[str, str, str]:
        return self.method, self.rule, self.whose


@dataclass
class Things:
    """What belongs to one unit or agency: what stands in addresses, and rows of reference data by endpoint.

    A value that is used up by a question is made by a call.
    """

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def asked_of(rule: Rule) -> Iterator[Asked]:
    """The lines that a route needs: one a method, and one for each whose thing it may name."""
    view = rule.endpoint.rpartition(".")[2]
    owners: tuple[Whose, ...] = ("",)
    if rule.arguments.intersection(BY_UNIT):
        owners = ("own unit", "other unit", "other agency")
    elif (
        view in OF_REFERENCE
        or rule.arguments.intersection(BY_AGENCY)
        or rule.rule.startswith(("/plan/import/<token>", "/people/import/<token>"))
    ):
        owners = ("own agency", "other agency")
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        for whose in owners:
            yield Asked(method, rule.rule, rule.endpoint, whose)


def plant(database: Database, settings: Settings, ours: World, theirs: World) -> dict[Whose, Things]:
    """A deputy and staff, marked things of the own unit, of another and of another agency, and where they are."""
    things: dict[Whose, Things] = {}
    store = EvidenceStore(settings.data_dir / "evidence", 2**20)
    publish_report(database, store, theirs, "khang-khiang", datetime(2023, 4, 3, 5, tzinfo=UTC))
    with database.writing() as session:
        for who, role in (("deputy2", "deputy"), ("staff2", "staff")):
            _join(session, ours, who, role)
        for whose, unit_name in UNIT_OF.items():
            things[whose] = _things(session, settings, theirs if whose == "other agency" else ours, whose, unit_name)
    own, other = things["own unit"], things["other agency"]
    waiting = {"token": partial(_upload, database, ours)}
    waiting["people_token"] = partial(_upload, database, ours, people=True)
    waiting["scan_token"] = partial(_scan, database, ours)
    things["own agency"] = Things(own.values | waiting | {"page": 0}, own.rows)
    other.values |= {"scan_token": partial(_scan, database, theirs), "page": 0}
    other.values["token"] = partial(_upload, database, theirs)
    other.values["people_token"] = partial(_upload, database, theirs, people=True)
    general = {
        "ending": "json",
        "export_type": "csv",
        "filename": "app.css",
        "slug": "khang-khiang",
        "year": 2566,
        "edition": 1,
    }
    with database.reading() as session:
        task = task_of(session, ours, "กองคลัง", 1, date(2023, 4, 2))
        link = DoneLinks(secret_key(settings)).token(ours.members["head2"], task.id, TODAY, ours.email("head2"))
    general["seen"] = ReadingLinks(secret_key(settings)).token(
        ours.members["head2"], "task", task.id, TODAY, ours.email("head2")
    )
    with database.reading() as session:
        owner = session.get_one(Member, ours.members["head2"]).account
        assert owner is not None
        general["key"] = forgotten.link_path(settings, owner, by_mail=True, at=NOON).rpartition("/")[2]
    with database.writing() as session:
        guest = Member(agency_id=ours.agency_id, name="guest", email=ours.email("guest"))
        session.add(guest)
        session.flush()
        path = invite(session, guest, by_mail=False, by=Actor("test", "cli"), at=NOON)
    general["word"] = path.rpartition("/")[2]
    things[""] = Things(own.values | general | {"token": link}, own.rows)
    return things


def _join(session: Session, world: World, who: str, role: str) -> None:
    """One more person of กองคลัง, with the head's password."""
    known = session.get_one(Member, world.members["head2"]).account
    assert known is not None
    email = world.email(who)
    account = Account(email=email, password_hash=known.password_hash, session_key=who, created_at=NOON)
    member = Member(agency_id=world.agency_id, account=account, name=who, email=email)
    member.roles.append(Role(agency_id=world.agency_id, unit_id=world.units["กองคลัง"], role=role))
    session.add(member)


def _things(session: Session, settings: Settings, world: World, whose: Whose, unit_name: str) -> Things:
    mark, agency_id, unit_id = MARKS[whose], world.agency_id, world.units[unit_name]
    member = session.get_one(Member, world.members[HEAD_OF[whose]])
    task = task_of(session, world, unit_name, 3, MARCH)
    task.title = mark
    stored = uuid.uuid4().hex
    for folder in ("evidence", "evidence/thumbnails"):
        (settings.data_dir / folder).mkdir(parents=True, exist_ok=True)
        (settings.data_dir / folder / stored).write_text(mark, encoding="utf-8")
    completion = Completion(
        agency_id=agency_id, task_id=task.id, result=mark, done_on=TODAY, entered_at=NOON, entered_by_id=member.id,
    )  # fmt: skip
    session.add(completion)
    session.flush()
    evidence = Evidence(
        agency_id=agency_id, completion_id=completion.id, stored_name=stored, original_name=f"{mark}.jpg",
        media_type="image/jpeg", size=len(mark.encode()), sha256="0" * 64,
    )  # fmt: skip
    digest = Digest(agency_id=agency_id, member_id=member.id, on=TODAY, created_at=NOON)
    digest.notices.append(
        Notice(agency_id=agency_id, member_id=member.id, task_id=task.id, kind="returned", text=mark, created_at=NOON)
    )
    session.add_all([evidence, digest])
    session.flush()
    delivery = Delivery(
        agency_id=agency_id, digest_id=digest.id, channel="email", address=f"{mark}@x.example", state="failed",
        subject=mark, created_at=NOON,
    )  # fmt: skip
    message = MailboxMessage(
        agency_id=agency_id, member_id=member.id, subject=mark, body_text=mark,
        body_html=f"<!doctype html><html><head><title>{mark}</title></head><body>{mark}</body></html>", sent_at=NOON,
    )  # fmt: skip
    assert member.account is not None
    begun = SignedIn(
        account_id=member.account_id, token_hash=mark, session_key=member.account.session_key, created_at=NOON,
        seen_at=NOON, device=mark,
    )  # fmt: skip
    alias = UnitAlias(agency_id=agency_id, unit_id=unit_id, name=mark, name_key=mark)
    day_off = DayOff(agency_id=agency_id, on=date(2023, 4, 17 + unit_id % 5), name=mark)
    session.add_all([delivery, message, alias, day_off, begun])
    session.flush()
    text_version = TextVersion(
        agency_id=agency_id, measure_id=task.step.measure_id, field="summary", round=6, number=unit_id,
        source="coordinator", paragraphs=[{"number": None, "text": mark}], edited_by=mark, edited_at=NOON,
    )  # fmt: skip
    session.add(text_version)
    session.flush()
    first_event = session.scalars(select(Event.id).where(Event.agency_id == agency_id).order_by(Event.id)).first()
    role = session.scalars(select(Role.id).where(Role.member_id == member.id)).one()
    values = {
        "task_id": task.id, "member_id": member.id, "message_id": message.id, "delivery_id": delivery.id,
        "evidence_id": evidence.id, "signed_in_id": begun.id, "channel": "email", "plan_id": world.plan_id,
        "step_id": task.step_id, "measure_id": task.step.measure_id, "fiscal_year": 2566,
        "number": 6, "column": "summary", "version": 1, "place": 0, "unit_id": unit_id, "version_id": text_version.id,
    }  # fmt: skip
    rows = {
        "unit": unit_id, "unit_alias": alias.id, "member": member.id, "role": role, "day_off": day_off.id,
        "settings": agency_id, "task_records": task.id, "events": first_event,
    }  # fmt: skip
    return Things(values, rows)


def _upload(database: Database, world: World, *, people: bool = False) -> str:
    with database.reading() as session:
        account_id = session.get_one(Member, world.members["coordinator"]).account_id
    assert account_id is not None
    text = "มาตรการ\tขั้นตอน\tหน่วยงานผู้รับผิดชอบ\tระยะเวลาดำเนินการ\n1. ก\t1. ข\tกองคลัง\tตุลาคม 2565\n"
    found = Upload(world.agency_id, account_id, "plan.txt", 2566)
    if people:
        text, found = (
            "unit,name,role\nกองคลัง,ผู้ช่วย,staff\n",
            Upload(world.agency_id, account_id, "people.csv", 0, kind="people"),
        )
    with database.writing() as session:
        return keep(session, text.encode(), found, NOON)


def _scan(database: Database, world: World) -> str:
    with database.reading() as session:
        account_id = session.get_one(Member, world.members["coordinator"]).account_id
    assert account_id is not None
    box = (0, 0, 40, 20)
    cells = (
        ScannedCell(0, 0, 0, 0, 1, 1, box, "มาตรการ"),
        ScannedCell(0, 0, 0, 1, 1, 1, box, f"{MISSING}"),
        ScannedCell(0, 0, 1, 0, 1, 2, box, seen=True),
    )
    found = KeptScan(world.agency_id, account_id, "scan.pdf", 2566, WorkState.DONE, pages=1, cells=cells)
    pictures = BytesIO()
    with zipfile.ZipFile(pictures, "w") as archive:
        archive.writestr("0.png", PICTURE)
    with database.writing() as session:
        return scans.keep(session, pictures.getvalue(), found, NOON)


def signed_in(app: Flask, ours: World, role: str) -> str | None:
    """The cookie of a role after its sign-in; None for a stranger."""
    client = app.test_client()
    if role != "stranger":
        email = "operator@host.example" if role == "operator" else ours.email(MEMBER_OF[role])
        assert Visitor(client).sign_in(email).status_code == 302
    cookie = client.get_cookie("tracker")
    return cookie.value if cookie else None


def ask(app: Flask, cookie: str | None, asked: Asked, things: Things) -> TestResponse:
    """Opens the address once, as a browser of its own."""
    client: FlaskClient = app.test_client()
    if cookie:
        client.set_cookie("tracker", cookie)
    view, _, action = asked.endpoint.rpartition(".")
    row = things.rows.get(view, "")
    values = dict(things.values)
    if asked.endpoint == "admin.static":
        values["filename"] = "vendor/select2/select2-bootstrap4.css"
    if view == "people_import":
        values["token"] = values.get("people_token")
    if view == "plan_scan":
        values["token"] = values.get("scan_token")
    with app.test_request_context():
        wanted = {name: values[name] for name in _arguments(app, asked)}
        called = {name: value() if callable(value) else value for name, value in wanted.items()}
        path = app.url_map.bind("localhost").build(asked.endpoint, called, method=asked.method)
    if asked.method == "GET":
        return client.get(path, query_string={"id": row} if action in OF_REFERENCE else None, buffered=True)
    data = SENT | {"id": row, "rowid": row}
    query = {"id": row} if action == "edit_view" else None
    return client.post(path, data=data, query_string=query, buffered=True)


def _arguments(app: Flask, asked: Asked) -> set[str]:
    return next(rule.arguments for rule in app.url_map.iter_rules(asked.endpoint) if rule.rule == asked.rule)


def said(answer: TestResponse) -> str:
    """The answer as the table writes it."""
    if answer.status_code == 302 and (answer.location or "").startswith("/sign-in"):
        return "sign in"
    return str(answer.status_code)


def marks_in(answer: TestResponse) -> set[Whose]:
    """Whose things an answer shows."""
    text = answer.get_data().decode("utf-8", "replace")
    return {whose for whose, mark in MARKS.items() if mark in text}
