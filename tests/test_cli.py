"""The command `cnnviz`: what it passes on, what it refuses and how; installed in tests/test_install.py."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cnnviz import cli
from cnnviz.core.places import root


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What Streamlit would have been started with; the working folder comes back afterwards."""
    calls: list[list[str]] = []
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(cli, "_streamlit", lambda arguments: calls.append(arguments) or 0)
    return calls


def options(call: list[str]) -> dict[str, list[str]]:
    """`--name value` pairs of a command line."""
    pairs: dict[str, list[str]] = {}
    for name, value in zip(call[2::2], call[3::2], strict=True):
        pairs.setdefault(name, []).append(value)
    return pairs


def test_it_starts_the_app_for_this_computer_only(started: list[list[str]]) -> None:
    assert cli.main([]) == 0
    assert started[0][:2] == ["run", str(root() / "app.py")]
    chosen = options(started[0])
    assert chosen["--server.address"] == ["localhost"]
    assert chosen["--server.allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert chosen["--server.showEmailPrompt"] == ["false"]
    assert Path.cwd() == root()
    assert (Path.cwd() / ".streamlit" / "config.toml").exists()


def test_for_a_class_it_listens_everywhere_and_prints_its_own_address(started: list[list[str]]) -> None:
    assert cli.main(["--host", "0.0.0.0"]) == 0
    chosen = options(started[0])
    assert chosen["--server.address"] == ["0.0.0.0"]
    assert chosen["--browser.serverAddress"] == [cli.own_address()]
    assert "--server.allowedHosts" not in chosen


def test_behind_a_proxy_the_names_readers_use_are_let_in(started: list[list[str]]) -> None:
    assert cli.main(["--name", "cnn.example", "--name", "10.0.0.7"]) == 0
    assert options(started[0])["--server.allowedHosts"] == [*cli.HERE, "cnn.example", "10.0.0.7"]


def test_the_next_free_port_is_taken_where_none_was_asked_for(started: list[list[str]], monkeypatch: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        taken = busy.getsockname()[1]
        monkeypatch.setattr(cli, "FIRST_PORT", taken)
        assert cli.main(["--host", "127.0.0.1"]) == 0
    assert taken < int(options(started[0])["--server.port"][0]) < taken + 100


@pytest.mark.parametrize(("flag", "headless"), [("--open", "false"), ("--no-browser", "true")])
def test_the_browser_is_opened_as_asked(flag: str, headless: str, started: list[list[str]]) -> None:
    cli.main([flag])
    assert options(started[0])["--server.headless"] == [headless]


def test_without_a_screen_no_browser_is_opened(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    cli.main([])
    assert options(started[0])["--server.headless"] == ["true"]


def test_a_port_that_is_taken_gets_one_sentence(started: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert cli.main(["--host", "127.0.0.1", "--port", str(port)]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"cnnviz: cannot listen on 127.0.0.1, port {port} (")
    assert message.endswith("try another --port\n")
    assert message.count("\n") == 1
    assert not started


def test_an_address_that_is_not_here_gets_one_sentence(
    started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--host", "192.0.2.77", "--port", "8600"]) == 2
    assert "cannot listen on 192.0.2.77, port 8600" in capsys.readouterr().err
    assert not started


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80x", "", "８０８０", "1e3"])
def test_a_bad_port_gets_one_sentence(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([f"--port={port}"])
    assert ended.value.code == 2
    assert f"{port!r} is not a port: a whole number from 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["--open", "--no-browser"]])
def test_an_unknown_argument_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert arguments[-1] in capsys.readouterr().err


def test_the_own_address_is_an_address() -> None:
    assert socket.inet_aton(cli.own_address())


def test_nothing_heavy_is_imported_to_print_the_help() -> None:
    code = "import sys; from cnnviz import cli; cli.parser(); print({'torch', 'streamlit'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=os.environ)
    assert done.stdout.strip() == "set()"
