"""``tracker plan``: imports a plan or a whole report, and shows what is stored."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tracker.cli.installation import installation
from tracker.cli.language import reads_thai
from tracker.cli.options import BuddhistYear, agency_option, json_option, print_json, year_option
from tracker.errors import NotUnderstoodError
from tracker.models import Agency
from tracker.plan_draft import DraftPlan, Warn
from tracker.plan_import.column_choice import refusal
from tracker.plan_import.document import ReadDocument, read_beside
from tracker.plan_import.moving import moved_document
from tracker.plan_import.place_words import thai_place
from tracker.services.audit import Actor
from tracker.services.organisation.agencies import all_agencies, find_agency, find_or_create_agency, find_plan
from tracker.services.plans import plan_parties, plans
from tracker.services.plans.amend import Difference
from tracker.services.tasks.generate import UnitBook
from tracker.thai.text import fold_name

CLI = Actor("tracker plan import", "cli")


@click.group()
def plan() -> None:
    """Imports and shows plans."""


@plan.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@year_option(required=True)
@agency_option
@click.option("--dry-run", is_flag=True, help="Show what was understood, store nothing.")
@click.option("--completed", is_flag=True, help="A finished report: mark its tasks done with its own results.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Which header is which field.")
@click.option(
    "--shift-from", type=BuddhistYear(), help="The document is of that year: move its periods, leave its results."
)
@click.option("--keep-years", is_flag=True, help="The document's years are meant as they stand.")
@click.option("--round", "months", type=click.Choice(["6", "12"]), help="The round that its results are of.")
@json_option
def import_(
    file: Path,
    fiscal_year: int,
    agency_name: str | None,
    dry_run: bool,
    completed: bool,
    columns: tuple[str, ...],
    shift_from: int | None,
    keep_years: bool,
    months: str | None,
    as_json: bool,
) -> None:
    """Reads the plan or report FILE into measures, steps and tasks.

    FILE is .docx, .xlsx, .odt, .ods, .csv, .html, .txt, a .pdf with ruled tables, or, with LibreOffice, .doc or .xls.
    """
    _check_years(fiscal_year, shift_from, keep_years=keep_years, completed=completed)
    here = installation()
    source = file.read_bytes()
    named = _columns(columns)
    with here.database.reading() as session:
        existing = _agencies(session, agency_name)
        known = UnitBook(session, existing[0].id).names if len(existing) == 1 else []
        remembered = existing[0].plan_columns if len(existing) == 1 else {}
    read = read_beside(
        source,
        file.name,
        shift_from or fiscal_year,
        columns=named,
        remembered=remembered,
        known_names=known,
    )
    if not dry_run:
        _refuse_what_is_open(read, fiscal_year, keep_years=keep_years)
    draft = _draft(read, fiscal_year, months)
    with here.database.session(writing=True) as session, session.begin() as transaction:
        if dry_run:
            existing = _agencies(session, agency_name)
            new = plan_parties.new_units(session, existing[0].id if len(existing) == 1 else 0, draft.measures)
            shown = replace(draft, agency=agency_name or draft.agency)
            value = shown.as_json()
            if len(existing) == 1:
                value |= _differences(plans.tried_differences(session, existing[0], draft, by=CLI, at=here.at))
            _show(value, shown, new, as_json, f"Understood {file.name}; nothing was stored.")
            transaction.rollback()
            return
        agency = find_or_create_agency(session, agency_name, suggested=draft.agency)
        draft = _for_agency(draft, agency.name)
        new = plan_parties.new_units(session, agency.id, draft.measures)
        result = plans.import_plan(
            session, agency, draft, source, file.name, completed=completed, tz=here.tz, by=CLI, at=here.at
        )
        plans.remember_columns(agency, named)
        value = plans.with_ids(session, result.plan, draft)
    value |= _differences(result.differences)
    _show(value, draft, new, as_json, _done(result))


@plan.command()
@year_option(required=True)
@agency_option
@json_option
def show(fiscal_year: int, agency_name: str | None, as_json: bool) -> None:
    """Shows the stored plan of a fiscal year."""
    here = installation()
    with here.database.reading() as session:
        stored = find_plan(session, find_agency(session, agency_name), fiscal_year, here.today)
        draft = plans.read_back(session, stored)
        _show(plans.with_ids(session, stored), draft, [], as_json, "")


def _agencies(session: Session, name: str | None) -> list[Agency]:
    """The agencies that may be meant: of that name, or all where none was said."""
    return [one for one in all_agencies(session) if name is None or fold_name(name) == fold_name(one.name)]


def _check_years(fiscal_year: int, shift_from: int | None, *, keep_years: bool, completed: bool) -> None:
    if shift_from is None:
        return
    if keep_years:
        raise NotUnderstoodError("--shift-from moves the years and --keep-years keeps them: give one of the two.")
    if shift_from == fiscal_year:
        raise NotUnderstoodError(f"--shift-from is the year of --fiscal-year, {fiscal_year}: leave it out.")
    if completed:
        raise NotUnderstoodError("--shift-from leaves the results out, so that --completed has none: leave one out.")


def _refuse_what_is_open(read: ReadDocument, fiscal_year: int, *, keep_years: bool) -> None:
    """Nothing is stored of a document whose columns only a person can tell, or of another year than was said."""
    if read.questions:
        raise refusal(read.questions)
    other = None if keep_years else read.other_year
    if other:
        raise other.refusal(fiscal_year)


def _draft(read: ReadDocument, fiscal_year: int, months: str | None) -> DraftPlan:
    """The plan that the document gives, moved where it was read as another year's, with the round of its results."""
    draft = read.draft
    if read.fiscal_year != fiscal_year:
        other = read.other_year
        draft = moved_document(read, fiscal_year).draft
        return replace(draft, warnings=((other.warning,) if other else ()) + draft.warnings)
    if months:
        return replace(draft, round=6 if months == "6" else 12)
    if draft.round is None and draft.tells_results:
        message = "หน้าปกไม่บอกรอบรายงาน ผลในเอกสารจึงเป็นของรอบ 12 เดือน ถ้าไม่ใช่ให้ระบุ --round 6"
        return replace(draft, warnings=(Warn("cover", message), *draft.warnings))
    return draft


