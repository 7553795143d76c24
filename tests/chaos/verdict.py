"""What must hold once everything is at rest, whatever happened; every sentence it gives is a fault."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.chaos.chaos import Outcome, Size, run
from tracker.channels.email.channel import EMAIL

COMMIT_SECONDS = 2
"""How long before the database stopped a message may have been accepted whose mark was lost with it."""


def passes(folder: Path, size: Size) -> bool:
    """Runs it all, prints the counts and the faults; whether there was none."""
    outcome = run(folder, size)
    wrong = faults(outcome)
    print("\n".join(("", summary(outcome), *wrong)))  # noqa: T201  (the counts are what the test is for)
    return not wrong


def faults(outcome: Outcome) -> list[str]:
    """What went wrong, a sentence each; nothing where all is well."""
    return [*_lost_or_surplus(outcome), *_line_twice(outcome), *_mail_twice(outcome), *_ledger_and_processes(outcome)]


def summary(outcome: Outcome) -> str:
    """The counts."""
    size, world, happened = outcome.size, outcome.world, outcome.happened
    mails, pushes = _of(outcome.mails, "accepted"), _of(outcome.pushes, "accepted")
    copies = Counter(_copies(outcome).values())
    return "\n".join(
        (
            f"{'PostgreSQL' if size.postgres else 'SQLite'}, {size.workers} worker(s), two beats: "
            f"{size.agencies} agencies, {size.tasks} tasks, {outcome.seconds:.0f} s",
            *(f"  {number} × {event}" for event, number in sorted(happened.items())),
            f"  due by e-mail: {len(world.email)}, arrived: {len({mail['to'] for mail in mails})}, "
            f"by number of copies: {dict(sorted(copies.items()))}",
            f"  due by LINE: {len(world.line)}, arrived: {len({push['to'] for push in pushes})}, "
            f"accepted: {len(pushes)}, pushed again and refused (409): {len(_of(outcome.pushes, 'repeated'))}, "
            f"answers cut: {len(_of(outcome.pushes, 'cut'))}",
            f"  ledger: {outcome.states}, sent after the first claim had ended: {outcome.taken_over}",
        )
    )


def _lost_or_surplus(outcome: Outcome) -> Iterator[str]:
    """Every due digest arrived, with every due task of its reader, or the units of those; nobody else was written to.

    A superior's message tells of units alone; which tasks it stands for is held against the ledger.
    """
    for due, log in ((outcome.world.email, outcome.mails), (outcome.world.line, outcome.pushes)):
        arrived: dict[str, set[int]] = defaultdict(set)
        units: dict[str, set[int]] = defaultdict(set)
        for entry in _of(log, "accepted"):
            arrived[entry["to"]] |= set(entry["tasks"])
            units[entry["to"]] |= set(entry["units"])
        for address in sorted(due.keys() - arrived.keys()):
            yield f"{address} was never told of {sorted(due[address])}"
        for address in sorted(arrived.keys() - due.keys()):
            yield f"{address} was told of {sorted(arrived[address])} without reason"
        for address in sorted(due.keys() & arrived.keys()):
            if units[address] - {unit for task in due[address] for unit in outcome.world.units[task]}:
                yield f"{address} was told of the units {sorted(units[address])} without reason"
            whole = log is outcome.mails and not units[address]  # a bubble, and a list of units, has room for a few
            told = arrived[address] or units[address]
            if not told or arrived[address] - due[address] or (whole and due[address] - arrived[address]):
                yield f"{address} was told of {sorted(arrived[address])} instead of {sorted(due[address])}"


def _line_twice(outcome: Outcome) -> Iterator[str]:
    accepted = _of(outcome.pushes, "accepted")
    for what in ("key", "to"):
        for one, number in Counter(push[what] for push in accepted).items():
            if number > 1:
                yield f"LINE accepted {what} {one} {number} times"
    for refused in _of(outcome.pushes, "refused"):
        yield f"LINE refused a push: {refused['problem']}"


def _mail_twice(outcome: Outcome) -> Iterator[str]:
    """Two copies at most, of one message; the first has its excuse: its sender died over it, or the database did."""
    copies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for mail in _of(outcome.mails, "accepted"):
        copies[mail["to"]].append(mail)
    went_on = _went_on(outcome.mails)
    for address, mails in copies.items():
        if len({mail["message_id"] for mail in mails}) > 1:
            yield f"{address} got different messages: {[mail['message_id'] for mail in mails]}"
        if len(mails) > EMAIL.limits.most_unanswered:
            yield f"{address} got {mails[0]['message_id']} {len(mails)} times"
        for mail in mails[:-1]:
            after = went_on.get((mail["connection"], mail["at"]))
            if after == "next" or (after == "quit" and not _database_went(outcome, mail["at"])):
                yield f"{address} got {mail['message_id']} again, although its sender lived to mark it"


def _went_on(log: list[dict[str, Any]]) -> dict[tuple[int, float], str]:
    """What each message's sender did after it: the next message, a farewell, or nothing (its connection was lost)."""
    last: dict[int, float] = {}
    after: dict[tuple[int, float], str] = {}
    for entry in log:
        connection = entry["connection"]
        if entry["event"] == "accepted":
            last[connection] = entry["at"]
        elif connection in last:
            after[connection, last.pop(connection)] = entry["event"]
    return after


def _database_went(outcome: Outcome, at: float) -> bool:
    return any(began - COMMIT_SECONDS <= at <= ended for began, ended in outcome.restarted)


def _ledger_and_processes(outcome: Outcome) -> Iterator[str]:
    ended = {state: number for state, number in outcome.states.items() if state != "unknown"}
    if ended != {"sent": outcome.world.digests - len(outcome.unknown)}:
        yield f"the ledger says {outcome.states}, where {outcome.world.digests} must be sent"
    arrived = {message_id.strip("<").partition("@")[0] for message_id in _copies(outcome)}
    for delivery in sorted(outcome.unknown - arrived):
        yield f"the ledger says that nobody knows of {delivery}, which never arrived"
    for email, task in sorted(outcome.world.told - outcome.recorded):
        yield f"the ledger does not say that {email} was told of task {task}"
    for email, task in sorted(outcome.recorded - outcome.world.told):
        yield f"the ledger says that {email} was told of task {task} without reason"
    if outcome.happened["kill worker"] != outcome.size.kills:
        yield f"nobody sent anything any more after {outcome.happened['kill worker']} kills"
    for name in outcome.late:
        yield f"{name} did not stop when asked to"


def _copies(outcome: Outcome) -> Counter[str]:
    """How often each e-mail arrived."""
    return Counter(mail["message_id"] for mail in _of(outcome.mails, "accepted"))


def _of(log: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [entry for entry in log if entry["event"] == event]
