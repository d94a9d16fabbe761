"""What the kernel lab computes in the browser, held to PyTorch: pictures, kernels and settings with their outputs.

CNNVIZ_WRITE_FIXTURES=1 writes tests/js/fixtures/kernel_lab.json anew.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.core.colour_mix import LUMA
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernel_lab import ACTIVATIONS, beyond, indices, scales
from cnnviz.core.kernels import anchor, normalise

PLACE = Path(__file__).parent.parent / "js" / "fixtures" / "kernel_lab.json"
MODES = ("zeros", "constant", "reflect", "replicate", "circular")
CHANNELS = ("grey", "each", "sum")


def made() -> dict[str, Any]:
    """Forty settings of every kind, and kernels with the divisor that normalises them."""
    rng = random.Random(11)
    cases: list[dict[str, Any]] = []
    while len(cases) < 40:
        try:
            cases.append(_case(rng, len(cases)))
        except InvalidSpec:
            continue
    matrices = [[[1, 2, 1]], [[-2, 0, 2]], [[0.5, 0.25], [0.25, 1]], [[-1, -1], [-1, -1]], [[3, -3, 1]]]
    normal = [{"matrix": m, "divisor": _divisor(m)} for m in matrices]
    sizes = [(1, 1), (2, 2), (3, 3), (4, 5), (31, 30)]
    return {"cases": cases, "normal": normal, "anchors": [{"size": s, "anchor": anchor(s)} for s in sizes]}


def _divisor(matrix: list[list[float]]) -> float:
    weights = np.array(matrix, float)
    at = np.unravel_index(np.argmax(abs(weights)), weights.shape)
    return float(weights[at] / normalise(matrix)[at])


def _case(rng: random.Random, number: int) -> dict[str, Any]:
    colour = number % 4 != 0
    rows, cols = rng.randint(4, 9), rng.randint(4, 9)
    largest = rng.choice([255, 65535])
    pixels = np.array([rng.randint(0, largest) for _ in range(rows * cols * (3 if colour else 1))])
    kernel = [[rng.choice([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]) for _ in range(rng.randint(1, 4))]]
    kernel += [[rng.choice([-2.0, 0.25, 1.0]) for _ in kernel[0]] for _ in range(rng.randint(0, 3))]
    case = {
        "width": cols,
        "height": rows,
        "channels": 3 if colour else 1,
        "largest": largest,
        "pixels": pixels.tolist(),
        "matrix": kernel,
        "mixed": CHANNELS[number % 3],
        "stride": [rng.randint(1, 3), rng.randint(1, 3)],
        "dilation": [rng.randint(1, 2), rng.randint(1, 2)],
        "pads": [[rng.randint(0, 3), rng.randint(0, 3)], [rng.randint(0, 3), rng.randint(0, 3)]],
        "mode": MODES[number % 5],
        "fill": 0.5,
        "flip": number % 2 == 1,
        "divisor": rng.choice([1.0, 9.0, -2.5]),
        "offset": rng.choice([0.0, 0.5]),
        "bias": rng.choice([0.0, -0.25]),
        "activation": list(ACTIVATIONS)[number % 6],
    }
    expected = _expected(case)
    look = {
        "view": ("signed", "absolute", "clip", "rescale")[number // 2 % 4],
        "scale": ("layer", "fixed", "input", "map")[number // 3 % 4],
        "limit": 2.0,
    }
    return {**case, **expected, "look": look, "shown": _shown(np.array(expected["values"], np.float32), look)}


def _shown(values: Any, look: dict[str, Any]) -> dict[str, Any]:
    """The maps as core/kernel_lab.py colours them: the ends of the bar, palette indices, the share beyond."""
    scale = scales([values], look["view"], look["scale"], look["limit"])[0]
    return {
        "scale": [scale.low, scale.high],
        "indices": indices(values, look["view"], scale).ravel().tolist(),
        "beyond": beyond(values, look["view"], scale),
    }


def _expected(case: dict[str, Any]) -> dict[str, Any]:
    """By torch in float64: every output of every map, and the first output's patch and products."""
    depth = case["channels"]
    planes = torch.tensor(case["pixels"], dtype=torch.float64).reshape(case["height"], case["width"], depth)
    planes = planes.permute(2, 0, 1) / case["largest"]
    if case["mixed"] == "grey" and depth == 3:
        planes = (planes * torch.tensor(LUMA[0], dtype=torch.float64)[:, None, None]).sum(0, keepdim=True)
    kernel = torch.tensor(case["matrix"], dtype=torch.float64)
    spec = ConvSpec(
        tuple(kernel.shape), 1, 1, case["stride"], case["pads"], case["dilation"], 1,
        case["mode"], case["fill"] if case["mode"] == "constant" else 0.0, case["flip"],
    )  # fmt: skip
    sums = torch.stack([spec(plane[None], kernel[None, None])[0] for plane in planes])
    if case["mixed"] == "sum":
        sums = sums.sum(0, keepdim=True)
    values = ACTIVATIONS[case["activation"]](sums / case["divisor"] + case["offset"] + case["bias"])
    first = spec.step(planes[:1], kernel[None, None], at=(0, 0, 0))
    return {
        "out": list(values.shape[1:]),
        "values": values.flatten(1).tolist(),
        "products": [[tap.value, tap.weight, tap.product, *tap.position] for tap in first.taps],
    }


def test_the_committed_fixture_is_what_torch_gives() -> None:
    if os.environ.get("CNNVIZ_WRITE_FIXTURES") == "1":
        PLACE.write_text(json.dumps(made(), separators=(",", ":")) + "\n", "utf-8")
    kept, now = json.loads(PLACE.read_text("utf-8")), json.loads(json.dumps(made()))
    for old, new in zip(kept["cases"], now["cases"], strict=True):
        values, fresh = old.pop("values"), new.pop("values")
        assert old == new
        for line, again in zip(values, fresh, strict=True):
            assert line == pytest.approx(again, abs=1e-12)
    assert {k: v for k, v in kept.items() if k != "cases"} == {k: v for k, v in now.items() if k != "cases"}
