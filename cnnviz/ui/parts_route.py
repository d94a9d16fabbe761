"""The addresses of what a browser keeps: `/parts/<version>/<part>.<js or css>` and `/cards/<page>-<theme>.webp`.

The answer for the version of today may be kept for good; any other version gets today's text, and may not keep it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from cnnviz.components import delivery, part_names, texts_of
from cnnviz.ui.home import CARDS

NAMES = frozenset(part_names())


async def part(request: Request) -> Response:
    """A part's script or style."""
    version, name, kind = (request.path_params[key] for key in ("version", "name", "kind"))
    if name not in NAMES or kind not in delivery.KINDS:
        return PlainTextResponse("no such part", status_code=404)
    keep = "public, max-age=31536000, immutable" if version == delivery.version() else "no-store"
    text = delivery.fetched(name, kind, texts_of)
    return Response(text, media_type=delivery.KINDS[kind], headers={"cache-control": keep})


async def card(request: Request) -> Response:
    """A picture of the landing page; asked for again after an hour."""
    path = CARDS / f"{request.path_params['name']}.webp"
    if path not in CARDS.glob("*.webp"):
        return PlainTextResponse("no such picture", status_code=404)
    return FileResponse(path, media_type="image/webp", headers={"cache-control": "public, max-age=3600"})


def use() -> None:
    """From now on parts are fetched from here; their texts are read, so that no reader waits for it."""
    delivery.STATE["on"] = True
    for name in NAMES:
        texts_of(name)


ROUTES = [Route("/parts/{version}/{name}.{kind}", part), Route("/cards/{name}.webp", card)]
