"""The views of a page that has several: each a browser part of its own, with the style they share.

A view's files lie in `components/<page>_<view>/`; what several views of the page use lies in `components/<page>/`, its
style in `<page>.css`. Every view sends `{scene: {...}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from cnnviz.components import mount
from cnnviz.components.payload import pack


def place(page: str, view: str, *, key: str, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Place the view's part and give it its data."""
    mount(f"{page}_{view}", key=key, data=pack({**header, "page": page}, **arrays))
