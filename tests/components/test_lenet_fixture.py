"""What the lenet page computes in the browser, held to Python: packed drawings, and units' sums.

CNNVIZ_WRITE_FIXTURES=1 writes tests/js/fixtures/lenet.json anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.core.ink import Stroke, packed, unpacked
from cnnviz.core.ink_samples import samples
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.i18n import Texts
from cnnviz.ui.lenet_live import told
from tests.fixtures import check_fixture

FAR = (Stroke(((0, 0), (255, 255), (250, 249)), 8, eraser=True), Stroke(((7, 9),), 60))


def made() -> dict[str, Any]:
    """Our ten digits and a drawing of long ways, by their strokes; a unit's taps with what each map adds."""
    drawings = [*samples(), packed(FAR), packed([])]
    header, arrays = told(LenetScene(level="unit", layer="conv2", channel=3, row=0, col=9), Texts("en"), {})
    taps, weights = arrays["taps"].astype(float), arrays["weights"].astype(float)
    return {
        "drawings": [{"text": text, "strokes": [_plain(stroke) for stroke in unpacked(text)]} for text in drawings],
        "unit": {
            "first": header["unit"]["first"],
            "exact": round(header["unit"]["exact"], 5),
            "bias": header["unit"]["bias"],
            "shape": list(taps.shape),
            "taps": [round(v, 6) for v in taps.flatten().tolist()],
            "weights": [round(v, 6) for v in weights.flatten().tolist()],
            "sums": [round(float(v), 4) for v in np.sum(taps * weights, (1, 2))],
        },
        "layers": [dict(row) for row in header["net"]["layers"]],
    }


def _plain(stroke: Stroke) -> dict[str, Any]:
    return {
        "points": [list(point) for point in stroke.points],
        "thickness": stroke.thickness,
        "eraser": stroke.eraser,
    }


def test_the_committed_fixture_is_what_python_gives() -> None:
    check_fixture("lenet", made())
