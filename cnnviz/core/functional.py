"""The functions of the public API (`import cnnviz as cv`): each makes its spec from the arguments and calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

from torch import Tensor

from cnnviz.core.arithmetic import Op
from cnnviz.core.arrays import ArrayLike, tensors
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingLike, Sizes, choice, per_axis, sequence, whole
from cnnviz.core.pool import PoolSpec
from cnnviz.core.step import Step
from cnnviz.core.transposed import TransposedConvSpec

Spec = ConvSpec | TransposedConvSpec | PoolSpec
POOLS = {"max_pool": "max", "avg_pool": "avg", "lp_pool": "lp"}


def conv(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Sizes = 1,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    padding_value: float = 0.0,
    flip: bool = False,
) -> Tensor:
    """Convolution in 1, 2 or 3 dimensions, by the weight's axes.

    `input` is (N, C, *spatial) or (C, *spatial), `weight` (out, C / groups, *kernel), `bias` (out,); the result has
    the input's layout. `flip` turns the kernel round: convolution in the mathematician's sense. Raises InvalidSpec.

    >>> conv([[1, 2, 3, 4]], [[[1, 0, -1]]], padding="same", padding_mode="replicate")
    tensor([[-1., -2., -2., -1.]])
    """
    slide = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    fill = {"padding_mode": padding_mode, "padding_value": padding_value, "flip": flip}
    return conv_spec(weight, **slide, **fill)(input, weight, bias)


def conv_transpose(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Sizes = 1,
    padding: PaddingLike = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Transposed convolution in 1, 2 or 3 dimensions, by the weight's axes.

    `input` is (N, C, *spatial) or (C, *spatial), `weight` (C, out / groups, *kernel), `bias` (out,). Raises
    InvalidSpec.

    >>> conv_transpose([[1, 2]], [[[1, 10]]], stride=2)
    tensor([[ 1., 10.,  2., 20.]])
    """
    spread = {"stride": stride, "padding": padding, "output_padding": output_padding}
    return transposed_spec(weight, **spread, dilation=dilation, groups=groups)(input, weight, bias)


