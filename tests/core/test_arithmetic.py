"""The output-size formula: its numbers against torch (shapes only, no data), its words and LaTeX typed in."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import cnnviz as cv
from cnnviz.core.arithmetic import Derivation, Op
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.core.windows import Axis, Rounding, TransposedAxis
from tests.core.strategies import examples

BIG = st.integers(1, 300)
SMALL = st.integers(1, 12)


def meta(size: int) -> torch.Tensor:
    return torch.empty(1, 1, size, device="meta")


@given(BIG, SMALL, SMALL, SMALL, st.integers(0, 20))
@examples(1000)
def test_convolution_sizes_are_torchs(n: int, k: int, s: int, d: int, p: int) -> None:
    try:
        expected = F.conv1d(meta(n), meta(k), None, s, p, d).shape[-1]
    except RuntimeError:
        with pytest.raises(InvalidSpec, match="must fit into the padded input"):
            cv.output_size("conv", n, k, stride=s, padding=p, dilation=d)
    else:
        assert cv.output_size("conv", n, k, stride=s, padding=p, dilation=d) == expected


@given(BIG, SMALL, SMALL, SMALL, st.integers(0, 20), st.integers(0, 12))
@examples(1000)
def test_transposed_sizes_are_torchs(n: int, k: int, s: int, d: int, p: int, extra: int) -> None:
    options = {"stride": s, "padding": p, "dilation": d, "output_padding": extra}
    try:
        expected = F.conv_transpose1d(torch.empty(1, 1, n), torch.empty(1, 1, k), None, s, p, extra, 1, d).shape[-1]
    except RuntimeError:
        with pytest.raises(InvalidSpec):
            cv.output_size("conv_transpose", n, k, **options)
    else:
        assert cv.output_size("conv_transpose", n, k, **options) == expected


@given(BIG, SMALL, SMALL, SMALL, st.integers(0, 7), st.booleans())
@examples(1000)
def test_pooling_sizes_are_torchs(n: int, k: int, s: int, d: int, p: int, ceil: bool) -> None:
    options = {"stride": s, "padding": p, "dilation": d, "ceil_mode": ceil}
    try:
        expected = F.max_pool1d(torch.empty(1, 1, n), k, **options).shape[-1]
    except RuntimeError:
        with pytest.raises(InvalidSpec):
            cv.output_size("pool", n, k, **options)
    else:
        assert cv.output_size("pool", n, k, **options) == expected


@given(BIG, SMALL, SMALL, SMALL)
@examples(300)
def test_same_upper_is_tensorflows_rule(n: int, k: int, s: int, d: int) -> None:
    """ceil(n / s) outputs, and the padding documented for tf.nn: max((o − 1)·s + d·(k − 1) + 1 − n, 0), less before."""
    outputs = -(-n // s)
    total = max((outputs - 1) * s + d * (k - 1) + 1 - n, 0)
    for word, before in (("same_upper", total // 2), ("same_lower", total - total // 2)):
        spec = ConvSpec((k,), stride=s, dilation=d, padding=word)
        assert (spec.output_size((n,)), spec.padding_for((n,))) == ((outputs,), ((before, total - before),))
        assert cv.output_size("pool", n, k, stride=s, dilation=d, padding=word) == outputs


@given(st.integers(1, 40), SMALL, SMALL, st.integers(1, 4), st.integers(0, 5), st.integers(0, 5))
@examples(300)
def test_the_derivation_holds_together(n: int, k: int, s: int, d: int, before: int, after: int) -> None:
    axis = Axis(k, s, d, before, after)
    if axis.room(n) < 0:
        return
    (found,) = ConvSpec((k,), stride=s, dilation=d, padding=((before, after),)).derivation((n,))
    assert found.effective == axis.effective == (k - 1) * d + 1
    assert found.numerator == n + before + after - d * (k - 1) - 1
    assert found.quotient == Fraction(found.numerator, s)
    assert found.numerator == found.floor * s + found.remainder
    assert found.output == found.floor + 1 == axis.output_size(n)
    assert found.ceil - found.floor == (0 if found.exact else 1)
    touched = {p for o in range(found.output) for p in axis.positions(o)}
    assert found.unvisited == sum(i not in touched for i in range(n))


@given(
    st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 4), st.integers(0, 3)
)
@examples(300)
def test_taps_and_targets_are_the_same_pairs_seen_from_both_ends(
    n: int, k: int, s: int, d: int, p: int, e: int
) -> None:
    axis = TransposedAxis(k, s, d, min(p, k - 1), 0, e)
    gathered = {(i, j, o) for o in range(axis.output_size(n)) for j, i in axis.taps(o, n)}
    scattered = {(i, j, o) for i in range(n) for j, o in axis.targets(i, n) if o is not None}
    assert gathered == scattered


def test_the_formula_in_numbers() -> None:
    (d,) = ConvSpec((3,), stride=2, padding=1).derivation((7,))
    assert d.text() == "⌊(7 + 1 + 1 − 1·(3−1) − 1) / 2⌋ + 1 = 4"
    assert d.latex() == r"\left\lfloor\frac{7+1+1-1\cdot(3-1)-1}{2}\right\rfloor+1=4"
    assert d.symbols() == "⌊(n + p_before + p_after − d·(k−1) − 1) / s⌋ + 1 = o"
    latex = r"\left\lfloor\frac{n+p_{\text{before}}+p_{\text{after}}-d\cdot(k-1)-1}{s}\right\rfloor+1=o"
    assert d.symbols_latex() == latex


def test_the_formula_of_a_transposed_convolution() -> None:
    (d,) = TransposedConvSpec((3,), stride=2, padding=1, output_padding=1).derivation((6,))
    assert d.text() == "(6−1)·2 − 1 − 1 + 1·(3−1) + 1 + 1 = 12"
    assert d.latex() == r"(6-1)\cdot 2-1-1+1\cdot(3-1)+1+1=12"
    assert d.symbols() == "(n−1)·s − p_before − p_after + d·(k−1) + p_out + 1 = o"
    assert (d.numerator, d.quotient, d.exact, d.clipped, d.unvisited) == (11, 11, True, False, 0)


def test_the_formula_of_a_rounded_up_pooling() -> None:
    (kept,) = PoolSpec((3,), stride=2, ceil_mode=True).derivation((6,))
    assert kept.text() == "⌈(6 + 0 + 0 − 1·(3−1) − 1) / 2⌉ + 1 = 3"
    assert r"\left\lceil" in kept.latex()
    (dropped,) = PoolSpec((1,), stride=2, ceil_mode=True).derivation((2,))
    assert (dropped.clipped, dropped.text()) == (True, "⌈(2 + 0 + 0 − 1·(1−1) − 1) / 2⌉ + 1 − 1 = 1")
    assert dropped.latex().endswith("+1-1=1")


def test_every_named_term_carries_its_number() -> None:
    (d,) = ConvSpec((3,), stride=2, padding=((1, 0),), dilation=4).derivation((20,))
    named = {term.name: term.value for term in d.terms if term.name}
    assert named == {"size": 20, "before": 1, "after": 0, "dilation": 4, "kernel_size": 3, "stride": 2, "output": 7}
    assert all(term.text == term.symbol for term in d.terms if term.name is None)


def test_alexnets_first_layer_does_not_fit_neatly() -> None:
    """CS231n's note: with 224 the result would be 54.25 + 1; frameworks round down and leave a column unused."""
    (d,) = ConvSpec((11,), stride=4).derivation((224,))
    assert (d.quotient + 1, d.output, d.remainder, d.unvisited) == (Fraction(217, 4), 54, 1, 1)


def test_a_long_stride_steps_over_pixels() -> None:
    (d,) = ConvSpec((1,), stride=3).derivation((7,))
    assert (d.output, d.exact, d.unvisited) == (3, True, 4)
    assert ConvSpec((1,), stride=3).unvisited((7,))[0].tolist() == [False, True, True, False, True, True, False]


def test_it_names_the_axis_that_breaks() -> None:
    with pytest.raises(InvalidSpec, match="of axis 1") as caught:
        ConvSpec((3, 9)).derivation((5, 5))[1].output  # noqa: B018 (computed when looked at)
    assert caught.value.values["axis"] == 1


def test_numbers_of_one_axis_or_of_many() -> None:
    assert cv.output_size("conv", 5, 3) == 3
    assert cv.output_size("conv", (5, 6), (3, 2), padding=((0, 1), (1, 0))) == (4, 6)
    assert cv.output_size("conv", 5, 3, padding=(0, 1)) == 4
    assert cv.output_size("max_pool", 4, 2, stride=2) == 2


def test_a_derivation_can_be_made_alone() -> None:
    assert Derivation(Op.POOL, 5, 2, 2, rounding=Rounding.CEIL).output == 3
