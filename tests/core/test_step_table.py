"""The table of all steps says what the steps say, and its numbers are torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pool_kinds import PoolKind
from cnnviz.core.step_table import step_table
from cnnviz.core.unpool import Unpooling, UnpoolSpec
from tests.core.strategies import numbers


def sums(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values, first[:-1])


def test_a_convolution_is_the_sum_of_its_products() -> None:
    x, w = numbers((1, 6, 7), 0), numbers((1, 1, 3, 2), 1)
    table = step_table(ConvSpec((3, 2), padding=1, stride=2).trace(x, w))
    expected = F.conv2d(x[None], w, padding=1, stride=2).flatten()
    assert table.total.tolist() == expected.tolist()
    assert sums(table.product, table.first).tolist() == expected.tolist()
    assert np.array_equal(table.product, table.value * table.weight)
    padded = F.pad(x[0], (1, 1, 1, 1)).numpy()
    assert np.array_equal(table.value, padded[table.position[:, 0] + 1, table.position[:, 1] + 1])
    assert np.array_equal(table.weight, w[0, 0].numpy()[table.place[:, 0], table.place[:, 1]])
    rows, columns = table.position.T
    assert np.array_equal(table.inside, (rows >= 0) & (rows < 6) & (columns >= 0) & (columns < 7))


def test_max_names_its_winner() -> None:
    x = numbers((1, 8, 8), 2)
    table = step_table(PoolSpec(2).trace(x))
    _, indices = F.max_pool2d(x[None], 2, return_indices=True)
    taken = table.position[table.first[:-1] + table.winner]
    assert (taken[:, 0] * 8 + taken[:, 1]).tolist() == indices.flatten().tolist()
    assert np.isnan(table.weight).all()


@pytest.mark.parametrize("kind", [kind for kind in PoolKind if kind not in (PoolKind.MAX, PoolKind.LP)])
def test_windows_of_different_length(kind: PoolKind) -> None:
    x = numbers((1, 7, 5), 3)
    spec = AdaptivePoolSpec((3, 2), kind)
    table = step_table(spec.trace(x))
    assert sorted(set(np.diff(table.first).tolist())) == [9]
    assert sums(table.product, table.first) == pytest.approx(spec(x).flatten().numpy(), rel=1e-5)
    assert set(np.diff(step_table(AdaptivePoolSpec((3, 3), kind).trace(x)).first).tolist()) == {6, 9}
    assert (table.winner == -1).all()


def test_unpooling_has_one_tap_or_none() -> None:
    values, indices = F.max_pool2d(numbers((1, 1, 4, 4), 4), 2, return_indices=True)
    layer = Unpooling(UnpoolSpec(2), indices[0])
    table = step_table(layer.trace(values[0]))
    assert sorted(set(np.diff(table.first).tolist())) == [0, 1]
    assert table.total.tolist() == F.max_unpool2d(values, indices, 2).flatten().tolist()
    assert torch.equal(layer(values[0]), F.max_unpool2d(values, indices, 2)[0])
    assert tuple(d.output for d in layer.derivation((2, 2))) == (4, 4)
    larger = Unpooling(UnpoolSpec(2), indices[0], (5, 5))
    assert (larger.derivation((2, 2)), larger(values[0]).shape) == ((), (1, 5, 5))


def test_it_is_bounded() -> None:
    with pytest.raises(InvalidSpec, match="at most 1048576 elements"):
        step_table(PoolSpec(2, stride=1).trace(torch.zeros(1, 600, 600)))
