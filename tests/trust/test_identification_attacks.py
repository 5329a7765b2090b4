"""Attempts to have a child matched with somebody whose child it is not, or past those who must say so. None is believed.

By lies, through the actions: in the tubes, in the laboratory's files, at the keyboard, at the readings. A lie that the house
cannot see when it is told is refuted by what comes after it. `test_identification_sql.py` has what is tried by SQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from factories.kits import agrees, gone, ordered, told
from factories.laboratory import LOCI, PANEL, child_of, sample, table
from factories.matching import House, second_sample, stranger, typed
from trust.identification import Lab, a_lab, anew, believed
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.attempts import SLIPS
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import CaseworkError, Invalid, Refused
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.actions import comparing, entries, files, kits, registers
from wayhome.casework.laboratory.models import ProfileFlag
from wayhome.casework.matching.actions import reading, reporting
from wayhome.casework.matching.models import Candidate, SecondCheck
from wayhome.kinship import Profile

Attack = Callable[[Lab], object]
PRIVATE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


@pytest.fixture(scope="module")
def _lab(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with a_lab(django_db_blocker, tmp_path_factory.mktemp("index") / "it") as lab:
        yield lab


@pytest.fixture
def lab(_lab: Lab, db: None, settings: Any, tmp_path: Path) -> Iterator[Lab]:
    """See `trust.identification`; with an index of the test's own."""
    shutil.copytree(settings.WAYHOME_INDEX, tmp_path / "index")
    settings.WAYHOME_INDEX = tmp_path / "index"
    yield anew(_lab)
    transaction.set_rollback(True)


def confirms(lab: Lab, candidate: Candidate | None = None, by: str = "lab_supervisor") -> Any:
    return reading.confirm(candidate=candidate or lab.ready, **lab.who(by))


def reads(lab: Lab, *who: str, candidate: Candidate | None = None, conclusion: str = "supports") -> None:
    for name in who:
        reading.read(candidate=candidate or lab.unread, conclusion=conclusion, note="x", **lab.who(name))


def imports(lab: Lab, calls: Any, by: str = "analyst", **more: Any) -> Any:
    data = more.pop("data", None) or table({kit if isinstance(kit, str) else kit.number: one for kit, one in calls.items()})
    return files.import_file(**{"name": "run.csv", "data": data, "signature": None} | more, **lab.who(by))


def taken(lab: Lab, kit: Any, by: str, witness: str) -> Any:
    return told(lab.world, kit, "taken", by=by, witness=lab.world.staff[witness])


# In the tubes. ----------------------------------------------------------------------------------------------------------------


def believed_at_first(lab: Lab, house: House) -> Candidate:
    """What the first samples say is found, and read by two who see nothing wrong."""
    house.search()
    candidate = Candidate.objects.get(child=house.child, request=house.request, end__isnull=True)
    reads(lab, "analyst", "analyst2", candidate=candidate)
    return candidate


def mothers_blood(lab: Lab) -> None:
    """The liar sends blood of the child's mother as her own; the second sample is taken by other hands."""
    typed(lab.world, {lab.hers: lab.house.calls["mother"]})
    candidate = believed_at_first(lab, lab.liar)
    typed(lab.world, {second_sample(lab.world, lab.liar.kin["mother"]): lab.liar.calls["mother"]})
    lab.house.sampled("child", second=True)
    comparing.compare_new(at=lab.world.now())
    lab.liar.search()
    confirms(lab, candidate)


def mothers_blood_once(lab: Lab) -> None:
    """And gives no second sample at all."""
    typed(lab.world, {lab.hers: lab.house.calls["mother"]})
    candidate = believed_at_first(lab, lab.liar)
    confirms(lab, candidate)


def mothers_blood_twice(lab: Lab) -> None:
    """And has somebody at the second taking too: but the child has a family already."""
    confirms(lab)
    typed(lab.world, {lab.hers: lab.house.calls["mother"]})
    candidate = believed_at_first(lab, lab.liar)
    typed(lab.world, {second_sample(lab.world, lab.liar.kin["mother"]): lab.house.calls["mother"]})
    lab.liar.search()
    confirms(lab, candidate)


