"""The views of a page that has several: each a browser part of its own, with the style they share.

A view's files lie in `components/<page>_<view>/`; what several views of the page use lies in `components/<page>/`, its
style in `<page>.css`. Every view sends `{scene: {...}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy.typing as npt
import streamlit as st

from cnnviz.components import HERE, texts_of
from cnnviz.components.payload import pack


def place(page: str, view: str, *, key: str, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Place the view's part and give it its data."""
    html, _, js = texts_of(f"{page}_{view}")
    part = st.components.v2.component(f"cnnviz_{page}_{view}", html=html, css=style(page, view), js=js)
    part(key=key, data=pack(header, **arrays), height="content", on_event_change=_nothing)


@lru_cache(maxsize=64)
def style(page: str, view: str) -> str:
    """The page's shared style, the house's, and the view's own, which may overrule both."""
    common = (HERE / page / f"{page}.css").read_text("utf-8")
    return f"{common}\n{texts_of(f'{page}_{view}')[1] or ''}"


def _nothing() -> None:
    """Streamlit keeps a state value only if it has a handler; ours is read at the start of the next run."""
