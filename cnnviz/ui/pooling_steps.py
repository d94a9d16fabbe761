"""The first view of the page `pooling`: the step player, and PyTorch's answer beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.components import player, pool_player, store
from cnnviz.core.images import Picture
from cnnviz.core.scenes.grid_input import SOURCES
from cnnviz.core.scenes.pooling import PoolingScene
from cnnviz.core.scenes.pooling_examples import TOUCHED, examples
from cnnviz.ui import state
from cnnviz.ui.player_answer import BELOW_REM, BELOW_REM_PRESENTING, grey_of, mark, notice_sentence, plain

KEY = "player-pooling"
LEAST_REM = 28
"""The least height of the player, in rem: lower than elsewhere, because tabs stand above it."""
OTHERS = ("view", "subject", "shift", "turn", "scale", "block", "landscape", "water", "level")
"""Fields of the scene that are no business of the player: what it says of them would be out of date."""


def stage(scene: PoolingScene, picture: Picture) -> None:
    """Place the player and PyTorch's answer; `picture` is what a piece is taken from."""
    pool_player.pool_player(key=KEY, header=header())
    answer(scene, picture if scene.source == "picture" else None)


def header() -> dict[str, Any]:
    """Texts and limits: the same in every run, so that the player travels to the browser once."""
    t, present = state.texts(), state.preferences().present
    return {
        "page": PoolingScene.PAGE,
        "texts": {**t.table("player"), **t.table("convolution"), **t.table("pooling.player")},
        "present": present,
        "below": BELOW_REM_PRESENTING if present else BELOW_REM,
        "least": LEAST_REM,
        "hide": list(state.scene(PoolingScene).hide),
        "sources": list(SOURCES),
        "defaults": own(PoolingScene()),
        "examples": [
            {"id": name, "scene": own(scene), "touched": TOUCHED.get(name, "kind")}
            for name, scene in examples().items()
        ],
    }


def own(scene: PoolingScene) -> dict[str, Any]:
    """The fields the player sets, as JSON has them."""
    return {name: value for name, value in plain(scene).items() if name not in OTHERS}


def answer(scene: PoolingScene, picture: Picture | None) -> None:
    """Post the scene, and PyTorch's float32 output for it, to the player."""
    grey, name = None, None
    if picture is not None:
        name, grey = f"grey-{picture.digest}", grey_of(picture)
        store.keep(name, key="store-pool-grey", grey=grey)
    output, notice = torch_output(scene, grey), notice_sentence(scene.notice)
    player.answer(key=KEY, scene=own(scene), mark=mark(KEY, "pooling"), output=output, grey=name, notice=notice)


def torch_output(scene: PoolingScene, grey: NDArray[np.uint8] | None) -> NDArray[np.float32] | None:
    """The pooled map (rows, columns) as PyTorch computes it in float32; None while the picture is missing."""
    if scene.source == "picture" and grey is None:
        return None
    output: NDArray[np.float32] = scene.spec()(scene.input(grey).astype(np.float32)[None])[0].numpy()
    return output
