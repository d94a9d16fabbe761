"""The gallery of kernels from the textbooks: one record each, weights as published, applied without a flip.

Signs follow the picture on the screen: x grows to the right, y grows downwards, and the x kernels answer with a
positive number where it gets brighter from left to right.
"""

from __future__ import annotations

import numpy as np

from cnnviz.core.kernels.record import Family, Kernel, Matrix, Weights, rows

BINOMIAL_3 = np.array([1, 2, 1])
BINOMIAL_5 = np.array([1, 4, 6, 4, 1])
LAWS_SPOT = np.array([-1, 0, 2, 0, -1])
LAWS_RIPPLE = np.array([1, -4, 6, -4, 1])

_GONZALEZ = "Gonzalez & Woods, Digital Image Processing"
_KIRSCH = "R. Kirsch, Computers and Biomedical Research 4, 1971"
_LAWS = "K. Laws, Rapid texture identification, SPIE 238, 1980"
_BURT = "P. Burt, Fast filter transforms for image processing, 1981"
_ROBERTS = "L. Roberts, Machine perception of three-dimensional solids, 1963"
_SOBEL = "I. Sobel & G. Feldman, 1968; printed in Duda & Hart, 1973"
_PREWITT = "J. Prewitt, Object enhancement and extraction, 1970"
_SCHARR = "H. Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung, 2000"

SOBEL_X: Matrix = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
PREWITT_X: Matrix = ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1))
SCHARR_X: Matrix = ((-3, 0, 3), (-10, 0, 10), (-3, 0, 3))


def _turned(matrix: Matrix) -> Matrix:
    """The x kernel made a y kernel: rows and columns change places."""
    return rows(np.transpose(matrix))


def _unsharp() -> Weights:
    """Twice the picture minus its blur, over 256: the centre is 512 - 36 = 476, all else the blur negated."""
    sharp = -np.outer(BINOMIAL_5, BINOMIAL_5).astype(float)
    sharp[2, 2] += 512
    return sharp


def _difference_of_binomials() -> Weights:
    """The 3x3 binomial blur minus the 5x5 one, over 256."""
    return np.pad(16.0 * np.outer(BINOMIAL_3, BINOMIAL_3), 1) - np.outer(BINOMIAL_5, BINOMIAL_5)


_RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
_COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def _kirsch(turns: int) -> Matrix:
    """5, 5, 5 on the side that should be bright, -3 elsewhere on the ring, turned clockwise by 45 degrees a time."""
    matrix = np.zeros((3, 3))
    for place, cell in enumerate(_RING):
        matrix[cell] = 5 if (place - turns) % 8 < 3 else -3
    return rows(matrix)


def _gabor(angle: float) -> Matrix:
    from cnnviz.core.kernels.generators import gabor

    return rows(gabor(theta=angle, wavelength=4.0, sigma=2.0, gamma=0.5, psi=0.0, size=9).round(4))


def _k(id: str, family: Family, matrix: object, source: str, *, divisor: float = 1.0, offset: float = 0.0) -> Kernel:
    return Kernel(id, family, rows(np.asarray(matrix, np.float64)), divisor, offset, source)


