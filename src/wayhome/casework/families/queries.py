"""Requests that an actor may know of, what they say, how the tree stands, who of it agreed to a sample and would help most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from wayhome import kinship
from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families.models import (
    Consent,
    Description,
    Parentage,
    Relative,
    RelativeState,
    RequestDuplicate,
    RequestKey,
    RequestPhoto,
    TracingRequest,
)
from wayhome.casework.families.rules import Node, Sought, can_be_typed, nearness, pedigree
from wayhome.casework.operations.models import PersonKey

POPULATION = "china"
KIT = "Goldeneye 20A"
"""What a plan of samples reckons with: the kit that laboratories here use most."""
RELATIVES_PLANNED = 2
LARGE_TREE = 8
"""Above so many members fewer families are simulated: marriages of kin make each of them dear."""
RELATIVES_TRIED = 6
"""Relatives whom a plan weighs, the nearest to the child first: somebody waits, and a great-aunt seldom decides."""
LEAST_BASE = 20_000
"""Families that a plan reckons with at least: the national base grows, and a sample is for decades."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A member of the tree as last told; `mother` and `father` are numbers of relatives."""

    relative: Relative
    state: RelativeState
    mother: int | None
    father: int | None
    links: tuple[Parentage, ...]
    consent: Consent | None

    @property
    def typable(self) -> bool:
        """Whether a sample can be had."""
        return not self.relative.missing and can_be_typed(self.state.life, self.state.reach, self.consent is not None)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another request that may be for the same child, and why (`rules.duplicate_reasons`)."""

    proposal: RequestDuplicate
    other: TracingRequest
    reasons: list[dict[str, Any]]
    may_read: bool


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """Somebody who asks for a child: a person on record, or else a relative, by number."""

    request: int
    jurisdiction: str
    who: int
    on_record: bool


def requests_of(by: Actor) -> QuerySet[TracingRequest]:
    """Requests that an actor may know of: those of the own agency, and below the jurisdiction that the actor oversees."""
    mine = Q(by__agency_id=by.agency_id)
    if by.oversees:
        mine |= Q(jurisdiction__path__startswith=by.jurisdiction)
    return TracingRequest.objects.filter(mine).select_related("jurisdiction", "inquirer", "by__agency", "end")


def request_of(by: Actor, request_id: int) -> TracingRequest:
    """One of them; NotFound otherwise."""
    found = requests_of(by).filter(pk=request_id).first()
    if found is None:
        raise NotFound(request=request_id)
    return found


def listed(by: Actor) -> QuerySet[Description]:
    """The last description of each request that an actor may know of and that goes on, the youngest request first.

    `asked` is when the request was recorded.
    """
    later = Description.objects.filter(request_id=OuterRef("request_id"), n__gt=OuterRef("n"))
    mine = requests_of(by).filter(end__isnull=True)
    found = Description.objects.filter(~Exists(later), request__in=mine.values("pk")).annotate(asked=F("request__at"))
    return found.select_related("request__jurisdiction", "request__by__agency", "where").order_by("-request__at", "-request_id")


def named(by: Actor, name: str) -> QuerySet[Description]:
    """Those of `listed` whose child is called so, in whatever script it is written."""
    keys = [Q(kind="name", key=key) for key in kinship.foldings(name)]
    if not keys:
        return listed(by).none()
    wanted = keys[0]
    for one in keys[1:]:
        wanted |= one
    return listed(by).filter(request__in=RequestKey.objects.filter(wanted).values("request"))


def description(request_id: int) -> Description:
    """What was last said of the child that a request looks for."""
    return descriptions(request_id)[0]


def descriptions(request_id: int) -> list[Description]:
    """What was said of it, the last first."""
    return list(Description.objects.filter(request_id=request_id).select_related("where", "by").order_by("-n"))


def photos(request_id: int) -> QuerySet[RequestPhoto]:
    """Pictures under a request, the first kept first, without the pictures themselves."""
    return RequestPhoto.objects.filter(request=request_id).defer("jpeg").order_by("pk")


def photo_of(request: TracingRequest, photo_id: int) -> RequestPhoto:
    """One picture under a request."""
    found = RequestPhoto.objects.filter(pk=photo_id, request=request).first()
    if found is None:
        raise NotFound(photo=photo_id)
    return found


def tree(request_id: int, *, at: datetime) -> dict[int, Kin]:
    """Everybody in the tree, by number, in the order in which they were entered."""
    return trees([request_id], at=at)[request_id]


def trees(requests: Iterable[int], *, at: datetime) -> dict[int, dict[int, Kin]]:
    """The trees of some requests."""
    asked = list(requests)
    last = RelativeState.objects.filter(relative_id=OuterRef("relative_id")).order_by("-n").values("n")[:1]
    states = RelativeState.objects.filter(
        relative__request__in=asked, relative__end__isnull=True, n=Subquery(last)
    ).select_related("relative", "person")
    links: dict[int, list[Parentage]] = {}
    for link in standing_links(*asked):
        links.setdefault(link.child_id, []).append(link)
    consents = {one.relative_id: one for one in in_force(at).filter(relative__request__in=asked).order_by("pk")}
    found: dict[int, dict[int, Kin]] = {request: {} for request in asked}
    for state in states.order_by("relative_id"):
        own = links.get(state.relative_id, [])
        by_sex = {link.parent.sex: link.parent_id for link in own}
        found[state.relative.request_id][state.relative_id] = Kin(
            state.relative, state, by_sex.get("F"), by_sex.get("M"), tuple(own), consents.get(state.relative_id)
        )
    return found


def nodes(kin: dict[int, Kin]) -> dict[int, Node]:
    """The same as the rules take it."""
    return {number: Node(one.relative.sex, one.mother, one.father) for number, one in kin.items()}


def standing_links(*requests: int) -> QuerySet[Parentage]:
    """Links of trees that were not struck out, nor anybody in them."""
    found = Parentage.objects.filter(child__request__in=requests, end__isnull=True)
    return found.filter(child__end__isnull=True, parent__end__isnull=True).select_related("child", "parent").order_by("pk")


def in_force(at: datetime) -> QuerySet[Consent]:
    """Consents that were not withdrawn and are not over."""
    return Consent.objects.filter(withdrawal__isnull=True, until__gte=at.date())


def consents_of(request_id: int, *, at: datetime) -> QuerySet[Consent]:
    """Everything that was agreed to under a request, the first given first; `stands` says whether it is in force."""
    stands = Q(withdrawal__isnull=True, until__gte=at.date())
    found = Consent.objects.filter(relative__request=request_id, relative__end__isnull=True)
    return found.annotate(stands=stands).select_related("withdrawal").order_by("pk")


def relative_of(by: Actor, relative_id: int) -> Relative:
    """A member of the tree of a request that an actor may know of."""
    found = (
        Relative.objects.filter(pk=relative_id, request__in=requests_of(by).values("pk")).select_related("request__end").first()
    )
    if found is None:
        raise NotFound(relative=relative_id)
    return found


def link_of(by: Actor, parentage_id: int) -> Parentage:
    """A link in such a tree."""
    mine = requests_of(by).values("pk")
    found = Parentage.objects.filter(pk=parentage_id, child__request__in=mine).select_related("child__request").first()
    if found is None:
        raise NotFound(parentage=parentage_id)
    return found


def consent_of(by: Actor, consent_id: int) -> Consent:
    """A consent to be found under such a request."""
    mine = requests_of(by).values("pk")
    found = Consent.objects.filter(pk=consent_id, relative__request__in=mine).select_related("relative__request").first()
    if found is None:
        raise NotFound(consent=consent_id)
    return found


def pedigree_of(request: TracingRequest, kin: dict[int, Kin]) -> kinship.Pedigree:
    """The tree as the genetics have it; members are called by their numbers."""
    missing = next(number for number, one in kin.items() if one.relative.missing)
    return pedigree(nodes(kin), missing, names={number: str(number) for number in kin}, name=request.number)


def base_size() -> int:
    """Families that a search compares a child with, as far as a plan of samples reckons."""
    return max(LEAST_BASE, open_requests().count())


def sampling_plans(request: TracingRequest, kin: dict[int, Kin], *, families: int = 0) -> list[kinship.SamplingPlan]:
    """Whom to sample first, of those of whom a sample can be had.

    Parameters
    ----------
    families : size of the base that will be searched; `base_size` if 0.
    """
    near = nearness(nodes(kin), next(number for number, one in kin.items() if one.relative.missing))
    able = sorted((number for number, one in kin.items() if one.typable and number in near), key=lambda one: (near[one], one))
    typable = [str(number) for number in able[:RELATIVES_TRIED]]
    gates = kinship.Gates(families or base_size())
    draws = 24 if len(kin) <= LARGE_TREE else 12
    return list(_planned(pedigree_of(request, kin), tuple(typable), gates, draws))


@lru_cache(maxsize=256)
def _planned(
    tree: kinship.Pedigree, typable: tuple[str, ...], gates: kinship.Gates, draws: int
) -> tuple[kinship.SamplingPlan, ...]:
    """It hangs on the tree alone, with nobody's sample in it, and takes seconds: who looks again waits for nothing."""
    model = kinship.PopulationModel(kinship.population(POPULATION))
    loci = tuple(name for name in kinship.panel(KIT).autosomal if name in model.frequencies.loci)
    return tuple(kinship.sampling_plans(tree, typable, model, gates, loci=loci, most=RELATIVES_PLANNED, draws=draws))


