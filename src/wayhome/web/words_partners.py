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
        "ended": _("the end of the case"),
        "opened": _("the case opened again"),
        "key": _("a later key for sealing"),
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
        "reopening": _("A case that is to be opened again wants a second person"),
        "ended_there": _("The partner has ended the case: end it here too"),
        "old_key": _("A message was sealed for a key that the partner withdrew: write it anew"),
        "key_untold": _("The partner was not told our later key"),
        "key_unregistered": _("The partner told a later key: two registrars put it on the register"),
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
        "case_ended": _("The case was ended before it was searched, and what it was asked by is gone."),
    },
    "case_end": {
        "closed": _("It is done: what was to be told and asked was"),
        "withdrawn": _("It is withdrawn: it ought not to have been shared, or its basis is gone"),
    },
    "kept_for": {
        "30": _("30 days"),
        "365": _("a year"),
        "1825": _("five years"),
        "3650": _("ten years"),
    },
    "left_open": {
        "undelivered": _("Messages of the side that ended it that had not arrived"),
        "our_questions": _("Questions of the side that ended it without an answer"),
        "your_questions": _("Questions of the other side without an answer"),
    },
    "clock_of": {"CN": _("Beijing time"), "VN": _("Hanoi time")},
}
