"""The step player's page: links and what they may ask, what the part sends, PyTorch's answer, what is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.core.errors import MESSAGES
from cnnviz.core.images import Picture, picture_from_pixels
from cnnviz.core.padding import PaddingMode
from cnnviz.core.patterns import PATTERNS, piece
from cnnviz.core.places import root
from cnnviz.core.samples import sample
from cnnviz.core.scenes.convolution import SPEEDS, ConvolutionScene
from cnnviz.core.scenes.convolution_examples import LINKS, conv_start, examples
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui import convolution_page, convolution_share, pictures
from tests.pages.opening import opened_page, scene_in

KEY = convolution_page.KEY
NUMBERS = st.integers(-9999, 9999).map(lambda v: v / 8)
MATRIX = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda s: st.lists(st.lists(NUMBERS, min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0])
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "source": st.sampled_from([*PATTERNS, "hand", "picture"]),
    "size": st.tuples(st.integers(1, 32), st.integers(1, 32)),
    "seed": st.integers(0, 9999),
    "cells": MATRIX,
    "piece": st.tuples(st.integers(0, 1023), st.integers(0, 1023)),
    "every": st.integers(1, 32),
    "unit": st.booleans(),
    "kernel": MATRIX,
    "stride": st.tuples(st.integers(1, 8), st.integers(1, 8)),
    "padding": st.tuples(*[st.integers(0, 12)] * 4),
    "mode": st.sampled_from([str(mode) for mode in PaddingMode]),
    "fill": st.integers(-3996, 3996).map(lambda v: v / 4),
    "dilation": st.tuples(st.integers(1, 8), st.integers(1, 8)),
    "flip": st.booleans(),
    "bias": st.integers(-3996, 3996).map(lambda v: v / 4),
    "step": st.integers(0, 99999),
    "pin": st.sampled_from(["", "x0.3", "y12.1", "w1.1"]),
    "reveal": st.booleans(),
    "symbols": st.booleans(),
    "speed": st.sampled_from(SPEEDS),
}
SCENES = st.fixed_dictionaries({}, optional=FIELDS).map(lambda fields: ConvolutionScene().merged(fields))


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A picture store of the test's own."""
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


# scenes and links


@given(SCENES)
def test_a_link_says_the_whole_scene(scene: ConvolutionScene) -> None:
    assert ConvolutionScene.from_link(scene.link()) == scene


@given(SCENES)
def test_every_scene_can_be_computed(scene: ConvolutionScene) -> None:
    rows, columns = scene.spec().output_size(scene.size)
    assert 0 <= scene.step < rows * columns
    assert scene.input().shape == scene.size


@given(st.dictionaries(st.sampled_from([*ConvolutionScene.link_names().values(), "x"]), st.text(max_size=40)))
def test_any_link_gives_a_scene_that_can_be_computed(params: dict[str, str]) -> None:
    scene = ConvolutionScene.from_link(params)
    assert min(scene.spec().output_size(scene.size)) >= 1


@pytest.mark.parametrize(
    ("link", "code", "near"),
    [
        ({"size": "3", "dilation": "4"}, "kernel_exceeds_input", {}),
        ({"size": "2", "dilation": "2", "kernel": "1,1,1;1,1,1"}, "kernel_exceeds_input", {"kernel": "1,1;1,1"}),
        ({"size": "2", "padding": "5", "mode": "reflect"}, "reflect_too_wide", {"padding": "1"}),
        ({"size": "3", "padding": "5,0,0,0", "mode": "circular"}, "circular_too_wide", {"padding": "3,0,0,0"}),
    ],
)
def test_an_impossible_link_gives_the_nearest_scene_and_says_why(
    link: dict[str, str], code: str, near: dict[str, str]
) -> None:
    scene = ConvolutionScene.from_link(link)
    assert scene.notice is not None
    assert scene.notice.code == code
    kept = {name: value for name, value in link.items() if name in ("size", "mode")}
    assert scene.link() == {**kept, **near}
    assert scene.with_(bias=1.0).notice is None, "said once"
    assert ConvolutionScene.from_link(scene.link()).notice is None


def test_a_possible_link_needs_no_word() -> None:
    assert ConvolutionScene.from_link({"size": "8", "stride": "2", "padding": "1"}).notice is None


