"""What is asked of a candidate: read, confirmed, taken back; what is due, what a withdrawal takes, kin."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from typing import Any

from django.test import override_settings

from factories.kits import agrees
from factories.laboratory import child_of, colleague, sample
from factories.matching import second_sample, stranger, typed
from trust.acts import typed as wrongly
from trust.acts.bench import Case
from trust.acts.home_stage import HomeStage, a_house
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children import actions as children
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import LabOriginal
from wayhome.casework.matching.actions import kin, ranking, reading
from wayhome.casework.matching.models import CandidateEnd, KinshipReport, SecondCheck
from wayhome.casework.matching.queries import dossiers

DENIED = "not allowed: not_allowed"


def of_another_laboratory(s: HomeStage, role: str) -> str:
    """Somebody there, who has none of the samples."""
    world, registrars = s.world, s.world.registrars
    assert registrars is not None
    where = world.jurisdictions["GD"]
    agency = accounts.register_agency(by=registrars, at=s.at(), name="广东刑事技术中心", kind="laboratory", jurisdiction=where)
    told = {"number": f"{role}_gd", "name": "何小芳", "id_number": "440000198001010099", "agency": agency, "role": role}
    world.staff[f"{role}_gd"] = accounts.register_staff(by=registrars, at=s.at(), **told)
    return f"{role}_gd"


def readings() -> Iterator[Case]:
    """Two read apart, a third where they differ."""

    def reads(s: HomeStage, by: str = "analyst2", of: str = "read", **more: Any) -> Any:
        told = {"conclusion": "supports", "note": " n "} | more
        return reading.read(candidate=s.candidate(of), **told, **s.who(by))

    def opens(s: HomeStage, by: str = "analyst", of: str = "proposed") -> Any:
        found = reading.open_detail(candidate=s.candidate(of), **s.who(by))
        return f"{found.assessment.log10_lr:.3f} {len(found.evidence.findings)}"

    def ranks(s: HomeStage, by: str = "analyst", of: str = "proposed") -> Any:
        found = ranking.open_ranking(child_id=s.house(of).child.pk, **s.who(by))
        return [f"{one.request.number} {one.posterior:.3f}" for one in found]

    def withdrawn(s: HomeStage) -> Any:
        withdraw(s, "proposed")
        return opens(s)

    def third(s: HomeStage) -> Any:
        colleague(s.world, "analyst3")
        return reads(s, "analyst3", "differing")

    yield Case("read", "done", reads)
    yield Case("read: the first", "done", lambda s: reads(s, "analyst", "proposed", note=" "))
    yield Case("read: the third", "done", third)
    yield Case("read: the third of two alike", "refused: read_already", lambda s: (
        colleague(s.world, "analyst3"), reads(s, "analyst3", "supported")
    ))  # fmt: skip
    yield Case("read: twice", "refused: already_there", lambda s: reads(s, "analyst"))
    yield Case("read: the head", DENIED, lambda s: reads(s, "lab_supervisor"))
    yield Case("read: of another laboratory", "not found", lambda s: reads(s, of_another_laboratory(s, "analyst")))
    yield from wrongly.typed(
        "read",
        reads,
        so=({"conclusion": "so"}, "conclusion unknown_choice"),
        unsaid=({"conclusion": "excludes", "note": " "}, "note required"),
        wordy=({"note": "n" * 2001}, "note too_long"),
        most=({"note": "n" * 2000, "conclusion": "insufficient"}, ""),
    )
    yield Case("open_detail", "done", opens)
    yield Case("open_detail: withdrawn", "not found", withdrawn)
    yield Case("open_detail: an officer", DENIED, lambda s: opens(s, "officer"))
    yield Case("open_ranking", "done: [9", ranks)
    yield Case("open_ranking: an officer", DENIED, lambda s: ranks(s, "officer"))
    yield Case("open_ranking: no child, an officer", DENIED, lambda s: ranking.open_ranking(child_id=1, **s.who("officer")))
    yield Case("open_ranking: of another laboratory", "not found", lambda s: ranks(s, of_another_laboratory(s, "analyst")))


def withdraw(s: HomeStage, of: str, who: str = "mother") -> Any:
    """A relative's first consent."""
    consent = Consent.objects.filter(relative=s.house(of).kin[who], withdrawal__isnull=True).order_by("pk")[0]
    return families.withdraw_consent(consent=consent, **s.who("officer"))


