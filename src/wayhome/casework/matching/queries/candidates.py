"""Candidates as an analyst may know them: of samples of their laboratory, without what a colleague said before they said it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import records
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.queries import requests_of
from wayhome.casework.laboratory.models import ChildProfile, Kit, RelativeProfile
from wayhome.casework.laboratory.queries.kits import with_state
from wayhome.casework.matching.models import (
    Candidate,
    CandidateDetail,
    Confirmation,
    Dossier,
    DossierSample,
    Due,
    Freeze,
    Kinship,
    KinshipReport,
    Reading,
    Search,
    SecondCheck,
)
from wayhome.casework.matching.rules.readings import another_wanted, outcome
from wayhome.casework.vault.queries import opened
from wayhome.casework.vault.rules import Place, Purpose, unseal


def key_of(candidate: int) -> str:
    """How the key of a candidate's detail is called."""
    return f"candidate:{candidate}"


def detail_place(candidate: int) -> Place:
    """Where it stands."""
    return Place("matching_candidatedetail", "sealed", str(candidate))


def report_place(candidate: int, n: int) -> Place:
    """Where the n-th report of a candidate stands."""
    return Place("matching_kinshipreport", "sealed", f"{candidate}:{n}")


@dataclass(frozen=True)
class Detail:
    """What a search found, opened."""

    assessment: kinship.Assessment
    evidence: kinship.Evidence


def details(candidates: Iterable[int]) -> dict[int, Detail]:
    """Details of some candidates; one that was erased is left out."""
    rows = CandidateDetail.objects.filter(candidate__in=list(candidates))
    sealed = {row.candidate_id: bytes(row.sealed) for row in rows}
    keys = opened(Purpose.CHILDREN, [key_of(pk) for pk in sealed])
    found = {}
    for pk, one in sealed.items():
        if key_of(pk) in keys:
            told = json.loads(unseal(one, key=keys[key_of(pk)], place=detail_place(pk)))
            found[pk] = Detail(kinship.Assessment.from_json(told["assessment"]), kinship.Evidence.from_json(told["evidence"]))
    return found


@dataclass(frozen=True)
class Seen:
    """A candidate as somebody sees it.

    Parameters
    ----------
    state : of `rules.readings.STATES`; to an analyst who has not read it, as if nobody had, unless it is decided.
    mine : the actor's own reading.
    readings : those that the actor may see: all once they gave theirs, or it is decided, or they read nothing here.
    wanted : whether a reading of the actor's is wanted.
    """

    candidate: Candidate
    state: str
    mine: Reading | None
    readings: tuple[Reading, ...]
    wanted: bool
    confirmation: Confirmation | None
    frozen: bool
    checks: tuple[SecondCheck, ...] = ()


def candidates_of(by: Actor) -> QuerySet[Candidate]:
    """Those of which the actor's laboratory has a sample, the child's or a relative's."""
    require(by, Permission.READ_CANDIDATE)
    ours = Kit.objects.filter(laboratory=by.agency_id)
    theirs = DossierSample.objects.filter(dossier=OuterRef("dossier"), kit__laboratory=by.agency_id)
    found = Candidate.objects.filter(Q(search__kit__in=ours) | Q(Exists(theirs)))
    return found.select_related("child", "request", "search__kit", "dossier", "end", "confirmation__end", "confirmation__by")


def candidate_of(by: Actor, candidate_id: int) -> Candidate:
    """One of them; NotFound otherwise."""
    found = candidates_of(by).filter(pk=candidate_id).first()
    if found is None:
        raise NotFound(candidate=candidate_id)
    return found


