"""One unit's numbers: they add up to what the network has there, and it sees no pixel beyond those named."""

from __future__ import annotations

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.designs import design
from cnnviz.nets.units import as_convolution, partial_maps, unit
from tests.nets.toys import relu_net

NETS = {"lenet-modern": design("lenet-modern").net(), "lenet-1998": design("lenet-1998").net(), "toy": relu_net()}


def places(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [(0,) * len(shape), tuple(n - 1 for n in shape), tuple(n // 2 for n in shape)]


@pytest.mark.parametrize("name", NETS)
def test_every_layers_units_have_their_value_and_their_pixels(name: str) -> None:
    net = NETS[name].eval()
    image = torch.rand(net.input_shape, generator=torch.Generator().manual_seed(0))
    kept = cv.activations(net, image)
    for stage in net.chain:
        for at in places(stage.output_shape[1:]):
            made = unit(net, kept, stage.name, at)
            assert made.value == pytest.approx(float(kept[stage.name][0][at]))
            if made.step is not None:
                assert made.step.total == pytest.approx(made.value, rel=1e-4, abs=1e-4)
            elif made.weights is not None:
                total = float(made.weights @ made.inputs) + made.bias
                assert total == pytest.approx(made.value, rel=1e-4, abs=1e-4)
            other = torch.rand(net.input_shape, generator=torch.Generator().manual_seed(1))
            rows, columns = made.rows, made.columns
            other[:, rows.start : rows.stop, columns.start : columns.stop] = image[
                :, rows.start : rows.stop, columns.start : columns.stop
            ]
            assert float(cv.activations(net, other)[stage.name][0][at]) == pytest.approx(made.value, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(("name", "layer"), [("lenet-modern", "conv2"), ("lenet-1998", "c3"), ("toy", "conv1")])
def test_partial_maps_and_the_bias_add_up_to_the_map(name: str, layer: str) -> None:
    net = NETS[name].eval()
    kept = cv.activations(net, torch.rand(net.input_shape))
    for channel in (0, 3):
        parts = partial_maps(net, kept, layer, channel)
        bias = net.part(layer).bias[channel]  # type: ignore[index, union-attr]
        torch.testing.assert_close((parts.sum(0) + bias).detach(), kept[layer][0, channel], rtol=1e-4, atol=1e-5)
    if layer == "c3":  # filter 3 of the paper's table reads maps 3, 4 and 5
        assert [bool(part.abs().sum() > 0) for part in parts] == [False] * 3 + [True] * 3


def test_a_fully_connected_layer_is_a_convolution_over_all_of_its_maps() -> None:
    net = NETS["lenet-modern"].eval()
    kept = cv.activations(net, torch.rand(2, 1, 28, 28))
    first, second = as_convolution(net, "fc1"), as_convolution(net, "fc2")
    assert first.kernel_size == (5, 5)
    torch.testing.assert_close(first(kept["pool2"])[..., 0, 0].detach(), kept["fc1"], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(
        second(kept["relu3"][..., None, None])[..., 0, 0].detach(), kept["fc2"], rtol=1e-4, atol=1e-5
    )


def test_switching_a_map_off_is_as_if_it_were_zero() -> None:
    net = NETS["toy"].eval()
    image = torch.rand(3, 8, 8)
    kept = cv.activations(net, image, off={"relu1": {1, 4}, "fc": {0}})
    assert float(kept["relu1"][0, [1, 4]].abs().sum()) == 0
    assert float(kept["fc"][0, 0]) == 0
    whole = cv.activations(net, image)
    assert torch.equal(kept["relu1"][0, [0, 2, 3]], whole["relu1"][0, [0, 2, 3]])
    expected = net.part("conv2")(net.part("pool1")(kept["relu1"]))
    torch.testing.assert_close(kept["conv2"], expected.detach())
    assert not torch.equal(kept["conv2"], whole["conv2"])


@pytest.mark.parametrize(
    ("layer", "at"), [("conv1", (5, 0, 0)), ("conv1", (0, 8, 0)), ("conv1", (0, 0)), ("fc", (4,)), ("no", (0,))]
)
def test_units_there_are_not(layer: str, at: tuple[int, ...]) -> None:
    net = NETS["toy"]
    kept = cv.activations(net, torch.rand(3, 8, 8))
    with pytest.raises(InvalidSpec):
        unit(net, kept, layer, at)


def test_maps_there_are_not() -> None:
    net = NETS["toy"]
    kept = cv.activations(net, torch.rand(3, 8, 8))
    for call in (
        lambda: partial_maps(net, kept, "fc", 0),
        lambda: partial_maps(net, kept, "conv1", 5),
        lambda: as_convolution(net, "conv1"),
        lambda: cv.activations(net, torch.rand(3, 8, 8), off={"conv1": {5}}),
    ):
        with pytest.raises(InvalidSpec):
            call()
