"""Generated Keras programs: held to Keras' documented rules always, and to Keras itself where it is installed."""

from __future__ import annotations

import ast
import importlib.util
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnviz.core.codegen import ACTIVATIONS, keras_code, per_channel
from cnnviz.core.conv import ConvSpec
from cnnviz.core.kernel_lab import ACTIVATIONS as LAB_ACTIVATIONS
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from tests.core import keras_by_its_rules
from tests.core.codegen_cases import conv_cases, pool_cases, rare_pool_cases, result, run, transposed_cases

CASES = {"conv": conv_cases(), "transposed": transposed_cases(), "pool": pool_cases(), "rare pool": rare_pool_cases()}
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
INSTALLED = importlib.util.find_spec("keras") is not None


@pytest.fixture(params=["rules", "keras"] if INSTALLED else ["rules"])
def keras(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What `import keras` finds: the stand-in, or the real one."""
    if request.param == "rules":
        monkeypatch.setitem(sys.modules, "keras", keras_by_its_rules.module())  # type: ignore[arg-type]
    return __import__("keras")


def y_of(code: str, keras: SimpleNamespace) -> np.ndarray:
    """The result with channels first."""
    names = run(code)
    return np.moveaxis(keras.ops.convert_to_numpy(names["y"]), -1, 1)


@pytest.mark.parametrize("kind", CASES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_keras_program_gives_the_layers_numbers(keras: SimpleNamespace, kind: str, data: st.DataObject) -> None:
    layer, x, arrays = case = data.draw(CASES[kind])
    found, expected = y_of(keras_code(layer, x, *arrays), keras), result(case)
    found = found if x.ndim == layer.dims + 2 else found[0]
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_follows_the_layer_is_the_labs(keras: SimpleNamespace, activation: str) -> None:
    x, w = np.linspace(-1, 1, 16).reshape(1, 4, 4), np.array([[[[1.0, -2], [0.5, 1]]]])
    found = y_of(keras_code(ConvSpec(2), x, w, [0.25], activation=activation), keras)
    np.testing.assert_allclose(found[0], LAB_ACTIVATIONS[activation](ConvSpec(2)(x, w, [0.25])).numpy(), atol=1e-6)


def test_example_and_files(keras: SimpleNamespace, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for layer in (ConvSpec(3, 2, 4, groups=2), TransposedConvSpec(3, 2, 4, stride=2), PoolSpec(3, "avg", padding=1)):
        assert np.isfinite(y_of(keras_code(layer), keras)).all()
    x, w = np.random.default_rng(0).random((3, 20, 20)), np.random.default_rng(1).random((2, 3, 3, 3))
    np.save("a.npy", x)
    np.save("w.npy", w)
    code = keras_code(ConvSpec(3, 3, 2), x, w, files={"input": "a.npy", "weight": "w.npy"})
    np.testing.assert_allclose(y_of(code, keras)[0], ConvSpec(3, 3, 2)(x, w).numpy(), rtol=1e-4)


def test_one_kernel_for_every_channel(keras: SimpleNamespace) -> None:
    spec, weight = per_channel(
        ConvSpec(3, padding="same_upper", stride=2, flip=True), [[1, 2, 3], [4, 5, 6], [7, 8, 9]], 3
    )
    x = np.random.default_rng(0).random((3, 6, 7))
    np.testing.assert_allclose(y_of(keras_code(spec, x, weight), keras)[0], spec(x, weight).numpy(), rtol=1e-4)


def calls(code: str) -> dict[str, ast.Call]:
    """Every call of a program by its dotted name."""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return {ast.unparse(node.func): node for node in found}


def keywords(call: ast.Call) -> dict[str, Any]:
    return {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}


def test_weights_are_in_keras_order() -> None:
    code = keras_code(ConvSpec((2, 3), 4, 5), np.zeros((4, 6, 6)), np.zeros((5, 4, 2, 3)), np.zeros(5))
    assert "# kernel: (*kernel_size, in_channels / groups, out_channels) = (2, 3, 4, 5)" in code
    assert ".transpose(2, 3, 1, 0)" in code or "np.tile" in code
    assert "# input: (batch, *spatial, channels) = (1, 6, 6, 4)" in code


def test_unequal_padding_is_zero_padding_before_a_valid_layer() -> None:
    spec = ConvSpec(3, stride=2, padding=((0, 1), (2, 0)))
    made = calls(keras_code(spec, np.zeros((1, 6, 5)), np.zeros((1, 1, 3, 3))))
    padding = ast.literal_eval(made["keras.layers.ZeroPadding2D"].args[0])
    assert padding == ((0, 1), (2, 0))
    assert keywords(made["keras.layers.Conv2D"]) == {"strides": 2, "use_bias": False}
    padded = [6 + 1, 5 + 2]
    assert tuple((n - 3) // 2 + 1 for n in padded) == spec.output_size((6, 5))


def test_tensorflows_same_is_keras_own() -> None:
    made = calls(keras_code(ConvSpec(3, stride=2, padding="same_upper"), np.zeros((1, 6, 6)), np.zeros((1, 1, 3, 3))))
    assert keywords(made["keras.layers.Conv2D"]) == {"strides": 2, "padding": "same", "use_bias": False}
    assert "keras.layers.ZeroPadding2D" not in made


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("reflect", 'x = keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")'),
        ("constant", "x = keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=2.5)"),
        ("replicate", "# Keras has no replicate padding: NumPy pads first"),
        ("circular", "# Keras has no circular padding: NumPy pads first"),
    ],
)
def test_what_keras_cannot_pad_is_said(mode: str, line: str) -> None:
    spec = ConvSpec(3, padding=1, padding_mode=mode, padding_value=2.5 if mode == "constant" else 0)
    assert line in keras_code(spec, np.zeros((1, 6, 6)), np.zeros((1, 1, 3, 3))).splitlines()


def test_stride_with_dilation_is_said_and_done_another_way() -> None:
    code = keras_code(ConvSpec(3, stride=2, dilation=2), np.zeros((1, 9, 9)), np.zeros((1, 1, 3, 3)))
    assert "# Keras refuses strides together with dilation_rate" in code
    assert keywords(calls(code)["keras.layers.Conv2D"]) == {"dilation_rate": 2, "use_bias": False}
    assert "y = y[:, ::2, ::2]" in code.splitlines()
