"""The shapes page as things to take away."""

from __future__ import annotations

from cnnviz.core.images import Picture
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.ui import share


def export_of(now: ShapesScene, picture: Picture) -> share.Export:
    """What the share panel offers for this view."""
    return share.Export(page="shapes", scene=now)
