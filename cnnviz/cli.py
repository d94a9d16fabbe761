"""The command `cnnviz`: starts the app, or does without a browser what the app does with one.

cnnviz                                   start the app on this computer
cnnviz --host 0.0.0.0 --port 8501        start it for a class
cnnviz gif --kernel sobel_x --out x.gif  a film of the step player
cnnviz train lenet --data mnist          train a network
cnnviz export "LINK" x.png               what a link shows, as a file
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from cnnviz.core.places import root
from cnnviz.nets import command

EVERYWHERE = ("0.0.0.0", "::")
HERE = ("localhost", "127.0.0.1", "::1")
FIRST_PORT = 8501


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status, 2 with one sentence on stderr for a bad argument."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (ValueError, OSError) as fault:
        told = f"{fault.filename}: {fault.strerror}" if isinstance(fault, OSError) and fault.filename else fault
        print(f"cnnviz: {told}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """Every option of the command."""
    top = argparse.ArgumentParser(prog="cnnviz", description="See, change and check every number inside a convolution.")
    top.add_argument("--port", type=_port, help="port to listen on (default: 8501, or the next one that is free)")
    top.add_argument(
        "--host", default="localhost", help="address to listen on; 0.0.0.0 lets a class in (default: here)"
    )
    top.add_argument("--name", action="append", default=[], help="a name readers use for this server, behind a proxy")
    browser = top.add_mutually_exclusive_group()
    browser.add_argument("--open", dest="open", action="store_true", default=None, help="open a browser window")
    browser.add_argument("--no-browser", dest="open", action="store_false", default=None, help="open none")
    top.set_defaults(run=serve)
    commands = top.add_subparsers(title="without a browser", metavar="")
    _gif_options(commands.add_parser("gif", help="a film of the step player: GIF, WebP or MP4"))
    command.options(commands.add_parser("train", help="train a network as its card says"))
    _export_options(commands.add_parser("export", help="what a link shows: film, picture, tensors, program, handout"))
    return top


def _gif_options(gif: argparse.ArgumentParser) -> None:
    gif.add_argument("--out", type=Path, required=True, help="the file; .gif, .webp or .mp4")
    gif.add_argument(
        "--input", default="ramp", help="what the input holds: ramp, cross, digit, ... (default: %(default)s)"
    )
    gif.add_argument("--size", default="6", help="rows and columns of the input: 6, or 6,7 (default: %(default)s)")
    gif.add_argument("--kernel", default="sobel_x", help='a name of the kernel library, or rows: "1,0;0,-1"')
    gif.add_argument("--stride", default="1", help="1, or 2,1 for rows and columns")
    gif.add_argument("--padding", default="0", help="0, or top,bottom,left,right, or same, full, valid")
    gif.add_argument("--dilation", default="1", help="1, or 2,1 for rows and columns")
    gif.add_argument("--mode", default="zeros", help="what the padding holds: zeros, reflect, replicate, circular")
    gif.add_argument("--bias", default="0", help="added to every sum")
    gif.add_argument("--flip", action="store_true", help="true convolution: the kernel is turned by 180 degrees")
    _common_options(gif)
    gif.set_defaults(run=film)


def _export_options(export: argparse.ArgumentParser) -> None:
    export.add_argument("link", help='an address from "This screen as", or its end: "convolution?stride=2"')
    export.add_argument("out", type=Path, help="the file; .gif .webp .mp4 .png .svg .zip .py .tex .html")
    export.add_argument("--picture", default="", help="a picture file to use in place of the link's")
    _common_options(export)
    export.set_defaults(run=from_link)


def _common_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--theme", choices=("light", "dark"), default="light", help="colours (default: %(default)s)")
    command.add_argument("--lang", choices=("en", "zh"), default="en", help="language (default: %(default)s)")
    command.add_argument("--fps", type=float, default=0, help="steps a second (default: as fast as the page plays)")


def film(asked: argparse.Namespace) -> int:
    """Write a film of the step player."""
    if asked.out.suffix.lower() not in (".gif", ".webp", ".mp4"):
        raise ValueError(f"{asked.out.name!r} does not end in .gif, .webp or .mp4")
    asked.link, asked.picture = player_link(asked), ""
    return from_link(asked)


def player_link(asked: argparse.Namespace) -> str:
    """The options as a link of the step player."""
    from cnnviz.core import kernels

    rows = asked.kernel
    if asked.kernel in {preset.id for preset in kernels.PRESETS}:
        rows = ";".join(",".join(f"{w:.7g}" for w in row) for row in kernels.preset(asked.kernel).weights.tolist())
    elif not set(rows) & set("0123456789"):
        names = ", ".join(preset.id for preset in kernels.PRESETS)
        raise ValueError(f"`--kernel` (={rows}) is neither rows of numbers nor one of {names}")
    padding = _padding(asked, rows) if asked.padding in ("same", "full", "valid") else asked.padding
    chosen = {"in": asked.input, "size": asked.size, "kernel": rows, "stride": asked.stride, "padding": padding}
    chosen |= {"dilation": asked.dilation, "mode": asked.mode, "bias": asked.bias, "flip": str(int(asked.flip))}
    return f"convolution?{urlencode(chosen)}"


def _padding(asked: argparse.Namespace, rows: str) -> str:
    """A padding asked for by its name, as top, bottom, left, right."""
    from cnnviz.core.conv import ConvSpec
    from cnnviz.core.rules import Several, Whole

    sides = (rows.count(";") + 1, rows.split(";")[0].count(",") + 1)
    spec = ConvSpec(sides, dilation=Several(Whole(1, 8), 2).parse(asked.dilation), padding=asked.padding)
    return ",".join(str(amount) for pair in spec.padding_for((32, 32)) for amount in pair)


def from_link(asked: argparse.Namespace) -> int:
    """Write what a link shows, and say what was written."""
    from cnnviz import export

    taken = {"theme": asked.theme, "lang": asked.lang, "fps": asked.fps, "picture": asked.picture}
    size = export.write(asked.link, asked.out, **taken)
    print(f"{asked.out}: {size:,} bytes")
    return 0


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
    return _streamlit(["run", str(root() / "app.py"), *flags(asked.host, port, _wants_browser(asked.open), asked.name)])


def flags(host: str, port: int, browser: bool, names: Sequence[str] = ()) -> list[str]:
    """The options for `streamlit run`.

    >>> flags("localhost", 8600, False)[:4]
    ['--server.address', 'localhost', '--server.port', '8600']
    """
    chosen = ["--server.address", host, "--server.port", str(port)]
    chosen += ["--server.headless", "false" if browser else "true", "--server.showEmailPrompt", "false"]
    chosen += ["--browser.serverAddress", own_address() if host in EVERYWHERE else host]  # the address that is printed
    if host in HERE or names:  # a page elsewhere cannot reach this app by giving it another name
        chosen += [option for name in (*HERE, *names) for option in ("--server.allowedHosts", name)]
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
