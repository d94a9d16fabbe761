"""The recorded descent is PyTorch's own; it finds what a picture shows, and says what it does not show."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels import preset
from cnnviz.nets.kernel_descent import STEPS, descend, in_square
from cnnviz.nets.learned_kernel import learn_kernel

NOISE = np.random.default_rng(2).random((40, 33))
SOBEL = preset("sobel_x").weights


@pytest.mark.parametrize("name", ["sobel_x", "gaussian_5", "roberts_down"])
def test_the_steps_are_those_of_torchs_adam_on_the_convolution(name: str) -> None:
    true = preset(name).weights
    picture = torch.from_numpy(NOISE).float()
    target = F.conv2d(picture[None, None], torch.from_numpy(true).float()[None, None])[0, 0]
    run = descend(NOISE, true, seed=5)
    for ours, theirs in zip(run.steps, learn_kernel(picture, target, len(true), steps=30, seed=5), strict=False):
        assert ours == theirs.step
        assert run.kernels[ours] == pytest.approx(theirs.kernel.numpy(), abs=2e-4)
        assert run.losses[ours] == pytest.approx(theirs.loss, rel=1e-3, abs=1e-6)
        if theirs.step == 15:
            break


def test_plain_descent_is_torchs_sgd() -> None:
    run = descend(NOISE, SOBEL, optimiser="plain")
    kernel = torch.from_numpy(run.kernels[0][None, None].copy()).requires_grad_()
    picture = torch.from_numpy(NOISE)[None, None]
    target = F.conv2d(picture, torch.from_numpy(SOBEL)[None, None])
    top = np.linalg.eigvalsh(
        np.lib.stride_tricks.sliding_window_view(NOISE, (3, 3)).reshape(-1, 9).T
        @ np.lib.stride_tricks.sliding_window_view(NOISE, (3, 3)).reshape(-1, 9)
    )[-1]
    optimiser = torch.optim.SGD([kernel], lr=target.numel() / (2 * float(top)))
    for number in range(10):
        assert run.kernels[number] == pytest.approx(kernel.detach().numpy()[0, 0], abs=1e-9)
        optimiser.zero_grad()
        F.mse_loss(F.conv2d(picture, kernel), target).backward()  # type: ignore[no-untyped-call]
        optimiser.step()


@pytest.mark.parametrize("name", ["sobel_x", "emboss", "motion_horizontal", "roberts_up"])
def test_a_picture_with_structure_gives_the_kernel_back(name: str) -> None:
    run = descend(NOISE, preset(name).weights)
    assert run.verdict == "found"
    assert run.steps[-1] == STEPS
    assert run.kernels[-1] == pytest.approx(run.true, abs=0.02 * float(abs(run.true).max()))
    assert run.losses[-1] < 1e-5 < run.losses[0]


def test_a_flat_picture_tells_nothing_but_the_sum() -> None:
    run = descend(np.full((20, 20), 0.5), SOBEL)
    assert (run.verdict, run.seen) == ("blind", 1)
    assert run.kernels[-1].sum() == pytest.approx(SOBEL.sum(), abs=1e-3)
    assert run.distances[-1] > 1
    assert descend(np.zeros((9, 9)), SOBEL).verdict == "blind"


def test_stripes_tell_only_what_varies_along_them() -> None:
    stripes = np.tile(np.random.default_rng(0).random(30), (20, 1))
    run = descend(stripes, SOBEL)
    assert (run.verdict, run.seen) == ("blind", 3)
    assert run.kernels[-1].sum(axis=0) == pytest.approx(SOBEL.sum(axis=0), abs=0.05)


def test_what_is_slow_is_said_to_be_slow() -> None:
    smooth = np.add.outer(np.sin(np.arange(40) / 3), np.cos(np.arange(40) / 5)) ** 3
    assert descend(smooth, preset("gaussian_5").weights, optimiser="plain").verdict != "found"


def test_a_kernel_is_made_square_about_its_anchor() -> None:
    for name in ("motion_horizontal", "sobel_x"):
        true = preset(name).weights
        square = torch.from_numpy(in_square(true))
        assert square.shape[0] == square.shape[1]
        same = F.conv2d(torch.from_numpy(NOISE)[None, None], square[None, None], padding="same")
        plain = F.conv2d(torch.from_numpy(NOISE)[None, None], torch.from_numpy(true)[None, None], padding="same")
        assert torch.allclose(same, plain)


def test_what_cannot_be_learned_is_refused() -> None:
    with pytest.raises(InvalidSpec, match="kernel_size"):
        descend(NOISE, np.ones((17, 17)))
    with pytest.raises(InvalidSpec, match="at least 3"):
        descend(NOISE[:2], SOBEL)
    with pytest.raises(InvalidSpec, match="optimiser"):
        descend(NOISE, SOBEL, optimiser="magic")
