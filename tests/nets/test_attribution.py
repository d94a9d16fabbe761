"""Each attribution against its definition, computed here another way."""

from __future__ import annotations

import pytest
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import attribution
from cnnviz.nets.designs import design
from cnnviz.nets.net import Net
from tests.nets.toys import relu_net


@pytest.fixture
def image() -> torch.Tensor:
    return torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(3))


def test_saliency_is_the_slope_of_the_logit(image: torch.Tensor) -> None:
    net = relu_net()
    gradient = attribution.saliency(net, image, 2)
    assert gradient.shape == image.shape
    net.double()
    for place in ((0, 0, 0), (1, 3, 4), (2, 7, 7)):
        more, less = image.double().clone(), image.double().clone()
        more[place] += 1e-6
        less[place] -= 1e-6
        slope = (net(more[None])[0, 2] - net(less[None])[0, 2]).detach() / 2e-6
        assert float(gradient[place]) == pytest.approx(float(slope), rel=1e-3, abs=1e-5)


def test_occlusion_is_what_the_score_loses(image: torch.Tensor) -> None:
    net = relu_net()
    made = attribution.occlusion(net, image, 1, size=3, stride=2, fill=0.5)
    assert (made.rows, made.columns) == ((0, 2, 4), (0, 2, 4))
    covered = image.clone()
    covered[:, 2:5, 4:7] = 0.5
    before, after = (float(net(x[None]).detach().softmax(1)[0, 1]) for x in (image, covered))
    assert made.score == pytest.approx(before)
    assert float(made.drop[1, 2]) == pytest.approx(before - after, abs=1e-6)
    logit = attribution.occlusion(net, image, 1, size=8, fill=0.0, of="logit")
    expected = net(image[None])[0, 1] - net(torch.zeros(1, 3, 8, 8))[0, 1]
    assert float(logit.drop) == pytest.approx(float(expected.detach()), abs=1e-6)


