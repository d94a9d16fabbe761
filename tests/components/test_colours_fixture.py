"""The browser's colours are the figures' colours: the fixture tests/js reads is what figures/palette.py gives now.

CNNVIZ_WRITE_FIXTURES=1 writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.figures.palette import Role, Theme, colour, grey, ink_on, signed, signed_cell

PLACE = Path(__file__).parent.parent / "js" / "fixtures" / "colours.json"
SHARES: list[float | None] = [*(i / 127 for i in range(-127, 128)), -3.0, 3.0, None]
VALUES = [-5.0, -4.0, -1.25, -0.001, 0.0, 0.3, 2.5, 5.0, 9.0]
LIMIT = 5.0


def made() -> dict[str, Any]:
    """Colours of many numbers in both themes."""
    levels = np.linspace(-0.2, 1.2, 57)
    return {
        "shares": SHARES,
        "values": VALUES,
        "limit": LIMIT,
        "greys": [[float(v), int(pixel[0])] for v, pixel in zip(levels, grey(levels), strict=True)],
        **{theme.value: _theme(theme) for theme in Theme},
    }


def _theme(theme: Theme) -> dict[str, Any]:
    cells = [signed_cell(value, LIMIT, theme) for value in VALUES]
    numbers = np.array([np.nan if share is None else share for share in SHARES])
    return {
        "roles": {role.value: colour(role, theme) for role in Role},
        "signed": signed(numbers, 1.0, theme).tolist(),
        "cells": cells,
        "inks": [ink_on(cell) for cell in cells],
    }


def test_the_committed_fixture_is_what_the_palette_gives() -> None:
    if os.environ.get("CNNVIZ_WRITE_FIXTURES") == "1":
        PLACE.write_text(json.dumps(made(), separators=(",", ":")) + "\n", "utf-8")
    assert json.loads(PLACE.read_text("utf-8")) == made()
