"""The live network: a sheet to draw on, every map of every layer, a layer, a unit, and what was done to them.

It listens to the part `kernel_live` on the same page (its answers travel apart from its code and texts) and asks the
server itself while the pen moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnviz.components import mount
from cnnviz.components.payload import pack


def stage(*, key: str, header: Mapping[str, Any]) -> None:
    """Place the part; `header` holds what does not change while the pen moves."""
    mount("lenet", key=key, data=pack(header))
