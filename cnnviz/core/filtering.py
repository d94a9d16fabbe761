"""The kernel lab's fast path: one 2-D kernel over every channel of a picture, exact to float32 rounding.

Where windows lie and what padding shows is asked of `ConvSpec`, as everywhere. What is fast was measured
(tests/benchmarks/filter_speed.py): a depthwise convolution of three channels leaves most of a vector unit idle, so
the picture is cut into 16 strips, which pass as 16 times as many channels.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from cnnviz.core.arrays import check_elements
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels.facts import as_weights, separate
from cnnviz.core.kernels.record import Weights
from cnnviz.core.padding import PaddingLike, PaddingMode, Sizes
from cnnviz.core.windows import Axis, source_index

Floats = npt.NDArray[np.float32]
STRIPS = 16
_ROWS = 256  # rows a pass of SHIFTED works on: two such blocks stay in the second-level cache


class Method(StrEnum):
    """The ways to the same numbers; `fastest` picks one by what was measured."""

    SHIFTED = "shifted"  # add shifted views of the padded picture, one a weight that is not 0
    DEPTHWISE = "depthwise"  # torch's own depthwise convolution, over strips
    SEPARABLE = "separable"  # the same twice, a row and then a column, for kernels of rank 1
    FOURIER = "fourier"  # multiply spectra, in float64


@dataclass(frozen=True)
class _Job:
    """What every method needs: the picture (C, H, W), the kernel (kh, kw) as it is laid on, and where windows lie."""

    image: Floats
    weights: Weights
    rows: Axis
    columns: Axis
    out: tuple[int, int]
    mode: PaddingMode
    value: float
    bias: float

    @property
    def stride(self) -> tuple[int, int]:
        return self.rows.stride, self.columns.stride

    @property
    def dilation(self) -> tuple[int, int]:
        return self.rows.dilation, self.columns.dilation


def filter_image(
    pixels: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    stride: Sizes = 1,
    dilation: Sizes = 1,
    padding: PaddingLike = 0,
    padding_mode: str = "zeros",
    padding_value: float = 0.0,
    bias: float = 0.0,
    flip: bool = False,
    method: Method | None = None,
) -> Floats:
    """Cross-correlate every channel of `pixels` (C, H, W) with `kernel` (kh, kw): float32 (C, H', W').

    `flip` makes it a true convolution. The arguments are those of `cnnviz.conv`, refused as there by InvalidSpec;
    `method` is for measuring, the fastest is chosen by itself.

    >>> filter_image([[[0.0, 1.0, 2.0, 3.0]]], [[-1, 0, 1]]).tolist()
    [[[2.0, 2.0]]]
    >>> filter_image([[[0.0, 1.0, 2.0, 3.0]]], [[-1, 0, 1]], padding="same", padding_mode="replicate").tolist()
    [[[1.0, 2.0, 2.0, 1.0]]]
    """
    weights = as_weights(kernel)
    spec = ConvSpec(weights.shape, 1, 1, stride, padding, dilation, 1, padding_mode, padding_value, flip)
    image = np.asarray(pixels, np.float32)
    if image.ndim != 3:
        raise InvalidSpec("input_axes", shape=image.shape, unbatched=3, batched=3)
    job = _job(image, weights[::-1, ::-1] if flip else weights, spec, float(bias))
    check_elements("output", image.shape[0] * job.out[0] * job.out[1])
    return _RUN[method or fastest(job.weights, job.stride)](job)


def _job(image: Floats, weights: Weights, spec: ConvSpec, bias: float) -> _Job:
    size = (image.shape[1], image.shape[2])
    rows, columns = spec.axes(size)
    height, width = spec.output_size(size)
    return _Job(image, weights, rows, columns, (height, width), spec.padding_mode, spec.padding_value, bias)


def fastest(weights: Weights, stride: Sequence[int] = (1, 1)) -> Method:
    """The method that was quickest for such a kernel at 512 x 512 x 3 on one thread.

    >>> fastest(np.eye(31)) is Method.SHIFTED  # 31 weights that are not 0
    True
    """
    taps, size = int(np.count_nonzero(weights)), weights.size
    # Without oneDNN torch's depthwise convolution is slow at any size.
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return Method.SHIFTED if taps < 150 else Method.FOURIER
    if taps < (2 + size / 5 if tuple(stride) == (1, 1) else size / 8):
        return Method.SHIFTED
    if min(weights.shape) > 1 and size >= 121 and separate(weights) is not None:
        return Method.SEPARABLE
    return Method.DEPTHWISE if size <= 31 * 31 else Method.FOURIER


def _laid_out(job: _Job, strips: int) -> tuple[Floats, int]:
    """The padded picture cut into overlapping strips, (C, strips, rows, width), and the output rows of a strip.

    Rows that no window of the picture meets (the last strip is rarely full) are 0.
    """
    channels, height, width = job.image.shape
    out_rows = -(-job.out[0] // strips)
    span = (out_rows - 1) * job.rows.stride + job.rows.effective
    left = job.columns.before
    cut = np.empty((channels, strips, span, left + width + job.columns.after), np.float32)
    for strip in range(strips):
        start = strip * out_rows * job.rows.stride - job.rows.before
        first = min(max(-start, 0), span)
        last = max(min(height - start, span), first)
        cut[:, strip, first:last, left : left + width] = job.image[:, start + first : start + last]
        for row in (*range(first), *range(last, span)):
            cut[:, strip, row, left : left + width] = _outside(job, start + row)
    for column in (*range(left), *range(left + width, cut.shape[3])):
        source = source_index(column - left, width, job.mode)
        cut[..., column] = job.value if source is None else cut[..., left + source]
    return cut, out_rows


def _outside(job: _Job, position: int) -> Floats | float:
    """The row (C, W) that padding shows at this position, or the one value it is filled with."""
    height = job.image.shape[1]
    if position >= height + job.rows.after:
        return 0.0
    source = source_index(position, height, job.mode)
    return job.value if source is None else job.image[:, source]


def _depthwise(job: _Job) -> Floats:
    return _strip_by_strip(job, [(job.weights, job.stride, job.dilation)])


def _separable(job: _Job) -> Floats:
    """A row, then a column; the plain way where the kernel is not of rank 1."""
    parts = separate(job.weights)
    if parts is None:
        return _depthwise(job)
    column, row = parts
    along = (row[None, :], (1, job.columns.stride), (1, job.columns.dilation))
    return _strip_by_strip(job, [along, (column[:, None], (job.rows.stride, 1), (job.rows.dilation, 1))])


def _strip_by_strip(job: _Job, passes: Sequence[tuple[Weights, tuple[int, int], tuple[int, int]]]) -> Floats:
    cut, out_rows = _laid_out(job, STRIPS)
    groups = cut.shape[0] * STRIPS
    maps = torch.from_numpy(cut).view(1, groups, *cut.shape[2:])
    for weights, stride, dilation in passes:
        kernel = torch.tensor(weights.copy(), dtype=torch.float32).expand(groups, 1, -1, -1)
        maps = F.conv2d(maps, kernel, None, stride, 0, dilation, groups)
    whole = maps.view(cut.shape[0], STRIPS * out_rows, job.out[1])[:, : job.out[0]]
    return _finish(whole, job.bias)


def _finish(maps: torch.Tensor, bias: float) -> Floats:
    whole = maps.contiguous()
    return (whole.add_(bias) if bias else whole).numpy()


def _shifted(job: _Job) -> Floats:
    """Add the padded picture to itself, shifted and weighted; weights of 0 cost nothing."""
    padded = torch.from_numpy(_laid_out(job, 1)[0][:, 0])
    taps = [(int(i), int(j), float(job.weights[i, j])) for i, j in np.argwhere(job.weights)]
    add = _add_flat if job.stride == (1, 1) and len(taps) > 1 else _add_views
    return _finish(add(job, padded, taps), job.bias)


def _add_views(job: _Job, padded: torch.Tensor, taps: Sequence[tuple[int, int, float]]) -> torch.Tensor:
    out = torch.zeros(padded.shape[0], *job.out)
    for i, j, weight in taps:
        down, right = i * job.rows.dilation, j * job.columns.dilation
        below = padded[:, down : down + (job.out[0] - 1) * job.rows.stride + 1 : job.rows.stride]
        out.add_(
            below[..., right : right + (job.out[1] - 1) * job.columns.stride + 1 : job.columns.stride], alpha=weight
        )
    return out


def _add_flat(job: _Job, padded: torch.Tensor, taps: Sequence[tuple[int, int, float]]) -> torch.Tensor:
    """With stride 1 a shift in two dimensions is one in flat memory, so each addition runs over one long vector.

    What wraps round at the end of a row falls into columns that are not taken. Blocks of rows stay in the cache.
    """
    channels, _, width = padded.shape
    shifts = [(i * job.rows.dilation * width + j * job.columns.dilation, weight) for i, j, weight in taps]
    out = torch.empty(channels, *job.out)
    room = torch.empty(_ROWS * width)
    for channel, top in itertools.product(range(channels), range(0, job.out[0], _ROWS)):
        result, flat = out[channel, top : top + _ROWS], padded[channel, top:].reshape(-1)
        length = (result.shape[0] - 1) * width + result.shape[1]
        (shift, weight), *between, (last_shift, last_weight) = shifts
        total = torch.mul(flat[shift : shift + length], weight, out=room[:length])
        for shift, weight in between:
            total.add_(flat[shift : shift + length], alpha=weight)
        block, last = (part.as_strided(result.shape, (width, 1)) for part in (total, flat[last_shift:]))
        torch.add(block, last, alpha=last_weight, out=result)
    return out


def _fourier(job: _Job) -> Floats:
    """Correlation by spectra: conj(kernel) times picture, in float64, on a grid that no window wraps round."""
    padded = torch.from_numpy(_laid_out(job, 1)[0][:, 0]).double()
    spread = np.zeros((job.rows.effective, job.columns.effective))
    spread[:: job.rows.dilation, :: job.columns.dilation] = job.weights
    grid = [_smooth_number(n) for n in padded.shape[1:]]
    spectrum = torch.fft.rfft2(padded, grid) * torch.fft.rfft2(torch.from_numpy(spread), grid).conj()
    maps = torch.fft.irfft2(spectrum, grid)[:, :: job.rows.stride, :: job.columns.stride]
    return _finish(maps[:, : job.out[0], : job.out[1]].float(), job.bias)


def _smooth_number(n: int) -> int:
    """The next number made of the factors 2, 3, 5 and 7, for which transforms are quick.

    >>> [_smooth_number(n) for n in (11, 121, 542)]
    [12, 125, 560]
    """
    rest = n
    for factor in (2, 3, 5, 7):
        while rest % factor == 0:
            rest //= factor
    return n if rest == 1 else _smooth_number(n + 1)


_RUN: dict[Method, Callable[[_Job], Floats]] = {
    Method.SHIFTED: _shifted,
    Method.DEPTHWISE: _depthwise,
    Method.SEPARABLE: _separable,
    Method.FOURIER: _fourier,
}
