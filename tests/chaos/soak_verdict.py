"""What must hold after a soaked year, and what it cost: lost, doubled, late."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from tests.chaos.faults import End
from tests.chaos.soak import Size, Year, play
from tracker.channels.email.channel import EMAIL
from tracker.models import Completion, Delivery, Evidence, Round, Task
from tracker.reminders.conditions import delivery_is_open
from tracker.services.reports.record_check import record_problems
from tracker.services.reports.verification import closed_versions, verify_version
from tracker.services.upkeep.cleanup import forget_unsaved_files
from tracker.store.db import Database
from tracker.store.storage import open_store
from tracker.thai.working_days import WorkingDays

_DAY = timedelta(days=1)
_CALENDAR = WorkingDays()
GOOD_DAYS, MORE_FOR_SUPERIORS = 2, 5
"""Working days without a fault within which each is told; a superior hears after those below him were told."""


def holds(size: Size) -> bool:
    """Plays the calm year, then the same under faults; prints what it cost and every fault. Whether there was none."""
    faults: list[str] = []

    def look_at(year: Year, database: Database) -> None:
        faults.extend(_state(year, database))

    calm = play(size, calm=True, look_at=look_at, progress=_tell)
    storm = play(size, calm=False, look_at=look_at, progress=_tell)
    faults += [
        f"{name}: {what}" for name, year in (("calm", calm), ("storm", storm)) for what in _unforeseen(name, year)
    ]
    faults += [*calm.told.lied, *storm.told.lied, *_doubled(storm), *_lost(calm, storm)]
    _tell("\n".join(("", *_summary(size, calm, storm), *faults)))
    return not faults


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201  (the counts are what the test is for)


def _state(year: Year, database: Database) -> Iterator[str]:
    """Every answered tick stands once, with its event and its file; every record is whole; nothing is left over."""
    store = open_store(year.settings)
    played = {act.number: act for acts in year.province.acts.values() for act in acts}
    ticked = {act.task for number, act in played.items() if number in year.answered and act.kind == "tick"}
    closed = {
        (act.agency, act.months) for number, act in played.items() if number in year.answered and act.kind == "close"
    }
    with database.reading() as session:
        standing = Counter(session.scalars(select(Completion.task_id)))
        yield from (f"the tick of task {task} was answered and is gone" for task in sorted(ticked - standing.keys()))
        yield from (f"task {task} was ticked {count} times" for task, count in standing.items() if count > 1)
        done = set(session.scalars(select(Task.id).where(Task.state == "done")))
        yield from (f"task {task} is done without a tick" for task in sorted(done ^ standing.keys()))
        rounds = session.execute(select(Round.agency_id, Round.number).where(Round.state == "closed")).all()
        yield from (
            f"closing {one} was answered and is gone" for one in sorted(closed - {tuple(row) for row in rounds})
        )
        if waits := session.scalar(select(func.count()).select_from(Delivery).where(delivery_is_open())):
            yield f"{waits} deliveries are still open"
        for agency in year.province.agencies:
            witness = database.witness
            yield from (f"agency {agency}: {one}" for one in record_problems(session, agency, witness, store))
            for version in closed_versions(session, agency):
                found = verify_version(session, store, version, year.settings.zone)
                yield from (f"agency {agency}: {one}" for one in found.problems)
        forget_unsaved_files(session, store, datetime.now(UTC) + timedelta(days=4))
        named = set(session.scalars(select(Evidence.stored_name).where(Evidence.stored_name.is_not(None))))
    kept = {path.name for path in store.folder.iterdir() if path.is_file()} if store.folder.is_dir() else set()
    yield from (f"the file {name} is nobody's" for name in sorted(kept - named))


def _unforeseen(name: str, year: Year) -> Iterator[str]:
    """Processes that ended by what no fault of the weather explains; in the calm year by anything at all."""
    for what, number in year.happened.items():
        if number and (End.UNFORESEEN.value in what or (name == "calm" and ":" in what)):
            yield f"{name}: {number} × {what}"


def _doubled(storm: Year) -> Iterator[str]:
    """LINE takes each message once; an e-mail has at most the copies that its channel allows."""
    for one, copies in storm.told.arrived.items():
        if copies > (EMAIL.limits.most_unanswered if one in storm.told.by_email else 1):
            yield f"{one} arrived {copies} times"


def _lost(calm: Year, storm: Year) -> Iterator[str]:
    """Whenever somebody hears of a task in the calm year, so does he in the other, a good day or two later at most,
    unless it was done or its year was closed before; nobody hears of what is not his."""
    for one in sorted(storm.told.days.keys() - calm.told.days.keys()):
        yield f"member {one[0]} heard of task {one[1]} without reason: {_said(storm.told.days[one])}"
    for one, days in sorted(calm.told.days.items()):
        heard = storm.told.days.get(one, {})
        for on, stage in days.items():
            last = _good_day_after(storm, on, MORE_FOR_SUPERIORS if stage.startswith("escalation") else GOOD_DAYS)
            in_time = any(on <= day <= last for day in heard)
            over = min(storm.province.ticked_on[one[1]], storm.province.closed_on)
            if not in_time and one not in storm.told.unsure and over > last:
                yield f"member {one[0]} was not told of task {one[1]} by {last} ({stage} of {on}): {_said(heard)}"


def _good_day_after(year: Year, on: date, number: int) -> date:
    """The so-manieth working day from ``on`` that no fault lay on."""
    day = on
    while True:
        if day not in year.bad_days and _CALENDAR.is_working(day):
            number -= 1
            if number == 0:
                return day
        day += _DAY


def _said(days: dict[date, str]) -> str:
    return ", ".join(f"{stage} on {day}" for day, stage in sorted(days.items()))


def _late(calm: Year, storm: Year) -> Counter[int]:
    """How many days later than in the calm year each person was told each time; 0 is in time."""
    late: Counter[int] = Counter()
    for one, days in calm.told.days.items():
        for on in days:
            after = [day for day in storm.told.days.get(one, ()) if day >= on]
            if after:
                late[(min(after) - on).days] += 1
    return late


def _summary(size: Size, calm: Year, storm: Year) -> Iterator[str]:
    yield (
        f"{'PostgreSQL' if size.postgres else 'SQLite'}, seed {size.seed}: {size.agencies} agencies, "
        f"{len(calm.province.ticked_on)} tasks; the calm year took {calm.seconds:.0f} s, the other {storm.seconds:.0f}"
    )
    yield from (f"  {number} × {what}" for what, number in sorted(storm.happened.items()) if number)
    for name, year in (("calm", calm), ("storm", storm)):
        told, copies = year.told, Counter(year.told.arrived.values())
        states = {state.value: number for state, number in sorted(told.states.items())}
        times = sum(map(len, told.days.values()))
        yield (
            f"  {name}: {len(year.answered)} acts answered, {times} times somebody heard of a task; "
            f"messages {states}, by copies {dict(sorted(copies.items()))}"
        )
    late, all_ = _late(calm, storm), sum(map(len, calm.told.days.values()))
    yield f"  told in the end: {sum(late.values())} of {all_}; days late: {dict(sorted(late.items()))}"
