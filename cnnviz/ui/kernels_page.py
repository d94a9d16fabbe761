"""The kernel lab: takes in what the reader did, computes, and hands the result to the browser parts.

While a cell is dragged the lab asks kernels_route; at rest it tells the page, of which only a fragment then runs that
holds nothing but the part with the answer. The lab itself and the picture's pixels travel with the page, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnviz.components import kernel_lab, kernel_live, store
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.kernel_lab import in_lab
from cnnviz.core.kernels import parse_matrix
from cnnviz.core.rules import Several, Whole
from cnnviz.core.scenes.kernels import CUSTOM, KernelScene
from cnnviz.core.scenes.patch_to_steps import patch_scene
from cnnviz.ui import kernels_learned, kernels_live, parts, share, state
from cnnviz.ui.kernels_export import export_of
from cnnviz.ui.kernels_library import static
from cnnviz.ui.rooms import Room
from cnnviz.ui.sentences import refused

KEY = "kernels-live"
PIXEL = Several(Whole(0, 4096), 2)


def stage(picture: Picture) -> None:
    """The lab under its picture."""
    small = in_lab(picture)
    with st.container(key="kernel-lab-stage", gap=None):
        store.keep(small.digest, key="store-kernels", pixels=small.pixels)
        chosen = state.preferences()
        kernel_lab.stage(key="kernel-lab", data=static(chosen.lang, state.scene(KernelScene).hide, chosen.present))
        _answer(picture)


def foot(picture: Picture) -> None:
    """What the screen can be taken away as, and one thing to try, in one line."""
    now = state.scene(KernelScene)
    with st.container(key="kernels-foot", horizontal=True, horizontal_alignment="distribute", gap="small"):
        share.panel(export_of(now, picture, state.texts()))
        with st.container(key="kernels-try", width="content"):
            parts.one_thing_to_try(now.PAGE)


@st.fragment
def _answer(picture: Picture) -> None:
    now, event, fault = follow()
    state.remember("scene", now)
    header, arrays = kernels_live.told(now, in_lab(picture), state.texts(), event, fault)
    more, further = kernels_learned.asked(now, in_lab(picture), state.texts(), event)
    header |= {**more, "edit": _edit(event), "query": state.query(now, own=True)}
    kernel_live.carry(key=KEY, header=header, arrays={**arrays, **further})
    if "step" in event and not header["fault"]:
        _step_through(now, picture, event["step"])


def follow() -> tuple[KernelScene, Mapping[str, Any], str]:
    """The scene after what the reader did, the event itself, and the sentence for what could not be read."""
    now = state.followed(KernelScene, KEY)
    event = state.last_event(KEY)
    text = event.get("paste")
    if not isinstance(text, str):
        return now, event, ""
    try:
        now = now.with_(kernel=CUSTOM, weights=parse_matrix(text), learned="", divisor=None, offset=None, many=False)
    except InvalidSpec as wrong:
        return now, event, _sentence(wrong)
    state.put(now)
    return now, event, ""


def _step_through(now: KernelScene, picture: Picture, place: Any) -> None:
    """Go to the step player with the piece around this output pixel."""
    try:
        row, column = PIXEL.accept(place)
    except ValueError:
        return
    small = in_lab(picture)
    size = (small.height, small.width)
    out = now.layer().output_size(size)
    at = (min(row, out[0] - 1), min(column, out[1] - 1))
    state.put(patch_scene(now, size, at, picture.width / small.width))
    st.switch_page(st.Page(Room("convolution", "basics").file))


def _sentence(fault: InvalidSpec) -> str:
    return refused(state.texts(), fault)


def _edit(event: Mapping[str, Any]) -> int:
    """Up to which change of the reader's this answer holds; remembered, for runs the lab did not ask for."""
    edit = kernels_live.edit_of(event)
    if edit is not None:
        state.remember("kernels.edit", edit)
    return int(state.recall("kernels.edit", 0))
