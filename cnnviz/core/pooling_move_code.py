"""Programs for what stays the same: a plane moved, pooled before and after, and compared, in PyTorch and in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.codegen.job import Job, job
from cnnviz.core.codegen.numpy_pool import numpy_pool
from cnnviz.core.codegen.text import program
from cnnviz.core.codegen.torch_pool import torch_pool
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pooling_lab import DECIMALS, block_pool

Lines = list[str]
REPORT = 'print(f"mean change {change:.4g}, contrast left {contrast:.4g}, numbers that stay {same:.1%}")'


@dataclass(frozen=True)
class Move:
    """A plane's size, how it is moved (down, right; degrees; percent), and how both are pooled."""

    size: tuple[int, int]
    shift: tuple[int, int]
    turn: int
    scale: int
    kind: str
    block: int

    @property
    def is_turned(self) -> bool:
        """Whether numbers between pixels are needed."""
        return self.turn != 0 or self.scale != 100

    @property
    def source(self) -> str:
        """What the program shifts."""
        return "turned" if self.is_turned else "plane"

    @property
    def axes(self) -> list[tuple[int, int]]:
        """Size and shift of each axis."""
        return list(zip(self.size, self.shift, strict=True))

    def job(self) -> Job:
        """The pooling of one plane."""
        layer = block_pool(self.kind, self.block)
        assert isinstance(layer, PoolSpec | AdaptivePoolSpec)
        return job(layer, np.zeros((1, *self.size), np.float32), None, None, None, "none")


def torch_move(move: Move) -> str:
    """The program; it ends with `moved`, `one` and `y` (pooled before and after), `change`, `contrast` and `same`.

    >>> print(torch_move(Move((4, 4), (0, 1), 0, 100, "max", 2)).splitlines()[5])
    moved = plane[(torch.arange(4)).clamp(0, 3)][:, (torch.arange(4) - 1).clamp(0, 3)]
    """
    work = move.job()
    rows, columns = (f"({_less('torch.arange', *axis)}).clamp(0, {axis[0] - 1})" for axis in move.axes)
    return program(
        [
            "import math" if move.is_turned else None,
            "import numpy as np",
            "import torch",
            "import torch.nn.functional as F",
            "",
            'plane = torch.from_numpy(np.load("plane.npy")).double()',
            *(_torch_turned(move) if move.is_turned else []),
            f"moved = {move.source}[{rows}][:, {columns}]",
            "",
            *_function(torch_pool(work, work.layer), "y[0, 0].double()"),  # type: ignore[arg-type]
            "",
            "one, y = pooled(plane[None, None]), pooled(moved[None, None])",
            "difference, distance = (y - one).abs(), (one - one.mean()).abs()",
            "change, contrast, same = difference.mean(), distance.mean(), (difference < 0.5).double().mean()",
            REPORT,
        ]
    )


def numpy_move(move: Move) -> str:
    """The same in NumPy.

    >>> print(numpy_move(Move((4, 4), (0, 1), 0, 100, "max", 2)).splitlines()[3])
    moved = plane[np.clip(np.arange(4), 0, 3)][:, np.clip(np.arange(4) - 1, 0, 3)]
    """
    work = move.job()
    body = numpy_pool(work, work.layer)  # type: ignore[arg-type]
    lead, end = ("", "y") if work.is_plane else ("[None]", "y[0]")
    rows, columns = (f"np.clip({_less('np.arange', *axis)}, 0, {axis[0] - 1})" for axis in move.axes)
    return program(
        [
            "import math" if move.is_turned else None,
            "import numpy as np",
            "import torch  # its generator draws what the screen drew" if "torch." in "".join(body) else None,
            "",
            'plane = np.load("plane.npy").astype(float)',
            *(_numpy_turned(move) if move.is_turned else []),
            f"moved = {move.source}[{rows}][:, {columns}]",
            "",
            *_function(body, end),
            "",
            f"one, y = pooled(plane{lead}), pooled(moved{lead})",
            "difference, distance = np.abs(y - one), np.abs(one - one.mean())",
            "change, contrast, same = difference.mean(), distance.mean(), (difference < 0.5).mean()",
            REPORT,
        ]
    )


def _angles(move: Move) -> Lines:
    return [
        f"# turned by {move.turn}°, scaled to {move.scale} % around the middle; beyond the edge the edge is repeated",
        f"angle, scale = math.radians({move.turn}), {move.scale / 100:g}",
        "cos, sin = math.cos(angle) / scale, math.sin(angle) / scale",
    ]


def _less(arange: str, count: int, by: int) -> str:
    """The places of an axis, moved back by the shift."""
    return f"{arange}({count})" + (f" - {by}" if by > 0 else f" + {-by}" if by < 0 else "")


def _torch_turned(move: Move) -> Lines:
    height, width = move.size
    shear = ["-sin", "sin"] if height == width else [f"-sin * {height} / {width}", f"sin * {width} / {height}"]
    return [
        *_angles(move),
        f"matrix = torch.tensor([[[cos, {shear[0]}, 0], [{shear[1]}, cos, 0]]], dtype=torch.float64)",
        f"places = F.affine_grid(matrix, [1, 1, {height}, {width}], align_corners=False)",
        'turned = F.grid_sample(plane[None, None], places, padding_mode="border", align_corners=False)[0, 0]',
        f"turned = turned.round(decimals={DECIMALS})",
    ]


def _numpy_turned(move: Move) -> Lines:
    """Where each pixel comes from, and the four numbers around that place."""
    height, width = move.size
    row, column = (f"{(n - 1) / 2:g}" for n in move.size)
    return [
        *_angles(move),
        f"r, c = np.mgrid[:{height}, :{width}]",
        f"r, c = r - {row}, c - {column}",
        f"row = np.clip(c * sin + r * cos + {row}, 0, {height - 1})",
        f"column = np.clip(c * cos - r * sin + {column}, 0, {width - 1})",
        "top, left = np.floor(row).astype(int), np.floor(column).astype(int)",
        f"bottom, right = np.minimum(top + 1, {height - 1}), np.minimum(left + 1, {width - 1})",
        "low, far = row - top, column - left",
        "above = plane[top, left] * (1 - far) + plane[top, right] * far",
        "below = plane[bottom, left] * (1 - far) + plane[bottom, right] * far",
        f"turned = np.round(above * (1 - low) + below * low, {DECIMALS})",
    ]


def _function(body: Lines, result: str) -> Lines:
    """The lines of a layer as a function of `x`."""
    lines = [line for part in body for line in part.splitlines()]
    return ["def pooled(x):", *(f"    {line}" if line else "" for line in lines), f"    return {result}"]
