"""Small published cases a person can check: TensorFlow, Caffe, Dumoulin & Visin's figures, torch's documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import cnnviz as cv
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.golden import array, rows

pytestmark = pytest.mark.shared
WORDS = {"VALID": "valid", "SAME": "same_upper"}


def padding(args: dict[str, Any]) -> Any:
    given = args.get("padding", 0)
    return WORDS[given] if isinstance(given, str) else tuple((p, p) for p in given) if given else 0


def input_gradient(args: dict[str, Any], g: Tensor, w: Tensor) -> Tensor:
    """The gradient in the input is the transposed convolution of the output's, brought to the input's size."""
    spec = TransposedConvSpec(w.shape[2:], w.shape[0], w.shape[1], stride=args["stride"], padding=padding(args))
    return spec.for_output_size(g.shape[2:], args["input_size"])(g, w)


def weight_gradient(args: dict[str, Any], x: Tensor, g: Tensor) -> Tensor:
    """The gradient in the weight: the input convolved with the output's gradient, stride become dilation."""
    batch_as_channels = cv.conv(x.transpose(0, 1), g.transpose(0, 1), dilation=args["stride"], padding=padding(args))
    return batch_as_channels.transpose(0, 1)


def answer(case: dict[str, Any]) -> Tensor:
    args, op = case["args"], case["op"]
    given = {name: array(value) for name, value in case["inputs"].items()}
    if op == "conv2d":
        return cv.conv(given["input"], given["weight"], stride=args["stride"], padding=padding(args))
    if op == "conv2d_input_gradient":
        return input_gradient(args, given["output_gradient"], given["weight"])
    if op == "conv2d_weight_gradient":
        return weight_gradient(args, given["input"], given["output_gradient"])
    if op == "conv_transpose2d":
        options = {"stride": args["stride"], "padding": padding(args), "output_padding": args["output_padding"]}
        return cv.conv_transpose(given["input"], given["weight"], given.get("bias"), **options)
    if op == "max_pool2d":  # Caffe rounds pooled sizes up
        options = {"stride": args["stride"], "padding": padding(args), "ceil_mode": True}
        return cv.max_pool(given["input"], args["kernel_size"], **options)
    if op == "avg_pool2d":
        return cv.avg_pool(given["input"], args["kernel_size"], stride=args["stride"], padding=padding(args))
    assert op == "max_unpool2d"
    values, places = cv.max_pool(given["pooled_from"], args["kernel_size"], stride=args["stride"], return_indices=True)
    return F.max_unpool2d(values, places, args["kernel_size"], args["stride"])


def test_every_case(shared: Path) -> None:
    cases = rows(shared, "textbook_values")
    assert len(cases) >= 15
    for case in cases:
        atol = 0.05 if "decimal" in case.get("note", "") else 1e-4 if "tolerance 1e-4" in case.get("note", "") else 1e-5
        torch.testing.assert_close(answer(case), array(case["output"]), rtol=0, atol=atol, msg=case["id"])
