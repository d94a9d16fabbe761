"""Carries to the kernel lab what changes with every dragged cell: scene, facts, colour indices of the map.

A part of its own, so that the lab's code and texts do not travel with each change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from cnnviz.components import mount
from cnnviz.components.payload import pack


def carry(*, key: str, header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Hand `header` and `arrays` to the lab on the same page."""
    mount("kernel_live", key=key, data=pack(header, **arrays), height=1)
