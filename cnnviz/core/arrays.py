"""Arrays at the door of every operation: anything list-like in, checked floating tensors out."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.windows import Axis, source_index
from cnnviz.core.windows import check_elements as check_elements

ArrayLike: TypeAlias = Any  # a tensor, a numpy array, a number or nested lists of numbers
Grid: TypeAlias = NDArray[Any]


def tensors(**named: ArrayLike) -> tuple[Tensor, ...]:
    """The arrays as tensors of one floating dtype: the widest given, or torch's default where all are whole numbers.

    >>> a, b = tensors(input=[1, 2], weight=torch.zeros(2, dtype=torch.float64))
    >>> a.dtype, b.dtype
    (torch.float64, torch.float64)
    """
    made = [_tensor(name, value) for name, value in named.items()]
    floating = [t.dtype for t in made if t.is_floating_point()]
    dtype = floating[0] if floating else torch.get_default_dtype()
    for other in floating[1:]:
        dtype = torch.promote_types(dtype, other)
    return tuple(t.to(dtype) for t in made)


def _tensor(name: str, value: ArrayLike) -> Tensor:
    try:
        tensor = value if isinstance(value, Tensor) else torch.as_tensor(np.asarray(value))
    except (TypeError, ValueError):
        raise InvalidSpec("not_an_array", name=name) from None
    if tensor.is_complex():
        raise InvalidSpec("not_an_array", name=name)
    if isinstance(value, list | tuple | float) and tensor.dtype == torch.float64:
        return tensor.to(torch.get_default_dtype())  # Python's floats are torch's default, as in torch.tensor
    return tensor


def batched(input: Tensor, axes: int) -> tuple[Tensor, bool]:
    """The input as (N, C, *spatial), and whether the batch axis was already there."""
    shape = tuple(input.shape)
    if len(shape) not in (axes + 1, axes + 2):
        raise InvalidSpec("input_axes", shape=shape, unbatched=axes + 1, batched=axes + 2)
    if 0 in shape:
        raise InvalidSpec("empty_axis", shape=shape)
    return (input, True) if len(shape) == axes + 2 else (input.unsqueeze(0), False)


def grid(tensor: Tensor) -> Grid:
    """The numbers of a tensor for reading one by one; float32 and float64 are not copied."""
    values = tensor.detach().cpu()
    return values.numpy() if values.dtype in (torch.float32, torch.float64) else values.double().numpy()


def check_at(
    at: Sequence[int], output: tuple[int, ...], batch: int, name: str = "at"
) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
    """An index, with or without its batch number, as (index as given, batch number, index without it).

    `output` is (C, *spatial). Raises InvalidSpec where the index is outside, or names no batch element though there
    are several.
    """
    index = tuple(operator.index(number) for number in at)
    if len(index) not in (len(output), len(output) + 1):
        raise InvalidSpec("at_axes", name=name, at=index, unbatched=len(output), batched=len(output) + 1)
    full, shape = (index, output) if len(index) == len(output) else (index, (batch, *output))
    if any(not 0 <= number < length for number, length in zip(full, shape, strict=True)):
        raise InvalidSpec("at_outside", name=name, at=index, shape=shape)
    if len(index) == len(output):
        if batch != 1:
            raise InvalidSpec("at_needs_batch", name=name, at=index, batch=batch)
        return index, 0, index
    return index, index[0], index[1:]


class Layer(Protocol):
    """What `layer_arrays` asks of a spec."""

    @property
    def dims(self) -> int: ...
    @property
    def in_channels(self) -> int: ...
    @property
    def out_channels(self) -> int: ...
    @property
    def weight_shape(self) -> tuple[int, ...]: ...


def layer_arrays(
    spec: Layer, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None
) -> tuple[Tensor, Tensor, Tensor | None, bool]:
    """(N, C, *spatial) input, weight, bias and whether the input had a batch axis; shapes checked against the spec."""
    given = {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias})
    x, w, *rest = tensors(**given)
    x, had_batch = batched(x, spec.dims)
    if x.shape[1] != spec.in_channels:
        raise InvalidSpec("in_channels_differ", channels=x.shape[1], in_channels=spec.in_channels)
    check_shapes(w, rest[0] if rest else None, spec.weight_shape, spec.out_channels)
    return x, w, rest[0] if rest else None, had_batch


def check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    """Groups share the channels evenly, or InvalidSpec."""
    if in_channels % groups:
        raise InvalidSpec("groups_divide_in_channels", in_channels=in_channels, groups=groups)
    if out_channels % groups:
        raise InvalidSpec("groups_divide_out_channels", out_channels=out_channels, groups=groups)


def check_shapes(weight: Tensor, bias: Tensor | None, expected: tuple[int, ...], out_channels: int) -> None:
    """Weight and bias have the shapes the spec gives them, or InvalidSpec."""
    if tuple(weight.shape) != expected:
        raise InvalidSpec("weight_shape", shape=tuple(weight.shape), expected=expected)
    if bias is not None and tuple(bias.shape) != (out_channels,):
        raise InvalidSpec("bias_shape", shape=tuple(bias.shape), expected=(out_channels,))


def pad(x: Tensor, axes: Sequence[Axis], mode: PaddingMode, value: float) -> Tensor:
    """(N, C, *spatial) with each spatial axis padded: fill values, or the pixels `source_index` names."""
    lengths = [n + axis.before + axis.after for n, axis in zip(x.shape[2:], axes, strict=True)]
    check_elements("input", math.prod(x.shape[:2]) * math.prod(lengths))
    if mode in (PaddingMode.ZEROS, PaddingMode.CONSTANT):
        amounts = [amount for axis in reversed(axes) for amount in (axis.before, axis.after)]
        return F.pad(x, amounts, value=value)
    for number, axis in enumerate(axes, start=2):
        size = x.shape[number]
        sources = [source_index(p, size, mode) for p in range(-axis.before, size + axis.after)]
        if axis.before or axis.after:
            x = x.index_select(number, torch.tensor(sources))
    return x
