"""The part that carries one unchanging array to the browser for the other parts of the page to read by name.

Streamlit does not send an unchanged element again, so a picture travels once while the kernel beside it is dragged.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from cnnviz.components import mount
from cnnviz.components.payload import pack


def keep(name: str, key: str, **arrays: npt.NDArray[Any]) -> None:
    """Hold `arrays` in the page under `name` (a digest); shared/store.js hands them out."""
    mount("store", key=key, data=pack({"name": name}, **arrays), height=1)
