"""What PyTorch and the core say about pooling, for the JavaScript that follows a reader's hand.

`python -m tests.components.pooling_fixture` writes tests/js/fixtures/pooling.json; test_pooling_fixture.py checks that
what is committed is what they say today.
"""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from cnnviz.core.scenes.pooling import KINDS, PoolingScene
from cnnviz.core.scenes.pooling_examples import examples
from cnnviz.ui.pooling_steps import own

PATH = Path(__file__).parent.parent / "js" / "fixtures" / "pooling.json"


def scenes() -> list[dict[str, Any]]:
    """Random scenes of every kind and every way the windows lie, with the core's outputs and the steps' taps."""
    rng, made = random.Random(31), []
    while len(made) < 84:
        kind, windows = KINDS[len(made) % len(KINDS)], ("sliding", "sliding", "adaptive", "global")[len(made) % 4]
        scene = PoolingScene().merged(_asked(rng, kind, windows))
        if scene.notice is None:
            made.append(_worked(rng, scene))
    return made


def _asked(rng: random.Random, kind: str, windows: str) -> dict[str, Any]:
    kernel = [rng.randint(1, 4), rng.randint(1, 4)]
    return {
        "source": "random",
        "size": [rng.randint(2, 9), rng.randint(2, 9)],
        "seed": rng.randint(0, 99),
        "kind": kind,
        "windows": windows,
        "kernel": kernel,
        "stride": [rng.randint(1, 3), rng.randint(1, 3)],
        "tied": rng.random() < 0.3,
        "padding": [rng.randint(0, kernel[side // 2] // 2) for side in range(4)],
        "dilation": [rng.randint(1, 2), rng.randint(1, 2)],
        "ceil": rng.random() < 0.5,
        "counted": rng.random() < 0.5,
        "out": [rng.randint(1, 6), rng.randint(1, 6)],
        "norm": rng.choice([1.0, 2.0, 3.0, 0.5]),
        "k": rng.randint(1, 4),
        "draw": rng.randint(0, 99),
        "expected": rng.random() < 0.3,
    }


def _worked(rng: random.Random, scene: PoolingScene) -> dict[str, Any]:
    spec, x = scene.spec(), torch.from_numpy(scene.input())
    y = spec(x[None])[0]
    at = [rng.randrange(n) for n in y.shape]
    step = spec.step(x[None], at=(0, *at))
    return {
        "scene": own(scene),
        "shape": list(y.shape),
        "output": [_plain(v) for v in y.flatten().tolist()],
        "at": at,
        "taps": [[*t.position, t.input_index is None, _plain(t.weight), _plain(t.product)] for t in step.taps],
        "formula": [d.text() for d in spec.derivation(scene.size)],
    }


def _plain(value: float | None) -> float | str | None:
    """JSON has no nan and no infinity."""
    return value if value is None or math.isfinite(value) else str(value)


def ways_back() -> list[dict[str, Any]]:
    """torch's indices, max_unpool2d and gradients, with overlap, padding and ceil_mode; ties among them."""
    rng, made = random.Random(5), []
    while len(made) < 16:
        n, k = rng.randint(3, 8), rng.randint(1, 3)
        s, p, ceil = rng.randint(1, 3), rng.randint(0, k // 2), len(made) % 2 == 0
        x = torch.tensor([[rng.randint(-3, 3) for _ in range(n)] for _ in range(n)], dtype=torch.float64)
        x.requires_grad_()
        y, at = F.max_pool2d(x[None, None], k, s, p, ceil_mode=ceil, return_indices=True)
        (to_max,) = torch.autograd.grad(y.sum(), x)
        mean = F.avg_pool2d(x[None, None], k, s, p, ceil_mode=ceil)
        (to_mean,) = torch.autograd.grad(mean.sum(), x)
        back = torch.zeros(n * n, dtype=torch.float64)
        back[at.flatten()] = y.detach().flatten()  # overlapping windows name a place with one and the same value
        if s >= k:
            assert torch.equal(F.max_unpool2d(y, at, k, s, p, (n, n))[0, 0].detach().flatten(), back)
        made.append(
            {
                "scene": {"size": [n, n], "kernel": [k, k], "stride": [s, s], "padding": [p] * 4, "ceil": ceil},
                "input": x.detach().flatten().tolist(),
                "values": y.flatten().tolist(),
                "indices": at.flatten().tolist(),
                "back": back.tolist(),
                "to_max": to_max.flatten().tolist(),
                "to_mean": to_mean.flatten().tolist(),
            }
        )
    return made


def draws() -> list[dict[str, Any]]:
    """What torch.rand gives in float64."""
    cases = []
    for seed in (0, 7, 2026):
        drawn = torch.rand(9, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        cases.append({"seed": seed, "values": drawn.tolist()})
    return cases


def fixture() -> dict[str, Any]:
    """Everything, as JSON has it."""
    made = {
        "scenes": scenes(),
        "ways_back": ways_back(),
        "draws": draws(),
        "default": own(PoolingScene()),
        "examples": {name: own(scene) for name, scene in examples().items()},
    }
    return json.loads(json.dumps(made, allow_nan=False))  # type: ignore[no-any-return]


if __name__ == "__main__":
    PATH.write_text(json.dumps(fixture(), separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
