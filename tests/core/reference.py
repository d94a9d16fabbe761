"""The authority: the same layers said in torch.nn.functional, written apart from the code under test."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tests.core.strategies import numbers

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
MAX_POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG_POOL = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
LP_POOL = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}


def arrays(case: dict[str, Any], *, transposed: bool = False) -> tuple[Tensor, Tensor, Tensor | None]:
    """Input, weight and bias of a case, drawn from its seed."""
    spec = case["spec"]
    first, second = spec["in_channels"], spec["out_channels"]
    shape = (first, second // spec["groups"]) if transposed else (second, first // spec["groups"])
    x = numbers((case["batch"], first, *case["size"]), case["seed"])
    w = numbers((*shape, *spec["kernel_size"]), case["seed"] + 1)
    return x, w, numbers((second,), case["seed"] + 2) if case["bias"] else None


def torch_pad(x: Tensor, spec: dict[str, Any]) -> Tensor:
    """F.pad in the order torch wants: last axis first."""
    amounts = [amount for pair in reversed(spec["padding"]) for amount in pair]
    if spec["padding_mode"] in ("zeros", "constant"):
        return F.pad(x, amounts, value=spec["padding_value"])
    return F.pad(x, amounts, mode=spec["padding_mode"])


def torch_conv(x: Tensor, w: Tensor, b: Tensor | None, spec: dict[str, Any]) -> Tensor:
    w = torch.flip(w, list(range(2, w.ndim))) if spec["flip"] else w
    return CONV[w.ndim - 2](torch_pad(x, spec), w, b, spec["stride"], 0, spec["dilation"], spec["groups"])


def torch_conv_transpose(x: Tensor, w: Tensor, b: Tensor | None, spec: dict[str, Any]) -> Tensor:
    options = {key: spec[key] for key in ("stride", "padding", "output_padding", "groups", "dilation")}
    return CONV_TRANSPOSE[w.ndim - 2](x, w, b, **options)
