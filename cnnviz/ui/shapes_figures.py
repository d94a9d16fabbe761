"""Each view of the shapes page as a figure: core's numbers, figures' shapes, the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from cnnviz.core import shapes_lab as lab
from cnnviz.core.arithmetic import Derivation
from cnnviz.core.effective_field import EffectiveField
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.padding import PaddingMode
from cnnviz.core.padding_schemes import compare
from cnnviz.core.receptive_field import FieldRow
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.core.windows import Axis, check_mode, source_index
from cnnviz.figures import pixels_figure as fig
from cnnviz.figures import shapes_figure as shapes
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Pixels, Role, Theme, signed, to_hex
from cnnviz.figures.pixels_figure import Cell, Label, Panel
from cnnviz.i18n import Texts
from cnnviz.ui.shapes_data import found_settings

MOST_CELLS = 24
"""Pixels of an axis whose numbers a figure can still show."""
MOST_SETTINGS = 8
"""Settings of a wanted size that a figure draws."""


def word(t: Texts, key: str, **values: object) -> Label:
    """A text of the page in the reader's language, the English beside it."""
    return Label(t(f"shapes.{key}", **values), Texts("en")(f"shapes.{key}", **values))


def axis(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """One strip an axis, and the formula beneath."""
    found = now.spec().derivation(now.size)[0 if now.two else 1 :]
    names = [word(t, "common.rows"), word(t, "common.columns")] if now.two else [word(t, f"common.op_{now.op}")]
    rows = [shapes.Row(name, d, str(d.output)) for name, d in zip(names, found, strict=True)]
    return shapes.strips_figure(rows, [Label(d.text()) for d in found], theme, "cnnviz")


def padding(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The ways to pad under each other, those that leave a window."""
    schemes = compare(now.size[1], now.kernel[1], now.stride[1], now.dilation[1], now.pads[1])
    rows = [
        shapes.Row(word(t, f"padding.name_{s.name}"), s.derivation, str(s.output))
        for s in schemes
        if s.derivation is not None
    ]
    return shapes.strips_figure(rows, [], theme, "cnnviz")


def fill(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The row of pixels with its edge in every mode that can show it."""
    before, after = now.edge
    rows = []
    for mode in PaddingMode:
        try:
            check_mode((Axis(1, before=before, after=after),), (now.cells,), mode)
        except InvalidSpec:
            continue
        outside = number_text(now.fill if mode is PaddingMode.CONSTANT else 0.0)
        sources = [source_index(p, now.cells, mode) for p in range(-before, now.cells + after)]
        texts = [outside if source is None else str(source + 1) for source in sources]
        rows.append((word(t, f"fill.mode_{mode.value}"), texts, before, now.cells))
    return shapes.values_figure(rows, theme, "cnnviz")


def usage(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """How often each pixel is used: numbered cells, or a map where they are many."""
    counts = now.spec().usage(now.size)
    most = max(int(counts.max()), 1)
    fills = signed(counts.astype(float), most, theme)
    heading = word(t, "usage.map_title", rows=counts.shape[0], columns=counts.shape[1])
    if max(counts.shape) > MOST_CELLS:
        return fig.row_of_panels([Panel(heading, Role.INPUT, fills)], [], theme, "cnnviz")
    rows = [
        [Cell(str(n), to_hex(c)) for n, c in zip(line, colours, strict=True)]
        for line, colours in zip(counts.tolist(), fills, strict=True)
    ]
    return fig.cells_figure(rows, heading, [], theme, "cnnviz")


def inverse(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The first settings that make the wanted size, as strips, and their formulas."""
    rows = [
        shapes.Row(Label(f"k {s.kernel_size}  s {s.stride}  p {_pair(s.padding)}  d {s.dilation}"), s.derivation, "")
        for s in found_settings(now)[:MOST_SETTINGS]
    ]
    return shapes.strips_figure(rows, [Label(row.found.text()) for row in rows], theme, "cnnviz")


def _pair(padding: tuple[int, int]) -> str:
    before, after = padding
    return str(before) if before == after else f"{before}+{after}"


def chain(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The boxes, down to where the chain breaks, with the sums."""
    table = lab.costs_of(now.layers(), now.input_shape())
    boxes = [_box(word(t, "chain.input"), table.chain.input_shape)]
    boxes += [_box(Label(stage.name), stage.output_shape) for stage in table.chain]
    if table.chain.broken is not None:
        arrives = _box(Label(table.chain.broken.name), table.chain.broken.input_shapes[0])
        boxes.append(replace(arrives, broken=True))
    macs = f"{table.macs:,}".replace(",", " ")
    parameters = f"{table.parameters:,}".replace(",", " ")
    notes = [word(t, "chain.figure_sums", parameters=parameters, macs=macs)]
    if table.chain.broken is not None:
        notes.append(word(t, "chain.figure_breaks", number=table.chain.broken.number, name=table.chain.broken.name))
    return shapes.boxes_figure(boxes, notes, theme, "cnnviz")


def _box(name: Label, shape: tuple[int, ...]) -> shapes.Box:
    side = shape[2] if len(shape) > 2 else 1
    return shapes.Box(name, side, shape[1], "×".join(map(str, shape[1:3])))


def field(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The part of the picture a unit sees, and the gradient beside it."""
    layers = lab.sliding_part(lab.costs_of(now.layers(), now.input_shape()))
    pixels = lab.square(picture, now.side)
    table = lab.fields_of(layers, now.side)
    if table is None:
        return fig.row_of_panels([Panel(word(t, "field.no_layers"), Role.INPUT, pixels)], [], theme, "cnnviz")
    place = min(now.layer, len(layers) - 1)
    row = table[place]
    seen = table.field_of(shown_unit(now, row), place)
    title = word(t, "field.seen_title", name=row.name, size=row.axes[0].size)
    panels = [Panel(title, Role.KERNEL, dimmed(pixels, seen, theme))]
    found = lab.measured_field(layers[: place + 1], now.weights, now.seed)
    if isinstance(found, EffectiveField):
        panels.append(Panel(word(t, "field.measured_title"), Role.POSITIVE, signed(found.gradient, 1.0, theme)))
    return fig.row_of_panels(panels, [], theme, "cnnviz")


def shown_unit(now: ShapesScene, row: FieldRow) -> tuple[int, ...]:
    """The unit on the screen: the reader's, or the one in the middle."""
    units = row.output_size or (1, 1)
    return tuple(n // 2 if u < 0 else min(u, n - 1) for u, n in zip(now.unit, units, strict=True))


def dimmed(pixels: Pixels, seen: tuple[range, ...], theme: Theme) -> Pixels:
    """The picture (rows, columns, 3), faint but for what is seen."""
    faint = pixels // 4 + (190 if theme is Theme.LIGHT else 10)
    block = np.ix_(*(np.arange(axis.start, axis.stop) for axis in seen))
    faint[block] = pixels[block]
    return faint.astype(np.uint8)


def stack(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """Weights of both designs as bars."""
    one, many = lab.designs(now.big, now.width, now.maps)
    names = (word(t, "stack.title_one", k=now.big), word(t, "stack.title_stack", layers=len(many.layers)))
    bars = [
        (name, f"{each.per_square}·C² = {each.weights}", each.weights / one.weights, role)
        for name, each, role in zip(names, (one, many), (Role.KERNEL, Role.OUTPUT), strict=True)
    ]
    return fig.bars_figure(bars, [], theme, "cnnviz")


FIGURES: Mapping[str, Callable[[ShapesScene, Picture, Theme, Texts], Drawing]] = {
    "axis": axis,
    "padding": padding,
    "fill": fill,
    "usage": usage,
    "inverse": inverse,
    "chain": chain,
    "field": field,
    "stack": stack,
}


def possible(now: ShapesScene) -> bool:
    """Whether the view on the screen has something to draw: in some, not one window may fit."""
    if now.view == "inverse":
        return bool(found_settings(now))
    if now.view not in ("axis", "usage"):
        return now.view in FIGURES
    try:
        found: tuple[Derivation, ...] = now.spec().derivation(now.size)
        return all(d.output > 0 for d in found)
    except InvalidSpec:
        return False