def confirmations() -> Iterator[Case]:
    """The head of the laboratory confirms, and takes back."""

    def confirm(s: HomeStage, of: str = "second", by: str = "lab_supervisor", times: int = 1, **more: Any) -> Any:
        told = {"note": " n "} | more
        return [reading.confirm(candidate=s.candidate(of), **told, **s.who(by)) for _ in range(times)]

    def back(s: HomeStage, of: str = "matched", by: str = "lab_supervisor", times: int = 1, reason: str = " r ") -> Any:
        confirmation = s.candidate(of).confirmation
        return [reading.take_back(confirmation=confirmation, reason=reason, **s.who(by)) for _ in range(times)]

    def after(s: HomeStage) -> Any:
        back(s)
        return confirm(s, "sibling")

    def mothers(s: HomeStage, days: int, *, same: bool = True, told: bool = True, mine: bool = True) -> Any:
        """Of two confirmed children one woman is told as the mother; born so many days apart."""
        other = s.house("matched")
        person = other.mother if same else other.father
        state = {"name": "韦小兰", "life": "living", "reach": "willing", "person": person}
        families.tell_relative(relative=s.house("second").kin["mother"], n=1, state=state, **s.who("officer"))
        today = s.world.clock.date()
        for name, old, who in (("second", 30, mine), ("matched", 30 + days, told)):
            if who:
                by = "nurse" if name == "second" else "caseworker"
                children.estimate_age(
                    child=s.house(name).child, on=today, least_days=old, most_days=old + 1, method="document", **s.who(by)
                )
        return confirm(s)

    def aunt(s: HomeStage) -> Any:
        """The mother of one child is on record as the father of another, whose mother is somebody else."""
        other, woman = s.house("matched"), s.house("second").mother
        for n in (1, 2, 3):
            state = {"name": "韦小兰", "life": "living", "reach": "willing", "person": woman, "note": str(n)}
            families.tell_relative(relative=other.kin["father"], n=n, state=state, **s.who("officer"))
        today = s.world.clock.date()
        for name, old, by in (("second", 30, "nurse"), ("matched", 90, "caseworker")):
            told = {"on": today, "least_days": old, "most_days": old + 1, "method": "document"}
            children.estimate_age(child=s.house(name).child, **told, **s.who(by))
        return confirm(s)

    def two_families(s: HomeStage) -> Any:
        """The same parents looked for their child twice."""
        first = s.house("matched")
        again = a_house(s.world, 72)
        again.child, again.calls = first.child, first.calls
        with tempfile.TemporaryDirectory() as folder, override_settings(WAYHOME_INDEX=folder):
            for who in ("mother", "father"):
                again.sampled(who)
            again.search()
            again.read_by_two()
            for who in ("mother", "father"):
                again.sampled(who, second=True)
            again.search()
        return again.confirm()

    yield Case("confirm", "done", confirm)
    yield Case("confirm: of a woman who is told as somebody else", "done", aunt)
    yield Case("confirm: another family of the child", "done", two_families)
    yield Case("confirm: of another laboratory", "not found", lambda s: confirm(s, by=of_another_laboratory(s, "lab_supervisor")))
    yield Case("confirm: without a word", "done", lambda s: confirm(s, note=" "))
    yield Case("confirm: another child of the family", "done", lambda s: confirm(s, "sibling"))
    yield Case("confirm: another child, the first taken back", "done", after)
    yield Case("confirm: of one mother, at once", "done", lambda s: mothers(s, 0))
    yield Case("confirm: of one mother, months apart", "done", lambda s: mothers(s, 60))
    yield Case("confirm: of two mothers, months apart", "done", lambda s: mothers(s, 60, same=False))
    yield Case("confirm: of one mother, of unknown age", "done", lambda s: mothers(s, 60, told=False))
    yield Case("confirm: of unknown age, of one mother", "done", lambda s: mothers(s, 60, mine=False))
    yield Case("confirm: twice", "refused: already_there", lambda s: confirm(s, times=2))
    yield Case("confirm: no second samples", "refused: second_missing", lambda s: confirm(s, "supported"))
    yield Case("confirm: read by one", "refused: not_supported", lambda s: confirm(s, "read"))
    yield Case("confirm: an analyst", DENIED, lambda s: confirm(s, by="analyst"))
    yield from wrongly.typed("confirm", confirm, wordy=({"note": "n" * 2001}, "note too_long"), most=({"note": "n" * 2000}, ""))
    yield Case("take_back", "done", back)
    yield Case("take_back: another before", "done", lambda s: (back(s, "opened"), back(s)))
    yield Case("take_back: twice", "refused: already_ended", lambda s: back(s, times=2))
    yield Case("take_back: an analyst", DENIED, lambda s: back(s, by="analyst"))
    yield Case("take_back: without a word", "invalid: reason required", lambda s: back(s, reason=" "))
    yield Case("take_back: too much", "invalid: reason too_long", lambda s: back(s, reason="r" * 301))
    yield Case("take_back: the most", "done", lambda s: back(s, reason="r" * 300))


