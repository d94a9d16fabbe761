"""The scenes of the pages, one file a page, between the mathematics of core and the pages that show it."""

from __future__ import annotations

from cnnviz.core.rules import Word

PICTURE_RULE = Word(r"[a-z0-9_]{1,40}|up-[0-9a-f]{32}")
"""A scene's `picture`: the id of a sample, or `up-` and the digest of a picture a reader brought."""
