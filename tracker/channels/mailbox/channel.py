"""The mailbox as the registry has it: it needs neither settings nor address, and never fails."""

from tracker.bilingual import Bilingual
from tracker.channels.base import MOST_AT_ONCE, Channel, Limits, Words, in_words
from tracker.kinds import ChannelName

MAILBOX = Channel(
    name=ChannelName.MAILBOX,
    words=Words(
        name=Bilingual("Mailbox", "กล่องข้อความ"),
        first=Bilingual("Only the mailbox of this page", "เฉพาะกล่องข้อความในระบบนี้"),
    ),
    compose=in_words,
    is_set_up=lambda _settings: True,
    limits=Limits(at_once=MOST_AT_ONCE),
)
