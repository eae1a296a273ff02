"""Draw the world once: Natural Earth's borders, projected, simplified and written as compact SVG paths.

    npm install --prefix build world-atlas@2.0.2
    python tools/build_map.py build/node_modules/world-atlas src/onrecord/pages/assets/world.json

Borders are Natural Earth's (public domain), 1:50 million, as repackaged by the npm package world-atlas. The
projection is Equal Earth (Šavrič, Patterson and Jenny 2018, IJGIS 33:3), so that no state looks larger than
it is. Shared borders are simplified once, as arcs (Visvalingam and Whyatt 1993), so neighbours still meet.
A state too small to be seen gets a dot at the middle of its largest island or its own outline.

Output: {"width", "height", "shapes": {ISO3: path}, "dots": {ISO3: [x, y]}, "members": [ISO3 of the members
of the United Nations], "blank": path of land that belongs to no state with an ISO code}. Units: half a
pixel of a map 1,000 wide, relative integer coordinates.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global
from rigour.territories import get_territory

Point = tuple[float, float]

WIDTH = 2000
SMALLEST_AREA = 4.5  # of a triangle or a ring, in squared units: below this the eye sees nothing
SEEN_AREA = 50.0  # a state whose land is smaller than this also gets a dot
NORTH, SOUTH = 83.7, -56.0
CENTRE = 11.5  # degrees east: the map's edge then runs through the Bering Strait and parts no mainland
LEFT_OUT = frozenset({"ATA", "ATF", "HMD", "SGS", "IOT"})  # nobody lives there who could sign

_MEMBERS = """
AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB BRN BTN BWA
CAF CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESP EST ETH
FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA
JAM JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX
MHL MKD MLI MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL PLW PNG
POL PRK PRT PRY QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD
TGO THA TJK TKM TLS TON TTO TUN TUR TUV TZA UGA UKR URY USA UZB VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE
"""
MEMBERS = frozenset(_MEMBERS.split())


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to projected units, x to the east and y to the south."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    return x, -(a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t)


SCALE = WIDTH / (2 * equal_earth(180, 0)[0])
TOP = equal_earth(0, NORTH)[1] * SCALE
HEIGHT = round((equal_earth(0, SOUTH)[1] - equal_earth(0, NORTH)[1]) * SCALE)


def on_page(longitude: float, latitude: float) -> Point:
    """Degrees to units of the page."""
    x, y = equal_earth((longitude - CENTRE + 180) % 360 - 180, latitude)
    return x * SCALE + WIDTH / 2, y * SCALE - TOP


def arcs_on_page(topology: dict[str, Any]) -> list[list[Point]]:
    """Undo TopoJSON's delta coding (TopoJSON 1.0, section 2.1.1) and project every arc."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    result = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append(on_page(x * kx + dx, y * ky + dy))
        result.append(points)
    return result


def triangle(a: Point, b: Point, c: Point) -> float:
    """The area between three points."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(points: list[Point]) -> list[Point]:
    """Drop, smallest triangle first, every inner point that nobody would miss."""
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    heap = [(triangle(*points[i - 1 : i + 2]), i) for i in range(1, len(points) - 1)]
    area = {i: a for a, i in heap}
    heapq.heapify(heap)
    while heap and heap[0][0] < SMALLEST_AREA:
        size, i = heapq.heappop(heap)
        if area.get(i) != size:
            continue  # measured again since
        del area[i]
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if j in area:
                area[j] = max(size, triangle(points[before[j]], points[j], points[after[j]]))
                heapq.heappush(heap, (area[j], j))
    return [p for i, p in enumerate(points) if i in area or i in (0, len(points) - 1)]


def rings(geometry: dict[str, Any], arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """The outlines (and holes) of one state, stitched from the shared arcs."""
    shapes = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for ring in (ring for shape in shapes for ring in shape):
        points: list[Point] = []
        for index in ring:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc if not points else arc[1:]
        if max(x for x, _ in points) - min(x for x, _ in points) < WIDTH / 2:  # not an islet on the edge
            yield points


def ring_area(ring: list[Point]) -> float:
    """The area inside a ring (the shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def middle(ring: list[Point]) -> tuple[int, int]:
    """The middle of a ring's bounding box."""
    xs, ys = zip(*ring, strict=True)
    return round((min(xs) + max(xs)) / 2), round((min(ys) + max(ys)) / 2)


def path(shape: Iterable[list[Point]]) -> str:
    """SVG path data in whole units, each point relative to the one before."""
    parts = []
    for ring in shape:
        whole = [(round(x), round(y)) for x, y in ring[:-1]]
        whole = [p for i, p in enumerate(whole) if p != whole[i - 1]]
        if len(whole) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
        numbers = "".join(f"{x if x < 0 else f' {x}'}{y if y < 0 else f' {y}'}" for x, y in steps)
        parts.append(f"M{whole[0][0]} {whole[0][1]}l{numbers.strip()}z")
    return "".join(parts)


def iso3(numeric: str | None) -> str | None:
    """ISO 3166-1 numeric to alpha-3; None for land without a code."""
    aliases = get_global("territory_aliases").get(numeric or "", [])
    territory = get_territory(aliases[0].lower()) if aliases else None
    return territory.alpha3.upper() if territory is not None and territory.alpha3 else None


def states(folder: Path, resolution: str) -> dict[str, tuple[list[list[Point]], list[list[Point]]]]:
    """ISO3 ('' for land without a code) to its rings, as found and simplified."""
    topology = json.loads((folder / f"countries-{resolution}.json").read_text())
    full = arcs_on_page(topology)
    thin = [simplified(arc) for arc in full]
    found: dict[str, tuple[list[list[Point]], list[list[Point]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = iso3(geometry.get("id")) or ""
        whole, drawn = found.setdefault(code, ([], []))
        whole += rings(geometry, full)
        drawn += [ring for ring in rings(geometry, thin) if ring_area(ring) >= SMALLEST_AREA]
    return {code: pair for code, pair in found.items() if code not in LEFT_OUT}


def build(folder: Path) -> dict[str, Any]:
    """The map as it is kept in the package."""
    medium, fine = states(folder, "50m"), states(folder, "10m")
    shapes = {code: path(drawn) for code, (_, drawn) in sorted(medium.items()) if code}
    wholes = {code: medium.get(code, fine.get(code, ([], [])))[0] for code in sorted(MEMBERS | medium.keys())}
    dots = {
        code: middle(max(whole, key=ring_area))
        for code, whole in wholes.items()
        if code in MEMBERS and sum(map(ring_area, whole)) < SEEN_AREA
    }
    missing = MEMBERS - shapes.keys() - dots.keys()
    if missing:
        raise SystemExit(f"no outline and no dot for {sorted(missing)}: the geometry lacks them")
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "members": sorted(MEMBERS),
        "dots": dots,
        "blank": path(medium[""][1]),
        "shapes": {code: data for code, data in shapes.items() if data},
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    world = build(source)
    target.write_text(json.dumps(world, separators=(",", ":"), sort_keys=True) + "\n")
    drawn, size = len(world["shapes"]), target.stat().st_size
    print(f"{drawn} outlines, {len(world['dots'])} dots, {size:,} bytes", file=sys.stderr)
