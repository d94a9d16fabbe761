"""What every page with a step player does in Python: the scene as JSON, the mark of what it answers, a notice."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.scene import Scene
from cnnviz.core.scenes.grid_input import GridInput
from cnnviz.ui import state
from cnnviz.ui.sentences import refused

BELOW_REM, BELOW_REM_PRESENTING = 6.3, 4.4
"""What stands beneath a player on one screen, in rem: the share panel, the thing to try, and the page's own edge."""
PICKER_REM = 0.4
"""How much higher the picker beneath a player is than what it takes the place of, on a projector."""


def plain(scene: Scene) -> dict[str, Any]:
    """The scene's fields as JSON has them."""
    return {name: value for name, value in dataclasses.asdict(scene).items() if name != "hide"}


def mark(key: str, page: str) -> int:
    """The number of the reader's last word; a word of another kind than a number counts for nothing."""
    sent = state.last_event(key).get("mark")
    if isinstance(sent, int) and not isinstance(sent, bool) and 0 <= sent < 2**31:
        state.remember(f"{page}.mark", sent)
    return int(state.recall(f"{page}.mark", 0))


def room_to_try(scene: GridInput) -> bool:
    """Whether the invitation stands beneath the player: not on a projector beside the picker; it speaks of numbers."""
    return not (state.preferences().present and scene.source == "picture")


def notice_sentence(fault: InvalidSpec | None) -> str:
    """Why what a link asked for could not be shown, and what is shown instead; "" where there is nothing to say."""
    if fault is None:
        return ""
    t = state.texts()
    why = refused(t, fault)
    return f"{t('convolution.notice')} {why} {t('convolution.notice_shown')}"


def grey_of(picture: Picture) -> NDArray[np.uint8]:
    """The picture in grey (H, W): luma 0.299 R + 0.587 G + 0.114 B of its 8-bit values, rounded down."""
    return _grey(picture.digest, picture)


@lru_cache(maxsize=16)
def _grey(digest: str, picture: Picture) -> NDArray[np.uint8]:
    eight = (picture.pixels >> 8 if picture.dtype == "uint16" else picture.pixels).astype(np.uint32)
    grey = eight if eight.ndim == 2 else (eight @ np.array([299, 587, 114], np.uint32)) // 1000
    made: NDArray[np.uint8] = grey.astype(np.uint8)
    return made
