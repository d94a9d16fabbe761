"""Kernels made from a formula: each generator declares its parameters, and the sliders are built from that.

Angles are degrees, counter-clockwise from the right as in mathematics (90 is up, although rows grow downwards).
Sizes may be even: the formula is then centred between the two middle cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels.record import MAX_SIDE, Family, Weights
from cnnviz.core.padding import choice, whole

Size = int | tuple[int, int]


def _pair(size: Size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


def _grid(size: Size) -> tuple[Weights, Weights]:
    """x to the right and y up, in cells from the centre, each (kh, kw)."""
    height, width = _pair(size)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    return x - (width - 1) / 2, (height - 1) / 2 - y


def box(size: Size = 3) -> Weights:
    """The mean of the window: every weight 1 / (kh * kw).

    >>> box((1, 4)).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    return np.full(_pair(size), 1.0 / math.prod(_pair(size)))


def gaussian(sigma: float = 1.0, size: Size = 5) -> Weights:
    """exp(-(x^2 + y^2) / (2 sigma^2)) at the cell centres, divided by the sum of it.

    >>> gaussian(1.0, 3).round(3).tolist()
    [[0.075, 0.124, 0.075], [0.124, 0.204, 0.124], [0.075, 0.124, 0.075]]
    """
    x, y = _grid(size)
    bell: Weights = np.exp(-(x**2 + y**2) / (2 * sigma**2))
    return bell / float(bell.sum())


def gabor(
    theta: float = 0.0,
    wavelength: float = 4.0,
    sigma: float = 2.0,
    gamma: float = 0.5,
    psi: float = 0.0,
    size: Size = 9,
) -> Weights:
    """A wave under a bell: exp(-(u^2 + gamma^2 v^2) / (2 sigma^2)) cos(2 pi u / wavelength + psi).

    u runs along `theta` (degrees), v across it; `psi` (degrees): 0 answers to lines, 90 to edges. J. Daugman, 1985.

    >>> gabor(theta=0, size=3, wavelength=2).round(2).tolist()
    [[-0.86, 0.97, -0.86], [-0.88, 1.0, -0.88], [-0.86, 0.97, -0.86]]
    """
    x, y = _grid(size)
    angle = math.radians(theta)
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    wave: Weights = np.cos(2 * math.pi * u / wavelength + math.radians(psi))
    return np.exp(-(u**2 + gamma**2 * v**2) / (2 * sigma**2)) * wave


def laplacian_of_gaussian(sigma: float = 1.4, size: Size = 9) -> Weights:
    """(r^2 - 2 sigma^2) / (2 pi sigma^6) exp(-r^2 / (2 sigma^2)), less its mean, so that a flat picture gives 0.

    D. Marr & E. Hildreth, Theory of edge detection, 1980: zero crossings are the edges.

    >>> kernel = laplacian_of_gaussian(1.4, 9)
    >>> bool(kernel[4, 4] < 0), round(float(abs(kernel.sum())), 12)
    (True, 0.0)
    """
    x, y = _grid(size)
    square = x**2 + y**2
    bell: Weights = np.exp(-square / (2 * sigma**2))
    hat: Weights = (square - 2 * sigma**2) / (2 * math.pi * sigma**6) * bell
    return hat - float(hat.mean())


def difference_of_gaussians(sigma: float = 1.0, ratio: float = 1.6, size: Size = 9) -> Weights:
    """gaussian(sigma) - gaussian(ratio * sigma): a band of frequencies; at a ratio of 1.6 close to -LoG.

    >>> round(float(abs(difference_of_gaussians().sum())), 12)
    0.0
    """
    return gaussian(sigma, size) - gaussian(ratio * sigma, size)


def motion_blur(length: int = 9, angle: float = 0.0) -> Weights:
    """The mean along a line through the centre, (length, length): one step a cell along the longer axis.

    Between two cells the weight is shared by distance; 45 degrees gives exactly the diagonal.

    >>> motion_blur(3, 45).round(2).tolist()
    [[0.0, 0.0, 0.33], [0.0, 0.33, 0.0], [0.33, 0.0, 0.0]]
    """
    run, rise = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    longest = max(abs(run), abs(rise))
    steps = np.arange(length, dtype=np.float64) - (length - 1) / 2
    kernel = np.zeros((length, length))
    _spread(kernel, (length - 1) / 2 - steps * rise / longest, (length - 1) / 2 + steps * run / longest)
    return kernel / float(kernel.sum())


def _spread(kernel: Weights, row: npt.NDArray[Any], column: npt.NDArray[Any]) -> None:
    """Add 1 at each real-valued (row, column), shared among the four cells around it."""
    row, column = np.round(row, 9), np.round(column, 9)  # 4.000000000001 is 4
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    for down in (0, 1):
        for right in (0, 1):
            share = (1 - abs(row - top - down)) * (1 - abs(column - left - right))
            inside = share > 0
            np.add.at(kernel, (top[inside] + down, left[inside] + right), share[inside])


def sobel_at_angle(angle: float = 0.0) -> Weights:
    """cos(angle) Sobel_x - sin(angle) Sobel_y: strongest where it gets brighter towards `angle`.

    A steered derivative: any direction is a mixture of two. W. Freeman & E. Adelson, Steerable filters, 1991.

    >>> sobel_at_angle(90).round(6).tolist()
    [[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]]
    """
    sobel_x = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    turned = math.cos(math.radians(angle)) * sobel_x - math.sin(math.radians(angle)) * sobel_x.T
    return turned.round(12) + 0.0  # cos(90 degrees) is 6e-17 in floats; + 0.0 turns -0.0 into 0.0


