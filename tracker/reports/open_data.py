"""Published reports as open data: the JSON's schema, and metadata by DCAT 3 as JSON-LD. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.reports.formats import FORMATS

SCHEMA = Path(__file__).with_name("templates") / "report.schema.json"
"""What the JSON of a report looks like, by JSON Schema 2020-12."""
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file: the name of its format, address, size in bytes and hash."""

    format: str
    address: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is said of a published report; licence and schema by their addresses."""

    address: str
    title: str
    description: str
    agency: str
    place: str
    agency_address: str
    edition: int
    edition_note: str
    previous: str | None
    published_at: datetime
    start: date
    end: date
    licence: str
    schema: str
    sha256: str
    distributions: Sequence[Distribution]


def dataset_json(dataset: Dataset) -> dict[str, Any]:
    """A ``dcat:Dataset`` with its distributions, as JSON-LD."""
    return {"@context": _CONTEXT, **_dataset(dataset)}


def catalog_json(address: str, title: str, datasets: Sequence[str]) -> dict[str, Any]:
    """A ``dcat:Catalog`` that names the addresses of its datasets, as JSON-LD."""
    return {
        "@context": _CONTEXT,
        "@id": address,
        "@type": "dcat:Catalog",
        "dct:title": _thai(title),
        "dct:language": _link("http://id.loc.gov/vocabulary/iso639-1/th"),
        "dcat:dataset": [_link(one) for one in datasets],
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    value: dict[str, Any] = {
        "@id": dataset.address,
        "@type": "dcat:Dataset",
        "dct:title": _thai(dataset.title),
        "dct:description": _thai(dataset.description),
        "dct:identifier": f"sha256:{dataset.sha256}",
        "dct:publisher": {
            "@id": dataset.agency_address,
            "@type": "foaf:Organization",
            "foaf:name": _thai(dataset.agency),
        },
        "dct:issued": _typed("dateTime", dataset.published_at.isoformat()),
        "dct:language": _link("http://id.loc.gov/vocabulary/iso639-1/th"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed("date", dataset.start.isoformat()),
            "dcat:endDate": _typed("date", dataset.end.isoformat()),
        },
        "dct:license": _link(dataset.licence),
        "dcat:landingPage": _link(dataset.address),
        "dcat:version": str(dataset.edition),
        "dcat:distribution": [_distribution(one, dataset) for one in dataset.distributions],
    }
    if dataset.place:
        value["dct:spatial"] = {"@type": "dct:Location", "dct:title": _thai(dataset.place)}
    if dataset.edition_note:
        value["adms:versionNotes"] = _thai(dataset.edition_note)
    if dataset.previous:
        value["dcat:previousVersion"] = _link(dataset.previous)
    return value


def _distribution(one: Distribution, dataset: Dataset) -> dict[str, Any]:
    kind = FORMATS[one.format]
    value: dict[str, Any] = {
        "@id": one.address,
        "@type": "dcat:Distribution",
        "dct:title": kind.label,
        "dcat:accessURL": _link(dataset.address),
        "dcat:downloadURL": _link(one.address),
        "dcat:mediaType": _link(f"https://www.iana.org/assignments/media-types/{kind.media_type}"),
        "dcat:byteSize": _typed("nonNegativeInteger", str(one.size)),
        "dct:license": _link(dataset.licence),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _link("spdx:checksumAlgorithm_sha256"),
            "spdx:checksumValue": _typed("hexBinary", one.sha256),
        },
    }
    if kind.by_schema:
        value["dct:conformsTo"] = _link(dataset.schema)
    return value


def _thai(text: str) -> dict[str, str]:
    return {"@language": "th", "@value": text}


def _typed(kind: str, value: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}


def _link(address: str) -> dict[str, str]:
    return {"@id": address}
