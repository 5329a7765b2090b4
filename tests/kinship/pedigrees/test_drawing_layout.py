"""Places of symbols, labels and lines: nothing overlaps in any pedigree, and the usual relationships look as drawn by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.strategies import families_of_any_shape

from wayhome.kinship import Pedigree, Sex
from wayhome.kinship.pedigrees import relationships
from wayhome.kinship.pedigrees.drawing.layout import HALF, LETTERING, Layout, Line, Symbol, layout

Box = tuple[float, float, float, float]
Row = tuple[str, str | None, str | None, Sex]

FAMILIES = families_of_any_shape(most=12, sexes_known=False)
LABELS = st.lists(st.text(st.sampled_from("aW i1阿Ậ́-…"), max_size=30), max_size=4)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _at(drawn: Layout, member: str, copy: int = 0) -> Symbol:
    return next(symbol for symbol in drawn.symbols if (symbol.member, symbol.copy) == (member, copy))


def _lines(drawn: Layout, kind: str, *parents: str) -> list[Line]:
    return [line for line in drawn.lines if line.kind == kind and (not parents or line.parents == parents)]


def _pieces(drawn: Layout) -> Iterator[tuple[Line, Box]]:
    """Every straight piece as a box of no width."""
    for line in drawn.lines:
        for (x1, y1), (x2, y2) in pairwise(line.points):
            yield line, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


@given(FAMILIES)
def test_everybody_is_drawn(family: Pedigree) -> None:
    drawn = layout(family)
    assert sorted(symbol.member for symbol in drawn.symbols if not symbol.copy) == sorted(family.ids)
    assert len({(symbol.member, symbol.copy) for symbol in drawn.symbols}) == len(drawn.symbols)


@given(FAMILIES, st.data())
def test_nothing_covers_a_symbol_or_a_label(family: Pedigree, data: st.DataObject) -> None:
    drawn = layout(family, {name: data.draw(LABELS) for name in family.ids})
    for a, b in combinations(drawn.symbols, 2):
        assert not _overlap(a.box, b.box)
        assert not _overlap(a.label_box, b.label_box)
        assert not _overlap(a.box, b.label_box)
        assert not _overlap(a.label_box, b.box)
    for line, piece in _pieces(drawn):
        for symbol in drawn.symbols:
            assert not _overlap(piece, symbol.label_box)
            if symbol.member not in (*line.parents, line.child):
                assert not _overlap(piece, (symbol.x - 19, symbol.y - 19, symbol.x + 19, symbol.y + 19))


@given(FAMILIES)
def test_all_is_inside(family: Pedigree) -> None:
    drawn = layout(family)
    boxes = [box for symbol in drawn.symbols for box in (symbol.box, symbol.label_box)] + [piece for _, piece in _pieces(drawn)]
    for x1, y1, x2, y2 in boxes:
        assert 0 <= x1 <= x2 <= drawn.width
        assert 0 <= y1 <= y2 <= drawn.height


@given(FAMILIES)
def test_parents_stand_above_their_children(family: Pedigree) -> None:
    drawn = layout(family)
    for member in family:
        for parent in member.parents:
            assert _at(drawn, parent).y < _at(drawn, member.id).y


@given(FAMILIES)
def test_who_has_a_child_together_is_joined_in_one_row(family: Pedigree) -> None:
    drawn = layout(family)
    for member in family:
        if len(member.parents) == 2:
            (line,) = _lines(drawn, "partners", *member.parents)
            ends = [
                symbol.member
                for x, y in (line.points[0], line.points[-1])
                for symbol in drawn.symbols
                if abs(symbol.x - x) <= HALF and abs(symbol.y - y) <= HALF
            ]
            assert sorted(ends) == sorted(member.parents)
            assert abs(line.points[0][1] - line.points[-1][1]) <= HALF


BROKEN: list[Row] = [
    *(("a", None, None, "M"), ("b", "a", None, "F"), ("c", None, "b", "F"), ("d", "a", None, "M"), ("e", "a", None, "F")),
    *((name, "a", "b", sex) for name, sex in (("g", "F"), ("h", "F"), ("f", "M"), ("i", "F"), ("j", "F"))),
    *(("k", "a", "c", "F"), ("l", "f", "e", "F")),
]
"""A line from below a label to a child two rows down once broke off between the rows."""


@example(Pedigree.of(BROKEN))
@given(FAMILIES)
def test_a_line_leads_from_the_parents_to_every_child(family: Pedigree) -> None:
    drawn = layout(family)
    for member in family:
        if not member.parents:
            assert not [line for line in drawn.lines if line.child == member.id and line.kind == "child"]
            continue
        (last,) = [line for line in drawn.lines if line.child == member.id and line.kind == "child"]
        assert last.parents == member.parents
        symbol = _at(drawn, member.id)
        assert abs(last.points[-1][0] - symbol.x) <= 5
        assert symbol.y - HALF <= last.points[-1][1] < symbol.y
        # Whatever of these parents' lines touches the last one, and so on, reaches the parents.
        reached, todo = {last}, [last]
        while todo:
            here = todo.pop()
            for line in drawn.lines:
                if line not in reached and line.parents == member.parents and _touch(line, here):
                    reached.add(line)
                    todo.append(line)
        starts = [line.points[0] for line in reached if line.kind in ("partners", "descent")]
        parents = [_at(drawn, parent) for parent in member.parents] + [s for s in drawn.symbols if s.copy]
        height = HALF + 4 + LETTERING * 3
        assert any(
            abs(x - s.x) <= HALF and abs(y - s.y) <= height for x, y in starts for s in parents if s.member in member.parents
        )


def _touch(a: Line, b: Line) -> bool:
    ends = [(point, b) for point in a.points] + [(point, a) for point in b.points]
    return any(
        min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) - 2 <= y <= max(y1, y2) + 2
        for (x, y), line in ends
        for (x1, y1), (x2, y2) in pairwise(line.points)
    )


@given(FAMILIES)
def test_no_line_runs_on_that_of_other_parents(family: Pedigree) -> None:
    for (a, p), (b, q) in combinations(_pieces(layout(family)), 2):
        if a.parents != b.parents:
            assert not (p[0] == p[2] == q[0] == q[2] and min(p[3], q[3]) - max(p[1], q[1]) > 1)
            assert not (p[1] == p[3] == q[1] == q[3] and min(p[2], q[2]) - max(p[0], q[0]) > 1)


def _ancestors(family: Pedigree, member: str) -> set[str]:
    return {member}.union(*(_ancestors(family, parent) for parent in family[member].parents))


@given(FAMILIES)
def test_the_double_line_says_that_partners_share_an_ancestor(family: Pedigree) -> None:
    for line in _lines(layout(family), "partners"):
        a, b = line.parents
        assert line.related == bool(_ancestors(family, a) & _ancestors(family, b))


@given(FAMILIES)
def test_a_second_symbol_is_drawn_only_beside_a_descendant(family: Pedigree) -> None:
    drawn = layout(family)
    for symbol in drawn.symbols:
        if symbol.copy:
            assert _lines(drawn, "tie", symbol.member)
            assert symbol.y > _at(drawn, symbol.member).y
            assert any(symbol.member in line.parents for line in _lines(drawn, "partners"))
    if not any(symbol.copy for symbol in drawn.symbols):
        assert not _lines(drawn, "tie")


def test_trio() -> None:
    drawn = layout(relationships.trio())
    father, mother, child = (_at(drawn, name) for name in ("father", "mother", "child"))
    assert father.y == mother.y < child.y
    assert father.x < mother.x
    assert 2 * child.x == father.x + mother.x
    assert {x for line in (*_lines(drawn, "descent"), *_lines(drawn, "child")) for x, _ in line.points} == {child.x}
    assert not _lines(drawn, "sibship")


def test_duo_runs_down_from_the_parent() -> None:
    drawn = layout(relationships.duo())
    assert _at(drawn, "mother").x == _at(drawn, "child").x
    assert not _lines(drawn, "partners")
    assert _lines(drawn, "descent", "mother")


def test_siblings_hang_on_one_line_in_their_order() -> None:
    drawn = layout(relationships.full_siblings(3))
    x = [_at(drawn, name).x for name in ("sibling 1", "sibling 2", "sibling 3", "child")]
    assert x == sorted(x)
    (sibship,) = _lines(drawn, "sibship")
    assert [x for x, _ in sibship.points] == [x[0] for x in (x[:1], x[-1:])]
    assert abs(_at(drawn, "father").x + _at(drawn, "mother").x - x[0] - x[-1]) <= 2


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_half_siblings_by_unnamed_others_share_no_line(n: int) -> None:
    """One sibship line would say that they have both parents in common."""
    drawn = layout(relationships.half_siblings(n))
    assert len(_lines(drawn, "descent", "mother")) == n + 1
    x = [_at(drawn, name).x for name in _brood(n)]
    assert x == sorted(x)
    children = {line.child: line.points for line in _lines(drawn, "child")}
    for a, b in combinations(_lines(drawn, "sibship"), 2):
        assert not _overlap(_box(a), _box(b)), "two children on one line"
    assert len(children) == n + 1


def _brood(n: int) -> list[str]:
    return [*(f"sibling {k}" for k in range(1, n + 1)), "child"]


def _box(line: Line) -> Box:
    (x1, y1), (x2, y2) = line.points
    return min(x1, x2), y1 - 1, max(x1, x2), y2 + 1


def test_half_siblings_by_two_partners() -> None:
    rows: list[Row] = [("h", None, None, "M"), ("w1", None, None, "F"), ("w2", None, None, "F")]
    drawn = layout(Pedigree.of([*rows, ("a", "h", "w1", "F"), ("b", "h", "w1", "M"), ("c", "h", "w2", "U")], "c"))
    assert _at(drawn, "w1").x < _at(drawn, "h").x < _at(drawn, "w2").x
    assert _at(drawn, "a").x < _at(drawn, "b").x < _at(drawn, "c").x
    for wife in ("w1", "w2"):
        (line,) = _lines(drawn, "partners", "h", wife)
        assert len(line.points) == 2


def test_the_third_partner_is_reached_over_the_head_of_another() -> None:
    rows = [
        ("h", None, None, "M"),
        *((f"w{k}", None, None, "F") for k in range(3)),
        *((f"c{k}", "h", f"w{k}", "U") for k in range(3)),
    ]
    drawn = layout(Pedigree.of(rows))
    assert [len(line.points) for line in _lines(drawn, "partners")].count(4) == 1
    over = next(line for line in _lines(drawn, "partners") if len(line.points) == 4)
    assert over.points[1][1] < _at(drawn, "h").y - HALF


@pytest.mark.parametrize("side", ["father", "mother"])
def test_grandparents(side: relationships.Parent) -> None:
    drawn = layout(relationships.grandparents(side))
    rows = [{_at(drawn, name).y for name in names} for names in (("grandfather", "grandmother"), (side,), ("child",))]
    assert all(len(row) == 1 for row in rows)
    assert rows == sorted(rows, key=min)
    assert 2 * _at(drawn, side).x == _at(drawn, "grandfather").x + _at(drawn, "grandmother").x
    assert _at(drawn, side).x == _at(drawn, "child").x


def test_three_generations_without_a_bend() -> None:
    drawn = layout(relationships.three_generations())
    for parent in ("father", "mother"):
        middle = (_at(drawn, f"{parent}'s father").x + _at(drawn, f"{parent}'s mother").x) / 2
        assert abs(_at(drawn, parent).x - middle) <= 2
    assert _at(drawn, "father's mother").x < _at(drawn, "mother's father").x
    assert not _lines(drawn, "sibship")


def test_first_cousin_marriage_is_drawn_double_without_a_copy() -> None:
    drawn = layout(relationships.first_cousin_marriage())
    assert [line.parents for line in drawn.lines if line.related] == [("father", "mother")]
    assert len(drawn.symbols) == 10
    assert len({symbol.y for symbol in drawn.symbols}) == 4
    # The cousins' fathers are brothers, and nothing crosses.
    assert not list(_crossings(drawn))


def test_double_first_cousins_cross_as_little_as_can_be() -> None:
    drawn = layout(relationships.double_first_cousins())
    assert not any(line.related for line in drawn.lines)
    assert _at(drawn, "father").x < _at(drawn, "mother").x
    assert _at(drawn, "uncle").x < _at(drawn, "aunt").x
    assert 1 <= len(list(_crossings(drawn))) <= 2


def _crossings(drawn: Layout) -> Iterator[tuple[Line, Line]]:
    for (a, p), (b, q) in combinations(_pieces(drawn), 2):
        if a.parents != b.parents:
            for upright, flat in ((p, q), (q, p)):
                through = flat[0] < upright[0] < flat[2] and upright[1] < flat[1] < upright[3]
                if upright[0] == upright[2] and flat[1] == flat[3] and through:
                    yield a, b


@pytest.mark.parametrize("build", [relationships.avuncular, relationships.first_cousins])
def test_uncle_and_parent_hang_on_one_line(build: object) -> None:
    assert callable(build)
    drawn = layout(build())
    assert {line.child for line in _lines(drawn, "child", "grandfather", "grandmother")} == {"father", "uncle"}
    assert _at(drawn, "father").y == _at(drawn, "uncle").y
    assert not list(_crossings(drawn))


def test_an_uncle_who_marries_his_niece_stands_beside_her() -> None:
    rows: list[Row] = [("gf", None, None, "M"), ("gm", None, None, "F"), ("f", "gf", "gm", "M"), ("u", "gf", "gm", "M")]
    more: list[Row] = [("m", None, None, "F"), ("n", "f", "m", "F"), ("c", "u", "n", "U")]
    drawn = layout(Pedigree.of([*rows, *more]))
    assert _at(drawn, "u").y == _at(drawn, "n").y > _at(drawn, "f").y
    assert not any(symbol.copy for symbol in drawn.symbols)
    assert _lines(drawn, "partners", "u", "n")[0].related


def test_a_father_by_his_daughter_is_drawn_a_second_time() -> None:
    rows: list[Row] = [("f", None, None, "M"), ("m", None, None, "F"), ("d", "f", "m", "F"), ("c", "f", "d", "U")]
    drawn = layout(Pedigree.of(rows))
    assert _at(drawn, "f", 1).y == _at(drawn, "d").y
    assert _lines(drawn, "tie", "f")


def test_strangers_stand_side_by_side() -> None:
    drawn = layout(Pedigree.of([*((m.id, m.father, m.mother, m.sex) for m in relationships.trio()), ("x", None, None, "M")]))
    assert _at(drawn, "x").x > max(_at(drawn, name).x for name in ("father", "mother", "child"))
    assert _at(drawn, "x").y == _at(drawn, "father").y


def test_the_missing_childs_father_stands_to_the_left() -> None:
    """Though the mother's sister was told after her."""
    rows: list[Row] = [("gf1", None, None, "M"), ("gm1", None, None, "F"), ("gf2", None, None, "M"), ("gm2", None, None, "F")]
    more: list[Row] = [("f", "gf1", "gm1", "M"), ("fs", "gf1", "gm1", "F"), ("m", "gf2", "gm2", "F"), ("ms", "gf2", "gm2", "F")]
    drawn = layout(Pedigree.of([*rows, *more, ("c", "f", "m", "U")], "c"))
    order = sorted(("f", "fs", "m", "ms"), key=lambda name: _at(drawn, name).x)
    assert order == ["fs", "f", "m", "ms"]
    assert not list(_crossings(drawn))
