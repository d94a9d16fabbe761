"""The part that keeps the address bar true and carries language, theme, presentation mode and keyboard help."""

from __future__ import annotations

from typing import Any

from cnnviz.components import mount


def bar(
    *, key: str, lang: str, html_lang: str, query: str, present: bool, paths: list[str], texts: dict[str, str]
) -> Any:
    """Place the bar; its events are {lang}, {present}, {late}: what parts of the page before had no time to tell."""
    data = {
        "lang": lang,
        "html_lang": html_lang,
        "query": query,
        "present": present,
        "paths": paths,
        "texts": texts,
    }
    return mount("shell", key=key, data=data)
