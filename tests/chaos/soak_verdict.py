"""What must hold after a soaked year, and what it cost: lost, doubled, late."""

from collections import Counter
from collections.abc import Iterator, Set
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

_DAY = timedelta(days=1)
_WEEK = 7


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
    """Who heard of what in the calm year hears of it in the other, unless it was done before that could be."""
    for member, task in sorted(storm.told.first.keys() - calm.told.first.keys()):
        on, stage = storm.told.first[member, task]
        yield f"member {member} heard of task {task} on {on} ({stage}) without reason"
    for member, task in sorted(_unheard(calm, storm) - storm.told.unsure):
        on, stage = calm.told.first[member, task]
        if not _was_done_first(calm, storm, task, on):
            yield f"member {member} never heard of task {task}, due to be told on {on} ({stage})"


def _unheard(calm: Year, storm: Year) -> set[tuple[int, int]]:
    return set(calm.told.first.keys() - storm.told.first.keys())


def _was_done_first(calm: Year, storm: Year, task: int, on: date) -> bool:
    """That some fault lay on every day from the one on which it was to be told up to the tick."""
    ticked = calm.province.ticked_on[task]
    return all(storm.bad_days.get(on + _DAY * number) for number in range((ticked - on).days))


def _late(calm: Year, storm: Year) -> Counter[int]:
    """How many days later than in the calm year each person heard of each task; 0 is in time."""
    both: Set[tuple[int, int]] = calm.told.first.keys() & storm.told.first.keys()
    return Counter((storm.told.first[one][0] - calm.told.first[one][0]).days for one in both)


def _very_late(calm: Year, storm: Year) -> Iterator[str]:
    """Who heard more than a week later, and of what."""
    for one in sorted(calm.told.first.keys() & storm.told.first.keys()):
        (due, stage), (on, later) = calm.told.first[one], storm.told.first[one]
        if (on - due).days > _WEEK:
            yield f"  late: member {one[0]} heard of task {one[1]} on {on} ({later}) instead of {due} ({stage})"


def _summary(size: Size, calm: Year, storm: Year) -> Iterator[str]:
    yield (
        f"{'PostgreSQL' if size.postgres else 'SQLite'}, seed {size.seed}: {size.agencies} agencies, "
        f"{len(calm.province.ticked_on)} tasks; the calm year took {calm.seconds:.0f} s, the other {storm.seconds:.0f}"
    )
    yield from (f"  {number} × {what}" for what, number in sorted(storm.happened.items()) if number)
    for name, year in (("calm", calm), ("storm", storm)):
        told, copies = year.told, Counter(year.told.arrived.values())
        states = {state.value: number for state, number in sorted(told.states.items())}
        yield (
            f"  {name}: {len(year.answered)} acts answered, {len(told.first)} times somebody heard of a task; "
            f"messages {states}, by copies {dict(sorted(copies.items()))}"
        )
    yield from _very_late(calm, storm)
    unheard = _unheard(calm, storm)
    unsure = unheard & storm.told.unsure
    yield (
        f"  not told: {len(unheard)}, of which {len(unsure)} unsure, and told to the coordinator so, and "
        f"{len(unheard - unsure)} done before; days late: {dict(sorted(_late(calm, storm).items()))}"
    )