@pytest.mark.parametrize(
    ("name", "size", "output"),
    [
        ("textbook", (4, 4), [[15, 16], [6, 15]]),
        ("textbook_bias", (4, 4), [[18, 19], [9, 18]]),
        ("padded", (4, 4), [[7, 12, 10, 2], [4, 15, 16, 10], [10, 6, 15, 6], [8, 10, 4, 3]]),
        ("stride", (7, 7), (3, 3)),
        ("dropped", (8, 8), (3, 3)),
        ("larger", (5, 5), (6, 6)),
        ("full", (5, 5), (7, 7)),
        ("start", (10, 10), (10, 10)),
        ("laplacian", (7, 7), (4, 4)),
    ],
)
def test_examples_give_the_numbers_of_the_articles(name: str, size: tuple[int, int], output: Any) -> None:
    scene = examples()[name]
    assert scene.notice is None
    found = convolution_page.torch_output(scene, None)
    assert found is not None
    assert scene.size == size
    assert found.tolist() == output if isinstance(output, list) else found.shape == output


def test_one_lit_pixel_shows_the_kernel_turned_unless_it_is_flipped() -> None:
    scene = examples()["flip"]
    kernel = np.array(scene.kernel, np.float32)
    plain = convolution_page.torch_output(scene, None)
    turned = convolution_page.torch_output(scene.with_(flip=True), None)
    assert plain is not None
    assert turned is not None
    np.testing.assert_array_equal(plain[1:4, 1:4], kernel[::-1, ::-1])
    np.testing.assert_array_equal(turned[1:4, 1:4], kernel)


def test_eight_pixels_and_stride_two_leave_fifteen_unread() -> None:
    scene = examples()["dropped"]
    assert int((scene.spec().usage(scene.size) == 0).sum()) == 15


def test_the_untrained_layer_is_the_one_torch_makes() -> None:
    scene = examples()["start"]
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(1, 1, 3, padding=1)
    with torch.no_grad():
        expected = layer(torch.from_numpy(scene.input()).float()[None, None])[0, 0].numpy()
    found = convolution_page.torch_output(scene, None)
    assert found is not None
    np.testing.assert_allclose(found, expected, atol=1e-6)
    before = torch.random.get_rng_state()
    conv_start(5)
    assert torch.equal(before, torch.random.get_rng_state()), "nobody else's random numbers are moved"


# the answer


@given(SCENES)
def test_the_answer_is_torchs_own(scene: ConvolutionScene) -> None:
    grey = np.arange(40 * 50, dtype=np.uint32).reshape(40, 50).astype(np.uint8)
    found = convolution_page.torch_output(scene, grey)
    assert found is not None
    assert found.dtype == np.float32
    x = torch.from_numpy(scene.input(grey).astype(np.float32))[None, None]
    w = torch.tensor(scene.kernel, dtype=torch.float32)
    top, bottom, left, right = scene.padding
    constant = scene.mode in ("zeros", "constant")
    value = scene.fill if scene.mode == "constant" else 0.0
    if constant:
        x = F.pad(x, (left, right, top, bottom), value=value)
    else:
        x = F.pad(x, (left, right, top, bottom), mode=scene.mode)
    kernel = (w.flip((0, 1)) if scene.flip else w)[None, None]
    expected = F.conv2d(x, kernel, torch.tensor([scene.bias]), scene.stride, 0, scene.dilation)[0, 0]
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-4, atol=1e-2)


def test_a_missing_picture_has_no_answer_yet() -> None:
    assert convolution_page.torch_output(ConvolutionScene().with_(source="picture"), None) is None


@pytest.mark.parametrize("picture", [sample("cat"), sample("coins"), picture_from_pixels(np.array([[7]], np.uint8))])
def test_grey_is_luma_and_a_piece_of_it_is_in_range(picture: Picture) -> None:
    grey = convolution_page.grey_of(picture)
    assert grey.shape == (picture.height, picture.width)
    planes = picture.pixels.astype(float)
    luma = planes if planes.ndim == 2 else planes @ [0.299, 0.587, 0.114]
    assert np.abs(grey - luma).max() <= 1
    cut = piece(grey, (1000, 1000), 3, 4, 5)
    assert cut.shape == (4, 5)
    assert 0 <= cut.min() <= cut.max() <= 255


# the page


def opened(**params: str) -> AppTest:
    return opened_page("convolution", params)


def scene_of(app: AppTest) -> ConvolutionScene:
    return scene_in(app, ConvolutionScene)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_opens_from_its_link(lang: str) -> None:
    app = opened(lang=lang, stride="2", size="7", **{"in": "random"})
    assert scene_of(app).stride == (2, 2)


