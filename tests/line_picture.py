"""A Flex bubble as HTML, to be looked at and measured: LINE's documented sizes, drawn from knowledge, not from a phone.

Sizes and margins are those of the Messaging API's reference ("Flex Message layout"); a mega bubble is 300 pixels wide.
"""

from html import escape
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

SCREEN = {"width": 360, "height": 740}
CHAT = 740 - 24 - 56 - 52
"""Of a screen what LINE leaves to the chat: without the status line, its own head, and the field to type in."""
_TEXT = {"xxs": 11, "xs": 13, "sm": 14, "md": 16, "lg": 19, "xl": 22}
_SPACE = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20}
_ALIGN = {"start": "left", "center": "center", "end": "right"}
_FONTS = ROOT / "admin/static/fonts"


def html_of(bubble: dict[str, Any], quick: list[str] | None = None) -> str:
    """A page with the bubble in a chat; ``quick`` are the labels of the quick replies under it."""
    faces = "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};src:url({(_FONTS / name).as_uri()})}}"
        for weight, name in ((400, "Sarabun-Regular.woff2"), (700, "Sarabun-Bold.woff2"))
    )
    header = _box(bubble["header"], "vertical") if "header" in bubble else ""
    chips = "".join(f"<span>{escape(one)}</span>" for one in quick or ())
    return (
        f'<!doctype html><html lang="th"><meta charset="utf-8"><style>{faces}'
        "body{margin:0;background:#8cabd9;font:16px/1.4 Sarabun}*{box-sizing:border-box}"
        ".bubble{width:300px;margin:8px 0 8px 52px;background:#fff;border-radius:17px;overflow:hidden}"
        ".box{display:flex;min-width:0}.vertical{flex-direction:column}.horizontal{flex-direction:row}"
        ".text{overflow-wrap:anywhere;overflow:hidden}.clamp{display:-webkit-box;-webkit-box-orient:vertical}"
        ".line{border-top:1px solid #d4d6da}.quick{display:flex;gap:6px;margin:8px;overflow:hidden}"
        ".quick span{background:#fff;border-radius:20px;padding:6px 14px;white-space:nowrap}"
        f"</style><body><div class=bubble>{header}{_box(bubble['body'], 'vertical')}</div>"
        f"{f'<div class=quick>{chips}</div>' if chips else ''}</body></html>"
    )


def picture(page: Any, bubble: dict[str, Any], path: Path | None = None, quick: list[str] | None = None) -> float:
    """Draws the bubble in the browser's page, keeps it where a path is given, and gives the bubble's height."""
    page.set_viewport_size(SCREEN)
    file = Path(path or "/dev/null")
    page.set_content(html_of(bubble, quick))
    page.evaluate("document.fonts.ready")
    if path is not None:
        page.screenshot(path=str(file))
    return float(page.locator(".bubble").bounding_box()["height"])


def clipped(page: Any) -> list[str]:
    """The labels of buttons, and the texts that may not be cut, that do not fit where they stand."""
    script = "found => found.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    return list(page.locator(".text").evaluate_all(script))


def _box(box: dict[str, Any], parent: str) -> str:
    kind = box["layout"]
    between = _SPACE[box.get("spacing", "none")]
    style = _style(box, parent) + f"gap:{between}px;"
    padding = _SPACE[box["paddingAll"]] if "paddingAll" in box else 0
    style += f"padding:{padding + (8 if 'backgroundColor' in box and 'height' not in box else 0)}px;"
    for name, css in (("backgroundColor", "background"), ("cornerRadius", "border-radius"), ("height", "height")):
        style += f"{css}:{box[name]};" if name in box else ""
    if "borderWidth" in box:
        style += f"border:{box['borderWidth']} solid {box['borderColor']};"
    if box.get("justifyContent") == "center":
        style += "justify-content:center;"
    contents = "".join(_part(part, kind) for part in box["contents"])
    return f'<div class="box {kind}" style="{style}">{contents}</div>'


def _part(part: dict[str, Any], parent: str) -> str:
    match part["type"]:
        case "box":
            return _box(part, parent)
        case "separator":
            return f'<div class="line" style="{_style(part, parent)}"></div>'
        case _:
            return _text(part, parent)


def _text(part: dict[str, Any], parent: str) -> str:
    size = _TEXT[part.get("size", "md")]
    style = _style(part, parent) + f"font-size:{size}px;color:{part.get('color', '#111')};"
    style += "font-weight:700;" if part.get("weight") == "bold" else ""
    style += f"text-align:{_ALIGN[part.get('align', 'start')]};"
    style += "" if part.get("wrap") else "white-space:nowrap;"
    clamp = f"-webkit-line-clamp:{part['maxLines']};" if part.get("maxLines") else ""
    words = escape(part["text"]).replace("\n", "<br>")
    return f'<div class="text {"clamp" if clamp else ""}" style="{style}{clamp}">{words}</div>'


def _style(part: dict[str, Any], parent: str) -> str:
    margin = _SPACE[part.get("margin", "none")]
    side = "left" if parent == "horizontal" else "top"
    style = f"margin-{side}:{margin}px;" if margin else ""
    if parent == "horizontal":
        style += f"flex:{part.get('flex', 1)} 1 0;min-width:0;"
    return style
