"""The state of the page `convolution`, the step player: an input, a kernel, how it slides, and where it stands.

Whatever a link asks for, the scene that comes out can be computed: `settled` puts the nearest possible setting in
the place of an impossible one, and `notice` remembers which rule it broke.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.patterns import Numbers
from cnnviz.core.rules import Choice, Grid, Matrix, Real, Several, Switch, Whole, Word
from cnnviz.core.scene import field
from cnnviz.core.scenes.grid_input import LARGEST_INPUT, SOURCES, GridInput

__all__ = ["LARGEST_INPUT", "SOURCES", "ConvolutionScene"]

LARGEST_KERNEL = 11
MOST_PADDING = 12
SPEEDS = ("0.25", "0.5", "1", "2", "4", "8", "16")
TEXTBOOK_KERNEL: Matrix = ((2, 0, 1), (0, 1, 2), (1, 0, 2))


@dataclass(frozen=True)
class ConvolutionScene(GridInput):
    """Everything the step player can be set to. Pairs are (rows, columns); padding is (top, bottom, left, right).

    >>> scene = ConvolutionScene()
    >>> scene.spec()(scene.input()[None], scene.weight()).tolist()
    [[[15.0, 16.0], [6.0, 15.0]]]
    >>> ConvolutionScene.from_link({"size": "7", "stride": "2", "padding": "1"}).spec().output_size((7, 7))
    (4, 4)
    """

    PAGE: ClassVar[str] = "convolution"
    HIDEABLE: ClassVar[tuple[str, ...]] = (
        *("examples", "input", "kernel", "kernel_size", "stride", "padding", "dilation", "flip", "bias"),
        *("formula", "arithmetic", "transport", "share", "try"),
    )

    # the layer
    kernel: Matrix = field(Grid(LARGEST_KERNEL, LARGEST_KERNEL, limit=9999), TEXTBOOK_KERNEL)
    stride: tuple[int, ...] = field(Several(Whole(1, 8), 2), (1, 1))
    padding: tuple[int, ...] = field(Several(Whole(0, MOST_PADDING), 4), (0, 0, 0, 0))
    mode: str = field(Choice(tuple(str(mode) for mode in PaddingMode)), "zeros")
    fill: float = field(Real(-999, 999), 0.0)
    dilation: tuple[int, ...] = field(Several(Whole(1, 8), 2), (1, 1))
    flip: bool = field(Switch(), False)
    bias: float = field(Real(-999, 999), 0.0)

    # the player
    step: int = field(Whole(0, 99999), 0)
    pin: str = field(Word(r"([xyw]\d{1,2}\.\d{1,2})?", 6), "")
    reveal: bool = field(Switch(), False, link="all")
    symbols: bool = field(Switch(), False, link="letters")
    speed: str = field(Choice(SPEEDS), "1")

    @property
    def notice(self) -> InvalidSpec | None:
        """The rule that what was asked for broke, until something else is asked for."""
        return getattr(self, "_notice", None)

    def settled(self) -> Self:
        """The scene itself where it can be computed, else the nearest that can, with its `notice`."""
        whole = replace(self.with_cells(), kernel=self.kernel or TEXTBOOK_KERNEL)
        try:
            outputs = math.prod(whole.spec().output_size(whole.size))
        except InvalidSpec as fault:
            near = whole._nearest()
            object.__setattr__(near, "_notice", fault)  # no field: it is said once, and not part of the state
            return near
        return replace(whole, step=min(whole.step, outputs - 1))

    def _nearest(self) -> Self:
        """Padding no wider than its mode can show; then less dilation; then a smaller kernel."""
        widest = {"reflect": [n - 1 for n in self.size], "circular": list(self.size)}.get(self.mode, [99, 99])
        padding = tuple(min(amount, widest[side // 2]) for side, amount in enumerate(self.padding))
        room = [n + padding[2 * axis] + padding[2 * axis + 1] for axis, n in enumerate(self.size)]
        sides = [min(k, most) for k, most in zip(np.shape(self.kernel), room, strict=True)]
        holes = [
            d if k == 1 else min(d, (most - 1) // (k - 1))
            for d, k, most in zip(self.dilation, sides, room, strict=True)
        ]
        kernel = tuple(row[: sides[1]] for row in self.kernel[: sides[0]])
        return replace(self, padding=padding, dilation=tuple(holes), kernel=kernel).settled()

    def spec(self) -> ConvSpec:
        """The layer: one channel in, one out."""
        top, bottom, left, right = self.padding
        return ConvSpec(
            kernel_size=np.shape(self.kernel),
            stride=self.stride,
            padding=((top, bottom), (left, right)),
            dilation=self.dilation,
            padding_mode=self.mode,
            padding_value=self.fill if self.mode == "constant" else 0.0,
            flip=self.flip,
        )

    def weight(self) -> Numbers:
        """The kernel as torch wants it: float64 (1, 1, rows, columns)."""
        return np.array(self.kernel, float)[None, None]
