"""How the shapes page is put together: which view is on the stage, what it is given, and when a picture is needed."""

from __future__ import annotations

import streamlit as st

from cnnviz.components import store, view_parts, views
from cnnviz.core.images import Picture
from cnnviz.core.scenes.shapes import VIEWS, ShapesScene
from cnnviz.core.shapes_lab import large_square
from cnnviz.ui import pictures, shapes_networks, state
from cnnviz.ui.shapes_data import data_of

TABS = "shapes-views"
WITH_PICTURE = ("fill", "field")
"""The views that show a picture, and so the picker."""


def follow() -> ShapesScene:
    """The scene after what the reader did in the view that was on the page, and after a change of view."""
    state.followed(ShapesScene, _key(state.scene(ShapesScene).view))
    return state.followed(ShapesScene, TABS)


def head() -> Picture:
    """The page's head, with the picker where a picture is shown; returns the picture in any case."""
    return pictures.head("shapes", ShapesScene, with_picker=state.scene(ShapesScene).view in WITH_PICTURE)


def stage(picture: Picture) -> ShapesScene:
    """The tabs and the view, whose height is fixed, so that nothing below it moves; returns what they show."""
    now, t = state.scene(ShapesScene), state.texts()
    with st.container(key="shapes-stage", gap="small"):
        if now.shows("views"):
            names = {view: t(f"shapes.views.{view}") for view in VIEWS}
            views.tabs(key=TABS, label=t("shapes.views.label"), names=names, chosen=now.view)
        if now.view == "field":
            store.keep(shapes_networks.square_name(picture), key="store-square", square=large_square(picture))
        header, arrays = data_of(now, picture, t)
        texts = {**t.table("shapes.common"), **t.table(f"shapes.{now.view}")}
        has_picker = now.view in WITH_PICTURE and now.shows("picker")
        header = {**header, "texts": texts, "hide": now.hide, "picker": has_picker}
        header["present"] = state.preferences().present
        view_parts.place("shapes", now.view, key=_key(now.view), header=header, arrays=arrays)
    return now


def measure() -> None:
    """The gradient that the view of fields waits for: measured last, when all else is on the screen."""
    now = state.scene(ShapesScene)
    found = shapes_networks.gradient(now) if now.view == "field" else None
    if found is not None:
        name, arrays = found
        store.keep(name, key="store-gradient", **arrays)


def _key(view: str) -> str:
    return f"shapes-{view}"
