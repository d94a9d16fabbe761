"""Learning a kernel from a picture and its filtered target, recorded to be scrubbed through.

The mean squared error of a kernel w is a quadric of it, (w − w*)ᵀ A (w − w*), where A holds how every two of the
pixels under the window vary together: A = XᵀX / n, X the windows as rows. So a step costs k⁴ multiplications whatever
the picture's size, and the numbers are those of nets/learned_kernel.py, which convolves anew each time (a test
compares them). A also says what cannot be learned: kernels that differ along a direction it maps to 0 make the same
feature map of this picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels import Weights, anchor
from cnnviz.nets.learned_kernel import MAX_SIZE

Numbers = npt.NDArray[np.float64]
OPTIMISERS = ("adam", "plain")
STEPS, FRAMES = 1000, 120
ADAM_RATE = 0.05
LARGEST_SEED = 10**6
UNSEEN = 1e-10
"""A direction with less than this share of the strongest one's power is not in the picture at all."""
FOUND = 0.02
"""Found: no weight is off by more than this share of the largest one."""


@dataclass(frozen=True)
class Descent:
    """A run, at the recorded `steps` (F,): `kernels` (F, k, k), mean squared error, largest error of a weight.

    `true` (k, k) is what was to be found; `seen` of its k x k directions are in the picture, and the strongest has
    `condition` times the power of the weakest of those.
    """

    true: Weights
    steps: npt.NDArray[np.int32]
    kernels: Numbers
    losses: Numbers
    distances: Numbers
    seen: int
    condition: float

    @property
    def verdict(self) -> str:
        """ "found"; "blind" where the picture cannot tell kernels apart; "slow" where more steps would get nearer."""
        if self.distances[-1] <= FOUND * max(float(np.abs(self.true).max()), 1e-9):
            return "found"
        return "blind" if self.seen < self.true.size else "slow"


def descend(plane: npt.ArrayLike, kernel: npt.ArrayLike, *, optimiser: str = "adam", seed: int = 0) -> Descent:
    """Learn `kernel` (kh, kw) from `plane` (H, W) and the map it makes of it, without padding, in STEPS steps.

    "plain" is gradient descent with the largest rate that is safe, 1 / the greatest curvature; "adam" is PyTorch's
    Adam with rate ADAM_RATE. Raises InvalidSpec for a kernel over MAX_SIZE a side or larger than the plane.

    >>> noise = np.random.default_rng(0).random((30, 30))
    >>> run = descend(noise, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> run.verdict, run.kernels[-1].round(2)[1].tolist()
    ('found', [-2.0, 0.0, 2.0])
    """
    picture, true = np.asarray(plane, np.float64), in_square(kernel)
    size = len(true)
    if size > MAX_SIZE:
        raise InvalidSpec("parameter_outside", name="kernel_size", value=size, low=1, high=MAX_SIZE)
    if min(picture.shape) < size:
        expected = f"(H, W), at least {size} a side"
        raise InvalidSpec("images_shape", name="picture", shape=tuple(picture.shape), expected=expected)
    if optimiser not in OPTIMISERS:
        raise InvalidSpec("unknown_choice", name="optimiser", value=repr(optimiser), allowed=", ".join(OPTIMISERS))
    power = together(picture, size)
    strengths = np.linalg.eigvalsh(power)
    top = max(float(strengths[-1]), 1e-30)
    seen = strengths[strengths > UNSEEN * top]
    step = _adam(ADAM_RATE) if optimiser == "adam" else _plain(1 / (2 * top))
    steps = moments()
    kernels = _walk(power, true.ravel(), drawn(size, seed), step, steps)
    apart = kernels - true.ravel()
    losses = np.einsum("fi,ij,fj->f", apart, power, apart).clip(0)
    return Descent(
        true,
        steps,
        kernels.reshape(-1, size, size),
        losses,
        np.abs(apart).max(axis=1),
        len(seen),
        float(top / seen[0]) if len(seen) else 1.0,
    )


def in_square(kernel: npt.ArrayLike) -> Weights:
    """The kernel with zeros around it, as many rows as columns, anchor on anchor: what is learned is square.

    >>> in_square([[1.0, 2.0, 3.0]]).tolist()
    [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
    """
    weights = np.asarray(kernel, np.float64)
    side = max(weights.shape)
    square = np.zeros((side, side))
    top, left = (anchor(side)[0] - a for a in anchor(weights.shape))
    square[top : top + weights.shape[0], left : left + weights.shape[1]] = weights
    return square


def together(plane: Numbers, size: int) -> Numbers:
    """XᵀX / n for the windows X (n, size x size) of a plane."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, (size, size)).reshape(-1, size * size)
    product: Numbers = windows.T @ windows / len(windows)
    return product


def drawn(size: int, seed: int) -> Numbers:
    """The random kernel a run starts from, flat; the same one as nets/learned_kernel.py draws."""
    start: Numbers = 0.1 * torch.randn(size * size, generator=torch.Generator().manual_seed(seed)).double().numpy()
    return start


def moments() -> npt.NDArray[np.int32]:
    """The steps that are recorded: every one at first, then ever fewer, to STEPS."""
    return np.unique(np.rint(np.concatenate([[0], np.geomspace(1, STEPS, FRAMES)]))).astype(np.int32)


def _walk(power: Numbers, true: Numbers, start: Numbers, step: Step, kept: npt.NDArray[np.int32]) -> Numbers:
    """The kernels at the steps `kept`, (F, k x k)."""
    wanted, frames, now = set(kept.tolist()), [], start
    for number in range(STEPS + 1):
        if number in wanted:
            frames.append(now)
        now = now - step(2 * power @ (now - true))
    return np.stack(frames)


Step = Callable[[Numbers], Numbers]
"""From the gradient to what is taken off the weights."""


def _plain(rate: float) -> Step:
    return lambda gradient: rate * gradient


def _adam(rate: float, beta1: float = 0.9, beta2: float = 0.999, tiny: float = 1e-8) -> Step:
    """Kingma & Ba 2015, algorithm 1, with torch.optim.Adam's defaults."""
    count, first, second = 0, np.zeros(()), np.zeros(())

    def step(gradient: Numbers) -> Numbers:
        nonlocal count, first, second
        count += 1
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient**2
        moved: Numbers = rate * (first / (1 - beta1**count)) / (np.sqrt(second / (1 - beta2**count)) + tiny)
        return moved

    return step
