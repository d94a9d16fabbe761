"""Median, k-max, stochastic and k-means pooling against NumPy and brute force, window by window."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.pooling import CHUNK, Pooling
from cnnviz.core.step import Reduction
from tests.core.strategies import examples, numbers, pool_cases

PICKING = (PoolKind.MEDIAN, PoolKind.K_MAX, PoolKind.STOCHASTIC, PoolKind.K_MEANS)
KINDS = st.sampled_from(PICKING)


def windows(spec: Pooling, x: torch.Tensor) -> list[list[float]]:
    """The pixels in each window of one plane, by the windows' own positions: what no kind may see beyond."""
    size = tuple(x.shape)
    axes, counts = spec.pool_axes(size), spec.output_size(size)
    found = []
    for place in itertools.product(*map(range, counts)):
        spots = itertools.product(*(axis.positions(o) for axis, o in zip(axes, place, strict=True)))
        found.append([x[s].item() for s in spots if all(0 <= p < n for p, n in zip(s, size, strict=True))])
    return found


def tightest(values: Sequence[float]) -> set[float]:
    """All means that an exact two-group k-means may give: every split of the window tried."""
    if len(values) == 1:
        return {values[0]}
    best, means = math.inf, set[float]()
    for size in range(1, len(values)):
        for group in itertools.combinations(range(len(values)), size):
            one = [values[i] for i in group]
            other = [values[i] for i in range(len(values)) if i not in group]
            spread = float(np.var(one) * len(one) + np.var(other) * len(other))
            larger = max(one, other, key=lambda part: (len(part), np.mean(part)))
            if spread < best - 1e-9:
                best, means = spread, set()
            if spread <= best + 1e-9:
                means.add(round(float(np.mean(larger)), 9))
    return means


def plane(case: dict[str, Any]) -> torch.Tensor:
    return numbers(case["size"], case["seed"])


@given(pool_cases("median", dilated=True))
@examples(150)
def test_median_is_numpys(case: dict[str, Any]) -> None:
    spec, x = PoolSpec(**case["spec"]), plane(case)
    expected = [np.median(window) if window else math.nan for window in windows(spec, x)]
    assert np.array_equal(spec(x[None]).flatten(), expected, equal_nan=True)


@given(pool_cases("k_max", dilated=True), st.integers(1, 5))
@examples(150)
def test_k_max_is_the_mean_of_the_largest(case: dict[str, Any], k: int) -> None:
    spec, x = PoolSpec(**case["spec"], k=k), plane(case)
    expected = [np.mean(sorted(window)[-k:]) if window else math.nan for window in windows(spec, x)]
    assert np.allclose(spec(x[None]).flatten(), expected, equal_nan=True, atol=1e-12)


def test_k_max_lies_between_max_and_mean() -> None:
    x = numbers((1, 8, 8), 3)
    torch.testing.assert_close(PoolSpec(2, "k_max", k=1)(x), PoolSpec(2, "max")(x))
    torch.testing.assert_close(PoolSpec(2, "k_max", k=4)(x), PoolSpec(2, "avg")(x))


@given(pool_cases("k_means", dilated=True))
@examples(60)
def test_k_means_finds_the_tightest_groups(case: dict[str, Any]) -> None:
    spec, x = PoolSpec(**case["spec"]), plane(case)
    for window, found in zip(windows(spec, x), spec(x[None]).flatten().tolist(), strict=True):
        if len(window) <= 9:
            assert round(found, 9) in tightest(window) if window else math.isnan(found)


def test_k_means_takes_the_larger_group() -> None:
    values = [[1.0, 9.0, 2.0, 1.5]]
    assert PoolSpec((4,), "k_means")(values).item() == 1.5
    assert PoolSpec((4,), "k_means")([[1.0, 9.0, 9.0, 1.0]]).item() == 9.0  # equal groups: the larger values
    assert PoolSpec((3,), "k_means")([[4.0, 4.0, 4.0]]).item() == 4.0


@given(pool_cases("stochastic", dilated=True), st.integers(0, 99))
@examples(100)
def test_stochastic_takes_a_value_with_a_chance(case: dict[str, Any], seed: int) -> None:
    spec, x = PoolSpec(**case["spec"], seed=seed), plane(case)
    found = spec(x[None])
    for window, value in zip(windows(spec, x), found.flatten().tolist(), strict=True):
        possible = [v for v in window if v > 0] or window
        assert value in possible if window else math.isnan(value)
    assert torch.equal(found, PoolSpec(**case["spec"], seed=seed)(x[None])) or bool(found.isnan().any())


