"""What PyTorch says about windows, for the browser's own windows.js, numbers.js and torchrandom.js.

`python -m tests.components.windows_fixture` writes fixtures/windows.json; test_windows_fixture.py checks that what is
committed is what PyTorch says today.
"""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.pool import PoolSpec
from cnnviz.figures.numbers import number_text

PATH = Path(__file__).parent.parent / "js" / "fixtures" / "windows.json"
MODES = ("zeros", "constant", "reflect", "replicate", "circular")
NUMBERS = [0.0, -0.0, 1.0, -3.0, 0.25, -0.125, 0.375, 1 / 3, -2 / 3, 10.5, 11.5, 12.25, 99.95, 100.5]
NUMBERS += [
    101.5,
    1234.5,
    999.5,
    1235.5,
    1e-5,
    -2.5e9,
    0.0005,
    0.001,
    0.00099,
    1e6,
    999999.0,
    255.0,
    -0.0625,
    2.675,
    1.005,
    0.285,
    123456.0,
]


def conv_cases() -> list[dict[str, Any]]:
    """Convolutions of every kind: uneven padding, each mode, dilation, stride, flip, even and rectangular kernels."""
    rng, cases = random.Random(7), []
    while len(cases) < 72:
        size = [rng.randint(1, 8), rng.randint(1, 8)]
        axes = [_axis(rng) for _ in size]
        mode = MODES[len(cases) % len(MODES)]
        fill = rng.choice([0.5, -2.0]) if mode == "constant" else 0.0
        spec = _conv(axes, mode, fill, flip=len(cases) % 3 == 0)
        try:
            shape = spec.output_size(size)
        except InvalidSpec:
            continue
        cases.append(_conv_case(rng, spec, size, axes, shape))
    return cases


def _axis(rng: random.Random) -> dict[str, int]:
    longest = rng.choice([2, 3, 5])
    return {
        "kernel": rng.randint(1, longest),
        "stride": rng.choice([1, 1, 2, 3]),
        "dilation": rng.choice([1, 1, 2, 3]),
        "before": rng.randint(0, 3),
        "after": rng.randint(0, 3),
    }


def _conv(axes: list[dict[str, int]], mode: str, fill: float, flip: bool) -> ConvSpec:
    each = {name: [axis[name] for axis in axes] for name in ("kernel", "stride", "dilation")}
    padding = [(axis["before"], axis["after"]) for axis in axes]
    return ConvSpec(
        each["kernel"], 1, 1, each["stride"], padding, each["dilation"], 1, mode, fill, flip
    )  # fmt: skip


def _conv_case(
    rng: random.Random, spec: ConvSpec, size: list[int], axes: list[dict[str, int]], shape: tuple[int, ...]
) -> dict[str, Any]:
    x = torch.tensor([[rng.randint(-9, 9) for _ in range(size[1])] for _ in range(size[0])], dtype=torch.float64)
    w = torch.tensor(
        [[rng.randint(-8, 8) / 4 for _ in range(axes[1]["kernel"])] for _ in range(axes[0]["kernel"])],
        dtype=torch.float64,
    )
    bias = rng.choice([0.0, 3.0, -0.5])
    mode = "zeros" if spec.padding_mode is PaddingMode.ZEROS else str(spec.padding_mode)
    at = [rng.randrange(n) for n in shape]
    step = spec.step(x[None], w[None, None], [bias], at=(0, *at))
    return {
        "layer": {"size": size, "axes": axes, "mode": mode, "fill": spec.padding_value, "flip": spec.flip},
        "input": x.flatten().tolist(),
        "weights": w.flatten().tolist(),
        "bias": bias,
        "shape": list(shape),
        "output": torch_conv(x, w, bias, axes, mode, spec.padding_value, spec.flip).flatten().tolist(),
        "at": at,
        "taps": [
            [*tap.position, -1 if tap.input_index is None else tap.input_index[1] * size[1] + tap.input_index[2],
             tap.weight_index[2] * axes[1]["kernel"] + tap.weight_index[3]]
            for tap in step.taps
        ],
        "visited": [(~line).astype(int).tolist() for line in spec.unvisited(size)],
        "formula": [d.text() for d in spec.derivation(size)],
        "remainder": [d.remainder for d in spec.derivation(size)],
    }  # fmt: skip


