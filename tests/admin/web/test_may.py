"""Who may ask a route is declared beside it: without it nothing starts, with it no handler runs for others."""

import re

import pytest
from flask import Flask

from admin import app as application
from admin.app import create_app
from admin.web.base_view import AgencyPage, Page, expose
from admin.web.may import ANYONE, COORDINATOR, EXECUTIVE, MEMBER, OVERSEER, Who, check_declarations, declared, may
from tests.admin.conftest import Visitor
from tests.factories import World
from tracker.settings import Settings
from tracker.store.db import Database


class Rooms(AgencyPage):
    """A page that notes which of its handlers ran."""

    def __init__(self) -> None:
        super().__init__(name="", endpoint="rooms", url="/rooms")
        self.ran: list[str] = []

    @expose("/")
    def index(self) -> str:
        return "rooms"

    @expose("/keys", may=COORDINATOR)
    def keys(self) -> str:
        return "keys"

    @expose("/lock", methods=["POST"], may=COORDINATOR)
    def lock(self) -> str:
        self.ran.append("lock")
        return "locked"

    @expose("/seal", methods=["POST"], may=EXECUTIVE)
    def seal(self) -> str:
        self.ran.append("seal")
        return "sealed"


class Forgetful(Page):
    def __init__(self) -> None:
        super().__init__(name="", endpoint="forgetful", url="/forgetful")

    @expose("/")
    def index(self) -> str:
        return "to see"

    @expose("/change", methods=["POST"])
    def change(self) -> str:
        return "changed"


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """One of its own, which takes further routes."""
    app = create_app(settings, database)
    app.testing = True
    return app


@pytest.fixture
def rooms(app: Flask) -> Rooms:
    page = Rooms()
    app.extensions["admin"][0].add_view(page)
    return page


def test_the_application_does_not_start_with_a_route_that_declares_nothing(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "_healthz", lambda: {"status": "ok"})
    with pytest.raises(LookupError, match=re.escape("GET /healthz (healthz)")):
        create_app(settings, database)


def test_a_page_may_be_viewed_by_its_class_and_changed_only_by_a_declaration(app: Flask) -> None:
    app.extensions["admin"][0].add_view(Forgetful())
    assert declared(app, "forgetful.index", "GET") is MEMBER
    with pytest.raises(LookupError) as told:
        check_declarations(app)
    assert "POST /forgetful/change (forgetful.change)" in str(told.value)
    assert "GET" not in str(told.value)


@pytest.mark.usefixtures("rooms")
def test_what_is_declared_is_what_is_read(app: Flask) -> None:
    assert declared(app, "rooms.index", "GET") is OVERSEER
    assert declared(app, "rooms.keys", "GET") is COORDINATOR
    assert declared(app, "rooms.seal", "POST") is EXECUTIVE
    assert declared(app, "unit.edit_view", "POST") is COORDINATOR
    assert declared(app, "static", "GET") is None
    check_declarations(app)


def test_no_handler_runs_for_whom_it_is_not(app: Flask, rooms: Rooms, ours: World, coordinator: Visitor) -> None:
    palad = Visitor(app.test_client())
    palad.sign_in(ours.email("clerk"))
    app.config["WTF_CSRF_ENABLED"] = False
    for who in (coordinator, palad):
        who.client.post("/language", data={"language": "en"})
    refused = palad.client.post("/rooms/lock")
    assert (refused.status_code, rooms.ran) == (403, [])
    assert "Only the coordinator may do this." in refused.text
    refused = coordinator.client.post("/rooms/seal")
    assert (refused.status_code, rooms.ran) == (403, [])
    assert "Only an executive may sign." in refused.text
    assert palad.client.get("/rooms/keys").status_code == 403
    assert coordinator.client.get("/rooms/keys").text == "keys"
    assert coordinator.client.post("/rooms/lock").text == "locked"
    assert palad.client.post("/rooms/seal").text == "sealed"
    assert rooms.ran == ["lock", "seal"]


@pytest.mark.parametrize(
    ("who", "head_sees", "stranger_sees"), [(MEMBER, 200, 302), (OVERSEER, 403, 302), (ANYONE, 200, 200)]
)
def test_a_route_of_no_page(app: Flask, ours: World, who: Who, head_sees: int, stranger_sees: int) -> None:
    app.add_url_rule("/plain", "plain", may(who)(lambda: "plain"))
    check_declarations(app)
    head = Visitor(app.test_client())
    head.sign_in(ours.email("head2"))
    assert head.client.get("/plain").status_code == head_sees
    asked = app.test_client().get("/plain")
    assert asked.status_code == stranger_sees
    assert asked.status_code == 200 or asked.location.startswith("/sign-in")
