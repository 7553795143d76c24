"""The channels of the house, in the order in which they are tried: one line each."""

from tracker.channels.base import Channel
from tracker.channels.email.channel import EMAIL
from tracker.channels.line.channel import LINE
from tracker.channels.mailbox.channel import MAILBOX

CHANNELS: tuple[Channel, ...] = (LINE, EMAIL, MAILBOX)


def channels() -> tuple[Channel, ...]:
    """All of them; the last one works for everybody."""
    return CHANNELS


def going_out() -> tuple[Channel, ...]:
    """Those whose messages leave the house."""
    return tuple(channel for channel in channels() if channel.goes_out)


def find_channel(name: str) -> Channel | None:
    """The channel that a delivery names; None where there is no such channel any more."""
    return next((channel for channel in channels() if channel.name == name), None)


def with_address(field: str) -> Channel | None:
    """The channel whose addresses stand in that field of a member."""
    return next((channel for channel in channels() if channel.address_field == field), None)
