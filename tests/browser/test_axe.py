"""WCAG 2.2 AA as axe sees it, into the shadow roots: no violation on any page, in either theme or language."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.harness import NewPage, settled
from tests.browser.rooms import PAGES, query_of

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """What axe finds, a line for each element."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {n['html'][:160]} {n['failureSummary'][-200:]}" for v in found for n in v["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "home")
def test_no_violation(name: str, lang: str, scheme: str, new_page: NewPage, app_url: str) -> None:
    page = new_page(scheme=scheme)
    page.goto(f"{app_url}/{name}?{query_of(name, lang)}")
    settled(page)
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[lang]
    assert not violations(page), "\n".join(violations(page))


def test_a_violation_would_be_found(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settled(page)
    page.evaluate(
        """() => {
            const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
            const text = root.appendChild(document.createElement("p"));
            text.textContent = "pale";
            text.style.cssText = "color: #ccc; background: #fff; position: fixed; top: 300px; z-index: 9999999";
            root.appendChild(document.createElement("img")).src = "data:,";
        }"""
    )
    found = " ".join(violations(page))
    assert "color-contrast" in found
    assert "image-alt" in found
