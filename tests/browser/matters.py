"""Whether what a page says of a matter stands on the screen where the reader meets it, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page, TimeoutError

from cnnviz.i18n import LANGUAGES, Texts
from tests.browser.harness import settled

Matters = Mapping[str, tuple[str, str]]
"""By the number of the matter: the link, and the key of the text that must be read there."""


def unread(page: Page, url: str, matters: Matters) -> list[str]:
    """The matters whose text cannot be read on the first screen of their link; the languages take turns."""
    languages = tuple(LANGUAGES)
    by_link: dict[str, list[str]] = {}
    for matter, (query, _) in matters.items():
        by_link.setdefault(query, []).append(matter)
    missing = []
    for number, (query, there) in enumerate(by_link.items()):
        lang = languages[number % len(languages)]
        page.goto(f"{url}/{query}&lang={lang}")
        settled(page)
        keys = {matter: matters[matter][1] for matter in there}
        missing += [
            f"{matter} {lang} {query} {key}" for matter, key in keys.items() if not is_read(page, Texts(lang), key)
        ]
    return missing


def is_read(page: Page, texts: Texts, key: str) -> bool:
    """Whether the longest piece of the text between its holes stands within the window."""
    pieces = re.split(r"\{\w+\}", str(texts.table(key.rpartition(".")[0])[key.rpartition(".")[2]]))
    found = page.get_by_text(max((piece.strip() for piece in pieces), key=len)).locator("visible=true")
    try:
        found.first.wait_for(timeout=3000)
    except TimeoutError:
        return False
    box, screen = found.first.bounding_box(), page.viewport_size
    return bool(box and screen and box["width"] > 40 and box["y"] >= 0 and box["y"] + box["height"] <= screen["height"])
