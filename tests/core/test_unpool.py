"""Unpooling, switches and gradient routing against torch; ONNX's way of counting against ONNX's own numbers."""

from __future__ import annotations

from pathlib import Path
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
from cnnviz.core.pool import PoolSpec
from cnnviz.core.unpool import UnpoolSpec, from_onnx, route_gradient, to_onnx
from tests.core.golden import array, close, onnx_cases, rows
from tests.core.reference import AVG_POOL, MAX_POOL
from tests.core.strategies import examples, numbers, pool_cases

UNPOOL = {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}


def pooled(case: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A picture, its maxima and where they were, from torch."""
    x = numbers((case["batch"], 2, *case["size"]), case["seed"])
    options = {name: value for name, value in case["spec"].items() if name != "kind"}
    return x, *MAX_POOL[len(case["size"])](x, **options, return_indices=True)


@given(pool_cases("max", dilated=False))
@examples(300)
def test_values_are_torchs(case: dict[str, Any]) -> None:
    _, values, indices = pooled(case)
    spec, size = case["spec"], case["size"]
    expected = UNPOOL[len(size)](values, indices, spec["kernel_size"], spec["stride"], spec["padding"], size)
    unpool = UnpoolSpec(spec["kernel_size"], spec["stride"], spec["padding"])
    found = unpool(values, indices, size)
    assert torch.equal(found, expected)
    trace = unpool.trace(values[0], indices[0], size)
    some = trace[:: max(1, len(trace) // 30)]
    assert [step.total for step in some] == [expected[0][step.at].item() for step in some]
    assert all(values[0][tap.input_index].item() == tap.value for step in some for tap in step.taps)


@given(pool_cases("max", dilated=False, padded=False))
@examples(200)
def test_the_size_it_makes_by_itself_is_torchs(case: dict[str, Any]) -> None:
    case["spec"] |= {"stride": case["spec"]["kernel_size"], "ceil_mode": False}
    _, values, indices = pooled(case)
    spec = case["spec"]
    unpool = UnpoolSpec(spec["kernel_size"])
    natural = torch.zeros_like(indices)  # an index that lies in every plane
    expected = UNPOOL[len(case["size"])](values, natural, spec["kernel_size"])
    assert unpool(values, natural).shape == expected.shape
    assert unpool.output_size(values.shape[2:]) == tuple(expected.shape[2:])
    assert tuple(d.output for d in unpool.derivation(values.shape[2:])) == tuple(expected.shape[2:])


def test_of_several_values_for_one_place_the_last_counts() -> None:
    found = cv.max_unpool(torch.tensor([[[7.0, 8.0, 9.0]]]), torch.tensor([[[2, 2, 0]]]), 1)
    assert found.tolist() == [[[9.0, 0.0, 8.0]]]


@given(pool_cases("max", dilated=True))
@examples(250)
def test_the_gradient_of_max_goes_where_torch_sends_it(case: dict[str, Any]) -> None:
    x = numbers((case["batch"], 2, *case["size"]), case["seed"]).requires_grad_()
    options = {name: value for name, value in case["spec"].items() if name != "kind"}
    y = MAX_POOL[len(case["size"])](x, **options)
    if not torch.isfinite(y).all():
        return  # a window that meets no pixel: torch has no place to send its gradient to
    gradient = numbers(tuple(y.shape), case["seed"] + 1)
    (expected,) = torch.autograd.grad(y, x, gradient)
    assert torch.equal(route_gradient(PoolSpec(**case["spec"]), x.detach(), gradient), expected)


@given(pool_cases("avg", dilated=False))
@examples(150)
def test_the_gradient_of_a_mean_is_shared_out(case: dict[str, Any]) -> None:
    if len(case["size"]) == 3:  # torch's avg_pool3d wants the kernel inside the input, whatever the padding
        case["size"] = tuple(map(max, case["size"], case["spec"]["kernel_size"]))
    x = numbers((case["batch"], 2, *case["size"]), case["seed"]).requires_grad_()
    options = {name: value for name, value in case["spec"].items() if name not in ("kind", "dilation")}
    y = AVG_POOL[len(case["size"])](x, **options)
    gradient = numbers(tuple(y.shape), case["seed"] + 1)
    (expected,) = torch.autograd.grad(y, x, gradient)
    torch.testing.assert_close(route_gradient(PoolSpec(**case["spec"]), x.detach(), gradient), expected)


def test_equals_send_it_to_the_first() -> None:
    gradient = route_gradient(PoolSpec(2), torch.zeros(1, 2, 2), torch.ones(1, 1, 1))
    assert gradient.tolist() == [[[1.0, 0.0], [0.0, 0.0]]]
    shared = route_gradient(PoolSpec(2, "median"), torch.tensor([[[1.0, 2.0], [3.0, 9.0]]]), torch.ones(1, 1, 1))
    assert shared.tolist() == [[[0.0, 0.5], [0.5, 0.0]]]


def test_the_gradient_of_adaptive_pooling() -> None:
    x = numbers((1, 2, 5, 7), 1).requires_grad_()
    for kind, run in (("max", F.adaptive_max_pool2d), ("avg", F.adaptive_avg_pool2d)):
        (expected,) = torch.autograd.grad(run(x, (3, 4)).sum(), x)
        found = route_gradient(AdaptivePoolSpec((3, 4), kind), x.detach(), torch.ones(1, 2, 3, 4))
        torch.testing.assert_close(found, expected)


@pytest.mark.shared
def test_onnxs_unpooling(shared: Path) -> None:
    for case, inputs, outputs in onnx_cases(shared, "MaxUnpool"):
        attributes = case["onnx_attributes"]
        shape = (
            *inputs["input"].shape[:2],
            *UnpoolSpec(attributes["kernel_shape"]).output_size(inputs["input"].shape[2:]),
        )
        size = outputs["output"].shape[2:]
        indices = from_onnx(inputs["indices"], shape, output_size=size)
        found = cv.max_unpool(
            inputs["input"], indices, attributes["kernel_shape"], stride=attributes["strides"], output_size=size
        )
        assert close(case, found, outputs["output"])


@pytest.mark.shared
def test_torchs_own_example(shared: Path) -> None:
    (case,) = [row for row in rows(shared, "textbook_values") if row["op"] == "max_unpool2d"]
    values, indices = cv.max_pool(array(case["inputs"]["pooled_from"]), 2, return_indices=True)
    assert torch.equal(cv.max_unpool(values, indices, 2), array(case["output"]))


def test_onnx_puts_a_larger_output_shape_after_the_indices() -> None:
    """ONNX's second MaxUnpool test, typed in: values keep their row and column when the plane grows from 4 to 5."""
    indices = from_onnx([[[[5, 7], [13, 15]]]], (1, 1, 4, 4), output_size=(5, 5))
    found = cv.max_unpool([[[[5.0, 6.0], [7.0, 8.0]]]], indices, 2, output_size=(5, 5))
    expected = torch.zeros(1, 1, 5, 5)
    expected[0, 0, 1::2, 1::2] = torch.tensor([[5.0, 6.0], [7.0, 8.0]])
    assert torch.equal(found, expected)


def test_onnx_can_count_by_columns() -> None:
    """ONNX's maxpool_with_argmax with storage_order 1, typed in: 5x5 pixels 1 to 25, windows of 2, stride 2."""
    x = torch.arange(1.0, 26).reshape(1, 1, 5, 5)
    values, indices = cv.max_pool(x, 2, return_indices=True)
    assert values.flatten().tolist() == [7, 9, 17, 19]
    assert to_onnx(indices, x.shape, column_major=True).flatten().tolist() == [6, 16, 8, 18]


@given(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.integers(1, 4)] * (n + 2))), st.booleans())
@examples(80)
def test_counting_is_numpys(shape: tuple[int, ...], column_major: bool) -> None:
    """Each pixel of (N, C, *spatial) once: its flat number, in numpy's words."""
    plane = np.arange(np.prod(shape[2:])).reshape(shape[2:])
    ours = torch.from_numpy(np.broadcast_to(plane, shape).copy())
    order: Any = "F" if column_major else "C"
    theirs = np.stack([np.arange(plane.size).reshape(plane.shape, order=order)] * (shape[0] * shape[1]))
    theirs = theirs.reshape(shape) + plane.size * np.arange(shape[0] * shape[1]).reshape(*shape[:2], *[1] * plane.ndim)
    found = to_onnx(ours, shape, column_major=column_major)
    assert np.array_equal(found.numpy(), theirs)
    assert torch.equal(from_onnx(found, shape, column_major=column_major), ours)