def due() -> Iterator[Case]:
    """What must be searched again."""

    def agree(s: HomeStage, of: str, who: str = "mother") -> Any:
        return agrees(s.world, s.house(of).kin[who])

    def types(s: HomeStage, who: str, of: str = "proposed") -> Any:
        house = s.house(of)
        typed(s.world, {second_sample(s.world, house.of(who)): house.calls[who]})

    def merge(s: HomeStage, typed_after: bool = False) -> Any:
        kept, absorbed = s.house("proposed").child, s.house("read").child
        kit = second_sample(s.world, absorbed)
        step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one", **s.who("officer"))
        children.confirm_merge(step=step, **s.who("supervisor"))
        if typed_after:
            typed(s.world, {kit: s.house("read").calls["child"]})

    yield Case("due: a consent", "done", lambda s: agree(s, "proposed"))
    yield Case("due: a consent in a family that nobody typed", "done", lambda s: agree(s, "abroad"))
    yield Case("due: a relative", "done", lambda s: types(s, "mother"))
    yield Case("due: a child", "done", lambda s: types(s, "child"))
    yield Case("due: records merged", "done", merge)
    yield Case("due: a record merged away", "done", lambda s: merge(s, typed_after=True))


def withdrawals() -> Iterator[Case]:
    """What goes with whoever withdraws."""

    def twice(s: HomeStage, both: bool = True) -> Any:
        agrees(s.world, s.house("second").kin["mother"], days=500)
        withdraw(s, "second")
        return withdraw(s, "second") if both else None

    def ended(s: HomeStage) -> Any:
        withdraw(s, "second", "father")
        return withdraw(s, "second")

    def end_first(s: HomeStage) -> Any:
        candidate = s.candidate("second")
        SecondCheck.objects.create(candidate=candidate, child_kit=None, relative_kit=None, agrees=False, at=s.at())
        CandidateEnd.objects.create(candidate=candidate, reason="refuted", at=s.at())
        return [withdraw(s, "second"), LabOriginal.objects.count()]

    def reported(s: HomeStage) -> Any:
        """What a report says of the match goes too."""
        told: dict[str, Any] = {"sealed": b"", "made_by": {}, "digests": {}}
        KinshipReport.objects.create(candidate=s.candidate("second"), n=1, **told, by=s.staff("lab_supervisor"), at=s.at())
        withdraw(s, "second")
        return KinshipReport.objects.count()

    yield Case("withdrawn", "done", lambda s: withdraw(s, "second"))
    yield Case("withdrawn: with a report", "done", reported)
    yield Case("withdrawn: the father", "done", lambda s: withdraw(s, "read", "father"))
    yield Case("withdrawn: one of two papers", "done", lambda s: twice(s, both=False))
    yield Case("withdrawn: both papers", "done", twice)
    yield Case("withdrawn: after another family", "done", lambda s: (withdraw(s, "read"), withdraw(s, "second")))
    yield Case("withdrawn: both parents", "done", ended)
    yield Case("withdrawn: of one that was refuted", "done", end_first)
    yield Case("withdrawn: whom nobody typed", "done", lambda s: withdraw(s, "abroad"))


