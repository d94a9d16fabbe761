"""The films of the shapes page: the window along its axis, a field growing; and none where nothing moves."""

from __future__ import annotations

import re

import pytest

from cnnviz.core.samples import sample
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.figures.drawing import Rect
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.i18n import Texts
from cnnviz.media import animation
from cnnviz.ui.shapes_export import export_of

CAT = sample("cat")
EN = Texts("en")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_film_shows_every_window_once(theme: str) -> None:
    scene = ShapesScene().merged({"size": [8, 8], "kernel": [3, 3], "stride": [2, 2], "pad": [1, 1, 1, 1]})
    export = export_of(scene, CAT, EN)
    assert export.frames is not None
    frames, orange = export.frames(theme), colour(Role.KERNEL, Theme(theme))
    assert len(frames) == 4 == scene.spec().output_size((8, 8))[1]
    assert len({frame.size for frame in frames}) == 1
    for at, frame in enumerate(frames):
        taps = [item for item in frame.leaves() if isinstance(item, Rect) and item.fill == orange]
        assert [round((tap.x - taps[0].x) / taps[0].width) for tap in taps] == [0, 1, 2]
        assert round((taps[0].x - frames[0].items[0].x) / taps[0].width) == 2 * at  # type: ignore[union-attr]
    assert animation.encode(frames, "gif")[:6] == b"GIF89a"


def test_the_film_of_a_field_grows_layer_by_layer() -> None:
    scene = ShapesScene(view="field").merged({"net": "lenet5", "side": 28, "channels": 1, "layer": 5})
    export = export_of(scene, CAT, EN)
    assert export.frames is not None
    frames = export.frames("light")
    assert len({frame.size for frame in frames}) == 1
    sizes = [re.search(r"(\d+) × \1", next(frame.leaves()).string) for frame in frames]  # type: ignore[union-attr]
    assert [int(size[1]) for size in sizes if size] == [5, 6, 14, 16]  # the two sigmoids see what was seen before


def test_no_film_where_nothing_moves() -> None:
    assert export_of(ShapesScene(view="padding"), CAT, EN).frames is None
    nothing_fits = {"net": "own", "side": 1, "rows": [["conv", 8, 3, 1, 0, 1]]}
    still_picture = export_of(ShapesScene(view="field").merged(nothing_fits), CAT, EN).frames
    assert still_picture is not None
    assert len(still_picture("light")) == 1
