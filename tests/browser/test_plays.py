"""The table of plays leaves no pair out."""

from itertools import combinations

from tests.browser.plays import ROWS, SIZES


def test_every_pair_of_story_size_language_and_database_is_played() -> None:
    values = [{row[place] for row in ROWS} for place in range(4)]
    assert values == [{"october", "february", "april", "conflict"}, set(SIZES), {"th", "en"}, {"sqlite", "postgresql"}]
    for one, other in combinations(range(4), 2):
        played = {(row[one], row[other]) for row in ROWS}
        assert len(played) == len(values[one]) * len(values[other]), (one, other)
