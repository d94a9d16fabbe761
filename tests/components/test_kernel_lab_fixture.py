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
from cnnviz.core.images import picture_from_pixels
from cnnviz.core.kernel_lab import ACTIVATIONS, beyond, indices, scales
from cnnviz.core.kernels import GENERATORS, Parameter, anchor, generate, normalise
from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.i18n import Texts
from cnnviz.ui.kernels_live import live

PLACE = Path(__file__).parent.parent / "js" / "fixtures" / "kernel_lab.json"
MODES = ("zeros", "constant", "reflect", "replicate", "circular")
CHANNELS = ("grey", "each", "sum")


def made() -> dict[str, Any]:
    """Forty settings of every kind; where windows lie; kernels of formulas; kernels with their normalising divisor."""
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
    anchors = [{"size": s, "anchor": anchor(s)} for s in sizes]
    layouts = [_layout(rng) for _ in range(60)]
    return {"cases": cases, "normal": normal, "anchors": anchors, "layouts": layouts, "generated": _generated(rng)}


def _layout(rng: random.Random) -> dict[str, Any]:
    """A scene on a picture of some size: what the lab is told of its windows, or null where they cannot be laid."""
    size, kernel = (rng.randint(3, 20), rng.randint(3, 20)), (rng.randint(1, 5), rng.randint(1, 5))
    scene = KernelScene(
        kernel="custom",
        weights=((1.0,) * kernel[1],) * kernel[0],
        padding=rng.choice(["same", "valid", "full", "custom"]),
        pads=tuple(rng.randint(0, 4) for _ in range(4)),
        mode=rng.choice(MODES),
        stride=(rng.randint(1, 4), rng.randint(1, 4)),
        dilation=(rng.randint(1, 4), rng.randint(1, 4)),
        flip=rng.random() < 0.5,
    )
    names = ("padding", "pads", "mode", "fill", "stride", "dilation", "flip")
    told = {"scene": {name: getattr(scene, name) for name in names}, "size": size, "kernel": kernel}
    picture = picture_from_pixels(np.zeros(size, np.uint8))
    try:
        header, arrays = live(scene, picture, Texts("en"))
    except InvalidSpec:
        return {**told, "laid": None}
    unmet = {name: arrays.get(name, np.zeros(0)).astype(int).tolist() for name in ("unmet_rows", "unmet_cols")}
    return {**told, "laid": header["laid"], "formula": header["formula"], **unmet}


def _generated(rng: random.Random) -> list[dict[str, Any]]:
    """Kernels of every formula, by default and with values of its sliders."""
    made = []
    for generator in GENERATORS:
        if generator.id == "random":  # numpy's numbers: the browser asks for them
            continue
        for number in range(6):
            drawn = {p.name: _drawn(rng, p) for p in generator.parameters} if number else generator.defaults
            matrix = generate(generator.id, drawn).tolist()
            made.append({"id": generator.id, "names": list(drawn), "values": list(drawn.values()), "matrix": matrix})
    return made


def _drawn(rng: random.Random, parameter: Parameter) -> float:
    """A value the parameter's slider can be set to, of a size that keeps the fixture short."""
    high = min(parameter.high, 9) if parameter.unit == "cells" else parameter.high
    steps = round((high - parameter.low) / parameter.step)
    value = parameter.low + rng.randint(0, steps) * parameter.step
    return int(value) if parameter.whole else round(value, 6)


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
    apart = colour and case["mixed"] == "each"
    look = {
        # three channels apart are one picture only where they are seen as colours
        "view": ("signed", "absolute", "clip", "rescale")[number // 2 % (2 if apart else 4) + 2 * apart],
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
    for old, new in zip(kept.pop("generated"), now.pop("generated"), strict=True):
        matrix, fresh = old.pop("matrix"), new.pop("matrix")
        assert old == new
        assert np.array(matrix) == pytest.approx(np.array(fresh), abs=1e-12)
    assert {k: v for k, v in kept.items() if k != "cases"} == {k: v for k, v in now.items() if k != "cases"}
