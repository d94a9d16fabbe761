"""The step player with a pooling in it: the player's own stage and hands, and what pooling sets and shows instead.

Its answers come by the player's way (components/player).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnviz.components import mount
from cnnviz.components.payload import pack


def pool_player(*, key: str, header: Mapping[str, Any]) -> None:
    """Place the player. `header` holds texts and limits only: while it stays the same, nothing is sent again."""
    mount("pool_player", key=key, data=pack({**header, "channel": key}))
