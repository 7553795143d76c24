"""The published form of a report: what strangers may see of people and evidence (PDPA; the agency chooses)."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.reports.data import ReportData, Signer


def published_form(report: ReportData, signers: Sequence[Signer], *, show_signers: bool, evidence: bool) -> ReportData:
    """The report as strangers get it: who signed where the agency shows it, and evidence only where it is to be seen.

    Names of units, counts and the texts of the report stay: they are what is published.
    """
    annex = report.annex if evidence else tuple(replace(entry, evidence=()) for entry in report.annex)
    return replace(report, signers=tuple(signers) if show_signers else (), annex=annex)
