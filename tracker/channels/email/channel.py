"""E-mail as the registry has it."""

from urllib.parse import urlsplit

from tracker.bilingual import Bilingual
from tracker.channels.base import Channel, Health, Limits, Words, in_words
from tracker.channels.email.smtp import connect, email_sender
from tracker.kinds import ChannelName
from tracker.settings import Settings


def _check(settings: Settings) -> tuple[Health, str]:
    if settings.smtp_url is None:
        return "off", "TRACKER_SMTP_URL is not set: messages land in the mailbox page"
    url = urlsplit(settings.smtp_url.get_secret_value())
    with connect(url, password_without_tls=settings.smtp_password_without_tls):
        pass
    return "ok", f"{url.hostname} answers"


EMAIL = Channel(
    name=ChannelName.EMAIL,
    words=Words(
        name=Bilingual("E-mail", "อีเมล"),
        default=Bilingual("e-mail", "อีเมล"),
        first=Bilingual("E-mail first", "อีเมลก่อน"),
        unsure=Bilingual(
            "Handed to the mail server twice without an answer; it is not sent again by itself.",
            "ส่งให้เซิร์ฟเวอร์อีเมลแล้วสองครั้งแต่ไม่ได้รับคำยืนยัน ระบบจะไม่ส่งซ้ำเอง",
        ),
        not_set_up=Bilingual(
            "This installation sends no e-mail yet: messages land in the mailbox.",
            "ระบบนี้ยังไม่ได้ตั้งค่าอีเมล ข้อความจึงอยู่ในกล่องข้อความ",
        ),
    ),
    compose=in_words,
    is_set_up=lambda settings: settings.smtp_url is not None,
    open=email_sender,
    limits=Limits(at_once=1, most_unanswered=2),
    address_field="email",
    failure_field="email_failed",
    shows_address=True,
    proves_mail=True,
    carries_links=True,
    variables=("TRACKER_SMTP_URL", "TRACKER_MAIL_FROM"),
    check_name="mail",
    check=_check,
)