def swapped_children(lab: Lab) -> None:
    """Two children's tubes are exchanged in one batch: the ward is found to be the family's."""
    house = House(lab.world, 9, inquirer=[("name", "卢春"), ("phone", "13877004444")], child_name="卢小春")
    for who in ("mother", "father"):
        house.sampled(who)
    mine = sample(lab.world, house.child, by="nurse")
    typed(lab.world, {mine: stranger(house.chance, "F"), lab.wards: house.calls["child"]})
    wards = House.__new__(House)
    wards.__dict__ |= house.__dict__ | {"child": lab.ward}
    candidate = believed_at_first(lab, wards)
    for who in ("mother", "father"):
        house.sampled(who, second=True)
    typed(lab.world, {second_sample(lab.world, lab.ward): stranger(house.chance, "F")})
    house.search()
    confirms(lab, candidate)


def other_child(lab: Lab) -> None:
    """A brother or sister as the child: both fit, and nobody is anybody's until it is settled."""
    confirms(lab)
    calls = lab.house.calls
    house = House.__new__(House)
    house.__dict__ |= lab.house.__dict__ | {"child": lab.ward}
    house.calls = calls | {"child": child_of(calls["mother"], calls["father"], lab.house.chance, "F")}
    typed(lab.world, {lab.wards: house.calls["child"]})
    candidate = believed_at_first(lab, house)
    typed(lab.world, {second_sample(lab.world, lab.ward): house.calls["child"]})
    house.search()
    confirms(lab, candidate)


def altered_copy(lab: Lab) -> None:
    """The child's profile as another's, altered at three loci, to be found by the family."""
    changed = dict.fromkeys(LOCI[:3], ("8", "8"))
    typed(lab.world, {lab.wards: lab.house.calls["child"] | changed})
    lab.house.search()
    assert not Candidate.objects.filter(child=lab.ward).exists()


def staffs_own(lab: Lab) -> None:
    """An analyst's own blood in the liar's tube."""
    own = stranger(lab.house.chance, "F")
    profile = Profile.from_calls("x", own, kit=PANEL)
    assert lab.world.registrars is not None
    staff = lab.world.staff["analyst"]
    registers.register_staff_profiles(profiles={staff: profile}, by=lab.world.registrars, at=lab.world.now())
    typed(lab.world, {lab.hers: own})
    comparing.compare_new(at=lab.world.now())
    lab.liar.search()
    assert not Candidate.objects.filter(request=lab.liar.request).exists()


def sealed_alone(lab: Lab, twin: bool = False) -> None:
    kit = ordered(lab.world, lab.liar.kin["mother"], second=True)
    taken(lab, kit, "officer2", lab.twin("officer2", agency="police") if twin else "officer2")


def same_hands(lab: Lab, by: str = "officer") -> None:
    kit = ordered(lab.world, lab.liar.kin["mother"], second=True)
    taken(lab, kit, by, "doctor")


# On the way. ------------------------------------------------------------------------------------------------------------------


def orders(lab: Lab, person: Any, by: str = "officer", **more: Any) -> Any:
    laboratory = lab.world.agencies[more.pop("to", "laboratory")]
    return kits.order_kit(person=person, laboratory=laboratory, **more, **lab.who(by))


def posted(lab: Lab) -> Any:
    """A kit that is under way."""
    house = House(lab.world, 8, inquirer=[("name", "卢秋"), ("phone", "13877003333")], child_name="卢小秋")
    return gone(lab.world, ordered(lab.world, house.kin["mother"]), "taken", "sent")


# In the files. ----------------------------------------------------------------------------------------------------------------


def signs(lab: Lab) -> None:
    public = PRIVATE.public_key().public_bytes_raw()
    assert lab.world.registrars is not None
    where = lab.world.agencies["laboratory"]
    registers.register_lab_key(laboratory=where, public=public, by=lab.world.registrars, at=lab.world.now())


def signed(lab: Lab, by: Ed25519PrivateKey | None, more: bytes = b"") -> None:
    signs(lab)
    data = table({lab.hers.number: lab.house.calls["mother"]})
    imports(lab, {}, data=data + more, signature=by and by.sign(data))


