"""Shapes: how large an output is and why, from one window on one axis to a chain of layers and what its units see."""

from cnnviz.ui import parts, shapes_page, share, state
from cnnviz.ui.shapes_export import export_of

shapes_page.follow()
picture = shapes_page.head()
now = shapes_page.stage(picture)
share.panel(export_of(now, picture, state.texts()))
if now.shows("try"):
    parts.one_thing_to_try(f"shapes.{now.view}")
shapes_page.measure()
