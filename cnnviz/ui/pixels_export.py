"""The pixels page as things to take away: programs, arrays and a figure of the view on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core import pixels_lab as lab
from cnnviz.core.colour_mix import mixed
from cnnviz.core.images import Picture
from cnnviz.core.kernels import preset
from cnnviz.core.pixels_code import programs
from cnnviz.core.scenes.pixels import PixelsScene
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Theme
from cnnviz.i18n import Texts
from cnnviz.ui import share
from cnnviz.ui.pixels_figures import FIGURES

Arrays = Mapping[str, npt.NDArray[Any]]


def export_of(now: PixelsScene, picture: Picture, t: Texts) -> share.Export:
    """What the share panel offers for this view; everything is computed when a reader asks for it."""
    made = programs(now.view)
    code = {name: partial(program, now, picture.channels, picture.largest) for name, program in made.items()}
    return share.Export(
        page="pixels",
        scene=now,
        code=code,
        arrays=partial(ARRAYS[now.view], now, picture) if now.view in ARRAYS else None,
        figure=partial(_figure, now, picture, t),
    )


def _figure(now: PixelsScene, picture: Picture, t: Texts, theme: str) -> Drawing:
    return FIGURES[now.view](now, picture, Theme(theme), t)


def _picture(now: PixelsScene, picture: Picture) -> Arrays:
    return {"input": np.asarray(picture.pixels)}


def _channels(now: PixelsScene, picture: Picture) -> Arrays:
    mix = now.mix if picture.channels == 3 else ((1.0,),)
    return {
        "input": np.asarray(picture.pixels),
        "kernel": np.array(mix, np.float32)[:, :, None, None],
        "output": mixed(picture.tensor(), mix).numpy(),
    }


def _paint(now: PixelsScene, picture: Picture) -> Arrays:
    return {"input": np.array(now.cells, np.float32)}


def _shift(now: PixelsScene, picture: Picture) -> Arrays:
    plane, test = lab.shift_maps(picture, now.kernel, now.dy, now.dx, now.border, now.stride)
    return {"input": plane, "kernel": preset(now.kernel).weights, "output": test.difference.numpy()}


ARRAYS: Mapping[str, Callable[[PixelsScene, Picture], Arrays]] = {
    "numbers": _picture,
    "channels": _channels,
    "values": _picture,
    "cost": _picture,
    "paint": _paint,
    "shift": _shift,
}
