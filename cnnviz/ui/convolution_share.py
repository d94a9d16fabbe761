"""What the page `convolution` can be taken away as: code, tables, the figure of this step, the film of all steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core import codegen
from cnnviz.core.images import Picture
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.core.step import unravel
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Theme
from cnnviz.figures.play import Play
from cnnviz.figures.player_frame import Player
from cnnviz.i18n import Texts
from cnnviz.ui.player_answer import grey_of
from cnnviz.ui.share import Export

MOST_FRAMES = 400
"""Steps a film shows at most: the first ones; a longer one would take minutes to watch."""

Numbers = NDArray[Any]


def export(scene: ConvolutionScene, grey: NDArray[np.uint8] | None, t: Texts) -> Export:
    """Everything the share panel offers, computed when it is asked for."""
    spec, words = scene.spec(), captions(t)

    def arrays() -> dict[str, Numbers]:
        x, w, b = numbers(scene, grey)
        return {"input": x[0], "kernel": w[0, 0], "output": spec(x, w, b)[0].numpy()}

    def player(theme: str) -> Player:
        play = Play.of(spec, scene.input(grey), scene.weight()[0, 0], scene.bias)
        return Player(play, Theme(theme), words, scene.symbols)

    def frames(theme: str) -> Sequence[Drawing]:
        return list(islice(player(theme).frames(), MOST_FRAMES))

    return Export(
        page=scene.PAGE,
        scene=scene,
        code={name: partial(written, make, scene, grey) for name, make in programs(scene).items()},
        arrays=arrays,
        figure=lambda theme: player(theme).frame(scene.step),
        frames=frames,
        frames_per_second=2.0 * float(scene.speed),
    )


def export_of(scene: ConvolutionScene, picture: Picture, t: Texts) -> Export:
    """The same, with the picture the scene's piece may be taken from."""
    return export(scene, grey_of(picture) if scene.source == "picture" else None, t)


def written(make: Callable[..., str], scene: ConvolutionScene, grey: NDArray[np.uint8] | None) -> str:
    """The program that gives the numbers on the screen."""
    return make(scene.spec(), *numbers(scene, grey))


def programs(scene: ConvolutionScene) -> dict[str, Callable[..., str]]:
    """The writers of programs by the panel's names, in its order; the worked example is of the step on the screen."""
    at = (0, *unravel(scene.step, scene.spec().output_size(scene.size)))
    example = partial(codegen.latex_code, at=at)
    return {"pytorch": codegen.torch_code, "numpy": codegen.numpy_code, "keras": codegen.keras_code, "latex": example}


def numbers(scene: ConvolutionScene, grey: NDArray[np.uint8] | None) -> tuple[Numbers, Numbers, Numbers]:
    """Input (1, rows, columns), weight (1, 1, rows, columns) and bias (1,) in float32, as PyTorch gets them."""
    x = scene.input(grey).astype(np.float32)[None]
    return x, scene.weight().astype(np.float32), np.array([scene.bias], np.float32)


def captions(t: Texts) -> Captions:
    """The words of the figures in the reader's language."""
    return Captions(
        input=t("player.caption_input"),
        padded=t("player.caption_padded"),
        kernel=t("player.caption_kernel"),
        output=t("player.caption_output"),
        step=t("player.figure_step"),
        bias=t("player.figure_bias"),
        flipped=t("player.figure_flipped"),
        unvisited=t("player.figure_unvisited"),
    )
