"""``tracker line``: what the operator sets up at LINE."""

import click

from tracker.channels.line.client import line_client
from tracker.cli.installation import installation
from tracker.cli.options import json_option, print_json
from tracker.errors import NotUnderstoodError
from tracker.line.menu import LABELS, menu, picture


@click.group()
def line() -> None:
    """The official LINE account."""


@line.command(name="menu")
@json_option
def set_menu(as_json: bool) -> None:
    """Puts the menu under the chat of everybody: my tasks, send a result, ask the coordinator."""
    client = line_client(installation().settings)
    if client is None:
        raise NotUnderstoodError(
            "LINE is not set up; set TRACKER_LINE_CHANNEL_ACCESS_TOKEN and TRACKER_LINE_CHANNEL_SECRET first."
        )
    with client:
        account = client.account()
        made = client.set_menu(menu(), picture())
    name = account.name if account else None
    if as_json:
        print_json({"account": name, "menu": made})
    else:
        click.echo(f"The menu of {name or 'the official account'} is set: {', '.join(LABELS)}.")