def again_as_second(lab: Lab) -> None:
    """The file of the first samples once more, a byte longer, to count as second ones."""
    reads(lab, "analyst", "analyst2")
    firsts = {one.of(who).kits.get(): calls for one in (lab.fresh,) for who, calls in one.calls.items()}
    typed(lab.world, firsts)
    lab.fresh.search()
    assert not SecondCheck.objects.filter(candidate=lab.unread).exists()
    confirms(lab, lab.unread)


def same_file(lab: Lab) -> None:
    calls = {lab.hers: lab.liar.calls["mother"]}
    imports(lab, calls)
    imports(lab, calls)


def after_withdrawal(lab: Lab, anew: bool = False) -> None:
    """The mother withdrew; her profile comes once more."""
    mother = lab.house.kin["mother"]
    kit = mother.kits.filter(second=False).get()
    withdraws(lab, "mother")
    if anew:
        agrees(lab.world, mother)
    # Not the same file again: that would be refused for another reason.
    imports(lab, {kit: dict(sorted(lab.house.calls["mother"].items()))})


def withdraws(lab: Lab, who: str) -> None:
    consent = Consent.objects.filter(relative=lab.house.kin[who], withdrawal__isnull=True).latest("pk")
    families.withdraw_consent(consent=consent, **lab.who("officer"))


# At the keyboard. -------------------------------------------------------------------------------------------------------------


def types(lab: Lab, *who: str, kit: Any = None) -> None:
    for name in who:
        entries.enter(kit=kit or lab.hers, panel=PANEL, calls=lab.house.calls["mother"], **lab.who(name))


# Over the candidate. ----------------------------------------------------------------------------------------------------------


def unready(lab: Lab, *who: str, conclusion: str = "supports") -> None:
    reads(lab, *who, conclusion=conclusion)
    confirms(lab, lab.unread)


def merged(lab: Lab) -> None:
    step = children.propose_merge(kept=lab.ward, absorbed=lab.house.child, reason="one child", **lab.who("officer"))
    children.confirm_merge(step=step, **lab.who("supervisor"))
    confirms(lab)


def later(lab: Lab) -> None:
    lab.world.clock += timedelta(days=400)
    confirms(lab)


def taken_back(lab: Lab) -> None:
    made = confirms(lab)
    reading.take_back(confirmation=made, reason="x", **lab.who("lab_supervisor"))
    confirms(lab)


def left(lab: Lab) -> None:
    assert lab.world.registrars is not None
    gone_from = lab.world.staff["lab_supervisor"]
    accounts.end_staff(staff=gone_from, reason="left", by=lab.world.registrars, at=lab.world.now())
    confirms(lab)


def over(lab: Lab) -> None:
    families.withdraw(request=lab.house.request, note="x", **lab.who("officer"))
    confirms(lab)


def withdrawn(lab: Lab) -> None:
    withdraws(lab, "father")
    confirms(lab)


