"""The pages that exist, each with a link that sets something other than its defaults."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from cnnviz.i18n import Texts
from cnnviz.ui.rooms import rooms

PAGES = ("", *(room.id for room in rooms()))
LINKS: dict[str, str] = {
    "kernels": "picture=coins&kernel=custom&w=0,1,0;1,-4.5,1;0,1,0&stride=2&bias=0.5",
    "convolution": "in=ramp&size=6,7&kernel=1,2;3,-4&stride=2,1&padding=1&bias=0.5&step=3",
    "lenet": "level=layer&layer=conv2&ch=3&off=conv1.2&turn=15",
    "pixels": "view=shift&picture=coins&dx=-3&kernel=emboss",
    "shapes": "two=1&n=11,7&k=3,4&s=3&d=2,1&p=1,0,2,1",
    "pooling": "in=random&seed=4&size=6,7&kernel=3,2&tied=0&stride=2,1&padding=1,0,0,1&kind=avg&counted=0&step=2",
}
ROOMS = tuple(page for page in PAGES if page)


def query_of(page: str, lang: str = "") -> str:
    """The query string of the page's link, in a language if told."""
    parts = [LINKS.get(page, ""), f"lang={lang}" if lang else ""]
    return "&".join(part for part in parts if part)


def params(url: str) -> dict[str, str]:
    """What the address of a page says."""
    return dict(parse_qsl(urlsplit(url).query))


def title(page: str, lang: str = "en") -> str:
    """The page's name in the navigation."""
    return Texts(lang)(f"pages.{page or 'home'}.title")
