"""What the page `convolution` shows: the player and PyTorch's answer beside it, and the scene as everything it can be.

The player works in the browser; here its scene is taken when the reader comes to rest, computed by PyTorch, and sent
back for comparison.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components import player as part
from cnnviz.components import store
from cnnviz.core.images import Picture
from cnnviz.core.kernels import preset, rows
from cnnviz.core.padding import PaddingMode
from cnnviz.core.scenes.convolution import SOURCES, ConvolutionScene
from cnnviz.core.scenes.convolution_examples import examples
from cnnviz.ui import convolution_share, parts, pictures, share, state
from cnnviz.ui.player_answer import (
    BELOW_REM,
    BELOW_REM_PRESENTING,
    PICKER_REM,
    grey_of,
    mark,
    notice_sentence,
    plain,
    room_to_try,
)

KEY = "player-convolution"
ANY_SIZE = ("identity", "ones", "mean", "random_start")
LIBRARY = ("gaussian_3", "sobel_x", "sobel_y", "laplacian_4", "sharpen", "emboss")
"""The menu of kernels: first those made for any size, then these of the kernel library."""


def take() -> ConvolutionScene:
    """The scene after what the reader did."""
    return state.followed(ConvolutionScene, KEY)


def stage(scene: ConvolutionScene) -> ConvolutionScene:
    """Place the player and PyTorch's answer; returns the scene, with the picture its piece was taken from."""
    player_box, below = st.container(key="player-stage"), st.container(key="player-picture")
    picture = None
    if scene.source == "picture":
        with below:
            picture = pictures.picker(ConvolutionScene)
        scene = state.scene(ConvolutionScene)
    with player_box:
        part.player(key=KEY, header=header())
        answer(scene, picture)
    return scene


def header() -> dict[str, Any]:
    """Texts and limits: the same in every run, so that the player travels to the browser once."""
    t, present = state.texts(), state.preferences().present
    picker = PICKER_REM if state.scene(ConvolutionScene).source == "picture" else 0
    names = {f"kernel_{name}": t(f"kernel_presets.{name}.name") for name in LIBRARY}
    return {
        "page": ConvolutionScene.PAGE,
        "texts": {**t.table("player"), **names, **t.table("convolution")},
        "present": present,
        "below": BELOW_REM_PRESENTING + picker if present else BELOW_REM,
        "hide": list(state.scene(ConvolutionScene).hide),
        "sources": list(SOURCES),
        "modes": [str(mode) for mode in PaddingMode],
        "kernels": kernels(),
        "defaults": plain(ConvolutionScene()),
        "examples": [{"id": name, "scene": plain(scene)} for name, scene in examples().items()],
    }


def kernels() -> list[dict[str, Any]]:
    """The presets of the kernel menu: rows, or none where the browser makes them for any size."""
    fixed: dict[str, Any] = {"textbook": ConvolutionScene().kernel}
    fixed |= {name: rows(preset(name).weights) for name in LIBRARY}
    return [{"id": name, "rows": fixed.get(name)} for name in ("textbook", *ANY_SIZE, *LIBRARY)]


def answer(scene: ConvolutionScene, picture: Picture | None) -> None:
    """Post the scene, and PyTorch's float32 output for it, to the player."""
    grey, name = None, None
    if picture is not None:
        name, grey = f"grey-{picture.digest}", grey_of(picture)
        store.keep(name, key="store-player-grey", grey=grey)
    output = torch_output(scene, grey)
    notice = notice_sentence(scene.notice)
    part.answer(key=KEY, scene=plain(scene), mark=mark(KEY, "convolution"), output=output, grey=name, notice=notice)


def share_panel(scene: ConvolutionScene) -> None:
    """The panel "this screen as ..."."""
    grey = grey_of(pictures.current(ConvolutionScene)) if scene.source == "picture" else None
    share.panel(convolution_share.export(scene, grey, state.texts()))


def one_thing_to_try(scene: ConvolutionScene) -> None:
    """The invitation at the foot of the page, where there is room for it."""
    if scene.shows("try") and room_to_try(scene):
        parts.one_thing_to_try("convolution")


def torch_output(scene: ConvolutionScene, grey: NDArray[np.uint8] | None) -> NDArray[np.float32] | None:
    """The feature map (rows, columns) as PyTorch computes it in float32; None while the picture is missing."""
    if scene.source == "picture" and grey is None:
        return None
    x, w = scene.input(grey).astype(np.float32), scene.weight().astype(np.float32)
    output: NDArray[np.float32] = scene.spec()(x[None], w, np.array([scene.bias], np.float32))[0].numpy()
    return output
