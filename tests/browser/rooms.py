"""The pages that exist, each with a link that sets something other than its defaults."""

from __future__ import annotations

from cnnviz.ui.rooms import rooms

PAGES = ("", *(room.id for room in rooms()))
LINKS: dict[str, str] = {}


def query_of(page: str, lang: str = "") -> str:
    """The query string of the page's link, in a language if told."""
    parts = [LINKS.get(page, ""), f"lang={lang}" if lang else ""]
    return "&".join(part for part in parts if part)
