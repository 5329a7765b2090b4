"""The analyst's bench: what waits in one page, and a profile typed locus by locus in the kit's order."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from factories.laboratory import PANEL, sample, second_analyst, somebody, table
from factories.world import World
from wayhome import kinship
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import Entry
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.laboratory.rules import typing
from wayhome.web.forms.entries import SECOND


def text(answer: Any) -> str:
    return str(answer.content.decode())


def typed_of(chance: random.Random) -> dict[str, str]:
    """A profile as somebody types it: alleles that tables have, both in their own boxes."""
    told = {}
    for locus in (one.name for one in kinship.panel(PANEL).loci):
        one, other = (chance.choice(typing.known(locus, PANEL) or ("12",)) for _ in range(2))
        told |= {locus: one, locus + SECOND: other}
    return told | {"AMEL": "X", f"AMEL{SECOND}": "X"}


def grid(kit: Any) -> str:
    return f"{reverse('type_profile', args=[kit.number])}?panel={PANEL.replace(' ', '+')}"


@pytest.mark.parametrize(
    ("locus", "boxes", "alleles"),
    [
        ("TH01", ("9,3", ""), ["9.3"]),
        ("TH01", ("6", "9,3"), ["6", "9.3"]),
        ("TH01", ("6/9.3", ""), ["6", "9.3"]),
        ("TH01", ("6, 9,3", ""), ["6", "9.3"]),
        ("D8S1179", ("13,14", ""), ["13", "14"]),
        ("D8S1179", ("13 14", ""), ["13", "14"]),
        ("D8S1179", ("１３", "１４"), ["13", "14"]),
        ("D8S1179", ("8,9", ""), ["8", "9"]),
        ("D8S1179", ("13", "13"), ["13", "13"]),
        ("D8S1179", ("13", ""), ["13"]),
        ("D8S1179", ("", ""), []),
        ("D8S1179", ("11 12 13", ""), ["11", "12", "13"]),
        ("D8S1179", ("ol", ""), ["OL"]),
        ("AMEL", ("xy", ""), ["X", "Y"]),
        ("AMEL", ("X/Y", ""), ["X", "Y"]),
        ("AMEL", ("x", "y"), ["X", "Y"]),
        ("AMEL", ("XX", ""), ["X", "X"]),
    ],
)
def test_what_was_meant(locus: str, boxes: tuple[str, str], alleles: list[str]) -> None:
    assert typing.alleles(locus, *boxes) == alleles


def test_what_no_table_has() -> None:
    assert typing.unheard_of({"TH01": ["9.3", "6"], "AMEL": ["X", "Y"], "D8S1179": ["13", "OL", "xx"]}, PANEL) == {}
    assert typing.unheard_of({"TH01": ["93", "6"], "D8S1179": ["1.3"]}, PANEL) == {"TH01": ["93"], "D8S1179": ["1.3"]}
    assert typing.unheard_of({"AMEL": ["12"]}, PANEL) == {"AMEL": ["12"]}
    assert typing.unheard_of({"a locus of nobody's": ["77"]}, PANEL) == {}
    for name in kinship.panels():
        for locus in kinship.panel(name).autosomal:
            assert typing.unheard_of({locus: typing.known(locus, name)}, name) == {}


def test_loci_stand_in_the_kits_order_and_go_in_as_they_are(world: World, client_of: Any) -> None:
    kit = sample(world, world.in_hospital(), by="nurse")
    client = client_of("analyst")
    page = text(client.get(grid(kit)))
    names = [locus.name for locus in kinship.panel(PANEL).loci]
    places = [page.index(f'<th scope="row">{name}</th>') for name in names]
    assert places == sorted(places)
    assert "D8S1179, second allele" in page
    told = typed_of(random.Random(1)) | {"TH01": "6", f"TH01{SECOND}": "9,3", "D8S1179": "13", f"D8S1179{SECOND}": ""}
    told |= {"AMEL": "X/Y", f"AMEL{SECOND}": ""}
    assert client.post(grid(kit), told | {"once": "a"}).status_code == 302
    entry = Entry.objects.get()
    read = opened.entries([entry])[entry.pk]
    assert read.genotypes["TH01"] == ("6", "9.3")
    assert read.genotypes["D8S1179"] == ("13",)
    assert read.genotypes["AMEL"] == ("X", "Y")


def test_an_allele_that_no_table_has_is_asked_about_once(world: World, client_of: Any) -> None:
    kit = sample(world, world.in_hospital(), by="nurse")
    client = client_of("analyst")
    told = typed_of(random.Random(1)) | {"TH01": "93", f"TH01{SECOND}": ""}
    answer = client.post(grid(kit), told | {"once": "a"})
    assert answer.status_code == 422
    page = text(answer)
    assert "they stand: TH01:93" in page
    assert 'value="93"' in page, "nothing is lost"
    assert not Entry.objects.exists()
    other = client.post(grid(kit), told | {"D8S1179": "99", "once": "b", "stands": "TH01:93"})
    assert other.status_code == 422, "what was looked at is not what stands there now"
    assert client.post(grid(kit), told | {"once": "c", "stands": "TH01:93"}).status_code == 302
    assert Entry.objects.count() == 1


def test_a_second_typist_sees_nothing_of_the_first_and_both_learn_where_they_differ(world: World, client_of: Any) -> None:
    second_analyst(world)
    kit = sample(world, world.in_hospital(), by="nurse")
    one, other = client_of("analyst"), client_of("analyst2")
    told = typed_of(random.Random(1)) | {"TH01": "6", f"TH01{SECOND}": "9.3"}
    blank = text(other.get(grid(kit)))
    one.post(grid(kit), told | {"once": "a"})
    after = text(other.get(grid(kit)))
    strip = [[line for line in page.splitlines() if "csrf" not in line and 'name="once"' not in line] for page in (blank, after)]
    assert strip[0] == strip[1]
    other.post(grid(kit), told | {"TH01": "7", "once": "b"})
    for client in (one, other):
        page = text(client.get(grid(kit)))
        assert "The last two entries differ at TH01" in page
        assert page.count('<span class="tag amber">differed</span>') == 1
        assert 'value="9.3"' not in page


def test_on_to_the_next_with_the_kit_of_markers_that_it_was_typed_with(world: World, client_of: Any) -> None:
    second_analyst(world)
    kits = [sample(world, world.in_hospital(), by="nurse") for _ in range(3)]
    client, colleague = client_of("analyst"), client_of("analyst2")
    assert "Which kit of markers" in text(client.get(reverse("type_profile", args=[kits[0].number])))
    told = typed_of(random.Random(1))
    colleague.post(grid(kits[2]), told | {"once": "x"})
    answer = client.post(grid(kits[0]), told | {"once": "a", "go": "next"})
    assert answer.headers["Location"] == grid(kits[2]), "a second entry first: it is nearest to done"
    answer = client.post(grid(kits[2]), told | {"once": "b", "go": "next"})
    assert answer.headers["Location"] == grid(kits[1])
    answer = client.post(grid(kits[1]), told | {"once": "c", "go": "next"})
    assert answer.headers["Location"] == reverse("bench")
    assert f"<option selected>{PANEL}</option>" in text(client.get(reverse("type_profile", args=[kits[1].number])))


def test_the_bench_has_everything_that_waits(world: World, client_of: Any) -> None:
    second_analyst(world)
    client, colleague = client_of("analyst"), client_of("analyst2")
    assert "Nothing waits" in text(client.get(reverse("bench")))
    one, other, odd = (sample(world, world.in_hospital(), by="nurse") for _ in range(3))
    assert text(client.get(reverse("bench"))).count("Type it<") == 3
    told = typed_of(random.Random(1))
    colleague.post(grid(other), told | {"once": "x"})
    few = dict(list(somebody(random.Random(2)).items())[:4])
    import_file(name="run 9.csv", data=table({odd.number: few}), signature=None, by=world.actor("analyst"), at=world.now())
    page = text(client.get(reverse("bench")))
    for said in ("For the second entry", "Odd results to look at", "run 9.csv", "To type"):
        assert said in page
    assert grid(other).replace("+", "%20") in page, "with the kit of markers of the first entry"
    assert 'aria-current="page"' in page.split('class="rail"')[1].split("</nav>")[0].split("Bench")[0].rsplit("<a", 1)[1]
    for what, kit in (("second", other), ("type", one), ("odd", odd)):
        alone = text(client.get(reverse("bench"), {"what": what}))
        assert alone.count('<li class="line">') == 1
        assert f"{kit.number[:3]} {kit.number[3:6]} {kit.number[6:]}" in alone
    assert "For the second entry" not in text(colleague.get(reverse("bench"))), "not to whoever typed it first"
    world.clock += timedelta(days=1)
    assert "No file was taken today" in text(client.get(reverse("bench")))
    assert client_of("officer").get(reverse("bench")).status_code == 403