ATTACKS: dict[str, tuple[str, Attack]] = {
    "the mother's blood in the liar's tube": ("candidate_over", mothers_blood),
    "the mother's blood, and no second sample": ("second_missing", mothers_blood_once),
    "the mother's blood twice": ("caught", mothers_blood_twice),
    "two children's tubes exchanged": ("candidate_over", swapped_children),
    "a brother or sister as the child": ("caught", other_child),
    "the child's profile altered a little": ("caught", altered_copy),
    "an analyst's own blood": ("caught", staffs_own),
    "the tube sealed by one": ("invalid", sealed_alone),
    "the tube sealed by one under two numbers": ("no_witness", lambda lab: sealed_alone(lab, twin=True)),
    "both samples by the same hands": ("same_hands", same_hands),
    "both samples by the same hands, under another number": (
        "same_hands",
        lambda lab: same_hands(lab, lab.twin("officer", agency="police")),
    ),
    "a second sample before the first": (
        "no_first_sample",
        lambda lab: orders(lab, lab.world.in_hospital(), "nurse", second=True),
    ),
    "a tube of the child that is looked for": ("sample_of_missing", lambda lab: orders(lab, lab.liar.kin["child"])),
    "a tube of who did not agree": ("no_consent", lambda lab: orders(lab, aunt(lab))),
    "a tube ordered from elsewhere": ("not_found", lambda lab: orders(lab, lab.liar.kin["mother"], "officer_gd")),
    "a tube to no laboratory": ("not_a_laboratory", lambda lab: orders(lab, lab.world.in_hospital(), "nurse", to="police")),
    "a tube received by who sent it": ("not_allowed", lambda lab: told(lab.world, posted(lab), "received", by="officer")),
    "a tube received by another laboratory": ("not_found", lambda lab: told(lab.world, posted(lab), "received", by="analyst_gd")),
    "a file with a tube that is under way": ("invalid", lambda lab: imports(lab, {posted(lab): lab.house.calls["mother"]})),
    "a file of another laboratory": (
        "invalid",
        lambda lab: imports(lab, {lab.hers: lab.house.calls["mother"]}, "analyst_gd"),
    ),
    "a file taken by an officer": ("not_allowed", lambda lab: imports(lab, {lab.hers: lab.house.calls["mother"]}, "officer")),
    "a file taken by the head": (
        "not_allowed",
        lambda lab: imports(lab, {lab.hers: lab.house.calls["mother"]}, "lab_supervisor"),
    ),
    "a file of a tube that nobody knows": ("invalid", lambda lab: imports(lab, {"K562": lab.house.calls["mother"]})),
    "a file that somebody else signed": ("signature_wrong", lambda lab: signed(lab, OTHER)),
    "a file altered after it was signed": ("signature_wrong", lambda lab: signed(lab, PRIVATE, b"\n")),
    "a file without the signature": ("invalid", lambda lab: signed(lab, None)),
    "a file taken twice": ("invalid", same_file),
    "the first samples once more, as second ones": ("second_missing", again_as_second),
    "a profile of who withdrew": ("invalid", after_withdrawal),
    "a profile of who withdrew and agreed again": ("invalid", lambda lab: after_withdrawal(lab, anew=True)),
    "typed twice by one": ("same_person", lambda lab: types(lab, "analyst", "analyst")),
    "typed twice by one, under two numbers": ("same_person", lambda lab: types(lab, "analyst", lab.twin("analyst"))),
    "typed by an officer": ("not_allowed", lambda lab: types(lab, "officer")),
    "typed by another laboratory": ("not_found", lambda lab: types(lab, "analyst_gd")),
    "read twice by one": ("already_there", lambda lab: reads(lab, "analyst", "analyst")),
    "read twice by one, under two numbers": ("self_approval", lambda lab: reads(lab, "analyst", lab.twin("analyst"))),
    "read by another laboratory": ("not_found", lambda lab: reads(lab, "analyst_gd")),
    "read by an officer": ("not_allowed", lambda lab: reads(lab, "officer")),
    "read by the head": ("not_allowed", lambda lab: reads(lab, "lab_supervisor")),
    "read until it fits": (
        "read_already",
        lambda lab: (reads(lab, "analyst", "analyst2", conclusion="excludes"), reads(lab, "analyst3")),
    ),
    "confirmed unread": ("not_supported", unready),
    "confirmed after one reading": ("not_supported", lambda lab: unready(lab, "analyst")),
    "confirmed though two excluded it": ("not_supported", lambda lab: unready(lab, "analyst", "analyst2", conclusion="excludes")),
    "confirmed on the first samples": ("second_missing", lambda lab: unready(lab, "analyst", "analyst2")),
    "confirmed by an analyst": ("not_allowed", lambda lab: confirms(lab, by="analyst3")),
    "confirmed by a supervisor": ("not_allowed", lambda lab: confirms(lab, by="supervisor")),
    "confirmed by another laboratory": ("not_found", lambda lab: confirms(lab, by="head_gd")),
    "confirmed by a reader, under another number": (
        "self_approval",
        lambda lab: confirms(lab, by=lab.twin("analyst2", "lab_supervisor")),
    ),
    "confirmed by a head who left": ("not_allowed", left),
    "confirmed after the father withdrew": ("candidate_over", withdrawn),
    "confirmed after the consents ran out": ("no_consent", later),
    "confirmed after the request was taken back": ("candidate_over", over),
    "confirmed though the record is another's": ("merged_away", merged),
    "confirmed again after it was taken back": ("already_there", taken_back),
    "a report of what nobody read": (
        "not_read",
        lambda lab: reporting.make_report(candidate=lab.unread, **lab.who("lab_supervisor")),
    ),
    "genotypes for an officer": ("not_allowed", lambda lab: reading.open_detail(candidate=lab.ready, **lab.who("officer"))),
    "genotypes for another laboratory": (
        "not_found",
        lambda lab: reading.open_detail(candidate=lab.ready, **lab.who("analyst_gd")),
    ),
}


