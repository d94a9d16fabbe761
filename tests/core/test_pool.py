"""PoolSpec against torch.nn.functional over random specs, and where torch has no such pooling, against plain loops."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from tests.core.reference import AVG_POOL, LP_POOL, MAX_POOL
from tests.core.strategies import examples, numbers, pool_cases


def images(case: dict[str, Any]) -> torch.Tensor:
    return numbers((case["batch"], 2, *case["size"]), case["seed"])


def without(spec: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if name not in names}


@given(pool_cases("max", dilated=True))
@examples(800)
def test_max_and_its_indices_are_torchs(case: dict[str, Any]) -> None:
    x, options = images(case), without(case["spec"], "kind")
    values, indices = MAX_POOL[len(case["size"])](x, **options, return_indices=True)
    ours, places = cv.max_pool(x, **options, return_indices=True)
    seen = torch.isfinite(values)  # a dilated window can miss every pixel: nothing to index
    assert torch.equal(ours, values)
    assert torch.equal(places[seen], indices[seen])
    assert bool((places[~seen] == -1).all())
    assert torch.equal(cv.max_pool(x, **options), values)
    assert torch.equal(PoolSpec(**case["spec"])(x[0]), values[0])


@given(pool_cases("avg", dilated=False), st.booleans())
@examples(600)
def test_mean_is_torchs(case: dict[str, Any], include: bool) -> None:
    if len(case["size"]) == 3:  # torch's avg_pool3d wants the kernel inside the input, whatever the padding
        case["size"] = tuple(map(max, case["size"], case["spec"]["kernel_size"]))
    x, options = images(case), without(case["spec"], "kind", "dilation") | {"count_include_pad": include}
    expected = AVG_POOL[len(case["size"])](x, **options)
    torch.testing.assert_close(cv.avg_pool(x, **options), expected, rtol=1e-12, atol=1e-12)


@given(pool_cases("lp", dilated=False, padded=False), st.sampled_from([1.0, 2.0, 3.0, 2.5]))
@examples(400)
def test_p_norm_is_torchs(case: dict[str, Any], norm: float) -> None:
    x, options = images(case).abs(), without(case["spec"], "kind", "dilation", "padding")
    alone = {
        name: value[0] if len(case["size"]) == 1 else value for name, value in options.items() if name != "ceil_mode"
    }
    expected = LP_POOL[len(case["size"])](x, norm, ceil_mode=options["ceil_mode"], **alone)
    torch.testing.assert_close(cv.lp_pool(x, norm_type=norm, **options), expected, rtol=1e-9, atol=1e-9)


@given(pool_cases("max", dilated=True))
@examples(200)
def test_sizes_are_torchs(case: dict[str, Any]) -> None:
    options = without(case["spec"], "kind")
    expected = MAX_POOL[len(case["size"])](images(case), **options)
    assert PoolSpec(**case["spec"]).output_size(case["size"]) == tuple(expected.shape[2:])
    assert cv.output_size("pool", case["size"], **options) == tuple(expected.shape[2:])


@given(pool_cases("max", dilated=True), st.data())
@examples(250)
def test_unequal_padding_is_torchs_after_minus_infinity(case: dict[str, Any], data: st.DataObject) -> None:
    spec = case["spec"] | {"ceil_mode": False}
    reach = [d * (k - 1) for k, d in zip(spec["kernel_size"], spec["dilation"], strict=True)]
    pairs = tuple(data.draw(st.tuples(st.integers(0, r), st.integers(0, r))) for r in reach)
    size = tuple(max(n, r + 1) for n, r in zip(case["size"], reach, strict=True))
    x = images(case | {"size": size})
    amounts = [amount for pair in reversed(pairs) for amount in pair]
    options = without(spec, "kind", "padding")
    expected = MAX_POOL[len(size)](F.pad(x, amounts, value=-math.inf), **options)
    assert torch.equal(PoolSpec(**spec | {"padding": pairs})(x), expected)


def looped_mean(x: torch.Tensor, spec: PoolSpec, include: bool) -> list[float]:
    """The definition, in loops, for one plane of a 2-D pooling without ceil_mode."""
    means = []
    (top, bottom), (left, right) = spec.padding_for(tuple(x.shape))
    (kh, kw), (sh, sw), (dh, dw) = spec.kernel_size, spec.stride, spec.dilation
    for y in range(-top, x.shape[0] + bottom - dh * (kh - 1), sh):
        for z in range(-left, x.shape[1] + right - dw * (kw - 1), sw):
            spots = itertools.product(range(y, y + dh * (kh - 1) + 1, dh), range(z, z + dw * (kw - 1) + 1, dw))
            met = [x[i, j].item() if 0 <= i < x.shape[0] and 0 <= j < x.shape[1] else None for i, j in spots]
            inside = [value for value in met if value is not None]
            means.append(sum(inside) / (len(met) if include else len(inside)) if include or inside else math.nan)
    return means


@given(pool_cases("avg", dilated=True), st.booleans())
@examples(150)
def test_dilated_mean_is_the_definition(case: dict[str, Any], include: bool) -> None:
    if len(case["size"]) != 2:
        return
    spec = PoolSpec(**case["spec"] | {"ceil_mode": False, "count_include_pad": include})
    x = images(case)
    expected = torch.tensor(looped_mean(x[0, 1], spec, include), dtype=torch.float64)
    torch.testing.assert_close(spec(x)[0, 1].flatten(), expected, rtol=1e-12, atol=1e-12, equal_nan=True)


def test_p_norm_takes_absolute_values() -> None:
    """ONNX's definition; torch sums signed powers, and gives nan for (−3)³ + 2³."""
    assert cv.lp_pool([[[-3.0, 2.0]]], 2, norm_type=3).item() == pytest.approx(35 ** (1 / 3))


