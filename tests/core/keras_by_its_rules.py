"""The part of Keras 3 that generated programs use, by the rules of its documentation, computed by torch.

Stands in for Keras, which is no dependency: shapes, orders and refusals are Keras' own (https://keras.io/api). Where
Keras is installed the same tests run against it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

Numbers = np.ndarray


def _tuple(value: Any, dims: int) -> tuple[int, ...]:
    made = (value,) * dims if isinstance(value, int) else tuple(value)
    assert len(made) == dims, f"{value} for {dims} axes"
    return made


def _first(x: Numbers) -> torch.Tensor:
    """Channels last to torch's channels first."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)).astype(np.float64))


def _last(x: torch.Tensor) -> Numbers:
    return np.moveaxis(x.numpy(), 1, -1)


def _same(x: Numbers, spans: Sequence[int], strides: Sequence[int], value: float) -> Numbers:
    """TensorFlow's SAME: just enough for ceil(size / stride), the odd cell after."""
    pairs = []
    for n, span, s in zip(x.shape[1:-1], spans, strides, strict=True):
        total = max((-(-n // s) - 1) * s + span - n, 0)
        pairs.append((total // 2, total - total // 2))
    return np.pad(x, [(0, 0), *pairs, (0, 0)], constant_values=value)


class _Conv:
    def __init__(
        self, dims: int, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
        dilation_rate: Any = 1, groups: int = 1, use_bias: bool = True,
    ) -> None:  # fmt: skip
        self.dims, self.filters, self.groups, self.use_bias, self.padding = dims, filters, groups, use_bias, padding
        self.kernel, self.strides = _tuple(kernel_size, dims), _tuple(strides, dims)
        self.dilation = _tuple(dilation_rate, dims)
        assert padding in ("valid", "same")
        assert max(self.strides) == 1 or max(self.dilation) == 1, "`strides > 1` not supported with `dilation_rate > 1`"
        assert filters % groups == 0

    def build(self, shape: Sequence[int]) -> None:
        assert len(shape) == self.dims + 2
        assert shape[-1] % self.groups == 0
        self.weight_shape = (*self.kernel, shape[-1] // self.groups, self.filters)

    def set_weights(self, weights: list[Numbers]) -> None:
        assert [w.shape for w in weights] == [self.weight_shape, (self.filters,)][: 1 + self.use_bias]
        self.weights = weights

    def __call__(self, x: Numbers) -> Numbers:
        spans = [d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True)]
        x = _same(x, spans, self.strides, 0.0) if self.padding == "same" else x
        w = torch.from_numpy(self.weights[0].astype(np.float64)).permute(-1, -2, *range(self.dims))
        b = torch.from_numpy(self.weights[1].astype(np.float64)) if self.use_bias else None
        run = (F.conv1d, F.conv2d, F.conv3d)[self.dims - 1]
        return _last(run(_first(x), w, b, self.strides, 0, self.dilation, self.groups))


class _ConvTranspose(_Conv):
    def __init__(self, dims: int, filters: int, kernel_size: Any, strides: Any = 1, *, use_bias: bool) -> None:
        super().__init__(dims, filters, kernel_size, strides, use_bias=use_bias)

    def build(self, shape: Sequence[int]) -> None:
        self.weight_shape = (*self.kernel, self.filters, shape[-1])

    def __call__(self, x: Numbers) -> Numbers:
        return conv_transpose(x, self.weights[0], self.strides, padding="valid")


def conv_transpose(x: Numbers, kernel: Numbers, strides: Any, padding: str) -> Numbers:
    """keras.ops.conv_transpose with padding "valid": (n − 1)·s + max(k, s) outputs."""
    dims = x.ndim - 2
    steps = _tuple(strides, dims)
    assert padding == "valid"
    assert kernel.shape[-1] == x.shape[-1]
    w = torch.from_numpy(np.ascontiguousarray(kernel).astype(np.float64)).permute(-1, -2, *range(dims))
    y = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[dims - 1](_first(x), w, None, steps)
    more = [max(s - k, 0) for k, s in zip(kernel.shape[:dims], steps, strict=True)]
    return np.pad(_last(y), [(0, 0), *((0, m) for m in more), (0, 0)])


class _Pool:
    def __init__(self, dims: int, is_max: bool, pool_size: Any, strides: Any = None, padding: str = "valid") -> None:
        self.dims, self.is_max, self.padding = dims, is_max, padding
        self.size = _tuple(pool_size, dims)
        self.strides = self.size if strides is None else _tuple(strides, dims)
        assert padding == "valid" or is_max, "means with `same` leave padding out: not used here"

    def __call__(self, x: Numbers) -> Numbers:
        x = np.asarray(x)
        x = _same(x, self.size, self.strides, -np.inf) if self.padding == "same" else x
        pools = (
            (F.max_pool1d, F.max_pool2d, F.max_pool3d) if self.is_max else (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)
        )
        return _last(pools[self.dims - 1](_first(x), self.size, self.strides))


def _zero_padding(dims: int, padding: Any) -> Callable[[Numbers], Numbers]:
    pairs = [padding] if dims == 1 else list(padding)
    assert len(pairs) == dims
    assert all(len(pair) == 2 and min(pair) >= 0 for pair in pairs)
    return lambda x: np.pad(x, [(0, 0), *pairs, (0, 0)])


def _pad(x: Numbers, pad_width: Any, mode: str = "constant", constant_values: float | None = None) -> Numbers:
    assert mode in ("constant", "reflect", "symmetric")
    return np.pad(x, pad_width, mode, **({} if constant_values is None else {"constant_values": constant_values}))


def module() -> SimpleNamespace:
    """The stand-in, as `import keras` would give it."""
    layers = SimpleNamespace()
    for dims in (1, 2, 3):
        made = {
            f"Conv{dims}D": lambda *a, dims=dims, **k: _Conv(dims, *a, **k),
            f"Conv{dims}DTranspose": lambda *a, dims=dims, **k: _ConvTranspose(dims, *a, **k),
            f"ZeroPadding{dims}D": lambda padding, dims=dims: _zero_padding(dims, padding),
            f"MaxPooling{dims}D": lambda *a, dims=dims, **k: _Pool(dims, True, *a, **k),
            f"AveragePooling{dims}D": lambda *a, dims=dims, **k: _Pool(dims, False, *a, **k),
        }
        vars(layers).update(made)
    ops = SimpleNamespace(
        pad=_pad, conv_transpose=conv_transpose, concatenate=np.concatenate, stack=np.stack, max=np.max, mean=np.mean,
        abs=np.abs, add=np.add, tanh=np.tanh, clip=np.clip, relu=lambda x: np.maximum(x, 0),
        sigmoid=lambda x: 1 / (1 + np.exp(-x)), convert_to_numpy=np.asarray,
    )  # fmt: skip
    return SimpleNamespace(layers=layers, ops=ops)
