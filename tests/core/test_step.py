"""Steps against torch: for every output element of random layers, the taps point at the true numbers and add up."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import cnnviz as cv
from cnnviz.core.conv import ConvSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.step import Reduction, Step, Tap, Trace, unravel
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.reference import AVG_POOL, MAX_POOL, arrays, torch_conv, torch_conv_transpose
from tests.core.strategies import conv_cases, examples, numbers, pool_cases, transposed_cases


def check_sum(step: Step, x: Tensor, w: Tensor, expected: Tensor, fill: float = 0.0) -> None:
    assert step.total == expected[step.at].item()
    assert step.total == step.bias + sum(tap.product for tap in step.taps)
    for tap in step.taps:
        assert tap.value == (fill if tap.input_index is None else x[tap.input_index].item())
        assert tap.weight == w[tap.weight_index].item()
        assert tap.product == tap.value * tap.weight


@given(conv_cases())
@examples(150)
def test_every_convolution_step_adds_up_to_torchs_value(case: dict[str, Any]) -> None:
    x, w, b = arrays(case)
    expected = torch_conv(x, w, b, case["spec"])
    trace = ConvSpec(**case["spec"]).trace(x, w, b)
    assert trace.shape == tuple(expected.shape)
    assert [step.total for step in trace] == expected.flatten().tolist()
    for step in trace[:: max(len(trace) // 20, 1)]:
        check_sum(step, x, w, expected, case["spec"]["padding_value"])


@given(transposed_cases())
@examples(150)
def test_every_transposed_step_adds_up_to_torchs_value(case: dict[str, Any]) -> None:
    x, w, b = arrays(case, transposed=True)
    expected = torch_conv_transpose(x, w, b, case["spec"])
    trace = TransposedConvSpec(**case["spec"]).trace(x, w, b)
    assert [step.total for step in trace] == expected.flatten().tolist()
    for step in trace[:: max(len(trace) // 20, 1)]:
        check_sum(step, x, w, expected)


@given(pool_cases("max", dilated=True))
@examples(100)
def test_every_max_step_is_torchs_value_and_winner(case: dict[str, Any]) -> None:
    x = numbers((case["batch"], 2, *case["size"]), case["seed"])
    options = {name: value for name, value in case["spec"].items() if name != "kind"}
    values, indices = MAX_POOL[len(case["size"])](x, **options, return_indices=True)
    for step in PoolSpec(**case["spec"]).trace(x):
        assert step.total == values[step.at].item()
        assert all(tap.value == (x[tap.input_index].item() if tap.input_index else -math.inf) for tap in step.taps)
        if math.isfinite(step.total):
            assert step.winner is not None
            where = step.taps[step.winner].input_index
            assert where is not None
            assert unravel(int(indices[step.at]), case["size"]) == where[2:]


@given(pool_cases("avg", dilated=False), st.booleans())
@examples(100)
def test_every_mean_step_is_torchs_value(case: dict[str, Any], include: bool) -> None:
    if len(case["size"]) == 3:  # torch's avg_pool3d wants the kernel inside the input, whatever the padding
        case["size"] = tuple(map(max, case["size"], case["spec"]["kernel_size"]))
    x = numbers((case["batch"], 2, *case["size"]), case["seed"])
    options = {name: value for name, value in case["spec"].items() if name not in ("kind", "dilation")}
    expected = AVG_POOL[len(case["size"])](x, **options, count_include_pad=include)
    for step in PoolSpec(**case["spec"], count_include_pad=include).trace(x):
        assert step.total == pytest.approx(expected[step.at].item(), abs=1e-12)
        assert step.total == sum(tap.product for tap in step.taps)
        assert sum(tap.weight or 0.0 for tap in step.taps) == pytest.approx(1.0)


@given(pool_cases("lp", dilated=True), st.sampled_from([1.0, 2.0, 3.0]))
@examples(60)
def test_every_p_norm_step_is_the_layers_value(case: dict[str, Any], norm: float) -> None:
    x = numbers((case["batch"], 2, *case["size"]), case["seed"])
    spec = PoolSpec(**case["spec"], norm_type=norm)
    expected = spec(x)
    for step in spec.trace(x):
        assert step.total == pytest.approx(expected[step.at].item(), rel=1e-12)
        assert (step.reduction, step.norm_type) == (Reduction.LP, norm)
        assert step.total == sum(tap.product for tap in step.taps) ** (1 / norm)


@given(conv_cases())
@examples(60)
def test_feeds_and_taps_are_the_same_pairs_seen_from_both_ends(case: dict[str, Any]) -> None:
    spec = ConvSpec(**case["spec"] | {"in_channels": 1, "out_channels": 1, "groups": 1, "flip": False})
    x, w = numbers((1, *case["size"]), 0), numbers(spec.weight_shape, 1)
    steps = list(spec.trace(x, w))
    forward = sorted((t.input_index[1:], s.at[1:], t.weight_index[2:]) for s in steps for t in s.taps if t.input_index)
    pixels = [tuple(pixel) for pixel in torch.ones(case["size"]).nonzero().tolist()]
    assert sorted((pixel, *pair) for pixel in pixels for pair in spec.feeds(case["size"], pixel)) == forward


def test_float32_layers_are_explained_in_float64() -> None:
    x, w = torch.rand(1, 3, 6, 6), torch.rand(2, 3, 3, 3)
    y = cv.conv(x, w)
    step = cv.explain(x, w, at=(1, 2, 3))
    assert y.dtype == torch.float32
    assert step.total == step.bias + sum(tap.product for tap in step.taps)
    assert step.total == pytest.approx(y[0, 1, 2, 3].item(), rel=1e-5)


def test_a_written_out_step() -> None:
    """2·1 + 3·0 + 5·(−1) + 0.5 with one tap in the padding, true convolution."""
    step = cv.explain([[2, 3, 5]], [[[-1, 0, 1]]], [0.5], at=(0, 1), flip=True, padding=1)
    assert step == Step(
        at=(0, 1),
        taps=(
            Tap((0, 0), (0, 0, 2), 2.0, 1.0, 2.0, (0,)),
            Tap((0, 1), (0, 0, 1), 3.0, 0.0, 0.0, (1,)),
            Tap((0, 2), (0, 0, 0), 5.0, -1.0, -5.0, (2,)),
        ),
        bias=0.5,
        total=-2.5,
    )


def test_a_tap_in_the_padding_keeps_its_place() -> None:
    constant = cv.explain([[2, 3]], [[[1, 1]]], at=(0, 0), padding=1, padding_value=7)
    assert [(tap.input_index, tap.position, tap.value) for tap in constant.taps] == [
        (None, (-1,), 7.0),
        ((0, 0), (0,), 2.0),
    ]
    mirrored = cv.explain([[2, 3]], [[[1, 1]]], at=(0, 0), padding=1, padding_mode="reflect")
    assert [(tap.input_index, tap.position, tap.value) for tap in mirrored.taps] == [
        ((0, 1), (-1,), 3.0),
        ((0, 0), (0,), 2.0),
    ]


def test_indices_have_the_form_that_was_asked_in() -> None:
    x, w = numbers((2, 1, 4), 0), numbers((1, 1, 2), 1)
    inside = cv.explain(x, w, at=(1, 0, 2)).taps[0].input_index
    assert inside == (1, 0, 2)
    assert cv.explain(x[1], w, at=(0, 2)).taps[0].input_index == (0, 2)
    assert cv.explain(x[1:], w, at=(0, 2)).taps[0].input_index == (0, 2)


@pytest.mark.parametrize(
    ("op", "arguments", "total"),
    [
        ("conv_transpose", {"weight": [[[1, 10]]], "stride": 2, "at": (0, 0, 3)}, 20.0),
        ("max_pool", {"kernel_size": 2, "at": (0, 0, 0)}, 2.0),
        ("avg_pool", {"kernel_size": 2, "at": (0, 0, 0)}, 1.5),
        ("lp_pool", {"kernel_size": 2, "at": (0, 0, 0)}, 5**0.5),
    ],
)
def test_explain_knows_every_operation(op: str, arguments: dict[str, Any], total: float) -> None:
    assert cv.explain([[[1, 2]]], op=op, **arguments).total == pytest.approx(total)


def test_a_window_with_no_pixels_has_no_winner() -> None:
    step = PoolSpec((2,), padding=1, dilation=2).step([[7]], at=(0, 0))
    assert (step.total, step.winner) == (-math.inf, None)
    assert math.isnan(
        PoolSpec((2,), "avg", padding=1, dilation=2, count_include_pad=False).step([[7]], at=(0, 0)).total
    )


def test_nan_is_not_hidden() -> None:
    x = torch.tensor([[1.0, math.nan, 3.0]])
    assert math.isnan(PoolSpec((3,)).step(x, at=(0, 0)).total)
    assert math.isnan(PoolSpec((3,))(x).item())


class TestTrace:
    def trace(self, asked: list[tuple[int, ...]]) -> Trace:
        def step(at: tuple[int, ...]) -> Step:
            asked.append(at)
            return Step(at, (), 0.0, 0.0)

        return Trace((2, 3), step)

    def test_it_computes_only_what_is_looked_at(self) -> None:
        asked: list[tuple[int, ...]] = []
        trace = self.trace(asked)
        assert len(trace) == 6
        part = trace[2:5]
        assert (len(part), asked) == (3, [])
        assert part[0].at == (0, 2)
        assert asked == [(0, 2)]

    def test_it_is_a_sequence_in_raster_order(self) -> None:
        trace = self.trace([])
        order = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
        assert [step.at for step in trace] == order
        assert [step.at for step in reversed(trace)] == order[::-1]
        assert [step.at for step in trace[::-2]] == order[::-2]
        assert (trace[-1].at, trace.at((1, 0)).at) == ((1, 2), (1, 0))
        with pytest.raises(IndexError):
            trace[6]