_SMOOTH = (
    _k("box_3", Family.SMOOTH, np.ones((3, 3)), _GONZALEZ, divisor=9),
    _k("box_5", Family.SMOOTH, np.ones((5, 5)), _GONZALEZ, divisor=25),
    _k("gaussian_3", Family.SMOOTH, np.outer(BINOMIAL_3, BINOMIAL_3), _BURT, divisor=16),
    _k("gaussian_5", Family.SMOOTH, np.outer(BINOMIAL_5, BINOMIAL_5), _BURT, divisor=256),
    _k("motion_diagonal", Family.SMOOTH, np.eye(3), _GONZALEZ, divisor=3),
    _k("motion_horizontal", Family.SMOOTH, np.ones((1, 9)), _GONZALEZ, divisor=9),
)
_SHARPEN = (
    _k("sharpen", Family.SHARPEN, ((0, -1, 0), (-1, 5, -1), (0, -1, 0)), _GONZALEZ),
    _k("sharpen_8", Family.SHARPEN, ((-1, -1, -1), (-1, 9, -1), (-1, -1, -1)), _GONZALEZ),
    _k("unsharp_5", Family.SHARPEN, _unsharp(), f"2 x picture - binomial blur; {_GONZALEZ}", divisor=256),
)
_EDGE = (
    _k("sobel_x", Family.EDGE, SOBEL_X, _SOBEL),
    _k("sobel_y", Family.EDGE, _turned(SOBEL_X), _SOBEL),
    _k("prewitt_x", Family.EDGE, PREWITT_X, _PREWITT),
    _k("prewitt_y", Family.EDGE, _turned(PREWITT_X), _PREWITT),
    _k("scharr_x", Family.EDGE, SCHARR_X, _SCHARR),
    _k("scharr_y", Family.EDGE, _turned(SCHARR_X), _SCHARR),
    _k("roberts_down", Family.EDGE, ((1, 0), (0, -1)), _ROBERTS),
    _k("roberts_up", Family.EDGE, ((0, 1), (-1, 0)), _ROBERTS),
    _k("laplacian_4", Family.EDGE, ((0, 1, 0), (1, -4, 1), (0, 1, 0)), _GONZALEZ),
    _k("laplacian_8", Family.EDGE, ((1, 1, 1), (1, -8, 1), (1, 1, 1)), _GONZALEZ),
    _k(
        "log_5",
        Family.EDGE,
        ((0, 0, -1, 0, 0), (0, -1, -2, -1, 0), (-1, -2, 16, -2, -1), (0, -1, -2, -1, 0), (0, 0, -1, 0, 0)),
        f"D. Marr & E. Hildreth, 1980; whole numbers from {_GONZALEZ}",
    ),
    _k("dog_5", Family.EDGE, _difference_of_binomials(), f"D. Marr & E. Hildreth, 1980; {_BURT}", divisor=256),
)
_COMPASSES = tuple(_k(f"kirsch_{name}", Family.COMPASS, _kirsch(turn), _KIRSCH) for turn, name in enumerate(_COMPASS))
_LINE = (
    _k("line_horizontal", Family.LINE, ((-1, -1, -1), (2, 2, 2), (-1, -1, -1)), _GONZALEZ),
    _k("line_vertical", Family.LINE, ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)), _GONZALEZ),
    _k("line_down", Family.LINE, ((2, -1, -1), (-1, 2, -1), (-1, -1, 2)), _GONZALEZ),
    _k("line_up", Family.LINE, ((-1, -1, 2), (-1, 2, -1), (2, -1, -1)), _GONZALEZ),
)
_DAUGMAN = "D. Gabor, 1946; J. Daugman, JOSA A 2, 1985"
_TEXTURE = (
    _k("gabor_0", Family.TEXTURE, _gabor(0), _DAUGMAN),
    _k("gabor_45", Family.TEXTURE, _gabor(45), _DAUGMAN),
    _k("gabor_90", Family.TEXTURE, _gabor(90), _DAUGMAN),
    _k("gabor_135", Family.TEXTURE, _gabor(135), _DAUGMAN),
    _k("laws_spot", Family.TEXTURE, np.outer(LAWS_SPOT, LAWS_SPOT), _LAWS),
    _k("laws_ripple", Family.TEXTURE, np.outer(LAWS_RIPPLE, LAWS_RIPPLE), _LAWS),
)
_EMBOSS = (
    _k("emboss", Family.EMBOSS, ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)), "in image editors since the 1990s"),
    _k(
        "emboss_relief",
        Family.EMBOSS,
        ((-1, -1, 0), (-1, 0, 1), (0, 1, 1)),
        "in image editors since the 1990s",
        offset=0.5,
    ),
)
_IDENTITY = (_k("identity", Family.IDENTITY, ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "the unit impulse"),)

PRESETS: tuple[Kernel, ...] = (
    *_IDENTITY,
    *_SMOOTH,
    *_SHARPEN,
    *_EDGE,
    *_COMPASSES,
    *_LINE,
    *_TEXTURE,
    *_EMBOSS,
)
_BY_ID = {kernel.id: kernel for kernel in PRESETS}


def preset(id: str) -> Kernel:
    """The record with this id; KeyError names the ids there are.

    >>> preset("sobel_x").matrix[1]
    (-2.0, 0.0, 2.0)
    """
    if id not in _BY_ID:
        raise KeyError(f"no kernel {id!r}; there are {', '.join(_BY_ID)}")
    return _BY_ID[id]


def by_family() -> dict[Family, tuple[Kernel, ...]]:
    """The presets of each family, in the order of the gallery.

    >>> [kernel.id for kernel in by_family()[Family.SHARPEN]]
    ['sharpen', 'sharpen_8', 'unsharp_5']
    """
    return {family: tuple(k for k in PRESETS if k.family is family) for family in Family}
