"""Pixels: a picture as the numbers it is, and what follows from that."""

from cnnviz.core.scenes.pixels import PixelsScene
from cnnviz.ui import parts, pictures, pixels_page, share, state
from cnnviz.ui.pixels_export import export_of

pixels_page.follow()
picture = pictures.beside_title("pixels", PixelsScene)
now = pixels_page.stage(picture)
share.panel(export_of(now, picture, state.texts()))
if now.shows("try"):
    parts.one_thing_to_try(f"pixels.{now.view}")
