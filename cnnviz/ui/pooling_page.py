"""How the pooling page is put together: which view is on the stage, what it is given, and when a picture is needed."""

from __future__ import annotations

import streamlit as st

from cnnviz.components import view_parts, views
from cnnviz.core.images import Picture
from cnnviz.core.scenes.pooling import VIEWS, PoolingScene
from cnnviz.ui import pictures, pooling_steps, state
from cnnviz.ui.player_answer import room_to_try
from cnnviz.ui.pooling_data import data_of

TABS = "pooling-views"


def follow() -> PoolingScene:
    """The scene after what the reader did in the view that was on the page, and after a change of view."""
    state.followed(PoolingScene, _key(state.scene(PoolingScene).view))
    return state.followed(PoolingScene, TABS)


def head() -> Picture:
    """The page's head, with the picker where a picture is shown; returns the picture in any case."""
    return pictures.head("pooling", PoolingScene, with_picker=state.scene(PoolingScene).shows_picture)


def stage(picture: Picture) -> PoolingScene:
    """The tabs and the view; returns what they show."""
    now, t = state.scene(PoolingScene), state.texts()
    with st.container(key="pooling-stage", gap="small"):
        if now.shows("views"):
            names = {view: t(f"pooling.views.{view}") for view in VIEWS}
            views.tabs(key=TABS, label=t("pooling.views.label"), names=names, chosen=now.view)
        if now.view == "steps":
            pooling_steps.stage(now, picture)
        else:
            header, arrays = data_of(now, picture)
            texts = {**t.table("pooling.common"), **t.table(f"pooling.{now.view}")}
            header = {**header, "texts": texts, "hide": now.hide, "picker": now.shows_picture and now.shows("picker")}
            header["present"] = state.preferences().present
            view_parts.place("pooling", now.view, key=_key(now.view), header=header, arrays=arrays)
    return now


def shows_try(now: PoolingScene) -> bool:
    """Whether the invitation at the foot of the page is there."""
    return now.shows("try") and (now.view != "steps" or room_to_try(now))


def _key(view: str) -> str:
    return pooling_steps.KEY if view == "steps" else f"pooling-{view}"
