"""The vector writer: a `Drawing` goes in, a standalone SVG document comes out.

Text stays text, so it can be searched, copied and read aloud; pictures inside are embedded PNGs. Colours and
sizes are attributes, without a style sheet, so every program that reads SVG shows the same.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from cnnviz.figures import fonts
from cnnviz.figures.drawing import Anchor, Drawing, Group, Hatch, Item, Line, Raster, Rect, Run, Text

FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_NAMESPACE = "http://www.w3.org/2000/svg"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_svg(drawing: Drawing) -> str:
    """The drawing as one SVG document; its title and description are the first things in it.

    >>> text = to_svg(Drawing(4, 2, "#ffffff", (Rect(0, 0, 2, 2, fill="#0b57d0"),), title="A square"))
    >>> text.splitlines()[1]
    '<title id="title">A square</title>'
    >>> text.splitlines()[4]
    '<rect x="0" y="0" width="2" height="2" fill="#0b57d0" shape-rendering="crispEdges"/>'
    """
    width, height = drawing.size
    hatches = {leaf.stroke: leaf.gap for leaf in drawing.leaves() if isinstance(leaf, Hatch)}
    parts = [
        f'<svg xmlns="{_NAMESPACE}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title desc" font-family="{FONTS}">',
        f'<title id="title">{_text(drawing.title)}</title>',
        f'<desc id="desc">{_text(drawing.description)}</desc>',
        *(_pattern(stroke, gap) for stroke, gap in hatches.items()),
        f'<rect width="{width}" height="{height}" fill="{drawing.background}"/>',
        *(line for item in drawing.items for line in _item(item)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _item(item: Item) -> Iterator[str]:
    match item:
        case Group():
            yield f'<g transform="translate({_number(item.dx)} {_number(item.dy)})">'
            for inner in item.items:
                yield from _item(inner)
            yield "</g>"
        case Rect():
            yield _rect(item)
        case Line():
            ends = {"x1": item.x1, "y1": item.y1, "x2": item.x2, "y2": item.y2}
            yield _tag("line", **ends, **_stroke(item.stroke, item.stroke_width))
        case Hatch():
            place = {"x": item.x, "y": item.y, "width": item.width, "height": item.height}
            yield _tag("rect", **place, fill=f"url(#{_pattern_name(item.stroke)})")
        case Text():
            yield _line_of_text(item)
        case Raster():
            yield _picture(item)


def _rect(rect: Rect) -> str:
    place: dict[str, object] = {"x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height}
    look: dict[str, object] = {"fill": rect.fill or "none"}
    if rect.stroke:
        look |= _stroke(rect.stroke, rect.stroke_width)
    if rect.dash:
        return _dashed(rect, place, look)
    if rect.radius:
        look["rx"] = rect.radius
    else:
        look["shape_rendering"] = "crispEdges"
    return _tag("rect", **place, **look)


def _dashed(rect: Rect, place: dict[str, object], look: dict[str, object]) -> str:
    """Four strokes, each beginning anew, so that the dashes of neighbours lie on each other."""
    fill = _tag("rect", **place, fill=rect.fill, shape_rendering="crispEdges") if rect.fill else ""
    x, y, wide, high = (_number(v) for v in (rect.x, rect.y, rect.width, rect.height))
    right, bottom = _number(rect.x + rect.width), _number(rect.y + rect.height)
    path = f"M{x} {y}h{wide}M{x} {bottom}h{wide}M{x} {y}v{high}M{right} {y}v{high}"
    dashes = " ".join(map(_number, rect.dash or ()))
    strokes = look | {"fill": "none", "stroke_dasharray": dashes, "shape_rendering": "crispEdges"}
    return fill + _tag("path", d=path, **strokes)


def _stroke(ink: str, width: float) -> dict[str, object]:
    return {"stroke": ink} if width == 1 else {"stroke": ink, "stroke_width": width}


def _line_of_text(text: Text) -> str:
    look: dict[str, object] = {"x": text.x, "y": text.y, "font_size": text.size}
    if text.anchor is not Anchor.START:
        look["text_anchor"] = text.anchor.value
    if len(text.runs) == 1:
        return _tag("text", _text(text.runs[0].text), **look, **_letters(text.runs[0]), style=_TABULAR)
    inner = "".join(_tag("tspan", _text(run.text), **_letters(run)) for run in text.runs)
    if fonts.drawable(text.string):  # a long line keeps its length whatever font the viewer has
        look |= {"textLength": round(fonts.line_width(text.runs, text.size)), "lengthAdjust": "spacingAndGlyphs"}
    return _tag("text", inner, **look, xml__space="preserve", style=_TABULAR)


_TABULAR = "font-variant-numeric:tabular-nums"


def _letters(run: Run) -> dict[str, object]:
    return {"fill": run.fill, "font_weight": "bold"} if run.bold else {"fill": run.fill}


def _picture(raster: Raster) -> str:
    file = BytesIO()
    Image.fromarray(raster.pixels).save(file, "PNG", optimize=True)
    link = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
    place: dict[str, object] = {"x": raster.x, "y": raster.y, "width": raster.width, "height": raster.height}
    larger = raster.width >= raster.pixels.shape[1]
    look = {"preserveAspectRatio": "none", "style": "image-rendering:" + ("pixelated" if larger else "auto")}
    title = f"<title>{_text(raster.label)}</title>" if raster.label else ""
    return _tag("image", title, **place, **look, href=link)


def _pattern(stroke: str, gap: float) -> str:
    """Strokes of a hatch run from the top right to the bottom left, as the raster writer's do."""
    half, size = _number(gap / 2), _number(gap)
    path = f"M0 {size}L{size} 0M-{half} {half}L{half} -{half}M{half} {_number(gap * 1.5)}L{_number(gap * 1.5)} {half}"
    inner = _tag("path", d=path, **_stroke(stroke, 1))
    box = {"width": gap, "height": gap, "patternUnits": "userSpaceOnUse"}
    return _tag("defs", _tag("pattern", inner, id=_pattern_name(stroke), **box))


def _pattern_name(stroke: str) -> str:
    return "hatch-" + stroke.lstrip("#")


def _tag(name: str, inner: str = "", /, **attributes: object) -> str:
    """One element; `_` in an attribute's name stands for `-`, `__` for `:`."""
    words = (f"{_spelt(key)}={quoteattr(_value(value))}" for key, value in attributes.items())
    opening = " ".join([name, *words])
    return f"<{opening}>{inner}</{name}>" if inner else f"<{opening}/>"


def _spelt(key: str) -> str:
    return key.replace("__", ":").replace("_", "-")


def _value(value: object) -> str:
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(words: str) -> str:
    """Words fit for XML: escaped, and without the control characters that no XML may hold."""
    return escape(_NOT_XML.sub("", words))
