"""``tracker line``: what the operator sets up at LINE."""

import click

from tracker.channels.line.client import line_client
from tracker.cli.installation import installation
from tracker.cli.options import json_option, print_json
from tracker.errors import NotUnderstoodError
from tracker.line.menu import LABELS, menus_of_people, set_menus
from tracker.line.menu_changes import note_menus


@click.group()
def line() -> None:
    """The official LINE account."""


@line.command(name="menu")
@json_option
def set_menu(as_json: bool) -> None:
    """Puts a menu under everybody's chat: of who is not linked yet, of people of units, and of executives.

    Whose roles change later gets the menu of the new ones within a quarter of an hour.
    """
    here = installation()
    client = line_client(here.settings)
    if client is None:
        raise NotUnderstoodError(
            "LINE is not set up; set TRACKER_LINE_CHANNEL_ACCESS_TOKEN and TRACKER_LINE_CHANNEL_SECRET first."
        )
    with here.database.reading() as session:
        people = menus_of_people(session)
    with client:
        account = client.account()
        made = set_menus(client, people)
    with here.database.writing() as session:
        note_menus(session, people)
    name = account.name if account else None
    if as_json:
        print_json({"account": name, "menu": made["unit"], "menus": made, "people": len(people)})
    else:
        click.echo(f"The menus of {name or 'the official account'} are set, {len(people)} linked people have theirs:")
        for labels in LABELS.values():
            click.echo(f"  {', '.join(labels)}")
