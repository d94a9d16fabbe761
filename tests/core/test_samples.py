"""The gallery: all of it opens offline, each chart has the property it is there for, each has its texts."""

from __future__ import annotations

import socket
import subprocess
import sys

import numpy as np
import pytest

from cnnviz.core import charts
from cnnviz.core.samples import SAMPLES, Kind, sample


@pytest.mark.parametrize("record", SAMPLES, ids=lambda s: s.id)
def test_every_sample_opens_without_a_network(record, monkeypatch):
    def explode(*_):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", explode)
    picture = sample(record.id)
    assert 31 <= max(picture.width, picture.height) <= 512
    assert picture.pixels.std() > 1
    assert record.source
    assert sample(record.id) is picture
    if record.kind is Kind.PHOTO and record.id != "page":
        assert picture.width == picture.height


def test_ids_are_unique_and_both_kinds_are_there():
    assert len({s.id for s in SAMPLES}) == len(SAMPLES)
    assert {s.kind for s in SAMPLES} == set(Kind)


def test_unknown_sample():
    with pytest.raises(KeyError, match="astronaut"):
        sample("lena")


def test_opening_a_photograph_loads_neither_scikit_image_nor_torch():
    code = "import sys, cnnviz.core.samples as s; s.sample('cat'); print({'skimage', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_charts_are_the_same_every_time():
    for draw in (charts.noise, charts.star, charts.scene):
        assert np.array_equal(draw(), draw())


def gradient_angles(pixels):
    dy, dx = np.gradient(pixels.astype(float))
    strong = np.hypot(dx, dy) > 40
    return np.degrees(np.arctan2(dy, dx))[strong] % 360


def test_the_star_has_edges_at_every_angle():
    counted, _ = np.histogram(gradient_angles(charts.star()), bins=72, range=(0, 360))
    assert counted.min() > 60


@pytest.mark.parametrize("radius", [32, 64, 128, 192])
def test_the_zone_plate_has_the_frequency_its_radius_says(radius):
    """Along the middle row, around distance r: r / 512 cycles per pixel."""
    row = charts.zone_plate()[256].astype(float) / 255 - 0.5
    piece = row[256 + radius - 24 : 256 + radius + 24] * np.hanning(48)
    peak = np.argmax(abs(np.fft.rfft(piece, 1024))) / 1024
    assert peak == pytest.approx(radius / 512, abs=0.004)


def test_text_is_black_on_white_and_fits():
    page = charts.text()
    assert page.min() == 0
    assert (page[:, -16:] == 255).all()
    assert (page[-16:] == 255).all()
    assert 0.03 < (page < 128).mean() < 0.2


def test_gradients_steps_and_ramps():
    chart = charts.gradients()
    assert (np.diff(chart[0].astype(int)) >= 0).all()
    assert len(np.unique(chart[0])) == 256
    assert np.unique(chart[128 + 5]).tolist() == list(range(0, 256, 17))
    assert (np.ptp(chart[256:384], axis=1) == 0).all()


def test_noise_quarters():
    uniform, normal, salt = charts.noise()[:256, :256], charts.noise()[:256, 256:], charts.noise()[256:, :256]
    assert uniform.mean() == pytest.approx(127.5, abs=1.5)
    assert uniform.std() == pytest.approx(255 / np.sqrt(12), abs=1)
    assert normal.std() == pytest.approx(0.15 * 255, abs=1)
    assert np.mean(salt == 0) == pytest.approx(0.05, abs=0.005)
    assert np.mean(salt == 255) == pytest.approx(0.05, abs=0.005)


def test_patches_are_24_flat_colours():
    corners = charts.patches()[64::128, 42::86].reshape(-1, 3)
    assert len(corners) == 24
    assert len({tuple(c) for c in corners.tolist()}) == 24
    assert (0, 0, 0) in {tuple(c) for c in corners.tolist()}


def test_edges_of_charts_are_averaged_not_jagged():
    """Between the two greys of the star lie pixels of many values in between."""
    between = np.unique(charts.star()[200:300, 200:300])
    assert len(between) > 10
