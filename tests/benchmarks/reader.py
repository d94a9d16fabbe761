"""A reader without a browser: speaks Streamlit's websocket as a page does, so that sixty of them fit on one machine."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


class Reader:
    """One session on one page. `parts` are the ids of its browser parts by their keys, `fragments` where they run."""

    def __init__(self, line: ClientConnection, page: str, query: str) -> None:
        self.line, self.page, self.query = line, page, query
        self.parts: dict[str, str] = {}
        self.fragments: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.received = 0

    @classmethod
    async def arrive(cls, url: str, page: str = "", query: str = "") -> Reader:
        """Connect and wait until the page has been sent."""
        line = await connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,  # type: ignore[list-item]
        )
        reader = cls(line, page, query)
        await reader.run()
        return reader

    async def run(self, fragment: str = "") -> float:
        """Ask for a run of the script, or of one fragment, and wait until it has ended; seconds it took."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        message.rerun_script.fragment_id = fragment
        for name, state in self.states.items():
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.json_value = self.parts[name], state
        start = time.perf_counter()
        await self.line.send(message.SerializeToString())
        await self._finished()
        return time.perf_counter() - start

    async def change(self, part: str, event: Mapping[str, Any]) -> float:
        """Send an event as the part `part` does; seconds until the answer is complete."""
        self.states[part] = json.dumps({"event": {"n": time.time_ns(), **event}})
        return await self.run(self.fragments[part])

    async def _finished(self) -> None:
        async for raw in self.line:
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            self.received += len(raw)
            if message.WhichOneof("type") == "delta":
                self._note(message)
            if message.WhichOneof("type") == "script_finished":
                return
        raise ConnectionError("the server hung up")

    def _note(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            identity = element.bidi_component.id
            key = identity.split("-", 2)[2]  # $$ID-<hash>-<key>
            self.parts[key], self.fragments[key] = identity, message.delta.fragment_id

    async def leave(self) -> None:
        """Close the page."""
        await self.line.close()
