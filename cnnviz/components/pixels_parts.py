"""The parts of the pixels page, one a view: each draws from (data, what the reader does), in the browser.

A view's own files lie in `components/pixels_<view>/`; what several views use lies in `components/pixels/` (pixels.css,
dom.js, local.js, planes.js ...). Every view sends `{scene: {...}}`; some also `{go}`, a wish to go to another page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from cnnviz.components import mount
from cnnviz.components.payload import pack


def place(view: str, *, key: str, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Place the view's part and give it its data."""
    mount(f"pixels_{view}", key=key, data=pack(header, **arrays))
