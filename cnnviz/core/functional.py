"""The functions of the public API (`import cnnviz as cv`): each makes its spec from the arrays and calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from cnnviz.core.arrays import ArrayLike, tensors
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingLike, Sizes
from cnnviz.core.step import Step


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
    the input's layout. `flip` makes it a convolution in the mathematician's sense. Raises InvalidSpec.

    >>> conv([[1, 2, 3, 4]], [[[1, 0, -1]]], padding="same", padding_mode="replicate")
    tensor([[-1., -2., -2., -1.]])
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    more = {"padding_mode": padding_mode, "padding_value": padding_value, "flip": flip}
    return conv_spec(weight, **options, **more)(input, weight, bias)


def conv_spec(weight: ArrayLike, **options: Any) -> ConvSpec:
    """The spec of a convolution with this weight; `groups` is among the options."""
    (w,) = tensors(weight=weight)
    if not 3 <= w.ndim <= 5:
        raise InvalidSpec("weight_axes", shape=tuple(w.shape))
    out_channels, per_group, *kernel = w.shape
    groups = options.get("groups", 1)
    in_channels = per_group * groups if isinstance(groups, int) else per_group
    return ConvSpec(tuple(kernel), in_channels=in_channels, out_channels=out_channels, **options)


def explain(
    input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, *, at: Sequence[int], **options: Any
) -> Step:
    """The Step behind output element `at` of `conv(input, weight, bias, **options)`.

    >>> explain([[1, 2, 3]], [[[10, 1]]], at=(0, 0)).total
    12.0
    """
    return conv_spec(weight, **options).step(input, weight, bias, at=at)
