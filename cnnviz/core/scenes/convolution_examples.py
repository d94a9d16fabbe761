"""Settings of the step player worth a look, from the articles and from class: a name goes in, a scene comes out."""

from __future__ import annotations

from functools import lru_cache

from cnnviz.core.rules import Matrix
from cnnviz.core.scenes.convolution import ConvolutionScene

LAPLACIAN = "0,1,0;1,-4,1;0,1,0"
SOBEL_X = "-1,0,1;-2,0,2;-1,0,1"
NINE = "1,2,3;4,5,6;7,8,9"
ONES_4 = ";".join(["1,1,1,1"] * 4)

LINKS: dict[str, dict[str, str]] = {
    "textbook": {},
    "textbook_bias": {"bias": "3", "all": "1"},
    "padded": {"padding": "1"},
    "laplacian": {"in": "random", "seed": "7", "size": "7", "padding": "1", "stride": "2", "kernel": LAPLACIAN},
    "stride": {"in": "count", "size": "7", "stride": "2", "kernel": LAPLACIAN},
    "dropped": {"in": "count", "size": "8", "stride": "2", "kernel": LAPLACIAN, "all": "1"},
    "larger": {"in": "checker", "size": "5", "kernel": ONES_4, "padding": "2", "all": "1"},
    "full": {"in": "ones", "size": "5", "kernel": "1,1,1;1,1,1;1,1,1", "padding": "2", "all": "1"},
    "flip": {"in": "impulse", "size": "5", "kernel": NINE, "padding": "1", "all": "1"},
    "dilated": {"in": "count", "size": "7", "dilation": "2", "kernel": "1,1,1;1,1,1;1,1,1"},
    "edge": {"in": "edge", "size": "6,8", "kernel": SOBEL_X, "all": "1"},
    "mirror": {"in": "ramp", "size": "6", "kernel": SOBEL_X, "padding": "2", "mode": "reflect", "all": "1"},
    "photo": {"in": "picture", "size": "24", "every": "8", "piece": "60,130", "kernel": SOBEL_X, "all": "1"},
}
"""Every example as a link writes it, in the order of the menu; `start` stands before the last."""


def examples() -> dict[str, ConvolutionScene]:
    """All examples by name.

    >>> scene = examples()["dropped"]
    >>> scene.spec().output_size(scene.size), examples()["larger"].spec().output_size((5, 5))
    ((3, 3), (6, 6))
    """
    made = {name: ConvolutionScene.from_link(link) for name, link in LINKS.items()}
    photo = made.pop("photo")
    return {**made, "start": start(), "photo": photo}


@lru_cache(maxsize=1)
def start() -> ConvolutionScene:
    """What torch.manual_seed(0); Conv2d(1, 1, 3, padding=1) does to a 10 x 10 input before it has learned anything.

    >>> [round(w, 4) for w in start().kernel[0]]
    [-0.0025, 0.1788, -0.2743]
    """
    kernel, bias = conv_start(0)
    scene = ConvolutionScene.from_link({"in": "random", "size": "10", "padding": "1", "all": "1"})
    return scene.with_(kernel=kernel, bias=bias)


def conv_start(seed: int, rows: int = 3, columns: int = 3) -> tuple[Matrix, float]:
    """The weights and the bias a new torch.nn.Conv2d(1, 1, (rows, columns)) has after torch.manual_seed(seed)."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layer = torch.nn.Conv2d(1, 1, (rows, columns))
    assert layer.bias is not None
    return tuple(map(tuple, layer.weight[0, 0].tolist())), layer.bias.item()