def open_requests() -> QuerySet[TracingRequest]:
    """Every request that goes on."""
    return TracingRequest.objects.filter(end__isnull=True)


def claims(*, request: int | None = None, people: Iterable[int] = (), relatives: Iterable[int] = ()) -> set[Claim]:
    """Who asks for a child by an open request, or was ever told as a relative in it.

    Parameters
    ----------
    request : everybody of this one; otherwise
    people, relatives : of these, in whatever request; a relative is one who was told by name and is on no record.
    """
    asking, related = open_requests(), RelativeState.objects.filter(relative__request__end__isnull=True, person__isnull=False)
    named = Relative.objects.filter(request__end__isnull=True, keys__isnull=False)
    if request is not None:
        asking, related, named = (
            asking.filter(pk=request),
            related.filter(relative__request=request),
            named.filter(request=request),
        )
    else:
        asking, related, named = (
            asking.filter(inquirer__in=people),
            related.filter(person__in=people),
            named.filter(pk__in=relatives),
        )
    on_record = {
        *asking.values_list("pk", "jurisdiction__path", "inquirer_id"),
        *related.values_list("relative__request_id", "relative__request__jurisdiction__path", "person_id"),
    }
    by_name = set(named.values_list("request_id", "request__jurisdiction__path", "pk"))
    return {Claim(*one, on_record=True) for one in on_record} | {Claim(*one, on_record=False) for one in by_name}


