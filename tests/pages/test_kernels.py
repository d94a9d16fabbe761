"""The kernel lab's page: what the browser is told, what is taken from it, programs that give the same numbers."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from starlette.websockets import WebSocketDisconnect
from streamlit.testing.v1 import AppTest

from cnnviz.components.payload import pack
from cnnviz.core.images import Picture, picture_from_pixels
from cnnviz.core.kernel_lab import SIDE, in_lab
from cnnviz.core.samples import sample
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.core.scenes.kernels import BANK, CUSTOM, KernelScene
from cnnviz.figures.palette import Theme
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.nets.library import load_network, names
from cnnviz.ui import answers, kernels_page, kernels_route, pictures
from cnnviz.ui.kernels_export import FILE, arrays, export_of, figure, laid_on, layer_of, maps, program
from cnnviz.ui.kernels_learned import kernels_of, learned, origin
from cnnviz.ui.kernels_library import NOTES, SETS, library, static
from cnnviz.ui.kernels_live import answered, live
from tests.core.strategies import examples
from tests.core.test_kernel_scene import scenes

EN = Texts("en")
CAT = in_lab(sample("cat"))
RIBBON = np.arange(3 * 1024).astype(np.uint8)
PICTURES = {
    "colour": picture_from_pixels(np.random.default_rng(0).integers(0, 256, (24, 31, 3)).astype(np.uint8)),
    "grey": picture_from_pixels(np.random.default_rng(1).integers(0, 256, (20, 20)).astype(np.uint8)),
    "1 x 1": picture_from_pixels(np.array([[200]], np.uint8)),
    "3 x 1024": in_lab(picture_from_pixels(RIBBON.reshape(3, 1024))),
    "16 bits": picture_from_pixels(np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000),
}


@pytest.fixture(autouse=True)
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pictures are kept in a folder of the test's own."""
    monkeypatch.setenv("CNNVIZ_PICTURES", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
@examples(60)
@given(scene=scenes())
def test_every_scene_on_every_picture_is_answered(picture: Picture, scene: KernelScene) -> None:
    header, sent, broken = answered(scene, picture, EN, {}, "")
    packed = pack({**header, "fault": ""}, **sent)  # refuses what a browser could not read
    assert len(packed) < 4 * SIDE * SIDE
    assert header["scene"]["kernel"] == scene.kernel
    assert sent["map"].dtype == np.uint8
    assert int(sent["map"].max(initial=0)) <= 254
    if broken is None:
        assert header["laid"]["out"] == scene.layer().output_size((picture.height, picture.width))


@examples(40)
@given(scene=scenes())
def test_what_cannot_be_laid_on_a_picture_keeps_the_map_there_was(scene: KernelScene) -> None:
    tiny = PICTURES["1 x 1"]
    header, sent, broken = answered(scene, tiny, EN, {"have": "a map"}, "")
    assert ("maps" in header) == (broken is None)
    assert sent["weights"].tolist() == [list(row) for row in scene.matrix]


def test_a_map_the_browser_has_is_not_sent_again() -> None:
    first, sent = live(KernelScene(), CAT, EN)
    again, less = live(KernelScene(at=(3, 4)), CAT, EN, have=first["maps"]["key"])
    assert "map" in sent
    assert "map" not in less
    assert again["maps"] == first["maps"]
    changed, more = live(KernelScene(bias=0.1), CAT, EN, have=first["maps"]["key"])
    assert changed["maps"]["key"] != first["maps"]["key"]
    assert "map" in more


def test_the_map_is_the_kernel_on_the_picture() -> None:
    header, sent = live(KernelScene(kernel="sobel_x"), CAT, EN)
    x = torch.from_numpy(CAT.floats())
    luma = (x * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    wanted = F.conv2d(luma[None], kernel[None, None], padding=1)[0]
    (scale,) = header["maps"]["scales"]
    assert scale == pytest.approx([-float(wanted.abs().max()), float(wanted.abs().max())], rel=1e-5)
    shown = (sent["map"].astype(float) - 127) / 127 * scale[1]
    assert float(np.abs(shown - wanted.numpy()).max()) <= scale[1] / 127 * 0.51


@pytest.mark.parametrize("channels", ["grey", "each", "sum"])
def test_the_pinned_pixel_is_torchs_own(channels: str) -> None:
    scene = KernelScene(kernel="unsharp_5", channels=channels, at=(0, 7), mode="reflect", bias=0.25).settled()
    header, _ = live(scene, CAT, EN)
    spec, weight, bias = layer_of(scene, 3)
    x = torch.from_numpy(CAT.floats())
    x = (x * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True) if channels == "grey" else x
    wanted = spec(x, torch.from_numpy(weight).float(), torch.from_numpy(bias).float())[:, 0, 7]
    assert header["proof"]["values"] == pytest.approx(wanted.tolist(), abs=1e-6)


def test_a_bank_has_a_tile_for_each_kernel_on_one_scale() -> None:
    header, sent = live(
        KernelScene(many=True, kernel=CUSTOM, weights=((9.0,),), bank=(*BANK, CUSTOM)).settled(), CAT, EN
    )
    tiles = header["maps"]
    assert tiles["labels"][-1] == EN("kernels.custom")
    assert len({tuple(scale) for scale in tiles["scales"]}) == 1
    assert header["bank"][-1]["cells"] == [9.0]
    ends = [*tiles["starts"][1:], len(sent["map"])]
    sizes = [end - start for start, end in zip(tiles["starts"], ends, strict=True)]
    assert sizes == [h * w for h, w in tiles["sizes"]]


def test_three_channels_are_a_picture_where_numbers_are_light_and_tiles_where_they_are_signed() -> None:
    kinds = {
        view: live(KernelScene(channels="each", view=view), CAT, EN)[0]["maps"]["kind"] for view in ("clip", "signed")
    }
    assert kinds == {"clip": "colour", "signed": "tiles"}
    one = live(KernelScene(channels="each", channel="g"), CAT, EN)
    assert one[0]["maps"]["kind"] == "one"
    assert one[1]["map"].shape == (1, 300, 300)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_library_has_words_for_everything(lang: str) -> None:
    books = library(Texts(lang))
    assert all(p["name"] and p["line"] for p in [*books["presets"], *books["generators"]])
    assert len(static(lang, (), False)) > 10_000
    for scene in (note["scene"] for note in books["notes"]):
        assert KernelScene().merged(scene) != KernelScene() or scene == {"kernel": "sobel_x", **scene}
    assert [note["scene"] for note in books["notes"]] == list(NOTES.values())
    assert all(KernelScene().with_(bank=ids).bank == ids for ids in SETS.values())


# -- the page in Streamlit's own test runner ---------------------------------------------------------------------------


def script() -> None:
    """The page, and its scene for the test to read."""
    import runpy

    import streamlit as st

    from cnnviz.core.places import root
    from cnnviz.core.scenes.kernels import KernelScene
    from cnnviz.ui import state

    runpy.run_path(str(root() / "pages" / "kernels.py"))
    st.text(state.query(state.scene(KernelScene), own=False))


def opened(**link: str) -> AppTest:
    """The page as a link opens it."""
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def act(app: AppTest, number: int, **event: Any) -> AppTest:
    """The page after the lab sent an event."""
    app.session_state[kernels_page.KEY] = {"event": {"n": number, "edit": number, **event}}
    return app.run()


def query(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[-1].value)


def told(app: AppTest) -> dict[str, Any]:
    """The header the lab was given last."""
    data = next(e.proto.bytes for e in app.get("bidi_component") if e.proto.component_name.endswith("kernel_live"))
    (length,) = struct.unpack("<I", data[:4])
    return dict(json.loads(data[4 : 4 + length]))


def test_the_default_link_shows_a_picture_already_filtered() -> None:
    app = opened(picture="cat", kernel="sobel_x")
    assert query(app) == ""
    assert told(app)["maps"]["kind"] == "one"
    assert told(app)["laid"]["out"] == [300, 300]


def test_a_changed_weight_is_taken_and_said_in_the_address() -> None:
    app = opened()
    weights = [[-1, 0, 1], [-2, 0.5, 2], [-1, 0, 1]]
    assert (
        query(act(app, 1, scene={"kernel": "custom", "weights": weights})) == "kernel=custom&w=-1,0,1;-2,0.5,2;-1,0,1"
    )
    assert told(app)["edit"] == 1
    assert told(app)["query"] == "kernel=custom&w=-1,0,1;-2,0.5,2;-1,0,1"


@pytest.mark.parametrize(
    "evil", [{"kernel": "<b>"}, {"stride": [1e9, 1]}, {"weights": "x"}, {"at": None}, {"nobody": 1}]
)
def test_what_breaks_a_rule_changes_nothing(evil: dict[str, Any]) -> None:
    assert query(act(opened(stride="2"), 1, scene=evil)) == "stride=2"


def test_a_pasted_matrix_becomes_the_kernel_and_a_bad_one_a_sentence() -> None:
    app = act(opened(), 1, paste="1\t2\n3\t0,5", scene={})
    assert query(app) == "kernel=custom&w=1,2;3,0.5"
    act(app, 2, paste="1 2\n3", scene={})
    assert query(app) == "kernel=custom&w=1,2;3,0.5"
    assert "row 2" in told(app)["fault"]
    act(app, 3, scene={"bias": 0.5})
    assert told(app)["fault"] == ""


def test_an_impossible_link_is_shown_as_near_as_can_be_and_explained() -> None:
    app = opened(picture="impulse", kernel="box", p="31,31", dilation="4", padding="valid")
    assert query(app).startswith("picture=impulse&kernel=box")
    assert "kernel_size" in told(app)["fault"]
    assert told(app)["maps"]["kind"] == "one"
    act(app, 1, scene={"dilation": [1, 1]}, have="some")
    assert told(app)["fault"] == ""
    act(app, 2, scene={"dilation": [2, 1]}, have="some")
    assert "maps" not in told(app)


def test_the_patch_goes_to_the_step_player() -> None:
    app = act(opened(), 1, scene={"at": [132, 83]}, step=[132, 83])
    player = app.session_state["scene.ConvolutionScene"]
    assert isinstance(player, ConvolutionScene)
    assert (player.source, player.piece, player.size) == ("picture", (129, 80), (7, 7))


@pytest.mark.parametrize("nonsense", ["x", [1], [-1, 2], [10**9, 0], {"row": 1}])
def test_nonsense_does_not_go_there(nonsense: Any) -> None:
    app = act(opened(), 1, scene={}, step=nonsense)
    assert "scene.ConvolutionScene" not in app.session_state
    assert query(app) == ""


def test_hidden_controls_are_named_to_the_browser_and_the_panel_is_gone() -> None:
    app = opened(hide="bias.share.picker")
    assert query(app) == "hide=picker.bias.share"
    assert not [b for b in app.button if b.key.startswith("share-")]


# -- to take away ------------------------------------------------------------------------------------------------------

SETTINGS = [
    {},
    {"channels": "sum", "kernel": "gaussian_5", "stride": (2, 3), "padding": "valid"},
    {"channels": "each", "kernel": "emboss_relief", "mode": "replicate", "activation": "relu", "flip": True},
    {
        "kernel": "roberts_down",
        "mode": "constant",
        "fill": 0.5,
        "padding": "custom",
        "pads": (0, 2, 1, 0),
        "bias": -0.25,
    },
]


@pytest.mark.parametrize("fields", SETTINGS)
@pytest.mark.parametrize("name", ["pytorch", "numpy"])
def test_the_programs_give_the_map_on_the_screen(fields: dict[str, Any], name: str, tmp_path: Path) -> None:
    picture = PICTURES["colour"]
    scene = KernelScene().with_(**fields)
    text = export_of(scene, picture, EN).code[name]()
    np.save(tmp_path / FILE, arrays(scene, picture)["input"])
    text += "\nimport numpy\nnumpy.save('y.npy', numpy.asarray(y))\n"
    (tmp_path / "program.py").write_text(text, "utf-8")
    subprocess.run([sys.executable, "program.py"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    y = np.load(tmp_path / "y.npy")
    np.testing.assert_allclose(y.reshape(maps(scene, picture).shape), maps(scene, picture), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("view", ["signed", "absolute", "clip", "rescale"])
@pytest.mark.parametrize("channels", ["grey", "each"])
def test_the_figure_shows_the_map_in_its_colours(view: str, channels: str) -> None:
    scene = KernelScene(view=view, channels=channels).settled()
    drawn = to_svg(figure(scene, PICTURES["colour"], Texts("zh"), Theme.DARK.value))
    assert "24 × 31" in drawn.decode() if isinstance(drawn, bytes) else "24 × 31" in drawn


def test_a_program_can_be_written_for_a_scene_that_cannot_be_laid() -> None:
    scene = KernelScene(kernel="box_5", padding="valid")
    tiny = PICTURES["1 x 1"]
    assert "conv2d" in export_of(scene, tiny, EN).code["pytorch"]()
    assert arrays(KernelScene(), tiny)["output"].shape == (1, 1, 1)
    assert program(lambda *a, **k: "x", KernelScene(), tiny) == "x"


def test_keras_and_the_worked_example_are_offered_for_the_held_pixel() -> None:
    scene = KernelScene(at=(10, 20))
    code = export_of(scene, CAT, EN).code
    assert list(code) == ["pytorch", "numpy", "keras", "latex"]
    assert "Conv2D" in code["keras"]()
    spec, weight, bias = layer_of(scene, 3)
    total = spec.step(laid_on(scene, CAT), weight, bias, at=(0, 10, 20)).total
    assert "y_{10,20}" in code["latex"]()
    assert f"{total:.5g}" in code["latex"]()
    assert "y_{150,150}" in export_of(KernelScene(at=(4000, 1)), CAT, EN).code["latex"](), "outside: the middle"


# -- the lab's own socket ----------------------------------------------------------------------------------------------


class Line:
    """The reader's end of a socket: what it says, what it hears."""

    def __init__(self, *says: str | Exception, origin: str | None = "http://class.local:8501") -> None:
        self.says = list(says)
        self.headers = {"host": "class.local:8501", **({"origin": origin} if origin else {})}
        self.heard: list[bytes | int] = []

    async def accept(self) -> None:
        """Opened."""

    async def receive_text(self) -> str:
        said = self.says.pop(0) if self.says else WebSocketDisconnect()
        if isinstance(said, Exception):
            raise said
        return said

    async def send_bytes(self, data: bytes) -> None:
        self.heard.append(data)

    async def close(self, code: int) -> None:
        self.heard.append(code)


def talk_to(line: Line) -> None:
    """Run the talk in a thread of its own: a browser test before may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(answers.talk(line, kernels_route.answer_bytes))).result()  # type: ignore[arg-type]


def heard(*says: str | Exception) -> list[bytes | int]:
    """What a reader who says this hears."""
    line = Line(*says)
    talk_to(line)
    return line.heard


def test_pages_of_another_site_are_not_answered() -> None:
    line = Line(json.dumps({"scene": {}}), origin="http://elsewhere.example")
    talk_to(line)
    assert line.heard == [answers.FOREIGN]


def header_of(data: bytes | int) -> dict[str, Any]:
    assert isinstance(data, bytes)
    (length,) = struct.unpack("<I", data[:4])
    return dict(json.loads(data[4 : 4 + length]))


def test_the_socket_answers_what_the_page_would_say() -> None:
    fields = {"kernel": "custom", "weights": [[1, 2], [3, 4]], "bias": 0.5, "stride": [2, 1]}
    asked = json.dumps({"scene": {"picture": "cat", **fields}, "edit": 3, "lang": "zh"})
    (answer,) = heard(asked)
    app = act(opened(lang="zh"), 3, scene=fields)
    page, own = told(app), header_of(answer)
    assert {**own, "query": page["query"]} == page


@pytest.mark.parametrize(
    "said",
    ["", "{", "[]", "null", '{"scene": 3}', '{"scene": {"picture": "nobody"}}', '{"a": ' * 5000],
    ids=range(7),
)
def test_what_is_no_question_gets_an_empty_answer_and_the_next_one_its_own(said: str) -> None:
    nothing, answer = heard(said, json.dumps({"scene": {}}))
    assert nothing == b""
    assert header_of(answer)["laid"]["out"] == [300, 300]


def test_a_question_too_long_ends_the_talk() -> None:
    assert heard("x" * (answers.LONGEST + 1), json.dumps({"scene": {}})) == [1009]
    assert heard(KeyError("text")) == []


def test_the_largest_kernel_fits_a_question() -> None:
    weights = [[-0.12345678901234567] * 31] * 31
    scene = {**KernelScene(bank=BANK).__dict__, "kernel": "custom", "weights": weights}
    asked = json.dumps({"scene": scene, "edit": 1, "have": "0" * 24, "lang": "en"})
    (answer,) = heard(asked)
    assert header_of(answer)["laid"]["rows"] == 31


# -- learned kernels, and a kernel that is learned ---------------------------------------------------------------------


def arrays_told(app: AppTest) -> dict[str, Any]:
    """The arrays the lab was given last."""
    data = next(e.proto.bytes for e in app.get("bidi_component") if e.proto.component_name.endswith("kernel_live"))
    (length,) = struct.unpack("<I", data[:4])
    layout = json.loads(data[4 : 4 + length])["arrays"]
    return {
        name: np.frombuffer(data, a["dtype"], int(np.prod(a["shape"])), 4 + length + a["offset"]).reshape(a["shape"])
        for name, a in layout.items()
    }


def test_the_library_lists_every_network_with_its_convolutions() -> None:
    listed = {network["id"]: [layer["id"] for layer in network["layers"]] for network in library(EN)["networks"]}
    assert set(listed) == set(names())
    assert listed["small-cifar10"] == ["conv1", "conv2", "conv3", "conv4", "conv5"]


@pytest.mark.parametrize("place", ["lenet-modern-mnist.conv1.0", "lenet-1998-mnist.c3.0", "small-cifar10.conv3.63"])
def test_the_kernels_shown_are_the_networks_own_weights(place: str) -> None:
    network, layer, out = place.split(".")
    weight = load_network(network).parts[layer].weight.detach()
    header, sent = kernels_of(place)
    assert header["filter"]["key"] == place
    for (o, i), kernel in zip(header["filter"]["places"], sent["filter"], strict=True):
        assert kernel == pytest.approx(weight[o, i].numpy(), rel=1e-6, abs=1e-12)
    alone = weight.shape[0] * weight.shape[1] > 128
    assert [o for o, _ in header["filter"]["places"]].count(int(out)) == weight.shape[1]
    assert (len({o for o, _ in header["filter"]["places"]}) == 1) == alone


@pytest.mark.parametrize(
    "evil", [None, 3, "", "no.conv1.0", "small-cifar10.conv1.99", "small-cifar10.fc.0", "../x.y.0"]
)
def test_kernels_there_are_none_of_are_not_answered(evil: Any) -> None:
    assert kernels_of(evil) == ({}, {})


def test_a_learned_kernel_is_named_and_its_link_gives_it_back() -> None:
    app = act(opened(), 1, filter="lenet-modern-mnist.conv1.0")
    assert told(app)["filter"]["places"][4] == [4, 0]
    kernel = arrays_told(app)["filter"][4].tolist()
    scene = {"kernel": "custom", "weights": kernel, "learned": "lenet-modern-mnist.conv1.4.0"}
    app = act(app, 2, scene=scene)
    assert told(app)["learned"]["name"] == "conv1.weight[4, 0]"
    again = KernelScene.from_link(dict(parse_qsl(query(app))))
    assert again.learned == "lenet-modern-mnist.conv1.4.0"
    assert again.matrix == tuple(map(tuple, kernel))
    said = origin(again, EN)
    assert said is not None
    assert said["name"] == "conv1.weight[4, 0]"
    changed = origin(again.with_(weights=((1.0, 2.0), (3.0, 4.0))), EN)
    assert changed == {
        "name": "Own kernel",
        "line": "Was lenet-modern-mnist, conv1.weight[4, 0]; changed since by you.",
    }


def test_a_label_without_a_network_behind_it_is_not_shown() -> None:
    assert origin(KernelScene.from_link({"kernel": "custom", "from": "made-up.conv1.0.0"}), EN) is None
    assert KernelScene.from_link({"kernel": "custom", "from": "<b>"}).learned == ""
    assert KernelScene.from_link({"kernel": "box_3", "from": "lenet-d2l-mnist.conv1.0.0"}).learned == ""
    unconnected = origin(KernelScene(kernel=CUSTOM, weights=((0.0,) * 5,) * 5, learned="lenet-1998-mnist.c3.0.5"), EN)
    assert unconnected is not None
    assert "not connected" in unconnected["line"]


def test_sobel_is_learned_from_the_cat_and_its_map() -> None:
    app = act(opened(kernel="sobel_x"), 1, learn={"optimiser": "adam", "seed": 0})
    header, sent = told(app)["descent"], arrays_told(app)
    assert header["verdict"] == "found"
    assert sent["learned"][-1] == pytest.approx(np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), abs=0.04)
    plane = torch.from_numpy(sent["plane"].copy())[None, None].double()
    target = F.conv2d(plane, torch.from_numpy(sent["true"].copy())[None, None].double())
    for frame in (0, len(sent["steps"]) // 2):
        made = F.conv2d(plane, torch.from_numpy(sent["learned"][frame].copy())[None, None].double())
        assert sent["losses"][frame] == pytest.approx(float(F.mse_loss(made, target)), rel=1e-4)


def test_what_cannot_be_learned_is_said() -> None:
    app = act(opened(kernel="gaussian", p="3,21,21"), 1, learn={"optimiser": "adam", "seed": 0})
    assert "kernel_size" in told(app)["descent"]["fault"]
    flat = picture_from_pixels(np.full((30, 30), 99, np.uint8))
    header, _ = learned(KernelScene(), flat, EN, {"optimiser": "plain", "seed": 3})
    assert (header["descent"]["verdict"], header["descent"]["seen"]) == ("blind", 1)
    for evil in (None, {}, {"optimiser": "x", "seed": 0}, {"optimiser": "adam", "seed": -1}, [1]):
        assert learned(KernelScene(), flat, EN, evil) == ({}, {})


def test_a_flipped_kernel_is_learned_as_the_network_would_hold_it() -> None:
    _, sent = learned(KernelScene(kernel="emboss", flip=True), CAT, EN, {"optimiser": "adam", "seed": 0})
    assert sent["true"].tolist() == KernelScene(kernel="emboss").effective()[::-1, ::-1].tolist()
