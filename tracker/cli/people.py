"""``tracker people``: units and members from a table."""

from pathlib import Path

import click

from tracker.cli.installation import installation
from tracker.cli.options import agency_option, json_option, print_json
from tracker.services.audit import Actor
from tracker.services.organisation.agencies import find_or_create_agency
from tracker.services.organisation.people import import_in_steps
from tracker.services.organisation.people_table import read_people

CLI = Actor("tracker people import", "cli")


@click.group()
def people() -> None:
    """Imports units and people."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@agency_option
@json_option
def import_(file: Path, agency_name: str | None, as_json: bool) -> None:
    """Reads FILE (.csv or .xlsx) with the columns unit, unit_kind, name, role, email, line_user_id, parent, rank."""
    here = installation()
    rows = read_people(file.read_bytes(), file.name)
    with here.database.writing() as session:
        agency = find_or_create_agency(session, agency_name, suggested=None)
    result = import_in_steps(here.database, agency.id, rows, by=CLI, at=here.at)
    if as_json:
        print_json({"agency": agency.name, **result.as_json()})
        return
    for change in result.changes:
        click.echo(change)
    click.echo(
        f"{agency.name}: {result.units} units, {result.members} people, {result.tasks_created} tasks created."
        if result.changes
        else f"{agency.name}: nothing changed ({result.units} units, {result.members} people)."
    )
