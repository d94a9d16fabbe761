"""The pooling page's views beside the step player as figures: core's numbers, figures' shapes, the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from cnnviz.core import pooling_lab as lab
from cnnviz.core.images import Picture
from cnnviz.core.pool import PoolSpec
from cnnviz.core.scenes.pooling import PICTURE_SIDE, PoolingScene
from cnnviz.core.unpool import route_gradient
from cnnviz.figures import pixels_figure as fig
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.palette import Role, Theme, colour, grey, rgb, signed
from cnnviz.figures.pixels_figure import Label, Panel
from cnnviz.i18n import Texts
from cnnviz.ui.player_answer import grey_of
from cnnviz.ui.pooling_data import grey_square, landscape_of, moved_pair, picture_map

Arrays = Mapping[str, NDArray[np.generic]]


def word(t: Texts, key: str, **values: object) -> Label:
    """A text of the page in the reader's language, the English beside it."""
    return Label(t(f"pooling.{key}", **values), Texts("en")(f"pooling.{key}", **values))


def of_picture(now: PoolingScene, picture: Picture) -> Arrays:
    """The picture and what became of it."""
    before = grey_square(picture, PICTURE_SIDE)
    return {"input": before, "output": picture_map(now, before)}


def of_switches(now: PoolingScene, picture: Picture) -> Arrays:
    """Everything of the way back."""
    x = now.input(grey_of(picture) if now.source == "picture" else None)
    spec = switch_spec(now)
    values, indices = (t.numpy()[0] for t in spec.with_indices(x[None]))
    flat, kept = np.zeros(x.size), indices >= 0
    flat[indices[kept]] = values[kept]
    ones = np.ones((1, *values.shape))
    to_max, to_mean = (route_gradient(switch_spec(now, kind), x[None], ones).numpy()[0] for kind in ("max", "avg"))
    back = flat.reshape(x.shape)
    return {
        "input": x, "output": values, "indices": indices, "unpooled": back, "to_max": to_max, "to_mean": to_mean
    }  # fmt: skip


def switch_spec(now: PoolingScene, kind: str = "max") -> PoolSpec:
    """The scene's windows as this view uses them: they slide."""
    top, bottom, left, right = now.padding
    pads = ((top, bottom), (left, right))
    return PoolSpec(now.kernel, kind, now.stride, pads, now.dilation, now.ceil, True, torch_limits=True)


def of_move(now: PoolingScene, picture: Picture) -> Arrays:
    """The input before and after, both pooled maps, their difference; of each window: change, contrast, what stays."""
    before, after = moved_pair(now, picture)
    one, two = (lab.pooled(p, now.kind, now.block) for p in (before, after))
    rows = [lab.stability(before, after, now.kind, block) for block in lab.BLOCKS]
    table = np.array([(row.block, row.change, row.contrast, row.same) for row in rows])
    maps = {"before": one, "output": two, "difference": two - one}
    return {"plane": before, "input": after, **maps, "stability": table}


def of_water(now: PoolingScene, picture: Picture) -> Arrays:
    """The heights, and both poolings."""
    heights = landscape_of(now, picture)
    return {"input": heights, "output": water_spec(now, "max", heights)(heights[None])[0].numpy(),
            "means": water_spec(now, "avg", heights)(heights[None])[0].numpy()}  # fmt: skip


def water_spec(now: PoolingScene, kind: str, heights: lab.Plane) -> PoolSpec:
    """Windows side by side, the last cut where it does not fit."""
    return PoolSpec((min(now.kernel[0], *heights.shape),) * 2, kind, ceil_mode=True)


ARRAYS: Mapping[str, Callable[[PoolingScene, Picture], Arrays]] = {
    "picture": of_picture,
    "switches": of_switches,
    "move": of_move,
    "water": of_water,
}

CAPTIONS: Mapping[str, Mapping[str, tuple[str, Role]]] = {
    "picture": {"input": ("figure.before", Role.INPUT), "output": ("figure.after", Role.OUTPUT)},
    "switches": {
        "input": ("figure.input", Role.INPUT),
        "output": ("water.map_max", Role.OUTPUT),
        "unpooled": ("figure.back", Role.INK),
        "to_max": ("figure.to_max", Role.INK),
        "to_mean": ("figure.to_mean", Role.INK),
    },
    "move": {
        "input": ("figure.moved", Role.INPUT),
        "before": ("figure.one", Role.OUTPUT),
        "output": ("figure.two", Role.OUTPUT),
        "difference": ("figure.difference", Role.INK),
    },
    "water": {
        "input": ("figure.heights", Role.INPUT),
        "output": ("water.map_max", Role.OUTPUT),
        "means": ("water.map_avg", Role.OUTPUT),
    },
}
GREY = {"picture": ("input", "output"), "move": ("input", "before", "output")}
"""What is drawn in grey on one scale from black; everything else is signed, on one scale around zero."""
GRADIENTS = ("to_max", "to_mean")


def drawing_of(now: PoolingScene, picture: Picture, theme: Theme, t: Texts) -> Drawing:
    """The view as panels: what is compared stands on one scale; water at a level as it stands."""
    if has_level(now):
        return next(_flooded(now, picture, theme, t, [now.level]))
    arrays = {name: np.asarray(array, float) for name, array in ARRAYS[now.view](now, picture).items()}
    captions = CAPTIONS[now.view]
    shown = {name: arrays[name] for name in captions}
    values = _limit(array for name, array in shown.items() if name not in GRADIENTS)
    shares = _limit(array for name, array in shown.items() if name in GRADIENTS)
    panels = []
    for name, array in shown.items():
        limit = shares if name in GRADIENTS else values
        is_grey = name in GREY.get(now.view, ())
        pixels = grey(array, 0.0, max(255.0, limit)) if is_grey else signed(array, limit, theme)
        panels.append(Panel(word(t, captions[name][0]), captions[name][1], pixels))
    return fig.row_of_panels(panels, [], theme, "cnnviz")


def has_level(now: PoolingScene) -> bool:
    """Whether the view shows water at one level."""
    return now.view == "water" and now.water == "level"


def water_film(now: PoolingScene, picture: Picture, theme: Theme, t: Texts) -> list[Drawing]:
    """The water rising from the lowest point to the highest."""
    return list(_flooded(now, picture, theme, t, range(0, 101, 4)))


def _flooded(now: PoolingScene, picture: Picture, theme: Theme, t: Texts, levels: Iterable[int]) -> Iterator[Drawing]:
    """The heights and both pooled maps, what lies under water blue, for each level in percent of the landscape."""
    arrays = {name: np.asarray(array, float) for name, array in of_water(now, picture).items()}
    heights, limit = arrays["input"], _limit(arrays.values())
    blue = np.array(rgb(colour(Role.INPUT, theme)), np.uint8)
    for percent in levels:
        level = heights.min() + (heights.max() - heights.min()) * percent / 100
        panels = []
        for name, (caption, role) in CAPTIONS["water"].items():
            pixels = signed(arrays[name], limit, theme)
            pixels[arrays[name] <= level] = blue
            panels.append(Panel(word(t, caption), role, pixels))
        dry = {name: int((arrays[name] > level).sum()) for name in ("output", "means")}
        counts = {"windows": arrays["output"].size, "land": dry["output"], "max": dry["output"], "mean": dry["means"]}
        note = word(t, "water.facts_level", level=f"{level:.3g}".replace("-", "−"), **counts)
        yield fig.row_of_panels(panels, [note], theme, "cnnviz")


def _limit(arrays: Iterable[lab.Plane]) -> float:
    return max((float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in arrays), default=1.0) or 1.0
