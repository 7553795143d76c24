"""The language in which the command line speaks to people: Thai where the locale is, else English."""

import os


def reads_thai() -> bool:
    """Whether who typed the command has a Thai locale."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return locale.startswith("th")