X, AT = torch.ones(1, 1, 2, 2), torch.zeros(1, 1, 2, 2, dtype=torch.int64)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cv.max_unpool(X, AT[:, :, :1], 2), "indices_shape"),
        (lambda: cv.max_unpool(X, AT.double(), 2), "indices_shape"),
        (lambda: cv.max_unpool(X, AT + 16, 2), "indices_outside"),
        (lambda: cv.max_unpool(X, AT - 1, 2), "indices_outside"),
        (lambda: cv.max_unpool(X, AT, 2, output_size=(3,)), "wrong_length"),
        (lambda: cv.max_unpool(X, AT, 2, output_size=(0, 3)), "below_one"),
        (lambda: cv.max_unpool(X, AT, 2**16), "too_large"),
        (lambda: cv.max_unpool(X, AT, 0), "below_one"),
        (lambda: cv.max_unpool(X[0, 0], AT[0, 0], (2, 2)), "input_axes"),
        (lambda: UnpoolSpec(2, padding=3).output_size((2, 2)), "output_below_one"),
        (lambda: UnpoolSpec(2).output_size((2,)), "size_axes"),
        (lambda: UnpoolSpec(2).trace(X, AT).at((0, 0, 4, 0)), "at_outside"),
        (lambda: route_gradient(PoolSpec(2), X, X), "gradient_shape"),
        (lambda: route_gradient(PoolSpec(2, "avg"), X, X), "gradient_shape"),
    ],
)
def test_what_is_refused(call: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert caught.value.code == code
