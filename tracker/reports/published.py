"""The published form of a report: what strangers may see of people and evidence (PDPA; the agency chooses)."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from tracker.reports.data import EvidenceEntry, ReportData, Signer


def published_form(
    report: ReportData,
    signers: Sequence[Signer],
    *,
    show_signers: bool,
    evidence: bool,
    hidden: Collection[str] = (),
) -> ReportData:
    """The report as strangers get it: who signed where the agency shows it, and evidence only where it is to be seen.

    Of evidence that is shown, the pieces whose keys are ``hidden`` are left out. Names of units, counts and the texts
    of the report stay: they are what is published.
    """
    annex = tuple(
        replace(entry, evidence=tuple(one for one in entry.evidence if evidence and piece_key(one) not in hidden))
        for entry in report.annex
    )
    return replace(report, signers=tuple(signers) if show_signers else (), annex=annex)


def piece_key(piece: EvidenceEntry) -> str:
    """What a piece of evidence is known by, however many ticks it proves: the hash of its file, or its address."""
    return piece.sha256 or piece.link or piece.label


def pieces_of(report: ReportData) -> dict[str, EvidenceEntry]:
    """The report's pieces of evidence by their keys, each once, in the order of the annex."""
    return {piece_key(one): one for entry in report.annex for one in entry.evidence}


def is_photo(piece: EvidenceEntry) -> bool:
    """Whether the piece is printed as a picture."""
    return (piece.media_type or "").startswith("image/")
