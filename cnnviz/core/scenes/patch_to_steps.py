"""From the kernel lab to the step player: the neighbourhood of one output pixel as a scene of the convolution page."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.core.kernels import rows
from cnnviz.core.scenes.convolution import LARGEST_INPUT, LARGEST_KERNEL, MOST_PADDING, ConvolutionScene
from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.core.windows import Axis

MARGIN = 2
"""Windows shown before and after the one that was pointed at."""


def around(axis: Axis, size: int, window: int) -> tuple[int, int, int, int, int]:
    """Where the piece begins, its length, its padding (before, after), and which of its windows is the one.

    >>> around(Axis(3, before=1, after=1), 300, 132)
    (129, 7, 0, 0, 2)
    >>> around(Axis(3, before=1, after=1), 300, 0)
    (0, 4, 1, 0, 0)
    """
    start = window * axis.stride - axis.before
    ahead = min(MARGIN, max(start, 0) // axis.stride)
    first = start - ahead * axis.stride if start >= 0 else 0
    before = 0 if start >= 0 else axis.before
    number = ahead if start >= 0 else window
    last = start + axis.effective + MARGIN * axis.stride
    length = min(last, size) - first
    after = min(max(start + axis.effective - size, 0), axis.after)
    return first, length, before, after, number


def patch_scene(scene: KernelScene, size: tuple[int, int], at: Sequence[int], every: float = 1) -> ConvolutionScene:
    """The step player set to the piece of the picture around output pixel `at`, with the lab's kernel on it.

    `size` is the picture's in the lab, (rows, columns); `every` is how many pixels of the reader's picture lie
    between two of the lab's. Kernels over 11 x 11 are cut by the player's own rules.

    >>> patch = patch_scene(KernelScene(), (300, 300), (132, 83))
    >>> patch.piece, patch.size, patch.kernel[0], patch.step
    ((129, 80), (7, 7), (-1.0, 0.0, 1.0), 12)
    """
    weights = scene.effective()[:LARGEST_KERNEL, :LARGEST_KERNEL]
    pairs = scene.layer().padding_for(size)
    shape = zip(weights.shape, scene.stride, scene.dilation, pairs, strict=True)
    axes = [Axis(k, s, d, before, after) for k, s, d, (before, after) in shape]
    placed = [around(axis, n, place) for axis, n, place in zip(axes, size, at, strict=True)]
    (top, height, *_), (left, width, *_) = placed
    pads = [min(amount, MOST_PADDING) for place in placed for amount in place[2:4]]
    patch = ConvolutionScene().with_(
        source="picture",
        picture=scene.picture,
        piece=(round(top * every), round(left * every)),
        every=max(1, round(every)),
        size=(min(height, LARGEST_INPUT), min(width, LARGEST_INPUT)),
        unit=True,
        kernel=rows(weights.round(7)),
        stride=tuple(min(s, 8) for s in scene.stride),
        dilation=tuple(min(d, 8) for d in scene.dilation),
        padding=tuple(pads),
        mode=scene.mode,
        fill=scene.fill,
        flip=scene.flip,
        bias=scene.bias + scene.shifted_by,
    )
    columns = patch.spec().output_size(patch.size)[1]
    return patch.with_(step=placed[0][4] * columns + placed[1][4])
