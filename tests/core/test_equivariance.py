"""Shift equivariance: exact inside, and the border mask is tight, checked against the difference itself."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.equivariance import Border, shift, shift_test
from cnnviz.core.kernels import preset

PLANE = torch.randint(1, 256, (18, 20), generator=torch.Generator().manual_seed(2)).double()
SHIFTS = st.integers(-16, 16)
WHOLE = ("sobel_x", "laplacian_4", "gaussian_3", "sharpen", "emboss")


def kernel(name: str) -> torch.Tensor:
    return torch.from_numpy(preset(name).weights)


@given(SHIFTS, SHIFTS, st.sampled_from(WHOLE))
def test_away_from_the_border_the_output_shifts_with_the_input(down: int, right: int, name: str) -> None:
    found = shift_test(PLANE, kernel(name), down, right, Border.ZEROS)
    assert found.largest_inside == 0
    assert found.output_shift == (down, right)


@given(SHIFTS, SHIFTS, st.sampled_from(WHOLE))
def test_with_circular_padding_it_does_everywhere(down: int, right: int, name: str) -> None:
    found = shift_test(PLANE, kernel(name), down, right, Border.CIRCULAR)
    assert found.difference.abs().max() == 0
    assert not found.border.any()


def test_at_the_border_it_does_not() -> None:
    found = shift_test(PLANE, kernel("gaussian_3"), 0, 5, Border.ZEROS)
    assert found.largest_at_border > 0
    touched = (found.difference != 0).any(0).nonzero().flatten().tolist()
    assert touched == [4, 19]  # the column next to what came in, and the one whose window lost its last pixels
    assert found.border.any(0).nonzero().flatten().tolist() == [0, 1, 2, 3, 4, 19]


def test_no_shift_no_difference() -> None:
    found = shift_test(PLANE, kernel("emboss"), 0, 0, Border.ZEROS)
    assert found.difference.abs().max() == 0
    assert not found.border.any()


@pytest.mark.parametrize("right", [2, -4, 8])
def test_stride_2_follows_even_shifts(right: int) -> None:
    found = shift_test(PLANE, kernel("gaussian_3"), 0, right, Border.CIRCULAR, stride=2)
    assert found.output_shift == (0, right // 2)
    assert found.difference.abs().max() == 0


@pytest.mark.parametrize("right", [1, 3, -5])
def test_stride_2_does_not_follow_odd_shifts(right: int) -> None:
    found = shift_test(PLANE, kernel("sobel_x"), 0, right, Border.CIRCULAR, stride=2)
    assert found.output_shift is None
    assert found.largest_inside > 0


@given(SHIFTS, SHIFTS)
def test_a_shift_is_a_roll_with_what_wrapped_taken_out(down: int, right: int) -> None:
    rolled = shift(PLANE, down, right, Border.CIRCULAR)
    assert torch.equal(rolled, torch.roll(PLANE, (down, right), (0, 1)))
    lost = shift(PLANE, down, right, Border.ZEROS)
    kept = lost != 0  # PLANE has no zeros
    assert torch.equal(lost[kept], rolled[kept])
    assert int(kept.sum()) == (18 - abs(down) if abs(down) < 18 else 0) * (20 - abs(right))


def test_a_map_of_stride_2_is_half_as_large() -> None:
    found = shift_test(PLANE, kernel("sobel_x"), 2, 0, Border.ZEROS, stride=2)
    assert found.shift_first.shape == (9, 10)
    assert found.largest_inside == 0
