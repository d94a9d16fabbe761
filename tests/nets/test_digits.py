"""A drawn digit made like MNIST: the box, the centre of mass, and that MNIST's own pictures are left as they are."""

from __future__ import annotations

import pytest
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.digits import as_ink, bounding_box, centre_of_mass, mnist_like
from tests.conftest import SHARED


def drawn(rows: slice, columns: slice, size: tuple[int, int] = (100, 120)) -> torch.Tensor:
    ink = torch.zeros(size)
    ink[rows, columns] = 1
    return ink


@pytest.mark.parametrize(
    ("rows", "columns", "scaled"),
    [
        (slice(10, 90), slice(5, 25), (20, 5)),
        (slice(40, 50), slice(0, 120), (2, 20)),
        (slice(3, 4), slice(7, 8), (20, 20)),
    ],
)
def test_the_longer_side_is_twenty_and_the_shape_stays(rows: slice, columns: slice, scaled: tuple[int, int]) -> None:
    stages = mnist_like(drawn(rows, columns))
    assert tuple(stages.scaled.shape) == scaled
    assert tuple(stages.boxed.shape) == (20, 20)
    assert float(stages.scaled.min()) == pytest.approx(1)


def test_the_centre_of_mass_comes_to_the_middle() -> None:
    ink = drawn(slice(10, 90), slice(10, 20))
    ink[80:90, 10:50] = 1  # an L: its mass lies low and left of its box's middle
    stages = mnist_like(ink)
    assert stages.shift != (0, 0)
    assert all(abs(place - 14) <= 0.5 for place in stages.mass)
    assert float(stages.centred.sum()) == pytest.approx(float(stages.boxed.sum()), rel=1e-5)


@pytest.mark.parametrize("by", [(0, 0), (30, 0), (7, 21)])
def test_it_does_not_matter_where_it_was_drawn(by: tuple[int, int]) -> None:
    down, right = by
    shape = torch.rand(40, 30, generator=torch.Generator().manual_seed(0)) * 0.8 + 0.2
    one, other = torch.zeros(100, 100), torch.zeros(100, 100)
    one[5:45, 5:35] = shape
    other[5 + down : 45 + down, 5 + right : 35 + right] = shape
    torch.testing.assert_close(mnist_like(one).centred, mnist_like(other).centred)


def test_nothing_drawn_is_an_empty_picture() -> None:
    stages = mnist_like(torch.zeros(50, 50))
    assert stages.empty
    assert stages.box == (0, 0, 0, 0)
    assert tuple(stages.centred.shape) == (28, 28)
    assert float(stages.centred.abs().sum()) == 0


def test_what_is_no_number_counts_as_paper() -> None:
    ink = drawn(slice(10, 30), slice(10, 30))
    ink[0, 0] = float("nan")
    assert mnist_like(ink).box == (10, 10, 20, 20)


def test_dark_on_light_and_light_on_dark_are_one() -> None:
    ink = drawn(slice(20, 60), slice(40, 50))
    grey = 0.9 - 0.7 * ink
    torch.testing.assert_close(as_ink(grey), ink)
    torch.testing.assert_close(as_ink(1 - grey), ink)
    shaded = grey - 0.1 * torch.linspace(0, 1, 120)  # a photograph's uneven light is no ink
    assert bounding_box(as_ink(shaded)) == (20, 40, 40, 10)


def test_an_even_picture_has_no_ink() -> None:
    assert float(as_ink(torch.full((5, 5), 0.7)).sum()) == 0


def test_a_stroke_at_the_edge_is_not_cut() -> None:
    ink = torch.zeros(60, 60)
    ink[0:60, 59] = 1
    ink[0, 0:60] = 1
    stages = mnist_like(ink)
    assert float(stages.centred.sum()) == pytest.approx(float(stages.boxed.sum()), rel=1e-5)


@pytest.mark.parametrize("shape", [(0, 5), (5,), (1, 28, 28), (5000, 5)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidSpec, match="must have shape"):
        mnist_like(torch.zeros(shape))


@pytest.mark.shared
def test_mnists_own_pictures_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """They were made this way: cropping, scaling and centring them once more moves nothing by more than a pixel."""
    from cnnviz.nets.datasets import load

    monkeypatch.setenv("CNNVIZ_DATA", str(SHARED / "data"))
    images = load("mnist", "test").images[:200, 0].float() / 255
    masses = torch.tensor([centre_of_mass(image) for image in images])
    assert float((masses - 14).abs().max()) <= 0.51
    again = torch.stack([mnist_like(image).centred for image in images])
    assert float((again - images).abs().mean()) < 0.01
