"""What the three views of layers are given (a chain, what its units see, a stack against one large kernel)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core import shapes_lab as lab
from cnnviz.core.chain import Broken, Stage
from cnnviz.core.cost import CostRow, Summary
from cnnviz.core.effective_field import EffectiveField
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.images import Picture
from cnnviz.core.layers import Conv, Linear, Pool
from cnnviz.core.padding import per_axis
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.receptive_field import FieldRow, ReceptiveField
from cnnviz.core.scenes.layer_rows import KINDS, MOST_ROWS, NUMBERS, rows_of
from cnnviz.core.scenes.shapes import NETWORKS, ShapesScene
from cnnviz.core.scenes.shapes_examples import SHRINKING
from cnnviz.i18n import Texts
from cnnviz.ui.sentences import refused

Data = tuple[Mapping[str, Any], Mapping[str, npt.NDArray[Any]]]

THUMBNAIL = 72
CHAIN = ("net", "rows", "channels", "side", "layer")


def fields(now: ShapesScene, *names: str) -> dict[str, Any]:
    """The scene's fields of these names."""
    return {name: getattr(now, name) for name in names}


def thumbnail(picture: Picture) -> npt.NDArray[np.uint8]:
    """The picture small enough to be shown five times: uint8 (72, 72, 3)."""
    return lab.square(picture, THUMBNAIL)


