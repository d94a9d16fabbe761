"""The inverse of the output-size formula, and the ways to pad, against torch itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.inverse import Bounds, settings
from cnnviz.core.padding_schemes import compare, roundings
from cnnviz.core.same_padding import SamePadding
from tests.core.strategies import examples

BOUNDS = Bounds(kernel_size=4, stride=3, padding=2, dilation=2)
Answer = tuple[int, int, tuple[int, int], int]


def torch_size(run: Callable[[], Tensor]) -> int | None:
    """The size torch makes, or None where torch refuses."""
    try:
        return run().shape[-1]
    except RuntimeError:
        return None


def torch_conv(size: int, k: int, s: int, pair: tuple[int, int], d: int) -> int | None:
    x, w = torch.zeros(1, 1, size), torch.zeros(1, 1, k)
    return torch_size(lambda: F.conv1d(F.pad(x, pair), w, stride=s, dilation=d))


def torch_pool(size: int, k: int, s: int, pair: tuple[int, int], d: int, ceil_mode: bool) -> int | None:
    if pair[0] != pair[1] or pair[0] > k // 2:
        return None
    x = torch.zeros(1, 1, size)
    return torch_size(lambda: F.max_pool1d(x, k, s, pair[0], d, ceil_mode))


def torch_transpose(size: int, k: int, s: int, pair: tuple[int, int], d: int) -> int | None:
    full = F.conv_transpose1d(torch.zeros(1, 1, size), torch.zeros(1, 1, k), stride=s, dilation=d).shape[-1]
    return full - sum(pair)


def tried(bounds: Bounds) -> list[Answer]:
    kernels, strides, dilations = (range(1, n + 1) for n in (bounds.kernel_size, bounds.stride, bounds.dilation))
    every = itertools.product(kernels, strides, bounds.pairs, dilations)
    return [(k, s, pair, d) for k, s, pair, d in every if k > 1 or d == 1]


def answers(size: int, output: int, op: str, *, ceil_mode: bool = False, bounds: Bounds = BOUNDS) -> set[Answer]:
    found = settings(size, output, op, bounds=bounds, ceil_mode=ceil_mode)
    keys = [(s.kernel_size, s.stride, s.padding, s.dilation) for s in found]
    assert len(set(keys)) == len(keys)
    assert all(s.derivation.output == output for s in found)
    return set(keys)


@given(st.integers(1, 12), st.integers(1, 12))
@examples(15)
def test_every_convolution_that_fits_and_no_other(size: int, output: int) -> None:
    assert answers(size, output, "conv") == {a for a in tried(BOUNDS) if torch_conv(size, *a) == output}


@given(st.integers(1, 8), st.integers(1, 12))
@examples(15)
def test_every_transposed_convolution(size: int, output: int) -> None:
    expected = {a for a in tried(BOUNDS) if torch_transpose(size, *a) == output}
    assert answers(size, output, "conv_transpose") == expected


@given(st.integers(1, 12), st.integers(1, 12), st.booleans())
@examples(15)
def test_every_pooling(size: int, output: int, ceil_mode: bool) -> None:
    bounds = Bounds(4, 3, 2, 2, uneven=False)
    expected = {a for a in tried(bounds) if torch_pool(size, *a, ceil_mode) == output}
    assert answers(size, output, "pool", ceil_mode=ceil_mode, bounds=bounds) == expected


def test_plain_answers_come_first() -> None:
    found = settings(7, 4)
    first = found[0]
    assert (first.kernel_size, first.stride, first.padding, first.dilation) == (4, 1, (0, 0), 1)
    keys = [(s.dilation, s.stride) for s in found]
    assert keys == sorted(keys)
    assert settings(4, 9, bounds=Bounds(3, 2, 1, 1)) == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: settings(0, 3), "below_one"),
        (lambda: settings(5, 0), "below_one"),
        (lambda: settings(5, 5, "unpool"), "unknown_choice"),
        (lambda: Bounds(kernel_size=0), "below_one"),
        (lambda: Bounds(padding=-1), "negative"),
        (lambda: Bounds(1000, 1000, 1000, 1000), "too_many_settings"),
        (lambda: compare(10**9, 3), "parameter_outside"),
        (lambda: compare(8, 0), "below_one"),
        (lambda: roundings(8, 3, padding="middle"), "unknown_padding"),
        (lambda: SamePadding(0), "below_one"),
    ],
)
def test_what_is_refused(call: Callable[[], object], code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert caught.value.code == code


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3))
@examples(300)
def test_dropped_and_invented_are_what_the_gradient_says(size: int, k: int, s: int, d: int) -> None:
    """A pixel is dropped where no gradient arrives, a padded cell invented where one does."""
    for scheme in compare(size, k, s, d, custom=(1, 0)):
        before, after = scheme.padding
        if size + before + after < d * (k - 1) + 1:
            assert scheme.output is None
            assert scheme.refused is not None
            continue
        x = torch.zeros(1, 1, size + before + after, requires_grad=True)
        y = F.conv1d(x, torch.ones(1, 1, k), stride=s, dilation=d)
        (gradient,) = torch.autograd.grad(y.sum(), x)
        read = {int(i) - before for i in torch.nonzero(gradient[0, 0])}
        assert scheme.output == y.shape[-1]
        assert scheme.dropped == tuple(i for i in range(size) if i not in read)
        assert scheme.invented == tuple(sorted(i for i in read if not 0 <= i < size))


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@given(st.integers(1, 9), st.integers(1, 6), st.integers(1, 3))
@examples(100)
def test_tensorflows_same_makes_ceil_of_n_over_s(size: int, k: int, s: int) -> None:
    schemes = {scheme.name: scheme for scheme in compare(size, k, s)}
    assert schemes["same_upper"].output == schemes["same_lower"].output == -(-size // s)
    assert schemes["same"].torch_refuses == (s > 1)
    with_torch = torch_size(lambda: F.conv1d(torch.zeros(1, 1, size), torch.zeros(1, 1, k), stride=s, padding="same"))
    assert (with_torch is None) == (s > 1)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@given(st.integers(1, 9), st.integers(1, 4))
@examples(40)
def test_the_padding_that_keeps_a_size(k: int, d: int) -> None:
    same = SamePadding(k, d)
    before, after = same.pair
    x, w = torch.arange(1.0, 40).reshape(1, 1, -1), torch.arange(1.0, k + 1).reshape(1, 1, -1)
    theirs = F.conv1d(x, w, padding="same", dilation=d)
    assert torch.equal(F.conv1d(F.pad(x, (before, after)), w, dilation=d), theirs)
    assert same.even == (before == after)
    assert same.lines[-1].text.endswith(f"= {before}" if same.even else f"= {before} + {after}")


def test_article_2_odd_kernels() -> None:
    """2.10 and 2.11: p = (k−1)/2 keeps the size of odd kernels; an even one needs one more cell on one side."""
    assert [SamePadding(k).pair for k in (1, 3, 5, 7)] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [SamePadding(k).pair for k in (2, 4)] == [(0, 1), (1, 2)]
    assert SamePadding(4, dilation=2).pair == (3, 3)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.data())
@examples(200)
def test_floor_and_ceil_are_torchs(size: int, k: int, s: int, data: st.DataObject) -> None:
    padding = data.draw(st.integers(0, k // 2))
    floor, ceil, _ = roundings(size, k, s, padding)
    assert floor.output == torch_pool(size, k, s, (padding, padding), 1, False)
    if floor.output is not None:
        assert ceil.output == torch_pool(size, k, s, (padding, padding), 1, True)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(0, 4), st.integers(1, 3))
@examples(200)
def test_cover_all_is_chainers(size: int, k: int, s: int, p: int, d: int) -> None:
    """chainer.utils.conv.get_conv_outsize with cover_all: (n + 2p − dk + s − 1) // s + 1, dk the dilated kernel."""
    dilated = k + (k - 1) * (d - 1)
    expected = (size + 2 * p - dilated + s - 1) // s + 1
    assert (roundings(size, k, s, p, d)[2].output or 0) == max(expected, 0)


def test_article_1_drops_a_pixel() -> None:
    """1.10: frameworks floor: 8 pixels, k=3, s=2 make 3 (3.5 is not rounded to 4), and the last pixel is never read."""
    floor, ceil, _ = roundings(8, 3, 2)
    assert (floor.output, floor.dropped) == (3, (7,))
    assert (ceil.output, ceil.dropped, ceil.invented) == (4, (), (8,))
