"""Where the project's own files lie: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def root() -> Path:
    """The folder that holds app.py, pages/ and assets/.

    >>> (root() / "assets").name
    'assets'
    """
    inside = PACKAGE / "_app"
    return inside if inside.exists() else PACKAGE.parent
