"""What a certificate or a notice tells, as it stood at a moment: from rows that are added to and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.children.models import AgeEstimate, Child
from wayhome.casework.children.queries import records
from wayhome.casework.core import numbers
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.matching.models import Search
from wayhome.casework.matching.report import LANGUAGES
from wayhome.casework.reunification.models import Certificate, Notice
from wayhome.casework.reunification.papers import NOTICE, PaperFacts
from wayhome.casework.reunification.rules import CERTIFICATES


def paper_facts(child: Child, kind: str, *, at: datetime) -> PaperFacts:
    """The facts of a signed certificate as of its signature; of a draft or a notice as of now, by the police who found it."""
    signed = (
        Certificate.objects.filter(child=child, kind=kind).select_related("by__agency").first() if kind in CERTIFICATES else None
    )
    at = at if signed is None else signed.at
    zone = ZoneInfo(child.event.operation.time_zone)
    own = list(records([child.pk]))
    age = AgeEstimate.objects.filter(child__in=own, at__lte=at).order_by("-at", "-pk").first()
    intake = CustodyEpisode.objects.values_list("started_at", flat=True).get(child=child, n=1)
    searches = Search.objects.filter(child__in=own, at__lte=at)
    last, first = searches.order_by("-at", "-pk").first(), searches.aggregate(first=Min("at"))["first"]
    notices = Notice.objects.filter(child=child, at__lte=at).order_by("pk") if kind != NOTICE else Notice.objects.none()
    agency = child.event.by.agency if signed is None else signed.by.agency
    return PaperFacts(
        kind=kind,
        number=numbers.grouped(child.number),
        call_name=child.call_name,
        sex=child.sex,
        born=None if age is None else (age.on - timedelta(days=age.most_days), age.on - timedelta(days=age.least_days)),
        method="" if age is None else age.method,
        found_on=child.event.found_at.astimezone(zone).date(),
        found_in=_place(child.event.jurisdiction),
        in_care_since=intake.astimezone(zone).date(),
        compared=None if last is None else (first.astimezone(zone).date(), last.at.astimezone(zone).date(), last.families),
        notices=tuple((one.published_on, one.published_in) for one in notices),
        agency=f"{agency.name} ({agency.name_en})" if agency.name_en and agency.name_en != agency.name else agency.name,
        issued=at.astimezone(zone).date(),
        document="" if signed is None else signed.document,
        by="" if signed is None else signed.by.name,
    )


def _place(jurisdiction: Jurisdiction) -> dict[str, str]:
    """From the province down, in each language; Chinese has no comma between them."""
    codes = [code for code in jurisdiction.path.split("/") if code]
    parts = list(Jurisdiction.objects.filter(code__in=codes).order_by("path"))
    parts = [one for one in parts if one.kind != "country"] or parts
    return {
        language: ("" if language == "zh-hans" else ", ").join(
            getattr(one, f"name_{language[:2]}") for one in (parts if language == "zh-hans" else reversed(parts))
        )
        for language in LANGUAGES
    }
