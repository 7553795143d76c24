"""The agency's name in the addresses of its public reports: chosen once, and fixed with the first publication."""

import ipaddress
import re
from collections import Counter
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotUnderstoodError, TrackerError
from tracker.models import Agency, Member, ReportVersion

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58}[a-z0-9])")
_TAKEN = ("schema", "check", "catalog", "static")
"""Names that the public addresses use themselves."""
_LEVELS = {"ac", "co", "go", "in", "mi", "net", "or"}
"""Second levels under .th: the name of an organisation stands before them."""
_POST_OFFICES = {"gmail", "googlemail", "hotmail", "icloud", "live", "outlook", "windowslive", "yahoo", "mail"}
"""Whose addresses say nothing of where a person works."""


def choose_address(session: Session, agency: Agency, slug: str) -> None:
    """Names the agency in the address of its public reports; errors as of ``checked_address``."""
    agency.slug = checked_address(session, agency, slug)


def checked_address(session: Session, agency: Agency, slug: str) -> str:
    """The name as it stands in addresses.

    Raises NotUnderstoodError for a name that does not fit an address, ConflictError where another agency has it or
    something was published under the old one: an address that was given away must stay.
    """
    slug = slug.strip().lower()
    if slug == agency.slug:
        return slug
    if not _SLUG.fullmatch(slug) or slug in _TAKEN:
        raise NotUnderstoodError(
            "The name in the address takes 3 to 60 letters a–z, digits and hyphens, such as tua-example.",
            "ชื่อในที่อยู่เว็บใช้ตัวอักษร a–z ตัวเลข และขีดกลาง ๓ ถึง ๖๐ ตัว เช่น tua-example",
        )
    if is_fixed(session, agency):
        raise ConflictError(
            "Reports are published under the present address; it stays.", "มีรายงานเผยแพร่ที่ที่อยู่นี้แล้ว จึงเปลี่ยนไม่ได้"
        )
    if session.scalar(select(Agency.id).where(Agency.slug == slug, Agency.id != agency.id)):
        raise ConflictError(
            f"Another agency has the address “{slug}”; choose another one.", f"หน่วยงานอื่นใช้ที่อยู่ “{slug}” แล้ว กรุณาเลือกชื่ออื่น"
        )
    return slug


def is_fixed(session: Session, agency: Agency) -> bool:
    """Whether something was published under the agency's address."""
    published = select(ReportVersion.id).where(ReportVersion.agency_id == agency.id, ReportVersion.edition.is_not(None))
    return agency.slug is not None and session.scalar(published.limit(1)) is not None


def suggested_address(session: Session, agency: Agency) -> str:
    """The agency's name in English as its people's e-mail addresses have it, where it is free; else empty."""
    emails = session.scalars(select(Member.email).where(Member.agency_id == agency.id, Member.active))
    names = Counter(name for email in emails if email and (name := _organisation(email)))
    for name, _ in names.most_common():
        try:
            return checked_address(session, agency, name)
        except TrackerError:
            continue
    return ""


def _organisation(email: str) -> str:
    """khaokhao of clerk@mail.khaokhao.go.th; empty for a post office's address."""
    labels = email.rpartition("@")[2].lower().split(".")
    below = -3 if len(labels) >= 3 and labels[-1] == "th" and labels[-2] in _LEVELS else -2
    name = labels[below] if len(labels) >= -below else ""
    return "" if name in _POST_OFFICES else name


def is_local(base_url: str) -> bool:
    """Whether the installation's address leads nowhere but to this machine or the office's own network."""
    host = (urlsplit(base_url).hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
    return address.is_private or address.is_loopback or address.is_unspecified or address.is_link_local
