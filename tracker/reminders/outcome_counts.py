"""How many messages went out or were refused, for monitors: counted where all workers reach it, in the broker's server.

A monitor reads how fast a count grows, and takes one that begins anew for what it is; so a server that was emptied
loses nothing that the ledger does not know better.
"""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from tracker.broker import ANSWERS_WITHIN, redis_url
from tracker.settings import Settings

SENT = "sent"
_KEY = "tracker:delivery-outcomes"

Outcome = tuple[str, str]
"""A channel's name and what came of it: ``SENT``, or the scope of the error."""


def count(settings: Settings, outcomes: Counter[Outcome]) -> None:
    """Adds to what was counted; nothing where no server answers."""
    url = redis_url(settings) if outcomes else None
    if url is None:
        return
    try:
        with Redis.from_url(url, **ANSWERS_WITHIN) as client, client.pipeline(transaction=False) as together:
            for (channel, outcome), number in outcomes.items():
                together.hincrby(_KEY, f"{channel} {outcome}", number)
            together.execute()
    except (RedisError, OSError):
        return


def counted(settings: Settings) -> Mapping[Outcome, int]:
    """All that was counted since the server began; empty where none answers."""
    url = redis_url(settings)
    if url is None:
        return {}
    try:
        with Redis.from_url(url, decode_responses=True, **ANSWERS_WITHIN) as client:
            found = cast(dict[str, str], client.hgetall(_KEY))
    except (RedisError, OSError):
        return {}
    return {(name.split()[0], name.split()[1]): int(number) for name, number in sorted(found.items())}
