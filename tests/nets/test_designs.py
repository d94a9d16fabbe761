"""Our networks against what their sources say of them, and the modules against the data they are made from."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.designs import C3_TABLE, DESIGNS, design
from cnnviz.nets.net import Net


@pytest.mark.parametrize("name", DESIGNS)
def test_the_module_has_the_shapes_and_parameters_of_its_rows(name: str) -> None:
    made = design(name)
    net, rows = made.net(), made.summary()
    kept = cv.activations(net, torch.rand(3, *made.input_shape))
    assert list(kept) == ["input", *(row.name for row in rows)]
    assert {row.name: (3, *row.output_shape) for row in rows} == {
        n: tuple(a.shape) for n, a in kept.items() if n != "input"
    }
    learned = sum(p.numel() for p in net.parameters())
    unconnected = (16 * 6 - sum(map(len, C3_TABLE))) * 25 if name == "lenet-1998" else 0
    assert learned == rows.parameters + unconnected == net.parameter_count + unconnected


def test_d2l_lenet_is_article_4s() -> None:
    rows = design("lenet").summary()
    assert (rows.parameters, rows.macs) == (61_706, 416_520)
    reference = nn.Sequential(  # d2l's own listing
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2), nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    net = design("lenet").net()
    reference.load_state_dict(dict(zip(reference.state_dict(), net.parts.state_dict().values(), strict=True)))
    x = torch.rand(4, 1, 28, 28)
    torch.testing.assert_close(net(x), reference(x))


def test_lenet_of_1998_has_the_numbers_of_its_paper() -> None:
    """Section II.B gives trainable parameters and connections of each layer."""
    rows = {row.name: row for row in design("lenet-1998").summary()}
    learned = {name: rows[name].parameters for name in ("c1", "s2", "c3", "s4", "c5", "f6")}
    assert learned == {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48_120, "f6": 10_164}
    assert sum(row.parameters for row in rows.values()) == 60_000
    assert rows["border"].output_shape == (1, 32, 32)
    connections = {name: rows[name].macs + 784 * 6 * (name == "c1") + 1600 * (name == "c3") for name in ("c1", "c3")}
    assert connections == {"c1": 122_304, "c3": 151_600}  # biases are connections there
    assert rows["c5"].output_shape == (120, 1, 1)


def test_table_one_of_the_paper() -> None:
    """Six filters read 3 neighbouring maps, six 4 neighbouring, three 4 with gaps, one all; each map feeds 10."""
    assert [len(row) for row in C3_TABLE] == [3] * 6 + [4] * 9 + [6]
    assert [sum(number in row for row in C3_TABLE) for number in range(6)] == [10] * 6
    assert len(set(C3_TABLE)) == 16


def test_an_unconnected_kernel_changes_nothing_and_learns_nothing() -> None:
    net = design("lenet-1998").net()
    x = torch.rand(2, 1, 28, 28)
    before = net(x)
    before.sum().backward()
    c3 = net.part("c3")
    off = c3.connected.expand_as(c3.weight) == 0  # type: ignore[operator, union-attr]
    assert off.sum() == (96 - 60) * 25
    assert c3.weight.grad[off].abs().sum() == 0  # type: ignore[index, union-attr]
    with torch.no_grad():
        c3.weight[off] = 7.0  # type: ignore[index, operator]
    torch.testing.assert_close(net(x), before)


def test_subsampling_and_scaled_tanh_are_the_papers() -> None:
    net = design("lenet-1998").net()
    kept = cv.activations(net, torch.rand(1, 1, 28, 28))
    s2, x = net.part("s2"), kept["tanh1"][0, 3, 4:6, 8:10]
    expected = s2.weight[3] * x.sum() + s2.bias[3]  # type: ignore[index]
    torch.testing.assert_close(kept["s2"][0, 3, 2, 4], expected.detach())
    torch.testing.assert_close(kept["tanh2"], 1.7159 * torch.tanh(2 / 3 * kept["s2"]))


def test_the_last_layer_of_1998_measures_distances() -> None:
    net = design("lenet-1998").net()
    rows = torch.tensor(design("lenet-1998").layers[-1].prototypes)  # type: ignore[attr-defined]
    logits = net.part("output")(rows)
    assert logits.argmax(1).tolist() == list(range(10))
    assert logits.diagonal().tolist() == [0.0] * 10
    assert logits[1, 7] == -((rows[1] - rows[7]) ** 2).sum()


def test_article_3s_net_has_its_parameters() -> None:
    assert design("article3").summary().parameters == 6_508_298


def test_receptive_fields_of_lenet() -> None:
    fields = {row.name: row.size for row in design("lenet").receptive_fields()}
    assert [fields[name] for name in ("conv1", "pool1", "conv2", "pool2")] == [5, 6, 14, 16]


def test_pictures_are_normalised_inside() -> None:
    layers = design("lenet").layers
    plain, normed = Net(layers, (1, 28, 28)), Net(layers, (1, 28, 28), mean=[0.25], std=[0.5])
    normed.parts.load_state_dict(plain.parts.state_dict())
    x = torch.rand(2, 1, 28, 28)
    torch.testing.assert_close(normed(x), plain((x - 0.25) / 0.5))


@pytest.mark.parametrize("shape", [(28, 28), (1, 27, 28), (2, 3, 28, 28), (1, 1, 1, 28, 28)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidSpec, match=r"`images` \(shape .*\) must have shape \(N, 1, 28, 28\)"):
        design("lenet").net()(torch.zeros(shape))


def test_activations_leave_the_network_as_it_was() -> None:
    net = design("small").net().train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    kept = cv.activations(net, torch.rand(3, 32, 32))
    assert net.training
    assert not kept["fc"].requires_grad
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())


def test_unknown_networks_are_refused_with_what_there_is() -> None:
    with pytest.raises(InvalidSpec, match=r"lenet-d2l.*small"):
        design("resnet")
    with pytest.raises(InvalidSpec, match="lenet-d2l"):
        cv.load_network("../../etc/passwd")
