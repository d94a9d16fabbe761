"""The kernel lab's own way to the server answers its questions, and only those."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.websockets import WebSocket

from cnnviz.ui.kernels_route import FOREIGN, LONGEST, TOO_LONG, answer_bytes, talk


def talked(*texts: str, origin: str | None = None) -> list[dict[str, Any]]:
    """What the server sends to a browser that says `texts` and leaves: the ASGI messages, in order."""
    said = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": text} for text in texts)]
    incoming = iter([*said, {"type": "websocket.disconnect", "code": 1000}])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    names = [(b"host", b"lab.example"), *([(b"origin", origin.encode())] if origin else [])]
    scope = {"type": "websocket", "path": "/", "headers": names, "query_string": b""}
    asyncio.run(talk(WebSocket(scope, receive, send)))
    return sent


def test_a_scene_is_answered_with_its_map() -> None:
    asked = json.dumps({"scene": {"picture": "cat", "kernel": "sobel_x"}})
    accepted, answer = talked(asked, origin="http://lab.example")
    assert accepted["type"] == "websocket.accept"
    assert len(answer["bytes"]) > 300 * 300


@pytest.mark.parametrize("text", ["", "[]", "{", '{"scene": 3}', '{"scene": {"picture": "up-' + 32 * "0" + '"}}'])
def test_what_is_no_question_gets_an_empty_answer(text: str) -> None:
    assert answer_bytes(text) == b""
    assert [message.get("bytes") for message in talked(text)] == [None, b""]


def test_a_page_from_elsewhere_is_refused() -> None:
    assert talked("{}", origin="https://else.example") == [{"type": "websocket.close", "code": FOREIGN, "reason": ""}]


def test_a_question_that_is_too_long_ends_the_talk() -> None:
    assert talked("x" * (LONGEST + 1))[-1]["code"] == TOO_LONG