def _columns(options: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for option in options:
        field, equals, header = option.partition("=")
        if not (field and equals and header):
            raise NotUnderstoodError(f"--column {option} is not FIELD=HEADER, such as period=กำหนดเสร็จ.")
        columns[field.strip()] = header.strip()
    return columns


def _for_agency(draft: DraftPlan, name: str) -> DraftPlan:
    """The draft under the agency that it goes to; a document that names another one is reported."""
    warnings = draft.warnings
    if draft.agency and fold_name(draft.agency) != fold_name(name):
        warnings += (Warn("cover", f"the document names “{draft.agency}”; it was imported for “{name}”"),)
    return replace(draft, agency=name, warnings=warnings)


def _differences(found: Sequence[Difference]) -> dict[str, Any]:
    return {"differences": list(found)} if found else {}


def _done(result: plans.PlanImport) -> str:
    if result.created:
        sentence = f"Imported: {result.tasks_created} tasks created"
    elif result.differences:
        sentence = f"Amended: {len(result.differences)} differences, {result.tasks_created} tasks created"
    else:
        sentence = f"Nothing changed, {result.tasks_created} tasks created"
    return sentence + (f", {result.tasks_completed} marked done." if result.tasks_completed else ".")


def _show_doubts(warnings: Sequence[Warn], new: Sequence[plan_parties.NewUnit], *, thai: bool) -> None:
    """What is to be looked at, in the reader's language: the warnings, and the units that nobody knows yet."""
    if warnings:
        click.echo(f"\nโปรดตรวจ {len(warnings)} เรื่อง:" if thai else f"\n{len(warnings)} warnings:")
        for warning in warnings:
            click.echo(f"   {thai_place(warning.where) if thai else warning.where}: {warning.message}")
    if new:
        click.echo(f"\nหน่วยงานใหม่ {len(new)} หน่วย:" if thai else f"\n{len(new)} new units:")
        like = "ใกล้เคียงที่สุดคือ" if thai else "most like"
        for unit in new:
            click.echo(f"   {unit.name}" + (f" ({like} {unit.like.name})" if unit.like else ""))


def _show(
    value: dict[str, Any], draft: DraftPlan, new: Sequence[plan_parties.NewUnit], as_json: bool, closing: str
) -> None:
    if as_json:
        print_json(value)
        return
    click.echo(f"{draft.agency or 'no agency named'} · {draft.fiscal_year}")
    for measure in draft.measures:
        click.echo(f"\n{measure.number}. {measure.title}")
        click.echo(f"   {measure.responsible.text} ({measure.responsible.mode}) · {measure.period.text}")
        ends = ", ".join(str(checkpoint.on) for checkpoint in measure.period.checkpoints)
        click.echo(f"   checkpoints: {ends or 'none'}")
        for position, step in enumerate(measure.steps, 1):
            click.echo(f"   {step.number or position}) {step.text}")
        if measure.summary or measure.outcome:
            click.echo(f"   summary: {len(measure.summary)} paragraphs, outcome: {len(measure.outcome)}")
    _show_doubts(draft.warnings, new, thai=reads_thai())
    for difference in value.get("differences", []):
        click.echo(f"   changed: {difference}")
    if closing:
        click.echo(f"\n{closing}")
