"""Random layers and inputs for the property tests: small, legal, and with every option in play.

Numbers are whole and held in float64, so that sums are exact whatever their order and results compare with ==.
HYPOTHESIS_PROFILE=thorough draws twenty times as many.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from torch import Tensor

FACTOR = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1
MODES = ("zeros", "constant", "reflect", "replicate", "circular")

Options = dict[str, Any]
DIMS = st.integers(1, 3)


def examples(count: int) -> Callable[[Any], Any]:
    """How many specs a property is tried on."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count * FACTOR, deadline=None, suppress_health_check=slow)


def per_axis(dims: int, low: int, high: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(low, high)] * dims)


def numbers(shape: tuple[int, ...], seed: int) -> Tensor:
    """Whole numbers from -9 to 9 in float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-9, 10, shape, generator=generator).double()


@st.composite
def conv_cases(draw: st.DrawFn, *, dims: st.SearchStrategy[int] = DIMS, bias: bool = True) -> Options:
    """{"size", "batch", "seed", "spec": keyword arguments of a legal ConvSpec, "bias"}."""
    n = draw(dims)
    kernel, dilation = draw(per_axis(n, 1, 4 if n < 3 else 2)), draw(per_axis(n, 1, 3 if n < 3 else 2))
    mode = draw(st.sampled_from(MODES))
    size = []
    pairs = []
    for k, d in zip(kernel, dilation, strict=True):
        reach = d * (k - 1)
        length = draw(st.integers(1, 9 if n < 3 else 5))
        widest = {"reflect": length - 1, "circular": length}.get(mode, 4)
        before, after = draw(st.integers(0, widest)), draw(st.integers(0, widest))
        missing = max(reach + 1 - length - before - after, 0)
        size.append(length + missing)
        pairs.append((before, after))
    groups = draw(st.integers(1, 3))
    spec = {
        "kernel_size": kernel,
        "in_channels": groups * draw(st.integers(1, 2)),
        "out_channels": groups * draw(st.integers(1, 2)),
        "stride": draw(per_axis(n, 1, 3)),
        "padding": tuple(pairs),
        "dilation": dilation,
        "groups": groups,
        "padding_mode": mode,
        "padding_value": float(draw(st.integers(-3, 3))) if mode == "constant" else 0.0,
        "flip": draw(st.booleans()),
    }
    more = {"batch": draw(st.integers(1, 2)), "seed": draw(st.integers(0, 10**6)), "bias": bias and draw(st.booleans())}
    return {"size": tuple(size), "spec": spec, **more}


@st.composite
def transposed_cases(draw: st.DrawFn, *, torch_only: bool = True) -> Options:
    """As `conv_cases`, for a TransposedConvSpec; `torch_only` keeps to what torch itself takes."""
    n = draw(DIMS)
    kernel, dilation, stride = (draw(per_axis(n, 1, high)) for high in ((4, 3, 3) if n < 3 else (2, 2, 2)))
    size, padding, extra = [], [], []
    for k, d, s in zip(kernel, dilation, stride, strict=True):
        length = draw(st.integers(1, 6 if n < 3 else 4))
        more = draw(st.integers(0, max(s, d) - 1 if torch_only else max(s, d) + 2))
        full = (length - 1) * s + d * (k - 1) + 1 + more
        before = draw(st.integers(0, (full - 1) // 2))
        after = before if torch_only else draw(st.integers(0, full - 1 - before))
        size.append(length)
        extra.append(more)
        padding.append(before if torch_only else (before, after))
    groups = draw(st.integers(1, 3))
    spec = {
        "kernel_size": kernel,
        "in_channels": groups * draw(st.integers(1, 2)),
        "out_channels": groups * draw(st.integers(1, 2)),
        "stride": stride,
        "padding": tuple(padding) if torch_only or n > 1 else (padding[0],),
        "output_padding": tuple(extra),
        "dilation": dilation,
        "groups": groups,
    }
    more = {"batch": draw(st.integers(1, 2)), "seed": draw(st.integers(0, 10**6)), "bias": draw(st.booleans())}
    return {"size": tuple(size), "spec": spec, **more}


@st.composite
def pool_cases(draw: st.DrawFn, kind: str, *, dilated: bool, padded: bool = True) -> Options:
    """{"size", "batch", "seed", "spec": keyword arguments of a PoolSpec that torch takes}."""
    n = draw(DIMS)
    kernel = draw(per_axis(n, 1, 4 if n < 3 else 3))
    dilation = draw(per_axis(n, 1, 3 if n < 3 else 2)) if dilated else (1,) * n
    padding, size = [], []
    for k, d in zip(kernel, dilation, strict=True):
        amount = draw(st.integers(0, k // 2)) if padded else 0
        padding.append(amount)
        size.append(max(draw(st.integers(1, 10 if n < 3 else 6)), d * (k - 1) + 1 - 2 * amount))
    spec = {
        "kernel_size": kernel,
        "kind": kind,
        "stride": draw(per_axis(n, 1, 4)),
        "padding": tuple(padding),
        "dilation": dilation,
        "ceil_mode": draw(st.booleans()),
    }
    more = {"batch": draw(st.integers(1, 2)), "seed": draw(st.integers(0, 10**6))}
    return {"size": tuple(size), "spec": spec, **more}
