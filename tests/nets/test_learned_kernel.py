"""A kernel learned from examples comes out as the one that made them."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.learned_kernel import learn_kernel

PICTURE = torch.rand(24, 30, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_kernel_that_made_the_target_is_found(size: int) -> None:
    true = torch.randn(size, size, generator=torch.Generator().manual_seed(size))
    target = F.conv2d(PICTURE[None, None], true[None, None])[0, 0]
    steps = list(learn_kernel(PICTURE, target, size, steps=1500, true=true))
    assert len(steps) == 1501
    assert steps[-1].loss < 1e-4 < steps[0].loss
    assert steps[-1].distance is not None
    assert steps[-1].distance == pytest.approx(float((steps[-1].kernel - true).abs().max()))
    assert steps[-1].distance < 0.05


def test_what_no_kernel_can_make_keeps_an_error() -> None:
    target = F.max_pool2d(PICTURE[None, None], 3, 1)[0, 0]
    *_, last = learn_kernel(PICTURE, target, 3, steps=500)
    assert last.loss > 1e-4
    assert last.distance is None


def test_sizes_that_do_not_belong_together() -> None:
    with pytest.raises(InvalidSpec, match=r"`target` .* must have shape \(22, 28\)"):
        learn_kernel(PICTURE, PICTURE)
    with pytest.raises(InvalidSpec, match="`size`"):
        learn_kernel(PICTURE, PICTURE, 99)
    with pytest.raises(InvalidSpec, match="`steps`"):
        learn_kernel(PICTURE, PICTURE, 3, steps=10**9)
