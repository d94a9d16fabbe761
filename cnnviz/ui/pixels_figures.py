"""Each view of the pixels page as a figure: core's numbers, figures' shapes, the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log10

import numpy as np
import numpy.typing as npt

from cnnviz.core import pixels_lab as lab
from cnnviz.core.colour_mix import mixed, shown
from cnnviz.core.images import Picture
from cnnviz.core.locality import LayerCost, convolution_cost, fully_connected_cost
from cnnviz.core.scenes.pixels import PixelsScene
from cnnviz.core.tensor_layout import index_at, offset, terms
from cnnviz.figures import pixels_figure as fig
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Role, Theme, colour, grey, signed, signed_cell, to_hex
from cnnviz.figures.pixels_figure import Cell, Label, Panel
from cnnviz.i18n import Texts
from cnnviz.ui.pixels_data import verdict

MOST_CELLS = (8, 12)
CHANNEL_TINTS = ("#f4d3d3", "#d3e7d8", "#d5e0f4", "#e6d8f4")


def word(t: Texts, key: str, **values: object) -> Label:
    """A text of the page in the reader's language, the English beside it."""
    return Label(t(f"pixels.{key}", **values), Texts("en")(f"pixels.{key}", **values))


def numbers(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The cells around the middle of the window, with their numbers."""
    middle = [at if at >= 0 else size // 2 for at, size in zip((now.row, now.col), picture.pixels.shape, strict=False)]
    low, high = zip(*map(_stretch, middle, picture.pixels.shape[:2], MOST_CELLS), strict=True)
    cut = lab.eight_bit(picture)[low[0] : high[0], low[1] : high[1]]
    exact = picture.pixels[low[0] : high[0], low[1] : high[1]]
    rows = [
        [
            Cell(_written(number, now.write, picture.largest), fig.hex_of(np.atleast_1d(c)))
            for number, c in zip(*r, strict=True)
        ]
        for r in zip(exact, cut, strict=True)
    ]
    heading = word(t, "common.where", row=f"{low[0]}–{high[0] - 1}", col=f"{low[1]}–{high[1] - 1}")
    return fig.cells_figure(rows, heading, [], theme, "cnnviz")


def _stretch(middle: int, size: int, most: int) -> tuple[int, int]:
    low = max(0, min(middle - most // 2, size - most))
    return low, min(size, low + most)


def _written(number: npt.NDArray[np.integer], write: str, white: int) -> str:
    parts = [int(v) for v in np.atleast_1d(number)]
    if write == "unit":
        return "\n".join(f"{v / white:.3f}" for v in parts)
    return to_hex(_bytes(parts, white)) if write == "hex" else "\n".join(map(str, parts))


def _bytes(parts: Sequence[int], white: int) -> tuple[int, int, int]:
    red, green, blue = (round(v * 255 / white) for v in (parts if len(parts) == 3 else list(parts) * 3))
    return red, green, blue


def channels(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The picture, its planes and the mix."""
    planes = picture.tensor()
    mix = now.mix if picture.channels == 3 else ((1.0,),)
    names = ("R", "G", "B") if picture.channels == 3 else ()
    panels = [Panel(word(t, "common.picture"), Role.INPUT, shown(planes))]
    panels += [Panel(Label(name), Role.INPUT, shown(planes[c : c + 1])) for c, name in enumerate(names)]
    panels.append(Panel(word(t, "channels.mixed"), Role.OUTPUT, shown(mixed(planes, mix))))
    heads = ("Y",) if len(mix) == 1 else ("R′", "G′", "B′")
    sums = (
        f"{head} = " + " + ".join(f"{number_text(w)}·{name}" for w, name in zip(row, names, strict=True))
        for head, row in zip(heads, mix if names else (), strict=False)
    )
    return fig.row_of_panels(panels, [Label(line) for line in sums], theme, "cnnviz")


def layout(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """Memory in both layouts, a line each, around the chosen number."""
    if now.tensor == "flat":
        (row, column), width = now.flat, now.wide
        number = (row - 1) * width + column
        cells = [Cell(str(n), colour(Role.PANEL, theme), n == number) for n in range(max(1, number - 5), number + 6)]
        sentence = word(t, "layout.flat_formula", row=row, column=column, width=width)
        note = Label(f"{sentence.text}{number}", f"{sentence.english}{number}")
        return fig.cells_figure([cells], word(t, "layout.tensor_flat"), [note], theme, "cnnviz")
    sizes, at = now.named(now.sizes), now.named(now.at)
    first, second = now.layouts()
    tint, count = ("c" if first.axes[0] == "n" else "i"), int(np.prod(now.sizes))
    rows, notes = [], []
    for order in (first, second):
        here = offset(order, sizes, at)
        low, high = _stretch(here, count, 14)
        found = [index_at(order, sizes, place) for place in range(low, high)]
        rows.append([Cell(str(offset(first, sizes, i)), CHANNEL_TINTS[i[tint]], i == at) for i in found])
        steps = " + ".join(f"{term.index}·{term.stride}" for term in terms(order, sizes, at))
        notes.append(Label(f"{order.upper()}: {steps} = {here}"))
    return fig.cells_figure(rows, Label(f"{first.upper()} · {second.upper()}"), notes, theme, "cnnviz")


def values(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The histograms of the stages that were done."""
    reports = [r for r in lab.value_reports(picture, now.steps, now.own) if r.stage.refusal is None]
    names = {
        None: word(t, "values.file"),
        "u": word(t, "values.divide", white=picture.largest),
        "s": word(t, "values.standardise"),
    }
    panels = [
        fig.HistogramPanel(names[r.stage.step], r.counts, number_text(r.low), number_text(r.high)) for r in reports
    ]
    notes = [Label(_summary_line(r.stage.summary.dtype, r.stage.summary.mean, r.stage.summary.std)) for r in reports]
    return fig.histograms_figure(panels, notes, theme, "cnnviz")


def _summary_line(dtype: str, mean: float, std: float) -> str:
    return f"{dtype}: mean {number_text(mean if abs(mean) > 1e-6 else 0.0, 4)}, std {number_text(std, 4)}"


def paint(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The easel."""
    cells = np.array(now.cells)
    largest = float(np.abs(cells).max())
    top = next((n for n in (1, 9, 255, 999) if n >= largest), largest)
    below = bool((cells < 0).any())
    shades = grey(cells, 0, top)

    def fill(r: int, c: int) -> str:
        return signed_cell(float(cells[r, c]), top, theme) if below else to_hex(shades[r, c])

    rows = [[Cell(number_text(float(v)), fill(r, c)) for c, v in enumerate(line)] for r, line in enumerate(cells)]
    return fig.cells_figure(rows, Label(f"{len(cells)} × {len(cells[0])}"), [], theme, "cnnviz")


def cost(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The parameters of the three layers on one logarithmic scale."""
    layers = layer_costs(now, picture)
    most = 10 ** int(np.ceil(log10(max(layer.parameters for layer in layers))))
    names = (
        word(t, "cost.conv_name", filters=now.filters, ksize=now.ksize),
        word(t, "cost.dense_name", units=now.units),
        word(t, "cost.same_name", outputs=f"{layers[0].outputs:,}".replace(",", " ")),
    )
    roles = (Role.KERNEL, Role.INPUT, Role.INPUT)
    bars = [
        (name, f"{layer.parameters:,}".replace(",", " "), log10(layer.parameters) / log10(most), role)
        for name, layer, role in zip(names, layers, roles, strict=True)
    ]
    return fig.bars_figure(bars, [word(t, "cost.log_scale"), word(t, f"cost.note_{now.known}")], theme, "cnnviz")


def layer_costs(now: PixelsScene, picture: Picture) -> tuple[LayerCost, LayerCost, LayerCost]:
    """The convolution, the fully connected layer with `units`, and the one with as many outputs as the convolution."""
    channels_, height, width = now.counted((picture.channels, picture.height, picture.width))
    conv = convolution_cost(channels_, (height, width), now.filters, now.ksize)
    dense, same = (fully_connected_cost(conv.inputs, outputs) for outputs in (now.units, conv.outputs))
    return conv, dense, same


def shift(now: PixelsScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The shifted input and the three maps on one scale."""
    _, test = lab.shift_maps(picture, now.kernel, now.dy, now.dx, now.border, now.stride)
    maps = {name: getattr(test, name).numpy() for name in ("shift_first", "convolve_first", "difference")}
    limit = max(float(np.abs(values).max()) for values in maps.values())
    height, width = test.shifted.shape
    moved = word(t, "shift.shifted_input", height=height, width=width)
    panels = [Panel(moved, Role.INPUT, grey(test.shifted.numpy(), 0, 255))]
    roles = (Role.OUTPUT, Role.OUTPUT, Role.INK)
    for (name, values_), role in zip(maps.items(), roles, strict=True):
        box = lab.inner_box(test.border) if name == "difference" else None
        inner = (box["row"], box["col"], box["rows"], box["cols"]) if box else None
        panels.append(Panel(word(t, f"shift.{name}"), role, signed(values_, limit, theme), inner))
    bounds = f"{number_text(-limit)} … +{number_text(limit)}"
    notes = [Label(verdict(test, t), verdict(test, Texts("en"))), Label(bounds)]
    return fig.row_of_panels(panels, notes, theme, "cnnviz")


FIGURES: Mapping[str, Callable[[PixelsScene, Picture, Theme, Texts], Drawing]] = {
    "numbers": numbers,
    "channels": channels,
    "layout": layout,
    "values": values,
    "paint": paint,
    "cost": cost,
    "shift": shift,
}
