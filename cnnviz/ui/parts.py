"""The pieces every page is made of: its title and reason, one thing to try, a sentence when something is wrong."""

from __future__ import annotations

from html import escape

import streamlit as st

from cnnviz.core.scene import Scene
from cnnviz.ui import state


def header(page: str, now: Scene) -> None:
    """Title and one sentence why; registers `now` as what the address bar says."""
    t = state.texts()
    state.remember("scene", now)
    term = t(f"pages.{page}.term") if t.has(f"pages.{page}.term") else ""
    small = f"<span class='term'>{escape(term)}</span>" if term else ""
    with st.container(key="page-intro"):
        st.html(f"<h1>{escape(t(f'pages.{page}.title'))} {small}</h1><p>{escape(t(f'pages.{page}.why'))}</p>")


def one_thing_to_try(page: str) -> None:
    """The invitation at the foot of the page."""
    with st.container(key="page-try"):
        st.html(f"<p>{escape(state.texts()(f'pages.{page}.try'))}</p>")


def sentence(code: str, table: str = "errors", **values: object) -> str:
    """The reader's sentence for a fault: `table` and `code` name it, `values` fill it."""
    return state.texts()(f"{table}.{code}", **values)


def fault(text: str) -> None:
    """Say what was wrong and what to do; what was on the page stays."""
    st.warning(text, icon=None)
