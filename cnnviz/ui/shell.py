"""What every page stands in: configuration, navigation by groups, the bar, presentation mode."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from cnnviz.components import shell as part
from cnnviz.core.places import root
from cnnviz.core.scene import Scene
from cnnviz.i18n import HTML_LANG
from cnnviz.ui import state
from cnnviz.ui.rooms import rooms

BAR = "shell-bar"

# The browser loads Streamlit's code for parts when the first one comes: on a page that has none of its own the bar
# waits until the words are painted.
PAINT_FIRST = 0.08


def open_page() -> Any:
    """Take in what the bar sent, lay out the navigation, and return the page to run."""
    _take_event()
    t = state.texts()
    st.set_page_config(page_title="cnnviz", page_icon=str(root() / "assets" / "icon.png"), layout="wide")
    st.logo(str(root() / "assets" / "logo.svg"), size="medium")
    home = st.Page(root() / "pages" / "home.py", title=t("pages.home.title"), default=True)
    pages: dict[str, list[Any]] = {"": [home]}
    for room in rooms():
        page = st.Page(room.file, title=t(f"pages.{room.id}.title"), url_path=room.id)
        pages.setdefault(t(f"groups.{room.group}"), []).append(page)
    chosen = st.navigation(pages, position="top")
    st.html(_style())
    return chosen


def _take_event() -> None:
    """Language and presentation mode come from the bar before anything is written in either language."""
    sent = state.event(BAR) or {}
    if sent.get("lang") in HTML_LANG:
        state.prefer(lang=sent["lang"], chosen=True)
    if isinstance(sent.get("present"), bool):
        state.prefer(present=sent["present"])
    state.take_late(sent.get("late"))


def close_page() -> None:
    """The bar comes last, when the page's scene is what the reader sees."""
    t, chosen = state.texts(), state.preferences()
    now = state.recall("scene")
    if now is None and not state.recall("painted"):
        time.sleep(PAINT_FIRST)
    state.remember("painted", True)
    query = state.query(now if isinstance(now, Scene) else None, own=True)
    state.remember("scene", None)
    part.bar(
        key=BAR,
        lang=chosen.lang,
        html_lang=HTML_LANG[chosen.lang],
        query=query,
        present=chosen.present,
        paths=["", *(room.id for room in rooms())],
        texts=t.table("shell"),
    )


def _style() -> str:
    """The few rules no component can set: less air above the page, bigger type on a projector, chrome hidden."""
    rules = (root() / "assets" / "shell.css").read_text("utf-8")
    if state.preferences().present:
        rules += (root() / "assets" / "present.css").read_text("utf-8")
    return f"<style>{rules}</style>"
