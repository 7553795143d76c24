"""Moments of the day as readers write them."""

from datetime import time

from admin.web.formatting import digits, is_thai


def clock_time(moment: time) -> str:
    """๐๘.๓๐ น., or 08:30 in English."""
    return digits(f"{moment:%H.%M} น.") if is_thai() else f"{moment:%H:%M}"
