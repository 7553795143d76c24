"""Which column is given which part of a plan, where several could be several. Pure."""

from collections.abc import Mapping, Sequence

from tracker.plan_import.header_words import FIELDS, Field


def best_assignment(scores: Sequence[Mapping[Field, float]]) -> dict[int, Field]:
    """The columns' fields with the greatest sum of scores; one with a measure wins over any without."""
    best: dict[int, tuple[float, dict[int, Field]]] = {0: (0.0, {})}
    for index, column in enumerate(scores):
        for taken, (total, chosen) in list(best.items()):
            for bit, field in enumerate(FIELDS):
                score = column[field]
                mask = taken | 1 << bit
                if score and not taken & 1 << bit and total + score > best.get(mask, (0.0, {}))[0]:
                    best[mask] = (total + score, {**chosen, index: field})
    with_measure = [entry for mask, entry in best.items() if mask & 1]
    return max(with_measure or best.values(), key=lambda entry: entry[0])[1]
