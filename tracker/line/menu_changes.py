"""The menu under a person's chat follows the roles, by whatever page or command these were changed."""

import logging

from sqlalchemy import case, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.channels.base import DeliveryError
from tracker.channels.line.client import LineClient, line_client
from tracker.kinds import RoleName
from tracker.line.menu import NAMES, MenuOf
from tracker.models import Member, Role
from tracker.settings import Settings
from tracker.store.db import Database

BATCH = 200
"""People of one run: LINE takes one of them a request."""
_log = logging.getLogger(__name__)


def keep_menus_right(database: Database, settings: Settings) -> int:
    """Gives the menu of today's roles to linked people who have another one; gives to how many.

    Where the operator made no menus nobody is given one. What LINE does not take for the whole account is tried at the
    next run; who left the official account is not asked again.
    """
    line = line_client(settings)
    if line is None:
        return 0
    with database.reading() as session:
        people = _with_another_menu(session)
    if not people:
        return 0
    given: dict[str, MenuOf] = {}
    with line:
        try:
            _give(line, people, given)
        except DeliveryError:
            _log.warning("LINE did not take the menus of today's roles")
    with database.writing() as session:
        note_menus(session, given)
    return len(given)


def note_menus(session: Session, people: dict[str, MenuOf]) -> None:
    """Notes which menu LINE shows to each account from now on."""
    for whose in NAMES:
        accounts = [user_id for user_id, shown in people.items() if shown == whose]
        session.execute(update(Member).where(Member.line_user_id.in_(accounts)).values(line_menu=whose))


def _with_another_menu(session: Session) -> dict[str, MenuOf]:
    """Whoever is an executive of one agency has the executives' menu in all."""
    same = aliased(Member)
    signs = exists().where(
        same.line_user_id == Member.line_user_id,
        same.active,
        Role.member_id == same.id,
        Role.role == RoleName.EXECUTIVE,
    )
    due = case((signs, "executive"), else_="unit")
    query = (
        select(Member.line_user_id, due)
        .where(Member.line_user_id.is_not(None), Member.active)
        .where(or_(Member.line_menu.is_(None), Member.line_menu != due))
        .order_by(Member.id)
        .limit(BATCH)
    )
    return {user_id: whose for user_id, whose in session.execute(query) if user_id}


def _give(line: LineClient, people: dict[str, MenuOf], given: dict[str, MenuOf]) -> None:
    """Adds to ``given`` whom LINE was told of. Raises DeliveryError of the whole account."""
    made = line.menus()
    for user_id, whose in people.items():
        if NAMES[whose] not in made:
            continue
        try:
            line.show_menu(made[NAMES[whose]][-1], user_id)
        except DeliveryError as error:
            if error.scope == "channel":
                raise
            _log.warning("LINE did not take a person's menu")
        given[user_id] = whose
