"""``tracker report``: writes the report of a round, one file per format."""

from pathlib import Path

import click

from tracker.cli.installation import installation
from tracker.cli.options import agency_option, json_option, print_json, year_option
from tracker.errors import NotUnderstoodError
from tracker.reports import FORMATS, render
from tracker.reports.data import RoundNumber
from tracker.services.agencies import find_agency, find_plan
from tracker.services.closing import published_or_draft


@click.command()
@year_option(required=True)
@click.option("--round", "number", required=True, type=click.Choice(["6", "12"]), help="Six or twelve months.")
@click.option(
    "--format", "formats", default="docx,pdf", help=f"Comma-separated: {','.join(FORMATS)}.", show_default=True
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@agency_option
@json_option
def report(fiscal_year: int, number: str, formats: str, out: Path, agency_name: str | None, as_json: bool) -> None:
    """Writes the report of a round as report-BE-ROUND.ext."""
    wanted = _formats(formats)
    here = installation()
    months: RoundNumber = 6 if number == "6" else 12
    with here.database.reading() as session:
        plan = find_plan(session, find_agency(session, agency_name), fiscal_year, here.today)
        data = published_or_draft(session, plan, months, here.tz)
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name in wanted:
        path = out / f"report-{fiscal_year}-{number}.{name}"
        part = path.with_suffix(f".{name}.part")
        part.write_bytes(render(data, name))
        part.replace(path)
        files.append(str(path))
    if as_json:
        print_json({"agency": data.agency, "fiscal_year": fiscal_year, "round": months, "files": files})
    else:
        for path_written in files:
            click.echo(path_written)


def _formats(text: str) -> list[str]:
    wanted = list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise NotUnderstoodError(f"“{text}” names no known format; use {', '.join(FORMATS)}.")
    return wanted
