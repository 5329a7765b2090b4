"""A report is made once, kept sealed, set again to the same bytes, and goes with a consent."""

from __future__ import annotations

import hashlib
import io

import pypdf
import pytest

from factories.laboratory import second_analyst
from factories.matching import House
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.matching.actions import reading, reporting
from wayhome.casework.matching.models import KinshipReport


def test_the_same_bytes_each_time(world: World) -> None:
    house = House(world)
    candidate = house.second()
    by = world.actor("lab_supervisor")
    made = reporting.make_report(candidate=candidate, notes="第二份样本一致", by=by, at=world.now())
    texts = {}
    for language in ("en", "zh-hans", "vi"):
        told = {"candidate": candidate, "n": 1, "language": language, "at": world.now()}
        pdf = reporting.read_report(by=world.actor("analyst"), **told)  # type: ignore[arg-type]
        assert hashlib.sha256(pdf).hexdigest() == made.digests[language]
        assert reporting.read_report(by=by, **told) == pdf  # type: ignore[arg-type]
        texts[language] = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
        assert house.child.number in texts[language].replace(" ", "")
    assert len(set(texts.values())) == 3
    for name in ("韦小兰", "李小妹"):
        assert name not in texts["zh-hans"]
    assert AuditEvent.objects.filter(action="matching.read_report").count() == 6
    again = reporting.make_report(candidate=candidate, by=by, at=world.now())
    assert (again.n, again.digests != made.digests) == (2, True)


def test_who_may_and_when(world: World) -> None:
    candidate = House(world).proposed()
    head = world.actor("lab_supervisor")
    with pytest.raises(Refused, match="not_read"):
        reporting.make_report(candidate=candidate, by=head, at=world.now())
    second_analyst(world)
    for who in ("analyst", "analyst2"):
        reading.read(candidate=candidate, conclusion="supports", by=world.actor(who), at=world.now())
    for who in ("analyst", "officer", "supervisor"):
        with pytest.raises(NotAllowed):
            reporting.make_report(candidate=candidate, by=world.actor(who), at=world.now())
    reporting.make_report(candidate=candidate, by=head, at=world.now())
    with pytest.raises(NotFound):
        reporting.read_report(candidate=candidate, n=2, language="en", by=head, at=world.now())
    with pytest.raises(Invalid):
        reporting.read_report(candidate=candidate, n=1, language="de", by=head, at=world.now())
    with pytest.raises(NotAllowed):
        reporting.read_report(candidate=candidate, n=1, language="en", by=world.actor("officer"), at=world.now())


def test_it_goes_with_the_consent(world: World) -> None:
    candidate = House(world).supported()
    head = world.actor("lab_supervisor")
    reporting.make_report(candidate=candidate, by=head, at=world.now())
    consent = Consent.objects.filter(relative__request=candidate.request).first()
    assert consent is not None
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    assert not KinshipReport.objects.exists()
    with pytest.raises(NotFound):
        reporting.read_report(candidate=candidate, n=1, language="en", by=head, at=world.now())
    with pytest.raises(NotFound):
        reporting.make_report(candidate=candidate, by=head, at=world.now())


def test_a_report_that_is_set_otherwise_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = House(world).supported()
    head = world.actor("lab_supervisor")
    reporting.make_report(candidate=candidate, by=head, at=world.now())
    set_ = reporting.report_pdf
    monkeypatch.setattr(reporting, "report_pdf", lambda *told: set_(*told) + b" ")
    with pytest.raises(Refused, match="report_differs"):
        reporting.read_report(candidate=candidate, n=1, language="vi", by=head, at=world.now())
