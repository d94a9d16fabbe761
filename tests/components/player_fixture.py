"""What Python says about the step player's settings, for the JavaScript that follows a reader's hand.

`python -m tests.components.player_fixture` writes tests/js/fixtures/player.json; test_player_fixture.py checks that
what is committed is what Python says today.
"""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from cnnviz.core.padding import PaddingMode
from cnnviz.core.patterns import PATTERNS, pattern, piece
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.core.scenes.convolution_examples import examples

PATH = Path(__file__).parent.parent / "js" / "fixtures" / "player.json"
SIZES = ((1, 1), (4, 4), (5, 3), (7, 9), (15, 11), (2, 32))


def patterns() -> list[dict[str, Any]]:
    """Every pattern at several sizes."""
    return [
        {"name": name, "size": size, "seed": seed, "values": pattern(name, *size, seed).flatten().tolist()}
        for name in PATTERNS
        for size in SIZES
        for seed in ((3, 14) if name in ("random", "digit") else (0,))
    ]


def pieces() -> dict[str, Any]:
    """Pieces of a small grey picture, inside it and beyond its edge, with halves to round."""
    grey = np.random.default_rng(5).integers(0, 256, (19, 23), dtype=np.uint8)
    asked = [((0, 0), 1, 4, 5), ((3, 2), 2, 5, 5), ((10, 15), 3, 3, 4), ((18, 22), 4, 2, 2), ((1, 1), 6, 2, 3)]
    cut = [
        {"at": at, "every": every, "size": [r, c], "values": piece(grey, at, every, r, c).flatten().tolist()}
        for at, every, r, c in asked
    ]
    return {"grey": grey.flatten().tolist(), "shape": list(grey.shape), "pieces": cut}


def scenes() -> list[dict[str, Any]]:
    """Random scenes with what torch.nn.functional makes of them, and the size formula of the core."""
    rng, made = random.Random(23), []
    while len(made) < 40:
        scene = ConvolutionScene().merged(_asked(rng))
        if scene.notice is None:
            made.append(_worked(scene))
    return made


def _asked(rng: random.Random) -> dict[str, Any]:
    kernel = [
        [rng.randint(-4, 4) / 2 for _ in range(rng_columns)] for rng_columns in [rng.randint(1, 4)] for _ in "abc"
    ]
    return {
        "source": rng.choice([*PATTERNS]),
        "size": [rng.randint(3, 9), rng.randint(3, 9)],
        "seed": rng.randint(0, 99),
        "kernel": kernel[: rng.randint(1, 3)],
        "stride": [rng.randint(1, 3), rng.randint(1, 3)],
        "padding": [rng.randint(0, 3) for _ in range(4)],
        "mode": rng.choice([str(mode) for mode in PaddingMode]),
        "fill": rng.choice([0.0, 2.5, -1.0]),
        "dilation": [rng.randint(1, 2), rng.randint(1, 2)],
        "flip": rng.random() < 0.4,
        "bias": rng.choice([0.0, 3.0, -0.25]),
    }


def _worked(scene: ConvolutionScene) -> dict[str, Any]:
    x, w = torch.from_numpy(scene.input())[None, None], torch.from_numpy(scene.weight())
    top, bottom, left, right = scene.padding
    fixed = scene.mode in ("zeros", "constant")
    value = {"value": scene.fill if scene.mode == "constant" else 0.0} if fixed else {}
    padded = F.pad(x, (left, right, top, bottom), mode="constant" if fixed else scene.mode, **value)
    weight, bias = w.flip((2, 3)) if scene.flip else w, torch.tensor([scene.bias], dtype=torch.float64)
    y = F.conv2d(padded, weight, bias, scene.stride, 0, scene.dilation)
    return {
        "scene": plain(scene),
        "shape": list(y.shape[2:]),
        "output": y.flatten().tolist(),
        "formula": [d.text() for d in scene.spec().derivation(scene.size)],
        "unvisited": int((scene.spec().usage(scene.size) == 0).sum()),
    }


def plain(scene: ConvolutionScene) -> dict[str, Any]:
    """The scene as the browser is given it."""
    return {name: value for name, value in dataclasses.asdict(scene).items() if name != "hide"}


def fixture() -> dict[str, Any]:
    """Everything, as JSON has it."""
    made = {
        "patterns": patterns(),
        "pieces": pieces(),
        "scenes": scenes(),
        "default": plain(ConvolutionScene()),
        "examples": {name: plain(scene) for name, scene in examples().items()},
    }
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


if __name__ == "__main__":
    PATH.write_text(json.dumps(fixture(), separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
