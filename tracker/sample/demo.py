"""``tracker demo``: the sample plan played through a fiscal year on a simulated clock, by the rules of the product."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.errors import ConflictError
from tracker.kinds import TaskState
from tracker.models import MailboxMessage, Plan, Task
from tracker.reminders.remind import remind
from tracker.reports import FORMATS, render
from tracker.reports.data import RoundNumber
from tracker.sample.load import do, load_agency, load_plan, make_sign_ins, note
from tracker.sample.work import Work, work_of
from tracker.services.audit import verify
from tracker.services.reports import compose as rounds
from tracker.services.reports.report_assets import report_material
from tracker.settings import Settings
from tracker.store import migrate
from tracker.store.db import Database, open_database
from tracker.store.storage import open_store
from tracker.thai.calendar import fiscal_year_end, fiscal_year_of, fiscal_year_start, format_date, round_end

SWEEP_AT = time(9)
MARKER = "made-by-tracker-demo"

Act = tuple[Callable[[Session, Work, Settings], None], Work]


@dataclass(slots=True)
class Month:
    """What happened in one month of the year."""

    ticked: int = 0
    digests: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    #: the most tasks that were late on one day
    most_late: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "ticked": self.ticked,
            "digests": self.digests,
            "stages": dict(self.stages),
            "most_late": self.most_late,
        }


def play(out: Path, settings: Settings, progress: Callable[[str], None]) -> None:
    """Plays the last whole fiscal year into ``out``: reports of both rounds, every reminder, a summary.

    The database is a new one in ``out/data``; nothing is sent out. Raises ConflictError where ``out`` holds
    something else than an earlier play.
    """
    own = _own_settings(out, settings)
    fiscal_year = fiscal_year_of(clock.today(settings.zone)) - 1
    database = open_database(own)
    try:
        migrate.upgrade(database)
        summary = _play_year(database, own, fiscal_year, out, progress)
    finally:
        database.dispose()
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (out / "summary.md").write_text(_as_text(summary), encoding="utf-8")
    progress(f"Done: {out / 'summary.md'}, {len(summary['reports'])} reports, {summary['messages']} reminders.")
    progress(f"Look around in it: TRACKER_DATA_DIR={own.data_dir} tracker up")


def _own_settings(out: Path, settings: Settings) -> Settings:
    """Settings that reach nothing outside of ``out``, which is emptied of an earlier play."""
    data_dir = (out / "data").absolute()
    if data_dir.exists() and not (data_dir / MARKER).exists():
        raise ConflictError(f"{data_dir} is not of an earlier demo: name another folder with --out.")
    for old in (*data_dir.glob("tracker.sqlite3*"), *(out / "reminders").glob("*.txt")):
        old.unlink()
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARKER).touch()
    return settings.model_copy(
        update={
            "data_dir": data_dir,
            "database_url": f"sqlite:///{data_dir / 'tracker.sqlite3'}",
            "redis_url": None,
            "smtp_url": None,
            "line_channel_access_token": None,
            "line_channel_secret": None,
        }
    )


def _play_year(
    database: Database, settings: Settings, fiscal_year: int, out: Path, progress: Callable[[str], None]
) -> dict[str, Any]:
    first_day = fiscal_year_start(fiscal_year)
    with database.writing() as session:
        at = datetime.combine(first_day, time(8), settings.zone).astimezone(UTC)
        agency = load_agency(session, at)
        plan = load_plan(session, agency, fiscal_year, settings, at)
        make_sign_ins(session, agency, settings, at)
        acts = _acts(work_of(session, plan))
        agency_id, agency_name, plan_id = agency.id, agency.name, plan.id
    progress(f"{agency_name}, fiscal year {fiscal_year}: {len(acts)} days with work")
    months: dict[str, Month] = {}
    reports: list[str] = []
    for day in _days(first_day, fiscal_year_end(fiscal_year) + timedelta(1)):
        month = months.setdefault(f"{day:%Y-%m}", Month())
        _sweep(database, settings, day, month)
        month.ticked += _work(database, settings, acts.get(day, ()))
        month.most_late = max(month.most_late, _late(database, plan_id, day))
        if (day + timedelta(1)).day == 1:
            progress(_as_line(day, month))
        for number in _rounds_closed(fiscal_year, day):
            reports += _report(database, settings, plan_id, number, out)
            progress(f"  reports of {number} months: {', '.join(FORMATS)}")
    with database.reading() as session:
        return {
            "agency": agency_name,
            "fiscal_year": fiscal_year,
            "months": {name: month.as_json() for name, month in months.items()},
            "tasks": dict(Counter(session.scalars(select(Task.state)))),
            "reports": reports,
            "messages": _keep_messages(session, settings, out / "reminders"),
            "broken_records": verify(session, agency_id),
        }


def _acts(work: list[Work]) -> dict[date, list[Act]]:
    acts: dict[date, list[Act]] = defaultdict(list)
    for one in work:
        if one.noted_on and one.noted_on < one.done_on:
            acts[one.noted_on].append((note, one))
        acts[one.done_on].append((do, one))
    return acts


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(count) for count in range((last - first).days + 1))


def _sweep(database: Database, settings: Settings, day: date, month: Month) -> None:
    at = datetime.combine(day, SWEEP_AT, settings.zone).astimezone(UTC)
    result = remind(database, settings, at)
    month.digests += len(result["digests"])
    for digest in result["digests"]:
        month.stages.update(digest["stages"].values())


def _work(database: Database, settings: Settings, acts: Sequence[Act]) -> int:
    """Does the day's work; gives how many tasks were ticked off."""
    if acts:
        with database.writing() as session:
            for act, work in acts:
                act(session, work.on(session), settings)
    return sum(act is do for act, _ in acts)