def seen(rows: Iterable[Candidate], *, by: Actor) -> list[Seen]:
    """Candidates as the actor sees them, in the order given."""
    rows = list(rows)
    readings: dict[int, list[Reading]] = {}
    for one in Reading.objects.filter(candidate__in=rows).select_related("by").order_by("candidate", "n"):
        readings.setdefault(one.candidate_id, []).append(one)
    checks: dict[int, list[SecondCheck]] = {}
    for check in SecondCheck.objects.filter(candidate__in=rows).order_by("pk"):
        checks.setdefault(check.candidate_id, []).append(check)
    ice = frozen_confirmations()
    return [_seen(row, readings.get(row.pk, []), tuple(checks.get(row.pk, ())), ice, by) for row in rows]


def _seen(row: Candidate, readings: list[Reading], checks: tuple[SecondCheck, ...], ice: set[int], by: Actor) -> Seen:
    conclusions = [one.conclusion for one in readings]
    mine = next((one for one in readings if one.by_id == by.staff_id), None)
    end = getattr(row, "end", None)
    confirmation = getattr(row, "confirmation", None)
    standing = confirmation if confirmation is not None and not hasattr(confirmation, "end") else None
    wanted = end is None and mine is None and another_wanted(conclusions)
    reads = may(Role(by.role), Permission.JUDGE_CANDIDATE)
    blind = reads and wanted
    if end is not None:
        state = end.reason
    elif standing is not None:
        state = "confirmed"
    else:
        state = "proposed" if blind else outcome(conclusions)
    return Seen(
        row,
        state,
        mine,
        () if blind else tuple(readings),
        wanted and reads,
        standing,
        standing is not None and standing.pk in ice,
        checks,
    )


def conclusions(candidate: Candidate) -> list[str]:
    """What was read of one, the first first."""
    return list(Reading.objects.filter(candidate=candidate).order_by("n").values_list("conclusion", flat=True))


def to_read(by: Actor) -> QuerySet[Candidate]:
    """Open candidates that want a reading of the actor's: the surest first, and of these the oldest."""
    own = Reading.objects.filter(candidate=OuterRef("pk"), by=by.staff_id)
    every = Reading.objects.filter(candidate=OuterRef("pk"))
    alike = every.filter(
        conclusion__in=Reading.objects.filter(candidate=OuterRef("candidate"), pk__lt=OuterRef("pk")).values("conclusion")
    )
    third = every.filter(n=3)
    found = candidates_of(by).filter(end__isnull=True).filter(~Exists(own), ~Exists(alike), ~Exists(third))
    surest = {"report": 0, "lead": 1, "insufficient": 2}
    return found.annotate(sure=_case(surest)).order_by("sure", "rank", "pk")


def _case(order: Mapping[str, int]) -> object:
    from django.db.models import Case, IntegerField, Value, When

    return Case(*(When(gate=name, then=Value(n)) for name, n in order.items()), output_field=IntegerField())


def standing_confirmations() -> QuerySet[Confirmation]:
    """Confirmations that were not taken back, of candidates that have not ended."""
    return Confirmation.objects.filter(end__isnull=True, candidate__end__isnull=True)


def frozen_confirmations() -> set[int]:
    """Confirmations that stand, and that another that stands contradicts."""
    standing = standing_confirmations().values("pk")
    pairs = Freeze.objects.filter(one__in=standing, other__in=standing).values_list("one_id", "other_id")
    return {pk for pair in pairs for pk in pair}


def to_confirm(by: Actor) -> list[Seen]:
    """Candidates that two support, whose second samples say the same, and that nobody confirmed."""
    require(by, Permission.CONFIRM_MATCH)
    agreed = SecondCheck.objects.filter(candidate=OuterRef("pk"), agrees=True)
    supports = Reading.objects.filter(candidate=OuterRef("pk"), conclusion="supports")
    rows = candidates_of(by).filter(Exists(supports), Exists(agreed), end__isnull=True, confirmation__isnull=True).order_by("pk")
    return [one for one in seen(rows, by=by) if one.state == "supported"]


@dataclass(frozen=True)
class Report:
    """A report of a candidate; `older`: whether somebody read the candidate, or second samples were compared, after it."""

    report: KinshipReport
    older: bool


