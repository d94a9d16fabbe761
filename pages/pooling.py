"""Pooling: one number for a whole window, step by step and on pictures, and what of the input it keeps and loses."""

from cnnviz.ui import parts, pooling_page, share, state
from cnnviz.ui.pooling_export import export_of

pooling_page.follow()
picture = pooling_page.head()
now = pooling_page.stage(picture)
share.panel(export_of(now, picture, state.texts()))
if pooling_page.shows_try(now):
    parts.one_thing_to_try(f"pooling.{now.view}")
