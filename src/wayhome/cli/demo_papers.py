"""The days of the law: notices that ask for parents, and certificates that they were not found yet, when their day has come."""

from __future__ import annotations

from django.db import transaction

from wayhome.casework.matching.queries import story
from wayhome.casework.reunification.actions import afterwards
from wayhome.casework.reunification.queries.not_found import not_found_yet
from wayhome.cli.demo_families import Story


def write(told: Story) -> None:
    """Police of the province where a child was found: a notice for each that has none, and the certificate that is due."""
    at = told.at()
    with transaction.atomic():
        for child in story.children_in_care():
            province = child.event.jurisdiction.path.strip("/").split("/")[1]
            stands = not_found_yet(child, at=at)
            paper = stands.next
            if stands.gone or "candidate_open" in stands.gate.missing:
                continue
            by = told.registers.actors[f"{province}-officer"]
            if not stands.notices:
                day = at.date()
                afterwards.publish_notice(child=child, published_on=day, published_in=f"{province} Daily", by=by, at=at)
            if paper is not None and not paper.against:
                document = f"{province}-{at.year}-{child.number}"
                afterwards.certify(child=child, kind=paper.kind, document=document, by=by, at=at)
