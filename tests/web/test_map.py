"""The map of the desk: true to its places, nothing covered, readable without colour and script, its ground replaceable."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from factories.plans import a_plan
from factories.world import World
from wayhome.casework.children import actions as children
from wayhome.casework.placements import actions
from wayhome.web.boundaries import SHIPPED, Outline, outlines
from wayhome.web.map import EDGE, WIDTH, Picture, View, picture

POINTS = st.tuples(st.floats(8, 53), st.floats(74, 134))


def drawn(
    children: list[tuple[str, int]], homes: list[str], places: dict[str, Any], ground: tuple[Outline, ...] = ()
) -> Picture | None:
    """Children as (place, group of siblings), each on its way to the first home."""
    told = [SimpleNamespace(home=SimpleNamespace(pk=i, jurisdiction=SimpleNamespace(path=path))) for i, path in enumerate(homes)]
    rows = [
        {
            "one": SimpleNamespace(
                child=SimpleNamespace(pk=i),
                episode=SimpleNamespace(facility=SimpleNamespace(jurisdiction=SimpleNamespace(path=path))),
            ),
            "tie": tie,
            "to": told[0].home if told else None,
            "way": "planned",
        }
        for i, (path, tie) in enumerate(children)
    ]
    return picture(rows, told, places, ground)


@given(st.lists(POINTS, min_size=1, max_size=20))
def test_every_place_is_in_view_and_degrees_are_true_to_shape(points: list[tuple[float, float]]) -> None:
    view = View.around(points)
    for point in points:
        x, y = view.at(*point)
        assert EDGE - 1 <= x <= WIDTH - EDGE + 1
        assert EDGE - 1 <= y <= view.height - EDGE + 1
    middle = (min(p[0] for p in points) + max(p[0] for p in points)) / 2
    (x, y), (east, _), (_, north) = view.at(30, 100), view.at(30, 101), view.at(31, 100)
    assert (east - x) / (y - north) == pytest.approx(math.cos(math.radians(middle)), rel=1e-6)


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.lists(st.sampled_from("abcd"), min_size=1, max_size=30), st.data())
def test_no_mark_covers_another(kids: list[str], homes: list[str], data: st.DataObject) -> None:
    places = {name: data.draw(POINTS) for name in "abcd"}
    found = drawn([(kid, i % 3) for i, kid in enumerate(kids)], homes, places)
    assert found is not None
    assert (len(found.tokens), len(found.homes), found.left_out) == (len(kids), len(homes), 0)
    round_ones = [(mark.x, mark.y, 7.0) for mark in found.tokens]
    every = round_ones + [(mark.x, mark.y, 15.0) for mark in found.homes]
    for i, (x, y, r) in enumerate(every):
        assert 0 < x < WIDTH
        assert 0 < y < found.height
        for x2, y2, r2 in every[:i]:
            assert max(abs(x - x2), abs(y - y2)) >= r + r2, "squares around them do not meet"
    assert sorted(way.child for way in found.ways) == list(range(len(kids)))
    assert {(way.x2, way.y2) for way in found.ways} <= {(found.homes[0].x, found.homes[0].y)}


def test_siblings_stand_together_and_are_tied() -> None:
    found = drawn([("a", 1), ("a", 0), ("a", 0), ("a", 1), ("a", 0), ("a", 1)], ["a"], {"a": (22.8, 108.3)})
    assert found is not None
    assert [mark.thing["tie"] for mark in found.tokens] == [1, 1, 1, 0, 0, 0]
    spots = {mark.thing["one"].child.pk: (mark.x, mark.y) for mark in found.tokens}
    assert found.ties == [(*spots[0], *spots[3]), (*spots[3], *spots[5])]


def test_what_nobody_told_is_left_out_and_counted() -> None:
    found = drawn([("a", 0), ("x", 0)], ["x"], {"a": (22.8, 108.3)})
    assert found is not None
    assert (len(found.tokens), len(found.homes), found.ways, found.left_out) == (1, 0, [], 2)
    assert drawn([("x", 0)], ["x"], {}) is None


def inside(point: tuple[float, float], line: Outline) -> bool:
    """Even-odd."""
    y, x = point
    odd = False
    for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


@pytest.mark.parametrize(
    "point", [(22.82, 108.32), (39.9, 116.4), (30.66, 104.06), (43.8, 87.6), (21.03, 105.85), (10.78, 106.7)]
)
def test_the_shipped_ground_holds_the_land(point: tuple[float, float]) -> None:
    assert sum(inside(point, line) for line in outlines()) == 1
    assert not any(inside((18.0, 112.5), line) for line in outlines()), "open sea"


def test_the_ground_is_small() -> None:
    assert SHIPPED.stat().st_size <= 80_000
    whole = drawn([("a", 0), ("b", 0)], [], {"a": (50.0, 75.0), "b": (10.0, 133.0)}, outlines())
    near = drawn([("a", 0)], [], {"a": (22.8, 108.3)}, outlines())
    assert whole is not None
    assert near is not None
    assert 5_000 < len(whole.land) < 40_000
    assert 0 < len(near.land) < len(whole.land)


def test_another_ground(tmp_path: Path, settings: Any, world: World, client_of) -> None:
    square = [[107.0, 21.0], [109.0, 21.0], [109.0, 23.0], [107.0, 23.0], [107.0, 21.0]]
    features = [
        {"type": "Feature", "properties": None, "geometry": geometry}
        for geometry in (
            {"type": "Polygon", "coordinates": [square]},
            {"type": "MultiLineString", "coordinates": [[[107.0, 22.0], [109.0, 22.0, 5.0]]]},
            {"type": "Point", "coordinates": [108.0, 22.0]},
            None,
        )
    ]
    file = tmp_path / "ground.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    settings.WAYHOME_MAP = str(file)
    told(world, "GX", 22.0, 108.0)
    page = client_of("placement").get(reverse("placements")).content.decode()
    (land,) = re.findall(r'class="land" d="([^"]*)"', page)
    (edge,) = re.findall(r'class="edge" d="([^"]*)"', page)
    assert (land.count("M"), land.count("z"), edge.count("M"), edge.count("z")) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"type": "Feature"}', '{"type": "Polygon", "coordinates": [[["a", 1], [2, 3]]]}']
)
def test_a_ground_that_cannot_be_read(tmp_path: Path, settings: Any, world: World, client_of, text: str) -> None:
    file = tmp_path / "ground.geojson"
    file.write_text(text, "utf-8")
    settings.WAYHOME_MAP = str(file)
    told(world, "GX", 22.0, 108.0)
    page = client_of("placement").get(reverse("placements")).content.decode()
    assert 'class="land" d=""' in page
    assert page.count('<a class="place') == 3, "the homes of Guangxi all the same"


def told(world: World, code: str, latitude: float, longitude: float) -> None:
    actions.tell_position(
        jurisdiction=world.jurisdictions[code],
        latitude=latitude,
        longitude=longitude,
        by=world.actor("supervisor"),
        at=world.now(),
    )


def test_the_desk_draws_the_plan_and_tells_why_home_by_home(world: World, client_of) -> None:
    client = client_of("supervisor")
    one, two, three = (world.in_hospital(cleared=True) for _ in range(3))
    children.group_siblings(children=[one, two], ground="alleged", by=world.actor("caseworker"), at=world.now())
    assert "There is no map" in client.get(reverse("placements")).content.decode()
    told(world, "GX", 21.6, 108.0)
    told(world, "GD", 23.1, 113.3)
    near = [[world.facilities["nursery"].pk, "no_carer"], [world.facilities["home"].pk, "buyers_county"]]
    a_plan(
        world,
        {one: "home_gd", two: "home_gd", three: ""},
        at=world.now(),
        where="CN",
        nearer=near,
        passed_over={"no_carer": 3, "buyers_county": 1},
    )
    page = client.get(reverse("placements")).content.decode()
    assert len(re.findall(r'<path class="route planned" data-child="\d+"', page)) == 2
    assert page.count('<path class="tie"') == 2, "one on the map, one in the legend"
    for child in (one, two, three):
        assert re.search(rf'<a class="token[^>]*href="{reverse("child", args=[child.number])}"[^>]*aria-label="小荷', page)
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "临时育婴室: no free carer" in text
    assert "防城港市儿童福利院: a buyer lives near" in text
    assert "and 2 homes further away" in text
    assert "The plan has no place for it." in text


def test_nothing_on_the_map_needs_colour_script_or_another_host(world: World, client_of) -> None:
    told(world, "GX", 21.6, 108.0)
    told(world, "GD", 23.1, 113.3)
    world.has_room("home", beds=0)
    world.in_hospital(cleared=True)
    page = client_of("supervisor").get(reverse("placements")).content.decode()
    svg = page[page.index('<section class="box map"') : page.index("</section>", page.index('<section class="box map"'))]
    assert not re.search(r"style=|<style|<script|on\w+=|https?:|<image|<use|url\(", svg)
    marks = re.findall(r'<a class="place (\w+)"[^>]*aria-label="[^"]+: ([^"]+)".*?<text y="9">([^<]*)</text>', svg, re.DOTALL)
    assert {(state, number) for state, _, number in marks} >= {("full", "0"), ("room", "500")}
    assert re.search(r'<a class="over" href="#homes"', svg), "a way past so many stops"


def test_the_same_questions_however_many_children(world: World, client_of) -> None:
    told(world, "GX", 21.6, 108.0)
    client = client_of("supervisor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("placements"))
        return len(caught)

    kids = [world.in_hospital(cleared=True)]
    a_plan(world, {kids[0]: "home"}, at=world.now(), where="CN", nearer=[[world.facilities["relief"].pk, "no_bed"]])
    asked()  # a session begins
    few = asked()
    kids += [world.in_hospital(cleared=True) for _ in range(3)]
    a_plan(world, dict.fromkeys(kids, "home"), at=world.now(), where="CN", nearer=[[world.facilities["relief"].pk, "no_bed"]])
    assert asked() == few
