"""A part's own way to the server: a question in, packed bytes out, without a run of the page.

A run of a Streamlit page makes the browser draw every element of it anew, which costs more than the convolution; so
while a reader drags or draws, a part asks over a socket of its own, and tells the page at rest. An answer depends on
nothing but the question: there is no session to be read or changed, and any of several server processes may give it.
What is asked is untrusted, and bounded before anything is computed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

LONGEST = 64 * 1024
FOREIGN = 1008  # the protocol's code for a breach of policy
TOO_LONG = 1009  # the protocol's own code for a message that is too big
# Threads that stay: their memory and torch's plans are warm, which a page run's new thread has not.
WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="cnnviz-answers")

Answer = Callable[[str], bytes]
Lane = Callable[[str], Executor]  # which threads a question is answered by


def usual(text: str) -> Executor:
    """The lane of every question of most pages."""
    return WORKERS


def route(page: str, answer: Answer, lane: Lane = usual) -> WebSocketRoute:
    """Where the parts of a page ask, and who answers: `answer` gives b"" for what is no question."""

    async def talk_here(socket: WebSocket) -> None:
        await talk(socket, answer, lane)

    return WebSocketRoute(f"/answers/{page}", talk_here)


async def talk(socket: WebSocket, answer: Answer, lane: Lane = usual) -> None:
    """Answer questions one after another until the reader leaves; what is no question gets an empty answer."""
    if not same_site(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(FOREIGN)
        return
    await socket.accept()
    loop = asyncio.get_running_loop()
    try:
        while True:
            text = await socket.receive_text()
            if len(text) > LONGEST:
                await socket.close(TOO_LONG)
                return
            await socket.send_bytes(await loop.run_in_executor(lane(text), answer, text))
    except (WebSocketDisconnect, KeyError):  # KeyError: bytes where text was to come
        return


def same_site(origin: str | None, host: str | None) -> bool:
    """Whether a page of this very app asks; a browser names the page's origin, other programs need not.

    >>> same_site("https://lab.example", "lab.example"), same_site("https://else.example", "lab.example")
    (True, False)
    """
    return origin is None or urlsplit(origin).netloc == host


def question(text: str) -> Mapping[str, Any] | None:
    """The message as a JSON object with a scene in it, or None.

    >>> question('{"scene": {}}'), question("[]"), question("{")
    ({'scene': {}}, None, None)
    """
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) and isinstance(asked.get("scene"), dict) else None
