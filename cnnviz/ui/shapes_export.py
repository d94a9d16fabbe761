"""The shapes page as things to take away: programs, tables and a figure of the view on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core import shapes_lab as lab
from cnnviz.core.effective_field import EffectiveField
from cnnviz.core.images import Picture
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.core.shapes_code import programs
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Theme
from cnnviz.i18n import Texts
from cnnviz.ui import share
from cnnviz.ui.shapes_data import found_settings
from cnnviz.ui.shapes_figures import FIGURES, possible
from cnnviz.ui.shapes_films import FILMS

Arrays = Mapping[str, npt.NDArray[Any]]


def export_of(now: ShapesScene, picture: Picture, t: Texts) -> share.Export:
    """What the share panel offers for this view; everything is computed when a reader asks for it."""
    shown = possible(now)
    return share.Export(
        page="shapes",
        scene=now,
        code={name: partial(make, now) for name, make in programs(now).items()},
        arrays=partial(ARRAYS[now.view], now, picture) if _has_arrays(now) else None,
        figure=partial(_figure, now, picture, t) if shown else None,
        frames=partial(_film, now, picture, t) if shown and now.view in FILMS else None,
    )


def _has_arrays(now: ShapesScene) -> bool:
    return now.view in ARRAYS and (now.view != "usage" or possible(now))


def _figure(now: ShapesScene, picture: Picture, t: Texts, theme: str) -> Drawing:
    return FIGURES[now.view](now, picture, Theme(theme), t)


def _film(now: ShapesScene, picture: Picture, t: Texts, theme: str) -> Sequence[Drawing]:
    return FILMS[now.view](now, picture, Theme(theme), t)


def _usage(now: ShapesScene, picture: Picture) -> Arrays:
    return {"usage": now.spec().usage(now.size)}


def _settings(now: ShapesScene, picture: Picture) -> Arrays:
    """kernel_size, stride, padding before and after, dilation: a row each."""
    found = found_settings(now)
    return {"settings": np.array([(s.kernel_size, s.stride, *s.padding, s.dilation) for s in found]).reshape(-1, 5)}


def _costs(now: ShapesScene, picture: Picture) -> Arrays:
    """Parameters, multiply-adds and bytes of activations: a row per layer that works."""
    table = lab.costs_of(now.layers(), now.input_shape())
    return {"costs": np.array([(row.parameters, row.macs, row.activation_bytes) for row in table]).reshape(-1, 3)}


def _fields(now: ShapesScene, picture: Picture) -> Arrays:
    """Size, jump and first centre of each layer, and the gradient that was measured."""
    layers = lab.sliding_part(lab.costs_of(now.layers(), now.input_shape()))
    table = lab.fields_of(layers, now.side)
    if table is None:
        return {"fields": np.zeros((0, 3))}
    arrays: dict[str, npt.NDArray[Any]] = {"fields": np.array([(row.size, row.jump, row.start) for row in table])}
    found = lab.measured_field(layers[: min(now.layer, len(layers) - 1) + 1], now.weights, now.seed)
    if isinstance(found, EffectiveField):
        arrays["gradient"] = found.gradient
    return arrays


ARRAYS: Mapping[str, Callable[[ShapesScene, Picture], Arrays]] = {
    "usage": _usage,
    "inverse": _settings,
    "chain": _costs,
    "field": _fields,
}
