"""The parts that our LINE Flex messages are made of, within LINE's limits (docs/rules.md, "Answering a message")."""

from collections.abc import Iterable, Sequence
from typing import Any

Part = dict[str, Any]
Action = dict[str, Any]

PRIMARY, LATE, CLOSING, QUIET, DONE = "#0B5A60", "#B3261E", "#8A5A00", "#54616E", "#2B6B2F"
BUTTON_HEIGHT = "44px"
"""What a thumb hits; a Flex button would cut three labels in a row, a box with an action does not."""
LONGEST_LABEL = 20
LONGEST_ALT_TEXT = 400
LONGEST_TEXT = 5_000
LONGEST_DISPLAY_TEXT = 300
MOST_QUICK_REPLIES = 13
"""LINE's own limits, in the Messaging API's reference: it refuses the whole message where one is passed."""


def text(words: str, **style: Any) -> Part:
    """A text that wraps and follows the reader's letter size."""
    return {"type": "text", "text": words, "wrap": True, "scaling": True, **style}


def box(contents: Sequence[Part], layout: str = "vertical", **style: Any) -> Part:
    return {"type": "box", "layout": layout, "contents": list(contents), **style}


def separator(margin: str = "lg") -> Part:
    return {"type": "separator", "margin": margin}


def button(action: Action, *, filled: bool = False, quiet: bool = False) -> Part:
    """An answer: a box that can be tapped, whose label shrinks before it is cut."""
    colour = "#FFFFFF" if filled else QUIET if quiet else PRIMARY
    label: Part = {
        "type": "text",
        "text": action["label"],
        "align": "center",
        "gravity": "center",
        "size": "sm",
        "weight": "bold" if not quiet else "regular",
        "color": colour,
        "adjustMode": "shrink-to-fit",
    }
    look: Part = {"backgroundColor": PRIMARY} if filled else {"borderWidth": "1px", "borderColor": "#8A949C"}
    return box(
        [label],
        height=BUTTON_HEIGHT,
        cornerRadius="10px",
        justifyContent="center",
        paddingStart="4px",
        paddingEnd="4px",
        action=action,
        **look,
    )


def row_of(buttons: Iterable[Part]) -> Part:
    return box([{**one, "flex": 1} for one in buttons], "horizontal", spacing="sm", margin="md")


def fact(label: str, *values: Part) -> Part:
    """A line of a receipt: what it is, and what stands there."""
    name = text(label, size="sm", color=QUIET, flex=2)
    return box([name, box(list(values), flex=5)], "horizontal", margin="md", spacing="sm")


def bubble(contents: Sequence[Part], header: Sequence[Part] = ()) -> Part:
    made: Part = {"type": "bubble", "size": "mega"}
    if header:
        made["header"] = box(header, backgroundColor=PRIMARY, paddingAll="lg")
    return {**made, "body": box(contents, paddingAll="lg")}


def flex(alt_text: str, contents: Part, quick: Sequence[Action] = ()) -> Part:
    """The message; ``alt_text`` is what the lock screen shows."""
    return with_quick_replies({"type": "flex", "altText": alt_text[:LONGEST_ALT_TEXT], "contents": contents}, quick)


def said(words: str, quick: Sequence[Action] = ()) -> Part:
    """A plain text message, with quick replies under it."""
    return with_quick_replies({"type": "text", "text": words[:LONGEST_TEXT]}, quick)


def with_quick_replies(message: Part, quick: Sequence[Action]) -> Part:
    if quick:
        items = [{"type": "action", "action": action} for action in quick[:MOST_QUICK_REPLIES]]
        message["quickReply"] = {"items": items}
    return message
