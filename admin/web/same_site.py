"""Where a page may send somebody on to: addresses of this site alone."""

from urllib.parse import urlsplit

from flask import url_for


def same_site(target: str | None) -> str:
    """The target where it is a path of ours, else the first page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("home")
    if any(ord(mark) < 32 or mark == "\\" for mark in target) or urlsplit(target).netloc:
        return url_for("home")
    return target