def siblings() -> Iterator[Case]:
    """Rescued children compared with each other."""

    def find(s: HomeStage, *, same: bool = False, grouped: bool = False, times: int = 1, few: bool = False, **more: Any) -> Any:
        house = s.house("proposed")
        other = s.world.in_hospital()
        calls = house.calls["child"] if same else child_of(house.calls["mother"], house.calls["father"], random.Random(3))
        if few:
            calls = dict(sorted(calls.items())[:8])
        typed(s.world, {sample(s.world, other, by="nurse"): calls})
        if grouped or more:
            children.group_siblings(children=[more.get("sibling", house.child), other], ground="alleged", **s.who("nurse"))
        told = []
        for _ in range(times):
            told.append([one.pk for one in kin.find_kin(other, dossiers.compared_children(), at=s.at())])
        return told

    def others(s: HomeStage) -> Any:
        """Two siblings were typed after a third child, whom nobody compares with either."""
        house, pair = s.house("proposed"), [s.world.in_hospital(), s.world.in_hospital()]
        for n, child in enumerate(pair):
            calls = child_of(house.calls["mother"], house.calls["father"], random.Random(n))
            typed(s.world, {sample(s.world, child, by="nurse"): calls})
        return [one.pk for one in kin.find_kin(s.house("second").child, dossiers.compared_children(), at=s.at())]

    def apart(s: HomeStage) -> Any:
        """Each is somebody's sibling on record, and not the other's."""
        child, more = s.house("proposed").child, [s.world.in_hospital(), s.world.in_hospital()]
        children.group_siblings(children=[child, more[0]], ground="alleged", **s.who("nurse"))
        return find(s, sibling=more[1])

    def nobody(s: HomeStage) -> Any:
        return [str(kin.find_kin(s.house("abroad").child, dossiers.compared_children(), at=s.at()))]

    def alone(s: HomeStage) -> Any:
        child = s.house("proposed").child
        only = {child.pk: dossiers.compared_children()[child.pk]}
        return [str(kin.find_kin(child, only, at=s.at()))]

    def differing(s: HomeStage) -> Any:
        house = s.house("proposed")
        typed(s.world, {second_sample(s.world, house.child): stranger(random.Random(8), house.child.sex)})
        return find(s)

    yield Case("find_kin", "done", find)
    yield Case("find_kin: one child twice", "done", lambda s: find(s, same=True))
    yield Case("find_kin: known siblings", "done", lambda s: find(s, grouped=True))
    yield Case("find_kin: known siblings of others", "done", apart)
    yield Case("find_kin: others who are kin", "done", others)
    yield Case("find_kin: one child twice, of few loci", "done", lambda s: find(s, same=True, few=True))
    yield Case("find_kin: told before", "done", lambda s: find(s, times=2))
    yield Case("find_kin: of few loci", "done", lambda s: find(s, few=True))
    yield Case("find_kin: of whom nobody knows who is right", "done", differing)
    yield Case("find_kin: not typed", "done", nobody)
    yield Case("find_kin: alone", "done", alone)


SOURCES = (readings, confirmations, due, withdrawals, siblings)
