"""An agency's settings in the record: as they stood when it began, and each change since."""

from collections.abc import Mapping

from tracker.bilingual import Bilingual
from tracker.models import Agency

SETTINGS = {
    "name": Bilingual("the name of the agency", "ชื่อหน่วยงาน"),
    "place": Bilingual("district and province", "อำเภอและจังหวัด"),
    "send_from": Bilingual("the hour from which reminders go out", "เวลาเริ่มส่งการแจ้งเตือน"),
    "send_until": Bilingual("the hour until which reminders go out", "เวลาสิ้นสุดส่งการแจ้งเตือน"),
    "review": Bilingual("the review of what is ticked off", "การให้ผู้ประสานงานตรวจ"),
    "thai_digits": Bilingual("Thai digits in documents", "การใช้เลขไทยในเอกสาร"),
    "escalate_after": Bilingual("the days until superiors are told", "จำนวนวันทำการก่อนแจ้งผู้บังคับบัญชา"),
    "upcoming_required": Bilingual("the duty to be reminded of days to come", "การบังคับรับการเตือนล่วงหน้า"),
    "messages_required": Bilingual("the duty to have e-mail or LINE", "การบังคับรับทางอีเมลหรือ LINE"),
    "factor_required": Bilingual("the second factor of coordinators", "การยืนยันสองขั้นของผู้ประสานงาน"),
    "slug": Bilingual("the name in the public address", "ชื่อในที่อยู่เว็บสาธารณะ"),
    "public_signers": Bilingual("whether signers are published", "การเผยแพร่ชื่อผู้ลงนาม"),
    "public_evidence": Bilingual("whether evidence is published", "การเผยแพร่หลักฐาน"),
    "licence": Bilingual("the licence of published data", "สัญญาอนุญาตของข้อมูลที่เผยแพร่"),
    "reminders_from": Bilingual("the day from which reminders go out", "วันเริ่มส่งการแจ้งเตือน"),
    "invitations_sent": Bilingual("that the invitations are sent", "การยืนยันว่าส่งคำเชิญแล้ว"),
}
"""Columns of the agency that are held against the record, with their names for people."""


def settings_of(agency: Agency) -> dict[str, str | None]:
    """The settings as the record has them: as text."""
    return {name: as_recorded(getattr(agency, name)) for name in SETTINGS}


def changes_since(before: Mapping[str, str | None], agency: Agency) -> dict[str, list[str | None]]:
    """Which settings are others than before: before and after by name."""
    return {name: [before[name], value] for name, value in settings_of(agency).items() if value != before[name]}


def as_recorded(value: object) -> str | None:
    """A setting's value as the record has it."""
    return None if value is None else str(value)
