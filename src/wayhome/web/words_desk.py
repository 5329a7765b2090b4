"""The words of the ministry's desk and of clocks; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "step": {
            "cleared": _("cleared by a doctor"),
            "placed": _("in a place"),
            "sampled": _("sample taken"),
            "profiled": _("profile known"),
            "candidate": _("a family proposed"),
            "confirmed": _("match confirmed"),
            "release": _("release asked for"),
            "home": _("with its family"),
        },
        "clock": {
            "hospital": _("to a hospital"),
            "offer": _("an offer to be answered"),
            "placement": _("to a place"),
            "relief_station": _("from a relief station to an institution"),
            "one_month": _("certificate after a month"),
            "twelve_months": _("certificate after a year"),
            "visit": _("visit to a family"),
            "kit": _("a kit on its way"),
            "answer": _("a home's answer"),
            "kit_posted": _("a kit that was posted"),
            "kit_delivered": _("a kit that was delivered"),
            "kit_taken": _("a sample that was taken"),
            "kit_sent": _("a sample sent to the laboratory"),
        },
    }
)
