"""Exact kinship: profiles and pedigrees in, likelihood ratios out.

Everything public is offered here and listed in `__all__`; the modules behind may move.

    profile -> pedigree -> likelihood ratio, locus by locus, with the population and all parameters named in the result

It knows genetics and nothing else: no database, no web, no case.

Names are imported when first asked for, so that `import wayhome.kinship` costs next to nothing: type checkers read the imports,
the interpreter reads `_HOMES`, and tests/house/test_public_face.py holds both to `__all__`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

# Not late: loaded later, the module would take the place of the function of the same name.
from wayhome.kinship.provenance import digest, provenance

if TYPE_CHECKING:
    from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
    from wayhome.kinship.decision.assessment import Assessment, assess
    from wayhome.kinship.decision.distribution import LrDistribution
    from wayhome.kinship.decision.mismatches import MismatchLaw, exclusion_probability, kit_mismatches
    from wayhome.kinship.decision.next_steps import NextStep, NextSteps, next_steps
    from wayhome.kinship.decision.plot import power_svg
    from wayhome.kinship.decision.posterior import Posterior, Prior, posterior
    from wayhome.kinship.decision.power import FamilyPower, comparisons, family_power
    from wayhome.kinship.decision.remarks import Remark
    from wayhome.kinship.decision.sampling import SamplingPlan, sampling_plans
    from wayhome.kinship.decision.thresholds import Gates, Support, Verdict, case_work_rule, judge
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
    from wayhome.kinship.evidence.age import (
        NEGLECTED,
        AgeInterval,
        AgeModel,
        AgePosterior,
        Examination,
        Widening,
        age_posterior,
        flat_prior,
    )
    from wayhome.kinship.evidence.base import Cap, Evidence, Finding
    from wayhome.kinship.evidence.base import combine as combine_findings
    from wayhome.kinship.evidence.birth_date import ReportedBirth
    from wayhome.kinship.evidence.birth_date import birth_date as birth_date_finding
    from wayhome.kinship.evidence.blood_group import BloodGroupFrequencies, RelativesGroups
    from wayhome.kinship.evidence.blood_group import blood_group as blood_group_finding
    from wayhome.kinship.evidence.folding import fold, fold_place, foldings
    from wayhome.kinship.evidence.grades import Grades
    from wayhome.kinship.evidence.marks import Mark, body_places, mark_kinds
    from wayhome.kinship.evidence.marks import marks as marks_finding
    from wayhome.kinship.evidence.names import compare_names, names_by_chance
    from wayhome.kinship.evidence.names import names as names_finding
    from wayhome.kinship.evidence.place import Loss, PlaceModel, Point, RescueEvent, Route
    from wayhome.kinship.evidence.place import place_and_date as place_finding
    from wayhome.kinship.evidence.traits import belongings as belongings_finding
    from wayhome.kinship.evidence.traits import sex as sex_finding
    from wayhome.kinship.formats.cases import Case, read_cases
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
    from wayhome.kinship.formats.readers import FileKind, read_any_families, read_frequencies, read_profiles, recognise
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
    from wayhome.kinship.likelihood.ratio import LikelihoodRatio, likelihood_ratio, log10_ratio, log_likelihood, log_likelihoods
    from wayhome.kinship.pedigrees.drawing.svg import pedigree_svg
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
    from wayhome.kinship.search.compiled import CompiledFamilies, compile_families
    from wayhome.kinship.search.duplicates import DirectMatch, RepeatedRelatives, direct_matches, repeated_relatives
    from wayhome.kinship.search.engine import find_in_index, threads
    from wayhome.kinship.search.find import Candidate, ChildResult, Found, find
    from wayhome.kinship.search.index import Index, build_index
    from wayhome.kinship.search.joint import Assignment, JointResult, joint_assignments
    from wayhome.kinship.search.places import Place, ReferenceFamily, reference_families
    from wayhome.kinship.search.relatedness import (
        FULL_SIBLINGS,
        HALF_SIBLINGS,
        PARENT_AND_CHILD,
        RELATIONSHIPS,
        RelatedPair,
        Relationship,
        related_pairs,
    )
    from wayhome.kinship.search.tables import lr_table

__all__ = [
    "DEFAULT_MUTATION",
    "FAMILY_SHAPES",
    "FULL_SIBLINGS",
    "HALF_SIBLINGS",
    "NEGLECTED",
    "NO_MUTATION",
    "PARENT_AND_CHILD",
    "RELATIONSHIPS",
    "AgeInterval",
    "AgeModel",
    "AgePosterior",
    "AlleleFrequencies",
    "Assessment",
    "Assignment",
    "BloodGroupFrequencies",
    "BoolArray",
    "Candidate",
    "Cap",
    "Case",
    "ChildResult",
    "CompiledFamilies",
    "Convention",
    "CustomMatrices",
    "DirectMatch",
    "Evidence",
    "Examination",
    "FamiliasFile",
    "Family",
    "FamilyFile",
    "FamilyPower",
    "FamilyShape",
    "FileKind",
    "Finding",
    "FloatArray",
    "FormatError",
    "Found",
    "FrequencyError",
    "Gates",
    "Genotype",
    "Grades",
    "Index",
    "Inheritance",
    "InputError",
    "IntArray",
    "JointResult",
    "KinshipError",
    "LikelihoodRatio",
    "LinkedPair",
    "Locus",
    "LocusModel",
    "Loss",
    "LrDistribution",
    "Mark",
    "Member",
    "MismatchLaw",
    "MutationError",
    "MutationModel",
    "MutationRates",
    "NextStep",
    "NextSteps",
    "NiemFile",
    "NiemPedigree",
    "Panel",
    "Pedigree",
    "PedigreeError",
    "Place",
    "PlaceModel",
    "Point",
    "PopulationModel",
    "Posterior",
    "Prior",
    "Profile",
    "ProfileError",
    "ProfileFile",
    "ReferenceFamily",
    "RelatedPair",
    "Relationship",
    "RelativesGroups",
    "Remark",
    "RepeatedRelatives",
    "ReportedBirth",
    "ReportedLocus",
    "RescueEvent",
    "Route",
    "SamplingPlan",
    "Sex",
    "SimulatedBase",
    "Support",
    "TooComplex",
    "UnknownName",
    "Verdict",
    "Widening",
    "age_posterior",
    "allele_label",
    "allele_order",
    "assess",
    "avuncular",
    "belongings_finding",
    "birth_date_finding",
    "blood_group_finding",
    "body_places",
    "build_index",
    "case_work_rule",
    "combine_findings",
    "compare_names",
    "comparisons",
    "compile_families",
    "conditional_genotypes",
    "digest",
    "direct_matches",
    "double_first_cousins",
    "duo",
    "exclusion_probability",
    "family_power",
    "find",
    "find_in_index",
    "first_cousin_marriage",
    "first_cousins",
    "flat_prior",
    "fold",
    "fold_place",
    "foldings",
    "full_siblings",
    "gene_drop",
    "grandparents",
    "half_siblings",
    "joint_assignments",
    "judge",
    "kit_mismatches",
    "likelihood_ratio",
    "linked_pairs",
    "locus",
    "locus_name",
    "log10_ratio",
    "log_likelihood",
    "log_likelihoods",
    "lr_table",
    "mark_kinds",
    "marks_finding",
    "mother_and_siblings",
    "names_by_chance",
    "names_finding",
    "next_steps",
    "panel",
    "panel_name",
    "panels",
    "pedigree_svg",
    "place_finding",
    "population",
    "population_names",
    "population_title",
    "posterior",
    "power_svg",
    "provenance",
    "read_any_families",
    "read_cases",
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
    "recognise",
    "reference_families",
    "related_pairs",
    "repeated_relatives",
    "reported_locus",
    "sampling_plans",
    "sex_finding",
    "simulate_base",
    "threads",
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

_HOMES = {
    "arrays": "BoolArray FloatArray IntArray",
    "decision.assessment": "Assessment assess",
    "decision.distribution": "LrDistribution",
    "decision.mismatches": "MismatchLaw exclusion_probability kit_mismatches",
    "decision.next_steps": "NextStep NextSteps next_steps",
    "decision.plot": "power_svg",
    "decision.posterior": "Posterior Prior posterior",
    "decision.power": "FamilyPower comparisons family_power",
    "decision.remarks": "Remark",
    "decision.sampling": "SamplingPlan sampling_plans",
    "decision.thresholds": "Gates Support Verdict case_work_rule judge",
    "errors": (
        "FormatError FrequencyError InputError KinshipError MutationError PedigreeError ProfileError TooComplex UnknownName"
    ),
    "evidence.age": "NEGLECTED AgeInterval AgeModel AgePosterior Examination Widening age_posterior flat_prior",
    "evidence.base": "Cap Evidence Finding combine_findings",
    "evidence.birth_date": "ReportedBirth birth_date_finding",
    "evidence.blood_group": "BloodGroupFrequencies RelativesGroups blood_group_finding",
    "evidence.folding": "fold fold_place foldings",
    "evidence.grades": "Grades",
    "evidence.marks": "Mark body_places mark_kinds marks_finding",
    "evidence.names": "compare_names names_by_chance names_finding",
    "evidence.place": "Loss PlaceModel Point RescueEvent Route place_finding",
    "evidence.traits": "belongings_finding sex_finding",
    "formats.cases": "Case read_cases",
    "formats.codis": "read_codis write_codis",
    "formats.familias": "FamiliasFile read_familias",
    "formats.familias_writer": "write_familias",
    "formats.families": "read_families write_families",
    "formats.family_drafts": "FamilyFile",
    "formats.frequency_tables": "read_frequency_table write_frequency_table",
    "formats.genemapper": "read_genemapper write_genemapper",
    "formats.genis": "read_genis write_genis",
    "formats.niem": "read_niem",
    "formats.niem_schema": "NiemFile NiemPedigree",
    "formats.niem_writing": "write_niem",
    "formats.ped": "read_ped write_ped",
    "formats.readers": "FileKind read_any_families read_frequencies read_profiles recognise",
    "formats.source": "ProfileFile",
    "formats.strider": "read_strider write_strider",
    "formats.tables": "read_profile_table write_profile_table",
    "genetics.frequencies": "AlleleFrequencies population population_names population_title",
    "genetics.loci": (
        "Inheritance LinkedPair Locus Panel ReportedLocus allele_label allele_order linked_pairs locus locus_name panel "
        "panel_name panels reported_locus"
    ),
    "genetics.model": "LocusModel PopulationModel",
    "genetics.mutation": "DEFAULT_MUTATION NO_MUTATION CustomMatrices MutationModel MutationRates",
    "genetics.profiles": "Genotype Profile",
    "likelihood.conditional": "conditional_genotypes",
    "likelihood.network": "Convention",
    "likelihood.ratio": "LikelihoodRatio likelihood_ratio log10_ratio log_likelihood log_likelihoods",
    "pedigrees.drawing.svg": "pedigree_svg",
    "pedigrees.family": "Family",
    "pedigrees.gene_drop": "FAMILY_SHAPES FamilyShape SimulatedBase gene_drop simulate_base",
    "pedigrees.pedigree": "Member Pedigree Sex",
    "pedigrees.relationships": (
        "avuncular double_first_cousins duo first_cousin_marriage first_cousins full_siblings grandparents "
        "half_siblings mother_and_siblings three_generations trio"
    ),
    "search.compiled": "CompiledFamilies compile_families",
    "search.duplicates": "DirectMatch RepeatedRelatives direct_matches repeated_relatives",
    "search.engine": "find_in_index threads",
    "search.find": "Candidate ChildResult Found find",
    "search.index": "Index build_index",
    "search.joint": "Assignment JointResult joint_assignments",
    "search.places": "Place ReferenceFamily reference_families",
    "search.relatedness": ("FULL_SIBLINGS HALF_SIBLINGS PARENT_AND_CHILD RELATIONSHIPS RelatedPair Relationship related_pairs"),
    "search.tables": "lr_table",
}
"""module -> names it holds"""

_RENAMED = {
    "combine_findings": "combine",
    "birth_date_finding": "birth_date",
    "blood_group_finding": "blood_group",
    "marks_finding": "marks",
    "names_finding": "names",
    "place_finding": "place_and_date",
    "belongings_finding": "belongings",
    "sex_finding": "sex",
}
"""name here -> name in its module"""

if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name

    def __getattr__(name: str) -> object:
        home = next((module for module, names in _HOMES.items() if name in names.split()), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        thing = globals()[name] = getattr(import_module(f"{__name__}.{home}"), _RENAMED.get(name, name))
        return thing

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
