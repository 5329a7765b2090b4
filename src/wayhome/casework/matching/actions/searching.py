"""The search: what changed is compared with everything there is, in both directions, and what was found is kept.

What a search found is written in one transaction with the end of what was due, so that a worker that is killed leaves all of it
to the next, and two workers leave one result. The index is brought up to date before: to do that twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wayhome import kinship
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import kept_for, records
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.core.bulk import insert_many
from wayhome.casework.core.errors import Refused
from wayhome.casework.matching.actions import base
from wayhome.casework.matching.actions.kin import find_kin
from wayhome.casework.matching.actions.seconds import check_changed
from wayhome.casework.matching.models import (
    Candidate,
    CandidateDetail,
    CandidateEnd,
    ConfirmationEnd,
    Dossier,
    DossierSample,
    Due,
    Search,
)
from wayhome.casework.matching.queries import dossiers, evidence
from wayhome.casework.matching.queries.base import least
from wayhome.casework.matching.queries.candidates import conclusions, detail_place, key_of
from wayhome.casework.matching.queries.dossiers import Compared, ComparedChild, data_digest
from wayhome.casework.matching.rules.readings import outcome
from wayhome.casework.matching.rules.samples import enough, near_copy
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.rules import Purpose, seal

MOST_CANDIDATES = 20
"""Of one child."""
WORTH_A_LOOK = 0.01
"""Posterior from which a family is proposed although its LR is below a lead's: a weak pedigree, with evidence beside DNA."""
MOST_CHILDREN = 3
"""A request looks for one child. When so many stand for it already, and nobody has ruled one out, a further one is not told:
whoever asks the search again and again, an allele further each time, learns from each that is."""
FEW_FAMILIES = 500
"""Up to so many changed families each is scored against every child; beyond, every child asks the whole index."""


