"""What each view of the shapes page is given: a header of plain values, and the arrays it draws, computed by core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy.typing as npt

from cnnviz.core.images import Picture
from cnnviz.core.inverse import Bounds, Setting, settings
from cnnviz.core.same_padding import SamePadding
from cnnviz.core.scenes.shapes import LARGEST, LARGEST_GRID, ShapesScene
from cnnviz.core.scenes.shapes_examples import EXAMPLES
from cnnviz.i18n import Texts
from cnnviz.ui import shapes_networks as networks

Data = tuple[Mapping[str, Any], Mapping[str, npt.NDArray[Any]]]

WINDOW = ("op", "two", "size", "kernel", "stride", "dilation", "pad")
LIMITS = {**LARGEST, "grid": LARGEST_GRID}
SEARCH = Bounds(kernel_size=9, stride=4, padding=4, dilation=3)
"""What the search for a wanted size tries."""


def data_of(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """Header and arrays of the view the scene shows."""
    return MAKERS[now.view](now, picture, t)


def axis(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The window's settings, and the articles' examples; the browser works the sizes out itself."""
    examples = [[example.name, example.fields, example.label] for example in EXAMPLES]
    return {"scene": networks.fields(now, *WINDOW), "limits": LIMITS, "examples": examples}, {}


def padding(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The window's settings; the derivation of `same` line by line for every kernel and dilation a slider can reach."""
    return {"scene": networks.fields(now, *WINDOW), "limits": LIMITS, "same": same_lines()}, {}


def same_lines() -> dict[str, list[str]]:
    """The lines of the derivation by "kernel,dilation".

    >>> same_lines()["3,1"][-1]
    'p = 1·(3 − 1) / 2 = 1'
    """
    kernels, dilations = range(1, LARGEST["kernel"] + 1), range(1, LARGEST["dilation"] + 1)
    return {f"{k},{d}": [line.text for line in SamePadding(k, d).lines] for k in kernels for d in dilations}


def fill(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The row of pixels and its edge; the picture, for what the same edge looks like on it."""
    return {"scene": networks.fields(now, "cells", "edge", "fill")}, {"picture": networks.thumbnail(picture)}


def usage(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The window's settings and what the padding shows."""
    return {"scene": networks.fields(now, *WINDOW, "mode"), "limits": LIMITS}, {}


def inverse(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The sizes, the bounds of the search, and the window as it is set; the browser finds the settings."""
    bounds = {
        "kernel": SEARCH.kernel_size,
        "stride": SEARCH.stride,
        "pad": SEARCH.padding,
        "dilation": SEARCH.dilation,
    }
    return {"scene": networks.fields(now, *WINDOW, "wanted"), "limits": LIMITS, "bounds": bounds}, {}


def found_settings(now: ShapesScene) -> tuple[Setting, ...]:
    """Every setting within the page's bounds that makes the wanted size."""
    return searched(now.size[1], now.wanted, now.op)


@lru_cache(maxsize=16)
def searched(size: int, wanted: int, op: str) -> tuple[Setting, ...]:
    """The settings that make `wanted` from `size`; op is "conv", "pool" or "ceil"."""
    return settings(size, wanted, "conv" if op == "conv" else "pool", bounds=SEARCH, ceil_mode=op == "ceil")


MAKERS: Mapping[str, Callable[[ShapesScene, Picture, Texts], Data]] = {
    "axis": axis,
    "padding": padding,
    "fill": fill,
    "usage": usage,
    "inverse": inverse,
    "chain": networks.chain,
    "field": networks.field,
    "stack": networks.stack,
}
