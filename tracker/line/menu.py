"""The menus under the chat with the official account: of who is not linked yet, of a unit's people, of executives."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import typst
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.channels.base import DeliveryError
from tracker.channels.line.client import LineClient
from tracker.kinds import RoleName
from tracker.line.messages import ASK, LINK, SEND, TASKS, TO_SIGN, WHO_IS_LATE
from tracker.models import Member
from tracker.reports import as_pdf

_log = logging.getLogger(__name__)

MenuOf = Literal["unlinked", "unit", "executive"]
"""Whose menu it is: of everybody whom no link makes known, of who does work for units, of who signs."""

LABELS: dict[MenuOf, tuple[str, ...]] = {
    "unlinked": (LINK,),
    "unit": (TASKS, SEND, ASK),
    "executive": (WHO_IS_LATE, TO_SIGN, TASKS),
}
NAMES: dict[MenuOf, str] = {
    "unlinked": "measure-tracker unlinked",
    "unit": "measure-tracker",
    "executive": "measure-tracker executive",
}
"""What they are called at LINE; people do not see it."""
WIDTH, HEIGHT = 2500, 843
"""LINE's size of a low menu, in its picture's points."""
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
  tasks: frame(align(center + horizon, stack(spacing: 26pt, rule(90pt), rule(90pt), rule(90pt)))),
  photo: frame(align(center + horizon, circle(radius: 38pt, stroke: 12pt + ink))),
  talk: frame(round: 70pt, align(center + horizon, stack(spacing: 26pt, rule(90pt), rule(60pt)))),
  late: frame(round: 75pt, align(center + horizon, stack(
    dir: ltr, line(angle: 90deg, length: 50pt, stroke: 12pt + ink), rule(45pt)
  ))),
  sign: frame(align(center + horizon, stack(spacing: 26pt, rule(60pt), v(20pt), rule(110pt)))),
  link: frame(round: 75pt, align(center + horizon, rule(110pt))),
)
#let cell(icon, label) = stack(spacing: 70pt, align(center, icon), align(center, label))
#grid(
  columns: (1fr,) * {count}, rows: 100%, stroke: 4pt + rgb("#D5DBE1"), align: center + horizon,
  {cells}
)
"""


_ICONS = {TASKS: "tasks", SEND: "photo", ASK: "talk", WHO_IS_LATE: "late", TO_SIGN: "sign", LINK: "link"}


def menu(whose: MenuOf) -> dict[str, Any]:
    """The menu as LINE takes it: each part types its label, which the chat answers."""
    labels = LABELS[whose]
    edges = [round(WIDTH * place / len(labels)) for place in range(len(labels) + 1)]
    areas = [
        {
            "bounds": {"x": left, "y": 0, "width": right - left, "height": HEIGHT},
            "action": {"type": "message", "label": label, "text": label},
        }
        for label, left, right in zip(labels, edges, edges[1:], strict=False)
    ]
    size = {"width": WIDTH, "height": HEIGHT}
    return {"size": size, "selected": True, "name": NAMES[whose], "chatBarText": CHAT_BAR, "areas": areas}


def picture(whose: MenuOf) -> bytes:
    """The menu's picture, a PNG of ``WIDTH`` by ``HEIGHT``."""
    cells = ", ".join(f"cell(icons.{_ICONS[label]}, [{label}])" for label in LABELS[whose])
    source = _PICTURE.format(width=WIDTH, height=HEIGHT, font=FONT, count=len(LABELS[whose]), cells=cells)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.compile(source.encode(), format="png", ppi=72.0, font_paths=fonts)


def menus_of_people(session: Session) -> dict[str, MenuOf]:
    """Which menu each linked LINE account has; whoever is an executive of one agency has theirs."""
    linked = select(Member).where(Member.line_user_id.is_not(None), Member.active).options(selectinload(Member.roles))
    people: dict[str, list[Member]] = {}
    for member in session.scalars(linked.order_by(Member.id)):
        people.setdefault(member.line_user_id or "", []).append(member)
    return {user_id: menu_of(members) for user_id, members in people.items()}


def menu_of(members: Iterable[Member]) -> MenuOf:
    """The menu of the person who is these members, one an agency; of nobody, that of who is not linked."""
    roles = [{role.role for role in member.roles} for member in members]
    if any(RoleName.EXECUTIVE in held for held in roles):
        return "executive"
    return "unit" if roles else "unlinked"


def set_menus(line: LineClient, people: dict[str, MenuOf]) -> dict[MenuOf, str]:
    """Makes the menus anew and gives everybody theirs, in place of the former ones; gives their ids.

    Raises DeliveryError; then the former menus are still there.
    """
    former = [one for name, ids in line.menus().items() if name in NAMES.values() for one in ids]
    made: dict[MenuOf, str] = {whose: line.make_menu(menu(whose), picture(whose)) for whose in NAMES}
    for user_id, whose in people.items():
        _show(line, made[whose], user_id)
    line.show_menu(made["unlinked"])
    for one in former:
        line.forget_menu(one)
    return made


def _show(line: LineClient, menu_id: str, user_id: str) -> None:
    """Somebody who left the official account keeps nobody else from the menu."""
    try:
        line.show_menu(menu_id, user_id)
    except DeliveryError as error:
        if error.scope == "channel":
            raise
        _log.warning("LINE did not take a person's menu")


def give_menu(line: LineClient, user_id: str, whose: MenuOf) -> None:
    """Gives a person who was linked or parted just now the menu of that state, where the operator made menus.

    What LINE does not take is logged: the menu is a help, and each of its words can be typed.
    """
    try:
        made = line.menus().get(NAMES[whose])
        if made and whose == "unlinked":
            line.take_menu(user_id)
        elif made:
            line.show_menu(made[-1], user_id)
    except DeliveryError:
        _log.warning("LINE did not take a person's menu")