def reports_of(one: Seen) -> list[Report]:
    """Reports of a candidate, the last first. They print every reading: whoever is to give one knows of none."""
    if one.wanted:
        return []
    rows = KinshipReport.objects.filter(candidate=one.candidate).defer("sealed").select_related("by__agency").order_by("-n")
    told = max([*(row.at for row in one.readings), *(row.at for row in one.checks)], default=None)
    return [Report(row, told is not None and told > row.at) for row in rows]


def last_search(child_id: int) -> Search | None:
    """When a child was last compared with the base, and how large that was."""
    return Search.objects.filter(child=child_id).order_by("-pk").first()


def kin_of(child_id: int) -> QuerySet[Kinship]:
    """Children whose DNA says that they may be siblings of a child, or the same."""
    return Kinship.objects.filter(Q(one=child_id) | Q(other=child_id)).order_by(F("log10_lr").desc())


WHICH = ("waiting", "open", "ended")
"""Lists of candidates: those that wait for the actor, all that go on, and those that ended."""


def chosen(by: Actor, which: str, *, number: int | None = None) -> QuerySet[Candidate]:
    """One of the lists, or whatever is about a child or a request of this number; surest first, ended ones youngest first."""
    rows = candidates_of(by)
    if number is not None:
        return rows.filter(Q(child=number) | Q(request=number)).order_by("-pk")
    if which == "ended":
        return rows.filter(end__isnull=False).order_by("-pk")
    if which == "waiting":
        if may(Role(by.role), Permission.JUDGE_CANDIDATE):
            return to_read(by)
        return rows.filter(pk__in=[one.candidate.pk for one in to_confirm(by)]).order_by("pk")
    surest = {"report": 0, "lead": 1, "insufficient": 2}
    return rows.filter(end__isnull=True).annotate(sure=_case(surest)).order_by("sure", "rank", "pk")


def frozen_of(by: Actor) -> list[Candidate]:
    """Candidates of the actor's laboratory whose confirmation stands against another that stands too."""
    return list(candidates_of(by).filter(confirmation__in=frozen_confirmations()).order_by("pk"))


@dataclass(frozen=True)
class Against:
    """Why a confirmation is frozen, and by which other; None where that is of samples of other laboratories alone."""

    reason: str
    other: Candidate | None


def frozen_by(confirmation: Confirmation, *, by: Actor) -> list[Against]:
    """What stands against a confirmation."""
    standing = standing_confirmations().values("pk")
    pairs = Freeze.objects.filter(Q(one=confirmation) | Q(other=confirmation), one__in=standing, other__in=standing)
    rows = list(pairs.select_related("one", "other").order_by("pk"))
    others = {row.pk: row.other if row.one_id == confirmation.pk else row.one for row in rows}
    mine = {row.pk: row for row in candidates_of(by).filter(pk__in=[one.candidate_id for one in others.values()])}
    return [Against(row.reason, mine.get(others[row.pk].candidate_id)) for row in rows]


@dataclass(frozen=True)
class Taken:
    """A sample that was compared, or a second one.

    Parameters
    ----------
    relative : whose; None for the child.
    kit : None where there is no such sample yet.
    state : "typed", or where the kit is; "" without one.
    ours : whether it is a kit of the actor's laboratory.
    """

    relative: int | None
    kit: Kit | None = None
    state: str = ""
    ours: bool = False


def compared_samples(candidate: Candidate, *, by: Actor) -> list[Taken]:
    """The samples that the search compared, the child's first."""
    rows = DossierSample.objects.filter(dossier=candidate.dossier_id).select_related("kit").order_by("relative")
    kits: list[tuple[int | None, Kit]] = [(None, candidate.search.kit), *((row.relative_id, row.kit) for row in rows)]
    return [Taken(whose, kit, "typed", kit.laboratory_id == by.agency_id) for whose, kit in kits]


