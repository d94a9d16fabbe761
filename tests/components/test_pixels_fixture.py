"""The browser's arithmetic on the pixels page is torch's: the fixture tests/js reads is what torch gives now.

CNNVIZ_WRITE_FIXTURES=1 writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.colour_mix import PRESETS, shown
from cnnviz.core.equivariance import Border, shift

PLACE = Path(__file__).parent.parent / "js" / "fixtures" / "pixels.json"
TENSORS = (("nchw", "nhwc", (2, 3, 3, 4)), ("nchw", "nhwc", (1, 1, 4, 5)), ("oihw", "hwio", (2, 4, 3, 2)))
LAYERS = ((1, 100, 100, 8, 3, 100), (3, 300, 300, 8, 3, 100), (3, 1, 1, 1, 1, 1), (1, 28, 28, 6, 5, 120))


def made() -> dict[str, Any]:
    """Everything the JavaScript computes itself, computed by torch."""
    generator = torch.Generator().manual_seed(7)
    picture = torch.randint(0, 256, (5, 4, 3), generator=generator)
    return {
        "layouts": [_layout(*case) for case in TENSORS],
        "costs": [_cost(*case) for case in LAYERS],
        "picture": picture.tolist(),
        "mixes": [_mix(picture, mix) for mix in (*PRESETS.values(), ((2.0, -1.0, 0.5),))],
        "shifts": [
            _shift(picture[..., 0], *how) for how in ((0, 2, False), (-3, 1, False), (2, -9, True), (7, 0, False))
        ],
    }


def _layout(first: str, second: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """A tensor numbered by its own offsets, written out in the other order by torch."""
    x = torch.arange(torch.Size(shape).numel()).reshape(shape)
    other = x.permute([first.index(axis) for axis in second]).contiguous()
    plain = torch.empty(other.shape).stride()  # torch may keep another stride for an axis of size 1: it is never used
    return {
        "first": first,
        "second": second,
        "sizes": dict(zip(first, shape, strict=True)),
        "strides": [dict(zip(first, x.stride(), strict=True)), dict(zip(second, plain, strict=True))],
        "memory": other.flatten().tolist(),
    }


def _cost(channels: int, height: int, width: int, filters: int, kernel: int, units: int) -> dict[str, Any]:
    """Parameters counted by torch; on "meta" nothing is allocated."""
    inputs, outputs = channels * height * width, filters * height * width
    layers = (
        torch.nn.Conv2d(channels, filters, kernel, padding="same", device="meta"),
        torch.nn.Linear(inputs, units, device="meta"),
        torch.nn.Linear(inputs, outputs, device="meta"),
    )
    counts = [sum(p.numel() for p in layer.parameters()) for layer in layers]
    return {"layer": [channels, height, width, filters, kernel], "units": units, "parameters": counts}


def _mix(picture: Tensor, mix: tuple[tuple[float, ...], ...]) -> dict[str, Any]:
    """The 1 × 1 convolution in float64, and what a screen shows of it."""
    x = picture.permute(2, 0, 1)[None].double() / 255
    weight = torch.tensor(mix, dtype=torch.float64)[:, :, None, None]
    y = F.conv2d(x, weight)[0]
    outside = [((y < -1e-6).double().mean().item()), ((y > 1 + 1e-6).double().mean().item())]
    return {"mix": mix, "values": y.permute(1, 2, 0).tolist(), "shown": shown(y).tolist(), "outside": outside}


def _shift(plane: Tensor, down: int, right: int, circular: bool) -> dict[str, Any]:
    moved = shift(plane, down, right, Border.CIRCULAR if circular else Border.ZEROS)
    return {"down": down, "right": right, "circular": circular, "plane": moved.flatten().tolist()}


def test_the_committed_fixture_is_what_torch_gives() -> None:
    if os.environ.get("CNNVIZ_WRITE_FIXTURES") == "1":
        PLACE.write_text(json.dumps(made(), separators=(",", ":")) + "\n", "utf-8")
    assert json.loads(PLACE.read_text("utf-8")) == json.loads(json.dumps(made()))
