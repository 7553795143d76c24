"""By which channel a person's digest goes: one, unless the person chose several."""

from collections.abc import Collection

from tracker.reminders.recipients import Person
from tracker.settings import Settings

ORDER = ("line", "email", "mailbox")


LAST_FOR_URGENT = 50
"""The month's last LINE messages are kept for what is due or late."""


class ChannelSelector:
    """The channels of this installation, for any person.

    LINE where it is configured, the person is linked and the month's quota allows (``line_left`` messages; None where
    it does not matter); else e-mail; else the mailbox, which always works.
    """

    def __init__(self, settings: Settings, line_left: int | None = None) -> None:
        self._email = settings.smtp_url is not None
        self._line = settings.line_configured
        self._line_left = line_left

    def of(self, member: Person, chosen: Collection[str], *, urgent: bool) -> tuple[str, ...]:
        """The channels of the person's digest: those chosen that can reach the person, else the first that can."""
        reaching = tuple(channel for channel in ORDER if self._reaches(member, channel, urgent=urgent))
        taken = tuple(channel for channel in reaching if channel in chosen) or reaching[:1]
        if "line" in taken and self._line_left is not None:
            self._line_left -= 1
        return taken

    def other(self, member: Person, used: Collection[str]) -> str | None:
        """The next channel for a person whom those used did not reach."""
        return next((one for one in ORDER if one not in used and self._reaches(member, one, urgent=True)), None)

    def _reaches(self, member: Person, channel: str, *, urgent: bool) -> bool:
        match channel:
            case "line":
                left = self._line_left is None or self._line_left > (0 if urgent else LAST_FOR_URGENT)
                return self._line and left and bool(member.line_user_id) and not member.line_failed
            case "email":
                return self._email and bool(member.email) and not member.email_failed
            case _:
                return True


def address(member: Person, channel: str) -> str:
    """Where the person is on the channel; the mailbox is the person's own."""
    return {"line": member.line_user_id, "email": member.email}.get(channel) or ""
