"""Exact kinship: profiles and pedigrees in, likelihood ratios out.

Everything public is offered here and listed in `__all__`; the modules behind may move.

    profile -> pedigree -> likelihood ratio, locus by locus, with the population and all parameters named in the result

It knows genetics and nothing else: no database, no web, no case.
"""

from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.errors import (
    FormatError,
    FrequencyError,
    InputError,
    KinshipError,
    MutationError,
    PedigreeError,
    ProfileError,
    TooComplex,
    UnknownName,
)
from wayhome.kinship.formats.codis import read_codis, write_codis
from wayhome.kinship.formats.familias import FamiliasFile, read_familias
from wayhome.kinship.formats.familias_writer import write_familias
from wayhome.kinship.formats.families import read_families, write_families
from wayhome.kinship.formats.family_drafts import FamilyFile
from wayhome.kinship.formats.frequency_tables import read_frequency_table, write_frequency_table
from wayhome.kinship.formats.genemapper import read_genemapper, write_genemapper
from wayhome.kinship.formats.genis import read_genis, write_genis
from wayhome.kinship.formats.niem import read_niem
from wayhome.kinship.formats.niem_schema import NiemFile, NiemPedigree
from wayhome.kinship.formats.niem_writing import write_niem
from wayhome.kinship.formats.ped import read_ped, write_ped
from wayhome.kinship.formats.readers import read_any_families, read_frequencies, read_profiles
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.formats.strider import read_strider, write_strider
from wayhome.kinship.formats.tables import read_profile_table, write_profile_table
from wayhome.kinship.genetics.frequencies import AlleleFrequencies, population, population_names, population_title
from wayhome.kinship.genetics.loci import (
    Inheritance,
    LinkedPair,
    Locus,
    Panel,
    ReportedLocus,
    allele_label,
    allele_order,
    linked_pairs,
    locus,
    locus_name,
    panel,
    panel_name,
    panels,
    reported_locus,
)
from wayhome.kinship.genetics.model import LocusModel, PopulationModel
from wayhome.kinship.genetics.mutation import (
    DEFAULT_MUTATION,
    NO_MUTATION,
    CustomMatrices,
    MutationModel,
    MutationRates,
)
from wayhome.kinship.genetics.profiles import Genotype, Profile
from wayhome.kinship.likelihood.conditional import conditional_genotypes
from wayhome.kinship.likelihood.network import Convention
from wayhome.kinship.likelihood.ratio import LikelihoodRatio, likelihood_ratio, log10_ratio, log_likelihood
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.gene_drop import FAMILY_SHAPES, FamilyShape, SimulatedBase, gene_drop, simulate_base
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex
from wayhome.kinship.pedigrees.relationships import (
    avuncular,
    double_first_cousins,
    duo,
    first_cousin_marriage,
    first_cousins,
    full_siblings,
    grandparents,
    half_siblings,
    mother_and_siblings,
    three_generations,
    trio,
)
from wayhome.kinship.provenance import digest, provenance
from wayhome.kinship.search.compiled import CompiledFamilies, compile_families, lr_table
from wayhome.kinship.search.find import Candidate, ChildResult, Found, find

__all__ = [
    "DEFAULT_MUTATION",
    "FAMILY_SHAPES",
    "NO_MUTATION",
    "AlleleFrequencies",
    "BoolArray",
    "Candidate",
    "ChildResult",
    "CompiledFamilies",
    "Convention",
    "CustomMatrices",
    "FamiliasFile",
    "Family",
    "FamilyFile",
    "FamilyShape",
    "FloatArray",
    "FormatError",
    "Found",
    "FrequencyError",
    "Genotype",
    "Inheritance",
    "InputError",
    "IntArray",
    "KinshipError",
    "LikelihoodRatio",
    "LinkedPair",
    "Locus",
    "LocusModel",
    "Member",
    "MutationError",
    "MutationModel",
    "MutationRates",
    "NiemFile",
    "NiemPedigree",
    "Panel",
    "Pedigree",
    "PedigreeError",
    "PopulationModel",
    "Profile",
    "ProfileError",
    "ProfileFile",
    "ReportedLocus",
    "Sex",
    "SimulatedBase",
    "TooComplex",
    "UnknownName",
    "allele_label",
    "allele_order",
    "avuncular",
    "compile_families",
    "conditional_genotypes",
    "digest",
    "double_first_cousins",
    "duo",
    "find",
    "first_cousin_marriage",
    "first_cousins",
    "full_siblings",
    "gene_drop",
    "grandparents",
    "half_siblings",
    "likelihood_ratio",
    "linked_pairs",
    "locus",
    "locus_name",
    "log10_ratio",
    "log_likelihood",
    "lr_table",
    "mother_and_siblings",
    "panel",
    "panel_name",
    "panels",
    "population",
    "population_names",
    "population_title",
    "provenance",
    "read_any_families",
    "read_codis",
    "read_familias",
    "read_families",
    "read_frequencies",
    "read_frequency_table",
    "read_genemapper",
    "read_genis",
    "read_niem",
    "read_ped",
    "read_profile_table",
    "read_profiles",
    "read_strider",
    "reported_locus",
    "simulate_base",
    "three_generations",
    "trio",
    "write_codis",
    "write_familias",
    "write_families",
    "write_frequency_table",
    "write_genemapper",
    "write_genis",
    "write_niem",
    "write_ped",
    "write_profile_table",
    "write_strider",
]
