"""The report as JSON, by docs/rules.md, "JSON contract"."""

import json

from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData


def render(data: ReportData, _material: RenderAssets) -> bytes:
    """The JSON: UTF-8 with Thai unescaped."""
    return (json.dumps(data.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
