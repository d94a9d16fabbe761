"""The palette: readable, centred on zero, and told apart by readers who see fewer colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from cnnviz.figures import palette
from cnnviz.figures.palette import Role, Theme

# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB
SEES = {
    "all": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
ROLES = (Role.INPUT, Role.KERNEL, Role.OUTPUT)


def seen(hex_colour: str, reader: str) -> np.ndarray:
    """The colour in Lab as this reader sees it."""
    part = np.array(palette.rgb(hex_colour)) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    linear = np.clip(SEES[reader] @ linear, 0, 1)
    return rgb2lab(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("reader", SEES)
@pytest.mark.parametrize("theme", Theme)
def test_role_colours_stay_apart(theme: Theme, reader: str) -> None:
    lab = {role: seen(palette.colour(role, theme), reader) for role in ROLES}
    apart = {(a, b): deltaE_ciede2000(lab[a], lab[b]) for a, b in combinations(ROLES, 2)}
    assert min(apart.values()) > 15, apart


@pytest.mark.parametrize("reader", SEES)
@pytest.mark.parametrize("theme", Theme)
def test_negative_and_positive_stay_apart(theme: Theme, reader: str) -> None:
    ends = [seen(palette.colour(role, theme), reader) for role in (Role.NEGATIVE, Role.POSITIVE)]
    assert deltaE_ciede2000(*ends) > 15


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("role", [*ROLES, Role.INK, Role.SOFT])
def test_words_have_the_contrast_of_wcag_aa(theme: Theme, role: Role) -> None:
    ink = palette.colour(role, theme)
    assert palette.contrast(ink, palette.colour(Role.BACKGROUND, theme)) >= 4.5
    on_panel = 4.5
    assert palette.contrast(ink, palette.colour(Role.PANEL, theme)) >= on_panel


@pytest.mark.parametrize("theme", Theme)
def test_numbers_read_on_every_cell(theme: Theme) -> None:
    ink = palette.colour(Role.INK, theme)
    for value in np.linspace(-1, 1, 41):
        fill = palette.signed_cell(float(value), 1, theme)
        assert palette.contrast(ink, fill) >= 4.5
        assert palette.ink_on(fill) == ink


@pytest.mark.parametrize("theme", Theme)
def test_signed_scale_is_centred_and_even(theme: Theme) -> None:
    middle, low, high, half = palette.signed(np.array([0.0, -3.0, 3.0, 1.5]), 3, theme)
    assert palette.to_hex(middle) == palette.colour(Role.BACKGROUND, theme)
    assert palette.to_hex(low) == "#2166ac"
    assert palette.to_hex(high) == "#b2182b"
    np.testing.assert_allclose(half, (middle.astype(float) + high) / 2, atol=0.51)


def test_numbers_beyond_the_scale_and_strange_ones_have_a_colour() -> None:
    values = np.array([9.0, -9.0, np.nan, np.inf])
    colours = [palette.to_hex(pixel) for pixel in palette.signed(values, 3, Theme.LIGHT)]
    assert colours == ["#b2182b", "#2166ac", "#d9dde4", "#d9dde4"]
    assert (palette.signed(np.zeros((2, 2)), 0, Theme.LIGHT) == 255).all()


def test_grey_is_a_picture_as_cameras_write_it() -> None:
    stored = np.arange(256, dtype=np.uint8)
    assert (palette.grey(stored / 255.0)[:, 0] == stored).all()
    assert palette.grey(np.array([5.0]), 5.0, 5.0).tolist() == [[0, 0, 0]]


def test_contrast_of_the_standard() -> None:
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WCAG's best known near miss


@pytest.mark.parametrize("role", ROLES)
def test_shape_says_the_same_as_colour(role: Role) -> None:
    told = {palette.Outline.SOLID, palette.Outline.DASHED, palette.Outline.DOUBLE}
    assert set(palette.OUTLINES.values()) == told
