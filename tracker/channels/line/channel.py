"""LINE as the registry has it."""

from datetime import timedelta

from tracker.bilingual import Bilingual
from tracker.channels.base import Body, Channel, DeliveryError, Digest, Health, Limits, Words
from tracker.channels.line.client import line_client
from tracker.kinds import ChannelName
from tracker.settings import Settings

CHECK_SECONDS = 5
"""Somebody waits for the doctor's page: what has not answered by then is reported as not reached."""


def _compose(digest: Digest) -> Body:
    alt_text, bubble = digest.bubble()
    return Body(alt_text, flex=bubble)


def _check(settings: Settings) -> tuple[Health, str]:
    line = line_client(settings, CHECK_SECONDS)
    if line is None:
        return "off", "TRACKER_LINE_CHANNEL_ACCESS_TOKEN and _SECRET are not both set"
    try:
        with line:
            allowed = line.allowed()
    except DeliveryError as error:
        return "failed", f"{error.sentence} Check the channel access token."
    return "ok", f"{'unlimited' if allowed is None else allowed} messages a month"


def _messages_left(settings: Settings) -> int | None:
    line = line_client(settings)
    if line is None:
        return None
    with line:
        return line.messages_left()


LINE = Channel(
    name=ChannelName.LINE,
    words=Words(
        name=Bilingual("LINE", "LINE"),
        default=Bilingual("LINE where it is linked", "LINE หากเชื่อมไว้แล้ว"),
        sent=Bilingual("accepted by LINE", "LINE รับแล้ว"),
        sent_remark=Bilingual("LINE does not say whether it was read.", "LINE ไม่บอกว่าเปิดอ่านแล้วหรือไม่"),
        unsure=Bilingual(
            "LINE does not confirm whether it has the message; it is not sent again by itself.",
            "LINE ไม่ยืนยันว่ารับข้อความแล้วหรือยัง ระบบจะไม่ส่งซ้ำเอง",
        ),
        no_address=Bilingual("Your LINE is not linked yet.", "ท่านยังไม่ได้เชื่อม LINE"),
    ),
    carries_links=True,
    compose=_compose,
    is_set_up=lambda settings: settings.line_configured,
    open=line_client,
    # a retry key holds for 24 hours
    limits=Limits(at_once=10, refuses_doubles_for=timedelta(hours=23), kept_for_urgent=50),
    address_field="line_user_id",
    failure_field="line_failed",
    variables=("TRACKER_LINE_CHANNEL_ACCESS_TOKEN", "TRACKER_LINE_CHANNEL_SECRET"),
    check_name="LINE",
    check=_check,
    messages_left=_messages_left,
)
