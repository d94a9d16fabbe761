"""Normalising against torchvision's published formula written out, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnnviz.core.images import Picture, picture_from_pixels
from cnnviz.core.value_range import (
    IMAGENET,
    MNIST,
    Refusal,
    Scale,
    Statistics,
    Step,
    histogram,
    own_statistics,
    published_statistics,
    scale_of,
    stages,
    standardised,
    summary,
)

RNG = np.random.default_rng(5)
COLOUR = picture_from_pixels(RNG.integers(0, 256, (12, 10, 3), np.uint8))
GREY = picture_from_pixels(RNG.integers(0, 256, (12, 10), np.uint8))
DEEP = picture_from_pixels(RNG.integers(0, 65536, (12, 10), np.uint16))
U, S = Step.UNIT, Step.STANDARD


def test_divided_once_and_standardised_by_its_own_numbers() -> None:
    file, unit, standard = stages(COLOUR, [U, S])
    assert (file.scale, unit.scale, standard.scale) == (Scale.BYTES, Scale.UNIT, Scale.STANDARD)
    assert (file.summary.dtype, unit.summary.dtype) == ("uint8", "float32")
    assert file.summary.bytes * 4 == unit.summary.bytes == 4 * 360
    torch.testing.assert_close(unit.values, COLOUR.tensor())
    assert standard.summary.channel_mean == pytest.approx([0, 0, 0], abs=1e-6)
    assert standard.summary.channel_std == pytest.approx([1, 1, 1], abs=1e-5)


def test_imagenets_numbers_are_the_published_ones() -> None:
    *_, found = stages(COLOUR, [U, S], own=False)
    expected = (COLOUR.tensor() - torch.tensor([0.485, 0.456, 0.406])[:, None, None]) / torch.tensor(
        [0.229, 0.224, 0.225]
    )[:, None, None]
    torch.testing.assert_close(found.values, expected)
    assert published_statistics(3) is IMAGENET
    assert published_statistics(1) is MNIST


@pytest.mark.parametrize(
    ("picture", "steps", "own", "refusal"),
    [
        (COLOUR, [U, U], True, Refusal.ALREADY_UNIT),
        (DEEP, [U, U], True, Refusal.ALREADY_UNIT),
        (COLOUR, [U, S, S], True, Refusal.ALREADY_STANDARD),
        (COLOUR, [U, S, S], False, Refusal.ALREADY_STANDARD),
        (COLOUR, [U, S, U], True, Refusal.UNIT_AFTER_STANDARD),
        (COLOUR, [S], False, Refusal.NOT_UNIT_YET),
        (picture_from_pixels(np.full((3, 3), 7, np.uint8)), [U, S], True, Refusal.FLAT),
    ],
)
def test_nothing_is_normalised_twice(picture: Picture, steps: list[Step], own: bool, refusal: Refusal) -> None:
    *_, before, last = stages(picture, steps, own=own)
    assert last.refusal is refusal
    assert torch.equal(last.values, before.values)
    assert last.scale is before.scale


def test_what_a_refused_step_would_make_is_told() -> None:
    *_, last = stages(COLOUR, [U, U])
    assert last.would_be is not None
    assert last.would_be.maximum == pytest.approx(last.summary.maximum / 255)


def test_a_refused_step_does_not_stop_the_next() -> None:
    *_, last = stages(GREY, [U, U, S])
    assert (last.refusal, last.scale) == (None, Scale.STANDARD)


def test_sixteen_bits_are_divided_by_their_own_white() -> None:
    file, unit = stages(DEEP, [U])
    assert file.summary.dtype == "uint16"
    assert unit.summary.maximum == pytest.approx(int(DEEP.pixels.max()) / 65535)


def test_standardising_bytes_by_their_own_numbers_is_allowed() -> None:
    _, found = stages(COLOUR, [S])
    assert found.refusal is None
    assert found.summary.mean == pytest.approx(0, abs=1e-5)


def test_the_summary_divides_by_n_as_numpy_does() -> None:
    found = summary(GREY.tensor())
    assert found.std == pytest.approx(GREY.floats().astype(float).std())
    assert found.std != pytest.approx(GREY.tensor().std().item(), abs=1e-6)


def test_statistics_are_per_channel() -> None:
    x = torch.tensor([[[0.0, 2.0]], [[10.0, 30.0]]])
    assert own_statistics(x) == Statistics("own", (1.0, 20.0), (1.0, 10.0))
    assert standardised(x, own_statistics(x)).tolist() == [[[-1, 1]], [[-1, 1]]]


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0.0, 1.0], Scale.UNIT),
        ([0.0, 1.5], Scale.BYTES),
        ([0.0, 300.0], Scale.WORDS),
        ([0.0, 1e6], Scale.OTHER),
        ([-2.0, 2.0], Scale.STANDARD),
        ([-500.0, 500.0], Scale.OTHER),
    ],
)
def test_a_range_is_recognised(values: list[float], scale: Scale) -> None:
    assert scale_of(torch.tensor(values)) is scale


def test_the_histogram_is_numpys() -> None:
    counts, low, high = histogram(GREY.tensor(), bins=8)
    expected, edges = np.histogram(GREY.floats().astype(float), bins=8)
    assert counts.tolist() == [expected.tolist()]
    assert (low, high) == (edges[0], edges[-1])


def test_a_picture_of_one_value_has_a_histogram() -> None:
    counts, low, high = histogram(torch.full((1, 2, 2), 5.0))
    assert counts.sum() == 4
    assert low == high == 5
