"""Every subject of ``make bench`` runs; how long anything takes is never judged here."""

from pathlib import Path

import pytest

from benchmarks.__main__ import SUBJECTS, main
from benchmarks.measure import SMOKE, Line, peak_megabytes, shown
from tests.linux import needs_proc


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_measures_work_beside_its_floor(subject: str, tmp_path: Path) -> None:
    lines = list(SUBJECTS[subject][1](SMOKE, tmp_path))
    assert lines
    assert all(line.n > 0 and line.work > 0 and line.floor > 0 for line in lines)
    assert len({line.name for line in lines}) == len(lines)


@needs_proc
def test_peak_memory_is_that_of_a_process_of_its_own() -> None:
    assert 1 < peak_megabytes(bytes, 10_000_000) < 1_000


def test_a_line_shows_name_count_times_and_ratio() -> None:
    assert shown(Line("sweep", 1_000, 0.03, 0.02, ("12 statements",))).split() == (
        ["sweep", "1,000", "30.00", "ms", "20.00", "ms", "1.5", "12", "statements"]
    )


def test_an_unknown_subject_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nonsense"])
    assert "choose from import" in capsys.readouterr().err
