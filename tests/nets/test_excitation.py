"""Pictures that excite a unit: more than they did, in bounds, the same for a seed; and the strongest of real ones."""

from __future__ import annotations

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.excitation import answer, excite, strongest
from cnnviz.nets.net import Net
from tests.nets.toys import bars, relu_net


@pytest.mark.parametrize(("layer", "unit"), [("conv1", 2), ("conv2", 4), ("fc", 3)])
def test_the_unit_answers_more_and_more(layer: str, unit: int) -> None:
    net = relu_net()
    steps = list(excite(net, layer, unit, steps=60))
    first, last = steps[0], steps[-1]
    assert [made.step for made in steps] == list(range(61))
    assert last.activation > first.activation
    assert float(last.image.min()) >= 0
    assert float(last.image.max()) <= 1
    seen = float(answer(net, last.image[None], layer, unit).detach())
    assert seen == pytest.approx(last.activation, abs=1e-5)


def test_a_linear_unit_ends_at_the_picture_of_its_weights() -> None:
    """The best picture for a unit that only weighs is white where its weight is positive and black elsewhere."""
    net = Net([{"type": "flatten"}, {"type": "linear", "name": "fc", "out_features": 1}], (1, 6, 6))
    with torch.no_grad():
        weight = torch.ones(1, 6, 6)
        weight[0, :, 3:] = -1
        net.part("fc").weight.copy_(weight.view(1, -1))  # type: ignore[operator, union-attr]
    last = list(excite(net, "fc", 0, steps=200))[-1]
    assert torch.equal(last.image > 0.5, weight > 0)
    assert float(last.image[0, :, :3].min()) > 0.9


def test_a_seed_gives_the_same_picture() -> None:
    one, again, other = (list(excite(relu_net(), "conv2", 1, steps=5, seed=s))[-1].image for s in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_the_network_learns_nothing_from_it() -> None:
    net = relu_net()
    list(excite(net, "fc", 0, steps=3))
    assert all(parameter.grad is None for parameter in net.parameters())


def test_the_strongest_examples_are_the_largest_of_all() -> None:
    net, data = cv.load_network("lenet-modern-mnist"), bars(30)
    found = strongest(net, "pool1", 3, data, count=4)
    peaks = cv.activations(net, data.images.float() / 255)["pool1"][:, 3].flatten(1).max(1).values
    assert [made.activation for made in found] == pytest.approx(sorted(peaks.tolist(), reverse=True)[:4])
    best = found[0]
    assert best.label == int(data.labels[best.index])
    assert (len(best.rows), len(best.columns)) <= (6, 6)
    row, _ = best.at
    assert row * 2 in best.rows or row * 2 + 1 in best.rows


def test_a_unit_of_a_vector_is_excited_by_whole_pictures() -> None:
    net, data = cv.load_network("lenet-modern-mnist"), bars(30)
    found = strongest(net, "fc1", 7, data, count=3)
    answers = cv.activations(net, data.images.float() / 255)["fc1"][:, 7].tolist()
    assert [made.activation for made in found] == pytest.approx(sorted(answers, reverse=True)[:3])
    assert all((made.rows, made.columns, made.at) == (range(28), range(28), ()) for made in found)


def test_what_is_not_there_is_refused() -> None:
    for call in (lambda: excite(relu_net(), "conv9", 0), lambda: strongest(relu_net(), "fc9", 0, bars())):
        with pytest.raises(InvalidSpec):
            call()
    with pytest.raises(InvalidSpec, match="`unit`"):
        excite(relu_net(), "conv1", 5)
    with pytest.raises(InvalidSpec, match="`steps`"):
        excite(relu_net(), "conv1", 0, steps=10**6)
