"""The token of a "done" link in an e-mail: signed, and made of stable facts, so that a resend has the same bytes.

The signature says that we sent the link to that address. Whether its member may still tick the task off, and whether
it was used, is decided when it is opened.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_encode


@dataclass(frozen=True, slots=True)
class DoneLink:
    """What a token names: a task, for a member at an address, in the digest of a day."""

    member_id: int
    task_id: int
    sent_on: date
    address_mark: str

    @property
    def key(self) -> str:
        """What stands for the link in the record of those used."""
        facts = f"{self.member_id} {self.task_id} {self.sent_on.isoformat()} {self.address_mark}"
        return hashlib.sha256(facts.encode()).hexdigest()

    def was_sent_to(self, address: str | None) -> bool:
        """Whether the link went to this address: one that was corrected since ends the links sent before."""
        return address is not None and mark_of(address) == self.address_mark


class DoneLinks:
    """Makes and reads tokens with the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        options = {"digest_method": hashlib.sha256}
        self._serializer = URLSafeSerializer(secret_key, salt="done by e-mail", signer_kwargs=options)
        signer = self._serializer.make_signer("done by e-mail")
        self._key, self._separator = signer.derive_key(), signer.sep

    def token(self, member_id: int, task_id: int, sent_on: date, address: str) -> str:
        """As the serializer writes it, who would derive the key anew for each and try to compress it."""
        facts = base64_encode(f'[{member_id},{task_id},{sent_on.toordinal()},"{mark_of(address)}"]')
        signature = base64_encode(hmac.digest(self._key, facts, hashlib.sha256))
        return (facts + self._separator + signature).decode("ascii")

    def page(self, base_url: str, member_id: int, task_id: int, sent_on: date, address: str) -> str:
        """The whole address of the page on which this person answers for this task without signing in."""
        return f"{base_url}/done/{self.token(member_id, task_id, sent_on, address)}"

    def read(self, token: str) -> DoneLink | None:
        """What the token names; None where it is not ours."""
        try:
            member_id, task_id, day, mark = self._serializer.loads(token)
        except BadData:
            return None
        return DoneLink(member_id, task_id, date.fromordinal(day), mark)


@lru_cache(maxsize=1024)
def mark_of(address: str) -> str:
    return hashlib.blake2s(address.casefold().encode(), digest_size=6).hexdigest()