def may_be(request: TracingRequest) -> list[TracingRequest]:
    """Open requests that share a name or a person's number with one, and were not compared with it before.

    None for one that has ended.
    """
    if not open_requests().filter(pk=request.pk).exists():
        return []
    compared = {request.pk}
    for pair in RequestDuplicate.objects.filter(Q(one=request) | Q(other=request)).values_list("one", "other"):
        compared |= set(pair)
    names = RequestKey.objects.filter(request=request, kind="name").values("key")
    alike = Q(pk__in=RequestKey.objects.filter(kind="name", key__in=names).values("request"))
    shared = Q()
    for kind, key in sorted(_people(request)):
        shared |= Q(kind=kind, key=key)
    if shared:
        people = PersonKey.objects.filter(shared).values_list("person_id", flat=True)
        alike |= Q(inquirer__in=list(people))
        alike |= Q(relatives__states__person__in=list(people), relatives__end__isnull=True)
    return list(open_requests().filter(alike).exclude(pk__in=compared).distinct().order_by("pk"))


def sought(request: TracingRequest) -> Sought:
    """What a request says, for comparison with another."""
    said = description(request.pk)
    return Sought(
        sex=said.sex,
        born=(said.born_from, said.born_to),
        lost=(said.lost_from, said.lost_to),
        names=frozenset(request.keys.filter(kind="name").values_list("kind", "key")),
        people=frozenset(_people(request)),
        place=said.where.path if said.where is not None else "",
    )


