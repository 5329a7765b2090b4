"""The words for coded values, by what they are codes of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "kind": {
            "police": _("police"),
            "hospital": _("hospital"),
            "emergency_nursery": _("emergency nursery"),
            "relief_station": _("relief station"),
            "welfare_institution": _("welfare institution"),
            "foster": _("foster care"),
            "deceased": _("died"),
            "police_post": _("police post"),
        },
        "role": {
            "officer": _("officer"),
            "nurse": _("nurse"),
            "doctor": _("doctor"),
            "caseworker": _("caseworker"),
            "placement_officer": _("placement officer"),
            "liaison": _("family liaison"),
            "analyst": _("DNA analyst"),
            "supervisor": _("supervisor"),
            "partner_liaison": _("partner-country liaison"),
            "auditor": _("auditor"),
            "administrator": _("administrator"),
            "registrar": _("registrar"),
        },
        "sex": {"F": _("girl"), "M": _("boy"), "U": _("not sure")},
        "method": {
            "sight": _("by sight"),
            "cord_stump": _("by the cord stump"),
            "growth": _("by growth"),
            "teeth": _("by teeth"),
            "document": _("by a document"),
            "statement": _("by a statement"),
        },
        "refusal": {
            "withdrawn": _("withdrawn by the giver"),
            "no_bed": _("no bed"),
            "no_carer": _("no carer"),
            "too_small": _("too small for us"),
            "not_a_foundling": _("neither a foundling nor an orphan"),
            "too_ill": _("too ill for us"),
            "not_the_child": _("not the child that was offered"),
            "other": _("another reason"),
        },
        "alarm": {
            "refused": _("An attempt was refused"),
            "excluded_custodian": _("An excluded person has a child in hand"),
            "observation_overdue": _("An observation is overdue"),
            "not_seen": _("A child was not seen"),
            "head_count_due": _("The head count is due"),
            "missing": _("A child is missing"),
            "kin_of_excluded": _("Kin of an excluded person"),
            "break_glass": _("A file was opened without need to know"),
        },
        "level": {"1": _("look at it"), "2": _("soon"), "3": _("at once")},
        "ground": {
            "buyer": _("buyer"),
            "seller": _("seller"),
            "suspect": _("suspect"),
            "household": _("household of one"),
            "threat": _("threat"),
        },
        "subject": {
            "person": _("person"),
            "address": _("address"),
            "phone": _("telephone"),
            "vehicle": _("vehicle"),
            "id": _("identity number"),
            "name": _("name"),
            "alias": _("alias"),
        },
        "scope": {"all": _("all children"), "operation": _("children of one operation"), "child": _("one child")},
        "match": {"same": _("excluded"), "kin": _("kin of somebody excluded")},
        "tie": {
            "spouse": _("spouse"),
            "parent": _("parent or child"),
            "sibling": _("brother or sister"),
            "household": _("same household"),
            "other_kin": _("other kin"),
        },
        "consciousness": {
            "alert": _("alert"),
            "voice": _("answers to voice"),
            "pain": _("answers to pain"),
            "unresponsive": _("unresponsive"),
        },
        "feeding": {
            "well": _("feeds well"),
            "poorly": _("feeds poorly"),
            "refused": _("refuses"),
            "tube": _("by tube"),
            "asleep": _("asleep"),
        },
        "care": {"ordinary": _("ordinary care"), "nursing": _("nursing care"), "medical": _("medical care")},
        "tox": {"urine": _("urine"), "blood": _("blood"), "hair": _("hair")},
        "field": {
            "name": pgettext_lazy("what was said of a child", "name"),
            "birth_date": _("birth date"),
            "nationality": _("nationality"),
            "origin": _("where from"),
            "language": _("language"),
            "parent": _("parent"),
            "blood_group": _("blood group"),
            "note": _("note"),
            "call_name": _("call name"),
            "sex": _("sex"),
        },
        "place": {
            "scalp": _("scalp"),
            "forehead": _("forehead"),
            "face_left": _("face, left"),
            "face_right": _("face, right"),
            "ear_left": _("ear, left"),
            "ear_right": _("ear, right"),
            "nose": _("nose"),
            "mouth": _("mouth"),
            "chin": _("chin"),
            "neck_front": _("neck, front"),
            "neck_back": _("neck, back"),
            "chest": _("chest"),
            "abdomen": _("abdomen"),
            "upper_back": _("upper back"),
            "lower_back": _("lower back"),
            "groin": _("groin"),
            "buttock_left": _("buttock, left"),
            "buttock_right": _("buttock, right"),
            "upper_arm_left": _("upper arm, left"),
            "upper_arm_right": _("upper arm, right"),
            "forearm_left": _("forearm, left"),
            "forearm_right": _("forearm, right"),
            "hand_left": _("hand, left"),
            "hand_right": _("hand, right"),
            "thigh_left": _("thigh, left"),
            "thigh_right": _("thigh, right"),
            "lower_leg_left": _("lower leg, left"),
            "lower_leg_right": _("lower leg, right"),
            "foot_left": _("foot, left"),
            "foot_right": _("foot, right"),
        },
        "mark": {
            "mongolian_spot": _("Mongolian spot"),
            "salmon_patch": _("salmon patch"),
            "port_wine_stain": _("port-wine stain"),
            "strawberry_mark": _("strawberry mark"),
            "melanocytic_nevus": _("mole"),
            "cafe_au_lait_spot": _("café-au-lait spot"),
            "depigmented_nevus": _("pale patch"),
            "sebaceous_nevus": _("sebaceous nevus"),
            "preauricular_tag": _("skin tag at the ear"),
            "preauricular_pit": _("pit at the ear"),
            "extra_digit": _("extra finger or toe"),
            "joined_digits": _("joined fingers or toes"),
            "cleft_lip": _("cleft lip"),
            "scar": _("scar"),
            "burn": _("burn"),
            "tattoo": _("tattoo"),
            "piercing": _("piercing"),
            "other": _("another mark"),
        },
        "merge": {"merge": _("Two records are one child"), "split": _("Two children after all")},
        "siblings": {"alleged": _("somebody says so"), "dna": _("by DNA")},
        "scopes": {
            "approve": _("approve foster care, break the glass, merge (10 minutes)"),
            "registers:read": _("read the register of places"),
            "operations:read": _("read operations and rescues"),
            "operations:write": _("record operations and rescues"),
            "persons:read": _("look up people"),
            "persons:write": _("record people and their ties"),
            "children:read": _("read children's files"),
            "children:write": _("register, describe and correct children"),
            "custody:read": _("read where children are"),
            "custody:write": _("hand over, accept, count heads, assign, let visitors in"),
            "exclusions:read": _("screen against exclusions"),
            "exclusions:write": _("enter exclusions"),
            "foster:read": _("read requests for foster care"),
            "foster:write": _("ask for foster care, approve and end it"),
            "medical:read": _("read observation charts"),
            "medical:write": _("observe, measure, take samples, clear"),
            "alarms:read": _("read alarms"),
            "alarms:write": _("answer alarms"),
            "audit:read": _("read the audit"),
            "audit:write": _("break the glass, and review it"),
        },
        "purpose": {"visit": _("visit"), "carer": _("carer"), "official": _("official")},
    }
)


def word(of: str, code: str) -> str | Promise:
    """The word for a code, or the code itself if somebody was quicker than this table."""
    return WORDS[of].get(code, code)


def choices(of: str, *, blank: str | Promise | None = None, only: list[str] | None = None) -> list[tuple[str, str | Promise]]:
    """For a form's field."""
    kept = [(code, WORDS[of][code]) for code in (only or WORDS[of])]
    return kept if blank is None else [("", blank), *kept]
