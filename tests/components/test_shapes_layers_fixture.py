"""The browser's chains, fields, settings and pictures on the shapes page are core's and Pillow's."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from cnnviz.core import shapes_lab as lab
from cnnviz.core.chain import Broken
from cnnviz.core.cost import Summary
from cnnviz.core.images import picture_from_pixels
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.receptive_field import ReceptiveField
from cnnviz.core.scenes.layer_rows import KINDS, MOST_ROWS, Rows
from cnnviz.core.scenes.shapes import NETWORKS, OWN, ShapesScene
from cnnviz.core.scenes.shapes_examples import SHRINKING
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui.sentences import refused, unmarked
from cnnviz.ui.shapes_data import SEARCH, searched
from cnnviz.ui.shapes_networks import RULES, gradient_name, presets
from tests.fixtures import check_fixture


def scenes() -> list[ShapesScene]:
    """Chains of every kind: the page's own, networks on inputs of many sizes, rows at random."""
    rng = random.Random(7)
    found = [ShapesScene(rows=rows, side=side) for rows in (OWN, SHRINKING) for side in (1, 16, 32, 40, 512)]
    for net in NETWORKS[1:]:
        channels, side, _ = PRESETS[net].input_shape
        sizes = ((channels, side), (channels, side - 1), (channels + 1, side), (channels, 1), (channels, 20))
        found += [ShapesScene(net=net, channels=c, side=n, layer=rng.randint(0, 63)) for c, n in sizes]
    while len(found) < 80:
        rows = [_row(rng) for _ in range(rng.randint(1, 9))]
        found.append(ShapesScene().merged({"rows": rows, "channels": rng.randint(1, 9), "side": rng.randint(1, 64)}))
    widest = [["conv", 4096, 31, 1, 15, 1]] * MOST_ROWS  # multiply-adds beyond a float64
    return [*found, ShapesScene().merged({"rows": widest, "channels": 512, "side": 512})]


def _row(rng: random.Random) -> list[Any]:
    kind = rng.choices(KINDS, (6, 3, 2, 1, 1))[0]
    return [kind, rng.randint(1, 64), rng.randint(1, 5), rng.randint(1, 3), rng.randint(0, 3), rng.randint(1, 3)]


def chain_case(scene: ShapesScene) -> dict[str, Any]:
    """What core says of a scene's chain, in the words of the page."""
    table = lab.costs_of(scene.layers(), scene.input_shape())
    layers = lab.sliding_part(table)
    fields = lab.fields_of(layers, scene.side)
    rows: Rows = scene.rows if scene.net == "own" else ()
    return {
        "scene": {"net": scene.net, "rows": rows, "channels": scene.channels, "side": scene.side},
        "stages": stages(table),
        "totals": [table.parameters, str(table.macs), table.activation_bytes, table.peak_bytes, table.parameter_bytes],
        "broken": broken(table.chain.broken),
        "fields": [] if fields is None else field_rows(fields),
        "gradients": [gradient_name(scene.with_(weights=w, seed=5), len(layers) - 1) for w in ("uniform", "random")],
    }


def stages(table: Summary) -> list[list[Any]]:
    """[name, kind, shape, formula, pixels never read, parameters, multiply-adds, bytes] of each layer that works."""
    found = []
    for row, stage in zip(table, table.chain, strict=True):
        derived = stage.derivation[0] if stage.derivation else None
        formula, unread = (derived.text(), derived.unvisited) if derived else ("", 0)
        shape = row.output_shape[1:]
        costs = (row.parameters, str(row.macs), row.activation_bytes)
        found.append([row.name, row.kind, shape, formula, unread, *costs])
    return found


def broken(found: Broken | None) -> dict[str, Any] | None:
    """Which layer, what arrives, and the sentence in every language."""
    if found is None:
        return None
    sentences = {}
    for lang in LANGUAGES:
        t = Texts(lang)
        rule = refused(t, found.rule)
        sentences[lang] = t("shapes.chain.breaks", number=found.number, name=found.name, rule=rule)
    arrives = found.input_shapes[0][1:]
    return {"number": found.number, "name": found.name, "arrives": arrives, "code": found.rule.code, "said": sentences}


def field_rows(table: ReceptiveField) -> list[list[Any]]:
    """[name, size, jump, start, units] of each layer with windows."""
    rows = []
    for row in table:
        axis = row.axes[0]
        rows.append([row.name, axis.size, axis.jump, axis.start, row.output_size[0] if row.output_size else 0])
    return rows


def setting_cases() -> list[dict[str, Any]]:
    """Searches with many answers, with few and with none."""
    rng = random.Random(2)
    asked = [(8, 4, "conv"), (100, 50, "conv"), (128, 32, "pool"), (1, 256, "conv"), (5, 6, "ceil"), (3, 3, "pool")]
    asked += [(rng.randint(1, 128), rng.randint(1, 40), rng.choice(("conv", "pool", "ceil"))) for _ in range(12)]
    cases = []
    for size, wanted, op in asked:
        found = [
            f"{s.kernel_size} {s.stride} {s.padding[0]} {s.padding[1]} {s.dilation} "
            f"{s.derivation.remainder} {s.derivation.unvisited}"
            for s in searched(size, wanted, op)
        ]
        cases.append({"size": size, "wanted": wanted, "op": op, "found": found})
    assert max(len(case["found"]) for case in cases) > 40
    return cases


def square_cases() -> list[dict[str, Any]]:
    """Small pictures at other sizes, by Pillow."""
    rng = np.random.default_rng(0)
    cases = []
    for edge, side in ((9, 4), (9, 8), (9, 1), (9, 9), (4, 7), (3, 9)):
        picture = picture_from_pixels(rng.integers(0, 256, (edge, edge, 3), np.uint8))
        assert lab.large_square(picture).tolist() == picture.pixels.tolist()
        made = lab.square(picture, side).tobytes().hex()
        cases.append({"edge": edge, "side": side, "data": picture.pixels.tobytes().hex(), "made": made})
    return cases


def design_cases() -> list[dict[str, Any]]:
    """Both designs for some channels and maps."""
    cases = []
    for big, width, maps in ((3, 1, 1), (5, 64, 56), (7, 6, 10), (11, 512, 256)):
        designs = []
        for d in lab.designs(big, width, maps):
            costs = (d.table.parameters, str(d.table.macs), d.table.activation_bytes)
            designs.append([len(d.layers), d.per_square, d.weights, *costs, d.field[-1].size])
        cases.append({"scene": {"big": big, "width": width, "maps": maps}, "designs": designs})
    return cases


def test_the_committed_fixture_is_what_core_and_pillow_give() -> None:
    bounds = {"kernel": SEARCH.kernel_size, "stride": SEARCH.stride, "pad": SEARCH.padding}
    value = {
        "nets": {name: {"layers": preset["layers"]} for name, preset in presets().items()},
        "words": {
            lang: {
                "breaks": Texts(lang)("shapes.chain.breaks"),
                "rules": {code: unmarked(Texts(lang)(f"errors.{code}")) for code in RULES},
            }
            for lang in LANGUAGES
        },
        "bounds": {**bounds, "dilation": SEARCH.dilation},
        "chains": [chain_case(scene) for scene in scenes()],
        "settings": setting_cases(),
        "squares": square_cases(),
        "designs": design_cases(),
    }
    assert {case["broken"]["code"] for case in value["chains"] if case["broken"]} == set(RULES)
    check_fixture("shapes_layers", value)
