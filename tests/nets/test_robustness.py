"""Disturbed pictures: exact where pixels fall on pixels, and bounded."""

from __future__ import annotations

import pytest
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.neighbours import nearest, penultimate, vectors
from cnnviz.nets.robustness import disturbed
from tests.nets.toys import relu_net

PICTURE = torch.rand(2, 9, 9, generator=torch.Generator().manual_seed(0))


def test_nothing_asked_changes_nothing() -> None:
    assert torch.equal(disturbed(PICTURE), PICTURE)


def test_whole_shifts_move_pixels() -> None:
    made = disturbed(PICTURE, right=2, down=-3)
    torch.testing.assert_close(made[:, :6, 2:], PICTURE[:, 3:, :7])
    assert float(made[:, 6:].abs().sum() + made[:, :, :2].abs().sum()) == 0


@pytest.mark.parametrize(("turn", "times"), [(90, 1), (180, 2), (-90, 3)])
def test_quarter_turns_are_rot90(turn: float, times: int) -> None:
    torch.testing.assert_close(disturbed(PICTURE, turn=turn), PICTURE.rot90(times, (1, 2)), rtol=0, atol=1e-5)


def test_half_the_size_is_every_other_pixel() -> None:
    made = disturbed(PICTURE, scale=0.5)
    torch.testing.assert_close(made[:, 2:7, 2:7], PICTURE[:, ::2, ::2], rtol=0, atol=1e-5)
    torch.testing.assert_close(disturbed(PICTURE, scale=2)[:, ::2, ::2], PICTURE[:, 2:7, 2:7], rtol=0, atol=1e-5)


def test_noise_has_its_size_and_its_seed() -> None:
    grey = torch.full((1, 200, 200), 0.5)
    made = disturbed(grey, noise=0.1, seed=4)
    assert float(made.std()) == pytest.approx(0.1, rel=0.05)
    assert torch.equal(made, disturbed(grey, noise=0.1, seed=4))
    assert not torch.equal(made, disturbed(grey, noise=0.1, seed=5))


@pytest.mark.parametrize("wrong", [{"scale": 0}, {"right": 1e9}, {"noise": -1}, {"turn": float("nan")}])
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidSpec, match="must lie between"):
        disturbed(PICTURE, **wrong)  # type: ignore[arg-type]


def test_neighbours_by_the_vector_before_the_last_layer() -> None:
    net = relu_net()
    assert penultimate(net) == "flatten"
    images = torch.rand(6, 3, 8, 8)
    held = vectors(net, images)
    assert held.shape == (6, 24)
    found = nearest(held[4], held, count=2)
    assert found[0].index == 4
    assert found[0].similarity == pytest.approx(1)
    expected = torch.nn.functional.normalize(held, dim=1) @ torch.nn.functional.normalize(held[4], dim=0)
    assert found[1].similarity == pytest.approx(float(expected.sort().values[-2]))
