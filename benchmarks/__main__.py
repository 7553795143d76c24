"""``python -m benchmarks [--full] [SUBJECT]...`` runs all subjects, or those named."""

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import importing, paging, reporting, scheduling, sending, sweeping
from benchmarks.measure import Line, Scale, heading, shown

Subject = Callable[[Scale, Path], Iterator[Line]]
SUBJECTS: dict[str, tuple[str, Subject]] = {
    "import": ("Import: a report's bytes become a plan", importing.lines),
    "schedule": ("Schedule: a plan's steps become tasks", scheduling.lines),
    "sweep": ("Sweep: what is due becomes digests in the ledger", sweeping.lines),
    "send": ("Send: the ledger's digests go out", sending.lines),
    "page": ("Page: signed-in requests through gunicorn", paging.lines),
    "report": ("Report: a round becomes a file", reporting.lines),
}


def main(arguments: list[str]) -> None:
    """Measures and prints; nothing but the temporary folder is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; without any: all")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.subjects if name not in SUBJECTS]
    if unknown:
        parser.error(f"there is no subject {unknown[0]}; choose from {', '.join(SUBJECTS)}")
    begun = perf_counter()
    print(
        f"Python {platform.python_version()}, {platform.machine()}; best of several runs; floor: see docs/benchmarks.md"
    )
    for name in options.subjects or SUBJECTS:
        title, lines = SUBJECTS[name]
        print(heading(title))
        with TemporaryDirectory(prefix="bench-") as folder:
            for line in lines(Scale(), Path(folder)):
                print(shown(line), flush=True)
    print(f"\n{perf_counter() - begun:.0f} s in all.")


if __name__ == "__main__":
    main(sys.argv[1:])
