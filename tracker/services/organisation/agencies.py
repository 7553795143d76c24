"""Finds agencies, their plans and their working days."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.models import Agency, DayOff, Plan
from tracker.thai.calendar import fiscal_year_of
from tracker.thai.text import fix_text, fold_name, squeeze_spaces
from tracker.thai.working_days import WorkingDays


def all_agencies(session: Session) -> Sequence[Agency]:
    """Every agency of the installation, the first one first."""
    return session.scalars(select(Agency).order_by(Agency.id)).all()


def find_agency(session: Session, name: str | None) -> Agency:
    """The agency of that name, or the only one where no name is given.

    Raises NotFoundError where there is none such, NotUnderstoodError where a name is needed.
    """
    agencies = all_agencies(session)
    if name is not None:
        return _named(agencies, name)
    if not agencies:
        raise NotFoundError(
            "There is no agency yet; import a plan or people first.", "ยังไม่มีหน่วยงานในระบบ กรุณานำเข้าแผนหรือบุคลากรก่อน"
        )
    if len(agencies) > 1:
        raise _which(agencies)
    return agencies[0]


def find_or_create_agency(session: Session, name: str | None, *, suggested: str | None) -> Agency:
    """The agency to import into: the named one, else the only one, else a new one under the suggested name.

    A name that is given and not known makes a new agency; so does a document of the first agency.
    """
    agencies = all_agencies(session)
    wanted = name or suggested
    if wanted:
        found = [agency for agency in agencies if fold_name(agency.name) == fold_name(wanted)]
        if found:
            return found[0]
    if name is None and len(agencies) == 1:
        return agencies[0]
    if name is None and len(agencies) > 1:
        raise _which(agencies)
    if not wanted:
        raise NotUnderstoodError(
            "There is no agency yet and none is named; name it with --agency.",
            "ยังไม่มีหน่วยงานในระบบ กรุณาระบุชื่อด้วย --agency",
        )
    return _created(session, squeeze_spaces(fix_text(wanted)))


def _created(session: Session, name: str) -> Agency:
    """A new agency, or the one that somebody else made under this name a moment ago."""
    agency = Agency(name=name)
    try:
        with session.begin_nested():
            session.add(agency)
    except IntegrityError:
        return session.scalars(select(Agency).where(Agency.name == name)).one()
    return agency


def find_plan(session: Session, agency: Agency, fiscal_year: int | None, today: date) -> Plan:
    """The agency's plan of the fiscal year (Buddhist Era); without a year, of today's, else its latest."""
    plans = session.scalars(select(Plan).where(Plan.agency_id == agency.id).order_by(Plan.fiscal_year)).all()
    years = {plan.fiscal_year: plan for plan in plans}
    if fiscal_year is None and years:
        return years.get(fiscal_year_of(today)) or plans[-1]
    if fiscal_year not in years:
        of_year = f" of fiscal year {fiscal_year}" if fiscal_year else ""
        of_year_th = f"ปีงบประมาณ {fiscal_year}" if fiscal_year else ""
        raise NotFoundError(
            f"{agency.name} has no plan{of_year}; import it with `tracker plan import`.",
            f"{agency.name} ยังไม่มีแผน{of_year_th} กรุณานำเข้าด้วย `tracker plan import`",
        )
    return years[fiscal_year]


def working_days(session: Session, agency_id: int) -> WorkingDays:
    """The agency's working days: government holidays with its own table of added and removed days."""
    days = session.scalars(select(DayOff).where(DayOff.agency_id == agency_id)).all()
    return WorkingDays(
        added=frozenset(day.on for day in days if day.off), removed=frozenset(day.on for day in days if not day.off)
    )


def _named(agencies: Sequence[Agency], name: str) -> Agency:
    for agency in agencies:
        if fold_name(agency.name) == fold_name(name):
            return agency
    known = ", ".join(agency.name for agency in agencies[:5]) or "none yet"
    raise NotFoundError(f"There is no agency “{name}”; known: {known}.", f"ไม่มีหน่วยงาน “{name}” ที่มีอยู่: {known}")


def _which(agencies: Sequence[Agency]) -> NotUnderstoodError:
    return NotUnderstoodError(
        f"There are {len(agencies)} agencies; say which with --agency.",
        f"มีหน่วยงาน {len(agencies)} แห่ง กรุณาระบุด้วย --agency",
    )
