"""The token of a link that shows a person what a message speaks of: all own tasks, a unit's, one task, one report, or
that a LINE account was linked.

Signed, and made of stable facts, so that a resend has the same bytes. Whether its member may still see the thing is
decided when it is opened. What is answered has a link of its own (``email/done_link.py``).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

from tracker.channels.email.done_link import mark_of

Shown = Literal["tasks", "unit", "task", "report", "line", "reminders"]
_CODES: dict[Shown, int] = {"tasks": 0, "unit": 1, "task": 2, "report": 3, "line": 4, "reminders": 5}
_SHOWN = {code: shown for shown, code in _CODES.items()}


@dataclass(frozen=True, slots=True)
class ReadingLink:
    """What a token shows, to a member at an address, in the message of a day; ``thing`` is its id, 0 for the tasks."""

    member_id: int
    shown: Shown
    thing: int
    sent_on: date
    address_mark: str

    def was_sent_to(self, address: str | None) -> bool:
        """Whether the link went to this address: one that was corrected since ends the links sent before."""
        return address is not None and mark_of(address) == self.address_mark


class ReadingLinks:
    """Makes and reads tokens with the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        options = {"digest_method": hashlib.sha256}
        self._serializer = URLSafeSerializer(secret_key, salt="read by a link", signer_kwargs=options)

    def token(self, member_id: int, shown: Shown, thing: int, sent_on: date, address: str) -> str:
        return str(self._serializer.dumps([member_id, _CODES[shown], thing, sent_on.toordinal(), mark_of(address)]))

    def page(self, base_url: str, member_id: int, shown: Shown, thing: int, sent_on: date, address: str) -> str:
        """The whole address of the page on which this person sees the thing without signing in."""
        return f"{base_url}/seen/{self.token(member_id, shown, thing, sent_on, address)}"

    def read(self, token: str) -> ReadingLink | None:
        """What the token names; None where it is not ours."""
        try:
            member_id, code, thing, day, mark = self._serializer.loads(token)
        except BadData:
            return None
        return ReadingLink(member_id, _SHOWN[code], thing, date.fromordinal(day), mark)
