"""What surrounds the script: warm start, security headers, health and readiness.

Used by app.py only. Nothing here is imported by a page.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import net_util

from cnnviz.core.places import PACKAGE
from cnnviz.ui import early, kernels_route, lenet_route, memory, parts_route

Message = MutableMapping[str, Any]

# Everything a page would import on its first visit; a reader must not wait for it, nor slow another one down.
WARM = (
    "torch",
    "pandas",  # Streamlit's own, at the first browser part
    "pyarrow",
    "plotly.graph_objects",
    "numpy.fft",
    "skimage.data",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.ImageDraw",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "av",
    "segno",
)


def inline_script_hashes(page: str) -> str:
    """The CSP sources of the scripts written into a page's text, so that these run and no other inline script does.

    >>> inline_script_hashes("<script>1</script>")
    "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
    """
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


POLICY = (
    f"default-src 'self'; script-src 'self' blob: {inline_script_hashes(early.INDEX + early.SCRIPT)}; "
    "worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; "
    "frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
)

HEADERS: dict[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Adds HEADERS to every answer, as plain ASGI: no buffering, websockets untouched."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.extra]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


async def health(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> JSONResponse:
    """The process is warm: torch is imported, the collector is set."""
    done = bool(getattr(request.app.state, "warm", WARMED["done"]))
    return JSONResponse({"ready": done}, status_code=200 if done else 503)


WARMED = {"done": False}


def warm() -> None:
    """Import what the pages use, one thread for torch, then freeze."""
    for name in WARM:
        importlib.import_module(name)
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    for path in sorted((PACKAGE / "components").glob("*/__init__.py")):
        importlib.import_module(f"cnnviz.components.{path.parent.name}")
    for path in sorted((PACKAGE / "ui").glob("*.py")):
        importlib.import_module(f"cnnviz.ui.{path.stem}")
    memory.freeze()
    WARMED["done"] = True


def stay_inside() -> None:
    """Keep Streamlit from asking an outside service for its address: offline it holds every reader up for seconds."""
    net_util.get_external_ip = lambda: None


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Before the first reader: stay inside, warm up, start the collector; after the last: stop it."""
    stay_inside()
    parts_route.use()
    warm()
    stop = memory.collect_by_timer()
    yield {}
    stop.set()


SCRIPT = PACKAGE / "main.py"
ROUTES = [
    Route("/healthz", health),
    Route("/readyz", ready),
    *early.ROUTES,
    *parts_route.ROUTES,
    *kernels_route.ROUTES,
    *lenet_route.ROUTES,
]
MIDDLEWARE = [Middleware(SecurityHeaders)]