def torch_conv(
    x: torch.Tensor,
    w: torch.Tensor,
    bias: float,
    axes: list[dict[str, int]],
    mode: str,
    fill: float,
    flip: bool,
) -> torch.Tensor:
    """torch.nn.functional alone: F.pad in torch's own mode, then F.conv2d. x (H, W), w (kh, kw), gives (oh, ow)."""
    amounts = [axis[side] for axis in reversed(axes) for side in ("before", "after")]
    options = {"value": fill} if mode in ("zeros", "constant") else {}
    padded = F.pad(x[None, None], amounts, mode="constant" if mode == "zeros" else mode, **options)
    weight = (w.flip((0, 1)) if flip else w)[None, None]
    stride, dilation = ([axis[name] for axis in axes] for name in ("stride", "dilation"))
    return F.conv2d(padded, weight, torch.tensor([bias], dtype=x.dtype), stride, 0, dilation)[0, 0]


def pool_cases() -> list[dict[str, Any]]:
    """Pooling through the same windows: max, mean (with and without its padding) and Lp, floor and ceil."""
    rng, cases = random.Random(11), []
    while len(cases) < 48:
        kernel = [rng.randint(1, 4), rng.randint(1, 4)]
        stride = [rng.randint(1, 3), rng.randint(1, 3)]
        padding = [rng.randint(0, k // 2) for k in kernel]
        size = [rng.randint(2, 8), rng.randint(2, 8)]
        kind, ceil = ("max", "avg", "avg", "lp")[len(cases) % 4], len(cases) % 3 == 0
        if kind == "lp":
            padding = [0, 0]
        counted = len(cases) % 4 == 1
        if any(n + 2 * p < k for n, p, k in zip(size, padding, kernel, strict=True)):
            continue
        x = torch.tensor([[rng.randint(-9, 9) for _ in range(size[1])] for _ in range(size[0])], dtype=torch.float64)
        output = torch_pool(kind, x, kernel, stride, padding, ceil, counted)
        spec = PoolSpec(kernel, kind, stride, padding, 1, ceil, counted)
        assert spec.output_size(size) == tuple(output.shape)
        axes = [
            {"kernel": k, "stride": s, "dilation": 1, "before": p, "after": p}
            for k, s, p in zip(kernel, stride, padding, strict=True)
        ]
        reduce = {"max": "max", "avg": "mean", "lp": "lp"}[kind]
        layer = {"size": size, "axes": axes, "rounding": "ceil" if ceil else "floor", "reduce": reduce}
        cases.append(
            {
                "layer": {**layer, "countPad": counted, "norm": 2},
                "input": x.flatten().tolist(),
                "shape": list(output.shape),
                "output": output.flatten().tolist(),
            }
        )
    return cases


def torch_pool(
    kind: str, x: torch.Tensor, kernel: list[int], stride: list[int], padding: list[int], ceil: bool, counted: bool
) -> torch.Tensor:
    """torch.nn.functional alone, x (H, W) to (oh, ow)."""
    x = x[None, None]
    if kind == "max":
        return F.max_pool2d(x, kernel, stride, padding, ceil_mode=ceil)[0, 0]
    if kind == "avg":
        return F.avg_pool2d(x, kernel, stride, padding, ceil_mode=ceil, count_include_pad=counted)[0, 0]
    # torch's own lp_pool2d keeps the sign of the sum for odd norms; with norm 2 there is no difference.
    return F.lp_pool2d(x, 2.0, kernel, stride, ceil_mode=ceil)[0, 0]


def random_cases() -> list[dict[str, Any]]:
    """What torch draws after manual_seed: integers, and the start of a Conv2d."""
    cases = []
    for seed, (rows, columns) in [(0, (3, 3)), (1, (5, 2)), (2026, (11, 11)), (9999, (1, 1))]:
        torch.manual_seed(seed)
        layer = torch.nn.Conv2d(1, 1, (rows, columns))
        torch.manual_seed(seed)
        drawn = torch.randint(-3, 4, (700,)).tolist()
        weights, bias = layer.weight.flatten().tolist(), layer.bias.item()  # type: ignore[union-attr]
        cases.append({"seed": seed, "size": [rows, columns], "weights": weights, "bias": bias, "integers": drawn})
    return cases


def fixture() -> dict[str, Any]:
    """Everything, as plain lists."""
    texts = [number_text(value, digits) for value in NUMBERS for digits in (2, 3, 5)]
    return {
        "conv": conv_cases(),
        "pool": pool_cases(),
        "random": random_cases(),
        "numbers": [0.0 if math.copysign(1, v) < 0 and v == 0 else v for v in NUMBERS],
        "number_texts": texts,
    }


def text() -> str:
    """The file's text."""
    return json.dumps(fixture(), separators=(",", ":"), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), "utf-8")
