"""The words for coded values of the search and of candidates; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_EXAMINED = _("Something is being examined. Say nothing of it to the family: most of it turns out otherwise.")

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "candidate": {
            "proposed": _("to be read"),
            "in_review": _("being read"),
            "supported": _("supported by two"),
            "excluded": _("excluded by two"),
            "insufficient": _("not enough to tell"),
            "confirmed": _("confirmed"),
            "refuted": _("void: a second sample shows somebody else"),
            "withdrawn": _("ended: a relative withdrew"),
            "superseded": _("ended: the data changed"),
        },
        "conclusion": {
            "supports": _("It supports that the child is this family's"),
            "excludes": _("It excludes that the child is this family's"),
            "insufficient": _("It is not enough to tell"),
        },
        "concluded": {"supports": _("supports"), "excludes": _("excludes"), "insufficient": _("not enough to tell")},
        "gate": {"report": _("strong"), "lead": _("a lead"), "insufficient": _("weak")},
        "gate_found": {
            "report": _("A strong candidate: does the child belong to this family?"),
            "lead": _("A lead: may the child belong to this family?"),
            "insufficient": _("A weak candidate: may the child belong to this family?"),
        },
        "freeze": {
            "two_families": _("one child, confirmed for two families"),
            "two_children": _("one request, confirmed for two children"),
            "ages": _("one mother, confirmed for two children whose ages do not fit"),
        },
        "kinship": {"same": _("may be the same child"), "full_siblings": _("may be full brothers or sisters")},
        "of_many": {
            "told": _("one request stands for a further child"),
            "held_back": _("one request stands for so many children that a further one was not told"),
        },
        "population": {
            "china": _("China, national table of 58 autosomal STRs"),
            "nist-asian": _("United States, Asian (NIST 1036)"),
        },
        "name_finding": {
            "names_same": _("The name that the child went by is the one that the family tells."),
            "names_near": _("The name that the child went by is like the one that the family tells."),
            "names_different": _("The name that the child went by is not the one that the family tells."),
        },
        "sought_child": {
            "not_typed": _("Not compared yet: no sample of the child was typed."),
            "waits": _("To be compared in a moment."),
            "nothing": _("No family found yet. The child is compared again whenever a family comes or changes."),
            "examined": _("A family is being examined by the laboratory."),
            "confirmed": _("A family is confirmed by DNA. It is no release: an enquiry follows."),
            "frozen": _("Two confirmed matches cannot both be true: nothing is decided on this child."),
        },
        "sought_by": {
            "not_typed": _("Not searched yet: no relative's sample was typed."),
            "waits": _("To be searched in a moment."),
            "nothing": _("Nothing yet. It is compared again with every child that is rescued."),
            "examined": _EXAMINED,
            "confirmed": _("A child is confirmed by DNA. An enquiry follows, and the family is told by those who lead it."),
            "frozen": _EXAMINED,
        },
    }
)