@overload
def max_pool(
    input: ArrayLike,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor: ...
@overload
def max_pool(
    input: ArrayLike,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool(
    input: ArrayLike,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """The largest number of each window; with `return_indices` also where it was, flat in its plane, as torch does.

    A `kernel_size` of one number is for (N, C, *spatial) input, one per spatial axis for (C, *spatial) too.

    >>> max_pool([[[1, 3, 2, 0]]], 2)
    tensor([[[3., 2.]]])
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    spec = pool_spec(input, kernel_size, kind="max", **options)
    return spec.with_indices(input) if return_indices else spec(input)


def avg_pool(
    input: ArrayLike,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window; without `count_include_pad` only of the pixels in it.

    >>> avg_pool([[[2, 4, 6]]], 2, stride=1, padding=1, count_include_pad=False)
    tensor([[[2., 3., 5., 6.]]])
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    return pool_spec(input, kernel_size, kind="avg", count_include_pad=count_include_pad, **options)(input)


def lp_pool(
    input: ArrayLike,
    kernel_size: Sizes,
    *,
    norm_type: float = 2.0,
    stride: Sizes | None = None,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """The p-norm of each window, p = `norm_type`, of absolute values (ONNX); torch's where it has one.

    >>> lp_pool([[[3, -4, 0, 0]]], 2)
    tensor([[[5., 0.]]])
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    return pool_spec(input, kernel_size, kind="lp", norm_type=norm_type, **options)(input)


def global_pool(input: ArrayLike, kind: str = "avg", *, norm_type: float = 2.0) -> Tensor:
    """Each channel of (N, C, *spatial) as one number, its spatial axes kept with size 1: "avg", "max" or "lp".

    >>> global_pool([[[1, 2, 3]]])
    tensor([[[2.]]])
    """
    (x,) = tensors(input=input)
    kernel = _pooled_axes(tuple(x.shape))
    return PoolSpec(kernel, kind, norm_type=norm_type)(x)


@overload
def output_size(
    op: str,
    size: int,
    kernel_size: Sizes,
    *,
    stride: Sizes = 1,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    output_padding: Sizes = 0,
    ceil_mode: bool = False,
    cover_all: bool = False,
) -> int: ...
@overload
def output_size(
    op: str,
    size: Sequence[int],
    kernel_size: Sizes,
    *,
    stride: Sizes = 1,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    output_padding: Sizes = 0,
    ceil_mode: bool = False,
    cover_all: bool = False,
) -> tuple[int, ...]: ...
def output_size(
    op: str,
    size: int | Sequence[int],
    kernel_size: Sizes,
    *,
    stride: Sizes = 1,
    padding: PaddingLike = 0,
    dilation: Sizes = 1,
    output_padding: Sizes = 0,
    ceil_mode: bool = False,
    cover_all: bool = False,
) -> int | tuple[int, ...]:
    """The size of the output: of one axis for an int, of each for a sequence. Raises InvalidSpec where there is none.

    `op` is "conv", "conv_transpose" or "pool" ("max_pool", "avg_pool" and "lp_pool" are "pool"). On one axis
    `padding` may be (before, after). `ceil_mode` and `cover_all` are for "pool", `output_padding` for
    "conv_transpose".

    >>> output_size("conv", 224, 7, stride=2, padding=3), output_size("pool", (6, 5), 3, stride=2, ceil_mode=True)
    (112, (3, 2))
    """
    choice("op", op, (*Op, *POOLS))
    sizes = sequence(size)
    axes = 1 if sizes is None else len(sizes)
    kernel = per_axis("kernel_size", kernel_size, axes, 1)
    options: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    if op == Op.CONV:
        spec: Spec = ConvSpec(kernel, **options)
    elif op == Op.CONV_TRANSPOSE:
        spec = TransposedConvSpec(kernel, output_padding=output_padding, **options)
    else:
        spec = PoolSpec(kernel, ceil_mode=ceil_mode, cover_all=cover_all, **options)
    result = spec.output_size(per_axis("size", size, axes, 1))
    return result[0] if sizes is None else result


def explain(
    input: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    at: Sequence[int],
    op: str = "conv",
    **options: Any,
) -> Step:
    """The Step behind output element `at`: which inputs met which weights, and what they add up to.

    `op` is "conv", "conv_transpose", "max_pool", "avg_pool" or "lp_pool", the options are those of the function of
    that name; a pooling takes `kernel_size` among them and no weight. `at` is (channel, *spatial), or
    (batch number, channel, *spatial).

    >>> explain([[1, 2, 3]], [[[10, 1]]], at=(0, 0)).total
    12.0
    >>> explain([[[1, 3, 2, 0]]], op="max_pool", kernel_size=2, at=(0, 1)).total
    2.0
    """
    choice("op", op, ("conv", "conv_transpose", *POOLS))
    if op in POOLS:
        return pool_spec(input, kind=POOLS[op], **options).step(input, at=at)
    if weight is None:
        raise InvalidSpec("weight_missing", op=repr(op))
    make = conv_spec if op == "conv" else transposed_spec
    return make(weight, **options).step(input, weight, bias, at=at)


def conv_spec(weight: ArrayLike, **options: Any) -> ConvSpec:
    """The spec of a convolution with this weight (out, in / groups, *kernel); `groups` is among the options.

    >>> conv_spec([[[1, 0, -1]]], padding="same").padding
    ((1, 1),)
    """
    out_channels, per_group, kernel = _weight_axes(weight)
    in_channels = per_group * whole("groups", options.get("groups", 1), 1)
    return ConvSpec(kernel, in_channels=in_channels, out_channels=out_channels, **options)


def transposed_spec(weight: ArrayLike, **options: Any) -> TransposedConvSpec:
    """The spec of a transposed convolution with this weight (in, out / groups, *kernel)."""
    in_channels, per_group, kernel = _weight_axes(weight)
    out_channels = per_group * whole("groups", options.get("groups", 1), 1)
    return TransposedConvSpec(kernel, in_channels=in_channels, out_channels=out_channels, **options)


def pool_spec(input: ArrayLike, kernel_size: Sizes, **options: Any) -> PoolSpec:
    """The spec of a pooling; a kernel of one number has the spatial axes of an (N, C, *spatial) input."""
    if sequence(kernel_size) is not None:
        return PoolSpec(kernel_size, **options)
    (x,) = tensors(input=input)
    axes = len(_pooled_axes(tuple(x.shape)))
    return PoolSpec(per_axis("kernel_size", kernel_size, axes, 1), **options)


def _pooled_axes(shape: tuple[int, ...]) -> tuple[int, ...]:
    if not 3 <= len(shape) <= 5:
        raise InvalidSpec("pool_axes", shape=shape)
    if 0 in shape:
        raise InvalidSpec("empty_axis", shape=shape)
    return shape[2:]


def _weight_axes(weight: ArrayLike) -> tuple[int, int, tuple[int, ...]]:
    (w,) = tensors(weight=weight)
    if not 3 <= w.ndim <= 5:
        raise InvalidSpec("weight_axes", shape=tuple(w.shape))
    first, second, *kernel = w.shape
    return first, second, tuple(kernel)
