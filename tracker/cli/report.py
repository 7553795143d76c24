"""``tracker report``: writes the report of a round, one file per format; ``tracker report check`` proof-reads it."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.cli.installation import Installation, installation
from tracker.cli.options import agency_option, json_option, print_json, year_option
from tracker.errors import NotUnderstoodError
from tracker.models import Plan
from tracker.reports import FORMATS, render
from tracker.reports.claims import Claim
from tracker.reports.data import RoundNumber
from tracker.services.assessment.proofreading import suggestions_of
from tracker.services.organisation.agencies import find_agency, find_plan
from tracker.services.reports.closing import closed_version
from tracker.services.reports.compose import report_data
from tracker.services.reports.pre_close_checks import checks_of
from tracker.services.reports.report_assets import report_material
from tracker.services.reports.report_files import bytes_of


@click.group(invoke_without_command=True)
@year_option(required=False)
@click.option("--round", "number", type=click.Choice(["6", "12"]), help="Six or twelve months.")
@click.option(
    "--format",
    "formats",
    default=",".join(one.name for one in FORMATS.values() if one.offered_first),
    help=f"Comma-separated: {','.join(FORMATS)}.",
    show_default=True,
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@agency_option
@json_option
@click.pass_context
def report(
    context: click.Context,
    fiscal_year: int | None,
    number: str | None,
    formats: str,
    out: Path | None,
    agency_name: str | None,
    as_json: bool,
) -> None:
    """Writes the report of a round as report-BE-ROUND.ext; ``check`` proof-reads it."""
    if context.invoked_subcommand:
        return
    if fiscal_year is None or number is None or out is None:
        missing = {"fiscal_year": fiscal_year, "number": number, "out": out}
        raise click.MissingParameter(
            ctx=context, param=next(one for one in context.command.params if missing.get(one.name or "", 1) is None)
        )
    wanted = _formats(formats)
    here = installation()
    months: RoundNumber = 6 if number == "6" else 12
    with here.database.reading() as session:
        plan = find_plan(session, find_agency(session, agency_name), fiscal_year, here.today)
        agency = plan.agency.name
        contents = _contents(session, here, plan, months, wanted)
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, content in contents.items():
        path = out / f"report-{fiscal_year}-{number}{FORMATS[name].suffix}"
        part = path.with_suffix(f"{path.suffix}.part")
        part.write_bytes(content)
        part.replace(path)
        files.append(str(path))
    if as_json:
        print_json({"agency": agency, "fiscal_year": fiscal_year, "round": months, "files": files})
    else:
        for path_written in files:
            click.echo(path_written)


def _contents(
    session: Session, here: Installation, plan: Plan, number: RoundNumber, formats: list[str]
) -> dict[str, bytes]:
    """The files: of a closed round as they were kept, else of the draft as it stands now."""
    version = closed_version(session, plan, number)
    if version is not None:
        return {name: bytes_of(session, here.evidence, version, name) for name in formats}
    data = report_data(session, plan, number, here.tz)
    material = report_material(session, plan.agency_id, here.evidence)
    return {name: render(data, name, material) for name in formats}


@report.command()
@year_option(required=True)
@click.option("--round", "number", required=True, type=click.Choice(["6", "12"]), help="Six or twelve months.")
@agency_option
@json_option
def check(fiscal_year: int, number: str, agency_name: str | None, as_json: bool) -> None:
    """Names every step without a result and every sentence that claims more than was ticked; proof-reads the rest.

    Suggestions only, nothing is changed.
    """
    here = installation()
    months: RoundNumber = 6 if number == "6" else 12
    with here.database.reading() as session:
        agency = find_agency(session, agency_name)
        plan = find_plan(session, agency, fiscal_year, here.today)
        found = suggestions_of(session, plan, months, here.tz)
        checks = checks_of(session, plan, months, here.tz)
        without = [
            {"measure": measure.number, "step": step.number or step.position, "text": step.text}
            for measure, step in checks.without_result
        ]
        claiming = [_claim(view.measure.number, claim) for view, claim in checks.claiming]
    if as_json:
        print_json(
            {
                "agency": agency.name,
                "fiscal_year": fiscal_year,
                "round": months,
                "without_result": without,
                "claims": claiming,
                "suggestions": [one.as_json() for one in found],
            }
        )
        return
    for step in without:
        click.echo(f"measure {step['measure']}, step {step['step']}: no result yet: {step['text']}")
    for said in claiming:
        click.echo(
            f"measure {said['measure']}, {said['column']}: claims more than was ticked "
            f"({said['done']} of {said['whole']} {said['of']}): {said['quote']}\n    {said['text']}"
        )
    for one in found:
        where = "cover" if one.place.measure is None else f"measure {one.place.measure}, {one.place.column}"
        proposal = f" → {one.proposal}" if one.proposal else ""
        part = "step" if one.place.column == "annex" else "paragraph"
        click.echo(f"{where}, {part} {one.place.paragraph}: {one.quote}{proposal}\n    {one.reason}")
    click.echo(
        f"{len(without)} steps without a result, {len(claiming)} sentences that claim too much, "
        f"{len(found)} suggestions; none of them keeps the round from being closed."
    )


def _claim(measure: int, claim: Claim) -> dict[str, Any]:
    """A sentence that claims more than was ticked, as the command prints it."""
    return {
        "measure": measure,
        "column": "summary",
        "text": claim.paragraph.typed(thai_digits=False),
        "quote": claim.quote,
        "done": claim.done,
        "whole": claim.whole,
        "of": "units" if claim.of_units else "occasions",
    }


def _formats(text: str) -> list[str]:
    wanted = list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise NotUnderstoodError(f"“{text}” names no known format; use {', '.join(FORMATS)}.")
    return wanted
