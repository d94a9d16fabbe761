"""The command `cnnviz`: starts the app, or does without a browser what the app does with one.

cnnviz                                   start the app on this computer
cnnviz --host 0.0.0.0 --port 8501        start it for a class
cnnviz gif --kernel sobel_x --out x.gif  a film of the step player
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence

from cnnviz.core.places import root

EVERYWHERE = ("0.0.0.0", "::")
HERE = ("localhost", "127.0.0.1", "::1")
FIRST_PORT = 8501


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status, 2 with one sentence on stderr for a bad argument."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (ValueError, OSError) as fault:
        print(f"cnnviz: {fault}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """Every option of the command."""
    top = argparse.ArgumentParser(prog="cnnviz", description="See, change and check every number inside a convolution.")
    top.add_argument("--port", type=_port, help="port to listen on (default: 8501, or the next one that is free)")
    top.add_argument(
        "--host", default="localhost", help="address to listen on; 0.0.0.0 lets a class in (default: here)"
    )
    browser = top.add_mutually_exclusive_group()
    browser.add_argument("--open", dest="open", action="store_true", default=None, help="open a browser window")
    browser.add_argument("--no-browser", dest="open", action="store_false", default=None, help="open none")
    top.set_defaults(run=serve)
    return top


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a whole number from 1 to 65535")
    return int(text)


def serve(asked: argparse.Namespace) -> int:
    """Start the app and stay until it ends."""
    port = asked.port or next((p for p in range(FIRST_PORT, FIRST_PORT + 100) if not _taken(asked.host, p)), FIRST_PORT)
    if fault := _taken(asked.host, port):
        raise OSError(f"cannot listen on {asked.host}, port {port} ({fault}); try another --port")
    os.chdir(root())  # where .streamlit/config.toml lies
    return _streamlit(["run", str(root() / "app.py"), *flags(asked.host, port, _wants_browser(asked.open))])


def flags(host: str, port: int, browser: bool) -> list[str]:
    """The options for `streamlit run`.

    >>> flags("localhost", 8600, False)[:4]
    ['--server.address', 'localhost', '--server.port', '8600']
    """
    chosen = ["--server.address", host, "--server.port", str(port)]
    chosen += ["--server.headless", "false" if browser else "true", "--server.showEmailPrompt", "false"]
    chosen += ["--browser.serverAddress", own_address() if host in EVERYWHERE else host]  # the address that is printed
    if host in HERE:  # a page elsewhere cannot reach this app by giving it another name
        chosen += [option for name in HERE for option in ("--server.allowedHosts", name)]
    return chosen


def _streamlit(arguments: list[str]) -> int:
    from streamlit.web import cli

    return int(cli.main(arguments, prog_name="streamlit", standalone_mode=False) or 0)


def _wants_browser(asked: bool | None) -> bool:
    """As asked; else where a person sits before a screen."""
    if asked is not None:
        return asked
    screen = sys.platform in ("win32", "darwin") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return screen and sys.stdout.isatty()


def _taken(host: str, port: int) -> str:
    """Why nobody can listen there; "" when one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port that was closed a moment ago counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            return fault.strerror or str(fault)
    return ""


def own_address() -> str:
    """This computer's address in its own network. Nothing is sent: the socket only asks which way out it would take."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


if __name__ == "__main__":
    sys.exit(main())