def aunt(lab: Lab) -> Any:
    """Somebody more of the liar's, who agreed to nothing."""
    state = {"name": "农晓兰", "life": "living", "reach": "willing"}
    return families.add_relative(to=lab.liar.kin["mother"], relation="sister", state=state, **lab.who("officer"))


CAUGHT: dict[str, Callable[[Lab], bool]] = {
    "the mother's blood twice": lambda lab: frozen("two_families"),
    "a brother or sister as the child": lambda lab: frozen("two_children"),
    "the child's profile altered a little": lambda lab: Alarm.objects.filter(kind=Alarm.Kind.SAMPLE_COPIED, level=3).exists(),
    "an analyst's own blood": lambda lab: ProfileFlag.objects.filter(kit=lab.hers, kind="staff_match").exists(),
    "the mother's blood in the liar's tube": lambda lab: ProfileFlag.objects.filter(
        kind="second_differs", kit__relative=lab.liar.kin["mother"]
    ).exists(),
    "two children's tubes exchanged": lambda lab: Alarm.objects.filter(kind=Alarm.Kind.MATCH_REFUTED).exists(),
}
"""Where nothing is refused at the moment, or not for the lie itself: what people see of it."""


def frozen(reason: str) -> bool:
    return Alarm.objects.filter(kind=Alarm.Kind.MATCH_FROZEN, level=3, code=reason).count() == 2


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_is_matched_by_a_lie(lab: Lab, name: str) -> None:
    code, attack = ATTACKS[name]
    if code == "caught":
        attack(lab)
    else:
        with pytest.raises(CaseworkError) as refused:
            attack(lab)
        assert refused.value.code == code
        if isinstance(refused.value, Refused) and code not in SLIPS:
            assert Alarm.objects.filter(code=code).exists()
    assert name not in CAUGHT or CAUGHT[name](lab)
    assert code != "caught" or name in CAUGHT
    assert believed() == []


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 40


def test_an_honest_match_is_believed(lab: Lab) -> None:
    """What all of them are told from: with the same laboratory, hands and people."""
    reads(lab, "analyst", "analyst2")
    for who in ("mother", "father", "child"):
        lab.fresh.sampled(who, second=True)
    lab.fresh.search()
    made = [confirms(lab, lab.unread)]
    assert believed() == made
    made.append(confirms(lab))
    assert believed() == made


def test_the_liars_honest_tubes_find_nothing(lab: Lab) -> None:
    imports(lab, {lab.hers: lab.liar.calls["mother"], lab.his: lab.liar.calls["father"]})
    lab.liar.search()
    assert not Candidate.objects.filter(request=lab.liar.request).exclude(gate="insufficient").exists()


def test_what_is_invalid_says_why(lab: Lab) -> None:
    """So that a file is not refused for another fault than its lie."""
    why = {
        "the tube sealed by one": {"witness": "witness_is_self"},
        "a file with a tube that is under way": {"leave_out": "rows_left"},
        "a file of another laboratory": {"leave_out": "rows_left"},
        "a file of a tube that nobody knows": {"leave_out": "rows_left"},
        "a file without the signature": {"signature": "signature_missing"},
        "a file taken twice": {"file": "taken_before"},
        "a profile of who withdrew": {"leave_out": "rows_left"},
        "a profile of who withdrew and agreed again": {"leave_out": "rows_left"},
    }
    assert {name for name, (code, _) in ATTACKS.items() if code == "invalid"} == set(why)
    for name, fields in why.items():
        point = transaction.savepoint()
        with pytest.raises(Invalid) as refused:
            ATTACKS[name][1](anew(lab))
        transaction.savepoint_rollback(point)
        assert refused.value.fields == fields, name
