"""Kernels from formulas against SciPy, scikit-image and hand-made cases; every declared slider end gives a kernel."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import ndimage, signal
from skimage.filters import gabor_kernel

from cnnviz.core import kernels
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.filtering import filter_image
from cnnviz.core.kernels import GENERATORS, generate

ROOT = np.sqrt(0.5)


def impulse(side):
    picture = np.zeros((side, side))
    picture[side // 2, side // 2] = 1
    return picture


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.7, 3.0])
@pytest.mark.parametrize("side", [1, 3, 5, 11, 31])
def test_gaussian(sigma, side):
    truth = ndimage.gaussian_filter(impulse(side), sigma, mode="constant", radius=side // 2)
    assert np.allclose(kernels.gaussian(sigma, side), truth, atol=1e-12)


def test_even_and_rectangular_gaussians_are_centred_between_cells():
    window = np.outer(signal.windows.gaussian(4, 1.2), signal.windows.gaussian(7, 1.2))
    assert np.allclose(kernels.gaussian(1.2, (4, 7)), window / window.sum())


@pytest.mark.parametrize("theta", [0, 30, 45, 90, 120])
@pytest.mark.parametrize(("wavelength", "sigma", "gamma", "psi"), [(4, 2, 0.5, 0), (6.5, 3, 1, 90), (3, 1.5, 2, 200)])
def test_gabor(theta, wavelength, sigma, gamma, psi):
    """scikit-image turns clockwise (its y grows downwards) and divides by 2 pi sigma_x sigma_y."""
    across = sigma / gamma
    theirs = gabor_kernel(
        1 / wavelength, -np.radians(theta), sigma_x=sigma, sigma_y=across, n_stds=8, offset=np.radians(psi)
    ).real
    rows, columns = theirs.shape
    middle = theirs[rows // 2 - 4 : rows // 2 + 5, columns // 2 - 4 : columns // 2 + 5]
    mine = kernels.gabor(theta, wavelength, sigma, gamma, psi, 9)
    assert np.allclose(mine, middle * 2 * np.pi * sigma * across, atol=1e-12)


def test_gabor_answers_to_its_own_stripes_most():
    x = np.arange(64)
    stripes = np.tile(0.5 + 0.5 * np.cos(2 * np.pi * x / 6), (64, 1))[None].astype(np.float32)
    turned = [generate("gabor", {"theta": theta, "wavelength": 6, "size": 15}) for theta in (0, 45, 90)]
    answers = [np.ptp(filter_image(stripes, kernel)) for kernel in turned]
    assert answers[0] > 20 * max(answers[1:])


@pytest.mark.parametrize("sigma", [1.0, 1.4, 2.5])
def test_laplacian_of_gaussian(sigma):
    """The Laplacian of the bell, differentiated numerically on a fine grid, less the mean of what is cut off."""
    fine = 1e-3
    x = np.arange(-15, 16)

    def bell(dx, dy):
        return np.exp(-((x[None] + dx) ** 2 + (x[:, None] + dy) ** 2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)

    around = bell(fine, 0) + bell(-fine, 0) + bell(0, fine) + bell(0, -fine)
    truth = (around - 4 * bell(0, 0)) / fine**2
    mine = kernels.laplacian_of_gaussian(sigma, 31)
    assert np.allclose(mine, truth - truth.mean(), atol=1e-6)
    assert abs(mine.sum()) < 1e-12


def test_difference_of_gaussians():
    truth = ndimage.gaussian_filter(impulse(21), 1.5, radius=10) - ndimage.gaussian_filter(impulse(21), 3.0, radius=10)
    assert np.allclose(kernels.difference_of_gaussians(1.5, 2.0, 21), truth)


@pytest.mark.parametrize("length", [1, 2, 3, 8, 9, 31])
def test_motion_blur_along_the_axes_and_the_diagonals(length):
    row = kernels.motion_blur(length, 0)
    middle = [length // 2] if length % 2 else [length // 2 - 1, length // 2]
    truth = np.zeros((length, length))
    truth[middle] = 1 / length / len(middle)
    assert np.allclose(row, truth)
    assert np.allclose(kernels.motion_blur(length, 90), truth.T)
    assert np.allclose(kernels.motion_blur(length, 135), np.eye(length) / length)
    assert np.allclose(kernels.motion_blur(length, 45), np.eye(length)[::-1] / length)


@pytest.mark.parametrize("angle", range(0, 180, 7))
def test_motion_blur_lies_along_its_angle(angle):
    kernel = kernels.motion_blur(31, angle)
    y, x = np.mgrid[15:-16:-1, -15:16]
    inertia = [[(kernel * a * b).sum() for a in (x, y)] for b in (x, y)]
    values, vectors = np.linalg.eigh(inertia)
    measured = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
    assert min(abs(measured - angle), 180 - abs(measured - angle)) < 1
    assert values[0] < 0.3
    assert kernel.sum() == pytest.approx(1)
    assert np.allclose(kernel, kernel[::-1, ::-1])


@pytest.mark.parametrize(
    ("angle", "truth"),
    [
        (0, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        (90, [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
        (180, [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        (45, [[0, 2 * ROOT, 2 * ROOT], [-2 * ROOT, 0, 2 * ROOT], [-2 * ROOT, -2 * ROOT, 0]]),
    ],
)
def test_sobel_at_angle(angle, truth):
    assert np.allclose(kernels.sobel_at_angle(angle), truth, atol=1e-9)


@pytest.mark.parametrize("angle", range(0, 360, 15))
def test_sobel_at_angle_answers_most_to_a_slope_of_its_angle(angle):
    """On a plane that rises towards `angle` by 1 per pixel Sobel gives 8, and less at every other angle."""
    y, x = np.mgrid[1:-2:-1, -1:2]
    slope = (np.cos(np.radians(angle)) * x + np.sin(np.radians(angle)) * y)[None]
    answers = [filter_image(slope, kernels.sobel_at_angle(turn))[0, 0, 0] for turn in range(0, 360, 15)]
    assert max(answers) == answers[angle // 15] == pytest.approx(8, rel=1e-6)


def test_random():
    kernel = kernels.random(3, (5, 4))
    assert kernel.shape == (5, 4)
    assert abs(kernel).max() <= 1 / np.sqrt(20)
    assert np.array_equal(kernel, kernels.random(3, (5, 4)))
    assert not np.array_equal(kernel, kernels.random(4, (5, 4)))
    assert kernels.random(0, 31).std() == pytest.approx(1 / 31 / np.sqrt(3), rel=0.05)


# --- the declarations -----------------------------------------------------------------------------------------------


def corners():
    for generator in GENERATORS:
        for ends in itertools.product((0, 1), repeat=len(generator.parameters)):
            yield generator, {p.name: (p.low, p.high)[end] for p, end in zip(generator.parameters, ends, strict=True)}


@pytest.mark.parametrize(("generator", "values"), [*corners()], ids=lambda v: getattr(v, "id", None))
def test_every_corner_of_the_sliders_gives_a_kernel(generator, values):
    weights = generate(generator.id, values)
    assert weights.ndim == 2
    assert min(weights.shape) >= 1
    assert max(weights.shape) <= 31
    assert np.isfinite(weights).all()
    if generator.family is kernels.Family.SMOOTH:
        assert weights.sum() == pytest.approx(1)
        assert weights.min() >= 0
    if generator.family is kernels.Family.EDGE:
        assert abs(weights.sum()) < 1e-9


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: g.id)
def test_declarations(generator):
    assert generator.source
    for parameter in generator.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        steps = (parameter.default - parameter.low) / parameter.step
        assert steps == pytest.approx(round(steps), abs=1e-9)
    assert np.array_equal(generate(generator.id), generate(generator.id, generator.defaults))
    for size in ("height", "width", "size"):
        if size in generator.defaults:
            for side in (1, 2, 8, 31):
                shape = generate(generator.id, {size: side}).shape
                assert side in shape


def test_loose_numbers_from_widgets():
    assert np.array_equal(generate("box", {"height": 3.0, "width": np.int64(2)}), np.full((3, 2), 1 / 6))


@pytest.mark.parametrize(
    ("id", "values", "code"),
    [
        ("sobel", {}, "unknown_choice"),
        ("box", {"sigma": 1}, "unknown_choice"),
        ("gaussian", {"sigma": 0}, "parameter_outside"),
        ("gaussian", {"sigma": float("nan")}, "parameter_outside"),
        ("gaussian", {"height": 32}, "parameter_outside"),
        ("gaussian", {"height": 2.5}, "not_whole"),
        ("random", {"seed": -1}, "parameter_outside"),
        ("gabor", {"size": 10**9}, "parameter_outside"),
        ("motion_blur", {"length": "9"}, "not_a_number"),
        ("motion_blur", {"length": None}, "not_a_number"),
    ],
)
def test_refusals(id, values, code):
    with pytest.raises(InvalidSpec) as refusal:
        generate(id, values)
    assert refusal.value.code == code
