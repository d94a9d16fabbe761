"""The step player with a pooling in it: the player's own stage and hands, and what pooling sets and shows instead.

Its answers come by the player's way (components/player).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from cnnviz.components import HERE, texts_of
from cnnviz.components.payload import pack


def pool_player(*, key: str, header: Mapping[str, Any]) -> None:
    """Place the player. `header` holds texts and limits only: while it stays the same, nothing is sent again."""
    html, _, js = texts_of("pool_player")
    part = st.components.v2.component("cnnviz_pool_player", html=html, css=_style(), js=js)
    part(key=key, data=pack({**header, "channel": key}), height="content", on_event_change=_nothing)


@lru_cache(maxsize=1)
def _style() -> str:
    """The player's style, and pooling's own after it."""
    return "\n".join([texts_of("player")[1] or "", (HERE / "pool_player" / "pool_player.css").read_text("utf-8")])


def _nothing() -> None:
    """Streamlit keeps a state value only if it has a handler; ours is read at the start of the next run."""
