"""Starts the app, or any Streamlit script, as its readers meet it: a server process of its own on a free port.

Used by the browser tests, the benchmarks and the tool that makes the screenshots.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def streamlit_run(script: Path) -> list[str]:
    """The command that serves a script."""
    return [sys.executable, "-m", "streamlit", "run", str(script)]


class Server:
    """One server process. `start` returns once it answers and is warm; the log is everything it printed."""

    def __init__(
        self, command: Sequence[str] | None = None, *, folder: Path = ROOT, ready: str = "/readyz", **env: str
    ) -> None:
        self.command = list(command or streamlit_run(ROOT / "app.py"))
        self.folder, self.ready, self.env = folder, ready, env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._cache = tempfile.TemporaryDirectory(prefix="cnnviz-cache-")  # readers' pictures; outlives a restart
        handle, name = tempfile.mkstemp(prefix="cnnviz-server-", suffix=".log")
        self._log = (os.fdopen(handle, "wb"), Path(name))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return self._log[1].read_text("utf-8", "replace")

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self.process is not None
        return self.process.pid

    def start(self, seconds: float = 90) -> Server:
        """Start and wait; raises RuntimeError with the log when it does not come up."""
        port = "--server.port" if "streamlit" in self.command else "--port"
        command = [*self.command, port, str(self.port)]
        env, out = {**os.environ, "CNNVIZ_CACHE": self._cache.name, **self.env}, self._log[0]
        self.process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=out, stderr=subprocess.STDOUT)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if self._answers():
                return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not come up within {seconds:g} s:\n{self.log}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self.ready, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End the process and wait until it is gone."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.process = None

    def close(self) -> None:
        """Stop, and throw log and pictures away."""
        self.stop()
        self._cache.cleanup()
        self._log[0].close()
        self._log[1].unlink(missing_ok=True)


@contextmanager
def serving(command: Sequence[str] | None = None, *, ready: str = "/readyz", **env: str) -> Iterator[Server]:
    """A running server for the length of the block, the app unless told; `env` adds environment variables."""
    server = Server(command, ready=ready, **env)
    try:
        yield server.start()
    finally:
        server.close()
