"""The pooling page as things to take away: programs, tables, a figure of the view, and the film of all steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core import codegen
from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.images import Picture
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pooling import PoolAxis
from cnnviz.core.pooling_code import numpy_ways_back, torch_ways_back
from cnnviz.core.pooling_lab import block_pool
from cnnviz.core.pooling_move_code import Move, numpy_move, torch_move
from cnnviz.core.scenes.pooling import PoolingScene
from cnnviz.core.step import unravel
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Theme
from cnnviz.figures.play import Play
from cnnviz.figures.player_frame import Player
from cnnviz.i18n import Texts
from cnnviz.ui.convolution_share import MOST_FRAMES, captions
from cnnviz.ui.player_answer import grey_of
from cnnviz.ui.pooling_figures import ARRAYS, drawing_of, has_level, switch_spec, water_film, water_spec
from cnnviz.ui.share import Export


def export_of(now: PoolingScene, picture: Picture, t: Texts) -> Export:
    """What the share panel offers for this view; everything is computed when a reader asks for it."""
    return steps(now, picture, t) if now.view == "steps" else view(now, picture, t)


def steps(now: PoolingScene, picture: Picture, t: Texts) -> Export:
    """The step player: programs of the layer, input and output, this step, all steps."""
    grey = grey_of(picture) if now.source == "picture" else None
    spec, x, words = now.spec(), now.input(grey), pool_captions(t)

    def player(theme: str) -> Player:
        return Player(Play.of(spec, x), Theme(theme), words, now.symbols)

    def frames(theme: str) -> Sequence[Drawing]:
        return list(islice(player(theme).frames(), MOST_FRAMES))

    return Export(
        page=now.PAGE,
        scene=now,
        code={name: partial(make, spec, x.astype(np.float32)[None]) for name, make in programs(now).items()},
        arrays=lambda: {"input": x.astype(np.float32), "output": spec(x.astype(np.float32)[None])[0].numpy()},
        figure=lambda theme: player(theme).frame(now.step),
        frames=frames,
        frames_per_second=2.0 * float(now.speed),
    )


def programs(now: PoolingScene) -> dict[str, Callable[..., str]]:
    """The writers of programs by the panel's names, in its order; the worked example is of the step on the screen."""
    at = (0, *unravel(now.step, now.spec().output_size(now.size)))
    example = partial(codegen.latex_code, at=at)
    return {"pytorch": codegen.torch_code, "numpy": codegen.numpy_code, "keras": codegen.keras_code, "latex": example}


def pool_captions(t: Texts) -> Captions:
    """The words of the player's figures, the window's in the kernel's place."""
    window, output = t("pooling.player.caption_window"), t("pooling.player.caption_output")
    return replace(captions(t), window=window, output=output)


def view(now: PoolingScene, picture: Picture, t: Texts) -> Export:
    """Another view: its programs, its arrays, its panels, and the water's film."""
    return Export(
        page=now.PAGE,
        scene=now,
        code={name: partial(make, now, picture) for name, make in _programs_of(now).items()},
        arrays=partial(ARRAYS[now.view], now, picture),
        figure=lambda theme: drawing_of(now, picture, Theme(theme), t),
        frames=(lambda theme: water_film(now, picture, Theme(theme), t)) if has_level(now) else None,
        frames_per_second=5.0,
    )


Program = Callable[[PoolingScene, Picture], str]
MOST_WRITTEN = 64
"""Numbers of one window that a formula writes out; of a larger window there is none."""


def _programs_of(now: PoolingScene) -> Mapping[str, Program]:
    """The view's programs; the formula of one output only where its window is small enough to be written out."""
    return {name: make for name, make in PROGRAMS[now.view].items() if name != "latex" or _window(now) <= MOST_WRITTEN}


def _window(now: PoolingScene) -> float:
    """How many numbers the window in the middle of the view has."""
    if now.view == "move":
        return now.block**2 or math.inf
    if now.view == "water":
        return math.prod(now.kernel)
    spec = now.spec()
    axes: Sequence[PoolAxis] = spec.pool_axes(now.shape)
    lengths = [len(axis.positions(n // 2)) for axis, n in zip(axes, spec.output_size(now.shape), strict=True)]
    return math.prod(lengths)


def _input(now: PoolingScene, picture: Picture) -> NDArray[Any]:
    return np.asarray(ARRAYS[now.view](now, picture)["input"])


def _spec(now: PoolingScene, x: NDArray[Any]) -> PoolSpec | AdaptivePoolSpec:
    specs: Mapping[str, Callable[[], Any]] = {
        "picture": now.spec,
        "move": lambda: block_pool(now.kind, now.block),
        "water": lambda: water_spec(now, "max", x.astype(float)),
    }
    made: PoolSpec | AdaptivePoolSpec = specs[now.view]()
    return made


def _layer(write: Callable[..., str], now: PoolingScene, picture: Picture) -> str:
    """The layer of the view on the view's input; a large input is read from the file that the tables offer."""
    x = _input(now, picture)
    return write(_spec(now, x), x.astype(np.float32)[None])


def _formula(now: PoolingScene, picture: Picture) -> str:
    """The layer's formulas, and the one in the middle worked out."""
    x = _input(now, picture)
    spec = _spec(now, x)
    at = (0, *(n // 2 for n in spec.output_size(x.shape)))
    return codegen.latex_code(spec, x.astype(np.float32)[None], at=at)


def _ways_back(write: Callable[..., str], now: PoolingScene, picture: Picture) -> str:
    x = now.input(grey_of(picture) if now.source == "picture" else None)
    return write(switch_spec(now), x)


def _moved(write: Callable[[Move], str], now: PoolingScene, picture: Picture) -> str:
    """The move and its measure, of the plane that the tables offer."""
    height, width = _input(now, picture).shape
    shift = (now.shift[0], now.shift[1])
    return write(Move((height, width), shift, now.turn, now.scale, now.kind, now.block))


WRITERS = {"pytorch": codegen.torch_code, "numpy": codegen.numpy_code, "keras": codegen.keras_code}
LAYERS: Mapping[str, Program] = {
    **{name: partial(_layer, write) for name, write in WRITERS.items()},
    "latex": _formula,
}
PROGRAMS: Mapping[str, Mapping[str, Program]] = {
    "picture": LAYERS,
    "switches": {"pytorch": partial(_ways_back, torch_ways_back), "numpy": partial(_ways_back, numpy_ways_back)},
    "move": {**LAYERS, "pytorch": partial(_moved, torch_move), "numpy": partial(_moved, numpy_move)},
    "water": LAYERS,
}
