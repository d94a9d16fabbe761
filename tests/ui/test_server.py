"""What surrounds the script: the headers on every answer, health and readiness, the warm start."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from cnnviz import server
from cnnviz.components import delivery, texts_of
from cnnviz.ui import early, parts_route
from tests.conftest import ROOT
from tests.serving import serving


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits for something")


def answer(scope_type: str, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What SecurityHeaders makes of the messages `sent` by the app behind it."""
    got: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)

    async def collect(message: Any) -> None:
        got.append(message)

    async def nothing() -> Any:
        return {}

    finished(server.SecurityHeaders(app)({"type": scope_type}, nothing, collect))
    return got


def test_every_answer_carries_the_headers_and_keeps_its_own() -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
    body = {"type": "http.response.body", "body": b"x"}
    got = answer("http", [start, body])
    headers = dict(got[0]["headers"])
    assert headers[b"content-type"] == b"text/html"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"content-security-policy"].decode() == server.POLICY
    assert got[1] is body


def test_a_websocket_is_left_alone() -> None:
    accept = {"type": "websocket.accept", "headers": []}
    assert answer("websocket", [accept]) == [{"type": "websocket.accept", "headers": []}]


def test_the_policy_allows_streamlits_inline_scripts_and_the_landing_pages_and_no_others() -> None:
    page = early.document("en")
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    directives = dict(part.strip().split(" ", 1) for part in server.POLICY.split(";"))
    assert directives["script-src"].count("'sha256-") == len(inline)
    assert "unsafe" not in directives["script-src"]
    assert directives["object-src"] == "'none'"
    assert directives["default-src"] == "'self'"
    assert not re.search(r"https?:|\*", server.POLICY)


def part_answer(version: str, name: str, kind: str) -> Any:
    request: Any = SimpleNamespace(path_params={"version": version, "name": name, "kind": kind})
    return finished(parts_route.part(request))


def test_a_parts_script_and_style_have_an_address_and_are_kept_for_their_version_only() -> None:
    script = part_answer(delivery.version(), "player", "js")
    assert bytes(script.body).decode() == texts_of("player").js
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    style = part_answer("yesterday", "player", "css")
    assert bytes(style.body).decode().startswith(texts_of("player").css)
    assert style.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("name", "kind"), [("player", "py"), ("player", "html"), ("__init__", "js"), ("..", "js")])
def test_nothing_else_has_an_address(name: str, kind: str) -> None:
    assert part_answer("x", name, kind).status_code == 404


def card_answer(name: str) -> Any:
    request: Any = SimpleNamespace(path_params={"name": name})
    return finished(parts_route.card(request))


def test_a_card_has_an_address_and_no_other_file_has() -> None:
    assert card_answer("kernels-dark").status_code == 200
    assert card_answer("kernels-dark").media_type == "image/webp"
    assert [card_answer(name).status_code for name in ("gone", "../readme/kernels", "*")] == [404, 404, 404]


def test_health_and_readiness(monkeypatch: Any) -> None:
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace()))
    assert json.loads(bytes(finished(server.health(request)).body)) == {"status": "ok"}
    monkeypatch.setitem(server.WARMED, "done", False)
    assert finished(server.ready(request)).status_code == 503
    monkeypatch.setitem(server.WARMED, "done", True)
    assert finished(server.ready(request)).status_code == 200


def test_after_the_warm_start_a_page_imports_nothing_heavy() -> None:
    code = (
        "import sys, gc; from cnnviz import server; assert 'torch' not in sys.modules;"
        "server.warm(); import torch; names = [n for n in server.WARM if n not in sys.modules];"
        "print(names, torch.get_num_threads(), gc.get_freeze_count() > 100_000, server.WARMED['done'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.split("\n")[-2:] == ["[] 1 True True", ""], done.stdout + done.stderr


def handshake(port: int, origin: str) -> str:
    """The first line of the answer to a websocket handshake from a page of `origin`."""
    lines = ["GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Origin: {origin}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return line.recv(200).decode("latin-1").splitlines()[0]


def test_the_server_asks_nobody_outside_and_refuses_pages_from_elsewhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
        with serving(http_proxy=proxy, https_proxy=proxy, HTTP_PROXY=proxy, HTTPS_PROXY=proxy) as server:
            assert "101" in handshake(server.port, server.url)
            assert "403" in handshake(server.port, "http://elsewhere.example")
        outside.settimeout(0.1)
        with pytest.raises(TimeoutError):
            outside.accept()


FIRST_VISITS = """
import sys
from streamlit.testing.v1 import AppTest
from cnnviz import server
from cnnviz.components import delivery, texts_of
from cnnviz.ui import early, parts_route
from cnnviz.ui.rooms import rooms
server.warm()
before = set(sys.modules)
for file in [server.SCRIPT, *(room.file for room in rooms())]:
    app = AppTest.from_file(str(file), default_timeout=60).run()
    assert not app.exception, app.exception
late = {name for name in set(sys.modules) - before if name.split(".")[0] not in ("streamlit", "packaging", "__main__")}
print("late:", *sorted(late))
"""


def test_the_first_visit_to_a_page_waits_for_no_import() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_VISITS], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "late:", done.stdout
