"""Office files are ZIP archives: the same content must give the same bytes, so entries carry no time of their own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_YEAR, LAST_YEAR = 1980, 2107
"""What an entry's date can say (PKWARE's APPNOTE, 4.4.6): a letter of another year carries the nearest."""
_NO_CHANGES: Mapping[str, Callable[[bytes], bytes]] = {}


def with_fixed_times(
    content: bytes, at: datetime, changes: Mapping[str, Callable[[bytes], bytes]] = _NO_CHANGES
) -> bytes:
    """The archive with every entry dated ``at`` (UTC) and packed the same way; ``changes`` rewrites named entries."""
    stamp = at.astimezone(UTC)
    year = min(max(stamp.year, FIRST_YEAR), LAST_YEAR)
    date_time = (year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second)
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, date_time)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            part = source.read(entry)
            change = changes.get(entry.filename)
            target.writestr(info, change(part) if change else part)
    return packed.getvalue()