def test_cover_all_keeps_a_window_that_starts_in_the_padding() -> None:
    options = {"stride": 3, "padding": 2, "ceil_mode": True}
    assert cv.output_size("pool", 10, 4, **options) == 4
    assert cv.output_size("pool", 10, 4, **options, cover_all=True) == 5
    spec = PoolSpec((4,), stride=3, padding=2, cover_all=True)
    assert spec(torch.arange(10.0)[None]).tolist() == [[1, 4, 7, 9, -math.inf]]
    assert spec.with_indices(torch.arange(10.0)[None])[1].tolist() == [[1, 4, 7, 9, -1]]


@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 4, 5), (1, 2, 3, 4, 5)])
def test_global_pools_are_torchs_adaptive_ones(shape: tuple[int, ...]) -> None:
    x = numbers(shape, 0)
    dims = len(shape) - 2
    mean = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}[dims](x, 1)
    largest = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}[dims](x, 1)
    torch.testing.assert_close(cv.global_pool(x), mean)
    assert torch.equal(cv.global_pool(x, "max"), largest)
    norm = torch.linalg.vector_norm(x.flatten(2), dim=-1).reshape(mean.shape)
    torch.testing.assert_close(cv.global_pool(x, "lp"), norm)


def test_equals_go_to_the_first_in_reading_order() -> None:
    values, places = cv.max_pool(torch.zeros(1, 1, 4, 4), 2, return_indices=True)
    assert places.flatten().tolist() == [0, 2, 8, 10]
    assert F.max_unpool2d(values + 1, places, 2).flatten().nonzero().flatten().tolist() == [0, 2, 8, 10]


def test_torchs_padding_limit_holds_where_torch_is_spoken() -> None:
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    with pytest.raises(RuntimeError, match="at most half"):
        F.max_pool2d(x, 3, padding=2)
    with pytest.raises(InvalidSpec, match="at most half"):
        cv.max_pool(x, 3, padding=2)
    assert cv.max_pool(x, 3, stride=2, padding=((2, 2), (2, 2))).shape == (1, 1, 3, 3)
    assert PoolSpec(3, padding=((1, 1), (1, 1)), torch_limits=True).torch_limits
    with pytest.raises(InvalidSpec, match="at most half"):
        PoolSpec(3, padding=((2, 2), (2, 2)), torch_limits=True)


def test_stride_is_the_kernel_unless_given() -> None:
    assert PoolSpec((2, 3)).stride == (2, 3)
    assert cv.max_pool(torch.zeros(1, 1, 6, 6), (2, 3)).shape == (1, 1, 3, 2)


def test_whole_numbers_can_be_pooled() -> None:
    assert cv.max_pool(torch.tensor([[[1, 5, 2, 3]]], dtype=torch.uint8), 2).tolist() == [[[5, 3]]]
    assert cv.avg_pool([[[1, 2]]], 2).tolist() == [[[1.5]]]


def test_pooling_learns_nothing() -> None:
    assert (PoolSpec(2).parameters(), PoolSpec(2).macs((4, 4))) == (0, 0)
