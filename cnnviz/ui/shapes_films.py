"""What moves on the shapes page, as frames for a film: the window along its axis, a field growing layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from cnnviz.core import shapes_lab as lab
from cnnviz.core.images import Picture
from cnnviz.core.receptive_field import ReceptiveField
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.figures import pixels_figure as fig
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Role, Theme
from cnnviz.figures.pixels_figure import Label, Panel
from cnnviz.figures.shapes_film import sliding_frames
from cnnviz.i18n import Texts
from cnnviz.ui.shapes_figures import FIGURES, dimmed, shown_unit, word

MOST_FRAMES = 200
"""Windows or layers a film shows at most: a longer one would take minutes to watch."""


def axis(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> list[Drawing]:
    """The window on the last axis, one place after the other."""
    found = now.spec().derivation(now.size)[1]
    return sliding_frames(found, [Label(found.text())], theme, "cnnviz")[:MOST_FRAMES]


def field(now: ShapesScene, picture: Picture, theme: Theme, t: Texts) -> list[Drawing]:
    """What a unit sees, layer by layer up to the chosen one; the unit of each layer nearest to the same pixel.

    A layer that leaves the field as it was, as an activation does, gets no frame: nothing would move.
    """
    layers = lab.sliding_part(lab.costs_of(now.layers(), now.input_shape()))
    table = lab.fields_of(layers, now.side)
    if table is None:
        return [FIGURES["field"](now, picture, theme, t)]
    place, pixels = min(now.layer, len(layers) - 1), lab.square(picture, now.side)
    middle = _middle(table, place, shown_unit(now, table[place]))
    grown = [at for at in range(place + 1) if at == 0 or table[at].axes != table[at - 1].axes]
    return [_frame(table, at, middle, pixels, theme, t) for at in grown[:MOST_FRAMES]]


def _middle(table: ReceptiveField, place: int, unit: tuple[int, ...]) -> tuple[float, ...]:
    """Over which pixel a unit stands, on each axis."""
    return tuple(float(axis.start + u * axis.jump) for axis, u in zip(table[place].axes, unit, strict=True))


def _frame(
    table: ReceptiveField, at: int, middle: tuple[float, ...], pixels: npt.NDArray[np.uint8], theme: Theme, t: Texts
) -> Drawing:
    row = table[at]
    units = row.output_size or (1, 1)
    near = (round((m - float(axis.start)) / float(axis.jump)) for m, axis in zip(middle, row.axes, strict=True))
    unit = tuple(max(0, min(n - 1, u)) for u, n in zip(near, units, strict=True))
    title = word(t, "field.seen_title", name=row.name, size=row.axes[0].size)
    panel = Panel(title, Role.KERNEL, dimmed(pixels, table.field_of(unit, at), theme))
    return fig.row_of_panels([panel], [], theme, "cnnviz")


FILMS: Mapping[str, Callable[[ShapesScene, Picture, Theme, Texts], list[Drawing]]] = {"axis": axis, "field": field}
