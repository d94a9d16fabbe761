"""The step player: grids, sliders, arithmetic and transport of a layer, drawn and animated in the browser.

What the reader does comes back as events `{scene: {...}, mark}` at rest; `answer` posts Python's scene and PyTorch's
output for it, with the same mark, so that the player can tell an answer from an echo.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.components import echo, mount
from cnnviz.components.payload import pack


def player(*, key: str, header: Mapping[str, Any]) -> None:
    """Place the player. `header` holds page, texts and limits only: while it stays the same, nothing is sent again."""
    mount("player", key=key, data=pack({**header, "channel": key}))


def answer(
    *,
    key: str,
    scene: Mapping[str, Any],
    mark: int,
    output: NDArray[np.float32] | None,
    grey: str | None = None,
    notice: str = "",
) -> None:
    """Post the scene and PyTorch's `output` (rows, columns) for it.

    `grey` names the stored picture that pieces are taken from; `notice` is said above the player until something
    changes.
    """
    arrays = {} if output is None else {"output": output}
    echo.answer(key, header={"scene": dict(scene), "mark": mark, "grey": grey, "notice": notice}, **arrays)
