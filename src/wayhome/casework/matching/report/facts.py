"""What a kinship report tells beside its assessment: samples and their ways, consents, readers. Plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from wayhome import kinship

LANGUAGES = ("en", "zh-hans", "vi")
"""In which a report can be written."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing that happened to a kit.

    Parameters
    ----------
    kind : as the laboratory's rules call it: "posted", "taken", "received"...
    at : with its offset from UTC; it is printed as it is told.
    place, by, witness, note : as recorded; "" where nothing was.
    """

    kind: str
    at: datetime
    place: str = ""
    by: str = ""
    witness: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise kinship.InputError(f"{self.kind} at {self.at} has no offset from UTC", "Give one", field="at")


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """One sample: whose, under which number, and every hand it went through.

    Parameters
    ----------
    member : of the pedigree; the child stands in the missing member's place.
    number : of the kit, in its barcode.
    hops : in order.
    laboratory, accreditation : who typed it, and by which accreditation.
    typed_on : day of the result.
    result_digest : SHA-256 of the file that the laboratory gave, or "".
    second : whether it is an independent second sample.
    """

    member: str
    number: str
    hops: tuple[Hop, ...] = ()
    laboratory: str = ""
    accreditation: str = ""
    typed_on: date | None = None
    result_digest: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """On what a member's DNA may be compared.

    Parameters
    ----------
    scope : "this_child" or "any_child".
    form : number of the paper.
    withdrawn_on : the day it was taken back, if it was.
    """

    member: str
    given_by: str
    scope: str
    signed_on: date
    until: date
    form: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """Somebody who read the case and concluded.

    Parameters
    ----------
    conclusion : "supports", "excludes" or "insufficient", or words of their own.
    role : as the register calls it.
    grounds : the reader's own words.
    """

    name: str
    role: str
    conclusion: str
    on: date
    organisation: str = ""
    grounds: str = ""


@dataclass(frozen=True)
class FrequencyFacts:
    """The frequencies that took part, of one population.

    Parameters
    ----------
    population : as the assessment calls it; `title` says what it is.
    people : locus -> people counted; None where the source does not say.
    minimum : locus -> least frequency used.
    alleles : locus -> allele seen in the case -> frequency as used.
    """

    population: str
    title: str
    people: Mapping[str, int | None]
    minimum: Mapping[str, float]
    alleles: Mapping[str, Mapping[str, float]]

    def __post_init__(self) -> None:
        for name in ("people", "minimum"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        frozen = {locus: MappingProxyType(dict(seen)) for locus, seen in self.alleles.items()}
        object.__setattr__(self, "alleles", MappingProxyType(frozen))


@dataclass(frozen=True)
class ReportFacts:
    """Everything that a report tells beside its assessment.

    Parameters
    ----------
    case_number, child_number, request_number : as the house numbers them.
    issued : day of the report; nothing in it knows another clock.
    issued_by : the agency that answers for the report.
    laboratories : name -> accreditation, in the order to be told.
    searched_on : day of the search that found the pair.
    families, children : searched; they must be those of the assessment's gates.
    names : member -> name, where the report may tell it.
    findings : evidence beside DNA.
    frequencies : see `frequencies_used`.
    languages : in which the report is issued.
    notes : further words for the reader, printed as they are.
    """

    case_number: str
    child_number: str
    request_number: str
    issued: date
    issued_by: str
    searched_on: date
    families: int
    children: int
    laboratories: Mapping[str, str] = field(default_factory=dict)
    samples: tuple[SampleFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    readers: tuple[ReaderFacts, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[kinship.Finding, ...] = ()
    frequencies: tuple[FrequencyFacts, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("laboratories", "names"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def to_json(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "case_number": self.case_number,
            "child_number": self.child_number,
            "request_number": self.request_number,
            "issued": self.issued.isoformat(),
            "issued_by": self.issued_by,
            "searched_on": self.searched_on.isoformat(),
            "families": self.families,
            "children": self.children,
            "laboratories": [list(pair) for pair in self.laboratories.items()],
            "samples": [_plain(asdict(one)) for one in self.samples],
            "consents": [_plain(asdict(one)) for one in self.consents],
            "readers": [_plain(asdict(one)) for one in self.readers],
            "names": dict(self.names),
            "findings": [one.to_json() for one in self.findings],
            "frequencies": [
                {
                    "population": one.population,
                    "title": one.title,
                    "people": dict(one.people),
                    "minimum": dict(one.minimum),
                    "alleles": {locus: dict(seen) for locus, seen in one.alleles.items()},
                }
                for one in self.frequencies
            ],
            "languages": list(self.languages),
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ReportFacts:
        """The facts that `to_json` told.

        Raises
        ------
        kinship.InputError
            for something else.
        """
        try:
            return cls._read(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise kinship.InputError(
                f"these are no facts of a report: {error!r}", "Give the JSON that they were stored as", field="facts"
            ) from None

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> ReportFacts:
        def day(text: str | None) -> date | None:
            return None if text is None else date.fromisoformat(text)

        def sample(one: Mapping[str, Any]) -> SampleFacts:
            hops = tuple(Hop(**{**hop, "at": datetime.fromisoformat(hop["at"])}) for hop in one["hops"])
            return SampleFacts(**{**one, "hops": hops, "typed_on": day(one["typed_on"])})

        def consent(one: Mapping[str, Any]) -> ConsentFacts:
            return ConsentFacts(**{**one, **{name: day(one[name]) for name in ("signed_on", "until", "withdrawn_on")}})

        made: dict[str, Any] = {
            **value,
            "issued": date.fromisoformat(value["issued"]),
            "searched_on": date.fromisoformat(value["searched_on"]),
            "laboratories": dict(value["laboratories"]),
            "samples": tuple(sample(one) for one in value["samples"]),
            "consents": tuple(consent(one) for one in value["consents"]),
            "readers": tuple(ReaderFacts(**{**one, "on": date.fromisoformat(one["on"])}) for one in value["readers"]),
            "findings": tuple(kinship.Finding.from_json(one) for one in value["findings"]),
            "frequencies": tuple(FrequencyFacts(**one) for one in value["frequencies"]),
            "languages": tuple(value["languages"]),
            "notes": tuple(value["notes"]),
        }
        return cls(**made)


def frequencies_used(
    assessment: kinship.Assessment, models: Iterable[kinship.PopulationModel], titles: Mapping[str, str] | None = None
) -> tuple[FrequencyFacts, ...]:
    """The frequencies of every allele that the case shows, as the likelihoods took them.

    Parameters
    ----------
    models : those that the assessment was made with.
    titles : population -> what it is; a shipped table's own title by default.
    """
    told = dict(titles or {})
    found = []
    for model in models:
        table = model.frequencies
        name = table.name
        shipped = kinship.population_title(name) if name in kinship.population_names() else table.source
        alleles: dict[str, dict[str, float]] = {}
        for locus in assessment.loci:
            seen = sorted(
                {label for labels in assessment.genotypes[locus].values() for label in labels}, key=kinship.allele_order
            )
            numbers = model.locus(locus, seen)
            place = {label: k for k, label in enumerate(numbers.alleles)}
            alleles[locus] = {label: float(numbers.frequencies[place[label]]) for label in seen}
        people = {locus: table.people.get(locus) for locus in alleles}
        minimum = {locus: table.minimum(locus, model.minimum_count) for locus in alleles}
        found.append(FrequencyFacts(name, told.get(name, shipped), people, minimum, alleles))
    return tuple(found)


def _plain(value: Any) -> Any:
    """Days, moments and tuples as JSON values."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
