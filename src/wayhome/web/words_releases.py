"""The words for coded values of releases, of what came after a return, and of children whose parents are not found."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "release": {
            "asked": _("Waits for two organisations to approve it, beside the one that asks."),
            "sampling": _("Approved. Samples of the handover are wanted before the child goes."),
            "blocked": _("Approved, but something stands against it."),
            "ready": _("Everything is there: the child can be handed over."),
            "offered": _("The child is at the door: the second signature is wanted."),
            "home": _("Carried out."),
            "revoked": _("Revoked. The child stays where it is."),
            "over": _("Its time is over. Ask anew."),
        },
        "revoked": {
            "excluded": _("somebody of the household, or its address, is excluded from contact with children"),
            "match_over": _("the match stands no more, or a sample of the handover shows somebody else"),
            "consent_withdrawn": _("a relative who was compared agrees no more"),
            "request_over": _("the family's request ended"),
            "enquiry": _("the enquiry into the parents says something else now"),
            "determination": _("another determination was proposed, or it holds no more"),
            "detained": _("somebody of the household is a suspect, or was detained"),
            "evidence": _("something in the verification contradicts the family"),
            "taken_back": _("taken back"),
            "expired": _("its time was over, or the child went elsewhere"),
        },
        "handover_sample": {
            "missing": _("none ordered since the release was asked for"),
            "agrees": _("compared: the same person"),
            "differs": _("compared: somebody else"),
            "stale": _("taken too long ago: take another"),
            "received": _("at the laboratory, which types it"),
        },
        "visit_found": {
            "well": _("The child is well"),
            "worried": _("Something worries me"),
            "not_met": _("Nobody was met, or not the child"),
        },
        "visited": {"well": _("well"), "worried": _("worried"), "not_met": _("not met")},
        "certificate": {
            "one_month": _("Certificate of the first month"),
            "twelve_months": _("Certificate of the twelfth month"),
        },
        "adoption": {
            "too_early": _("Twelve months from intake have not passed. The search goes on."),
            "first_certificate": _("The certificate of the first month is missing: police write it."),
            "certificate_missing": _("The certificate of the twelfth month is missing: police write it."),
            "notice_missing": _("No public notice has stood for thirty days: publish one, and wait."),
            "candidate_open": _("A family may still be this child's: the analysts decide on it first."),
        },
    }
)
