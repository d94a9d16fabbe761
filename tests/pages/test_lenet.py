"""The lenet page: links, what is told for every network, layer and view, and every number against PyTorch's own."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.core.ink import LONGEST, Stroke, drawn, packed, unpacked
from cnnviz.core.ink_samples import samples
from cnnviz.core.places import root
from cnnviz.core.scenes.lenet import COLOUR, METHODS, NETWORKS, VIEWS, LenetScene
from cnnviz.core.scenes.surgery import MOST
from cnnviz.figures.drawing import Line, Raster, Rect
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.media import still
from cnnviz.nets.digits import mnist_like
from cnnviz.nets.library import load_network, names
from cnnviz.ui import lenet_nets
from cnnviz.ui.lenet_figure import figure
from cnnviz.ui.lenet_live import told
from cnnviz.ui.lenet_nets import network, shapes_of
from cnnviz.ui.lenet_route import answer_bytes
from cnnviz.ui.lenet_seen import see

EN = Texts("en")
WEIGHTS = st.floats(-9, 9, width=32).map(lambda v: float(f"{v:.7g}"))
PLACES = st.tuples(st.integers(0, 255), st.integers(0, 255))
STROKES = st.lists(
    st.builds(
        Stroke, st.lists(PLACES, min_size=1, max_size=30).map(tuple), thickness=st.integers(8, 60), eraser=st.booleans()
    ),
    max_size=8,
)
SCENES = st.builds(
    lambda **fields: LenetScene().merged(fields),
    view=st.sampled_from(VIEWS),
    net=st.sampled_from(NETWORKS),
    source=st.sampled_from(["ink", "picture", "example"]),
    ink=STROKES.map(packed),
    picture=st.sampled_from(["cat", "coins"]),
    right=st.integers(-14, 14),
    turn=st.integers(-180, 180),
    scale=st.floats(0.5, 2).map(lambda v: float(f"{v:.7g}")),
    level=st.sampled_from(["network", "layer", "unit"]),
    layer=st.sampled_from(["input", "conv1", "conv2", "fc1", "gap", "none9"]),
    channel=st.integers(0, 9999),
    off=st.sampled_from(["", "conv1.2", "conv1.2_conv2.15_fc1.3", "x.1"]),
    edited=st.sampled_from(["", "conv1.0.0", "conv2.1.3_conv1.5.0", "conv1.0.0_conv1.0.0"]),
    kernel=st.lists(
        st.sampled_from([((1.0, 2.0), (3.0, 4.0)), ((0.5,) * 5,) * 5, ((-0.3333333,) * 11,) * 11]), max_size=2
    ),
    method=st.sampled_from(METHODS),
    target=st.integers(-1, 9),
)


@given(SCENES)
def test_a_link_says_the_whole_scene(scene: LenetScene) -> None:
    assert LenetScene.from_link(scene.link()) == scene


@given(STROKES)
def test_a_drawing_survives_its_link(strokes: list[Stroke]) -> None:
    assert unpacked(packed(strokes)) == tuple(strokes)


@given(st.dictionaries(st.sampled_from([*LenetScene.link_names().values(), "x"]), st.text(max_size=40), max_size=6))
def test_any_link_gives_a_scene_that_can_be_shown(params: dict[str, str]) -> None:
    scene = lenet_nets.fitting(LenetScene.from_link(params))
    assert scene.layer in shapes_of(network(scene.net))
    assert scene.channel < shapes_of(network(scene.net))[scene.layer][0]


@pytest.mark.parametrize("text", ["A", "GgAA", "GgUACgqv", "____", "GgMACgqvAA", "é", "A" * (LONGEST + 1)])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"drawing|stroke|point|pen"):
        unpacked(text)
    assert LenetScene.from_link({"ink": text}).ink == LenetScene().ink


def test_the_page_offers_every_trained_lenet() -> None:
    assert set(NETWORKS) <= set(names())


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("net", ["lenet-modern-mnist", "lenet-d2l-mnist"])
def test_our_own_digits_are_recognised(net: str, digit: int) -> None:
    header, _ = told(LenetScene(net=net, ink=samples()[digit]), EN, {})
    assert int(np.argmax(header["probabilities"])) == digit


def test_the_network_sees_what_torch_is_given() -> None:
    header, arrays = told(LenetScene(ink=samples()[7]), EN, {})
    ink = mnist_like(torch.from_numpy(drawn(unpacked(samples()[7])))).centred
    with torch.no_grad():
        expected = load_network("lenet-modern-mnist")(ink[None, None]).softmax(1)[0]
    assert header["probabilities"] == pytest.approx(expected.tolist(), abs=1e-6)
    assert np.abs(arrays["seen"][0] - ink.numpy() * 255).max() <= 0.5


def test_every_map_is_torchs_on_one_scale_a_layer() -> None:
    header, arrays = told(LenetScene(), EN, {})
    net = load_network("lenet-modern-mnist")
    x = net.normalised(see(LenetScene()).shown.image[None])
    for node in net.layers:
        with torch.no_grad():
            x = net.part(node.name)(x)
        limit = header["limits"][node.name]
        back = (arrays[f"m.{node.name}"].astype(float) - 127) * limit / 127
        assert np.abs(back - x[0].numpy()).max() <= limit / 127 * 0.51 + 1e-9


@pytest.mark.parametrize("name", NETWORKS)
def test_every_unit_of_every_layer_is_the_sum_it_shows(name: str) -> None:
    for layer, shape in shapes_of(network(name)).items():
        scene = LenetScene(net=name, level="unit", layer=layer, channel=shape[0] // 2, row=2, col=3)
        header, arrays = told(scene, EN, {})
        unit = header["unit"]
        assert unit["torch"] == pytest.approx(unit["exact"], abs=2e-5 * max(1.0, abs(unit["exact"])))
        if "weights" in arrays:
            taps, weights = arrays["taps"].astype(float), arrays["weights"].astype(float)
            radial = unit["reduction"] == "radial"
            total = -((taps - weights) ** 2).sum() if radial else (taps * weights).sum() + unit["bias"]
            assert total == pytest.approx(unit["exact"], abs=1e-9 * max(1.0, float(np.abs(arrays["taps"]).sum())))
        kept = see(scene).kept[layer][0]
        assert unit["torch"] == float(kept[tuple(unit["at"])])


def test_every_value_read_is_the_unit_it_leads_to() -> None:
    scene = LenetScene(level="unit", layer="conv2", channel=3, row=4, col=5)
    header, arrays = told(scene, EN, {})
    first, taps = header["unit"]["first"], arrays["taps"]
    for row, col in ((0, 0), (2, 4)):
        below = LenetScene(level="unit", layer="pool1", channel=1, row=first[0] + row, col=first[1] + col)
        assert told(below, EN, {})[0]["unit"]["torch"] == pytest.approx(float(taps[1, row, col]))


@pytest.mark.parametrize("name", ["lenet-modern-mnist", "lenet-d2l-mnist", COLOUR])
def test_partial_maps_add_up_to_the_map(name: str) -> None:
    for layer in ("conv1", "conv2"):
        header, arrays = told(LenetScene(net=name, level="layer", layer=layer, channel=2), EN, {})
        total = arrays["partials"].astype(float).sum(0) + header["layer"]["bias"]
        assert np.abs(total - arrays["out"][0]).max() < 1e-4
        assert header["layer"]["gap"] < 1e-4


def test_a_map_switched_off_is_nothing_to_all_that_comes_after() -> None:
    whole = told(LenetScene(), EN, {})[0]
    scene = LenetScene(off="pool1.2")
    header, arrays = told(scene, EN, {})
    assert (arrays["m.pool1"][2] == 127).all()
    assert header["probabilities"] != whole["probabilities"]
    all_off = "_".join(f"pool1.{n}" for n in range(6))
    blank = told(LenetScene(off=all_off), EN, {})[0]["logits"]
    assert blank == told(LenetScene(off=all_off, ink=samples()[2]), EN, {})[0]["logits"]


def weights(scene: LenetScene, layer: str) -> torch.Tensor:
    conv = lenet_nets.convolution(lenet_nets.operated(lenet_nets.fitting(scene)), layer)
    assert conv is not None
    return conv.weight.detach()


def test_edited_kernels_are_used_each_in_its_place_and_the_learned_ones_kept() -> None:
    zero, one = ((0.0,) * 5,) * 5, ((0.1, 0.2, 0.3, 0.4, 0.5),) * 5
    scene = LenetScene().with_(edited="conv1.1.0_conv2.3.5_conv2.3.2", kernel=(zero, one, zero))
    learned = load_network(scene.net).state_dict()
    expected = {layer: learned[f"parts.{layer}.weight"].clone() for layer in ("conv1", "conv2")}
    expected["conv1"][1, 0], expected["conv2"][3, 5], expected["conv2"][3, 2] = 0, torch.tensor(one), 0
    for layer, kernels in expected.items():
        assert torch.equal(weights(scene, layer), kernels)
        assert torch.equal(weights(LenetScene(), layer), learned[f"parts.{layer}.weight"])
    _, arrays = told(scene, EN, {})
    assert len(np.unique(arrays["m.conv1"][1])) == 1  # nothing but the bias


@pytest.mark.parametrize(
    ("edited", "kernel"),
    [
        ("conv1.1.0", (((1.0,),),)),  # of another size
        ("conv1.6.0", (((0.5,) * 5,) * 5,)),  # no such filter
        ("fc1.1.0", (((0.5,) * 5,) * 5,)),  # no convolution
        ("conv1.1.0", ()),  # a place without its kernel
        ("conv1.1.0_conv1.1.0", (((0.5,) * 5,) * 5,) * 2),  # two for one place
    ],
)
def test_an_edit_that_fits_nowhere_is_left_out(edited: str, kernel: Any) -> None:
    scene = LenetScene().with_(edited=edited, kernel=kernel)
    assert lenet_nets.fitting(scene).edited == ""
    kept = scene.with_(edited=f"{edited}_conv2.0.0", kernel=(*kernel, ((0.5,) * 5,) * 5))
    assert lenet_nets.fitting(kept).edited in ("", "conv2.0.0")


def test_a_kernel_without_a_connection_is_not_edited() -> None:
    scene = LenetScene(net="lenet-1998-mnist").with_(edited="c3.0.3_c3.0.0", kernel=(((0.5,) * 5,) * 5,) * 2)
    assert lenet_nets.fitting(scene).edited == "c3.0.0"  # the first map of C3 reads maps 0, 1 and 2 only
    header, _ = told(LenetScene(net="lenet-1998-mnist", level="layer", layer="c3", channel=0), EN, {})
    assert header["layer"]["read"] == [True, True, True, False, False, False]
    unit, arrays = told(LenetScene(net="lenet-1998-mnist", level="unit", layer="c3", channel=0), EN, {})
    assert unit["unit"]["products"] == 75 == np.count_nonzero(arrays["weights"])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_view_has_something_to_tell(name: str, view: str) -> None:
    body = answer_bytes(json.dumps({"scene": {"net": name, "view": view}, "lang": "zh"}))
    (length,) = struct.unpack("<I", body[:4])
    header: dict[str, Any] = json.loads(body[4 : 4 + length])
    assert sum(header["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert header["scene"]["view"] == view


def test_a_fully_connected_layer_is_a_convolution() -> None:
    head = told(LenetScene(view="compare"), EN, {})[0]["head"]
    assert head["kernel"] == [120, 16, 5, 5]
    assert head["parameters"] == 400 * 120 + 120
    assert head["error"] <= 1e-5 * max(1, head["largest"])
    assert head["all"] - head["convolutions"] == 59_134


def test_the_three_lenets_have_their_published_sizes() -> None:
    designs = {d["id"]: d["parameters"] for d in told(LenetScene(view="compare"), EN, {})[0]["designs"]}
    assert designs == {"lenet-1998": 60_000, "lenet-d2l": 61_706, "lenet-modern": 61_706}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"scene": 5}', "null"])
def test_what_is_no_question_gets_no_answer(text: str) -> None:
    assert answer_bytes(text) == b""


def test_a_hostile_question_is_answered_with_what_can_be_shown() -> None:
    asked = {
        "ink": "A" * 50_000,
        "net": "../../x",
        "layer": "conv1; drop",
        "channel": 1e300,
        "kernel": [[1e9]],
        "off": 7,
    }
    body = answer_bytes(json.dumps({"scene": asked, "edit": "x", "lang": 4}))
    (length,) = struct.unpack("<I", body[:4])
    assert json.loads(body[4 : 4 + length])["net"]["id"] == NETWORKS[0]


def opened(**params: str) -> AppTest:
    app = AppTest.from_file(str(root() / "pages" / "lenet.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_its_link(view: str, lang: str) -> None:
    assert opened(view=view, lang=lang).session_state["scene.LenetScene"].view == view


def test_what_is_drawn_becomes_the_scene_and_a_picture_replaces_it() -> None:
    app = opened()
    app.session_state["lenet-live"] = {"event": {"n": 1, "scene": {"ink": samples()[3], "turn": 999}, "edit": 4}}
    app.run()
    scene = app.session_state["scene.LenetScene"]
    assert (scene.ink, scene.turn) == (samples()[3], 0)
    app.session_state["pictures-lenet"] = {"event": {"n": 2, "scene": {"picture": "coins"}}}
    app.run()
    assert app.session_state["scene.LenetScene"].source == "picture"


def test_the_picture_chosen_already_and_one_that_was_uploaded_replace_the_drawing_too() -> None:
    app = opened()
    assert app.session_state["scene.LenetScene"].source == "ink"
    app.session_state["pictures-lenet"] = {"event": {"n": 1, "scene": {"picture": "cat"}}}
    app.run()
    assert app.session_state["scene.LenetScene"].source == "picture"
    other = opened()
    other.session_state["scene.LenetScene"] = LenetScene(picture="coins")  # as the upload leaves it, before a run
    other.run()
    assert other.session_state["scene.LenetScene"].source == "picture"


def test_as_many_kernels_as_may_be_edited_fit_a_link() -> None:
    rng = np.random.default_rng(0)
    kernels = tuple(tuple(map(tuple, np.round(rng.normal(0, 9, (5, 5)), 5).tolist())) for _ in range(MOST))
    places = "_".join(f"conv2.{i}.{c}" for i in range(16) for c in range(3))
    scene = LenetScene().with_(edited=places, kernel=kernels)
    assert len(scene.surgery().edits) == MOST
    assert max(map(len, scene.link().values())) <= 8000  # what is read of a parameter
    assert np.allclose(LenetScene.from_link(scene.link()).kernel, kernels)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figure_marks_what_was_done_to_the_network(lang: str) -> None:
    scene = LenetScene(off="conv1.2_fc1.7").with_(edited="conv1.1.0", kernel=(((0.0,) * 5,) * 5,))
    plain, drawing = (figure(one, Texts(lang), "light") for one in (LenetScene(), scene))
    leaves = list(drawing.leaves())
    assert len([leaf for leaf in leaves if isinstance(leaf, Line)]) == 4
    assert len([leaf for leaf in leaves if isinstance(leaf, Rect)]) == 1 + len(
        [leaf for leaf in plain.leaves() if isinstance(leaf, Rect)]
    )
    conv1 = next(leaf for leaf in leaves if isinstance(leaf, Raster) and leaf.label == "conv1")
    cross = next(leaf for leaf in leaves if isinstance(leaf, Line))
    assert cross.y1 == pytest.approx(conv1.y + 2 / 6 * conv1.height)
    said = "2 maps off, 1 kernel edited" if lang == "en" else "关掉 2 张图，改了 1 个卷积核"
    assert said in to_svg(drawing)
    assert said not in to_svg(plain)


@pytest.mark.parametrize("name", ["lenet-modern-mnist", "lenet-d2l-fashion-mnist", COLOUR])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figure_shows_every_layer_and_the_answer(name: str, theme: str) -> None:
    drawing = figure(LenetScene(net=name), EN, theme)
    assert len([leaf for leaf in drawing.leaves() if isinstance(leaf, Raster)]) == len(shapes_of(network(name)))
    assert b"PNG" in still.png_bytes(drawing, scale=1)[:8]
    assert drawing.description.split(":")[0] in to_svg(drawing)
