"""Loads browser parts: a folder each with .js, .css, .html; plain files, no build step, nothing from outside.

Streamlit runs a part's JavaScript as a blob module, where relative imports do not resolve; so they are inlined here.
A file stays importable by node as it is, and a shared file is inlined once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

HERE = Path(__file__).parent
Height = int | Literal["stretch", "content"]
IMPORT = re.compile(r"""^import\s+\{[^}]*\}\s+from\s+["'](\.{1,2}/[^"']+)["'];?[ \t]*$""", re.MULTILINE)


def inlined(path: Path, done: set[Path] | None = None) -> str:
    """The text of a module with every relative import replaced by the imported file's own text, once each.

    Names are shared by all inlined files, so two of them must not declare the same top-level name (a test checks).
    """
    done = set() if done is None else done
    done.add(path.resolve())

    def bring(match: re.Match[str]) -> str:
        target = (path.parent / match[1]).resolve()
        if target in done:
            return ""
        return re.sub(r"^export (?!default)", "", inlined(target, done), flags=re.MULTILINE)

    return IMPORT.sub(bring, path.read_text("utf-8"))


@lru_cache(maxsize=64)
def texts_of(name: str) -> tuple[str | None, str | None, str]:
    """The html, css and js of a part; css is the shared style followed by the part's own."""
    folder = HERE / name
    css = "\n".join(
        p.read_text("utf-8") for p in (HERE / "shared" / "shared.css", folder / f"{name}.css") if p.exists()
    )
    html = folder / f"{name}.html"
    return (html.read_text("utf-8") if html.exists() else None), css or None, inlined(folder / f"{name}.js")


def mount(name: str, *, key: str, data: bytes | dict[str, Any], height: Height = "content") -> Any:
    """Place the part `name` on the page; it sends what the reader does as its state `event` (ui/state.py reads it)."""
    html, css, js = texts_of(name)
    part = st.components.v2.component(f"cnnviz_{name}", html=html, css=css, js=js)
    return part(key=key, data=data, height=height, on_event_change=_nothing)


def _nothing() -> None:
    """Streamlit keeps a state value only if it has a handler; ours is read at the start of the next run."""