def random(seed: int = 0, size: Size = 3) -> Weights:
    """Uniform between -1 / sqrt(kh kw) and +1 / sqrt(kh kw): how a new torch layer with one input channel starts.

    >>> random(seed=1, size=3).round(3).tolist() == random(seed=1, size=3).round(3).tolist()
    True
    """
    bound = 1 / math.sqrt(math.prod(_pair(size)))
    return np.random.default_rng(seed).uniform(-bound, bound, _pair(size))


@dataclass(frozen=True)
class Parameter:
    """A number a generator takes: what it starts as, between which bounds, in which steps; whole when `step` is.

    >>> Parameter("size", 5, 1, 31, 1).whole, Parameter("sigma", 1.0, 0.3, 10.0, 0.1).whole
    (True, False)
    """

    name: str
    default: float
    low: float
    high: float
    step: float
    unit: str = ""

    @property
    def whole(self) -> bool:
        return isinstance(self.step, int)


@dataclass(frozen=True)
class Generator:
    """A family of kernels under a formula; `make` takes the declared parameters by name."""

    id: str
    family: Family
    parameters: tuple[Parameter, ...]
    make: Callable[..., Weights]
    source: str

    @property
    def defaults(self) -> dict[str, float]:
        return {p.name: p.default for p in self.parameters}


_SIGMA = Parameter("sigma", 1.0, 0.3, 10.0, 0.1, "cells")
_HEIGHT = Parameter("height", 5, 1, MAX_SIDE, 1, "cells")
_WIDTH = Parameter("width", 5, 1, MAX_SIDE, 1, "cells")
_ANGLE = Parameter("angle", 0, 0, 359, 1, "degrees")


def _size(default: int) -> Parameter:
    return Parameter("size", default, 1, MAX_SIDE, 1, "cells")


def _sides(function: Callable[..., Weights]) -> Callable[..., Weights]:
    """The same function, taking height and width apart, as sliders give them."""

    def make(*, height: int, width: int, **others: float) -> Weights:
        return function(size=(height, width), **others)

    return make


GENERATORS: tuple[Generator, ...] = (
    Generator("gaussian", Family.SMOOTH, (_SIGMA, _HEIGHT, _WIDTH), _sides(gaussian), "sampled normal distribution"),
    Generator("box", Family.SMOOTH, (_HEIGHT, _WIDTH), _sides(box), "mean of the window"),
    Generator(
        "motion_blur",
        Family.SMOOTH,
        (Parameter("length", 9, 1, MAX_SIDE, 1, "cells"), Parameter("angle", 0, 0, 179, 1, "degrees")),
        motion_blur,
        "mean along a line",
    ),
    Generator("sobel_at_angle", Family.EDGE, (_ANGLE,), sobel_at_angle, "W. Freeman & E. Adelson, PAMI 13, 1991"),
    Generator(
        "laplacian_of_gaussian",
        Family.EDGE,
        (Parameter("sigma", 1.4, 0.5, 6.0, 0.1, "cells"), _size(9)),
        laplacian_of_gaussian,
        "D. Marr & E. Hildreth, 1980",
    ),
    Generator(
        "difference_of_gaussians",
        Family.EDGE,
        (_SIGMA, Parameter("ratio", 1.6, 1.1, 5.0, 0.1), _size(9)),
        difference_of_gaussians,
        "D. Marr & E. Hildreth, 1980",
    ),
    Generator(
        "gabor",
        Family.TEXTURE,
        (
            Parameter("theta", 0, 0, 179, 1, "degrees"),
            Parameter("wavelength", 4.0, 2.0, 20.0, 0.5, "cells"),
            Parameter("sigma", 2.0, 0.5, 10.0, 0.1, "cells"),
            Parameter("gamma", 0.5, 0.1, 2.0, 0.1),
            Parameter("psi", 0, 0, 359, 1, "degrees"),
            _size(9),
        ),
        gabor,
        "D. Gabor, 1946; J. Daugman, JOSA A 2, 1985",
    ),
    Generator(
        "random",
        Family.TEXTURE,
        (Parameter("seed", 0, 0, 9999, 1), replace(_HEIGHT, default=3), replace(_WIDTH, default=3)),
        _sides(random),
        "torch.nn.Conv2d's own start, one input channel",
    ),
)
_BY_ID = {generator.id: generator for generator in GENERATORS}


def generate(id: str, parameters: Mapping[str, float] | None = None) -> Weights:
    """The kernel of a generator for these parameters, defaults for the rest: (kh, kw) float64.

    Raises InvalidSpec for an unknown generator or parameter, or a value outside the declared bounds.

    >>> generate("box", {"height": 1, "width": 2}).tolist()
    [[0.5, 0.5]]
    """
    choice("generator", id, _BY_ID)
    generator = _BY_ID[id]
    values = generator.defaults
    for name, value in (parameters or {}).items():
        choice("parameter", name, generator.defaults)
        values[name] = value
    return generator.make(**{p.name: _checked(p, values[p.name]) for p in generator.parameters})


def _checked(parameter: Parameter, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InvalidSpec("not_a_number", name=parameter.name, value=repr(value))
    if not parameter.low <= value <= parameter.high:  # also refuses NaN
        raise InvalidSpec("parameter_outside", name=parameter.name, value=value, low=parameter.low, high=parameter.high)
    return whole(parameter.name, int(value) if value == int(value) else value, 0) if parameter.whole else value
