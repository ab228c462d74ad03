"""A small picture of three places and their ties, as PNG.

Pillow's own font has no letter beyond ASCII, so names are written in the font that Streamlit carries along, or in one of the
system's; where a name has a letter that no font has, the three are A, B and C, and the caption says in which order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from math import cos, hypot, radians, sin
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageDraw, ImageFont

from kg.present.paper.document import clean
from kg.present.pictures.style import ACCENT, GROUND, MUTED, TEXT

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Point = tuple[float, float]
_SCALE = 3
_WIDTH, _HEIGHT = 640, 330
_CORNERS: tuple[Point, Point, Point] = ((130, 250), (320, 62), (510, 250))
_RADIUS = 11
_SYSTEM_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf", "Helvetica.ttc")
_LONGEST = 26
_DASHES = {"solid": (), "dashed": (12.0, 7.0), "none": (2.5, 7.0)}


@dataclass(frozen=True, slots=True)
class Side:
    """How two of the three are tied, and the words beside the line."""

    line: Literal["solid", "dashed", "none"]
    label: str


def draw(names: tuple[str, str, str], sides: Sequence[Side]) -> bytes:
    """The picture; ``sides`` between the first and second, first and third, second and third place."""
    image = Image.new("RGB", (_WIDTH * _SCALE, _HEIGHT * _SCALE), GROUND.light)
    canvas = ImageDraw.Draw(image)
    # The second place stands at the top, so that a bridge looks like one.
    for side, (start, end) in zip(sides, ((0, 1), (0, 2), (1, 2)), strict=True):
        _line(canvas, _CORNERS[start], _CORNERS[end], side)
    written = tuple(_short(name) for name in names)
    written = written if all(map(_writable, (*written, *(side.label for side in sides)))) else ("A", "B", "C")
    for name, corner, below in zip(written, _CORNERS, (True, False, True), strict=True):
        _place(canvas, name, corner, below=below)
    for side, (start, end) in zip(sides, ((0, 1), (0, 2), (1, 2)), strict=True):
        _label(canvas, side, _CORNERS[start], _CORNERS[end])
    out = BytesIO()
    image.save(out, "PNG", dpi=(_SCALE * 96, _SCALE * 96), optimize=True)
    return out.getvalue()


def _line(canvas: ImageDraw.ImageDraw, start: Point, end: Point, side: Side) -> None:
    colour = MUTED.light if side.line == "none" else ACCENT.light
    for a, b in _strokes(start, end, _DASHES[side.line]):
        canvas.line([_scaled(a), _scaled(b)], fill=colour, width=3 * _SCALE)


def _strokes(start: Point, end: Point, dashes: tuple[float, ...]) -> list[tuple[Point, Point]]:
    if not dashes:
        return [(start, end)]
    length = hypot(end[0] - start[0], end[1] - start[1])
    across, down = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    found: list[tuple[Point, Point]] = []
    position = 0.0
    while position < length:
        to = min(position + dashes[0], length)
        found.append(((start[0] + across * position, start[1] + down * position), (start[0] + across * to, start[1] + down * to)))
        position += sum(dashes)
    return found


def _place(canvas: ImageDraw.ImageDraw, name: str, corner: Point, *, below: bool) -> None:
    x, y = _scaled(corner)
    r = _RADIUS * _SCALE
    canvas.ellipse((x - r, y - r, x + r, y + r), fill=ACCENT.light, outline=GROUND.light, width=2 * _SCALE)
    offset = (_RADIUS + 8) * _SCALE
    canvas.text((x, y + offset if below else y - offset), name, TEXT.light, _font(21), anchor="ma" if below else "md")


def _label(canvas: ImageDraw.ImageDraw, side: Side, start: Point, end: Point) -> None:
    """Beside the line, outside of the triangle; below it where the line is level."""
    label = side.label if _writable(side.label) else ""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    level = start[1] == end[1]
    anchor = "ma" if level else "rm" if x < _WIDTH / 2 else "lm"
    angle = radians(90 if level else 180 if x < _WIDTH / 2 else 0)
    point = _scaled((x + 14 * cos(angle), y + 9 * sin(angle)))
    lines = label.split(", ", 1)
    # Beside a slope the words end above its middle, so that they do not run into it.
    up = 0 if level else len(lines)
    for n, part in enumerate(lines):
        canvas.text((point[0], point[1] + (n - up) * 19 * _SCALE), part, TEXT.light, _font(15), anchor=anchor)


def _scaled(point: Point) -> Point:
    return (point[0] * _SCALE, point[1] * _SCALE)


def _short(name: str) -> str:
    name = clean(name)
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def _writable(text: str) -> bool:
    font = _font(15)
    unknown = _shape(font, "\uffff")
    return all(c.isspace() or _shape(font, c) != unknown for c in text)


def _shape(font: Font, character: str) -> bytes:
    mask: Any = font.getmask(character)
    return bytes(mask)


@cache
def _font(size: int) -> Font:
    # Only where the package lies is asked: importing it takes a second.
    streamlit = find_spec("streamlit")
    folders = streamlit.submodule_search_locations if streamlit else None
    carried = sorted(file for folder in folders or () for file in Path(folder, "static").rglob("SourceSans*Upright*.woff2"))
    carried_names = list(map(str, carried))
    for file in (*carried_names, *_SYSTEM_FONTS):
        try:
            font = ImageFont.truetype(file, size * _SCALE)
        except OSError:
            continue
        if file in carried_names:
            font.set_variation_by_name("Regular")
        return font
    return ImageFont.load_default(size * _SCALE)
