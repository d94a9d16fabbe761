"""Loads browser parts: a folder each with .js, .css, .html; plain files, no build step, nothing from outside.

Streamlit runs a part's JavaScript as a blob module, where relative imports do not resolve; so they are inlined here.
A file stays importable by node as it is, and a shared file is inlined once. Streamlit would also send the whole text
again with every change of a part's data: the launcher has it fetched once, from an address of its own (`delivery.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st

from cnnviz.components import delivery

HERE = Path(__file__).parent
Height = int | Literal["stretch", "content"]
IMPORT = re.compile(r"""^import\s+\{[^}]*\}\s+from\s+["'](\.{1,2}/[^"']+)["'];?[ \t]*$""", re.MULTILINE)
STYLE = re.compile(r"""^@import\s+["'](\.{1,2}/[^"']+)["'];[ \t]*$""", re.MULTILINE)
MARKUP = re.compile(r"""^<!-- import ["'](\.{1,2}/[^"']+)["'] -->\n""", re.MULTILINE)
WAYS = {".js": IMPORT, ".css": STYLE, ".html": MARKUP}
"""How each kind of file names another that stands in its place."""


class Texts(NamedTuple):
    """What a browser part is made of."""

    html: str | None
    css: str
    js: str


def inlined(path: Path, done: set[Path] | None = None) -> str:
    """The text of a script, style or markup, every relative import replaced by the imported file's text, once each.

    Names are shared by all inlined scripts, so two of them must not declare the same top-level name (a test checks).
    """
    done = set() if done is None else done
    done.add(path.resolve())

    def bring(match: re.Match[str]) -> str:
        target = (path.parent / match[1]).resolve()
        if target in done:
            return ""
        return re.sub(r"^export (?!default)", "", inlined(target, done), flags=re.MULTILINE)

    return WAYS[path.suffix].sub(bring, path.read_text("utf-8"))


def part_names() -> list[str]:
    """Every browser part: the folders with a script of their own name."""
    return sorted(path.stem for path in HERE.glob("*/*.js") if path.stem == path.parent.name)


@lru_cache(maxsize=128)
def texts_of(name: str) -> Texts:
    """The texts of a part; the house's style comes before its own, which may overrule it."""
    folder = HERE / name
    styles = [path for path in (HERE / "shared" / "shared.css", folder / f"{name}.css") if path.exists()]
    html = folder / f"{name}.html"
    return Texts(
        inlined(html) if html.exists() else None,
        "\n".join(map(inlined, styles)),
        inlined(folder / f"{name}.js"),
    )


def mount(name: str, *, key: str, data: bytes | dict[str, Any], height: Height = "content", **handlers: Any) -> Any:
    """Place the part `name` on the page; it sends what the reader does as its state `event` (ui/state.py reads it).

    A part that has more to say than `event` names it here: `on_file_change=...`.
    """
    html, css, js = delivery.sent(name, texts_of(name)) if delivery.on() else texts_of(name)
    part = st.components.v2.component(f"cnnviz_{name}", html=html, css=css, js=js)
    return part(key=key, data=data, height=height, on_event_change=_nothing, **handlers)


def _nothing() -> None:
    """Streamlit keeps a state value only if it has a handler; ours is read at the start of the next run."""
