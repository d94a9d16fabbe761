"""Adaptive pooling against torch, one to three dimensions, with its windows, its indices and its steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import cnnviz as cv
from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.errors import InvalidSpec
from tests.core.strategies import examples, numbers

AVG = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}

Sizes = tuple[tuple[int, ...], tuple[int, ...]]
PAIRS = st.integers(1, 3).flatmap(
    lambda n: st.tuples(st.tuples(*[st.integers(1, 12 // n)] * n), st.tuples(*[st.integers(1, 9 // n)] * n))
)


@given(PAIRS, st.integers(0, 999))
@examples(400)
def test_values_and_indices_are_torchs(sizes: Sizes, seed: int) -> None:
    size, wanted = sizes
    x = numbers((2, 2, *size), seed)
    torch.testing.assert_close(cv.adaptive_pool(x, wanted), AVG[len(size)](x, wanted))
    values, places = MAX[len(size)](x, wanted, return_indices=True)
    ours, indices = cv.adaptive_pool(x, wanted, "max", return_indices=True)
    assert torch.equal(ours, values)
    assert torch.equal(indices, places)
    assert torch.equal(cv.adaptive_pool(x[0], wanted, "max"), values[0])


@given(PAIRS, st.sampled_from(["avg", "max", "lp"]))
@examples(150)
def test_steps_add_up_to_the_picture(sizes: Sizes, kind: str) -> None:
    size, wanted = sizes
    x = numbers((2, *size), 1)
    spec = AdaptivePoolSpec(wanted, kind)
    trace = spec.trace(x)
    assert trace.shape == (2, *wanted)
    assert [step.total for step in trace] == pytest.approx(spec(x).flatten().tolist())
    assert all(x[tap.input_index].item() == tap.value for step in trace for tap in step.taps)


@given(PAIRS)
@examples(150)
def test_windows_are_those_the_gradient_reaches(sizes: Sizes) -> None:
    size, wanted = sizes
    spec = AdaptivePoolSpec(wanted)
    x = torch.ones(1, 1, *size, dtype=torch.float64, requires_grad=True)
    y = AVG[len(size)](x, wanted)
    used = np.zeros(size, dtype=np.int64)
    for step in spec.trace(x.detach()[0]):
        (gradient,) = torch.autograd.grad(y[0][step.at], x, retain_graph=True)
        reached = gradient[0, 0].numpy() > 0
        assert {tap.position for tap in step.taps} == set(map(tuple, np.argwhere(reached).tolist()))
        used += reached
    assert np.array_equal(spec.usage(size), used)
    assert not any(line.any() for line in spec.unvisited(size))


@given(PAIRS)
@examples(60)
def test_the_way_back_is_the_way_there(sizes: Sizes) -> None:
    size, wanted = sizes
    spec = AdaptivePoolSpec(wanted)
    there = {
        (step.at[1:], tap.weight_index, tap.position) for step in spec.trace(np.zeros((1, *size))) for tap in step.taps
    }
    back = {(at, place, pixel) for pixel in np.ndindex(*size) for at, place in spec.feeds(size, pixel)}
    assert back == there


def test_none_keeps_an_axis() -> None:
    x = numbers((1, 3, 5, 7), 0)
    expected = F.adaptive_avg_pool2d(x, (2, None))
    torch.testing.assert_close(cv.adaptive_pool(x, (2, None)), expected)
    assert AdaptivePoolSpec((2, None)).output_size((5, 7)) == (2, 7)


def test_it_does_what_a_plain_pool_does_where_it_divides() -> None:
    x = numbers((1, 2, 6, 9), 4)
    torch.testing.assert_close(cv.adaptive_pool(x, 3), cv.avg_pool(x, (2, 3)))
    torch.testing.assert_close(cv.adaptive_pool(x, 1, "lp"), cv.global_pool(x, "lp"))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: AdaptivePoolSpec(0), "below_one"),
        (lambda: AdaptivePoolSpec((1, 2.5)), "not_whole"),
        (lambda: AdaptivePoolSpec(()), "output_size_axes"),
        (lambda: AdaptivePoolSpec((1, 1, 1, 1)), "output_size_axes"),
        (lambda: AdaptivePoolSpec((2, 2)).output_size((5,)), "size_axes"),
        (lambda: cv.adaptive_pool([1.0, 2.0], 1), "input_axes"),
        (lambda: cv.adaptive_pool(torch.zeros(1, 1, 4, 4), 2, return_indices=True), "indices_need_max"),
        (lambda: cv.adaptive_pool(torch.zeros(1, 1, 4, 4), 2**20), "too_large"),
    ],
)
def test_what_is_refused(call: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert caught.value.code == code
