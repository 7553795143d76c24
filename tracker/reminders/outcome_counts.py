"""How many messages went out or were refused, for monitors: counted where all workers reach it, in the broker's server.

A monitor reads how fast a count grows, and takes one that begins anew for what it is; so a server that was emptied
loses nothing that the ledger does not know better.
"""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from redis import Redis

from tracker.broker import ask
from tracker.settings import Settings

SENT = "sent"
_KEY = "tracker:delivery-outcomes"

Outcome = tuple[str, str]
"""A channel's name and what came of it: ``SENT``, or the scope of the error."""


def count(settings: Settings, outcomes: Counter[Outcome]) -> None:
    """Adds to what was counted; nothing where no server answers."""

    def add(client: Redis) -> None:
        with client.pipeline(transaction=False) as together:
            for (channel, outcome), number in outcomes.items():
                together.hincrby(_KEY, f"{channel} {outcome}", number)
            together.execute()

    if outcomes:
        ask(settings, add)


def counted(settings: Settings) -> Mapping[Outcome, int]:
    """All that was counted since the server began; empty where none answers."""
    found = ask(settings, lambda client: cast(dict[str, str], client.hgetall(_KEY))) or {}
    return {(name.split()[0], name.split()[1]): int(number) for name, number in sorted(found.items())}
