"""The effective receptive field against probability: uniform kernels average, so their field is a sum of dice."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.effective_field import effective_field, uniform_sigma
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Add, Conv, Linear, Pool
from cnnviz.core.network import Node
from cnnviz.core.receptive_field import receptive_field
from tests.core.strategies import examples

RELU = {"type": "relu"}


def dice(kernel: int, depth: int) -> np.ndarray:
    """The distribution of a sum of uniform draws, largest value 1: what `depth` averages in a row do to a pixel."""
    line = functools.reduce(np.convolve, [np.ones(kernel)] * depth, np.ones(1))
    return line / line.max()


@given(st.integers(1, 5), st.integers(1, 6))
@examples(30)
def test_uniform_kernels_throw_dice(kernel: int, depth: int) -> None:
    found = effective_field([{"kernel_size": kernel}] * depth)
    line = dice(kernel, depth)
    expected = np.pad(np.multiply.outer(line, line), 1)
    inside = np.flatnonzero(found.gradient.sum(1))
    cut = found.gradient[inside[0] - 1 : inside[-1] + 2, inside[0] - 1 : inside[-1] + 2]
    assert np.allclose(cut, expected, atol=1e-12)
    assert found.theoretical == (len(line), len(line))
    assert found.measured == ((line > 0.0455).sum(),) * 2
    assert found.area == (np.multiply.outer(line, line) > 0.0455).sum()


@st.composite
def stacks(draw: st.DrawFn) -> list[dict[str, Any]]:
    kinds = st.sampled_from(("conv", "avg_pool"))
    layer = st.fixed_dictionaries({"type": kinds, "kernel_size": st.integers(1, 4), "stride": st.integers(1, 2)})
    return draw(st.lists(layer, min_size=1, max_size=4))


@given(stacks(), st.integers(1, 3))
@examples(60)
def test_strides_and_dilation_widen_it_as_theory_says(stack: list[dict[str, Any]], dilation: int) -> None:
    stack = [{**layer, "dilation": dilation} for layer in stack]
    found = effective_field(stack)
    assert found.sigma == pytest.approx(uniform_sigma(found.field), abs=1e-9)
    seen = found.field.pixels_of(found.unit)
    assert tuple(np.flatnonzero(found.gradient.sum(1 - axis)).tolist() for axis in (0, 1)) == tuple(map(list, seen))


def test_it_grows_with_the_root_of_the_depth() -> None:
    """Four times as deep: four times the theoretical field, twice the one that counts."""
    shallow, deep = (effective_field([{"kernel_size": (3,)}] * depth) for depth in (10, 40))
    assert [field.theoretical for field in (shallow, deep)] == [(21,), (81,)]
    assert deep.sigma[0] / shallow.sigma[0] == pytest.approx(2)
    assert deep.sigma[0] == pytest.approx(math.sqrt(40 * 8 / 12))
    assert deep.share < shallow.share / 1.9


def test_random_weights_are_drawn_from_the_seed() -> None:
    net = [{"kernel_size": 3}, RELU] * 4
    one, same, other = (effective_field(net, weights="random", seed=s, runs=3, channels=4) for s in (1, 1, 2))
    assert np.array_equal(one.gradient, same.gradient)
    assert not np.allclose(one.gradient, other.gradient, atol=1e-3)
    assert one.gradient.max() == 1
    assert one.theoretical == (9, 9)
    assert one.gradient[0].max() == 0  # a step beyond the theoretical field nothing arrives


def test_max_pooling_lets_one_pixel_through() -> None:
    found = effective_field([Pool(kernel_size=4)])
    assert np.count_nonzero(found.gradient) == 1
    assert found.measured == (1, 1)


def test_a_shortcut_sharpens_the_middle() -> None:
    convs = [Conv(name="a", kernel_size=3, padding=1), Conv(name="b", kernel_size=3, padding=1)]
    plain, residual = (effective_field(net) for net in (convs, [*convs, Node(Add(), ("b", "input"))]))
    assert residual.theoretical == plain.theoretical == (5, 5)
    assert residual.sigma < plain.sigma
    middle = tuple(n // 2 for n in plain.gradient.shape)
    raw = np.multiply.outer(dice(3, 2), dice(3, 2)) / 9  # the middle weight of two uniform 3x3 is 1/9
    raw[2, 2] += 1
    around = tuple(slice(m - 2, m + 3) for m in middle)
    assert np.allclose(residual.gradient[around], raw / raw.max(), atol=1e-12)


def test_a_dead_unit_has_no_field() -> None:
    """All that arrives at the sigmoid of a saturated unit may be too small, but never a division by zero."""
    found = effective_field([{"kernel_size": 1}, RELU], weights="random", seed=4)
    assert found.gradient.max() in (0.0, 1.0)
    assert np.isfinite(found.gradient).all()
    dead = [effective_field([{"kernel_size": 1}, RELU], weights="random", seed=s).gradient.max() for s in range(8)]
    assert set(dead) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: effective_field([Linear(out_features=2)]), "needs_input_size"),
        (lambda: effective_field([Conv(), {"type": "softmax"}]), "unknown_choice"),
        (lambda: effective_field([Conv()], weights="zero"), "unknown_choice"),
        (lambda: effective_field([Conv()], runs=0), "below_one"),
        (lambda: effective_field([Conv()], channels=0), "below_one"),
        (lambda: effective_field([Conv()], seed=-1), "negative"),
        (lambda: effective_field([Conv()], input_size=2), "layer_breaks"),
        (lambda: effective_field([Conv()], input_size=60_000), "too_large"),
        (lambda: effective_field([Conv()], runs=10**9), "too_large"),
    ],
)
def test_what_is_refused(call: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert caught.value.code == code


def test_the_theory_of_a_known_network() -> None:
    assert uniform_sigma(receptive_field([{"kernel_size": (5,)}] * 2)) == (2.0,)
