"""Certificates and notices as files. That one was taken is an event of the child's file."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.matching.report import LANGUAGES
from wayhome.casework.reunification.papers import KINDS, NOTICE, paper_pdf
from wayhome.casework.reunification.queries.not_found import not_found_yet
from wayhome.casework.reunification.queries.paper_facts import paper_facts


def take_paper(*, child: Child, kind: str, language: str, by: Actor, at: datetime) -> bytes:
    """A certificate as it was signed, or drafted once its day has come; or the notice that asks for the parents.

    Parameters
    ----------
    kind : of `papers.KINDS`.
    language : "en", "zh-hans" or "vi".

    Raises
    ------
    Refused
        for a draft, with what stands against the certificate; "in_care_no_more" for a draft or a notice of a child that is not.
    """
    require(by, Permission.READ_CASE)
    visible_child(child.pk, by=by, at=at)
    checks = Checks()
    checks.one_of("kind", kind, KINDS)
    checks.one_of("language", language, LANGUAGES)
    checks.done()
    told = not_found_yet(child, at=at)
    paper = next((one for one in told.papers if one.kind == kind), None)
    if paper is None or paper.certificate is None:
        against = ["in_care_no_more"] if told.gone else [] if kind == NOTICE or paper is None else list(paper.against)
        if against:
            raise Refused(against)
    with gate(by=by, at=at, child_id=child.pk, attempt="take_paper"):
        pdf = paper_pdf(paper_facts(child, kind, at=at), language)
        record(
            by=by,
            at=at,
            action="reunification.take_paper",
            subject=f"child:{child.pk}",
            child_id=child.pk,
            data={"kind": kind, "language": language},
        )
    return pdf
