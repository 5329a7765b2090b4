"""The body map: places of the body as shapes of a small child, front and back, 100 by 180 each.

A figure is seen as one stands before it: on the front its right side is on the left of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.web.words import word


@dataclass(frozen=True, slots=True)
class Shape:
    """A place as an SVG path."""

    place: str
    path: str

    @property
    def label(self) -> str:
        """Its word."""
        return str(word("place", self.place))


def _mirrored(path: str, width: int) -> str:
    """A path of absolute M, L, Q and Z turned about the middle of its picture."""
    turned, is_x = [], True
    for part in path.replace(",", " ").split():
        if part.isalpha():
            turned.append(part)
            is_x = True
        else:
            turned.append(f"{width - float(part):g}" if is_x else part)
            is_x = not is_x
    return " ".join(turned)


_WIDTH = 100
# The limbs of the picture's left half.
_LIMBS = (
    ("upper_arm", "M 31 66 Q 22 68 19 80 L 17 93 L 27 95 L 33 80 Z"),
    ("forearm", "M 17 94 L 27 96 L 24 114 L 15 112 Z"),
    ("hand", "M 15 113 L 24 115 Q 25 126 18 127 Q 12 125 15 113 Z"),
    ("thigh", "M 34 112 L 48 114 L 46 137 L 33 136 Z"),
    ("lower_leg", "M 33 137 L 46 138 L 44 161 L 35 160 Z"),
    ("foot", "M 35 161 L 44 162 L 44 172 Q 36 175 32 170 Z"),
)
_FRONT = (
    ("forehead", "M 30 26 Q 50 14 70 26 L 69 34 L 31 34 Z"),
    ("nose", "M 45 35 L 55 35 L 56 44 L 44 44 Z"),
    ("mouth", "M 41 45 L 59 45 L 57 51 L 43 51 Z"),
    ("chin", "M 39 52 L 61 52 Q 50 60 39 52 Z"),
    ("neck_front", "M 43 58 L 57 58 L 59 64 L 41 64 Z"),
    ("chest", "M 32 65 L 68 65 L 67 86 L 33 86 Z"),
    ("abdomen", "M 33 87 L 67 87 L 67 105 L 33 105 Z"),
    ("groin", "M 34 106 L 66 106 L 52 117 L 48 117 Z"),
)
_FRONT_SIDES = (
    ("face", "M 30 35 L 44 35 L 43 44 L 40 45 L 42 52 L 38 52 Q 30 46 30 35 Z"),
    ("ear", "M 29 33 L 26 33 Q 23 40 28 45 L 30 44 Z"),
)
_BACK = (
    ("scalp", "M 29 40 Q 28 16 50 15 Q 72 16 71 40 Q 68 50 60 53 L 40 53 Q 32 50 29 40 Z"),
    ("neck_back", "M 41 54 L 59 54 L 60 64 L 40 64 Z"),
    ("upper_back", "M 32 65 L 68 65 L 67 86 L 33 86 Z"),
    ("lower_back", "M 33 87 L 67 87 L 67 101 L 33 101 Z"),
)
_BACK_SIDES = (("buttock", "M 33 102 L 49 102 L 49 114 L 34 112 Z"),)


def _view(middle: tuple[tuple[str, str], ...], sides: tuple[tuple[str, str], ...], left_is: str, right_is: str) -> list[Shape]:
    shapes = [Shape(place, path) for place, path in middle]
    for part, path in sides + _LIMBS:
        shapes += [Shape(f"{part}_{left_is}", path), Shape(f"{part}_{right_is}", _mirrored(path, _WIDTH))]
    return shapes


def front() -> list[Shape]:
    """As one stands before the child."""
    return _view(_FRONT, _FRONT_SIDES, "right", "left")


def back() -> list[Shape]:
    """As one stands behind it."""
    return _view(_BACK, _BACK_SIDES, "left", "right")
