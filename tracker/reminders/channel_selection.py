"""By which channel a person's digest goes: one, unless the person chose several."""

from collections.abc import Collection, Mapping

from tracker.channels.base import Channel
from tracker.channels.registry import channels
from tracker.reminders.recipients import Person
from tracker.settings import Settings


class ChannelSelector:
    """The channels of this installation, for any person.

    In the registry's order, each where it is set up, reaches the person and the month's quota allows; ``left`` are the
    messages left, of the channels for which that matters. The last channel always works.
    """

    def __init__(self, settings: Settings, left: Mapping[str, int] | None = None) -> None:
        self._set_up = tuple(channel for channel in channels() if channel.is_set_up(settings))
        self._left = dict(left or {})

    def of(self, member: Person, chosen: Collection[str], *, urgent: bool) -> tuple[str, ...]:
        """The channels of the person's digest: those chosen that can reach the person, else the first that can."""
        reaching = tuple(one.name for one in self._set_up if self._reaches(member, one, urgent=urgent))
        taken = tuple(name for name in reaching if name in chosen) or reaching[:1]
        for name in self._left.keys() & set(taken):
            self._left[name] -= 1
        return taken

    def other(self, member: Person, used: Collection[str]) -> str | None:
        """The next channel for a person whom those used did not reach."""
        unused = (one for one in self._set_up if one.name not in used)
        return next((one.name for one in unused if self._reaches(member, one, urgent=True)), None)

    def _reaches(self, member: Person, channel: Channel, *, urgent: bool) -> bool:
        kept = 0 if urgent else channel.limits.kept_for_urgent
        return self._left.get(channel.name, kept + 1) > kept and channel.reaches(member)


def messages_left(settings: Settings) -> dict[str, int]:
    """How many messages each channel's month still allows, of those for which that matters and that say it."""
    asked = {one.name: one.messages_left(settings) for one in channels() if one.messages_left is not None}
    return {name: left for name, left in asked.items() if left is not None}
