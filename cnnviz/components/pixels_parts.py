"""The parts of the pixels page, one a view: each draws from (data, what the reader does), in the browser.

A view's own files lie in `components/pixels_<view>/`; what several views use lies in `components/pixels/` (pixels.css,
dom.js, local.js, planes.js ...). Every view sends `{scene: {...}}`; some also `{go}`, a wish to go to another page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy.typing as npt
import streamlit as st

from cnnviz.components import HERE, texts_of
from cnnviz.components.payload import pack


def place(view: str, *, key: str, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Place the view's part and give it its data."""
    html, _, js = texts_of(f"pixels_{view}")
    part = st.components.v2.component(f"cnnviz_pixels_{view}", html=html, css=_style(view), js=js)
    part(key=key, data=pack(header, **arrays), height="content", on_event_change=_nothing)


@lru_cache(maxsize=16)
def _style(view: str) -> str:
    """The shared style, the page's, and the view's own, which may overrule both."""
    common = (HERE / "pixels" / "pixels.css").read_text("utf-8")
    return f"{common}\n{texts_of(f'pixels_{view}')[1] or ''}"


def _nothing() -> None:
    """Streamlit keeps a state value only if it has a handler; ours is read at the start of the next run."""