def chain(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """A row per layer with its shape, its formula and its costs, the totals, and where the chain breaks."""
    table = lab.costs_of(now.layers(), now.input_shape())
    header = {
        "scene": fields(now, *CHAIN),
        "nets": presets(),
        "shrink": SHRINKING,
        "kinds": KINDS,
        "bounds": {name: [rule.low, rule.high] for name, rule in NUMBERS.items()},
        "most": MOST_ROWS,
        "input": table.chain.as_given(table.chain.input_shape),
        "stages": [stage(row, at) for row, at in zip(table, table.chain, strict=True)],
        "places": places(now),
        "totals": totals(table),
        "broken": broken(table.chain.broken, t),
    }
    return header, {}


def presets() -> dict[str, Any]:
    """For each network its title, input, and its layers as rows a reader can go on from."""
    found: dict[str, Any] = {}
    for name in NETWORKS[1:]:
        preset = PRESETS[name]
        channels, side, _ = preset.input_shape
        found[name] = {"title": preset.title, "channels": channels, "side": side, "rows": rows_of(preset.layers)}
    return found


def places(now: ShapesScene) -> list[int]:
    """For each row of the reader's chain, the number of its layer: a flattening stands before the first linear one."""
    numbers = [number for number, layer in enumerate(now.layers(), start=1) if layer.kind != "flatten"]
    return numbers if now.net == "own" else []


def stage(row: CostRow, at: Stage) -> dict[str, Any]:
    """One layer that works."""
    return {
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "setting": setting(at),
        "shape": row.output_shape[1:],
        "formula": at.derivation[0].text() if at.derivation else "",
        "unvisited": at.derivation[0].unvisited if at.derivation else 0,
        "parameters": row.parameters,
        "weights": weights_text(at),
        "macs": row.macs,
        "bytes": row.activation_bytes,
    }


def setting(at: Stage) -> str:
    """Kernel, stride, padding and dilation in a few signs, what is not there left out."""
    layer = at.layer
    if not isinstance(layer, (Conv, Pool)) or not at.derivation:
        return ""
    found = at.derivation[0]
    parts = [f"k{found.kernel_size}", f"s{found.stride}"]
    parts += [f"p{found.before}" if found.before == found.after else f"p{found.before}+{found.after}"]
    return " ".join(parts + ([f"d{found.dilation}"] if found.dilation > 1 else []))


def weights_text(at: Stage) -> str:
    """How the parameters of a layer come about: F·F·D·K + K for a convolution, as a course writes it."""
    total = at.layer.parameters(at.input_shape)
    if isinstance(at.layer, Conv):
        rows, columns = per_axis("kernel_size", at.layer.kernel_size, 2, 1)
        out = at.output_shape[1]
        return f"{rows}·{columns}·{at.input_shape[1]}·{out} + {out} = {total}"
    if isinstance(at.layer, Linear):
        return f"{at.input_shape[-1]}·{at.output_shape[-1]} + {at.output_shape[-1]} = {total}"
    return ""


def totals(table: Summary) -> dict[str, int]:
    """Sums over the layers that work."""
    return {
        "parameters": table.parameters,
        "macs": table.macs,
        "bytes": table.activation_bytes,
        "peak": table.peak_bytes,
        "input": table.input_bytes,
        "weights": table.parameter_bytes,
    }


def broken(found: Broken | None, t: Texts) -> dict[str, Any] | None:
    """The layer that cannot work, what arrives there, and its rule as a sentence."""
    if found is None:
        return None
    rule = refused(t, found.rule)
    sentence = t("shapes.chain.breaks", number=found.number, name=found.name, rule=rule)
    arrives = found.input_shapes[0][1:]
    return {"number": found.number, "name": found.name, "arrives": arrives, "sentence": sentence}


def field(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """The receptive fields layer by layer, the picture as large as the input, and the chosen layer's gradient."""
    layers = lab.sliding_part(lab.costs_of(now.layers(), now.input_shape()))
    table = lab.fields_of(layers, now.side)
    place = min(now.layer, len(layers) - 1)
    header: dict[str, Any] = {
        "scene": {**fields(now, "net", "channels", "side", "unit", "weights", "seed"), "layer": place},
        "nets": presets(),
        "rows": [] if table is None else [field_row(row, table) for row in table],
        "refused": "",
        "measured": None,
    }
    arrays: dict[str, npt.NDArray[Any]] = {"picture": lab.square(picture, now.side)}
    if table is not None:
        found = lab.measured_field(layers[: place + 1], now.weights, now.seed)
        if isinstance(found, InvalidSpec):
            header["refused"] = t("shapes.field.too_wide", most=lab.MOST_FIELD)
        else:
            header["measured"] = measured(found)
            arrays["gradient"] = found.gradient.astype(np.float32)
    return header, arrays


def field_row(row: FieldRow, table: ReceptiveField) -> dict[str, Any]:
    """One layer: its field, and the pieces of the recurrence that made it from the layer before."""
    before = table[row.number - 2] if row.number > 1 else None
    reach = table.reaches[row.number - 1][0]
    axis = row.axes[0]
    return {
        "name": row.name,
        "kind": row.layer.kind,
        "size": axis.size,
        "jump": axis.jump,
        "start": axis.start,
        "units": row.output_size[0] if row.output_size else 0,
        "extent": int(reach.extent),
        "stride": int(reach.stride),
        "shift": float(reach.centre or 0),
        "from": [before.axes[0].size, before.axes[0].jump, before.axes[0].start] if before else [1, 1, 0.5],
    }


def measured(found: EffectiveField) -> dict[str, Any]:
    """What the gradient says beside the theory."""
    return {
        "theoretical": found.theoretical[0],
        "rows": found.measured[0],
        "columns": found.measured[1],
        "box": [axis.start for axis in found.field.field_of(found.unit, clip=False)],
        "share": found.share,
        "sigma": found.sigma[0],
    }


def stack(now: ShapesScene, picture: Picture, t: Texts) -> Data:
    """One large kernel and the 3 × 3 convolutions that see as much: costs and gradients of both."""
    both = lab.designs(now.big, now.width, now.maps)
    header = {"scene": fields(now, "big", "width", "maps"), "designs": [design(each) for each in both]}
    return header, {each.name: each.gradient for each in both}


def design(each: lab.Design) -> dict[str, Any]:
    """The numbers of one way."""
    layer = each.layers[0]
    return {
        "name": each.name,
        "layers": len(each.layers),
        "kernel": layer.kernel_size if isinstance(layer, Conv) else 1,
        "square": each.per_square,
        "weights": each.weights,
        "parameters": each.table.parameters,
        "macs": each.table.macs,
        "bytes": each.table.activation_bytes,
        "field": each.field[-1].size,
    }
