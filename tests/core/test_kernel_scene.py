"""The kernel lab's scene: what a link may say, what comes out of it, and that it says the same again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.kernels import GENERATORS, PRESETS
from cnnviz.core.rules import Choice, Grid, Names, Real, Several, Switch, Whole, Word
from cnnviz.core.scenes.kernel_rules import Listed, Numbers, Own
from cnnviz.core.scenes.kernels import CUSTOM, KERNELS, KernelScene, matrix_of, own_of
from cnnviz.core.scenes.patch_to_steps import patch_scene
from tests.core.strategies import examples

SIX = st.floats(-9, 9).map(lambda v: float(f"{v:.6g}"))


def values(name: str) -> st.SearchStrategy[object]:
    """Legal values of a field, from its rule."""
    rule = KernelScene.rules()[name]
    if name == "picture":
        return st.sampled_from(["cat", "zone_plate", "up-" + "0a" * 16])
    if name == "learned":
        return st.sampled_from(["", "lenet-d2l-mnist.conv1.3.0", "no-such.conv.9.9"])
    if isinstance(rule, Choice):
        return st.sampled_from(rule.options)
    if isinstance(rule, Switch):
        return st.booleans()
    if isinstance(rule, Names):
        return st.lists(st.sampled_from(rule.options), unique=True, max_size=4)
    if isinstance(rule, Listed):
        return st.lists(st.sampled_from(rule.options), unique=True, min_size=rule.fewest, max_size=rule.most)
    if isinstance(rule, Grid):
        side = st.integers(1, 6)
        return st.tuples(side, side).flatmap(lambda size: matrices(*size))
    if isinstance(rule, Numbers):
        return st.lists(SIX, max_size=rule.most)
    if isinstance(rule, Own):
        return st.none() | SIX
    return _numbers(rule)


def matrices(height: int, width: int) -> st.SearchStrategy[list[list[float]]]:
    """Rows of numbers."""
    return st.lists(st.lists(SIX, min_size=width, max_size=width), min_size=height, max_size=height)


def _numbers(rule: object) -> st.SearchStrategy[object]:
    if isinstance(rule, Several):
        return st.lists(_numbers(rule.each), min_size=rule.count, max_size=rule.count)
    if isinstance(rule, Whole):
        return st.integers(rule.low, rule.high)
    assert isinstance(rule, Real)
    low, high = max(rule.low, -9), min(rule.high, 9)
    return st.floats(low, high).map(lambda v: min(max(float(f"{v:.6g}"), low), high))


@st.composite
def scenes(draw: st.DrawFn) -> KernelScene:
    """Scenes a reader can come to."""
    names = draw(st.lists(st.sampled_from(sorted(KernelScene.rules())), unique=True, max_size=9))
    return KernelScene().merged({name: draw(values(name)) for name in names})


@examples(400)
@given(scenes())
def test_a_link_says_the_scene_and_only_what_differs(scene: KernelScene) -> None:
    link = scene.link()
    assert KernelScene.from_link(link) == scene
    said = [name for name, short in scene.link_names().items() if short in link]
    assert all(getattr(scene, name) != getattr(KernelScene(), name) for name in said)


@examples(200)
@given(st.dictionaries(st.sampled_from(sorted(KernelScene.link_names().values())), st.text(max_size=60), max_size=12))
def test_whatever_a_link_says_a_scene_comes_out_that_can_be_computed(params: dict[str, str]) -> None:
    scene = KernelScene.from_link(params)
    weights = scene.effective()
    assert np.isfinite(weights).all()
    assert all(1 <= side <= 31 for side in weights.shape)
    assert scene == scene.settled()


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_kernel_by_its_name_alone(kernel: str) -> None:
    scene = KernelScene.from_link({"kernel": kernel})
    assert scene.kernel == kernel
    assert scene.matrix == tuple(map(tuple, matrix_of(kernel).tolist()))
    assert (scene.divided_by, scene.shifted_by) == own_of(kernel)


def test_a_named_kernel_carries_no_weights_and_a_preset_no_parameters() -> None:
    scene = KernelScene.from_link({"kernel": "box_3", "w": "1,2;3,4", "p": "1,2"})
    assert (scene.weights, scene.params) == ((), ())
    assert KernelScene.from_link({"kernel": CUSTOM}).matrix[1] == (0.0, 1.0, 0.0)
    assert KernelScene.from_link({"kernel": CUSTOM, "w": "1,2;3,4"}).matrix == ((1.0, 2.0), (3.0, 4.0))


def test_parameters_keep_to_what_the_generator_declares() -> None:
    for generator in GENERATORS:
        wild = tuple(9999.0 for _ in generator.parameters)
        kept = KernelScene(kernel=generator.id, params=wild).settled().params
        assert kept == tuple(float(p.high) for p in generator.parameters)
        own = tuple(p.default for p in generator.parameters)
        assert KernelScene(kernel=generator.id, params=own).settled().params == ()


def test_divisor_and_offset_are_the_kernels_own_until_set_and_nothing_is_divided_by_zero() -> None:
    assert KernelScene(kernel="box_3").effective()[0, 0] == pytest.approx(1 / 9)
    assert KernelScene.from_link({"kernel": "box_3", "divisor": "3"}).effective()[0, 0] == pytest.approx(1 / 3)
    assert KernelScene.from_link({"kernel": "box_3", "divisor": "0"}).divided_by == 9
    assert KernelScene(kernel="emboss_relief").shifted_by == 0.5
    assert KernelScene.from_link({"kernel": "emboss_relief", "offset": "0"}).shifted_by == 0


def test_rules_refuse_what_they_must() -> None:
    for rule, text in [
        (Own(Real(-1, 1)), "2"), (Own(Real(-1, 1)), "nan"), (Numbers(2), "1,2,3"), (Numbers(2), "x"),
        (Listed(("a", "b", "c"), 2, 3), "a"), (Listed(("a", "b"), 2, 3), "a.a"), (Word("x"), "y"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            rule.parse(text)
    for rule, value in [(Numbers(2), "12"), (Numbers(2), [1, float("inf")]), (Listed(("a", "b"), 2, 3), ["a", "z"])]:
        with pytest.raises(ValueError, match=r"."):
            rule.accept(value)


def test_the_step_player_gets_the_same_numbers() -> None:
    """The window that was pointed at makes the same output there, up to the player's whole pixel values."""
    grey = np.random.default_rng(3).integers(0, 256, (40, 30)).astype(np.uint8)
    settings = [{}, {"padding": "valid", "stride": (2, 3)}, {"dilation": (2, 2), "kernel": "laplacian_4"}]
    settings += [{"kernel": "box_5"}, {"padding": "full", "kernel": "roberts_up"}, {"flip": True, "mode": "replicate"}]
    for fields in settings:
        scene = KernelScene().with_(**fields)
        maps = scene.layer()((grey / 255.0)[None], scene.effective()[None, None])[0]
        for at in [(0, 0), (3, 4), (maps.shape[0] - 1, maps.shape[1] - 1), (maps.shape[0] // 2, 0)]:
            player = patch_scene(scene, (40, 30), at)
            out = player.spec()(player.input(grey)[None], player.weight())[0].flatten()
            assert float(out[player.step]) == pytest.approx(float(maps[at]), abs=1e-6), (fields, at)


def test_there_are_presets_of_every_kind_in_the_default_bank() -> None:
    known = {kernel.id for kernel in PRESETS}
    assert set(KernelScene().bank) <= known
