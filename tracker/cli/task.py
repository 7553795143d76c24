"""``tracker task``: lists tasks and ticks them off."""

from datetime import date
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.cli.installation import installation
from tracker.cli.options import Day, agency_option, json_option, print_json, year_option
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.kinds import TaskState
from tracker.models import Agency, Member
from tracker.services.audit import Actor
from tracker.services.organisation.agencies import find_agency, find_plan
from tracker.services.tasks import progress
from tracker.services.tasks.tasks import find_task, list_tasks, row
from tracker.store.storage import EvidenceStore, NewEvidence, link


@click.group()
def task() -> None:
    """Lists tasks and ticks them off."""


@task.command("list")
@click.option("--unit", metavar="NAME", help="Only tasks of this unit.")
@click.option("--state", type=click.Choice([state.value for state in TaskState]), help="Only tasks in this state.")
@click.option("--due-by", type=Day(), help="Only tasks due on or before this day.")
@year_option(required=False)
@agency_option
@json_option
def list_(
    unit: str | None,
    state: str | None,
    due_by: date | None,
    fiscal_year: int | None,
    agency_name: str | None,
    as_json: bool,
) -> None:
    """Lists the tasks of a plan: of the fiscal year, else of today's year, else of the latest plan."""
    here = installation()
    with here.database.reading() as session:
        plan = find_plan(session, find_agency(session, agency_name), fiscal_year, here.today)
        rows = list_tasks(session, plan, unit=unit, state=state, due_by=due_by)
    if as_json:
        print_json([one.as_json() for one in rows])
        return
    for one in rows:
        due = one.due_on.isoformat() if one.due_on else "no date   "
        click.echo(
            f"{one.id:>6}  {due}  {one.state:<12} {one.measure}.{one.step}  {' / '.join(one.units)}  {one.title}"
        )
    click.echo(f"{len(rows)} tasks of fiscal year {plan.fiscal_year}.")


@task.command()
@click.argument("task_id", metavar="ID", type=int)
@click.option("--result", required=True, metavar="TEXT", help="What was done.")
@click.option("--outcome", metavar="TEXT", help="What came of it.")
@click.option("--on", "done_on", type=Day(), help="The day it was done; default today.")
@click.option("--evidence", multiple=True, metavar="PATH", help="A file, or an https address; may be repeated.")
@click.option("--as", "email", metavar="EMAIL", help="The member who did it.")
@agency_option
@json_option
def done(
    task_id: int,
    result: str,
    outcome: str | None,
    done_on: date | None,
    evidence: tuple[str, ...],
    email: str | None,
    agency_name: str | None,
    as_json: bool,
) -> None:
    """Ticks the task ID off."""
    here = installation()
    store = here.evidence
    kept: list[NewEvidence] = []
    try:
        for piece in evidence:
            kept.append(_kept(store, piece))  # noqa: PERF401  (what is kept so far must be known if the next one fails)
        with here.database.writing() as session:
            agency = find_agency(session, agency_name)
            found = find_task(session, agency, task_id)
            progress.tick_off(
                session,
                found,
                result=result,
                outcome=outcome,
                done_on=done_on or here.today,
                today=here.today,
                evidence=kept,
                by=_actor(session, agency, email),
                at=here.at,
            )
            shown = row(found)
    except BaseException:
        for new in kept:
            store.remove(new)
        raise
    if as_json:
        print_json(shown.as_json())
    else:
        click.echo(f"Task {shown.id} is {shown.state}: {shown.title}")


def _kept(store: EvidenceStore, piece: str) -> NewEvidence:
    if piece.startswith(("http://", "https://")):
        return link(piece)
    path = Path(piece)
    if not path.is_file():
        what = ("is a folder", "เป็นโฟลเดอร์") if path.is_dir() else ("does not exist", "ไม่มีอยู่")
        raise NotUnderstoodError(
            f"The evidence {piece} {what[0]}; give the path of a file.", f"หลักฐาน {piece} {what[1]} กรุณาระบุไฟล์"
        )
    return store.keep(path.read_bytes(), path.name)


def _actor(session: Session, agency: Agency, email: str | None) -> Actor:
    if email is None:
        return Actor("tracker task done", "cli")
    member = session.scalar(select(Member).where(Member.agency_id == agency.id, Member.email == email.lower()))
    if member is None:
        raise NotFoundError(
            f"{agency.name} has no member with the address {email}; import people first.",
            f"{agency.name} ไม่มีบุคลากรที่ใช้อีเมล {email} กรุณานำเข้าบุคลากรก่อน",
        )
    return Actor(member.name, "cli", member.id)