def _late(database: Database, plan_id: int, day: date) -> int:
    with database.reading() as session:
        due = session.execute(select(Task.state, Task.due_on).where(Task.plan_id == plan_id))
        return sum(
            state not in (TaskState.DONE, TaskState.CANCELLED) and due_on is not None and due_on < day
            for state, due_on in due
        )


def _rounds_closed(fiscal_year: int, day: date) -> tuple[RoundNumber, ...]:
    """The round whose last day was the day before."""
    numbers: tuple[RoundNumber, ...] = (6, 12)
    return tuple(number for number in numbers if round_end(fiscal_year, number) == day - timedelta(1))


def _report(database: Database, settings: Settings, plan_id: int, number: RoundNumber, out: Path) -> list[str]:
    with database.reading() as session:
        plan = session.get_one(Plan, plan_id)
        data = rounds.report_data(session, plan, number, settings.zone)
        store = open_store(settings)
        material = report_material(session, plan.agency_id, store)
    names = []
    for format_ in FORMATS:
        path = out / f"report-{data.fiscal_year}-{number}.{format_}"
        path.write_bytes(render(data, format_, material))
        names.append(path.name)
    return names


def _keep_messages(session: Session, settings: Settings, folder: Path) -> int:
    """Writes every message that landed in the mailbox as a text file."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = session.scalars(
        select(MailboxMessage).options(joinedload(MailboxMessage.member)).order_by(MailboxMessage.id)
    ).all()
    for number, message in enumerate(messages, 1):
        day = clock.local(message.sent_at, settings.zone).date()
        to = (message.member.email or "").partition("@")[0]
        head = f"To: {message.member.name} <{message.member.email}>\nDate: {day}\nSubject: {message.subject}\n\n"
        path = folder / f"{number:04}-{day}-{to}.txt"
        path.write_text(head + message.body_text, encoding="utf-8")
    return len(messages)


def _as_line(day: date, month: Month) -> str:
    name = format_date(day, style="month", thai_digits=False)
    return f"  {name:<20} {month.ticked:3} ticked off, {month.digests:3} digests, at most {month.most_late} late"


def _as_text(summary: dict[str, Any]) -> str:
    lines = [
        f"# {summary['agency']}: fiscal year {summary['fiscal_year']}, played on a simulated clock",
        "",
        "| month | ticked off | digests | most late at once | stages |",
        "|---|---:|---:|---:|---|",
    ]
    for name, month in summary["months"].items():
        stages = ", ".join(f"{count} {stage}" for stage, count in sorted(month["stages"].items()))
        lines.append(f"| {name} | {month['ticked']} | {month['digests']} | {month['most_late']} | {stages} |")
    states = ", ".join(f"{count} {state}" for state, count in sorted(summary["tasks"].items()))
    record = "; ".join(summary["broken_records"]) or "whole"
    lines += [
        "",
        f"Tasks at the end: {states}.",
        f"Reports: {', '.join(summary['reports'])}.",
        f"Reminders: {summary['messages']} messages, each as a file in reminders/.",
        f"The chain of events is {record}.",
        "",
    ]
    return "\n".join(lines)
