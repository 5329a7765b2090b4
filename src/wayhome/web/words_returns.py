"""The words for coded values of a file of return; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SUPERVISOR = _("A supervisor reads and countersigns it")
_OFFICER = _("An officer of another agency than the one that took up the request enquires")
_ANY = _("A caseworker or an officer adds it")
_PROPOSES = _("A caseworker proposes it")

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "evidence": {
            "interview": _("interview"),
            "line_up": _("line-up of photos"),
            "document": _("document"),
            "home_study": _("visit to the home"),
        },
        "outcome": {
            "supports": _("speaks for the family"),
            "contradicts": _("contradicts the family"),
            "unclear": _("unclear"),
        },
        "enquiry": {
            "cleared": _("the parents had no part in the sale"),
            "involved": _("a parent took part in the sale"),
            "unknown": _("not known yet"),
        },
        "panel": {"welfare": _("welfare"), "health": _("health"), "law": _("law"), "police": _("police")},
        "decision": {
            "reunify": _("home to its family"),
            "repatriate": _("to the authority of its own country"),
            "stay": _("stays in care here"),
        },
        "guardianship": {
            "revoked": _("taken away from the parents"),
            "kept": _("left with the parents"),
        },
        "file_release": {
            "family": _("to its family"),
            "authority": _("to the authority of its own country"),
            "asked": _("asked for"),
            "revoked": _("revoked"),
            "done": _("carried out"),
        },
        "file_state": {
            "checking": _("being checked"),
            "ready": _("ready: the release can be asked for"),
            "asked": _("a release is asked for"),
            "home": _("home with its family"),
            "returned": _("returned to its country's authority"),
            "frozen_home": _("home, and something stands against the family"),
            "stopped": _("stopped: a parent took part in the sale"),
            "over": _("over: the match stands no more"),
            "frozen": _("frozen: two matches contradict each other"),
            "failed": _("failed: a detail held back was not known"),
            "stays": _("decided: the child stays"),
        },
        "step": {
            "verification": _("Verification of the family"),
            "enquiry": _("Enquiry into the parents' part"),
            "determination": _("What is best for the child"),
            "release": _("Release by two organisations"),
        },
        "open_step": {
            "verification": _("verification"),
            "enquiry": _("enquiry"),
            "determination": _("determination"),
        },
        "missing": {
            "interview": _("No interview that speaks for the family."),
            "line_up": _("No line-up in which the family knows the child, or the child the family."),
            "document": _("No document that speaks for the family."),
            "home_study": _("No visit to the home that speaks for it."),
            "contradicted": _("A row contradicts the family: look into it first."),
            "held_back": _("Fewer than two details are held back that only the family can know."),
            "reply": _("The claimant was not asked for two details held back yet."),
            "held_back_wrong": _("The claimant did not know a detail held back: this file is verified no more."),
            "enquiry": _("Nobody has enquired whether the parents took part in the sale."),
            "enquiry_unknown": _("The last enquiry could not say whether the parents took part."),
            "enquire_again": _("The court left the guardianship with the parents: another enquiry is wanted."),
            "suit": _("A parent took part in the sale. A suit to take the guardianship away is pending."),
            "guardianship_revoked": _("A court took the guardianship away: the child does not go to these parents."),
            "countersignature": _("The last enquiry is not countersigned."),
            "determination": _("Nobody has proposed what is best for the child."),
            "determination_over": _("The time for which the panel's decision held is over."),
            "vote_welfare": _("Welfare has not spoken on the panel."),
            "vote_health": _("Health has not spoken on the panel."),
            "vote_law": _("Law has not spoken on the panel."),
            "not_agreed": _("The panel does not agree."),
            "stays": _("The panel decided that the child stays."),
            "release": _("No release is asked for."),
            "release_open": _("A release is asked for, and not carried out yet."),
        },
        "missing_who": {
            "interview": _ANY,
            "line_up": _ANY,
            "document": _ANY,
            "home_study": _ANY,
            "contradicted": _("Whoever did not write it corrects it, if it was wrong"),
            "held_back": _("An officer holds them back"),
            "reply": _("Whoever did not set the question judges the answer"),
            "held_back_wrong": _("Nobody corrects an answer"),
            "enquiry": _OFFICER,
            "enquiry_unknown": _OFFICER,
            "enquire_again": _OFFICER,
            "suit": _("A supervisor writes down what the court says"),
            "guardianship_revoked": _("Civil affairs looks after it"),
            "countersignature": _SUPERVISOR,
            "determination": _PROPOSES,
            "determination_over": _PROPOSES,
            "vote_welfare": _("A caseworker of the panel votes"),
            "vote_health": _("A doctor of the panel votes"),
            "vote_law": _("A supervisor of the panel votes"),
            "not_agreed": _("A caseworker proposes anew when something changed"),
            "stays": _("A caseworker proposes anew when something changed"),
            "release": _("The institution that has the child asks for it, when all else is done"),
            "release_open": _("The release says who goes on"),
        },
        "missing_do": {
            "interview": _("Add the interview"),
            "line_up": _("Add the line-up"),
            "document": _("Add the document"),
            "home_study": _("Add the visit to the home"),
            "held_back": _("Hold a detail back"),
            "reply": _("Judge the answer"),
            "enquiry": _("Tell the result of the enquiry"),
            "enquiry_unknown": _("Tell the result of the enquiry"),
            "enquire_again": _("Tell the result of the enquiry"),
            "suit": _("Enter what the court said"),
            "countersignature": _("Read and countersign"),
            "determination": _("Propose what is best"),
            "determination_over": _("Propose what is best"),
            "vote_welfare": _("Read and vote"),
            "vote_health": _("Read and vote"),
            "vote_law": _("Read and vote"),
            "not_agreed": _("Propose what is best"),
            "stays": _("Propose what is best"),
        },
        "family_stage": {
            "searching": _("The search goes on. The request is compared with every child that is rescued."),
            "checking": _("The search goes on, and what was told is being checked. Nothing else can be said yet."),
            "agreed": _("A return is agreed. The family will be called."),
            "home": _("The child is home. The family is visited on these days:"),
        },
        "return_waits": {
            "open": _("A match is confirmed, and no file is open"),
            "enquire": _("Did the parents take part in the sale?"),
            "countersign": _("An enquiry waits for a countersignature"),
            "reply": _("A detail held back: does the claimant know it?"),
            "vote": _("What is best for the child? The panel waits for you"),
            "suit": _("A guardianship suit is pending"),
        },
        "return_do": {
            "open": _("Open the file"),
            "enquire": _("Tell the result of the enquiry"),
            "countersign": _("Read and countersign"),
            "reply": _("Judge the answer"),
            "vote": _("Read and vote"),
            "suit": _("Enter what the court said"),
        },
    }
)
