"""Makes the pictures of the app by the app itself: `python -m tests.tools.screens [cards|readme]`.

Cards for the landing page (assets/images/cards), screenshots and the film for the README (assets/images/readme).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from cnnviz import cli
from tests.browser.harness import chromium_path, context_options, launch, settled
from tests.serving import ROOT, serving

IMAGES = ROOT / "assets" / "images"
CARD = (480, 270)
CARD_WINDOW, AIR = (1120, 800), 12
# Each page's link, the part of it that its card shows, as wide as the part, from its top, and what else is hidden.
CARDS = {
    "pixels": ("view=numbers&picture=cat", ".st-key-pixels-stage", ""),
    "convolution": ("in=digit&size=8&padding=1&kernel=1,0,-1;2,0,-2;1,0,-1&step=27", ".st-key-player-stage", ""),
    "kernels": ("picture=cat&kernel=sobel_x", ".st-key-kernel-lab-stage", ""),
    "shapes": ("n=9&k=3&s=2&p=1,1,1,1", ".st-key-shapes-stage", ".views.controls"),
    "pooling": ("in=random&seed=4&size=8&all=1&step=5", ".st-key-pooling-stage", ""),
    "lenet": ("", ".st-key-lenet-stage", ""),
}
README = {
    "kernels": ("kernels?picture=cat&kernel=sobel_x&lang=en", "light", (1280, 720)),
    "convolution": (
        "convolution?in=digit&size=8&padding=1&kernel=1,0,-1;2,0,-2;1,0,-1&step=27&lang=en",
        "dark",
        (1280, 720),
    ),
    "pixels": ("pixels?lang=zh", "light", (1280, 720)),
    "shapes": ("shapes?n=9&k=3&s=2&p=1,1,1,1&lang=en", "light", (1280, 720)),
    "pooling": ("pooling?view=water&lang=zh", "dark", (1280, 720)),
    "lenet": ("lenet?lang=en", "light", (1280, 720)),
    "phone": ("kernels?picture=coins&kernel=laplacian_4&lang=en", "light", (390, 844)),
}
FILM = [
    "gif",
    "--input",
    "digit",
    "--size",
    "8",
    "--kernel",
    "sobel_x",
    "--stride",
    "2",
    "--padding",
    "1",
    "--fps",
    "2",
]


def picture(browser: Browser, url: str, scheme: str, viewport: tuple[int, int], part: str = "") -> Image.Image:
    """What the page, or a part of it in the shape of a card, shows when it has come to rest."""
    context = browser.new_context(**context_options(viewport=viewport, scheme=scheme, device_scale_factor=2))
    page = context.new_page()
    page.goto(url)
    settled(page)
    page.wait_for_timeout(1200)
    box = page.locator(part).bounding_box() if part else None
    png = page.screenshot(clip=box and card_of(box["x"] - AIR, box["y"] - AIR, box["width"] + 2 * AIR))
    context.close()
    return Image.open(io.BytesIO(png)).convert("RGB")


def card_of(x: float, y: float, width: float) -> dict[str, float]:
    """The rectangle of a card's shape that begins there."""
    return {"x": x, "y": y, "width": width, "height": width * CARD[1] / CARD[0]}


def write(image: Image.Image, size: tuple[int, int], path: Path) -> None:
    """Scale down and write as WebP."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.resize(size, Image.Resampling.LANCZOS).save(path, quality=82, method=6)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def cards(browser: Browser, url: str) -> None:
    """The pictures of the pages on the landing page, light and dark."""
    for page, (query, part, hidden) in CARDS.items():
        for scheme in ("light", "dark"):
            link = f"{page}?{query}&lang=en&hide=share.try{hidden}"
            shot = picture(browser, f"{url}/{link}", scheme, CARD_WINDOW, part)
            write(shot, CARD, IMAGES / "cards" / f"{page}-{scheme}.webp")


def readme(browser: Browser, url: str) -> None:
    """The screenshots and the film of the README."""
    for name, (link, scheme, viewport) in README.items():
        write(picture(browser, f"{url}/{link}", scheme, viewport), viewport, IMAGES / "readme" / f"{name}.webp")
    cli.main([*FILM, "--out", str(IMAGES / "readme" / "step-player.gif")])


@contextmanager
def app() -> Iterator[tuple[Browser, str]]:
    """A browser and the address of the running app."""
    path = chromium_path()
    with serving() as server, sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser, server.url
        browser.close()


def main(wanted: list[str]) -> int:
    """Make what was asked for, or everything; cards first, so that the screenshots show them."""
    for make in (cards, readme):
        if not wanted or make.__name__ in wanted:
            with app() as (browser, url):
                make(browser, url)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
