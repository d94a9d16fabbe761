"""How the pixels page is put together: which view is on the stage, what it is given, and what leads to other pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnviz.components import store, view_parts, views
from cnnviz.core.images import Picture
from cnnviz.core.pixels_lab import from_picture
from cnnviz.core.scenes.convolution import LARGEST_INPUT, ConvolutionScene
from cnnviz.core.scenes.pixels import PAINT_SIDES, VIEWS, PixelsScene
from cnnviz.ui import pictures, state
from cnnviz.ui.pixels_data import NEEDS_PICTURE, data_of
from cnnviz.ui.rooms import rooms

TABS = "pixels-views"


def follow() -> PixelsScene:
    """The scene after what the reader did in the view that was on the page, and after a change of view."""
    key = _key(state.scene(PixelsScene).view)
    now = state.followed(PixelsScene, key)
    _go(now, state.last_event(key))
    _paint(state.last_event(key))
    return state.followed(PixelsScene, TABS)


def stage(picture: Picture) -> PixelsScene:
    """The tabs and the view, whose height is fixed, so that nothing below it moves; returns what they show."""
    now, t = state.scene(PixelsScene), state.texts()
    with st.container(key="pixels-stage", gap="small"):
        if now.shows("views"):
            names = {view: t(f"pixels.views.{view}") for view in VIEWS}
            views.tabs(key=TABS, label=t("pixels.views.label"), names=names, chosen=now.view)
        if now.view in NEEDS_PICTURE:
            store.keep(stored_name(picture), key="store-picture", pixels=picture.pixels)
        header, arrays = data_of(now, picture, t)
        texts = {**t.table("pixels.common"), **t.table(f"pixels.{now.view}")}
        header = {**header, "texts": texts, "stored": stored_name(picture), "present": state.preferences().present}
        view_parts.place("pixels", now.view, key=_key(now.view), header=header, arrays=arrays)
    return now


def stored_name(picture: Picture) -> str:
    """Under which name the browser holds the picture's numbers."""
    return f"picture-{picture.digest}"


def _key(view: str) -> str:
    return f"pixels-{view}"


def _go(now: PixelsScene, sent: Mapping[str, Any]) -> None:
    """A wish to see a piece of the picture, or the painted cells, as the input of the step player."""
    if sent.get("go") != "convolution":
        return
    player = state.scene(ConvolutionScene)
    if now.view == "paint":
        state.put(player.merged({"source": "hand", "cells": now.cells, "step": 0}))
    elif isinstance(sent.get("window"), Mapping):
        state.put(player.merged(piece_of(now, sent["window"])))
    room = next((room for room in rooms() if room.id == ConvolutionScene.PAGE), None)
    if room is not None:
        st.switch_page(st.Page(room.file))


def _paint(sent: Mapping[str, Any]) -> None:
    """A wish to have the picture on the easel."""
    side = sent.get("from_picture")
    if isinstance(side, int) and PAINT_SIDES[0] <= side <= PAINT_SIDES[1]:
        cells = from_picture(pictures.current(PixelsScene), side)
        state.put(state.scene(PixelsScene).with_(cells=cells, brush=255.0))


def piece_of(now: PixelsScene, window: Mapping[str, Any]) -> dict[str, Any]:
    """The step player's fields for a window {row, col, rows, cols} on the picture; the merge checks every one."""
    sizes = [window.get("rows"), window.get("cols")]
    within = [min(n, LARGEST_INPUT) if isinstance(n, int) else n for n in sizes]
    piece = [window.get("row"), window.get("col")]
    return {"source": "picture", "picture": now.picture, "every": 1, "piece": piece, "size": within, "step": 0}
