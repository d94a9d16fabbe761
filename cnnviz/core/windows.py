"""The mechanism under convolution, transposed convolution and pooling: where a window lies, and on which pixels.

One axis at a time, because every window here is a box: what holds in two or three dimensions is the product of what
holds on each axis. Nothing else in cnnviz may know where a window lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode

MAX_ELEMENTS = 2**28  # 1 GiB of float32


def check_elements(name: str, elements: int) -> None:
    """Refuse a size before anything of it is allocated."""
    if elements > MAX_ELEMENTS:
        raise InvalidSpec("too_large", name=name, elements=elements, limit=MAX_ELEMENTS)


class Rounding(StrEnum):
    """What happens to the last window when the stride does not divide the way."""

    FLOOR = "floor"  # the window that does not fit is dropped
    CEIL = "ceil"  # it is kept if it starts inside the input or the padding before it (torch's ceil_mode)
    COVER_ALL = "cover_all"  # it is kept even if it starts in the padding after (Chainer)


def source_index(position: int, size: int, mode: PaddingMode) -> int | None:
    """Which input pixel a position shows: the pixel itself inside, by the mode outside, None for a fill value.

    >>> [source_index(i, 4, PaddingMode.REFLECT) for i in range(-2, 6)]
    [2, 1, 0, 1, 2, 3, 2, 1]
    """
    if 0 <= position < size:
        return position
    if mode is PaddingMode.REPLICATE:
        return 0 if position < 0 else size - 1
    if mode is PaddingMode.CIRCULAR:
        return position % size
    if mode is PaddingMode.REFLECT:
        return abs(position) if position < 0 else 2 * (size - 1) - position
    return None


@dataclass(frozen=True)
class Axis:
    """How windows lie along one axis of a convolution or a pooling.

    Window `o` starts at position `o * stride - before`; its tap `k` lies at `start + k * dilation`. Positions count
    from the first input pixel, so padding has negative positions before and positions from `size` on after.
    """

    kernel_size: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0

    @property
    def effective(self) -> int:
        """Positions a window spans, holes of the dilation included.

        >>> Axis(kernel_size=3, dilation=2).effective
        5
        """
        return self.dilation * (self.kernel_size - 1) + 1

    def room(self, size: int) -> int:
        """How far the first window can still move inside the padded input; negative if it does not fit."""
        return size + self.before + self.after - self.effective

    def unclipped(self, size: int, rounding: Rounding = Rounding.FLOOR) -> int:
        """Windows by the formula alone: floor or ceil of room / stride, plus 1."""
        room = self.room(size)
        return room // self.stride + 1 if rounding is Rounding.FLOOR else -(-room // self.stride) + 1

    def output_size(self, size: int, rounding: Rounding = Rounding.FLOOR, axis: int = 0) -> int:
        """Number of windows over an input of `size` pixels; `axis` only names the axis in the error.

        Raises InvalidSpec where not even one window fits.

        >>> Axis(kernel_size=3, stride=2, before=1, after=1).output_size(7)
        4
        """
        count = self.unclipped(size, rounding)
        if rounding is Rounding.CEIL and (count - 1) * self.stride >= size + self.before:
            count -= 1
        if count < 1:
            raise InvalidSpec(
                "kernel_exceeds_input",
                kernel_size=self.kernel_size,
                effective=self.effective,
                dilation=self.dilation,
                padded=size + self.before + self.after,
                axis=axis,
            )
        return count

    def positions(self, window: int) -> range:
        """Positions of the window's taps, padding included.

        >>> list(Axis(kernel_size=3, dilation=2, before=1).positions(0))
        [-1, 1, 3]
        """
        start = window * self.stride - self.before
        return range(start, start + self.effective, self.dilation)

    def taps(self, window: int, size: int, mode: PaddingMode = PaddingMode.ZEROS) -> tuple[tuple[int, int | None], ...]:
        """(kernel index, input index or None where a fill value is met) for each tap of the window.

        >>> Axis(kernel_size=3, before=1).taps(0, size=5)
        ((0, None), (1, 0), (2, 1))
        """
        return tuple((k, source_index(p, size, mode)) for k, p in enumerate(self.positions(window)))

    def users(
        self, index: int, size: int, rounding: Rounding = Rounding.FLOOR, mode: PaddingMode = PaddingMode.ZEROS
    ) -> tuple[tuple[int, int], ...]:
        """The way back: (window, kernel index) of every tap that meets this input pixel.

        >>> Axis(kernel_size=3).users(1, size=5)
        ((0, 1), (1, 0))
        """
        windows = range(self.output_size(size, rounding))
        return tuple((o, k) for o in windows for k, source in self.taps(o, size, mode) if source == index)

    def usage(
        self, size: int, rounding: Rounding = Rounding.FLOOR, mode: PaddingMode = PaddingMode.ZEROS
    ) -> np.ndarray:
        """How many taps of all windows meet each input pixel: int64, shape (size,).

        >>> Axis(kernel_size=3).usage(5).tolist()
        [1, 2, 3, 2, 1]
        """
        windows = self.output_size(size, rounding)
        span = max((windows - 1) * self.stride + self.effective, self.before + size)
        check_elements("usage", span)
        met = np.zeros(span, dtype=np.int64)
        for k in range(self.kernel_size):
            first = k * self.dilation
            met[first : first + (windows - 1) * self.stride + 1 : self.stride] += 1
        used = met[self.before : self.before + size].copy()
        self._add_mirrored(used, met, mode)
        return used

    def _add_mirrored(self, used: np.ndarray, met: np.ndarray, mode: PaddingMode) -> None:
        """A padded position that shows a pixel counts as a use of that pixel."""
        size = len(used)
        outside = [*range(-self.before, 0), *range(size, min(size + self.after, len(met) - self.before))]
        for position in outside:
            source = source_index(position, size, mode)
            if source is not None:
                used[source] += met[position + self.before]


@dataclass(frozen=True)
class TransposedAxis:
    """How a transposed convolution spreads along one axis.

    Input `i` adds to output `i * stride + k * dilation - before` for each kernel index k. `before` and `after` crop
    the result; `extra` (torch's output_padding) lengthens it at the end.
    """

    kernel_size: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    extra: int = 0

    @property
    def effective(self) -> int:
        """Positions the kernel spans, holes of the dilation included."""
        return self.dilation * (self.kernel_size - 1) + 1

    def output_size(self, size: int, axis: int = 0) -> int:
        """Number of outputs; InvalidSpec where the cropping leaves none.

        >>> TransposedAxis(kernel_size=3, stride=2, before=1, after=1, extra=1).output_size(6)
        12
        """
        count = (size - 1) * self.stride + self.effective - self.before - self.after + self.extra
        if count < 1:
            raise InvalidSpec("output_below_one", padding=(self.before, self.after), axis=axis, output=count)
        return count

    def taps(self, output: int, size: int) -> tuple[tuple[int, int], ...]:
        """(kernel index, input index) of each pair that adds to this output; none where only the bias arrives.

        >>> TransposedAxis(kernel_size=3, stride=2).taps(2, size=2)
        ((0, 1), (2, 0))
        """
        met = []
        for k in range(self.kernel_size):
            source, rest = divmod(output + self.before - k * self.dilation, self.stride)
            if rest == 0 and 0 <= source < size:
                met.append((k, source))
        return tuple(met)

    def targets(self, index: int, size: int) -> tuple[tuple[int, int | None], ...]:
        """(kernel index, output index or None where it is cropped away) for one input element.

        >>> TransposedAxis(kernel_size=3, stride=2, before=1, after=1).targets(0, size=2)
        ((0, None), (1, 0), (2, 1))
        """
        end = self.output_size(size)
        places = (index * self.stride + k * self.dilation - self.before for k in range(self.kernel_size))
        return tuple((k, place if 0 <= place < end else None) for k, place in enumerate(places))


@dataclass(frozen=True)
class AdaptiveAxis:
    """Windows that share an input evenly, whatever its size: adaptive pooling on one axis.

    Window `o` of `windows` covers the pixels from floor(o · size / windows) up to ceil((o + 1) · size / windows): the
    windows may differ in length by one pixel and may overlap by one. There is no padding.
    """

    size: int
    windows: int
    before: int = 0
    after: int = 0

    @property
    def longest(self) -> int:
        """Pixels of the longest window."""
        return max(len(self.positions(o)) for o in range(self.windows))

    @property
    def uniform(self) -> bool:
        """Whether all windows are equally long, side by side."""
        return self.size % self.windows == 0

    def positions(self, window: int) -> range:
        """Pixels of the window.

        >>> [list(AdaptiveAxis(size=5, windows=3).positions(o)) for o in range(3)]
        [[0, 1], [1, 2, 3], [3, 4]]
        """
        return range(window * self.size // self.windows, -(-(window + 1) * self.size // self.windows))


def check_mode(axes: Sequence[Axis], size: Sequence[int], mode: PaddingMode) -> None:
    """Refuse padding wider than what the mode can show: reflect needs size - 1 pixels, circular needs size."""
    for number, (axis, n) in enumerate(zip(axes, size, strict=True)):
        widest = max(axis.before, axis.after)
        if mode is PaddingMode.REFLECT and widest >= n:
            raise InvalidSpec("reflect_too_wide", padding=(axis.before, axis.after), size=n, axis=number)
        if mode is PaddingMode.CIRCULAR and widest > n:
            raise InvalidSpec("circular_too_wide", padding=(axis.before, axis.after), size=n, axis=number)
