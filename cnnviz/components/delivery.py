"""Hands a part's script and style to the browser from an address of their own, once, instead of with every change.

Streamlit sends a part's whole text (160 kB for the step player) whenever its data changes. With the launcher's route
in place, what travels is `loader.js`, ten lines that fetch the rest; the browser keeps it for as long as the version
in the address stays. A page that runs without the launcher gets the texts themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnviz.components import Texts

KINDS = {"js": "text/javascript", "css": "text/css"}
HIDDEN = ":host { visibility: hidden; }"  # until its style is there
SHOWN = ":host { visibility: visible; }"
STATE = {"on": False}


def on() -> bool:
    """Whether the parts have an address here: the launcher switches it on (`server.py`)."""
    return STATE["on"]


def sent(name: str, texts: Texts) -> Texts:
    """What travels in place of `texts`: the same html, a style that waits, a script that fetches the rest."""
    return texts._replace(css=HIDDEN, js=_loader().replace("PART", f"{version()}/{name}"))


def fetched(name: str, kind: str, texts: Callable[[str], Texts]) -> str:
    """The text behind the address of a part's script or style."""
    return texts(name).js if kind == "js" else f"{texts(name).css}\n{SHOWN}"


@lru_cache(maxsize=1)
def version() -> str:
    """Ten digits that change with any script or style."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*/*.*s")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


@lru_cache(maxsize=1)
def _loader() -> str:
    return (Path(__file__).parent / "loader.js").read_text("utf-8")