def test_what_the_part_sends_is_taken_and_what_breaks_a_rule_is_not() -> None:
    app = opened()
    good = {"stride": [2, 1], "bias": 3, "kernel": [[1, 0], [0, -1]], "step": 2}
    app.session_state[KEY] = {"event": {"n": 1, "mark": 5, "scene": good}}
    found = scene_of(app.run())
    assert (found.stride, found.bias, found.kernel, found.step) == ((2, 1), 3.0, ((1, 0), (0, -1)), 2)
    assert app.session_state["kept.convolution.mark"] == 5
    bad = {"stride": [0, 99], "bias": "x", "kernel": [[1], [1, 2]], "size": 10**9, "unknown": 1, "pin": "<b>"}
    app.session_state[KEY] = {"event": {"n": 2, "mark": "<script>", "scene": bad}}
    assert scene_of(app.run()) == found
    assert app.session_state["kept.convolution.mark"] == 5
    app.session_state[KEY] = {"event": {"n": 3, "mark": True, "scene": "nonsense"}}
    assert scene_of(app.run()) == found


def test_what_cannot_be_computed_is_mended_also_when_the_part_sends_it() -> None:
    app = opened()
    app.session_state[KEY] = {"event": {"n": 1, "mark": 1, "scene": {"size": [2, 2]}}}
    assert min(scene_of(app.run()).spec().output_size(scene_of(app).size)) == 1


def test_the_picture_row_is_there_for_pieces_only() -> None:
    assert "kept.pictures.good" not in opened().session_state
    app = opened(**{"in": "picture", "picture": "coins"})
    assert app.session_state["kept.pictures.good"] == "coins"


def test_hidden_controls_are_left_out() -> None:
    app = opened(hide="share.bias")
    assert scene_of(app).hide == ("bias", "share")
    assert not app.button


def test_the_header_stays_the_same_from_run_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    headers: list[bytes] = []
    monkeypatch.setattr("cnnviz.components.player.mount", lambda name, key, data: headers.append(data))
    app = opened()
    app.session_state[KEY] = {"event": {"n": 1, "mark": 1, "scene": {"bias": 2, "stride": [2, 2]}}}
    app.run()
    assert len(headers) == 2
    assert headers[0] == headers[1], "or the player's whole text travels again with every change"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_the_browser_looks_up_is_there(lang: str) -> None:
    t = Texts(lang)
    words = {**t.table("player"), **t.table("convolution")}
    scripts = "".join(p.read_text("utf-8") for p in (root() / "cnnviz" / "components" / "player").glob("*.js"))
    import re

    asked = set(re.findall(r"texts\.(\w+)", scripts)) - {"length"}
    assert asked - words.keys() == set()
    for name in LINKS:
        assert f"example_{name}" in words
    for code in ("kernel_exceeds_input", "reflect_too_wide", "circular_too_wide"):
        assert code in MESSAGES
        assert t.has(f"errors.{code}")


# what is taken away


@pytest.mark.parametrize("name", ["pytorch", "numpy"])
@pytest.mark.parametrize("example", ["laplacian", "flip", "mirror", "dilated", "larger"])
def test_the_program_gives_the_numbers_on_the_screen(name: str, example: str) -> None:
    scene = examples()[example].with_(flip=example == "flip", bias=0.5)
    code = convolution_share.export(scene, None, Texts("en")).code[name]()
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(code, names)
    expected = convolution_page.torch_output(scene, None)
    np.testing.assert_allclose(np.asarray(names["y"]).squeeze(), expected, atol=1e-5)


@pytest.mark.parametrize("example", ["textbook", "laplacian", "mirror", "start", "photo"])
def test_keras_and_latex_are_of_the_scene(example: str) -> None:
    scene = examples()[example].with_(step=1)
    grey = convolution_page.grey_of(sample("cat"))
    code = convolution_share.export(scene, grey, Texts("en")).code
    assert "import keras" in code["keras"]()
    latex = code["latex"]()
    total = convolution_page.torch_output(scene, grey)
    assert total is not None
    assert latex.count(r"\[") == latex.count(r"\]")
    if example == "textbook":
        assert "= 16" in latex.replace("&", ""), "the second element"


def test_tables_figure_and_film_are_of_the_scene() -> None:
    scene = examples()["laplacian"].with_(step=6)
    export = convolution_share.export(scene, None, Texts("zh"))
    assert export.arrays is not None
    assert export.figure is not None
    assert export.frames is not None
    arrays = export.arrays()
    np.testing.assert_array_equal(arrays["input"], scene.input().astype(np.float32))
    np.testing.assert_array_equal(arrays["output"], convolution_page.torch_output(scene, None))
    assert arrays["kernel"].shape == (3, 3)
    picture = to_svg(export.figure("dark"))
    assert "第 7 步，共 16 步" in picture
    frames = export.frames("light")
    assert len(frames) == 16
    assert export.frames_per_second == 2.0
    long = examples()["photo"]
    grey = convolution_page.grey_of(sample("cat"))
    film = convolution_share.export(long, grey, Texts("en")).frames
    assert film is not None
    assert len(film("light")) == convolution_share.MOST_FRAMES
