"""A partner that asks again and again, an allele further each night, must not learn a relative's genotype from our answers.

It keeps no rule of its own: its questions are made by hand, each of another made-up child, and all that the search found is
answered, for the person who looks is taken in. As in `test_oracle` it knows a child of hers, and which alleles came from her.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.exchange import CN, VN, asked_by_hand, two_houses
from factories.laboratory import Calls
from factories.world import World
from trust.test_oracle import Attack
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.errors import Refused
from wayhome.casework.exchange.actions import dna_asked
from wayhome.casework.exchange.models import AskedProfile, DnaFound


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


class PartnersAttack(Attack):
    """The same questions, one a night, over the line."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.two, self.at, self.sent, self.quota = two_houses(world), world.now(), 0, 0
        # One sample of the child itself, as an honest house would send.
        assert self.ask(self.own)
        self.asked = 0

    def ask(self, calls: Calls) -> bool:
        told = {name: sorted(set(alleles)) for name, alleles in calls.items() if name != "AMEL"}
        self.asked += 1
        while True:
            self.at += timedelta(days=1)
            try:
                data = asked_by_hand(self.two.cn, told, n=self.sent + 1, at=self.at, sender=CN, receiver=VN)
                self.two.take(data, at=self.at)
                break
            except Refused:
                self.quota += 1
                assert self.quota < self.sent
        self.sent += 1
        dna_asked.search_asked(at=self.at + timedelta(days=1))
        if not self.first_alarm and Alarm.objects.filter(code__in=("asked_near_copy", "asked_family_told")).exists():
            self.first_alarm = self.asked
        found = DnaFound.objects.order_by("-pk").first()
        assert found is not None
        return found.outcome == "hit"


@pytest.mark.parametrize("queries", [24, pytest.param(241, marks=pytest.mark.slow)])
def test_partners_answers_do_not_tell_a_relatives_genotype(world: World, queries: int) -> None:
    attack = PartnersAttack(world)
    attack.run(queries)
    assert attack.asked == queries
    assert len(attack.recovered) <= 2
    assert 1 <= attack.first_alarm <= 5
    assert DnaFound.objects.filter(request=attack.house.request).count() <= 2
    assert not AskedProfile.objects.exists()
    if queries > 100:
        assert attack.quota
