"""The menu under the chat with the official account: my tasks, send a result, ask the coordinator."""

from pathlib import Path
from typing import Any

import typst

from tracker.line.messages import ASK, SEND, TASKS
from tracker.reports import as_pdf

NAME = "measure-tracker"
WIDTH, HEIGHT = 2500, 843
"""LINE's size of a low menu, in its picture's points."""
LABELS = (TASKS, SEND, ASK)
CHAT_BAR = "เมนูงาน"
FONT = "Sarabun"
FONTS = Path(as_pdf.__file__).with_name("fonts")

_PICTURE = """
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#let ink = rgb("#0B5A60")
#set text(font: "{font}", size: 92pt, weight: "bold", fill: ink, lang: "th")
#let frame(body, round: 24pt) = rect(width: 180pt, height: 150pt, radius: round, stroke: 12pt + ink, inset: 0pt, body)
#let rule(width) = line(length: width, stroke: 12pt + ink)
#let icons = (
  frame(align(center + horizon, stack(spacing: 26pt, rule(90pt), rule(90pt), rule(90pt)))),
  frame(align(center + horizon, circle(radius: 38pt, stroke: 12pt + ink))),
  frame(round: 70pt, align(center + horizon, stack(spacing: 26pt, rule(90pt), rule(60pt)))),
)
#let cell(icon, label) = stack(spacing: 70pt, align(center, icon), align(center, label))
#grid(
  columns: (1fr,) * {count}, rows: 100%, stroke: 4pt + rgb("#D5DBE1"), align: center + horizon,
  ..icons.zip(({cells})).map(((icon, label)) => cell(icon, label))
)
"""


def menu() -> dict[str, Any]:
    """The menu as LINE takes it: each part types its label, which the chat answers."""
    edges = [round(WIDTH * place / len(LABELS)) for place in range(len(LABELS) + 1)]
    areas = [
        {
            "bounds": {"x": left, "y": 0, "width": right - left, "height": HEIGHT},
            "action": {"type": "message", "label": label, "text": label},
        }
        for label, left, right in zip(LABELS, edges, edges[1:], strict=False)
    ]
    size = {"width": WIDTH, "height": HEIGHT}
    return {"size": size, "selected": True, "name": NAME, "chatBarText": CHAT_BAR, "areas": areas}


def picture() -> bytes:
    """The menu's picture, a PNG of ``WIDTH`` by ``HEIGHT``."""
    cells = ", ".join(f"[{label}]" for label in LABELS)
    source = _PICTURE.format(width=WIDTH, height=HEIGHT, font=FONT, count=len(LABELS), cells=cells)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.compile(source.encode(), format="png", ppi=72.0, font_paths=fonts)
