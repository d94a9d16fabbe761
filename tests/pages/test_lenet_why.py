"""The lenet page: what an answer rests on, what was done to the network, what the data add, what is taken home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.core.ink_samples import samples
from cnnviz.core.places import root
from cnnviz.core.scenes.lenet import COLOUR, METHODS, NETWORKS, LenetScene
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.media import tables
from cnnviz.nets.datasets import load
from cnnviz.nets.net import activations
from cnnviz.nets.walk import pool
from cnnviz.ui import lenet_input, lenet_nets, lenet_page, lenet_tested, lenet_why
from cnnviz.ui.lenet_export import export_of
from cnnviz.ui.lenet_live import told
from cnnviz.ui.lenet_nets import network
from cnnviz.ui.lenet_seen import see
from cnnviz.ui.lenet_why import METHODS as COMPUTED
from tests.conftest import SHARED
from tests.pages.test_lenet import EN, opened

SURGERY = {
    "lenet-1998-mnist": {
        "off": "s2.2_c3.5",
        "edited": "c1.1.0_c3.5.5",
        "kernel": (((0.5,) * 5,) * 5, ((-0.2,) * 5,) * 5),
    },
    COLOUR: {
        "off": "relu1.3_pool3.7",
        "edited": "conv2.4.6_conv1.0.2",
        "kernel": (((1.0, -0.25, 0.0),) * 3, ((0.5,) * 3,) * 3),
    },
}
ELSEWHERE = {
    "off": "conv1.2_pool2.5_fc1.3",
    "edited": "conv2.1.3_conv1.4.0",
    "kernel": (((0.1, -0.2, 0.3, 0.0, 1.5),) * 5, ((0.3,) * 5,) * 5),
}


@pytest.mark.parametrize("method", METHODS)
def test_attribution_is_what_it_says(method: str) -> None:
    scene = LenetScene(view="why", method=method, target=5)
    header, arrays = told(scene, EN, {})
    seen = see(scene)
    expected, facts = COMPUTED[method](seen.net, seen.shown.image, 5)
    assert np.allclose(arrays["heat"], expected.detach().numpy())
    assert header["facts"] == facts
    if method == "integrated":
        assert arrays["heat"].sum() == pytest.approx(facts["difference"], abs=0.05 * abs(facts["difference"]) + 0.05)


@pytest.mark.parametrize("name", NETWORKS)
def test_relevance_is_told_with_what_biases_and_epsilon_kept(name: str) -> None:
    header, arrays = told(LenetScene(view="why", net=name, method="lrp", target=3), EN, {})
    facts = header["facts"]
    assert facts["logit"] == pytest.approx(header["logits"][3], abs=1e-4)
    total = float(arrays["heat"].astype(float).sum()) + facts["bias"] + facts["epsilon"]
    assert total == pytest.approx(facts["logit"], abs=1e-4 * max(1.0, float(np.abs(arrays["heat"]).sum())))


@pytest.mark.parametrize("name", NETWORKS)
def test_attribution_is_of_the_network_as_it_was_operated_on(name: str) -> None:
    surgery: dict[str, Any] = SURGERY.get(name, ELSEWHERE)
    for method, fact in (("occlusion", "score"), ("lrp", "logit")):
        scene = LenetScene(view="why", net=name, method=method, target=3, **surgery)
        header, arrays = told(scene, EN, {})
        assert header["facts"][fact] == pytest.approx(header["logits"][3], abs=1e-4)
        whole, before = told(scene.with_(off="", edited="", kernel=()), EN, {})
        assert whole["facts"][fact] != pytest.approx(header["facts"][fact], abs=1e-3)
        assert not np.allclose(arrays["heat"], before["heat"])


@pytest.mark.parametrize("name", NETWORKS)
def test_what_excites_a_map_is_asked_of_the_network_as_it_was_operated_on(name: str) -> None:
    surgery: dict[str, Any] = SURGERY.get(name, ELSEWHERE)
    layer = "c3" if name == "lenet-1998-mnist" else "conv2"
    scene = LenetScene(view="excite", net=name, layer=layer, channel=1, **surgery)
    header, arrays = told(scene, EN, {})
    kept = see(scene.with_(view="network"))
    # the answer to the picture that was climbed, by the same maps off and kernels edited
    last = torch.from_numpy(arrays["climb"][-1]).float() / 255
    made = activations(kept.net, last, off=scene.surgery().maps())[layer][0, 1].mean()
    assert header["excited"]["answers"][-1] == pytest.approx(float(made), rel=0.02, abs=0.02)
    whole = told(scene.with_(off="", edited="", kernel=()), EN, {})[0]
    assert whole["excited"]["answers"] != header["excited"]["answers"]


def test_a_map_that_is_off_says_so_and_shows_what_it_would_answer() -> None:
    scene = LenetScene(view="excite", layer="conv1", channel=2)
    header, arrays = told(scene.with_(off="conv1.2"), EN, {})
    plain, pictures = told(scene, EN, {})
    assert (header["excited"]["off"], plain["excited"]["off"]) == (True, False)
    assert header["excited"]["answers"] == plain["excited"]["answers"]
    assert np.array_equal(arrays["climb"], pictures["climb"])


def test_test_pictures_that_excite_are_answered_by_the_operated_network_too() -> None:
    scene = LenetScene(view="excite", net="lenet-modern-fashion-mnist", layer="conv2", channel=1, **ELSEWHERE)
    header, arrays = told(scene, EN, {})
    images = torch.from_numpy(arrays["examples"]).float() / 255
    net = lenet_nets.with_surgery(scene.net, scene.surgery())
    peaks = activations(net, images)["conv2"][:, 1].amax((1, 2)).tolist()
    assert [one["activation"] for one in header["examples"]] == pytest.approx(peaks, abs=1e-4)


def test_neighbours_are_compared_by_one_network() -> None:
    scene = LenetScene(view="vector", ink=samples()[5], **ELSEWHERE)
    nearest = told(scene, EN, {})[0]["neighbours"][0]  # the drawing itself is among those compared with
    assert (nearest["label"], nearest["similarity"]) == ("5", pytest.approx(1, abs=1e-5))


@pytest.mark.parametrize("view", ["tested", "compare"])
def test_what_is_shown_as_trained_does_not_follow_surgery(view: str) -> None:
    scene = LenetScene(view=view)
    (header, arrays), (other, others) = told(scene, EN, {}), told(scene.with_(**ELSEWHERE), EN, {})
    told_here = ("card", "errors") if view == "tested" else ("pair", "designs", "head")
    assert all(header[name] == other[name] for name in told_here)
    assert all(np.array_equal(arrays[name], others[name]) for name in arrays if name.startswith("c"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_opens_from_its_link_and_has_its_words(method: str, lang: str) -> None:
    assert opened(view="why", method=method, lang=lang).session_state["scene.LenetScene"].method == method
    header, _ = told(LenetScene(view="why", method=method), EN, {})
    said = Texts(lang)(f"lenet.facts_{method}", **header["facts"]) + Texts(lang)(f"lenet.says_{method}", name="7")
    assert "{" not in said
    assert Texts(lang)(f"lenet.method_{method}")


def test_guided_backpropagation_needs_relu_and_says_so() -> None:
    header, arrays = told(LenetScene(view="why", net="lenet-d2l-mnist", method="guided"), EN, {})
    assert "ReLU" in header["fault"] or "relu" in header["fault"]
    assert "heat" not in arrays


@pytest.mark.parametrize("operated", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_program_taken_home_gives_the_screen_s_numbers(
    name: str, operated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surgery: dict[str, Any] = SURGERY.get(name, ELSEWHERE) if operated else {}
    scene = LenetScene(net=name, ink=samples()[4], turn=10, **surgery)
    export = export_of(scene, None, EN)
    assert export.arrays is not None
    (tmp_path / f"{name}.safetensors").symlink_to(root() / "cnnviz" / "nets" / "weights" / f"{name}.safetensors")
    (tmp_path / "cnnviz-lenet-input.npy").write_bytes(tables.npy_bytes(export.arrays()["input"]))
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {}
    exec(compile(export.code["pytorch"](), "program", "exec"), space)
    seen = see(scene)
    assert seen.scene.off == scene.off
    assert seen.scene.edited.count("_") == operated
    expected = seen.logits.tolist()
    assert space["logits"][0].tolist() == pytest.approx(expected, abs=1e-4 * max(1, *map(abs, expected)))
    if operated:
        assert expected != see(scene.with_(off="", edited="", kernel=())).logits.tolist()


def test_the_arrays_taken_home() -> None:
    export = export_of(LenetScene(), None, EN)
    assert export.arrays is not None
    assert set(export.arrays()) == {"input", "output", "probabilities"}


@pytest.fixture
def with_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A reader who has the data sets."""
    caches = (lenet_input.gallery, lenet_why._examples, lenet_tested._errors, lenet_tested._others)
    monkeypatch.setenv("CNNVIZ_DATA", str(SHARED / "data"))
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.shared
@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("name", NETWORKS)
def test_with_the_data_errors_and_strongest_pictures_are_shown(name: str) -> None:
    net = network(name)
    header, arrays = told(LenetScene(net=name, view="tested"), EN, {})
    assert arrays["errors"].shape == (len(header["errors"]), *net.input_shape)
    with torch.no_grad():
        answers = net(torch.from_numpy(arrays["errors"]) / 255).argmax(1).tolist()
    assert answers == [error["predicted"] for error in header["errors"]]
    header, arrays = told(LenetScene(net=name, view="excite", layer="none9", channel=1), EN, {})
    assert arrays["examples"].shape == (6, *net.input_shape)
    found = [one["activation"] for one in header["examples"]]
    kept: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        net.run(net.normalised(torch.from_numpy(arrays["examples"]) / 255), kept)
    assert found == pytest.approx(kept[header["excited"]["layer"]][:, 1].amax((1, 2)).tolist(), abs=1e-4)