def _people(request: TracingRequest) -> set[tuple[str, str]]:
    """Keys of the numbers of whoever asks and of the relatives who are on record."""
    kin = RelativeState.objects.filter(relative__request=request, relative__end__isnull=True, person__isnull=False)
    people = {request.inquirer_id, *kin.values_list("person_id", flat=True)}
    return set(PersonKey.objects.filter(person_id__in=people, kind__in=("id", "phone")).values_list("kind", "key"))


def duplicates_of(request: TracingRequest, *, by: Actor) -> list[Duplicate]:
    """Requests that may be for the same child, and on which nobody has decided; both go on.

    Of a request that the actor may not read, its number and whose it is are told: somebody must call them.
    """
    rows = list(_undecided().filter(Q(one=request) | Q(other=request)))
    others = [row.other if row.one_id == request.pk else row.one for row in rows]
    mine = set(requests_of(by).filter(pk__in=[other.pk for other in others]).values_list("pk", flat=True))
    return [Duplicate(row, other, row.reasons, other.pk in mine) for row, other in zip(rows, others, strict=True)]


def duplicate_of(by: Actor, proposal_id: int) -> RequestDuplicate:
    """A proposal of which the actor may read both requests."""
    mine = requests_of(by).values("pk")
    found = RequestDuplicate.objects.filter(pk=proposal_id, one__in=mine, other__in=mine).select_related("one", "other").first()
    if found is None:
        raise NotFound(duplicate=proposal_id)
    return found


def duplicates_waiting(by: Actor) -> QuerySet[RequestDuplicate]:
    """Proposals on which nobody has decided, of requests that go on and of which the actor may read one at least."""
    mine = requests_of(by).values("pk")
    return _undecided().filter(Q(one__in=mine) | Q(other__in=mine))


def duplicates_to_settle(by: Actor) -> QuerySet[RequestDuplicate]:
    """Those of them of which the actor may read both requests, and so decide."""
    mine = requests_of(by).values("pk")
    return _undecided().filter(one__in=mine, other__in=mine)


def _undecided() -> QuerySet[RequestDuplicate]:
    """Once a request has ended, whatever else may be for the same child is compared with the one that goes on."""
    waiting = RequestDuplicate.objects.filter(verdict__isnull=True, one__end__isnull=True, other__end__isnull=True)
    return waiting.select_related("one__by__agency", "other__by__agency").order_by("pk")


def consents_ending(by: Actor, *, until: date, at: datetime) -> QuerySet[Consent]:
    """Consents in force that run out by a day, of requests of the actor that go on: they want to be asked for anew."""
    mine = requests_of(by).filter(end__isnull=True).values("pk")
    found = in_force(at).filter(until__lte=until, relative__request__in=mine)
    return found.select_related("relative__request").order_by("until", "pk")


def jurisdiction_of(path: str) -> Jurisdiction:
    """The one with a path."""
    return Jurisdiction.objects.get(path=path)


def progress(requests: Iterable[int], *, at: datetime) -> dict[int, tuple[int, int]]:
    """By request: how many relatives could be typed, and how many of them agreed."""
    ids = list(requests)
    consented = set(in_force(at).filter(relative__request__in=ids).values_list("relative_id", flat=True))
    last = RelativeState.objects.filter(relative_id=OuterRef("relative_id")).order_by("-n").values("n")[:1]
    states = RelativeState.objects.filter(
        relative__request__in=ids, relative__missing=False, relative__end__isnull=True, n=Subquery(last)
    ).annotate(of=F("relative__request_id"))
    found: dict[int, tuple[int, int]] = {}
    for of, relative, life, reach in states.values_list("of", "relative_id", "life", "reach"):
        can, agreed = found.get(of, (0, 0))
        found[of] = can + can_be_typed(life, reach, relative in consented), agreed + (relative in consented)
    return found
