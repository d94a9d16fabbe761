"""Random layers with their arrays, for the tests of generated programs."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.codegen import Layer
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pooling import Pooling
from cnnviz.core.transposed import TransposedConvSpec

Case = tuple[Layer, np.ndarray, tuple[np.ndarray | None, ...]]


def _per_axis(draw: st.DrawFn, dims: int, low: int, high: int) -> tuple[int, ...]:
    return tuple(draw(st.integers(low, high)) for _ in range(dims))


def _padding(draw: st.DrawFn, dims: int, words: tuple[str, ...]) -> Any:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(words))
    if draw(st.booleans()):
        return draw(st.integers(0, 2))
    return tuple(_per_axis(draw, 2, 0, 2) for _ in range(dims))


def _numbers(draw: st.DrawFn, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    kind = draw(st.sampled_from(["whole", "float32", "float64"]))
    values = rng.integers(-9, 10, shape) if kind == "whole" else rng.normal(size=shape).round(3)
    return values if kind == "whole" else values.astype(kind)


def _batch(draw: st.DrawFn) -> tuple[int, ...]:
    return draw(st.sampled_from([(), (), (1,), (2,)]))


def _slide(draw: st.DrawFn, dims: int) -> dict[str, Any]:
    return {
        "kernel_size": _per_axis(draw, dims, 1, 3),
        "stride": _per_axis(draw, dims, 1, 3),
        "dilation": _per_axis(draw, dims, 1, 2),
    }


@st.composite
def conv_cases(draw: st.DrawFn) -> Case:
    dims, groups = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    channels = {"in_channels": groups * draw(st.integers(1, 2)), "out_channels": groups * draw(st.integers(1, 2))}
    words = ("valid", "same", "same_upper", "same_lower", "full", "causal")
    mode = draw(st.sampled_from(["zeros", "zeros", "constant", "reflect", "replicate", "circular"]))
    fill = {"padding_mode": mode, "padding_value": 1.5 if mode == "constant" else 0.0, "flip": draw(st.booleans())}
    spec = ConvSpec(**_slide(draw, dims), **channels, groups=groups, padding=_padding(draw, dims, words), **fill)
    return _with_arrays(draw, spec, spec.in_channels)


@st.composite
def transposed_cases(draw: st.DrawFn) -> Case:
    dims, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    channels = {"in_channels": groups * draw(st.integers(1, 2)), "out_channels": groups * draw(st.integers(1, 2))}
    words = ("valid", "same", "same_upper", "same_lower", "full")
    padding, slide = _padding(draw, dims, words), _slide(draw, dims)
    try:
        spec = TransposedConvSpec(
            **slide, **channels, groups=groups, padding=padding, output_padding=_per_axis(draw, dims, 0, 2)
        )
    except InvalidSpec:
        assume(False)
    return _with_arrays(draw, spec, spec.in_channels)


@st.composite
def pool_cases(draw: st.DrawFn, kinds: tuple[str, ...] = ("max", "avg", "lp")) -> Case:
    dims = draw(st.integers(1, 3))
    how = {
        "kind": draw(st.sampled_from(kinds)),
        "ceil_mode": draw(st.booleans()),
        "count_include_pad": draw(st.booleans()),
        "norm_type": draw(st.sampled_from([1.0, 2.0, 3.0, 2.5])),
        "cover_all": draw(st.integers(0, 4)) == 0,
        "k": draw(st.integers(1, 4)),
        "seed": draw(st.sampled_from([None, 0, 3])),
    }
    try:
        spec = PoolSpec(**_slide(draw, dims), padding=_padding(draw, dims, ("valid", "same", "same_upper")), **how)
    except InvalidSpec:
        assume(False)
    return _with_arrays(draw, spec, draw(st.integers(1, 3)))


@st.composite
def rare_pool_cases(draw: st.DrawFn) -> Case:
    """Kinds that frameworks do not have, and windows that share the input out."""
    if draw(st.booleans()):
        case = draw(pool_cases(("median", "k_max", "stochastic", "k_means")))
        assume(np.isfinite(result(case)).all())  # no window without a pixel: Python has no mean of nothing
        return case
    output = tuple(draw(st.sampled_from([None, 1, 2, 3])) for _ in range(draw(st.integers(1, 3))))
    kind = draw(st.sampled_from(["max", "avg", "lp", "median", "k_max", "stochastic", "k_means"]))
    p, seed = draw(st.sampled_from([1.0, 2.0, 2.5])), draw(st.sampled_from([None, 5]))
    return _with_arrays(draw, AdaptivePoolSpec(output, kind, norm_type=p, seed=seed), draw(st.integers(1, 2)))


def _with_arrays(draw: st.DrawFn, spec: Layer, channels: int) -> Case:
    size = _per_axis(draw, spec.dims, 1, 4 if spec.dims == 3 else 7)  # small enough to be written out
    x = _numbers(draw, (*_batch(draw), channels, *size))
    try:
        spec.output_size(size)
    except InvalidSpec:
        assume(False)
    if isinstance(spec, Pooling):
        return spec, x, ()
    bias = _numbers(draw, (spec.out_channels,)) if draw(st.booleans()) else None
    return spec, x, (_numbers(draw, spec.weight_shape), bias)


def result(case: Case) -> np.ndarray:
    """What the layer itself gives, computed in float64."""
    layer, x, arrays = case
    exact = [array if array is None else array.astype(float) for array in arrays]
    return layer(x.astype(float), *exact).numpy()


def run(code: str) -> dict[str, Any]:
    """The names a program leaves behind; its printing goes nowhere."""
    names: dict[str, Any] = {"print": lambda *_: None}
    with np.errstate(invalid="ignore"):  # a mean over nothing is no number, here as in the layer
        exec(compile(code, "generated.py", "exec"), names)
    return names
