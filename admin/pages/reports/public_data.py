"""What the public pages say of a report: its addresses, its title, its files, and all that for machines."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from admin.web.context import site
from tracker.kinds import FileState
from tracker.models import ReportFile, ReportVersion
from tracker.reports import wording
from tracker.reports.data import ReportData
from tracker.reports.open_data import Dataset, Distribution
from tracker.services.reports.publishing import LICENCES, PublicRound, is_published
from tracker.thai.calendar import fiscal_year_start, round_end


def address(*parts: object) -> str:
    """A public address of this installation."""
    return f"{site().settings.base_url}/public/" + "/".join(map(str, parts))


def title_of(found: PublicRound) -> str:
    """The report's title, as its files have it."""
    named = ReportData(
        agency=found.agency.name, place=found.agency.place, fiscal_year=found.plan.fiscal_year, round=found.number,
        recorded_at=datetime(2000, 1, 1, tzinfo=UTC), measures=(), thai_digits=found.agency.thai_digits,
    )  # fmt: skip
    return wording.title(named)


def files_of(version: ReportVersion) -> Sequence[ReportFile]:
    """The published files that are there."""
    return [one for one in version.files if one.public and one.state == FileState.MADE]


def dataset_of(found: PublicRound) -> Dataset:
    """The current edition."""
    version, agency, plan = found.current, found.agency, found.plan
    place = (agency.slug, plan.fiscal_year, found.number)
    files = address(*place, f"v{version.edition}", "report.")
    older = [one for one in found.editions[1:] if is_published(one)]
    assert version.published_at is not None  # noqa: S101  (it is published)
    return Dataset(
        address=address(*place),
        title=f"{title_of(found)} {agency.name}",
        description="มาตรการ ขั้นตอน ผู้รับผิดชอบ ระยะเวลา สรุปผลดำเนินการ และผลลัพธ์ของแต่ละมาตรการ",
        agency=agency.name,
        place=agency.place,
        agency_address=address(agency.slug, ""),
        edition=version.edition or 1,
        edition_note=version.why or "",
        previous=address(*place, f"v{older[0].edition}") if older else None,
        published_at=version.published_at,
        start=fiscal_year_start(plan.fiscal_year),
        end=round_end(plan.fiscal_year, found.number),
        licence=LICENCES[agency.licence],
        schema=address("schema", "report.json"),
        sha256=version.sha256,
        distributions=[
            Distribution(one.format, f"{files}{one.format}", one.size, one.sha256)
            for one in files_of(version)
            if one.size and one.sha256
        ],
    )  # fmt: skip


def as_bytes(value: object) -> bytes:
    """JSON with Thai unescaped."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
