"""The data of a LINE button: short ASCII, signed, because it comes back through the person's phone.

The signature says that we made the button. Who pressed it is what LINE says in the event; whether that person may
do it is decided anew when the button is pressed.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

_DATA = re.compile(
    r"a=(?P<act>[a-z]{2,12})(?:&t=(?P<task>[1-9]\d{0,17}))?(?:&n=(?P<number>\d{1,9}))?(?:&v=(?P<value>[0-9a-z.\-_]{1,190}))?"
    r"&s=(?P<signature>[0-9a-f]{32})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Button:
    """What a button asks for: an act on a task (0: none), with a draft's number and a value where it needs them."""

    act: str
    task: int = 0
    number: int = 0
    value: str = ""


def button_data(key: str, button: Button) -> str:
    """The button's data, at most 300 characters; ``key`` is the installation's secret key."""
    parts = [f"a={button.act}"]
    parts += [f"t={button.task}"] if button.task else []
    parts += [f"n={button.number}"] if button.number else []
    parts += [f"v={button.value}"] if button.value else []
    return "&".join([*parts, f"s={_signature(key, button)}"])


def read_button(key: str, data: str) -> Button | None:
    """What the data of a pressed button asks for; None where the data is not ours."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    button = Button(found["act"], int(found["task"] or 0), int(found["number"] or 0), found["value"] or "")
    return button if hmac.compare_digest(found["signature"], _signature(key, button)) else None


def _signature(key: str, button: Button) -> str:
    """Of a plain act on a task it is what the buttons of older messages carry."""
    words = f"line {button.act} {button.task}"
    words += f" n={button.number}" if button.number else ""
    words += f" v={button.value}" if button.value else ""
    return hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]
