"""The outlines beneath the map: see README.md beside this file."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("china-vietnam.geojson")
_log = logging.getLogger("wayhome.map")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of (longitude, latitude), closed where it is the edge of an area, and the box that holds it."""

    points: tuple[Point, ...]
    closed: bool
    box: tuple[float, float, float, float]


@functools.lru_cache(maxsize=4)
def outlines(path: str = "") -> tuple[Outline, ...]:
    """Of a GeoJSON file, or of the one that is shipped; none where it cannot be read, which the log tells."""
    try:
        told = json.loads((Path(path) if path else SHIPPED).read_text("utf-8"))
        return tuple(_outline(points, closed) for points, closed in _lines(told) if len(points) > 1)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        _log.warning("the boundary file %s cannot be read: %s", path, type(error).__name__)
        return ()


def _lines(told: Any) -> Iterator[tuple[Any, bool]]:
    kind = told["type"]
    if kind == "FeatureCollection":
        for one in told["features"]:
            yield from _lines(one)
    elif kind == "Feature" and told["geometry"] is not None:
        yield from _lines(told["geometry"])
    elif kind == "GeometryCollection":
        for one in told["geometries"]:
            yield from _lines(one)
    elif kind in ("Polygon", "MultiLineString"):
        yield from ((line, kind == "Polygon") for line in told["coordinates"])
    elif kind == "MultiPolygon":
        yield from ((line, True) for area in told["coordinates"] for line in area)
    elif kind == "LineString":
        yield told["coordinates"], False


def _outline(points: Any, closed: bool) -> Outline:
    line = tuple((float(point[0]), float(point[1])) for point in points)
    longitudes, latitudes = zip(*line, strict=True)
    return Outline(line, closed, (min(longitudes), min(latitudes), max(longitudes), max(latitudes)))
