"""What each view of the pooling page is given: a header of plain values, and the arrays it draws, computed by core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core import pooling_lab as lab
from cnnviz.core.images import Picture
from cnnviz.core.patterns import pattern
from cnnviz.core.scenes.pooling import KINDS, LARGEST, MOST_SHIFT, MOST_TURN, PICTURE_SIDE, PoolingScene
from cnnviz.core.shapes_lab import square
from cnnviz.ui.player_answer import grey_of, plain

Data = tuple[Mapping[str, Any], Mapping[str, NDArray[Any]]]
Bytes = NDArray[np.uint8]

SMALL = 96
"""Pixels of the picture that is moved."""


def data_of(now: PoolingScene, picture: Picture) -> Data:
    """Header and arrays of the view the scene shows."""
    header, arrays = MAKERS[now.view](now, picture)
    return {"scene": plain(now), "kinds": KINDS, "limits": LARGEST, **header}, arrays


def grey_square(picture: Picture, side: int) -> Bytes:
    """The middle square of the picture in grey, (side, side)."""
    luma = square(picture, side).astype(np.uint32) @ np.array([299, 587, 114], np.uint32) // 1000
    made: Bytes = luma.astype(np.uint8)
    return made


def on_picture(now: PoolingScene, picture: Picture) -> Data:
    """A whole picture before and after."""
    grey = grey_square(picture, PICTURE_SIDE)
    return {}, {"picture": grey, "output": picture_map(now, grey)}


def picture_map(now: PoolingScene, grey: Bytes) -> NDArray[np.float32]:
    """What the layer makes of the picture, float32."""
    return lab.pooled_picture(now.spec(), len(grey), grey.tobytes())


def switches(now: PoolingScene, picture: Picture) -> Data:
    """The small input; the browser finds the switches and follows the gradients itself."""
    return {}, {"input": now.input(grey_of(picture) if now.source == "picture" else None)}


def moved_pair(now: PoolingScene, picture: Picture) -> tuple[lab.Plane, lab.Plane]:
    """The plane, and it moved, turned and scaled."""
    if now.subject == "digit":
        plane = np.pad(pattern("digit", 28, 28, now.seed or 5), 18) * 255.0  # lines of four pixels in a field of 64
    else:
        plane = grey_square(picture, SMALL).astype(float)
    return plane, lab.moved(plane, (now.shift[0], now.shift[1]), now.turn, now.scale)


def move(now: PoolingScene, picture: Picture) -> Data:
    """Both planes pooled, their difference, and the comparison over all sizes of window."""
    before, after = moved_pair(now, picture)
    one, two = (lab.pooled(p, now.kind, now.block) for p in (before, after))
    rows = [lab.stability(before, after, now.kind, block) for block in lab.BLOCKS]
    header = {
        "most_shift": MOST_SHIFT,
        "most_turn": MOST_TURN,
        "blocks": lab.BLOCKS,
        "rows": [[row.block, row.change, row.contrast, row.same] for row in rows],
    }
    shown = {"after": after, "one": one, "two": two, "difference": two - one}
    small = {name: array.astype(np.float32) for name, array in shown.items()}
    return header, {"before": before, **small}  # exact: the browser moves it itself while the hand is on it


def landscape_of(now: PoolingScene, picture: Picture) -> lab.Plane:
    """The heights under water."""
    if now.landscape == "input":
        return now.input(grey_of(picture) if now.source == "picture" else None)
    return lab.hills() - (10.0 if now.landscape == "below" else 0.0)


def water(now: PoolingScene, picture: Picture) -> Data:
    """The landscape; the browser floods it."""
    return {}, {"heights": landscape_of(now, picture)}


MAKERS: Mapping[str, Callable[[PoolingScene, Picture], Data]] = {
    "picture": on_picture,
    "switches": switches,
    "move": move,
    "water": water,
}
