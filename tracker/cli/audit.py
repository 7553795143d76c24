"""``tracker audit``: proves the record of changes and the closed reports, and shows what changed since."""

from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.bilingual import Bilingual
from tracker.cli.installation import Installation, installation
from tracker.cli.options import agency_option, json_option, print_json, year_option
from tracker.models import Agency
from tracker.services.organisation.agencies import all_agencies, find_agency
from tracker.services.reports.differences import Difference
from tracker.services.reports.record_check import record_problems
from tracker.services.reports.verification import Verified, closed_versions, verify_version


@click.group()
def audit() -> None:
    """The record of who changed what, and the reports that rest on it."""


@audit.command()
@year_option(required=False)
@click.option("--round", "number", type=click.Choice(["6", "12"]), help="Only the reports of six or of twelve months.")
@agency_option
@json_option
def verify(fiscal_year: int | None, number: str | None, agency_name: str | None, as_json: bool) -> int:
    """Checks the chain of events and every closed report, its files and evidence; ends with 1 where one is broken.

    What changed since a report was closed is shown cell by cell; it is no fault.
    """
    here = installation()
    with here.database.reading() as session:
        agencies = [find_agency(session, agency_name)] if agency_name else all_agencies(session)
        found = [_verified(session, here, agency, fiscal_year, number) for agency in agencies]
        if as_json:
            print_json([one.as_json() for one in found])
        else:
            for one in found:
                for line in one.lines():
                    click.echo(line)
    return 1 if any(one.broken for one in found) else 0


@dataclass(frozen=True, slots=True)
class _Agency:
    """What was found of an agency."""

    name: str
    problems: list[Bilingual]
    reports: list[Verified]

    @property
    def broken(self) -> bool:
        return bool(self.problems) or any(report.problems for report in self.reports)

    def as_json(self) -> dict[str, Any]:
        return {
            "agency": self.name,
            "problems": [str(problem) for problem in self.problems],
            "reports": [_json(one) for one in self.reports],
        }

    def lines(self) -> list[str]:
        lines = [f"{self.name}: {'; '.join(self.problems) or 'the record is whole'}"]
        for report in self.reports:
            state = "; ".join(report.problems) or "whole"
            count = len(report.in_round)
            lines.append(f"  {_title(report)}: {state}; {count} cell{'' if count == 1 else 's'} changed since")
            lines += [f"    {_line(change)}" for change in report.in_round]
        return lines


def _verified(
    session: Session, here: Installation, agency: Agency, fiscal_year: int | None, number: str | None
) -> _Agency:
    versions = [
        one
        for one in closed_versions(session, agency.id)
        if fiscal_year in (None, one.round.plan.fiscal_year) and number in (None, str(one.round.number))
    ]
    reports = [verify_version(session, here.evidence, one, here.tz) for one in versions]
    problems = record_problems(session, agency.id, here.database.witness, here.evidence)
    return _Agency(agency.name, problems, reports)


def _json(report: Verified) -> dict[str, Any]:
    version = report.version
    return {
        "fiscal_year": version.round.plan.fiscal_year,
        "round": version.round.number,
        "version": version.number,
        "sha256": version.sha256,
        "problems": [str(problem) for problem in report.problems],
        "changes": [change.as_json() for change in report.changes],
    }


def _title(report: Verified) -> str:
    version = report.version
    return f"{version.round.plan.fiscal_year}, {version.round.number} months, version {version.number}"


def _line(change: Difference) -> str:
    place = [f"measure {change.measure}"] if change.measure is not None else []
    place += [f"step {change.step}"] if change.step is not None else []
    where = ", ".join((*place, *change.place, change.cell))
    before, after = (" ".join((value or "–").split()) for value in (change.before, change.after))
    return f"{where}: {before} → {after}"
