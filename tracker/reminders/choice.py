"""By which channel a person's digest goes: one, unless the person chose several."""

from collections.abc import Collection

from tracker.models import Member
from tracker.settings import Settings

ORDER = ("line", "email", "mailbox")


class Channels:
    """The channels of this installation, for any person.

    LINE where it is configured, the person is linked and ``line_left`` messages of the month's quota remain; else
    e-mail; else the mailbox, which always works. ``line_left`` is None where the quota does not matter.
    """

    def __init__(self, settings: Settings, line_left: int | None = None) -> None:
        self._email = settings.smtp_url is not None
        self._line = settings.line_configured
        self._line_left = line_left

    def of(self, member: Member) -> tuple[str, ...]:
        """The channels of the person's digest: those chosen that can reach the person, else the first that can."""
        chosen = tuple(channel for channel in ORDER if channel in member.channels and self._reaches(member, channel))
        taken = chosen or tuple(channel for channel in ORDER if self._reaches(member, channel))[:1]
        if "line" in taken and self._line_left is not None:
            self._line_left -= 1
        return taken

    def other(self, member: Member, used: Collection[str]) -> str | None:
        """The next channel for a person whom those used did not reach."""
        return next((one for one in ORDER if one not in used and self._reaches(member, one)), None)

    def _reaches(self, member: Member, channel: str) -> bool:
        match channel:
            case "line":
                left = self._line_left is None or self._line_left > 0
                return self._line and left and bool(member.line_user_id) and not member.line_failed
            case "email":
                return self._email and bool(member.email) and not member.email_failed
            case _:
                return True


def address(member: Member, channel: str) -> str:
    """Where the person is on the channel; the mailbox is the person's own."""
    return {"line": member.line_user_id, "email": member.email}.get(channel) or ""
