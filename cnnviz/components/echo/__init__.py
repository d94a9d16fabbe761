"""The part that carries Python's answer to another part of the page, whose own text then travels only once.

Streamlit sends a part's JavaScript again with every change of its data; the step player's is long, its answers short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from cnnviz.components import mount
from cnnviz.components.payload import pack


def answer(to: str, *, header: Mapping[str, Any], **arrays: npt.NDArray[Any]) -> None:
    """Post `header` and `arrays` to the part that listens under the name `to` (shared/channel.js)."""
    mount("echo", key=f"store-echo-{to}", data=pack({**header, "to": to}, **arrays), height=1)
