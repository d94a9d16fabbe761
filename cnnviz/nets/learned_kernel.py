"""A kernel learned from a picture and its filtered target: gradient descent, one step at a time, to be watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import whole

MAX_STEPS, MAX_SIZE, MAX_PIXELS = 5_000, 15, 1 << 20


@dataclass(frozen=True)
class Learned:
    """After one step: the kernel (k, k), the mean squared error it has now, and how far it is from `true`, if known."""

    step: int
    kernel: Tensor
    loss: float
    distance: float | None


def learn_kernel(
    picture: Tensor,
    target: Tensor,
    size: int = 3,
    *,
    steps: int = 200,
    rate: float = 0.05,
    seed: int = 0,
    true: Tensor | None = None,
) -> Iterator[Learned]:
    """Find the kernel that makes `target` (H − k + 1, W − k + 1) of `picture` (H, W): the start, then each step.

    Adam on the mean squared error, from small random weights drawn by `seed`. Raises InvalidSpec where the sizes do not
    belong together.

    >>> picture = torch.rand(20, 20, generator=torch.Generator().manual_seed(0))
    >>> edge = torch.tensor([[1.0, 0.0, -1.0]] * 3)
    >>> target = F.conv2d(picture[None, None], edge[None, None])[0, 0]
    >>> *_, last = learn_kernel(picture, target, steps=400, true=edge)
    >>> last.distance < 0.01
    True
    """
    for name, value, high in (("size", size, MAX_SIZE), ("steps", steps, MAX_STEPS)):
        if not 1 <= whole(name, value, 1) <= high:
            raise InvalidSpec("parameter_outside", name=name, value=value, low=1, high=high)
    if picture.ndim != 2 or picture.numel() > MAX_PIXELS or min(picture.shape) < size:
        raise InvalidSpec(
            "images_shape", name="picture", shape=tuple(picture.shape), expected=f"(H, W), at least {size} a side"
        )
    made = tuple(side - size + 1 for side in picture.shape)
    if tuple(target.shape) != made:
        raise InvalidSpec("images_shape", name="target", shape=tuple(target.shape), expected=made)
    return _learn(picture.float(), target.float(), size, steps, rate, seed, true)


def _learn(
    picture: Tensor, target: Tensor, size: int, steps: int, rate: float, seed: int, true: Tensor | None
) -> Iterator[Learned]:
    drawn = torch.randn(1, 1, size, size, generator=torch.Generator().manual_seed(seed))
    kernel = (0.1 * drawn).requires_grad_()
    optimiser = torch.optim.Adam([kernel], lr=rate)
    for step in range(steps + 1):
        with torch.enable_grad():
            loss = F.mse_loss(F.conv2d(picture[None, None], kernel)[0, 0], target)
        now = kernel.detach()[0, 0].clone()
        far = None if true is None else float((now - true).abs().max())
        yield Learned(step, now, float(loss.detach()), far)
        (kernel.grad,) = torch.autograd.grad(loss, kernel)
        optimiser.step()
