"""The long form of ``test_import_mutations``: 20,000 documents, by ``make fuzz``."""

from hypothesis import HealthCheck, given, settings

from tests.unit.plan_import.mutations import Mutated, complaint, mutated_plans


@settings(max_examples=20_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(mutated_plans())
def test_twenty_thousand_mutations(plan: Mutated) -> None:
    assert complaint(plan) == ""
