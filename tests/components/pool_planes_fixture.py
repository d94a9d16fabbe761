"""What PyTorch says of planes pooled whole and of planes moved, for what the browser works out while a hand is on it.

`python -m tests.components.pool_planes_fixture` writes tests/js/fixtures/pool_planes.json; test_pool_planes_fixture.py
checks that what is committed is what they say today.
"""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cnnviz.core import pooling_lab as lab
from cnnviz.core.scenes.pooling import KINDS, PoolingScene
from cnnviz.ui.pooling_steps import own

PATH = Path(__file__).parent.parent / "js" / "fixtures" / "pool_planes.json"
SIDE = 13
WAYS = ("sliding", "sliding", "sliding", "adaptive", "global")


def plane(seed: int, side: int = SIDE) -> lab.Plane:
    """Grey levels, some of them equal, some 0."""
    drawn = torch.randint(0, 256, (side, side), generator=torch.Generator().manual_seed(seed)).numpy()
    made: lab.Plane = np.where(drawn < 60, 0, np.where(drawn > 200, 255, drawn)).astype(float)
    return made


def pooled_cases() -> list[dict[str, Any]]:
    """Every kind, every way the windows lie, with overlap, padding, dilation and ceil_mode."""
    rng, made = random.Random(17), []
    while len(made) < 70:
        kind, windows = KINDS[len(made) % len(KINDS)], WAYS[len(made) % len(WAYS)]
        scene = PoolingScene().merged(_asked(rng, kind, windows))
        if scene.notice is not None:
            continue
        y = scene.spec()(torch.from_numpy(plane(len(made)))[None])[0]
        output = _plain(y.flatten().tolist())
        made.append({"scene": own(scene), "seed": len(made), "shape": list(y.shape), "output": output})
    return made


def _asked(rng: random.Random, kind: str, windows: str) -> dict[str, Any]:
    kernel = [rng.randint(1, 6), rng.randint(1, 6)]
    return {
        "source": "random",
        "size": [SIDE, SIDE],
        "kind": kind,
        "windows": windows,
        "kernel": kernel,
        "stride": [rng.randint(1, 4), rng.randint(1, 4)],
        "tied": False,
        "padding": [min(4, rng.randint(0, kernel[side // 2] // 2)) for side in range(4)],
        "dilation": [rng.randint(1, 2), rng.randint(1, 2)],
        "ceil": rng.random() < 0.5,
        "counted": rng.random() < 0.5,
        "out": [rng.randint(1, 9), rng.randint(1, 9)],
        "norm": rng.choice([1.0, 2.0, 3.0, 0.5]),
        "k": rng.randint(1, 9),
        "draw": rng.randint(0, 99),
        "expected": rng.random() < 0.3,
    }


def _plain(values: list[float]) -> list[float | str]:
    """JSON has no nan and no infinity."""
    return [value if math.isfinite(value) else str(value) for value in values]


def moves() -> list[dict[str, Any]]:
    """Planes shifted, turned and scaled, and what their pooled maps have in common."""
    cases = [
        ("max", (0, 1), 0, 100),
        ("avg", (-3, 2), 0, 100),
        ("max", (0, 0), 30, 100),
        ("lp", (1, 0), -90, 150),
        ("median", (0, -16), 7, 60),
        ("stochastic", (2, 2), 180, 200),
        ("k_means", (0, 1), 45, 50),
        ("k_max", (5, 0), 0, 130),
    ]
    made: list[dict[str, Any]] = []
    for seed, (kind, shift, turn, scale) in enumerate(cases):
        before = plane(seed, 20)
        after = lab.moved(before, shift, turn, scale)
        rows = [lab.stability(before, after, kind, block) for block in lab.BLOCKS]
        made.append(
            {
                "scene": {"kind": kind, "shift": list(shift), "turn": turn, "scale": scale, "block": 4},
                "seed": seed,
                "after": after.flatten().tolist(),
                "two": lab.pooled(after, kind, 4).flatten().tolist(),
                "rows": [[r.block, r.change, r.contrast, r.same] for r in rows],
            }
        )
    return made


def fixture() -> dict[str, Any]:
    """Everything, as JSON has it."""
    cases, moved = pooled_cases(), moves()
    planes = {str(c["seed"]): plane(c["seed"]).astype(int).flatten().tolist() for c in cases}
    wide = {str(c["seed"]): plane(c["seed"], 20).astype(int).flatten().tolist() for c in moved}
    made = {"side": SIDE, "planes": planes, "pooled": cases, "wide": wide, "moves": moved, "blocks": list(lab.BLOCKS)}
    return json.loads(json.dumps(made, allow_nan=False))  # type: ignore[no-any-return]


if __name__ == "__main__":
    PATH.write_text(json.dumps(fixture(), separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
