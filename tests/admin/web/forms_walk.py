"""Every form of the application, found by opening its pages as each role and following their links."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException

from tests.admin.access.access_walk import Asked, Things, Whose, asked_of

UNTYPED = ("hidden", "submit", "button", "image", "reset", "file", "password")
ROLES = ("stranger", "coordinator", "head", "executive", "operator")
MOST_PAGES = 400
_FILES = ("/static/", "/evidence/", "/thumbnail/")


@dataclass
class Control:
    """What somebody fills in under one name."""

    name: str
    kind: str
    value: list[str]
    options: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind not in ("checkbox", "radio", "select")


@dataclass
class Form:
    """A form as it stands on a page: where it leads, what it sends unasked, what is filled in."""

    rule: str
    action: str
    page: str
    role: str
    controls: list[Control]
    sent: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return f"{self.rule} ({', '.join(sorted(one.name for one in self.controls))})"

    @property
    def values(self) -> list[str]:
        """All that stands in its fields."""
        return [value for one in self.controls for value in one.value]

    @property
    def holds(self) -> bool:
        """Whether something stands in it that was typed or chosen before."""
        return any(self.values)

    @property
    def compares(self) -> bool:
        """Whether it says what its fields were shown with."""
        return any(name.startswith(("was-", "seen")) or name.endswith("-was") for name, _ in self.sent)

    @property
    def texts(self) -> list[Control]:
        return [one for one in self.controls if one.is_text]


def rule_of(app: Flask, address: str, method: str) -> str | None:
    """The rule that an address of ours answers by."""
    try:
        rule, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method, return_rule=True)
    except HTTPException:
        return None
    return str(rule.rule)


def every_form(app: Flask, cookies: Mapping[str, str | None], starts: Sequence[str], *, follow: bool) -> list[Form]:
    """Each form into which somebody types or in which somebody chooses, once for each rule and set of fields.

    ``cookies`` are those of the roles, as they have signed in.
    """
    found: dict[str, Form] = {}
    for role, cookie in cookies.items():
        client = app.test_client()
        if cookie:
            client.set_cookie("tracker", cookie)
        for page, text in pages(app, client, starts, follow=follow):
            for form in forms_on(app, page, text, role):
                found.setdefault(form.name, form)
    return sorted(found.values(), key=lambda form: form.name)


def pages(app: Flask, client: FlaskClient, starts: Sequence[str], *, follow: bool) -> Iterator[tuple[str, str]]:
    """The pages that a role can open, from these and (``follow``) on by their links, one a route and set of queries."""
    waiting, seen = list(starts), set[tuple[str | None, tuple[str, ...]]]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        query = tuple(sorted(name for name, _ in parse_qsl(urlsplit(address).query)))
        rule = rule_of(app, address, "GET")
        if rule is None or (rule, query) in seen or address.startswith(_FILES):
            continue
        seen.add((rule, query))
        answer = client.get(address, buffered=True)
        if answer.status_code != 200 or answer.mimetype != "text/html" or not answer.text.strip():
            continue
        yield address, answer.text
        for link in html.fromstring(answer.text).xpath("//a/@href") if follow else ():
            target = urljoin(f"http://localhost{address}", str(link))
            if urlsplit(target).netloc == "localhost":
                waiting.append(target.removeprefix("http://localhost").partition("#")[0])


def every_page(app: Flask, things: dict[Whose, Things]) -> Iterator[str]:
    """The address of every route that is read, on things of the own unit and agency."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        for asked in asked_of(rule):
            if asked.method == "GET" and asked.whose in ("", "own unit", "own agency"):
                yield _address(app, asked, things[asked.whose])


def _address(app: Flask, asked: Asked, things: Things) -> str:
    view, _, action = asked.endpoint.rpartition(".")
    values = dict(things.values)
    if view == "people_import":
        values["token"] = values.get("people_token")
    if view == "plan_scan":
        values["token"] = values.get("scan_token")
    rule = next(rule for rule in app.url_map.iter_rules(asked.endpoint) if rule.rule == asked.rule)
    wanted = {name: values.get(name, 1) for name in rule.arguments}
    called = {name: value() if callable(value) else value for name, value in wanted.items()}
    path = app.url_map.bind("localhost").build(asked.endpoint, called, method="GET")
    return f"{path}?id={things.rows.get(view, '')}" if action.endswith(("edit_view", "details_view")) else path


def forms_on(app: Flask, page: str, text: str, role: str) -> Iterator[Form]:
    """The forms of a page that change something and hold more than buttons."""
    document = html.fromstring(text)
    for form in document.xpath("//form[@method='post' or @method='POST']"):
        action = urljoin(page, form.get("action") or page)
        rule = rule_of(app, action, "POST")
        controls, sent = controls_of(document, form)
        if rule is not None and controls:
            yield Form(rule, action, page, role, controls, sent)


def controls_of(document: Any, form: Any) -> tuple[list[Control], list[tuple[str, str]]]:
    """What is filled in, by name; and what is sent beside it: hidden fields, and the first button that has a name."""
    own = form.xpath(".//input | .//textarea | .//select | .//button")
    if form.get("id"):
        own += [one for one in document.xpath("//*[@form]") if one.get("form") == form.get("id")]
    found: dict[str, Control] = {}
    sent: list[tuple[str, str]] = []
    pressed = False
    for one in own:
        name, kind = one.get("name"), one.get("type", "text") if one.tag == "input" else one.tag
        if not name:
            continue
        if kind in UNTYPED:
            if kind == "hidden":
                sent.append((name, one.get("value", "")))
            elif kind == "submit" and not pressed:
                sent.append((name, one.get("value", "")))
                pressed = True
            continue
        control = found.setdefault(name, Control(name, kind, []))
        if kind == "select":
            options = [(option.get("value", option.text_content().strip()), option) for option in one.iter("option")]
            control.options += [value for value, _ in options]
            control.value += [value for value, option in options if "selected" in option.attrib]
        elif kind in ("checkbox", "radio"):
            control.options.append(one.get("value", "on"))
            control.value += [one.get("value", "on")] if "checked" in one.attrib else []
        elif kind == "button":
            del found[name]
            if not pressed:
                sent.append((name, one.get("value", "")))
                pressed = True
        else:
            text = one.text or "" if kind == "textarea" else one.get("value", "")
            control.value.append(text.removeprefix("\n"))
    return list(found.values()), sent


def same_form(app: Flask, form: Form, page: str, text: str) -> Form | None:
    """The form where it stands again: it leads to the same place, and has all of its fields and hidden values."""
    stable = {one for one in form.sent if one[0] not in ("csrf_token", "key")}
    names = {one.name for one in form.controls}
    for again in forms_on(app, page, text, form.role):
        if urlsplit(again.action).path != urlsplit(form.action).path or not names <= {
            one.name for one in again.controls
        }:
            continue
        if {one for one in again.sent if one[0] not in ("csrf_token", "key")} >= stable:
            return again
    return None


def blamed(text: str) -> dict[str, str]:
    """The fields of forms that a page calls wrong, and the words beside them."""
    document = html.fromstring(text)
    found = {}
    for one in document.xpath("//form//*[@aria-invalid='true']"):
        told = [document.get_element_by_id(name, None) for name in (one.get("aria-describedby") or "").split()]
        words = " ".join(element.text_content().strip() for element in told if element is not None)
        if words:
            found[one.get("name")] = words
    return found
