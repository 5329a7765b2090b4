"""The file of a match: what verifies it, who says so, and that nobody says it of what is their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories.reunification import Return
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.reunification.actions import deciding, files
from wayhome.casework.reunification.models import Countersignature, Enquiry, Evidence, Guardianship
from wayhome.casework.reunification.queries import cases
from wayhome.casework.reunification.rules import EVIDENCE


def seen(house: Return, who: str = "caseworker") -> Any:
    return cases.file_of(house.case, by=house.world.actor(who))


def test_a_file_is_of_a_match_that_stands(opened: Return) -> None:
    with pytest.raises(Refused, match="match_over"):
        files.open_case(child_id=opened.child.pk, **opened.who("caseworker"))
    for who, error in (("caseworker_gd", NotFound), ("nurse", NotAllowed), ("liaison", KeyError)):
        with pytest.raises(error):
            files.open_case(child_id=opened.child.pk, **opened.who(who))
    with pytest.raises(Refused, match="not_allowed"):
        files.open_case(child_id=opened.child.pk, authority=True, **opened.who("officer"))
    assert cases.to_open(opened.world.actor("caseworker"), at=opened.world.now()) == []
    assert cases.case_of(opened.world.actor("officer"), opened.case.pk, at=opened.world.now()) == opened.case


def test_it_is_complete_when_each_kind_is_there_and_none_fails(opened: Return) -> None:
    for question in ("what was sewn into the jacket", "who was asleep in the next bed"):
        opened.asked(question)
    for kind in EVIDENCE:
        assert not seen(opened).verified
        opened.evidence(kind)
    assert seen(opened).verified
    wrong = opened.evidence("document", "contradicts")
    assert not seen(opened).verified
    with pytest.raises(Refused, match="self_approval"):
        opened.evidence("document", corrects=wrong)
    with pytest.raises(Refused, match="other_row"):
        opened.evidence("interview", corrects=wrong, by="caseworker2")
    opened.evidence("document", "unclear", corrects=wrong, by="caseworker2")
    assert seen(opened).verified
    with pytest.raises(Refused, match="already_superseded"):
        opened.evidence("document", corrects=wrong, by="caseworker2")
    assert Evidence.objects.count() == len(EVIDENCE) + 2


def test_a_claimant_who_knows_what_the_press_knows_fails(opened: Return) -> None:
    """She tells of the red jacket that every paper printed, and not of what was sewn into it."""
    for kind in EVIDENCE:
        opened.evidence(kind)
    opened.asked("the colour of the jacket")
    opened.asked("what was sewn into the jacket", matches=False)
    opened.asked("who was asleep in the next bed")
    opened.asked("what the grandmother calls her")
    assert not seen(opened).verified


def test_one_detail_can_be_guessed(opened: Return) -> None:
    for kind in EVIDENCE:
        opened.evidence(kind)
    opened.asked("what was sewn into the jacket")
    assert not seen(opened).verified


def test_the_answer_is_the_polices_until_it_was_asked(opened: Return) -> None:
    held = files.hold_back(case=opened.case, question="what was sewn in", answer="a red thread", **opened.who("officer"))
    assert [one.answer for one in seen(opened, "caseworker").held_back] == [""]
    assert [one.answer for one in seen(opened, "officer").held_back] == ["a red thread"]
    with pytest.raises(Refused, match="self_approval"):
        files.reply(question=held, said="a red thread", matches=True, **opened.who("officer"))
    with pytest.raises(NotAllowed):
        files.hold_back(case=opened.case, question="x", answer="x", **opened.who("caseworker"))
    files.reply(question=held, said="a red thread", matches=True, **opened.who("caseworker"))
    with pytest.raises(Refused, match="already_there"):
        files.reply(question=held, said="a blue thread", matches=False, **opened.who("caseworker"))
    assert [one.answer for one in seen(opened, "caseworker").held_back] == ["a red thread"]


# The enquiry. -----------------------------------------------------------------------------------------------------------------


def test_the_claimants_own_station_clears_nobody(opened: Return) -> None:
    for result in ("cleared", "unknown"):
        with pytest.raises(Refused, match="local_police"):
            opened.enquired(result, by="officer2")
    assert Alarm.objects.filter(code="local_police").count() == 2
    opened.enquired("cleared")
    assert seen(opened).cleared
    opened.enquired("involved", by="officer2", signed=False)
    assert not seen(opened).cleared


def test_an_enquiry_counts_when_a_supervisor_signs_it(opened: Return) -> None:
    enquiry = opened.enquired(signed=False)
    assert not seen(opened).cleared
    with pytest.raises(NotAllowed, match="not_allowed"):
        deciding.countersign(enquiry=enquiry, **opened.who("officer"))
    with pytest.raises(NotAllowed, match="step_up"):
        deciding.countersign(enquiry=enquiry, by=opened.world.actor("supervisor", stepped_up=False), at=opened.world.now())
    deciding.countersign(enquiry=enquiry, **opened.who("supervisor"))
    assert seen(opened).cleared
    opened.enquired("unknown", signed=False)
    assert not seen(opened).cleared, "the last one counts"
    with pytest.raises(Invalid):
        deciding.enquire(case=opened.case, result="cleared", **opened.who("officer_gd"))
    assert (Enquiry.objects.count(), Countersignature.objects.count()) == (2, 1)


def test_a_parent_who_took_part_stops_it_at_once(opened: Return) -> None:
    enquiry = opened.enquired("involved", signed=False)
    guardianship = Guardianship.objects.get(enquiry=enquiry)
    alarm = Alarm.objects.get(kind=Alarm.Kind.PARENT_INVOLVED)
    assert (alarm.level, alarm.child_id) == (3, opened.child.pk)
    opened.enquired("cleared")
    assert seen(opened).stopped
    assert not seen(opened).cleared, "a court says so, and no second opinion"
    end = {"guardianship": guardianship, "document": "桂法2011-7"}
    with pytest.raises(NotAllowed):
        deciding.end_guardianship(**end, outcome="kept", **opened.who("officer"))
    deciding.end_guardianship(**end, outcome="kept", **opened.who("supervisor"))
    assert seen(opened).cleared
    with pytest.raises(Refused, match="already_ended"):
        deciding.end_guardianship(**end, outcome="revoked", **opened.who("supervisor"))


def test_a_guardianship_that_was_taken_away_stays_away(opened: Return) -> None:
    opened.enquired("involved", signed=False)
    guardianship = Guardianship.objects.get()
    deciding.end_guardianship(guardianship=guardianship, outcome="revoked", document="x", **opened.who("supervisor"))
    opened.enquired("cleared")
    assert not seen(opened).cleared


# The panel. -------------------------------------------------------------------------------------------------------------------


def test_a_panel_decides_when_three_disciplines_have_spoken(opened: Return) -> None:
    made = opened.determined(panel=("caseworker", "doctor"))
    deciding.vote(determination=made, agrees=True, **opened.who("officer"))
    assert seen(opened).decided is None, "police advise"
    with pytest.raises(Refused, match="already_there"):
        deciding.vote(determination=made, agrees=True, **opened.who("doctor"))
    with pytest.raises(Invalid):
        deciding.vote(determination=made, agrees=False, **opened.who("supervisor"))
    deciding.vote(determination=made, agrees=False, dissent="her own mother is ill", **opened.who("supervisor"))
    assert seen(opened).decided is True
    assert [one.dissent for one in seen(opened).votes if not one.agrees] == ["her own mother is ill"]
    opened.determined(dissent=("doctor", "supervisor"))
    assert seen(opened).decided is False, "the last one counts"


def test_a_determination_holds_for_a_time(opened: Return) -> None:
    far = opened.world.clock + timedelta(days=181)
    said = {"case": opened.case, "decision": "reunify", "reasons": "a home"}
    with pytest.raises(Invalid):
        deciding.propose_determination(**said, until=far, **opened.who("caseworker"))
    with pytest.raises(NotAllowed):
        deciding.propose_determination(**said, **opened.who("officer"))


# What the family hears. -------------------------------------------------------------------------------------------------------


def heard(house: Return) -> cases.Known:
    return cases.what_family_may_know(house.request.pk, by=house.world.actor("officer"))


def test_a_family_hears_how_it_stands_and_never_where(opened: Return) -> None:
    assert heard(opened) == cases.Known("checking")
    opened.verified()
    opened.enquired()
    opened.determined()
    opened.requested()
    assert heard(opened) == cases.Known("checking")
    opened.approve()
    assert heard(opened) == cases.Known("agreed")
    opened.enquired("involved", signed=False)
    assert heard(opened) == cases.Known("checking"), "less than before, and nothing of why"
    with pytest.raises(NotFound):
        cases.what_family_may_know(opened.request.pk, by=opened.world.actor("officer_gd"))
    with pytest.raises(NotAllowed):
        cases.what_family_may_know(opened.request.pk, by=opened.world.actor("nurse"))