def second_samples(candidate: Candidate, relatives: Iterable[int], *, by: Actor) -> list[Taken]:
    """For the child and some relatives, the sample that was taken again, or that there is none yet."""
    used = {candidate.search.kit_id, *DossierSample.objects.filter(dossier=candidate.dossier_id).values_list("kit", flat=True)}
    asked = list(relatives)
    kits = with_state().filter(Q(relative__in=asked) | Q(child__in=list(records([candidate.child_id])))).exclude(pk__in=used)
    of_child = Exists(ChildProfile.objects.filter(kit=OuterRef("pk")))
    of_relative = Exists(RelativeProfile.objects.filter(kit=OuterRef("pk")))
    found: dict[int | None, Taken] = {whose: Taken(whose) for whose in (None, *asked)}
    for kit in kits.annotate(read=of_child | of_relative).filter(Q(read=True) | Q(second=True)).order_by("read", "pk"):
        ours = kit.laboratory_id == by.agency_id
        found[kit.relative_id] = Taken(kit.relative_id, kit, "typed" if kit.read else kit.state, ours)
    return list(found.values())


@dataclass(frozen=True)
class Sought:
    """How the search for somebody stands, without a word of whom it found.

    Parameters
    ----------
    state : "not_typed": nobody was typed; "waits": the search has not come to it yet; "nothing": searched, nobody found so far;
        "examined": somebody may be, and people look at it; "confirmed": confirmed by DNA; "frozen": confirmed, and contradicted.
    since : the first search of a request, the last of a child.
    families : how many families a child was compared with.
    typed : how many relatives of a request are compared.
    request : that which was confirmed for a child, where the actor may read it.
    """

    state: Literal["not_typed", "waits", "nothing", "examined", "confirmed", "frozen"]
    since: datetime | None = None
    families: int = 0
    typed: int = 0
    request: TracingRequest | None = None


def sought_child(child: Child, *, by: Actor) -> Sought:
    """Of a child, for whoever may read its file."""
    search = last_search(child.pk)
    if search is None:
        typed = ChildProfile.objects.filter(kit__child=child).exists()
        return Sought("waits" if typed else "not_typed")
    state, confirmed = _stands(Candidate.objects.filter(child=child))
    request = None
    if state == "confirmed" and confirmed is not None and may(Role(by.role), Permission.READ_REQUEST):
        request = requests_of(by).filter(pk=confirmed.candidate.request_id).first()
    return Sought(state, search.at, search.families, request=request)


def sought_by(request: TracingRequest) -> Sought:
    """Of a request, for whoever speaks with the family: never which child, nor where."""
    dossiers = list(Dossier.objects.filter(request=request).annotate(typed=Count("samples")).order_by("n"))
    typed = dossiers[-1].typed if dossiers else 0
    since = next((one.at for one in dossiers if one.typed), None)
    if not typed:
        return Sought("waits" if Due.objects.filter(request=request).exists() else "not_typed", since)
    state, _confirmed = _stands(Candidate.objects.filter(request=request))
    return Sought(state, since, typed=typed)


def _stands(rows: QuerySet[Candidate]) -> tuple[Literal["nothing", "examined", "confirmed", "frozen"], Confirmation | None]:
    """How some candidates stand together, and the confirmation among them."""
    standing = list(standing_confirmations().filter(candidate__in=rows).select_related("candidate"))
    if standing:
        ice = frozen_confirmations()
        return ("frozen" if any(one.pk in ice for one in standing) else "confirmed"), standing[0]
    conclusions: dict[int, list[str]] = {pk: [] for pk in rows.filter(end__isnull=True).values_list("pk", flat=True)}
    for pk, conclusion in Reading.objects.filter(candidate__in=conclusions).order_by("n").values_list("candidate", "conclusion"):
        conclusions[pk].append(conclusion)
    looked_at = any(outcome(one) in ("proposed", "in_review", "supported") for one in conclusions.values())
    return ("examined" if looked_at else "nothing"), None
