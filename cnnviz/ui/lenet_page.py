"""The lenet page: takes in what the reader drew or changed, and hands the network's answer to the browser parts.

While the pen moves the page asks lenet_route; at rest it tells this module, of which only a fragment then runs that
holds nothing but the part with the answer.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from cnnviz.components import kernel_live
from cnnviz.components import lenet as part
from cnnviz.core.images import Picture
from cnnviz.core.ink_samples import samples
from cnnviz.core.scenes.lenet import COLOUR, METHODS, NETWORKS, VIEWS, LenetScene
from cnnviz.core.scenes.surgery import MOST
from cnnviz.nets.datasets import available
from cnnviz.nets.pictures import FREE
from cnnviz.ui import lenet_live, lenet_nets, parts, pictures, share, state
from cnnviz.ui.lenet_export import export_of
from cnnviz.ui.lenet_input import data_of

KEY = "lenet-live"
DATA = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}


def head() -> Picture:
    """Title and picker."""
    return pictures.beside_title("lenet", LenetScene, few=("cat", "rocket", "coffee"), looked_at=_looked_at)


def _looked_at() -> bool:
    """Whether the network is shown the picture, as it is from the moment one is chosen."""
    now = state.scene(LenetScene)
    sent = state.last_event("pictures-lenet").get("scene")  # tells also of the one that was chosen already
    uploaded = state.recall("lenet.picture", now.picture) != now.picture  # taken before the page runs
    state.remember("lenet.picture", now.picture)
    if uploaded or (isinstance(sent, dict) and "picture" in sent):
        now = now.with_(source="picture")
        state.put(now)
        state.remember("scene", state.scene(LenetScene))
    return now.source == "picture"


def stage() -> None:
    """The live network."""
    now, t = state.scene(LenetScene), state.texts()
    with st.container(key="lenet-stage", gap=None):
        part.stage(key="lenet", header=_fixed(now, t.lang, state.preferences().present))
        _answer()


def _fixed(now: LenetScene, lang: str, present: bool) -> dict[str, Any]:
    """What does not change while the pen moves."""
    return {
        "lang": lang,
        "texts": state.texts().table("lenet"),
        "present": present,
        "tabs": now.shows("views"),
        "views": VIEWS,
        "nets": NETWORKS,
        "colour": COLOUR,
        "methods": METHODS,
        "samples": samples(),
        "most": MOST,
        "pictures": {net: _pictures(net) for net in NETWORKS},
        "most_edges": lenet_nets.MOST_EDGES,
    }


def _pictures(net: str) -> dict[str, str]:
    """Which test pictures of a network's data there are: all, a few of each class, or none."""
    data = data_of(net)
    there = "all" if available(data, "test") else "few" if data in FREE else "none"
    return {"there": there, "data": DATA[data]}


@st.fragment
def _answer() -> None:
    now = state.followed(LenetScene, KEY)
    event = state.last_event(KEY)
    state.remember("scene", now)
    edit = lenet_live.edit_of(event)
    if edit is not None:
        state.remember("lenet.edit", edit)
    header, arrays = lenet_live.told(now, state.texts(), event)
    header |= {"channel": "lenet", "query": state.query(now, own=True), "edit": int(state.recall("lenet.edit", 0))}
    kernel_live.carry(key=KEY, header=header, arrays=arrays)


def foot() -> None:
    """What the screen can be taken away as, and one thing to try, in one line."""
    now = state.scene(LenetScene)
    with st.container(key="lenet-foot", horizontal=True, horizontal_alignment="distribute", gap="small"):
        share.panel(export_of(now, None, state.texts()))
        if now.shows("try"):
            with st.container(key="lenet-try", width="content"):
                parts.one_thing_to_try(now.PAGE)
