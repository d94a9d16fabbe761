"""The pooling page as things to take away: programs, tables, a figure of the view, and the film of all steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from cnnviz.core import codegen
from cnnviz.core.images import Picture
from cnnviz.core.pooling_code import torch_ways_back
from cnnviz.core.pooling_lab import block_pool
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
from cnnviz.ui.pooling_figures import ARRAYS, drawing_of, switch_spec, water_spec
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
    """Another view: its programs, its arrays, its panels."""
    return Export(
        page=now.PAGE,
        scene=now,
        code={name: partial(make, now, picture) for name, make in PROGRAMS[now.view].items()},
        arrays=partial(ARRAYS[now.view], now, picture),
        figure=lambda theme: drawing_of(now, picture, Theme(theme), t),
    )


def _layer(write: Callable[..., str], now: PoolingScene, picture: Picture) -> str:
    """The layer of the view on the view's input; a large input is read from the file that the tables offer."""
    x = np.asarray(ARRAYS[now.view](now, picture)["input"])
    specs: Mapping[str, Callable[[], Any]] = {
        "picture": now.spec,
        "move": lambda: block_pool(now.kind, now.block),
        "water": lambda: water_spec(now, "max", x.astype(float)),
    }
    return write(specs[now.view](), x.astype(np.float32)[None])


def _ways_back(now: PoolingScene, picture: Picture) -> str:
    x = now.input(grey_of(picture) if now.source == "picture" else None)
    return torch_ways_back(switch_spec(now), x)


WRITERS = {"pytorch": codegen.torch_code, "numpy": codegen.numpy_code, "keras": codegen.keras_code}
LAYERS: Mapping[str, Callable[[PoolingScene, Picture], str]] = {
    name: partial(_layer, write) for name, write in WRITERS.items()
}
PROGRAMS: Mapping[str, Mapping[str, Callable[[PoolingScene, Picture], str]]] = {
    "picture": LAYERS,
    "switches": {"pytorch": _ways_back},
    "move": LAYERS,
    "water": LAYERS,
}
