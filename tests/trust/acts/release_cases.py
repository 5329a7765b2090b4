"""What is asked of a release: wanted, signed, carried out; what revokes it and what freezes a return; legal and not."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import override_settings

from factories.matching import stranger
from factories.reunification import ADDRESS
from trust.acts.bench import Case
from trust.acts.home_stage import HomeStage
from trust.acts.return_cases import DENIED, STEP_UP
from trust.acts.typed import typed
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.looks import Change, change_of
from wayhome.casework.custody.models import Exclusion, ExclusionKey
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent, RequestEnd
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import CandidateEnd, Dossier, Freeze
from wayhome.casework.matching.queries import dossiers
from wayhome.casework.operations import actions as operations
from wayhome.casework.reunification.actions import releasing, samples, stopping


def requests() -> Iterator[Case]:
    """The institution asks."""

    def asks(s: HomeStage, by: str = "caseworker", of: str = "ready", **more: Any) -> Any:
        house = s.house(of)
        asked: dict[str, Any] = {
            "recipients": [(house.kin["mother"], house.mother)],
            "household": [house.father],
            "address": ADDRESS,
        }
        return releasing.request_release(case=house.case, **asked | more, **s.who(by))

    def again(s: HomeStage, of: str, **more: Any) -> Any:
        releasing.revoke_release(release=s.house(of).release, note="x", **s.who("caseworker"))
        return asks(s, of=of, **more)

    def abroad(s: HomeStage, **more: Any) -> Any:
        whole = {"recipients": [], "household": [], "address": "", "to": s.place("abroad")}
        return again(s, "abroad", **whole | more)

    def undetermined(s: HomeStage) -> Any:
        house = s.house("opened")
        house.verified()
        house.enquired()
        return asks(s, of="opened")

    def strangers(s: HomeStage) -> Any:
        return [(s.house("ready").kin["mother"], s.house("ready").father)]

    def excluded(s: HomeStage) -> Any:
        custody.exclude(person=s.house("ready").father, ground="suspect", **s.who("officer"))
        return asks(s)

    yield Case("request_release", "done", asks)
    yield Case("request_release: alone", "done", lambda s: asks(s, household=[]))
    yield Case("request_release: again", "done", lambda s: again(s, "asked"))
    yield Case("request_release: abroad", "done", abroad)
    yield Case("request_release: abroad, to an address", "done", lambda s: abroad(s, address=ADDRESS))
    yield Case("request_release: twice", "refused: already_asked", lambda s: asks(s, of="asked"))
    yield Case("request_release: nothing found yet", "refused: parents_not_cleared, not_determined",
               lambda s: asks(s, of="opened"))  # fmt: skip
    yield Case("request_release: undetermined", "refused: not_determined", undetermined)
    yield Case("request_release: excluded", "refused: excluded", excluded)
    yield Case("request_release: of nobody's family", "refused: not_the_family",
               lambda s: asks(s, recipients=strangers(s), household=[]))  # fmt: skip
    yield Case("request_release: an officer", DENIED, lambda s: asks(s, "officer"))
    yield Case("request_release: a placement officer", DENIED, lambda s: asks(s, "placement"))
    yield Case("request_release: elsewhere", "not found", lambda s: asks(s, "caseworker_gd"))
    yield Case("request_release: of whom twice", "invalid: household already_there",
               lambda s: asks(s, household=[s.house("ready").mother]))  # fmt: skip
    yield Case("request_release: abroad, to somebody", "invalid: recipients required",
               lambda s: abroad(s, recipients=[(s.house("ready").kin["mother"], s.house("ready").mother)]))  # fmt: skip
    yield from typed(
        "request_release",
        asks,
        nowhere=({"address": " "}, "address required"),
        anywhere=({"address": "?"}, "address not_recognisable"),
        far=({"address": f"{ADDRESS}{'x' * (201 - len(ADDRESS))}"}, "address too_long"),
        farthest=({"address": f" {ADDRESS}{'x' * (200 - len(ADDRESS))}"}, ""),
        to_nobody=({"recipients": []}, "recipients required"),
    )


def approvals() -> Iterator[Case]:
    """Supervisors sign, or somebody takes it back."""

    def approve(s: HomeStage, by: str = "supervisor2", of: str = "asked", up: bool = True, digest: str = "") -> Any:
        release = s.house(of).release
        who = {"by": s.by(by, stepped_up=up), "at": s.at()}
        return releasing.approve_release(release=release, digest=digest or release.digest, **who)

    def altered(s: HomeStage) -> Any:
        """Somebody was put in past the action."""
        house = s.house("ready")
        release = house.requested()
        release.people.create(person=s.house("asked").father, receives=False)
        return releasing.approve_release(release=release, digest=release.digest, **s.who("supervisor"))

    def late(s: HomeStage, revoked: bool = False) -> Any:
        if revoked:
            revoke(s)
        s.world.clock += timedelta(days=61)
        return approve(s)

    def revoke(s: HomeStage, by: str = "caseworker", of: str = "asked", times: int = 1, note: str = " n ") -> Any:
        release = s.house(of).release
        return [releasing.revoke_release(release=release, note=note, **s.who(by)) for _ in range(times)]

    yield Case("approve_release", "done", approve)
    yield Case("approve_release: twice", "refused: already_there", lambda s: approve(s, "supervisor"))
    yield Case("approve_release: something else", "refused: changed_request", lambda s: approve(s, digest="0" * 64))
    yield Case("approve_release: altered", "refused: changed_request", altered)
    yield Case("approve_release: late", "refused: release_over", late)
    yield Case("approve_release: taken back, and late", "refused: release_over, release_revoked", lambda s: late(s, revoked=True))
    yield Case("approve_release: without a proof", STEP_UP, lambda s: approve(s, up=False))
    yield Case("approve_release: an officer", DENIED, lambda s: approve(s, "officer"))
    yield Case("revoke_release", "done", revoke)
    yield Case("revoke_release: at the door", "done", lambda s: revoke(s, of="signed"))
    yield Case("revoke_release: a supervisor", "done", lambda s: revoke(s, "supervisor2"))
    yield Case("revoke_release: twice", "refused: already_ended", lambda s: revoke(s, times=2))
    yield Case("revoke_release: carried out", "refused: already_executed", lambda s: revoke(s, of="home"))
    yield Case("revoke_release: an officer", DENIED, lambda s: revoke(s, "officer"))
    yield Case("revoke_release: elsewhere", "not found", lambda s: revoke(s, "caseworker_gd"))
    yield Case("revoke_release: without a word", "invalid: note required", lambda s: revoke(s, note=" "))
    yield Case("revoke_release: too much", "invalid: note too_long", lambda s: revoke(s, note="n" * 301))
    yield Case("revoke_release: the most", "done", lambda s: revoke(s, note="n" * 300))


def returns() -> Iterator[Case]:
    """Two sign at the door."""

    def offer(s: HomeStage, by: str = "caseworker2", of: str = "door", **more: Any) -> Any:
        house = s.house(of)
        told = {"wristband": house.child.number, "place": " p ", "condition": " c ", "items": " i "}
        to = {"recipient": house.mother} if "recipient" not in more and house.release.kind == "family" else {}
        return releasing.offer_return(release=house.release, **told | to | more, **s.who(by))

    def abroad(s: HomeStage) -> Any:
        (waiting,) = s.house("abroad").child.offers.filter(kind="repatriated")
        custody.end_offer(offer_id=waiting.pk, code="withdrawn", **s.who("caseworker2"))
        return offer(s, of="abroad")

    def complete(s: HomeStage, by: str = "caseworker", of: str = "signed", **more: Any) -> Any:
        house = s.house(of)
        return releasing.complete_return(release=house.release, **{"wristband": house.child.number} | more, **s.who(by))

    def both(s: HomeStage, act: Any, of: str) -> Any:
        """The samples grew old, and so did the release."""
        s.world.clock += timedelta(days=61)
        return act(s, of=of)

    yield Case("offer_return", "done", offer)
    yield Case("offer_return: abroad", "done", abroad)
    yield Case("offer_return: twice", "refused: already_offered", lambda s: offer(s, of="signed"))
    yield Case("offer_return: approved by one", "refused: release_not_approved, samples_not_fresh",
               lambda s: offer(s, of="asked"))  # fmt: skip
    yield Case("offer_return: not sampled", "refused: samples_not_fresh", lambda s: offer(s, of="approved"))
    yield Case("offer_return: to nobody", "refused: samples_not_fresh", lambda s: offer(s, recipient=None))
    yield Case("offer_return: to the father", "refused: samples_not_fresh", lambda s: offer(s, recipient=s.house("door").father))
    yield Case("offer_return: late", "refused: release_over, samples_not_fresh", lambda s: both(s, offer, "door"))
    yield Case("offer_return: another band", "refused: wristband",
               lambda s: offer(s, wristband=s.house("home").child.number))  # fmt: skip
    yield Case("offer_return: a placement officer", DENIED, lambda s: offer(s, "placement"))
    yield Case("offer_return: elsewhere", "not found", lambda s: offer(s, "caseworker_gd"))
    yield Case("complete_return", "done", complete)
    yield Case("complete_return: in his words", "done", lambda s: complete(s, condition=" c "))
    yield Case("complete_return: abroad", "done", lambda s: complete(s, "partner_liaison", "abroad"))
    yield Case("complete_return: abroad, by the institution", "not found", lambda s: complete(s, of="abroad"))
    yield Case("complete_return: abroad, elsewhere", "not found", lambda s: complete(s, "caseworker_gd", "abroad"))
    yield Case("complete_return: not offered", "not found", lambda s: complete(s, of="door"))
    yield Case("complete_return: twice", "not found", lambda s: (complete(s), complete(s)))
    yield Case("complete_return: late", "refused: release_over, samples_not_fresh", lambda s: both(s, complete, "signed"))
    yield Case("complete_return: abroad, late", "refused: release_over",
               lambda s: both(s, lambda s, of: complete(s, "partner_liaison", of), "abroad"))  # fmt: skip
    yield Case("complete_return: by one", "refused: no_offer", lambda s: complete(s, "caseworker2"))
    yield Case("complete_return: another band", "refused: wristband",
               lambda s: complete(s, wristband=s.house("home").child.number))  # fmt: skip
    yield Case("complete_return: a placement officer", DENIED, lambda s: complete(s, "placement"))
    yield Case("complete_return: elsewhere", "not found", lambda s: complete(s, "caseworker_gd"))


def compared() -> Iterator[Case]:
    """Samples of the handover."""

    def check(s: HomeStage, *who: str, wrong: str = "", of: str = "approved", times: int = 1) -> Any:
        house = s.house(of)
        for one in who:
            calls = stranger(random.Random(9), "F") if one == wrong else None
            house.fresh(one, calls=calls)
        return [str(samples.check_samples(at=s.at())) for _ in range(times)]

    def two_recipients(s: HomeStage) -> Any:
        house = s.house("ready")
        state = {"name": "李大山", "life": "living", "reach": "willing", "person": house.father}
        families.tell_relative(relative=house.kin["father"], n=1, state=state, **s.who("officer"))
        house.requested(recipients=[(house.kin["mother"], house.mother), (house.kin["father"], house.father)], household=[])
        house.approve()
        for one in ("child", "mother", "father"):
            house.fresh(one)
        return str(samples.check_samples(at=s.at()))

    def outvoted(s: HomeStage) -> Any:
        """Three samples of a stranger in her name, two of her own; the family was searched again by them."""
        house = s.house("approved")
        calls = stranger(random.Random(9), "F")
        for _ in range(3):
            house.fresh("mother", calls=calls)
        house.fresh("child")
        with tempfile.TemporaryDirectory() as folder, override_settings(WAYHOME_INDEX=folder):
            house.search()
        return str(samples.check_samples(at=s.at()))

    yield Case("check_samples", "done", lambda s: check(s, "child", "mother"))
    yield Case("check_samples: she is outvoted", "done", outvoted)
    yield Case("check_samples: twice", "done", lambda s: check(s, "child", "mother", times=2))
    yield Case("check_samples: of the child alone", "done", lambda s: check(s, "child"))
    yield Case("check_samples: of the mother alone", "done", lambda s: check(s, "mother"))
    yield Case("check_samples: of the father", "done", lambda s: check(s, "child", "father"))
    yield Case("check_samples: another child", "done", lambda s: check(s, "child", "mother", wrong="child"))
    yield Case("check_samples: another mother", "done", lambda s: check(s, "child", "mother", wrong="mother"))
    yield Case("check_samples: once more", "done", lambda s: check(s, "child", "mother", of="door"))
    yield Case("check_samples: none", "done", lambda s: check(s, of="door"))
    yield Case("check_samples: of two recipients", "done", two_recipients)


def changes() -> Iterator[Case]:
    """Whatever changes stops a return, before it or after."""
    everywhere = ("signed", "home")

    def exclude(s: HomeStage, of: str, **more: Any) -> Any:
        return custody.exclude(**{"person": s.house(of).father, "ground": "buyer"} | more, **s.who("officer"))

    def at_home(s: HomeStage, of: str) -> Any:
        return exclude(s, of, person=None, subject="address", value=ADDRESS, ground="threat")

    def somebody(s: HomeStage, of: str, *, kind: str = "witness", detained: bool = True, like: str = "") -> Any:
        person = s.house(of).father
        if like:
            fact = person.facts.get(kind=like).value
            person = operations.record_person(label="he", facts=[(like, fact)], **s.who("officer"))
        more = {"detained_at": s.world.clock} if detained else {}
        role = {"person": person, "operation": s.world.operation, "kind": kind}
        return operations.record_role(**role, **more, **s.who("officer"))

    def withdraw(s: HomeStage, of: str, who: str = "mother") -> Any:
        consent = Consent.objects.filter(relative=s.house(of).kin[who]).latest("pk")
        return families.withdraw_consent(consent=consent, **s.who("officer"))

    def over(s: HomeStage, of: str) -> Any:
        return families.withdraw(request=s.house(of).request, note="n", **s.who("officer"))

    def goes_on(s: HomeStage, of: str) -> Any:
        """Another request is for the same child."""
        both = {"request": s.house(of).request, "kept": s.house("opened").request}
        with transaction.atomic():
            return RequestEnd.objects.create(**both, reason="duplicate", by_id=s.by("officer2").staff_id, at=s.at())

    def take_back(s: HomeStage, of: str) -> Any:
        return reading.take_back(confirmation=s.house(of).case.confirmation, reason="r", **s.who("lab_supervisor"))

    def superseded(s: HomeStage, of: str) -> Any:
        """Something else is compared of the family by now."""
        candidate = s.house(of).case.confirmation.candidate
        last = dossiers.last_dossiers([candidate.request_id])[candidate.request_id]
        Dossier.objects.create(request=candidate.request, n=last.n + 1, digest="x", at=s.at())
        with transaction.atomic():
            return CandidateEnd.objects.create(candidate=candidate, reason="superseded", at=s.at())

    def frozen(s: HomeStage, of: str) -> Any:
        """The child of another match."""
        one, other = s.house(of).case.confirmation, s.house("opened").case.confirmation
        first, second = sorted((one, other), key=lambda each: each.pk)
        with transaction.atomic():
            return Freeze.objects.create(one=first, other=second, reason="ages", at=s.at())

    def stop(s: HomeStage, of: tuple[str, ...], reason: str = "taken_back", by: str = "caseworker", **more: Any) -> Any:
        rows = [s.house(name).release for name in of]
        with transaction.atomic():
            return [one.pk for one in stopping.stop(rows, reason, **more, **s.who(by))]

    def by_itself(s: HomeStage) -> Any:
        with transaction.atomic():
            return [one.pk for one in stopping.stop([s.house("door").release], "expired", by=SYSTEM, at=s.at())]

    def looked(s: HomeStage, change: Change | None = None) -> Any:
        return [one.pk for one in stopping.look_at_households(change=change, **s.who("officer"))]

    def looked_late(s: HomeStage, of: str = "", look: bool = True) -> Any:
        """Somebody who was excluded past the action."""
        for house in ("signed", "home", "asked"):
            person = s.house(house).father
            told = {"subject": "person", "person": person, "ground": "buyer", "scope": "all"}
            made = Exclusion.objects.create(**told, by_id=s.by("officer").staff_id, at=s.at())
            for kind, key in person.keys.values_list("kind", "key"):
                ExclusionKey.objects.create(exclusion=made, kind=kind, key=key)
        return looked(s, change_of([s.house(of).father.pk]) if of else None) if look else []

    for of in everywhere:
        yield Case(f"exclude: who lives there, {of}", "done", lambda s, of=of: exclude(s, of))
        yield Case(f"exclude: that home, {of}", "done", lambda s, of=of: at_home(s, of))
        yield Case(f"record_role: detained, {of}", "done", lambda s, of=of: somebody(s, of))
        yield Case(f"record_role: a seller, {of}", "done", lambda s, of=of: somebody(s, of, kind="seller", detained=False))
        yield Case(f"record_role: a witness, {of}", "done", lambda s, of=of: somebody(s, of, detained=False))
        for like in ("id", "phone", "name"):
            yield Case(
                f"record_role: somebody of their {like}, {of}", "done", lambda s, of=of, like=like: somebody(s, of, like=like)
            )
        yield Case(f"withdraw_consent: the mother, {of}", "done", lambda s, of=of: withdraw(s, of))
        yield Case(f"withdraw_consent: the father, {of}", "done", lambda s, of=of: withdraw(s, of, "father"))
        yield Case(f"withdraw: the request, {of}", "done", lambda s, of=of: over(s, of))
        yield Case(f"settle_duplicate: {of}", "done", lambda s, of=of: goes_on(s, of))
        yield Case(f"take_back: {of}", "done", lambda s, of=of: take_back(s, of))
        yield Case(f"superseded: {of}", "done", lambda s, of=of: superseded(s, of))
        yield Case(f"freeze: {of}", "done", lambda s, of=of: frozen(s, of))
    yield Case("record_role: a witness who was excluded meanwhile", "done",
               lambda s: (looked_late(s, look=False), somebody(s, "home", detained=False)))  # fmt: skip
    yield Case("look_at_households", "done", looked)
    yield Case("look_at_households: excluded meanwhile", "done", looked_late)
    yield Case("look_at_households: of one of them", "done", lambda s: looked_late(s, "home"))
    yield Case("look_at_households: of somebody else", "done", lambda s: looked_late(s, "door"))
    yield Case("stop", "done", lambda s: stop(s, ("door",), note="n" * 300))
    yield Case("stop: several", "done", lambda s: stop(s, ("home", "door", "asked")))
    yield Case("stop: again", "done", lambda s: (stop(s, ("home", "door")), stop(s, ("home", "door"))))
    yield Case("stop: by itself", "done", by_itself)


SOURCES = (requests, approvals, returns, compared, changes)
