"""Words for what goes between two houses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "partner_kind": {
        "notice": _("a notice"),
        "question": _("a question"),
        "answer": _("an answer"),
        "package": _("what is told of a child"),
        "dna": _("a question by DNA"),
        "dna_answer": _("the answer to a question by DNA"),
    },
    "waits_for": {
        "ours": _("authorities on our side"),
        "theirs": _("the partner's authorities"),
        "court": _("a court"),
        "documents": _("papers that are being made"),
    },
    "waits_what": {
        "question": _("Their question wants an answer"),
        "dna_look": _("What the search found for them wants a look"),
        "dna_approval": _("A question by DNA wants a second person"),
        "package_approval": _("What is to be told wants a second person"),
        "answer": _("Our question is not answered"),
        "dna_answer": _("Our question by DNA is not answered"),
        "receipt": _("A message has not arrived"),
        "gap": _("A message of theirs is missing"),
    },
    "told_basis": {
        "treaty": _("the treaty on legal assistance"),
        "convention": _("the convention against trafficking"),
        "guardian": _("the guardian's consent"),
        "court": _("a court's order"),
    },
    "told_field": {
        "reference": _("our number of the child"),
        "sex": _("sex"),
        "age": _("age in days"),
        "rescued_on": _("day of the rescue"),
        "rescued_in": _("province of the rescue"),
        "call_name": _("how it is called in care"),
        "marks": _("marks on the body"),
        "found_with": _("what was found with it"),
    },
    "dna_outcome": {
        "hit": _("A family there fits"),
        "none": _("No family there fits"),
        "declined": _("The partner declined"),
        "": _("No answer yet"),
    },
    "dna_found": {
        "hit": _("a family of our base fits"),
        "none": _("no family of our base fits"),
        "declined": _("not searched, or not told"),
    },
    "dna_why": {
        "near_copy": _("It differs from an earlier question at a few loci alone."),
        "family_told": _("The family would fit more of their children than it looks for."),
        "too_few": _("It was typed at too few loci."),
        "unreadable": _("It could not be read as a profile."),
    },
    "clock_of": {"CN": _("Beijing time"), "VN": _("Hanoi time")},
}
