"""The part with which a reader chooses the picture: upload, camera, paste, drop, samples.

It sends `{scene: {picture}}`, `{gallery}` and `{dismiss}` as events, and a reader's own file as the trigger `file`,
`{n, size, data}` with the file in base64: a trigger, unlike a state, is not sent again with everything that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnnviz.components import mount
from cnnviz.components.payload import pack

THUMB_SIDE = 72
"""Side of a small picture in the gallery, in CSS pixels; they lie side by side on one sheet."""


def row(*, key: str, header: Mapping[str, Any], sheet: bytes | None, on_file: Callable[[], None]) -> None:
    """Place the row; `on_file` is called, before the page runs, when a file arrived (`ui/state.py` hands it out)."""
    arrays = {"sheet": np.frombuffer(sheet, np.uint8)} if sheet else {}
    data = pack({**header, "side": THUMB_SIDE}, **arrays)
    mount("pictures", key=key, data=data, on_file_change=on_file)