def test_stochastic_draws_in_proportion() -> None:
    """Zeiler & Fergus: 1, 2, 3 and 4 come up in a tenth, two, three and four tenths of many draws."""
    many = torch.tensor([1.0, 2.0, 3.0, 4.0]).repeat(5000)[None]
    drawn = PoolSpec((4,), "stochastic", seed=1)(many)
    shares = [(drawn == value).double().mean().item() for value in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.02)
    assert not torch.equal(drawn, PoolSpec((4,), "stochastic", seed=2)(many))


def test_stochastic_without_a_seed_weighs_by_probability() -> None:
    """At test time: sum of v · v / sum of v; negative values have no chance."""
    spec = PoolSpec((4,), "stochastic", seed=None)
    assert spec([[1.0, 2.0, 3.0, 4.0]]).item() == pytest.approx(30 / 10)
    assert spec([[-5.0, 2.0, 0.0, 2.0]]).item() == pytest.approx(2.0)
    assert spec([[-1.0, -2.0, -3.0, -4.0]]).item() == pytest.approx(-2.5)


@given(pool_cases("max", dilated=True), KINDS, st.sampled_from([None, 0, 7]))
@examples(200)
def test_steps_add_up_to_the_picture(case: dict[str, Any], kind: PoolKind, seed: int | None) -> None:
    x = numbers((case["batch"], 2, *case["size"]), case["seed"])
    spec = PoolSpec(**case["spec"] | {"kind": kind}, seed=seed)
    whole, trace = spec(x), spec.trace(x)
    assert trace.shape == tuple(whole.shape)
    for step in trace[:: max(1, len(trace) // 20)]:
        assert step.reduction is Reduction.SHARES
        assert step.total == pytest.approx(whole[step.at].item(), nan_ok=True)
        inside = [tap for tap in step.taps if tap.input_index is not None]
        assert all(x[tap.input_index].item() == tap.value for tap in inside)
        assert not inside or sum(tap.weight or 0 for tap in step.taps) == pytest.approx(1)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.integers(1, 5), KINDS)
@examples(100)
def test_adaptive_windows_take_every_kind(size: list[int], wanted: int, kind: PoolKind) -> None:
    x = numbers((2, *size), 5)
    spec = AdaptivePoolSpec((wanted,) * len(size), kind)
    whole, trace = spec(x), spec.trace(x)
    some = trace[:: max(1, len(trace) // 20)]
    assert [step.total for step in some] == pytest.approx([whole[step.at].item() for step in some])


def test_large_pictures_go_through_in_parts() -> None:
    """More window pixels than are laid out at once: the parts fit together as if they were one."""
    x = numbers((1, 3, 400, 400), 2)
    assert CHUNK < 400 * 400 * 3 * 9
    found = PoolSpec(3, "median", stride=1)(x)
    expected = x.unfold(2, 3, 1).unfold(3, 3, 1).flatten(4).median(-1).values
    assert torch.equal(found, expected)


def test_every_part_has_its_own_draws() -> None:
    x = numbers((3, 400, 400), 2)
    spec = PoolSpec(3, "stochastic", stride=1)
    whole, trace = spec(x), spec.trace(x)
    for at in ((0, 0, 0), (1, 200, 7), (2, 397, 397), (2, 396, 0)):
        assert trace.at(at).total == whole[at].item()


def test_pixels_of_other_types_and_no_batch() -> None:
    bytes_in = torch.tensor([[1, 5, 2, 3]], dtype=torch.uint8)
    assert PoolSpec((3,), "median", stride=1)(bytes_in).tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: PoolSpec(2, "k_max", k=0), "below_one"),
        (lambda: PoolSpec(2, "stochastic", seed=-1), "negative"),
        (lambda: PoolSpec(2, "stochastic", seed=0.5), "not_whole"),
        (lambda: PoolSpec(2, "median").with_indices([[[1, 2], [3, 4]]]), "indices_need_max"),
        (lambda: AdaptivePoolSpec(2, "mode"), "unknown_choice"),
    ],
)
def test_what_is_refused(call: Any, code: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        call()
    assert caught.value.code == code