def test_occlusion_of_many_places_goes_through_in_parts(image: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = attribution.occlusion(relu_net(), image, 1, size=2)
    monkeypatch.setattr(attribution, "BATCH", 5)
    torch.testing.assert_close(attribution.occlusion(relu_net(), image, 1, size=2).drop, whole.drop)


def test_grad_cam_weighs_maps_by_their_mean_gradient(image: torch.Tensor) -> None:
    net = relu_net()
    made = attribution.grad_cam(net, image, 3)
    assert made.layer == "relu2"
    kept: dict[str, torch.Tensor] = {}
    net.run(net.normalised(image[None]), kept)
    torch.testing.assert_close(made.maps, kept["relu2"][0].detach())
    # the last layers are linear, so the gradient is the fully connected layer's own weights
    weights = net.part("fc").weight[3].view(6, 2, 2).mean((1, 2)).detach()  # type: ignore[operator, index, union-attr]
    torch.testing.assert_close(made.weights, weights)
    cam = sum(w * m for w, m in zip(weights, made.maps, strict=True))
    torch.testing.assert_close(made.cam, torch.as_tensor(cam).clamp(min=0))
    assert made.overlay.shape == (8, 8)


def test_class_activation_and_grad_cam_are_one_behind_global_average_pooling() -> None:
    """Zhou et al., 2016: with GAP and one fully connected layer, Grad-CAM is CAM / places."""
    net = design("small").net().eval()
    image = torch.rand(3, 32, 32)
    made = attribution.grad_cam(net, image, 7)
    weights = net.part("fc").weight[7].detach()  # type: ignore[index, union-attr]
    cam = torch.einsum("k,khw->hw", weights, made.maps).clamp(min=0) / made.maps[0].numel()
    torch.testing.assert_close(made.cam, cam)


@pytest.mark.parametrize("name", ["lenet-d2l", "lenet-modern", "small"])
def test_integrated_gradients_are_complete(name: str) -> None:
    net = design(name).net().eval().double()
    image = torch.rand(net.input_shape, generator=torch.Generator().manual_seed(1))
    made = attribution.integrated_gradients(net, image, 4, steps=256)
    assert abs(made.gap) < 1e-3 * max(1.0, abs(made.difference))
    assert abs(made.gap) < 0.01 * float(made.attribution.abs().sum())
    start = torch.full((1, *net.input_shape), 0.5).double()
    other = attribution.integrated_gradients(net, image, 4, baseline=0.5)
    expected = net(image.double()[None])[0, 4] - net(start)[0, 4]
    assert other.difference == pytest.approx(float(expected.detach()))


def test_integrated_gradients_of_a_linear_network_are_weight_times_way(image: torch.Tensor) -> None:
    net = Net([{"type": "flatten"}, {"type": "linear", "out_features": 2, "name": "fc"}], (3, 8, 8))
    made = attribution.integrated_gradients(net, image, 1, baseline=0.25, steps=3)
    weight = net.part("fc").weight[1].view(3, 8, 8).detach()  # type: ignore[operator, index, union-attr]
    torch.testing.assert_close(made.attribution, weight * (image - 0.25))


def test_integrated_gradients_look_at_the_middle_of_each_piece(image: torch.Tensor) -> None:
    net = relu_net()
    made = attribution.integrated_gradients(net, image, 1, baseline=0.2, steps=2)
    quarters = (attribution.saliency(net, 0.2 + share * (image - 0.2), 1) for share in (0.25, 0.75))
    torch.testing.assert_close(made.attribution, sum(quarters) * (image - 0.2) / 2)


def test_guided_backpropagation_cuts_negative_parts_at_each_relu(image: torch.Tensor) -> None:
    net = relu_net()
    kept: dict[str, torch.Tensor] = {}
    net.run(net.normalised(image[None]), kept)
    back = torch.zeros(1, 4)
    back[0, 1] = 1
    for name in ("fc", "flatten", "relu2", "conv2", "pool1", "relu1", "conv1"):
        x = kept[net.layers[net.layers.names.index(name)].inputs[0]].detach().requires_grad_()
        if name.startswith("relu"):
            back = back.clamp(min=0) * (x > 0)
        else:
            (back,) = torch.autograd.grad(net.part(name)(x), x, back)
    torch.testing.assert_close(attribution.guided_backpropagation(net, image, 1), (back / net.std)[0].detach())
    assert not torch.equal(back[0], attribution.saliency(net, image, 1))
    torch.testing.assert_close(attribution.saliency(net, image, 1), attribution.saliency(relu_net(), image, 1))


def test_guided_backpropagation_needs_relu() -> None:
    with pytest.raises(InvalidSpec, match="sigmoid"):
        attribution.guided_backpropagation(design("lenet-d2l").net(), torch.rand(1, 28, 28), 0)


def test_the_network_stays_as_it_was(image: torch.Tensor) -> None:
    net = relu_net().train()
    for call in (attribution.saliency, attribution.grad_cam, attribution.integrated_gradients, attribution.occlusion):
        call(net, image, 0)
    assert net.training
    assert all(parameter.grad is None for parameter in net.parameters())
    assert not image.requires_grad


@pytest.mark.parametrize("target", [-1, 4, 1.5])
def test_a_class_there_is_not(target: int, image: torch.Tensor) -> None:
    with pytest.raises(InvalidSpec):
        attribution.saliency(relu_net(), image, target)


def test_other_settings_are_refused(image: torch.Tensor) -> None:
    net = relu_net()
    with pytest.raises(InvalidSpec, match="`size`"):
        attribution.occlusion(net, image, 0, size=9)
    with pytest.raises(InvalidSpec, match="`steps`"):
        attribution.integrated_gradients(net, image, 0, steps=10**9)
    with pytest.raises(InvalidSpec, match=r"conv1.*relu2"):
        attribution.grad_cam(net, image, 0, "fc")
    with pytest.raises(InvalidSpec, match="must have shape"):
        attribution.saliency(net, image[:1], 0)
