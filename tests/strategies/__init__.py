"""Hypothesis strategies that tests of the likelihood engine and of the search share."""

from tests.strategies.cases import Case, cases, families_of_any_shape, loci_of_any_kind

__all__ = ["Case", "cases", "families_of_any_shape", "loci_of_any_kind"]
