"""What a member's genotype can be, given the typed relatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import ProfileError
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.likelihood.encoding import encode
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.pedigrees.pedigree import Pedigree


def conditional_genotypes(
    pedigree: Pedigree,
    member: str,
    genotypes: Mapping[str, Sequence[str]],
    locus: LocusModel,
    *,
    theta: float = 0.0,
    convention: Convention = "as_written",
) -> FloatArray:
    """Probability of each genotype of a member, given the genotypes of the others.

    Parameters
    ----------
    member : the member kept open; must not be in `genotypes`.
    genotypes : member -> one or two labels of the relatives.

    Returns
    -------
    FloatArray
        [n, n] by paternal and maternal allele, sum one; the unordered a/b with a != b has [a, b] + [b, a]. [n] for a male at
        an X-chromosomal locus. All nan where the relatives' genotypes are impossible together.

    Raises
    ------
    TooComplex, ProfileError, PedigreeError, UnknownName
    """
    if genotypes.get(member):
        raise ProfileError(
            f"{member} is typed at {locus.name}", "Leave the genotype out, or ask for another member", field=locus.name
        )
    shape, codes = encode(pedigree, genotypes, locus, member)
    joint = evaluate(shape, locus, codes, theta=theta, convention=convention)
    with np.errstate(invalid="ignore"):
        table = joint.table[0] / joint.table[0].sum()
    return np.asarray(table if joint.log_scale[0] > -np.inf else np.full_like(table, np.nan))
