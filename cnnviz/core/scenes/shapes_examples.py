"""The sizes articles work out, as settings of the shapes page: each with the output it must give.

Numbers: conv_arithmetic's 5, k 4, p 2 gives 6; an article's 4 x 4, 7 x 7 and 8; 100 with stride 2 gives 49 or 50.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnnviz.core.scenes.layer_rows import Rows


@dataclass(frozen=True)
class Example:
    """One axis of a convolution, both axes alike; `name` is the key of its remark."""

    name: str
    size: int
    kernel: int
    stride: int
    padding: int
    output: int

    @property
    def fields(self) -> dict[str, Any]:
        """The scene's fields that make this example."""
        pairs = {"size": self.size, "kernel": self.kernel, "stride": self.stride, "dilation": 1}
        both = {name: [value, value] for name, value in pairs.items()}
        return {"op": "conv", "two": False, **both, "pad": [self.padding] * 4}

    @property
    def label(self) -> str:
        """The setting in a few signs, what is not there left out.

        >>> Example("x", size=5, kernel=4, stride=1, padding=2, output=6).label
        '5 · k4 p2'
        """
        padding = f" p{self.padding}" if self.padding else ""
        stride = f" s{self.stride}" if self.stride > 1 else ""
        return f"{self.size} · k{self.kernel}{padding}{stride}"


EXAMPLES = (
    Example("no_padding", size=4, kernel=3, stride=1, padding=0, output=2),
    Example("padded", size=4, kernel=3, stride=1, padding=1, output=4),
    Example("divides", size=7, kernel=3, stride=2, padding=0, output=3),
    Example("rounds", size=8, kernel=3, stride=2, padding=0, output=3),
    Example("grows", size=5, kernel=4, stride=1, padding=2, output=6),
    Example("hundred", size=100, kernel=3, stride=2, padding=0, output=49),
    Example("half", size=100, kernel=3, stride=2, padding=1, output=50),
)

SHRINKING: Rows = (("conv", 16, 3, 1, 0, 1),) * 8
"""Convolutions without padding: 16 becomes 14, 12, ... until nothing is left for the last one."""
