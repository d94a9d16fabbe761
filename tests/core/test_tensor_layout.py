"""Offsets and strides against torch, which lays the numbers out itself; article 4's pixel typed in."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.tensor_layout import (
    IMAGE_LAYOUTS,
    WEIGHT_LAYOUTS,
    Layout,
    index_at,
    offset,
    order,
    permutation,
    permuted,
    pixel_number,
    strides,
    terms,
)

SIZES = st.tuples(*[st.integers(1, 4)] * 4)


@given(SIZES, st.sampled_from([IMAGE_LAYOUTS, WEIGHT_LAYOUTS]))
def test_every_number_lies_where_torch_puts_it(shape: tuple[int, ...], pair: tuple[Layout, Layout]) -> None:
    first, second = pair
    sizes = dict(zip(first.axes, shape, strict=True))
    x = torch.arange(torch.Size(shape).numel()).reshape(shape)
    memory = x.permute(permutation(first, second)).contiguous().flatten().tolist()
    for place, number in enumerate(memory):
        index = index_at(first, sizes, number)
        assert x[tuple(index[axis] for axis in first.axes)].item() == number
        assert offset(second, sizes, index) == place
        assert index_at(second, sizes, place) == {axis: index[axis] for axis in second.axes}


@given(SIZES, st.sampled_from(list(Layout)))
def test_strides_are_those_of_a_fresh_tensor(shape: tuple[int, ...], layout: Layout) -> None:
    sizes = dict(zip(layout.axes, shape, strict=True))
    assert tuple(strides(layout, sizes).values()) == torch.empty(order(layout, sizes)).stride()


def test_channels_last_is_nhwc_seen_as_nchw() -> None:
    x = torch.arange(72).reshape(2, 3, 3, 4).to(memory_format=torch.channels_last)
    found = strides(Layout.NHWC, {"n": 2, "c": 3, "h": 3, "w": 4})
    assert x.stride() == tuple(found[axis] for axis in "nchw")


def test_the_sum_has_a_term_an_axis_and_adds_up() -> None:
    sizes, index = {"n": 2, "c": 3, "h": 3, "w": 4}, {"n": 1, "c": 2, "h": 0, "w": 3}
    found = terms(Layout.NCHW, sizes, index)
    assert [(t.axis, t.index, t.stride, t.product) for t in found] == [
        ("n", 1, 36, 36),
        ("c", 2, 12, 24),
        ("h", 0, 4, 0),
        ("w", 3, 1, 3),
    ]
    assert offset(Layout.NCHW, sizes, index) == 63


def test_outside_the_tensor_is_refused() -> None:
    sizes = {"n": 1, "c": 1, "h": 2, "w": 2}
    with pytest.raises(IndexError, match=r"`h` \(=2\) must lie between 0 and 1"):
        offset(Layout.NCHW, sizes, {"n": 0, "c": 0, "h": 2, "w": 0})
    with pytest.raises(IndexError, match=r"`place` \(=4\)"):
        index_at(Layout.NCHW, sizes, 4)
    with pytest.raises(ValueError, match="must have the axes"):
        permuted("nchw", "oihw")


def test_article_4_pixel_2_1_of_a_picture_100_wide_is_number_101() -> None:
    flat = torch.arange(1, 100 * 100 + 1).reshape(100, 100)
    assert pixel_number(2, 1, 100) == 101 == flat[1, 0].item()
    assert pixel_number(100, 100, 100) == 10_000 == flat[-1, -1].item()
