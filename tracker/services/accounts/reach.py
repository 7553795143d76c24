"""Whether telephones can open the address that stands in links."""

from ipaddress import ip_address
from urllib.parse import urlsplit

_LOCAL_ENDINGS = (
    ".localhost",
    ".local",
    ".lan",
    ".internal",
    ".home",
    ".home.arpa",
    ".localdomain",
    ".intranet",
    ".corp",
)


def is_reachable(base_url: str) -> bool:
    """Whether the address is one of the whole internet, as far as its name tells: no localhost, no private network."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_ENDINGS)
