"""The rules of families, held to plain facts."""

from __future__ import annotations

import pytest

from factories.family_rules import Fact, facts


@pytest.mark.parametrize("fact", [pytest.param(one, id=one.name) for one in facts()])
def test_the_rules_say_what_the_facts_do(fact: Fact) -> None:
    assert fact.ask() == fact.says
