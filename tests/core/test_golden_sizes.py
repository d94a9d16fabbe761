"""Published output sizes of six frameworks and two textbooks, each row in its own convention."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.functional import Spec
from cnnviz.core.transposed import TransposedConvSpec
from tests.core.golden import padding, rows

pytestmark = pytest.mark.shared


def spec_of(row: dict[str, Any]) -> Spec:
    """The row as a layer."""
    options = {"stride": row["stride"], "dilation": row["dilation"]}
    if row["op"] == "conv":
        return cv.ConvSpec(row["kernel"], padding=padding(row), **options)
    if row["op"] == "conv_transpose":
        options["output_padding"] = row.get("output_padding", 0)
        if row["padding"] == "from_output_shape":
            return TransposedConvSpec(row["kernel"], **options).for_output_size(row["input"], row["output_shape"])
        return TransposedConvSpec(row["kernel"], padding=padding(row), **options)
    rounding = {"ceil_mode": row["ceil_mode"], "cover_all": row["convention"] == "chainer cover_all"}
    strict = {"torch_limits": True} if row.get("torch") == "raises" else {}
    return cv.PoolSpec(
        row["kernel"], row["op"].removesuffix("_pool"), padding=padding(row), **options, **rounding, **strict
    )


def test_every_row(shared: Path) -> None:
    results = Counter[str]()
    for row in rows(shared, "output_sizes"):
        if row.get("expect") == "error":
            with pytest.raises(InvalidSpec):
                spec_of(row).output_size(row["input"])
        else:
            assert spec_of(row).output_size(row["input"]) == tuple(row["output"]), row["id"]
        results[row["op"]] += 1
    assert results.total() >= 156


def test_the_public_function_axis_by_axis(shared: Path) -> None:
    """`cv.output_size` on plain ints, in the spelling a reader would use: a number where both sides are equal."""
    for row in rows(shared, "output_sizes"):
        if (
            row["padding"] == "from_output_shape"
            or row["convention"] == "chainer cover_all"
            or "caffe/pool_max" in row["id"]
        ):
            continue  # no arguments of the function say these: a wanted size, Chainer's rounding, Caffe's wide padding
        for axis, n in enumerate(row["input"]):
            arguments = one_axis(row, axis)
            if row.get("expect") == "error":
                with pytest.raises(InvalidSpec):
                    cv.output_size(row["op"], n, row["kernel"][axis], **arguments)
            else:
                assert cv.output_size(row["op"], n, row["kernel"][axis], **arguments) == row["output"][axis], row["id"]


def one_axis(row: dict[str, Any], axis: int) -> dict[str, Any]:
    amount = padding(row)
    if not isinstance(amount, str):
        before, after = amount[axis]
        amount = before if before == after else (before, after)
    extra = {"output_padding": row["output_padding"][axis]} if "output_padding" in row else {}
    options = {"stride": row["stride"][axis], "dilation": row["dilation"][axis], "ceil_mode": row["ceil_mode"]}
    return {"padding": amount, **options, **extra}


def test_the_layers_give_what_the_rows_promise(shared: Path) -> None:
    """Not the formula alone: an input of zeros really comes out at the published size."""
    for row in rows(shared, "output_sizes"):
        if row.get("expect") == "error" or torch.Size(row["input"]).numel() > 60_000:
            continue
        spec, x = spec_of(row), torch.zeros(1, *row["input"])
        y = spec(x) if isinstance(spec, cv.PoolSpec) else spec(x, torch.zeros(spec.weight_shape))
        assert tuple(y.shape[1:]) == tuple(row["output"]), row["id"]


def test_what_does_not_fit_neatly_says_so(shared: Path) -> None:
    found = 0
    for row in rows(shared, "output_sizes"):
        if row.get("fits_exactly") is False:
            assert all(not d.exact and d.remainder for d in spec_of(row).derivation(row["input"])), row["id"]
            found += 1
    assert found >= 2
