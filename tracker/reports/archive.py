"""Office files are ZIP archives: the same content must give the same bytes, so entries carry no time of their own."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def with_fixed_times(content: bytes, at: datetime) -> bytes:
    """The archive with every entry dated ``at`` (UTC) and packed the same way."""
    stamp = at.astimezone(UTC)
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second))
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(entry))
    return packed.getvalue()
