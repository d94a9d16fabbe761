"""The one palette, first stop of every figure: a role or a number goes in, a colour comes out.

Shape says the same as colour everywhere (`OUTLINES`), so nothing is told by colour alone.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Theme(Enum):
    """The two grounds every figure can stand on."""

    LIGHT = "light"
    DARK = "dark"


class Role(Enum):
    """What a colour means; one meaning, one colour, everywhere."""

    INPUT = "input"
    KERNEL = "kernel"  # also the current window: it is where the kernel lies
    OUTPUT = "output"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    INK = "ink"
    SOFT = "soft"
    LINE = "line"
    PANEL = "panel"
    BACKGROUND = "background"


class Outline(Enum):
    """The shape that says the same as the colour."""

    SOLID = "solid"
    DASHED = "dashed"
    DOUBLE = "double"


OUTLINES = {Role.KERNEL: Outline.SOLID, Role.PANEL: Outline.DASHED, Role.OUTPUT: Outline.DOUBLE}
"""Window cells are outlined solid, padding cells dashed on the panel colour, the current output cell double."""

_COLOURS = {
    Role.INPUT: ("#0b57d0", "#7db0ff"),
    Role.KERNEL: ("#b05a00", "#ffb45c"),
    Role.OUTPUT: ("#00796b", "#4dd0c0"),
    Role.NEGATIVE: ("#2166ac", "#2166ac"),
    Role.POSITIVE: ("#b2182b", "#b2182b"),
    Role.INK: ("#16181d", "#eceef2"),
    Role.SOFT: ("#5b6270", "#a3abb9"),
    Role.LINE: ("#d9dde4", "#333945"),
    Role.PANEL: ("#f6f7f9", "#171a21"),
    Role.BACKGROUND: ("#ffffff", "#0f1014"),
}

CELL_STRENGTH = {Theme.LIGHT: 0.45, Theme.DARK: 0.55}
"""How far towards the full colour the largest number's cell goes: far enough to see, pale enough to read on."""


def colour(role: Role, theme: Theme) -> str:
    """The `#rrggbb` of a role on a theme.

    >>> colour(Role.OUTPUT, Theme.LIGHT), colour(Role.OUTPUT, Theme.DARK)
    ('#00796b', '#4dd0c0')
    """
    light, dark = _COLOURS[role]
    return light if theme is Theme.LIGHT else dark


def rgb(hex_colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers of 0..255.

    >>> rgb("#0b57d0")
    (11, 87, 208)
    """
    red, green, blue = bytes.fromhex(hex_colour[1:])
    return red, green, blue


def to_hex(pixel: tuple[int, int, int] | Pixels) -> str:
    """Three numbers of 0..255 as `#rrggbb`.

    >>> to_hex((11, 87, 208))
    '#0b57d0'
    """
    return "#" + bytes(int(part) for part in pixel).hex()


def signed(values: NDArray[np.floating], limit: float, theme: Theme, strength: float = 1.0) -> Pixels:
    """Colours of signed numbers on the diverging scale −limit .. 0 .. +limit, shape (...) to (..., 3).

    Zero is the background of the theme; numbers beyond the limit take the end colour, and numbers that
    are not finite the line colour. A limit of 0 (an all-zero map) gives the background everywhere.

    >>> signed(np.array([-2.0, 0.0, 2.0]), 2, Theme.LIGHT).tolist()
    [[33, 102, 172], [255, 255, 255], [178, 24, 43]]
    """
    ground, low, high, odd = (
        np.array(rgb(colour(role, theme)), float) for role in (Role.BACKGROUND, Role.NEGATIVE, Role.POSITIVE, Role.LINE)
    )
    numbers = np.asarray(values, float)
    finite = np.isfinite(numbers)
    share = np.clip(np.where(finite, numbers, 0.0) / limit, -1, 1)[..., None] * strength if limit > 0 else 0.0
    mixed = ground + np.abs(share) * (np.where(np.greater(share, 0), high, low) - ground)
    return np.rint(np.where(finite[..., None], mixed, odd)).astype(np.uint8)


def grey(values: NDArray[np.floating], low: float = 0.0, high: float = 1.0) -> Pixels:
    """Colours of unsigned numbers from black at `low` to white at `high`, shape (...) to (..., 3).

    >>> grey(np.array([0.0, 0.5, 1.0])).tolist()
    [[0, 0, 0], [128, 128, 128], [255, 255, 255]]
    """
    span = high - low if high > low else 1.0
    numbers = np.nan_to_num(np.asarray(values, float), nan=low, posinf=high, neginf=low)
    share = np.clip((numbers - low) / span, 0, 1)
    return np.repeat(np.floor(share * 255 + 0.5).astype(np.uint8)[..., None], 3, axis=-1)


def signed_cell(value: float, limit: float, theme: Theme) -> str:
    """The fill behind a number: the diverging scale, pale enough that the theme's ink reads on it.

    >>> signed_cell(0, 5, Theme.LIGHT), signed_cell(5, 5, Theme.LIGHT)
    ('#ffffff', '#dc97a0')
    """
    return to_hex(signed(np.array(value, float), limit, theme, CELL_STRENGTH[theme]))


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two colours, 1 to 21.

    Formula: (L1 + 0.05) / (L2 + 0.05) over relative luminances, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(hex_colour: str) -> float:
    parts = [part / 255 for part in rgb(hex_colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(fill: str) -> str:
    """The ink, of the two themes', that reads better on a cell of this colour.

    >>> ink_on("#000000"), ink_on("#ffffff")
    ('#eceef2', '#16181d')
    """
    return max(_COLOURS[Role.INK], key=lambda ink: contrast(ink, fill))
