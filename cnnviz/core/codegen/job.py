"""What every program needs to know, once: a spec and its arrays come in, checked and brought to one shape.

Arrays become (batch, channels, *spatial), as the field writes them; each program then leaves out the axes of length
one that its reader need not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.arrays import ArrayLike, batched, layer_arrays, tensors
from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import Pairs, choice
from cnnviz.core.pool import PoolKind, PoolSpec
from cnnviz.core.pooling import Pooling
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.core.windows import Axis

Layer = ConvSpec | TransposedConvSpec | PoolSpec | AdaptivePoolSpec
Numbers = npt.NDArray[Any]

INLINE_NUMBERS = 1024
"""Arrays up to this many numbers are written into the program; larger ones are loaded from a file."""
ACTIVATIONS = ("none", "relu", "abs", "sigmoid", "tanh", "clip")
"""What may follow the layer, named as in the kernel lab."""
AXES = {1: ("i",), 2: ("row", "column"), 3: ("plane", "row", "column")}
_EXAMPLE_SIDE = 8


@dataclass(frozen=True)
class Array:
    """A named array of a program: its numbers (None for an example drawn at random), its shape, its file if any."""

    name: str
    shape: tuple[int, ...]
    values: Numbers | None
    file: str | None

    @property
    def lead(self) -> int:
        """How many leading axes have length one and can be added after writing: at most two."""
        return 0 if self.shape[0] != 1 else 1 if self.shape[1] != 1 else 2

    @property
    def repeated(self) -> bool:
        """Whether all slices along the first two axes are one and the same kernel."""
        if self.values is None or self.shape[0] * self.shape[1] == 1:
            return False
        return bool((self.values == self.values[:1, :1]).all())


@dataclass(frozen=True)
class Job:
    """A layer with its arrays, ready to be written in any language."""

    layer: Layer
    input: Array
    weight: Array | None
    bias: Numbers | None  # None: there is none
    size: tuple[int, ...]
    has_batch: bool
    activation: str

    @property
    def dims(self) -> int:
        """Number of spatial axes."""
        return len(self.size)

    @property
    def pads(self) -> Pairs:
        """(before, after) per axis for this input; for transposed convolution, what is cropped."""
        return self.layer.padding_for(self.size)

    @property
    def output_size(self) -> tuple[int, ...]:
        """Spatial size of the output."""
        return self.layer.output_size(self.size)

    @property
    def out_channels(self) -> int:
        """Channels of the output; pooling keeps those of the input."""
        return self.input.shape[1] if isinstance(self.layer, Pooling) else self.layer.out_channels

    @property
    def is_plane(self) -> bool:
        """One channel in, one out, no batch: loops over channels would say nothing."""
        one = self.input.shape[:2] == (1, 1) and self.out_channels == 1
        return one and not self.has_batch and not self.is_window_by_window

    @property
    def is_window_by_window(self) -> bool:
        """Whether it is a pooling that frameworks do not have as a layer."""
        layer = self.layer
        plain = isinstance(layer, PoolSpec) and layer.kind in (PoolKind.MAX, PoolKind.AVG, PoolKind.LP)
        return isinstance(layer, Pooling) and not plain

    @property
    def hanging(self) -> tuple[int, ...]:
        """Cells per axis that the last window of a pooling reaches beyond the padding.

        Negative where padding must be cut, because a window that would fit into it is dropped by `ceil_mode`'s rule.
        """
        if not isinstance(self.layer, PoolSpec):
            return (0,) * self.dims
        axes = zip(self.layer.axes(self.size), self.size, self.output_size, strict=True)
        return tuple(_hanging(axis, n, count) for axis, n, count in axes)


def _hanging(axis: Axis, size: int, count: int) -> int:
    over = axis.positions(count - 1)[-1] + 1 - size - axis.after
    return over if over > 0 or axis.unclipped(size) > count else 0


def job(
    layer: Layer,
    input: ArrayLike | None,
    weight: ArrayLike | None,
    bias: ArrayLike | None,
    files: Mapping[str, str] | None,
    activation: str,
) -> Job:
    """Check and shape everything. Without `input` the program draws an example; `files` names arrays to be loaded.

    Raises InvalidSpec where the arrays do not fit the layer, or `activation` is not one of ACTIVATIONS.
    """
    choice("activation", activation, ACTIVATIONS)
    named = dict(files or {})
    if input is None:
        x = Array("input", (1, _channels(layer), *_example_size(layer)), None, None)
        w = None if isinstance(layer, Pooling) else Array("weight", layer.weight_shape, None, None)
        return Job(layer, x, w, None, x.shape[2:], False, activation)
    (raw,) = tensors(input=input)
    four, has_batch = batched(raw, layer.dims)
    x = _array("input", _written(input, four.shape), named)
    layer.output_size(x.shape[2:])
    if isinstance(layer, Pooling):
        return Job(layer, x, None, None, x.shape[2:], has_batch, activation)
    layer_arrays(layer, input, weight, bias)
    b = None if bias is None else _written(bias, (layer.out_channels,))
    w = _array("weight", _written(weight, layer.weight_shape), named)
    return Job(layer, x, w, b, x.shape[2:], has_batch, activation)


def per_channel(spec: ConvSpec, kernel: ArrayLike, channels: int) -> tuple[ConvSpec, Numbers]:
    """One kernel laid on each channel by itself, as the kernel lab does: the depthwise spec and its weight.

    >>> spec, weight = per_channel(ConvSpec((1, 3)), [[1, 0, -1]], 3)
    >>> spec.groups, weight.shape
    (3, (3, 1, 1, 3))
    """
    values = np.asarray(kernel)
    wide = ConvSpec(
        spec.kernel_size, channels, channels, spec.stride, _spelled(spec), spec.dilation, channels,
        spec.padding_mode, spec.padding_value, spec.flip,
    )  # fmt: skip
    return wide, np.broadcast_to(values, (channels, 1, *values.shape)).copy()


def _spelled(spec: ConvSpec) -> Any:
    return str(spec.padding) if isinstance(spec.padding, str) else spec.padding


def _written(values: ArrayLike, shape: tuple[int, ...]) -> Numbers:
    """The numbers as they were given (whole ones stay whole), in their full shape."""
    plain = values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values)
    return plain.reshape(shape)


def _array(name: str, values: Numbers, files: Mapping[str, str]) -> Array:
    large = values.size > INLINE_NUMBERS
    return Array(name, values.shape, values, files.get(name, f"{name}.npy" if large else None))


def _channels(layer: Layer) -> int:
    return 1 if isinstance(layer, Pooling) else layer.in_channels


def _example_size(layer: Layer) -> tuple[int, ...]:
    """A size at which the layer works: as large as its kernel and its padding ask for."""
    if isinstance(layer, AdaptivePoolSpec):
        return (_EXAMPLE_SIDE,) * layer.dims
    pairs = [(0, 0)] * layer.dims if isinstance(layer.padding, str) else list(layer.padding)
    spans = [d * (k - 1) + 1 for k, d in zip(layer.kernel_size, layer.dilation, strict=True)]
    return tuple(
        max(_EXAMPLE_SIDE, span, *(amount + 1 for amount in pair)) for span, pair in zip(spans, pairs, strict=True)
    )