def search_due(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """Search whatever changed since the last look; how many children were searched."""
    due = list(Due.objects.order_by("pk"))
    if not due:
        return 0
    requests = {one.request_id for one in due if one.request_id is not None}
    asked: dict[int, list[int]] = {}
    for one in due:
        if one.child is not None:
            asked.setdefault(kept_for(one.child).pk, []).append(one.pk)
    index = base.index()
    if requests:
        index, touched = _families(requests, at=at)
        # Whoever they concern is searched, and what was due for a family ends with that: the children are due now.
        with gate(by=SYSTEM, at=at, attempt="search"):
            for child in sorted(touched - set(asked)):
                asked.setdefault(child, []).append(Due.objects.create(child_id=child, at=at).pk)
            _over([one.pk for one in due if one.request_id is not None])
    done = 0
    everybody = dossiers.compared_children() if asked else {}
    for one_child in Child.objects.filter(pk__in=asked).select_related("event__operation").order_by("pk"):
        if stopped():
            break
        _child(one_child, everybody, index, asked[one_child.pk], at=at)
        done += 1
    check_changed(children=asked, requests=requests, at=at)
    return done


def _families(requests: Iterable[int], *, at: datetime) -> tuple[kinship.Index, set[int]]:
    """Bring the base up to date with some requests; which children that concerns."""
    now = dossiers.compared(requests, at=at)
    before = dossiers.last_dossiers(requests)
    changed = {pk: one for pk, one in now.items() if pk not in before or before[pk].digest != one.digest}
    families = [one.family for one in now.values() if one.family is not None]
    compared_before = DossierSample.objects.filter(dossier__in=list(before.values()))
    left = compared_before.exclude(relative__in={pk for one in now.values() for pk in one.samples}).exists()
    index = base.put(families, [dossiers.number_of(pk) for pk, one in now.items() if one.family is None], erase=left)
    with gate(by=SYSTEM, at=at, attempt="search"):
        keep_dossiers(changed.values(), before, at=at)
    concerned = Q(request__in=changed) | Q(request__in=now, confirmation__end__isnull=False)
    touched = set(Candidate.objects.filter(concerned, end__isnull=True).values_list("child_id", flat=True))
    fresh = [one.family for one in changed.values() if one.family is not None]
    children = {pk: one for pk, one in dossiers.compared_children().items() if one.standing.settled and enough(one.profile)}
    if not fresh or not children:
        return index, touched
    if len(fresh) > FEW_FAMILIES:
        return index, touched | set(children)
    told = kinship.find(
        [one.profile for one in children.values()], fresh, [base.model()], top=1, min_lr=least(index.manifest.families)
    )
    hits = {result.child for result in told.children if result.candidates}
    return index, touched | {pk for pk, one in children.items() if one.profile.sample in hits}


def keep_dossiers(compared: Iterable[Compared], before: Mapping[int, Dossier], *, at: datetime) -> None:
    """Write down what is compared of requests from here on."""
    every = sorted(compared, key=lambda one: one.request)
    kept = Dossier.objects.bulk_create(
        Dossier(request_id=one.request, n=before[one.request].n + 1 if one.request in before else 1, digest=one.digest, at=at)
        for one in every
    )
    insert_many(
        DossierSample(dossier=dossier, relative_id=relative, kit_id=stand.use[0], n=stand.use[1])
        for dossier, one in zip(kept, every, strict=True)
        for relative, stand in sorted(one.samples.items())
    )


@dataclass(frozen=True)
class _Found:
    compared: Compared
    dossier: Dossier
    assessment: kinship.Assessment
    evidence: kinship.Evidence


def _child(
    child: Child, everybody: Mapping[int, ComparedChild], index: kinship.Index, due: Sequence[int], *, at: datetime
) -> None:
    """Search one child, and keep what was found."""
    me = everybody.get(child.pk)
    copied = [] if me is None else _copied(child.pk, me, everybody)
    found: list[_Found] = []
    searchable = me is not None and me.standing.settled and enough(me.profile) and not copied
    if searchable:
        assert me is not None
        found = _candidates(child, me, index, at=at)
    with gate(by=SYSTEM, at=at, child_id=child.pk, attempt="search"):
        search = None
        if me is not None and searchable:
            search = Search.objects.create(
                child=child,
                kit_id=me.standing.use[0],
                n=me.standing.use[1],
                families=index.manifest.families,
                index=index.manifest.digest,
                version=str(kinship.provenance({}, {})["version"]),
                found=len(found),
                at=at,
            )
            _keep(search, me, found, at=at)
        _supersede(child, me, found, at=at)
        _over(due)
        record(
            by=base.house(child),
            at=at,
            action="matching.search",
            subject=f"child:{child.pk}",
            child_id=child.pk,
            data={"families": index.manifest.families, "found": len(found), "searched": searchable},
        )
    if searchable:
        find_kin(child, everybody, at=at)
    if copied:
        _tell_copy(child, copied, at=at)


def _copied(child: int, me: ComparedChild, everybody: Mapping[int, ComparedChild]) -> list[int]:
    """Children of whose profile this one looks like an altered copy; a second sample that says the same ends the doubt."""
    if len(me.standing.kits) > 1:
        return []
    return sorted(pk for pk, one in everybody.items() if pk != child and near_copy(me.profile, one.profile))


def _candidates(child: Child, me: ComparedChild, index: kinship.Index, *, at: datetime) -> list[_Found]:
    """Families that the child may belong to, the likeliest first, each assessed."""
    size = index.manifest.families
    if not size:
        return []
    hits = kinship.find_in_index([me.profile], index, top=MOST_CANDIDATES, min_lr=least(size)).children[0].candidates
    now = dossiers.compared([int(one.family) for one in hits], at=at)
    last = dossiers.last_dossiers(now)
    # What changed since is due itself, and is searched as it is then.
    known = {pk: one for pk, one in now.items() if one.family is not None and pk in last and last[pk].digest == one.digest}
    if not known:
        return []
    families = [one.family for one in known.values() if one.family is not None]
    loci = {name for family in families for profile in family.profiles.values() for name in profile.genotypes}
    models = base.models(loci & set(me.profile.genotypes) & set(base.model().frequencies.loci))
    exact = kinship.find([me.profile], families, models, top=None, min_lr=0).children[0].candidates
    known_of, told = evidence.known_of(child), evidence.told_by(known)
    weighed = {int(one.family): evidence.weighed(known_of, told[int(one.family)]) for one in exact}
    names = dict.fromkeys(name for one in weighed.values() for name in evidence.factors(one))
    gates = kinship.Gates(max(size, len(exact)))
    whole = kinship.posterior(
        {one.family: one.log10_lr for one in exact},
        gates.prior,
        evidence={
            name: {dossiers.number_of(pk): evidence.factors(one).get(name, 0.0) for pk, one in weighed.items()} for name in names
        },
    )
    by_family = {int(one.family): one for one in exact}
    share = {pk: whole.stages(dossiers.number_of(pk))[-1].posterior for pk in by_family}
    found = []
    for pk in sorted(by_family, key=lambda one: (-share[one], one)):
        family = known[pk].family
        assert family is not None
        one = by_family[pk]
        support = kinship.Support.of(family, len(one.loci))
        verdict = kinship.judge(gates, support, one.log10_lr, mismatches=one.mismatches, posterior=share[pk])
        if verdict.gate == "insufficient" and share[pk] < WORTH_A_LOOK:
            continue
        assessed = kinship.assess(me.profile, family, models, gates, whole_base=whole, steps=verdict.gate != "report")
        found.append(_Found(known[pk], last[pk], assessed, weighed[pk]))
    return found


def _keep(search: Search, me: ComparedChild, found: Sequence[_Found], *, at: datetime) -> None:
    """Propose what was not proposed for the same data before, with its detail sealed."""
    for rank, one in enumerate(found, 1):
        data = data_digest(me, one.compared)
        if Candidate.objects.filter(child=search.child, request=one.compared.request, data=data).exists():
            continue
        others = _stand_for(one.compared.request, search.child)
        if others and one.assessment.verdict.gate != "insufficient":
            _tell_many(search.child, one.compared.request, others, at=at)
            if others >= MOST_CHILDREN:
                continue
        made = Candidate.objects.create(
            search=search,
            child=search.child,
            request_id=one.compared.request,
            dossier=one.dossier,
            data=data,
            rank=rank,
            gate=one.assessment.verdict.gate,
            at=at,
        )
        told = json.dumps({"assessment": one.assessment.to_json(), "evidence": one.evidence.to_json()}).encode()
        key = make_key(purpose=Purpose.CHILDREN, of=key_of(made.pk), at=at)
        CandidateDetail.objects.create(candidate=made, sealed=seal(told, key=key, place=detail_place(made.pk)))


def _stand_for(request: int, child: Child) -> int:
    """How many other children stand for a request in earnest, and were not excluded by those who read it."""
    rows = Candidate.objects.filter(request=request, end__isnull=True).exclude(gate="insufficient").exclude(child=child)
    return sum(outcome(conclusions(row)) != "excluded" for row in rows)


def _supersede(child: Child, me: ComparedChild | None, found: Sequence[_Found], *, at: datetime) -> None:
    """End candidates of the child whose data are not what is compared now, and those of records that became this child's."""
    now = {} if me is None else {one.compared.request: data_digest(me, one.compared) for one in found}
    own = list(records([child.pk]))
    for old in Candidate.objects.filter(child__in=own, end__isnull=True).order_by("pk"):
        same = now.get(old.request_id) == old.data
        if old.child_id == child.pk and (same or not (_changed(old) or (old.request_id in now and _taken_back(old)))):
            continue
        CandidateEnd.objects.create(candidate=old, reason="superseded", at=at)


def _changed(old: Candidate) -> bool:
    """Whether what was compared is not what would be compared now."""
    newer = Dossier.objects.filter(request=old.request_id, pk__gt=old.dossier_id).exists()
    before = old.search
    other = Search.objects.filter(child=old.child_id, pk__gt=before.pk).exclude(kit=before.kit_id, n=before.n)
    return newer or other.exists()


def _taken_back(old: Candidate) -> bool:
    """Whether it was confirmed, and is no more: what came in since is read, and confirmed, anew."""
    return ConfirmationEnd.objects.filter(confirmation__candidate=old).exists()


def _tell_many(child: Child, request: int, others: int, *, at: datetime) -> None:
    """One family stands for more than one child: brothers and sisters, a mistake, or somebody who asks the base out."""
    raise_alarm(
        kind=Alarm.Kind.FAMILY_OF_MANY,
        at=at,
        level=3 if others >= MOST_CHILDREN else 2,
        code="held_back" if others >= MOST_CHILDREN else "told",
        child_id=child.pk,
        jurisdiction=child.event.jurisdiction.path,
        subject=f"request:{request}",
    )


def _over(due: Iterable[int]) -> None:
    """End what was due; another worker that ended it meanwhile has all of this."""
    due = list(due)
    gone, _ = Due.objects.filter(pk__in=due).delete()
    if gone != len(due):
        raise Refused(["already_ended"])


def _tell_copy(child: Child, others: Sequence[int], *, at: datetime) -> None:
    """A sample that looks like another child's, changed here and there, is not searched: somebody may be asking the base out."""
    subject = f"child:{child.pk}:{others[0]}"
    if not Alarm.objects.filter(kind=Alarm.Kind.SAMPLE_COPIED, subject=subject).exists():
        raise_alarm(
            kind=Alarm.Kind.SAMPLE_COPIED,
            at=at,
            level=3,
            child_id=child.pk,
            jurisdiction=child.event.jurisdiction.path,
            subject=subject,
        )
