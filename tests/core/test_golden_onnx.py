"""ONNX's own backend tests: convolution, transposed convolution and every pooling, values and all.

Padding is given as ONNX gives it, as pairs or by its word; nothing is rewritten into what torch can do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import cnnviz as cv
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.golden import close, onnx_cases

pytestmark = pytest.mark.shared


def given(case: dict[str, Any], *names: str) -> dict[str, Any]:
    """cnnviz's arguments for a case: ONNX's own words where it uses them."""
    r = case["resolved"]
    pairs = tuple(zip(r["pad_begin"], r["pad_end"], strict=True))
    word = {"SAME_UPPER": "same_upper", "SAME_LOWER": "same_lower", "VALID": "valid"}.get(r["auto_pad"])
    return {"stride": r["stride"], "dilation": r["dilation"], "padding": word or pairs} | {
        n: r[n] for n in names if n in r
    }


def conv(case: dict[str, Any], x: dict[str, Tensor]) -> Tensor:
    return cv.conv(x["input"], x["weight"], x.get("bias"), **given(case, "groups"))


def conv_transpose(case: dict[str, Any], x: dict[str, Tensor]) -> Tensor:
    return cv.conv_transpose(x["input"], x["weight"], x.get("bias"), **given(case, "groups", "output_padding"))


def max_pool(case: dict[str, Any], x: dict[str, Tensor]) -> Tensor:
    return cv.max_pool(x["input"], case["resolved"]["kernel_size"], **given(case, "ceil_mode"))


def avg_pool(case: dict[str, Any], x: dict[str, Tensor]) -> Tensor:
    options = given(case, "ceil_mode", "count_include_pad")
    return cv.avg_pool(x["input"], case["resolved"]["kernel_size"], **options)


def lp_pool(case: dict[str, Any], x: dict[str, Tensor]) -> Tensor:
    norm = case["resolved"]["p"]
    return cv.lp_pool(x["input"], case["resolved"]["kernel_size"], norm_type=norm, **given(case, "ceil_mode"))


@pytest.mark.parametrize(
    ("op", "run", "count"),
    [
        ("Conv", conv, 16),
        ("ConvTranspose", conv_transpose, 7),
        ("MaxPool", max_pool, 13),
        ("AveragePool", avg_pool, 13),
        ("LpPool", lp_pool, 4),
        ("GlobalAveragePool", lambda case, x: cv.global_pool(x["input"], "avg"), 1),
        ("GlobalMaxPool", lambda case, x: cv.global_pool(x["input"], "max"), 1),
    ],
)
def test_values(op: str, run: Callable[[dict[str, Any], dict[str, Tensor]], Tensor], count: int, shared: Path) -> None:
    cases = list(onnx_cases(shared, op))
    assert len(cases) >= count
    wrong = [case["id"] for case, inputs, outputs in cases if not close(case, run(case, inputs), outputs["output"])]
    assert wrong == []


def test_a_step_gives_onnxs_last_element(shared: Path) -> None:
    """The taps too know padding, ceil_mode, dilation and groups as ONNX does."""
    for op, name in (("MaxPool", "max_pool"), ("AveragePool", "avg_pool"), ("LpPool", "lp_pool")):
        for case, inputs, outputs in onnx_cases(shared, op):
            options = given(case, "ceil_mode", "count_include_pad") | {"kernel_size": case["resolved"]["kernel_size"]}
            options |= {"norm_type": case["resolved"]["p"]} if op == "LpPool" else {}
            at = [length - 1 for length in outputs["output"].shape]
            total = cv.explain(inputs["input"], op=name, at=at, **options).total
            assert total == pytest.approx(outputs["output"][tuple(at)].item(), rel=1e-5, abs=1e-6), case["id"]
    for op, name, extra in (("Conv", "conv", "groups"), ("ConvTranspose", "conv_transpose", "output_padding")):
        for case, inputs, outputs in onnx_cases(shared, op):
            at = [length - 1 for length in outputs["output"].shape]
            options = given(case, "groups", extra)
            total = cv.explain(inputs["input"], inputs["weight"], inputs.get("bias"), op=name, at=at, **options).total
            assert total == pytest.approx(outputs["output"][tuple(at)].item(), rel=1e-4, abs=1e-5), case["id"]


def test_output_shape_decides_the_size(shared: Path) -> None:
    for case, inputs, outputs in onnx_cases(shared, "ConvTranspose"):
        wanted = case["resolved"].get("output_shape")
        if wanted is None or case["resolved"]["auto_pad"] != "NOTSET":
            continue
        x, w = inputs["input"], inputs["weight"]
        spec = TransposedConvSpec(w.shape[2:], w.shape[0], w.shape[1], stride=case["resolved"]["stride"])
        sized = spec.for_output_size(x.shape[2:], wanted)
        assert close(case, sized(x, w), outputs["output"])
        return
    pytest.fail("no case gives an output_shape")


def test_max_unpool_takes_our_indices(shared: Path) -> None:
    """ONNX's MaxUnpool input, pooled by us from its own output, comes back through torch's max_unpool2d."""
    ((case, inputs, outputs),) = onnx_cases(shared, "MaxUnpool")
    values, indices = cv.max_pool(outputs["output"], 2, return_indices=True)
    assert torch.equal(values, inputs["input"])
    assert torch.equal(indices, inputs["indices"])
    assert close(case, torch.nn.functional.max_unpool2d(values, indices, 2), outputs["output"])
