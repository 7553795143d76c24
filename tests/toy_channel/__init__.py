"""A channel of one folder and one line in the registry: what docs/developers.md says of a channel, followed."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.toy_channel.channel import PAGER
from tracker.channels import registry


@contextmanager
def registered() -> Iterator[None]:
    """The pager stands in the registry, before the mailbox."""
    *others, mailbox = registry.CHANNELS
    with patch.object(registry, "CHANNELS", (*others, PAGER, mailbox)):
        yield
