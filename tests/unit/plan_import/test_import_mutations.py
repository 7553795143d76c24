"""Mutated plans are read or refused, and no date is wrong without a warning; ``make fuzz`` is the long form."""

from hypothesis import given, settings

from tests.unit.plan_import.mutations import Mutated, complaint, mutated_plans


@settings(max_examples=150, deadline=None)
@given(mutated_plans())
def test_no_mutation_crashes_or_gives_a_wrong_date_in_silence(plan: Mutated) -> None:
    assert complaint(plan) == ""
