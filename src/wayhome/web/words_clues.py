"""The words of clues; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "clue_fact_or_kind": {
            "person": _("person"),
            "victim": _("victim"),
            "phone": _("telephone"),
            "account": _("bank account"),
            "vehicle": _("vehicle"),
            "address": _("address"),
            "place": pgettext_lazy("on a map", "place"),
            "route": _("route"),
            "id": _("identity number"),
        },
        "network_tie": {
            "has": pgettext_lazy("a number", "has"),
            "named": _("may have the same name as"),
            "stop": _("passes through"),
            "uses": _("uses"),
            "drives": _("drives"),
            "lives_at": _("lives at"),
            "carries": pgettext_lazy("a person", "carries"),
            "seen_at": _("was seen at"),
            "kin_of": _("is kin of"),
            "pays": _("pays"),
            "moves": pgettext_lazy("a person", "moves"),
            "travels": _("travels"),
            "calls": _("calls"),
        },
        "clue_kind": {
            "person": _("person"),
            "victim": _("victim"),
            "phone": _("telephone"),
            "account": _("bank account"),
            "vehicle": _("vehicle"),
            "address": _("address"),
            "place": pgettext_lazy("on a map", "place"),
            "route": _("route"),
        },
        "clue_fact": {
            "name": _("name"),
            "alias": _("alias"),
            "id": _("identity number"),
            "phone": _("telephone"),
            "account": _("bank account"),
            "vehicle": _("vehicle"),
            "address": _("address"),
            "place": pgettext_lazy("on a map", "place"),
        },
        "clue_verb": {
            "uses": _("uses"),
            "drives": _("drives"),
            "lives_at": _("lives at"),
            "carries": pgettext_lazy("a person", "carries"),
            "seen_at": _("was seen at"),
            "kin_of": _("is kin of"),
            "pays": _("pays"),
            "moves": pgettext_lazy("a person", "moves"),
            "travels": _("travels"),
            "calls": _("calls"),
        },
        "clue_role": {
            "suspect": _("suspect"),
            "organiser": _("organiser"),
            "transporter": _("transporter"),
            "intermediary": _("intermediary"),
            "buyer": _("buyer"),
            "seller": _("seller"),
            "medical": _("medical helper"),
            "witness": _("witness"),
            "victim": _("victim"),
        },
        "clue_state": {
            "received": pgettext_lazy("clue", "to triage"),
            "triaged": pgettext_lazy("clue", "triaged"),
            "assigned": pgettext_lazy("clue", "assigned"),
            "linked": pgettext_lazy("clue", "linked"),
            "corroborated": pgettext_lazy("clue", "corroborated"),
            "actioned": pgettext_lazy("clue", "acted on"),
            "unfounded": pgettext_lazy("clue", "unfounded"),
            "dormant": pgettext_lazy("clue", "dormant"),
        },
        "clue_channel": {
            "hotline": _("hotline"),
            "visit": _("came in person"),
            "letter": _("letter"),
            "message": _("message"),
            "patrol": _("patrol"),
            "interview": _("interview"),
            "partner": _("partner country"),
            "board": _("public board"),
            "other": pgettext_lazy("channel", "other"),
        },
        "clue_language": {
            "zh": _("Chinese"),
            "vi": _("Vietnamese"),
            "en": _("English"),
            "other": pgettext_lazy("language", "other"),
        },
        "source_grade": {
            "A": _("always reliable"),
            "B": _("usually reliable"),
            "C": _("fairly reliable"),
            "D": _("not usually reliable"),
            "E": _("unreliable"),
            "F": _("cannot be judged"),
        },
        "info_grade": {
            "1": _("confirmed elsewhere"),
            "2": _("probably true"),
            "3": _("possibly true"),
            "4": _("doubtful"),
            "5": _("improbable"),
            "6": _("cannot be judged"),
        },
        "clue_reason": {
            "name": _("the same name"),
            "slip": _("almost the same name"),
            "id": _("the same identity number"),
            "phone": _("the same telephone"),
            "account": _("the same bank account"),
            "vehicle": _("the same number plate"),
            "address": _("the same address"),
            "place": _("the same place"),
            "near": _("the same place within two weeks"),
        },
        "pair": {
            "open": _("nobody decided yet"),
            "confirmed": _("belong together"),
            "rejected": _("do not belong together"),
            "proposed": _("proposed"),
        },
    }
)