@pytest.mark.shared
@pytest.mark.usefixtures("with_data")
def test_a_photograph_of_the_test_set_is_shown_to_the_colour_network() -> None:
    header, arrays = told(LenetScene(net=COLOUR, source="example", example=30, of=2), EN, {})
    test = load("cifar10", "test")
    number = int((test.labels == 2).nonzero()[30])
    assert (header["test"]["label"], header["test"]["number"], header["test"]["count"]) == (2, number, 1000)
    assert np.array_equal(arrays["seen"], test.images[number].numpy())
    assert lenet_page._fixed(LenetScene(net=COLOUR), "en", False)["pictures"][COLOUR]["there"] == "all"


def test_the_next_error_is_one_of_the_network_as_operated_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    held = pool("fashion-mnist")
    assert held is not None

    def met(scene: LenetScene) -> list[int]:
        numbers, at = [], 0
        for _ in range(4):
            at = told(scene.with_(source="example", example=at), EN, {})[0]["test"]["error"]
            numbers.append(at)
        return numbers

    plain = LenetScene(net="lenet-modern-fashion-mnist")
    for scene in (plain, plain.with_(**ELSEWHERE)):
        net = lenet_nets.with_surgery(scene.net, scene.surgery())
        wrong = held.index[net(held.images.float() / 255).argmax(1) != held.labels].tolist()
        assert met(scene) == [number for number in wrong if number > 0][:4]
    assert met(plain) != met(plain.with_(**ELSEWHERE))


def test_without_its_data_a_test_picture_gives_way_to_the_drawing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    header, arrays = told(LenetScene(source="example", example=7), EN, {})
    assert header["test"] is None
    assert np.array_equal(arrays["seen"], told(LenetScene(), EN, {})[1]["seen"])
    assert lenet_page._fixed(LenetScene(), "en", False)["pictures"]["lenet-modern-mnist"]["there"] == "none"
