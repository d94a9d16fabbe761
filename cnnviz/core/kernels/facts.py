"""What can be said about a kernel without a picture: sums, range, rank, symmetry, frequencies, anchor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels.record import Weights

_RANK_TOLERANCE = 1e-10


@dataclass(frozen=True)
class KernelFacts:
    """The numbers beside the kernel grid; `low` and `high` bound the response to a picture in [0, 1].

    `total` is the gain for a flat picture (DC gain), `noise_gain` what white noise is multiplied by.
    """

    size: tuple[int, int]
    total: float
    absolute: float
    low: float
    high: float
    noise_gain: float
    rank: int
    point_symmetric: bool
    anchor: tuple[int, int]

    @property
    def separable(self) -> bool:
        """Whether the kernel is a column times a row."""
        return self.rank == 1

    @property
    def cost(self) -> int:
        """Multiplications per output element as it stands: kh * kw."""
        return self.size[0] * self.size[1]

    @property
    def separable_cost(self) -> int:
        """Multiplications as a sum of `rank` pairs of a column and a row: rank * (kh + kw)."""
        return self.rank * (self.size[0] + self.size[1])


def as_weights(matrix: npt.ArrayLike) -> Weights:
    """Any matrix of numbers as float64 (kh, kw); InvalidSpec if it is not one or holds something not finite.

    >>> as_weights([[1, 2]]).shape
    (1, 2)
    """
    try:
        weights = np.array(matrix, np.float64)
    except (TypeError, ValueError):
        raise InvalidSpec("not_an_array", name="matrix") from None
    if weights.ndim != 2 or weights.size == 0:
        raise InvalidSpec("kernel_not_a_matrix", shape=weights.shape)
    if not np.isfinite(weights).all():
        raise InvalidSpec("kernel_not_finite")
    return weights


def kernel_facts(matrix: npt.ArrayLike) -> KernelFacts:
    """Sums, range, rank, symmetry and anchor of a kernel (kh, kw). Raises InvalidSpec if it is not a finite matrix.

    >>> facts = kernel_facts([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> facts.total, facts.absolute, (facts.low, facts.high), facts.rank, facts.separable, facts.point_symmetric
    (0.0, 8.0, (-4.0, 4.0), 1, True, False)
    """
    weights = as_weights(matrix)
    return KernelFacts(
        size=(weights.shape[0], weights.shape[1]),
        total=float(weights.sum()),
        absolute=float(abs(weights).sum()),
        low=float(weights[weights < 0].sum()),
        high=float(weights[weights > 0].sum()),
        noise_gain=float(np.sqrt((weights**2).sum())),
        rank=rank(weights),
        point_symmetric=bool(np.allclose(weights, weights[::-1, ::-1], rtol=1e-9, atol=0)),
        anchor=anchor(weights.shape),
    )


def rank(matrix: npt.ArrayLike) -> int:
    """How many columns-times-rows the kernel is a sum of: singular values above 1e-10 of the largest.

    >>> rank([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), rank([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), rank([[0]])
    (1, 2, 0)
    """
    singular = np.linalg.svd(as_weights(matrix), compute_uv=False)
    return int((singular > _RANK_TOLERANCE * singular[0]).sum())


def separate(matrix: npt.ArrayLike) -> tuple[Weights, Weights] | None:
    """Column (kh,) and row (kw,) whose outer product is the kernel, or None where its rank is not 1.

    The row is one of the kernel's own rows and the column says how often it is taken, so whole numbers stay whole.

    >>> separate([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    (array([0.5, 1. , 0.5]), array([-2.,  0.,  2.]))
    """
    weights = as_weights(matrix)
    at = np.unravel_index(np.argmax(abs(weights)), weights.shape)
    if rank(weights) != 1:
        return None
    return weights[:, at[1]] / weights[at], weights[at[0]].copy()


def normalise(matrix: npt.ArrayLike) -> Weights:
    """The kernel divided by its sum; one that sums to 0 by the sum of its positive weights: the map stays in [-1, 1].

    Raises InvalidSpec where every weight is 0.

    >>> normalise([[1, 2, 1]]).tolist(), normalise([[-2, 0, 2]]).tolist()
    ([[0.25, 0.5, 0.25]], [[-1.0, 0.0, 1.0]])
    """
    weights = as_weights(matrix)
    absolute = float(abs(weights).sum())
    if absolute == 0:
        raise InvalidSpec("kernel_all_zero")
    total = float(weights.sum())
    return weights / (total if abs(total) > 1e-9 * absolute else weights[weights > 0].sum())


def frequency_response(matrix: npt.ArrayLike, n: int = 64) -> Weights:
    """How much of each frequency passes: |FFT| of the kernel on an (n, n) grid, frequency 0 at [n // 2, n // 2].

    The axes run from -0.5 to 0.5 cycles per pixel. Raises InvalidSpec if `n` is smaller than the kernel.

    >>> response = frequency_response([[0.25, 0.5, 0.25]], n=4)
    >>> response[2].round(6).tolist()  # frequencies -0.5, -0.25, 0, 0.25 along x
    [0.0, 0.5, 1.0, 0.5]
    """
    weights = as_weights(matrix)
    if not max(weights.shape) <= n <= 1024:
        raise InvalidSpec("parameter_outside", name="n", value=n, low=max(weights.shape), high=1024)
    return np.fft.fftshift(abs(np.fft.fft2(weights, (n, n))))


def anchor(kernel_size: int | Sequence[int]) -> tuple[int, int]:
    """The cell (row, column) that lies on the output's own pixel under "same" padding: (k - 1) // 2.

    An even kernel has no middle; torch puts the odd padding cell to the right and below.

    >>> anchor(3), anchor((2, 5)), anchor(4)
    ((1, 1), (0, 2), (1, 1))
    """
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (height - 1) // 2, (width - 1) // 2
